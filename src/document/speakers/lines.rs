//! The first lines under a title: names in bold, italics, a quote, a link or alone.

use super::by_words::{behind_by, behind_media, behind_weak_word, linked};
use super::byline;
use super::credits::{Under, labelled, stated_day};
use super::likeness::Likeness;
use super::people::{Expected, People};
use super::prose;
use super::seats::{Credit, Seat};
use super::{handles, occupation};
use crate::api::LinkKind;
use crate::document::dates::{self, DayHeading, Resolved};
use crate::document::markdown::outline::Line;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::title::{self, is_symbol, plain};
use crate::document::words::words;

/// Lines under a title that may say who speaks.
const NEAR: usize = 4;
/// Longest line, in characters, that names people though text goes on under it.
const SHORT: usize = 60;

/// A line that may say who speaks.
struct Told<'a> {
    text: &'a str,
    seat: Seat,
    /// The text without the marks around it and without a day.
    inner: &'a str,
    /// Whether it is the first that says anything.
    is_first: bool,
    /// Whether the line before it is another one of them.
    follows: bool,
    /// Whether no text goes on under it.
    ends: bool,
}

impl Under {
    /// Names in bold, italics, a quote, a link or alone on one of the first lines.
    pub(super) fn near(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let mut before: Option<usize> = None;
        let mut count = 0;
        for (index, line) in lines.iter().enumerate() {
            if matches!(line.kind, LineKind::Blank | LineKind::Opaque)
                || self.is_aside(document, line)
            {
                continue;
            }
            if count == NEAR {
                break;
            }
            let text = line.text.trim().trim_end_matches('\\').trim_end();
            let text = text.trim_start_matches(|c| is_symbol(c) || c == ' ');
            count += 1;
            let follows = before.replace(index).is_some_and(|before| before + 1 == index);
            if labelled(text).is_some() {
                continue;
            }
            let (seat, inner) = seat_of(without_dashes(text));
            self.day = self.day.or_else(|| stated_day(inner));
            let next = lines.get(index + 1);
            let ends = next.is_none_or(|next| match next.kind {
                LineKind::Text => false,
                LineKind::Item { .. } => seat != Seat::Bullet,
                _ => true,
            });
            let inner = without_day(inner);
            self.line(&Told { text, seat, inner, is_first: count == 1, follows, ends });
        }
    }

    fn line(&mut self, told: &Told<'_>) {
        let (seat, inner) = (told.seat, told.inner);
        if self.handle_line(told) || self.joins(told) {
            return;
        }
        if told.is_first
            && seat == Seat::Plain
            && let Some(people) = prose::speakers(inner)
        {
            self.credits.push(Credit { seat: Seat::ByLine, title: None, people });
        } else if let Some(people) = Some(inner).filter(|_| told.is_first).and_then(linked_subject)
        {
            self.credits.push(Credit { seat: Seat::Linked, title: None, people });
        } else if let Some(names) = behind_by(inner) {
            match linked(names) {
                Some(names) => self.linked(&names),
                None => self.credit(Seat::ByLine, names),
            }
        } else if let Some(names) = behind_media(inner) {
            self.credit(Seat::ByLine, names);
        } else if let Some(people) = behind_weak_word(inner) {
            self.credits.push(Credit { seat: Seat::ByLine, title: None, people });
        } else if self.credits.is_empty() && is_name_line(told) {
            self.credit(Seat::NameLine, inner);
        } else if !self.credits.iter().any(|credit| credit.seat == seat) {
            self.credit(seat, inner);
        }
    }

    /// People that are links behind `by`: handles and names in lower case as well.
    fn linked(&mut self, names: &[String]) {
        let mut people = byline::people(&names.join("、"), Expected::Several);
        if people.likeness == Likeness::Weak {
            people.likeness = Likeness::Medium;
        }
        self.credits.push(Credit { seat: Seat::ByLine, title: None, people });
    }

    /// A line that says nothing of who speaks: a rule, an image, a link or a kind alone, or when and
    /// where the talk was.
    fn is_aside(&mut self, document: &Document<'_>, line: &Line<'_>) -> bool {
        let text = line.text.trim();
        let rule = text.len() >= 3 && text.chars().all(|c| "-*_= ".contains(c));
        let bare = text.starts_with(['!', '<']) || text.starts_with("http");
        let inner = plain(text.trim_start_matches(['>', ' ']));
        let linked = text.contains("](") || inner.chars().count() <= 12;
        let by = behind_by(text.trim_start_matches(['>', '*', '_', ' '])).is_some();
        let media = linked && !by && words().link_kind(&inner, "") != LinkKind::Reference;
        if rule || bare || media || words().talk_kind(&inner).is_some() {
            return true;
        }
        let inner = inner.trim_start_matches(['*', '-', '+', ' ']);
        let inner = inner
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once(" ("))
            .map_or(inner, |(text, _)| text);
        let Some(told) = when_and_where(inner) else { return false };
        self.room = self.room.take().or(told.room);
        let counted = || match told.day?.resolve(document.year(), document.start()) {
            Resolved::Date { date, .. } => Some(date),
            _ => None,
        };
        self.day = self.day.or_else(|| stated_day(inner)).or_else(counted);
        true
    }

    /// Handles alone are those of the people who are named elsewhere, or else say who speaks.
    fn handle_line(&mut self, told: &Told<'_>) -> bool {
        let handles = handles::of_line(told.text).filter(|_| told.seat != Seat::Bullet);
        let sure = told.is_first || !self.credits.is_empty();
        if let Some(handles) = &handles {
            self.handles(handles, if sure { Likeness::Strong } else { Likeness::Weak });
        }
        handles.is_some()
    }

    /// Adds the people of a line to those of the line before that looks the same.
    fn joins(&mut self, told: &Told<'_>) -> bool {
        let near = told.follows || (told.seat == Seat::Quote && !told.is_first);
        let Some(last) = self.credits.last_mut().filter(|_| near) else { return false };
        let same =
            last.seat == told.seat || (last.seat == Seat::NameLine && told.seat == Seat::Plain);
        if !same || told.seat == Seat::Bullet {
            return false;
        }
        let more = byline::people(told.inner, Expected::Any);
        let named = more.likeness.min(last.people.likeness) >= Likeness::Medium;
        if named {
            last.people.speakers.extend(more.speakers);
        }
        named
    }
}

/// The people of the link that a sentence begins with: `[Name](…) has been at Harbor since …`.
fn linked_subject(text: &str) -> Option<People> {
    let (name, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (_, sentence) = rest.split_once(") ")?;
    let people = People::parse(&plain(name));
    let follows = sentence.starts_with(char::is_alphabetic);
    (follows && people.likeness >= Likeness::Medium).then_some(people)
}

/// `by Name` of `-- by Name -`; one dash makes an item of a list.
fn without_dashes(text: &str) -> &str {
    let dashes = |c: char| matches!(c, '-' | '–' | '—');
    let rest = text.trim_start_matches(dashes);
    let wide = text.starts_with(['–', '—']) || text.len() >= rest.len() + 2;
    if wide && rest.starts_with(' ') { rest.trim_matches(|c| dashes(c) || c == ' ') } else { text }
}

/// Whether a plain line says names and nothing else; a list item does where a job stands behind one.
fn is_name_line(told: &Told<'_>) -> bool {
    let people = byline::people(told.inner, Expected::Any);
    if told.seat == Seat::Bullet {
        // One item alone that says a name and a company is no list.
        let company = people.speakers.iter().any(|speaker| speaker.organization.is_some());
        let alone = told.is_first && told.ends && company && !told.inner.ends_with('.');
        return people.likeness == Likeness::Strong && occupation::is_job(told.inner)
            || (people.likeness >= Likeness::Medium && alone);
    }
    let several = people.speakers.len() > 1 && people.likeness > Likeness::None;
    let described = people.likeness == Likeness::Strong
        || people.speakers.iter().any(|s| s.organization.is_some() || s.alias.is_some());
    let short = told.is_first && described && told.inner.chars().count() <= SHORT;
    let named = people.likeness > Likeness::Weak || several;
    told.seat == Seat::Plain && named && (told.ends || short)
}

/// What a line says of when and where a talk was.
#[derive(Debug, Default, PartialEq)]
struct WhenAndWhere {
    room: Option<String>,
    day: Option<DayHeading>,
}

/// A line that says when and where a talk was and nothing else: `9am Friday, Room B`.
fn when_and_where(text: &str) -> Option<WhenAndWhere> {
    let parts = text.split([',', '，', '|', '｜', '/', '·', '•', ';', '@', '–']);
    let parts = parts.flat_map(|part| part.split(" - ")).map(str::trim);
    let mut told = WhenAndWhere::default();
    let mut timed = false;
    for part in parts.filter(|part| !part.is_empty()) {
        let day = DayHeading::parse(part);
        let dated = || dates::find(part).is_some() && part.chars().count() <= 24;
        let clock = |word: &str| title::is_time(word) || words().is_weekday(word);
        if day.is_some() || title::is_time(part) || dated() || part.split(' ').all(clock) {
            told.day = told.day.or(day);
            timed = true;
        } else if part.split(' ').count() <= 4 && words().is_room(part) {
            told.room = told.room.or(Some(part.to_owned()));
        } else {
            return None;
        }
    }
    timed.then_some(told)
}

/// A line without a date behind a dash: `Ada Example, Harbor — 12/04/2033`.
fn without_day(text: &str) -> &str {
    let parted = [" — ", " – ", " - ", " | "].iter().find_map(|mark| text.rsplit_once(*mark));
    match parted {
        Some((head, tail)) if dates::find(tail).is_some() => head,
        _ => text,
    }
}

/// How a line is marked up as a whole, and what is inside.
fn seat_of(text: &str) -> (Seat, &str) {
    let wrapped = |mark: &str| {
        text.strip_prefix(mark)?
            .strip_suffix(mark)
            .filter(|inner| !inner.contains(mark) && !inner.is_empty())
    };
    if let Some(quote) = text.strip_prefix('>') {
        return (Seat::Quote, quote.trim());
    }
    if let Some(inner) = wrapped("**").or_else(|| wrapped("__")) {
        return (Seat::Bold, inner);
    }
    if let Some(inner) = wrapped("*").or_else(|| wrapped("_")) {
        return (Seat::Italic, inner);
    }
    let item = ["* ", "- ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    let inner = item.unwrap_or(text).trim();
    let link = inner.starts_with('[') && inner.ends_with(')') && inner.contains("](");
    match (link, item) {
        (true, _) => (Seat::Link, inner),
        (false, Some(_)) => (Seat::Bullet, inner),
        (false, None) => (Seat::Plain, inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_around_a_line() {
        assert_eq!(without_dashes("-- by Ada Example -"), "by Ada Example");
        assert_eq!(without_dashes("— Ada Example"), "Ada Example");
        assert_eq!(without_dashes("- Ada Example"), "- Ada Example");
    }

    #[test]
    fn when_and_where_a_talk_was() {
        for (line, room) in [
            ("9am Friday, Cedar Room B", Some("Cedar Room B")),
            ("10:00-10:40 | 會議室 A", Some("會議室 A")),
            ("Vendredi 14h30, Salle 2", Some("Salle 2")),
            ("Day 2 - 15:30 – 16:30 - track 1", Some("track 1")),
            ("2031-05-14 09:30", None),
        ] {
            assert_eq!(when_and_where(line).unwrap().room.as_deref(), room, "{line}");
        }
        for line in ["Gabe Quill, Brushwood", "Room for improvement in every tide", "Room B"] {
            assert_eq!(when_and_where(line), None, "{line}");
        }
    }
}
