//! Titles: what the heading of a talk says beside its title.

use super::inline::without_addresses;
use super::words::words;
use crate::api::{Medal, TalkKind};

/// A heading without what decorates it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// The title, and the speaker behind it where there is one.
    pub text: String,
    pub medal: Option<Medal>,
    pub kind: Option<TalkKind>,
}

/// Decorations in front of a title that are taken off at most.
const MAX_DECORATIONS: usize = 8;

/// Takes medals, numbering and the kind of talk off a heading.
pub(super) fn undecorate(heading: &str) -> Title {
    let mut title = Title { text: plain(heading), medal: None, kind: None };
    for _ in 0..MAX_DECORATIONS {
        let before = title.text.clone();
        title.text = without_symbols(&before, &mut title.medal);
        if let Some((kind, rest)) = kind_prefix(&title.text) {
            title.kind = title.kind.or(Some(kind));
            title.text = rest;
        } else if let Some(rest) = without_number(&title.text) {
            title.text = rest;
        }
        if title.text == before {
            break;
        }
    }
    title.text = title.text.trim_end_matches([':', '：']).trim().to_owned();
    title
}

/// Text without the marks of Markdown: links become their texts, code and emphasis lose their marks.
pub(super) fn plain(text: &str) -> String {
    let text = without_addresses(text);
    let text = text.replace("**", "").replace("~~", "").replace("==", "").replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes emoji and other symbols at both ends; a medal among them is kept in mind.
fn without_symbols(text: &str, medal: &mut Option<Medal>) -> String {
    let mut found = |c: char| {
        let kind = match c {
            '🥇' => Some(Medal::Gold),
            '🥈' => Some(Medal::Silver),
            '🥉' => Some(Medal::Bronze),
            _ => None,
        };
        *medal = medal.or(kind);
        is_symbol(c)
    };
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() || found(c));
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || found(c));
    if rest.is_empty() { text.to_owned() } else { rest.to_owned() }
}

/// Emoji, dingbats and the invisible marks that belong to them.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}'
        | '\u{fe0f}' | '\u{200d}')
}

/// `Keynote 1: `, `Workshop - `, `【工作坊】` or `[Panel]` in front of a title.
fn kind_prefix(text: &str) -> Option<(TalkKind, String)> {
    let brackets = [('[', ']'), ('【', '】'), ('(', ')'), ('（', '）')];
    for (open, close) in brackets {
        let inside = text.strip_prefix(open).and_then(|rest| rest.split_once(close));
        if let Some((label, rest)) = inside {
            return Some((label_kind(label)?, rest.trim().to_owned()))
                .filter(|(_, t)| !t.is_empty());
        }
    }
    let marks = [": ", "：", ":", " - ", " – ", " — ", " | ", "｜"];
    let (at, mark) = marks
        .iter()
        .filter_map(|mark| Some((text.find(mark)?, *mark)))
        .min_by_key(|(at, _)| *at)?;
    let (label, rest) = text.split_at_checked(at)?;
    let rest = rest.strip_prefix(mark)?.trim();
    let kind = label_kind(label)?;
    (!rest.is_empty()).then(|| (kind, rest.to_owned()))
}

/// The kind in a label such as `Keynote 1`, `Workshop A` or `工作坊二`.
fn label_kind(label: &str) -> Option<TalkKind> {
    let label = label.trim();
    let word = label.trim_end_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "#.-一二三四五六七八九十".contains(c)
    });
    let without_letter = || {
        let (word, letter) = label.rsplit_once(' ')?;
        (letter.chars().count() == 1).then(|| words().talk_kind(word))?
    };
    words().talk_kind(word).or_else(without_letter)
}

/// `1. `, `12) ` or `A. ` in front of a title.
fn without_number(text: &str) -> Option<String> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let letter = text.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let width = if (1..=3).contains(&digits) { digits } else { usize::from(letter && digits == 0) };
    let (number, rest) = text.split_at_checked(width)?;
    let rest = rest.strip_prefix(['.', ')', '、', '．'])?;
    let separate = rest.starts_with(' ') || (digits > 0 && rest.starts_with(super::text::is_cjk));
    (!number.is_empty() && separate && !rest.trim().is_empty()).then(|| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(heading: &str) -> (String, Option<Medal>, Option<TalkKind>) {
        let title = undecorate(heading);
        (title.text, title.medal, title.kind)
    }

    #[test]
    fn decorations_become_fields() {
        let gold = Some(Medal::Gold);
        assert_eq!(title("🥇 Keynote 3: 省一半"), ("省一半".into(), gold, Some(TalkKind::Keynote)));
        assert_eq!(
            title("Workshop 2 - **Fast** `tests`"),
            ("Fast tests".into(), None, Some(TalkKind::Workshop))
        );
        assert_eq!(
            title("【閃電講】快問快答"),
            ("快問快答".into(), None, Some(TalkKind::Lightning))
        );
        assert_eq!(
            title("1. 🥈 [A talk](https://x.example):"),
            ("A talk".into(), Some(Medal::Silver), None)
        );
        assert_eq!(title("Keynote A: x").2, Some(TalkKind::Keynote));
    }

    #[test]
    fn titles_keep_what_belongs_to_them() {
        for text in [
            "360 度看雲",
            "1.5 倍速",
            "12-Factor Apps",
            "Session Affinity: why",
            "A tale",
            "Clusters for Data: Building",
            "[Harbor] 年度調查",
            "Keynote",
            "C# in the cloud",
            "🥇",
        ] {
            assert_eq!(title(text).0, text);
        }
    }
}
