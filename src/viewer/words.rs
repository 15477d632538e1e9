//! Words that people wrote, with the language a browser is to set them in.

use crate::api::{Direction, LinkKind, Medal, RobotsRule, TalkKind};

/// Text with its language where that is not the language of the page around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The text, not escaped.
    pub text: String,
    /// BCP 47 tag for `lang`.
    pub lang: Option<String>,
}

impl Words {
    /// `text` with the language its script tells.
    pub fn guess(text: &str) -> Self {
        Self { text: text.to_owned(), lang: language_of(text).map(str::to_owned) }
    }

    /// `text` from a note in `language`. A title in Latin letters above a Chinese note is set as
    /// Latin; for a Chinese one the note knows better than the script which Chinese it is.
    pub fn from_note(text: &str, language: &str) -> Self {
        let mut words = Self::guess(text);
        if words.lang.is_some() && is_east_asian(language) {
            words.lang = Some(language.to_owned());
        }
        words
    }
}

/// The language that the script of `text` tells: Korean, Japanese or Chinese.
pub fn language_of(text: &str) -> Option<&'static str> {
    let has = |range: std::ops::RangeInclusive<char>| text.chars().any(|c| range.contains(&c));
    if has('\u{ac00}'..='\u{d7a3}') {
        Some("ko")
    } else if has('\u{3041}'..='\u{30fa}') {
        Some("ja")
    } else if has('\u{3400}'..='\u{9fff}') {
        Some("zh-Hant")
    } else {
        None
    }
}

fn is_east_asian(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    ["zh", "ja", "ko", "yue", "nan", "hak"].iter().any(|known| known.eq_ignore_ascii_case(primary))
}

/// What people call the kind of talk; nothing for an ordinary one.
pub fn talk_kind(kind: Option<TalkKind>) -> Option<&'static str> {
    match kind? {
        TalkKind::Session => None,
        TalkKind::Keynote => Some("Keynote"),
        TalkKind::Workshop => Some("Workshop"),
        TalkKind::Lightning => Some("Lightning talk"),
        TalkKind::Panel => Some("Panel"),
        TalkKind::Other => Some("Other"),
    }
}

/// What people call the kind of link.
pub fn link_kind(kind: Option<LinkKind>) -> &'static str {
    match kind {
        Some(LinkKind::Session) => "Session page",
        Some(LinkKind::Slides) => "Slides",
        Some(LinkKind::Video) => "Video",
        Some(LinkKind::Workshop) => "Workshop",
        Some(LinkKind::Source) => "Source code",
        Some(LinkKind::Reference) => "Reference",
        Some(LinkKind::Other) | None => "Link",
    }
}

/// The value of `X-Robots-Tag` and of the `meta` element `robots`; none where there are no rules.
pub fn robots(rules: &[RobotsRule]) -> Option<String> {
    let words: Vec<String> = rules.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The value of `dir`.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::LTR => "ltr",
        Direction::RTL => "rtl",
        Direction::Auto => "auto",
    }
}

/// The medal's name, and the same in small letters for class names.
pub fn medal(medal: Medal) -> (&'static str, &'static str) {
    match medal {
        Medal::Gold => ("Gold", "gold"),
        Medal::Silver => ("Silver", "silver"),
        Medal::Bronze => ("Bronze", "bronze"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_tells_the_language() {
        assert_eq!(language_of("Operator 的一生"), Some("zh-Hant"));
        assert_eq!(language_of("運用のはなし"), Some("ja"));
        assert_eq!(language_of("쿠버네티스"), Some("ko"));
        assert_eq!(language_of("Café & naïve"), None);
    }

    #[test]
    fn the_note_says_which_chinese_it_is() {
        assert_eq!(Words::from_note("云原生", "zh-Hans-CN").lang.as_deref(), Some("zh-Hans-CN"));
        assert_eq!(Words::from_note("云原生", "en").lang.as_deref(), Some("zh-Hant"));
        assert_eq!(Words::from_note("Cloud native", "zh-Hant-TW").lang, None);
    }
}
