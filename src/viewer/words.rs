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

/// Whether `c` is a Han character.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn is_east_asian(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    ["zh", "ja", "ko", "yue", "nan", "hak"].iter().any(|known| known.eq_ignore_ascii_case(primary))
}

/// The phrase for the kind of talk; nothing for an ordinary one.
pub fn talk_kind(kind: Option<TalkKind>) -> Option<&'static str> {
    match kind? {
        TalkKind::Session => None,
        other => Some(any_kind(other)),
    }
}

/// The phrase for the kind of talk.
pub fn any_kind(kind: TalkKind) -> &'static str {
    match kind {
        TalkKind::Session => "kind-session",
        TalkKind::Keynote => "kind-keynote",
        TalkKind::Workshop => "kind-workshop",
        TalkKind::Lightning => "kind-lightning",
        TalkKind::Panel => "kind-panel",
        TalkKind::Other => "kind-other",
    }
}

/// The phrase for the kind of link, and the name of its icon.
pub fn link_kind(kind: Option<LinkKind>) -> (&'static str, &'static str) {
    match kind {
        Some(LinkKind::Session) => ("link-session", "calendar"),
        Some(LinkKind::Slides) => ("link-slides", "slides"),
        Some(LinkKind::Video) => ("link-video", "video"),
        Some(LinkKind::Workshop) => ("link-workshop", "link"),
        Some(LinkKind::Source) => ("link-source", "code"),
        Some(LinkKind::Reference) => ("link-reference", "link"),
        Some(LinkKind::Other) | None => ("link-other", "link"),
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

/// The medal's name for class names, and the phrases for its name and its letter.
pub fn medal(medal: Medal) -> (&'static str, &'static str, &'static str) {
    match medal {
        Medal::Gold => ("bead-gold", "gold", "gold-letter"),
        Medal::Silver => ("bead-silver", "silver", "silver-letter"),
        Medal::Bronze => ("bead-bronze", "bronze", "bronze-letter"),
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
