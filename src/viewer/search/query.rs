//! What a reader asks for.

use super::fold::fold;

/// Characters of a query that are looked at, and terms at most: whoever asks is to cost little.
const CHARACTERS: usize = 200;
const TERMS: usize = 8;

/// The terms of a query. All of them have to be in a note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// In their simplest form, without repetition.
    pub terms: Vec<String>,
}

impl Query {
    /// The terms of `text`: words, and what stands in quotes as one.
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().take(CHARACTERS).collect();
        let text = text.replace(['“', '”', '「', '」', '『', '』'], "\"");
        let mut terms: Vec<String> = Vec::new();
        for (index, part) in text.split('"').enumerate() {
            let is_quoted = index % 2 == 1;
            let folded = fold(part);
            let words: Vec<&str> =
                if is_quoted { vec![folded.trim()] } else { folded.split(' ').collect() };
            for word in words {
                let word = word.trim_matches(|c: char| !is_quoted && is_edge(c));
                if !word.is_empty() && !terms.iter().any(|known| known == word) {
                    terms.push(word.to_owned());
                }
            }
        }
        terms.truncate(TERMS);
        Self { terms }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// Punctuation that people type around words and do not look for.
fn is_edge(c: char) -> bool {
    matches!(c, ',' | ';' | '!' | '?' | '(' | ')' | '、' | '，' | '。' | '；' | '（' | '）')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_words_and_what_is_quoted() {
        let terms = |text: &str| Query::parse(text).terms;
        assert_eq!(terms(" 節流　Throttle, throttle "), ["節流", "throttle"]);
        assert_eq!(terms("\"rate limit\" c++ C#"), ["rate limit", "c++", "c#"]);
        assert_eq!(terms("「先量 再」節流"), ["先量 再", "節流"]);
        assert!(Query::parse(" ,;「」\" ").is_empty());
        assert_eq!(terms(&"a b c d e f g h i j".repeat(9)).len(), 8);
    }
}
