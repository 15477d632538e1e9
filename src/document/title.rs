//! Titles: what the heading of a talk says beside its title.

use super::dates::{self, DayHeading};
use super::markdown::inline::without_addresses;
use super::words::words;
use crate::api::{Medal, TalkKind};

/// A heading without what decorates it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// The title, and the speaker behind it where there is one.
    pub text: String,
    pub medal: Option<Medal>,
    pub kind: Option<TalkKind>,
    pub room: Option<String>,
    /// The company that a tag such as `[Company]` in front names.
    pub company: Option<String>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    /// The day in front of the title.
    pub day: Option<DayHeading>,
    /// Whether a number stood in front.
    pub numbered: bool,
}

/// Decorations in front of a title that are taken off at most.
const MAX_DECORATIONS: usize = 8;

/// Takes medals, numbering, times, rooms and the kind of talk off a heading.
pub(super) fn undecorate(heading: &str) -> Title {
    let mut title = Title { text: plain(heading), ..Title::default() };
    for _ in 0..MAX_DECORATIONS {
        let before = title.text.clone();
        title.text = without_symbols(&before, &mut title.medal);
        title.decoration();
        if title.text == before {
            break;
        }
    }
    title.text = trim_end(&title.text).to_owned();
    title
}

/// A title without what a heading may trail.
pub(super) fn trim_end(text: &str) -> &str {
    let text = unquoted(text);
    let without = text.trim_end_matches([':', '：', '#', ' ']);
    let cut = text.strip_prefix(without).unwrap_or_default();
    let belongs = cut.starts_with('#')
        && !cut.contains(' ')
        && without.chars().last().is_some_and(char::is_alphanumeric);
    if belongs || without.is_empty() {
        text.trim().trim_end_matches([':', '：']).trim()
    } else {
        without
    }
}

/// A title without the quotation marks around the whole of it.
fn unquoted(text: &str) -> &str {
    let pairs =
        [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('»', '«'), ('「', '」'), ('『', '』')];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = text.trim().strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then(|| inner.trim())
    });
    inner.filter(|inner| !inner.is_empty()).unwrap_or(text)
}

impl Title {
    /// Takes one decoration off the front.
    fn decoration(&mut self) {
        if let Some((times, rest)) =
            times_in_front(&self.text).or_else(|| clock_in_front(&self.text))
        {
            let mut times = times.into_iter();
            self.start_time = self.start_time.take().or(times.next());
            self.end_time = self.end_time.take().or(times.next());
            self.text = rest;
        } else if let Some((room, rest)) =
            room_in_front(&self.text).or_else(|| room_behind(&self.text))
        {
            self.room = self.room.take().or(Some(room));
            self.text = rest;
        } else if let Some((room, rest)) =
            room_behind_time(&self.text).filter(|_| self.start_time.is_some())
        {
            self.room = self.room.take().or(Some(room));
            self.text = rest;
        } else if let Some((kind, rest)) = kind_prefix(&self.text) {
            self.kind = self.kind.or(Some(kind));
            self.text = rest;
        } else if let Some((tag, rest)) = tag_in_front(&self.text) {
            let track = words().is_group(&tag) || words().holds_not_name(&tag);
            let field = if words().is_room(&tag) { &mut self.room } else { &mut self.company };
            *field = field.take().or(Some(tag).filter(|_| !track));
            self.text = rest;
        } else if let Some(rest) =
            without_number(&self.text).or_else(|| without_chapter(&self.text))
        {
            self.numbered = true;
            self.text = rest;
        } else if let Some((day, rest)) = day_in_front(&self.text).filter(|_| self.day.is_none()) {
            self.day = Some(day);
            self.text = rest;
        }
    }
}

/// `09:30`, `09:30-10:15` or `[10:00 ~ 10:40]` in front of a title.
fn times_in_front(text: &str) -> Option<(Vec<String>, String)> {
    let inner = text.trim_start_matches(['[', '(', '（', '【', '`', ' ']);
    let is_time = |c: char| c.is_ascii_digit() || ":：-–—~～ ".contains(c);
    let rest = inner.trim_start_matches(is_time);
    let span = inner.strip_suffix(rest)?;
    // `9:00am` has a unit.
    if span.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let times: Vec<String> = span
        .split(['-', '–', '—', '~', '～', ' '])
        .filter(|t| !t.is_empty())
        .map(dates::time)
        .collect::<Option<_>>()?;
    let rest =
        rest.trim_start_matches([']', ')', '）', '】', '`', '|', '｜', '│', ',', ' ', '、']).trim();
    ((1..=2).contains(&times.len()) && !rest.is_empty()).then(|| (times, rest.to_owned()))
}

/// `10.15 uur. `, `9h30 - 10h15 ` or `2 pm: ` in front of a title: times with a unit.
fn clock_in_front(text: &str) -> Option<(Vec<String>, String)> {
    let between = ['-', '–', '—', '~', '～', '|', ' ', '.', ':', '：', ',', ')', ']', '）'];
    let mut rest = text.trim_start_matches(['[', '(', '（', '`', ' ']);
    let (mut times, mut sure) = (Vec::new(), false);
    while let Some((time, told, after)) = clock(rest).filter(|_| times.len() < 2) {
        times.push(time);
        sure |= told;
        rest = after.trim_start_matches(between);
    }
    (sure && !rest.is_empty()).then(|| (times, rest.to_owned()))
}

/// Whether a text is one time of day or two, and nothing else.
pub(super) fn is_time(text: &str) -> bool {
    let with_rest = format!("{} x", text.trim());
    let found = clock_in_front(&with_rest).or_else(|| times_in_front(&with_rest));
    found.is_some_and(|(_, rest)| rest == "x")
}

/// One time at the beginning of a text, whether a unit shows that it is one, and what follows.
fn clock(text: &str) -> Option<(String, bool, &str)> {
    let number = |text: &str| -> Option<(u8, usize)> {
        let width = text.chars().take_while(char::is_ascii_digit).count();
        (1..=2).contains(&width).then(|| Some((text.get(..width)?.parse().ok()?, width)))?
    };
    let (mut hour, width) = number(text)?;
    let mut rest = text.get(width..)?;
    let mark = rest.chars().next().filter(|c| ":：.hH時시点".contains(*c));
    let behind = mark.and_then(|mark| rest.strip_prefix(mark));
    let minutes = behind.and_then(number).filter(|(_, width)| *width == 2);
    let mut told = minutes.is_some() && mark.is_some_and(|mark| !":：.".contains(mark));
    if let Some((_, width)) = minutes {
        rest = behind?.get(width..)?;
    }
    let word = rest.trim_start_matches(['分', '분', ' ']);
    let unit: String = word.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
    let name = unit.trim_end_matches('.').to_lowercase();
    if words().is_clock(&name) {
        told = true;
        rest = word.strip_prefix(unit.as_str())?;
        if name.starts_with('p') && hour < 12 {
            hour = hour.saturating_add(12);
        }
    }
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let parted = minutes.is_some() || told;
    let time = dates::time(&format!("{hour}:{:02}", minutes.map_or(0, |(minute, _)| minute)))?;
    (ends && parted).then_some((time, told, rest))
}

/// `@R0` or `@R0、R1` in front of a title.
fn room_in_front(text: &str) -> Option<(String, String)> {
    let (word, rest) = text.strip_prefix('@')?.split_once(' ').or_else(|| {
        let after = text.strip_prefix('@')?;
        let width = after.find(|c: char| !c.is_ascii_alphanumeric() && !"、,/-".contains(c))?;
        after.split_at_checked(width)
    })?;
    let fits = word.chars().count() <= 12
        && word.chars().any(|c| c.is_ascii_digit())
        && !rest.trim().is_empty();
    fits.then(|| (word.to_owned(), rest.trim().to_owned()))
}

/// `/ Track 1 / ` between a time and a title.
fn room_behind_time(text: &str) -> Option<(String, String)> {
    let (room, rest) = text.strip_prefix("/ ")?.split_once(" / ")?;
    let fits = room.chars().count() <= 24 && words().is_room(room) && !rest.trim().is_empty();
    fits.then(|| (room.trim().to_owned(), rest.trim().to_owned()))
}

/// `@R0` behind a title; a handle of a person is written in lower case.
fn room_behind(text: &str) -> Option<(String, String)> {
    let (rest, room) = text.rsplit_once(" @")?;
    let digits = room.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = room.len() - digits.len();
    let fits = (1..=3).contains(&letters)
        && (1..=4).contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit());
    fits.then(|| (room.to_owned(), rest.trim().to_owned()))
}

/// `[Company]` or `【Room A】` in front of a title.
fn tag_in_front(text: &str) -> Option<(String, String)> {
    let (tag, rest) = [('[', ']'), ('【', '】')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.split_once(*close))?;
    let rest = rest.trim_start_matches([':', '：', '-', ' ']).trim();
    let fits =
        (1..=40).contains(&tag.trim().chars().count()) && rest.chars().any(char::is_alphanumeric);
    fits.then(|| (tag.trim().to_owned(), rest.to_owned()))
}

/// `Chapitre 3 : ` in front of a title.
fn without_chapter(text: &str) -> Option<String> {
    let (label, rest) = text.split_once([':', '：']).or_else(|| text.split_once(" - "))?;
    let mut label_words = label.split_whitespace();
    let (word, number, end) = (label_words.next()?, label_words.next(), label_words.next());
    let digits = |text: &str| text.trim_start_matches('#').chars().all(|c| c.is_ascii_digit());
    let numbered = match number {
        Some(number) => words().is_chapter(word) && digits(number),
        None => word.starts_with('#') && word.len() > 1 && digits(word),
    };
    (numbered && end.is_none() && !rest.trim().is_empty()).then(|| rest.trim().to_owned())
}

/// `10/25 ` or `2031-05-14: ` in front of a title.
fn day_in_front(text: &str) -> Option<(DayHeading, String)> {
    let leading = DayHeading::leading(text)?;
    let fits = leading.day.is_date() && leading.rest.chars().count() >= 4;
    let prose = leading.rest.split(' ').next().is_some_and(|word| words().is_date_fill(word));
    (fits && !prose).then_some((leading.day, leading.rest))
}

/// Text without the marks of Markdown: links become their texts, code and emphasis lose their marks.
pub(super) fn plain(text: &str) -> String {
    let text = without_addresses(text);
    let text = text.replace("**", "").replace("~~", "").replace("==", "").replace('`', "");
    let text = text.split_whitespace().map(without_underscores).collect::<Vec<_>>().join(" ");
    let text = without_stars(text);
    let emphasized = text.strip_prefix('_').and_then(|text| text.strip_suffix('_'));
    emphasized.filter(|inner| !inner.is_empty()).map_or(text.clone(), str::to_owned)
}

/// A word without the `__` of emphasis, which belong to a handle such as `@__ada__`.
fn without_underscores(word: &str) -> String {
    let is_handle = word.trim_start_matches(['(', '[', '（']).starts_with('@');
    if is_handle { word.to_owned() } else { word.replace("__", "") }
}

/// `*a* b` as `a b`; stars with a space at each side are signs of their own.
fn without_stars(text: String) -> String {
    let chars: Vec<char> = text.chars().collect();
    let space = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_none_or(|c: &char| c.is_whitespace())
    };
    let marks = |at: usize| {
        chars.get(at) == Some(&'*') && !(space(at.checked_sub(1)) && space(at.checked_add(1)))
    };
    let count = (0..chars.len()).filter(|at| marks(*at)).count();
    if count == 0 || !count.is_multiple_of(2) {
        return text;
    }
    chars.iter().enumerate().filter(|(at, _)| !marks(*at)).map(|(_, c)| *c).collect()
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
pub(super) fn is_symbol(c: char) -> bool {
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
    let separate =
        rest.starts_with(' ') || (digits > 0 && rest.starts_with(crate::document::text::is_cjk));
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
    fn places_times_and_tags_become_fields() {
        let found = undecorate("09:30-10:15 Talk - @R0 🎤 開源與潮汐");
        assert_eq!((found.text.as_str(), found.room.as_deref()), ("開源與潮汐", Some("R0")));
        assert_eq!(
            (found.start_time.as_deref(), found.end_time.as_deref()),
            (Some("09:30"), Some("10:15"))
        );
        let found = undecorate("[Harbor] 年度調查");
        assert_eq!((found.text.as_str(), found.company.as_deref()), ("年度調查", Some("Harbor")));
        let found = undecorate("【Room A】年度調查 ##");
        assert_eq!((found.text.as_str(), found.room.as_deref()), ("年度調查", Some("Room A")));
        let found = undecorate("10:00 / Track 1 / Keynote: Sails - Again");
        assert_eq!(
            (found.text.as_str(), found.room.as_deref()),
            ("Sails - Again", Some("Track 1"))
        );
        assert_eq!(undecorate("Sails / Main / Ropes").room, None);
        assert_eq!(undecorate("Chapitre 3 : Partir").text, "Partir");
        assert_eq!(undecorate("2031-05-14: Partir demain").text, "Partir demain");
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
            "Keynote",
            "C# in the cloud",
            "🥇",
        ] {
            assert_eq!(title(text).0, text);
        }
    }
}
