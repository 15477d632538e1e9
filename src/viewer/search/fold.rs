//! Text in its simplest form: small letters, half width, no accents, one way to write a Han character.

use unicode_normalization::UnicodeNormalization;

/// The simplest form of `text`. What parts words becomes one space, and a line stays a line.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    each(text, |c, _| folded.push(c));
    folded
}

/// Gives `put` each character of the simplest form, with the place in `text` that it comes from.
pub fn each(text: &str, mut put: impl FnMut(char, usize)) {
    let mut after_space = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if !after_space {
                put(' ', at);
            }
            after_space = true;
            continue;
        }
        after_space = false;
        if c.is_ascii() {
            put(c.to_ascii_lowercase(), at);
        } else if is_kana(c) {
            // The marks of half-width kana are characters of their own, so that those of others become it.
            c.nfkd().for_each(|c| put(c, at));
        } else if is_east_asian(c) {
            // Decomposed, a syllable of Hangul would match another that begins like it.
            c.nfkc().map(same).for_each(|c| put(c.to_ascii_lowercase(), at));
        } else if !is_invisible(c) {
            let base = c.nfkd().filter(|c| !is_accent(*c));
            base.flat_map(char::to_lowercase).for_each(|c| put(c, at));
        }
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ff65}'..='\u{ff9f}')
}

fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{323af}')
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Characters that are written in two ways in the same language.
fn same(c: char) -> char {
    match c {
        '臺' => '台',
        '裏' => '裡',
        '着' => '著',
        '爲' => '為',
        '羣' => '群',
        '綫' => '線',
        '麪' => '麵',
        '峯' => '峰',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_the_same_are_the_same() {
        for (a, b) in [
            ("臺灣", "台灣"),
            ("ＫＵＢＥ", "kube"),
            ("Café", "cafe\u{301}"),
            ("ﾊﾞ", "バ"),
            ("a\u{200b}b", "ab"),
            ("a \n\t b", "a b"),
            ("STRASSE", "strasse"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_eq!(fold("각"), "각");
    }
}
