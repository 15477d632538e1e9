//! What can be said about a note's plain text: its first words, its length, its language.

/// Characters of an excerpt at most.
const EXCERPT: usize = 200;
/// Han characters that people read in a minute.
const HAN_PER_MINUTE: usize = 500;
/// Words of an alphabet that people read in a minute.
const WORDS_PER_MINUTE: usize = 230;

/// The first characters of `text` in one line, 200 at most, with no character cut in two.
pub(super) fn excerpt(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > EXCERPT * 8 {
            break;
        }
    }
    let mut characters: Vec<char> = line.chars().take(EXCERPT + 1).collect();
    if characters.len() <= EXCERPT {
        return line;
    }
    // The last place is for the ellipsis. What is joined to the character before it goes with it.
    characters.truncate(EXCERPT);
    while let Some(last) = characters.pop() {
        if !joins(last) && characters.last() != Some(&'\u{200d}') {
            break;
        }
    }
    let kept: String = characters.into_iter().collect();
    format!("{}…", kept.trim_end())
}

/// Whether `c` belongs to the character before it: marks, joiners, variants and skin tones.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20d0}'..='\u{20ff}')
}

/// Minutes that it takes to read `text`, rounded up; 0 where there is nothing to read.
pub(super) fn reading_minutes(text: &str) -> u32 {
    let counts = Counts::of(text);
    let ideographs = counts.han + counts.kana + counts.hangul;
    // Hundredths of a minute would round; the common denominator does not.
    let work = ideographs * WORDS_PER_MINUTE + counts.words * HAN_PER_MINUTE;
    u32::try_from(work.div_ceil(WORDS_PER_MINUTE * HAN_PER_MINUTE)).unwrap_or(u32::MAX)
}

/// Seconds that it takes to read `text`, rounded up; 0 where there is nothing to read.
pub fn reading_seconds(text: &str) -> u32 {
    let counts = Counts::of(text);
    let ideographs = counts.han + counts.kana + counts.hangul;
    let work = (ideographs * WORDS_PER_MINUTE + counts.words * HAN_PER_MINUTE) * 60;
    u32::try_from(work.div_ceil(WORDS_PER_MINUTE * HAN_PER_MINUTE)).unwrap_or(u32::MAX)
}

/// The language that `text` is written in. Two words of an alphabet weigh as much as a Han character:
/// technical notes in Chinese are full of English names.
pub(super) fn language(text: &str) -> &'static str {
    let counts = Counts::of(text);
    let ideographs = counts.han + counts.kana + counts.hangul;
    if ideographs == 0 || ideographs * 2 < counts.words {
        "en"
    } else if counts.hangul > counts.han + counts.kana {
        "ko"
    } else if counts.kana * 10 > counts.han {
        "ja"
    } else {
        "zh-Hant-TW"
    }
}

/// How much of each script is in a text.
#[derive(Default)]
struct Counts {
    han: usize,
    kana: usize,
    hangul: usize,
    words: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut in_word = false;
        for c in text.chars() {
            let script = match c {
                _ if is_han(c) => Some(&mut counts.han),
                '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Some(&mut counts.kana),
                '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}' => Some(&mut counts.hangul),
                _ => None,
            };
            if let Some(count) = script {
                *count += 1;
                in_word = false;
            } else if c.is_alphanumeric() {
                counts.words += usize::from(!in_word);
                in_word = true;
            } else if !matches!(c, '\'' | '’' | '-' | '.' | '_') {
                in_word = false;
            }
        }
        counts
    }
}

/// Whether `c` is a Han character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether `c` is a Han character, a kana or a Hangul syllable.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_cut_between_characters() {
        assert_eq!(excerpt(" 一\n 二  三 "), "一 二 三");
        assert_eq!(excerpt(""), "");
        let long = excerpt(&"講".repeat(500));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with('…'));
        assert_eq!(excerpt(&"講".repeat(200)).chars().count(), 200);
        let family = "\u{1f469}\u{200d}\u{1f4bb}";
        let joined = excerpt(&format!("{}{}", "a".repeat(197), family.repeat(2)));
        assert!(!joined.trim_end_matches('…').ends_with('\u{200d}'), "{joined}");
        let accents = excerpt(&"e\u{301}".repeat(200));
        assert!(accents.trim_end_matches('…').ends_with('\u{301}'), "{accents}");
    }

    #[test]
    fn reading_time_is_rounded_up() {
        assert_eq!(reading_minutes(""), 0);
        assert_eq!(reading_minutes("word"), 1);
        assert_eq!(reading_minutes(&"講".repeat(500)), 1);
        assert_eq!(reading_minutes(&"講".repeat(501)), 2);
        assert_eq!(reading_minutes(&"word ".repeat(230)), 1);
        assert_eq!(reading_minutes(&format!("{} {}", "講".repeat(500), "word ".repeat(230))), 2);
    }

    #[test]
    fn language_follows_the_script() {
        assert_eq!(language("The operator reconciles."), "en");
        assert_eq!(language(""), "en");
        assert_eq!(language("用 operator 管理 GitOps 的 Kubernetes cluster"), "zh-Hant-TW");
        assert_eq!(language("オペレーターの設計について話します"), "ja");
        assert_eq!(language("오퍼레이터를 설계하는 방법"), "ko");
        assert_eq!(language(&format!("{} 林", "a long English note ".repeat(20))), "en");
    }
}
