//! Kinds and numbers in front of a title.

use super::ends::bracketed;
use crate::api::TalkKind;
use crate::document::text::is_cjk;
use crate::document::words::words;

/// `Keynote 1: `, `Workshop - `, `【工作坊】` or `[Panel]` in front of a title.
pub(super) fn kind_prefix(text: &str) -> Option<(TalkKind, String)> {
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

/// `1日目基調講演「題名」` as kind and `題名`, with what follows: the marks show where the title begins.
pub(super) fn kind_of_quoted(text: &str) -> Option<(TalkKind, String)> {
    let pairs = [('「', '」'), ('『', '』'), ('《', '》')];
    let (label, title, rest) = pairs.iter().find_map(|(open, close)| {
        let (label, quoted) = text.split_once(*open)?;
        let (title, rest) = quoted.rsplit_once(*close)?;
        Some((label.trim(), title.trim(), rest))
    })?;
    let starts = label.char_indices().map(|(at, _)| at).filter_map(|at| label.get(at..));
    let kind = starts.into_iter().find_map(label_kind).filter(|_| label.chars().count() <= 12)?;
    let ends = rest.is_empty() || rest.starts_with(|c: char| !c.is_alphanumeric());
    (ends && !title.is_empty()).then(|| (kind, format!("{title}{rest}")))
}

/// The kind in a label such as `Keynote 1`, `Workshop A` or `工作坊二`.
pub(super) fn label_kind(label: &str) -> Option<TalkKind> {
    let label = label.trim();
    let word = label.trim_end_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "#.-一二三四五六七八九十".contains(c)
    });
    let without_letter = || {
        let (word, letter) = label.rsplit_once(' ')?;
        (letter.chars().count() == 1).then(|| words().talk_kind(word))?
    };
    words().talk_kind(word).or_else(without_letter).or_else(|| described_kind(word))
}

/// `Talk court`, `short talk`: a kind with one word that says how long or for whom it is.
fn described_kind(label: &str) -> Option<TalkKind> {
    let (first, last) = label.split_once(' ')?;
    let of = |kind: &str, word: &str| {
        words().talk_kind(kind).filter(|_| words().is_kind_adjective(word))
    };
    of(first, last).or_else(|| of(last, first))
}

/// `1. `, `12) ` or `A. ` in front of a title.
pub(super) fn without_number(text: &str) -> Option<String> {
    let wide = text.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    if wide.len() < text.len() && text.len() - wide.len() <= 9 {
        let rest = wide.strip_prefix(['、', '．', '.'])?.trim();
        return (!rest.is_empty()).then(|| rest.to_owned());
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let letter = text.chars().next().is_some_and(|c| c.is_ascii_uppercase());
    let width = if (1..=3).contains(&digits) { digits } else { usize::from(letter && digits == 0) };
    // `B4. `: a letter with a number.
    let rest = text.get(width..).filter(|_| letter && digits == 0).unwrap_or_default();
    let width = width + rest.chars().take_while(char::is_ascii_digit).count().min(2);
    let (number, rest) = text.split_at_checked(width)?;
    let rest = rest.strip_prefix(['.', ')', '、', '．'])?;
    let separate =
        rest.starts_with(' ') || (digits > 0 && rest.starts_with(crate::document::text::is_cjk));
    (!number.is_empty() && separate && !rest.trim().is_empty()).then(|| rest.trim().to_owned())
}

/// `(Keynote)` behind a title.
pub(super) fn kind_behind(text: &str) -> Option<(TalkKind, String)> {
    let (rest, inner) = bracketed(text.trim())?;
    let starts = inner.char_indices().filter_map(|(at, _)| inner.get(at..));
    let kind = words().talk_kind(inner).or_else(|| {
        let wide = starts.filter(|part| part.starts_with(is_cjk));
        wide.into_iter().find_map(|part| words().talk_kind(part))
    })?;
    (inner.chars().count() <= 16).then(|| (kind, rest.to_owned()))
}

/// `Chapitre 3 : ` or `第三場：` in front of a title.
pub(super) fn without_chapter(text: &str) -> Option<String> {
    let (label, rest) = text.split_once([':', '：']).or_else(|| text.split_once(" - "))?;
    let mut label_words = label.split_whitespace();
    let (word, number, end) = (label_words.next()?, label_words.next(), label_words.next());
    let digits = |text: &str| text.trim_start_matches('#').chars().all(|c| c.is_ascii_digit());
    let counted = |word: &str| {
        let numerals = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
        let unit = word.strip_prefix('第').map(|rest| (rest, rest.trim_start_matches(numerals)));
        unit.is_some_and(|(rest, unit)| unit.len() < rest.len() && words().is_chapter(unit))
    };
    let numbered = match number {
        Some(number) => words().is_chapter(word) && digits(number),
        None => word.starts_with('#') && word.len() > 1 && digits(word) || counted(word),
    };
    (numbered && end.is_none() && !rest.trim().is_empty()).then(|| rest.trim().to_owned())
}
