//! The first lines under a title: names in bold, italics, a quote, a link or alone.

use super::by_words::{behind_by, behind_weak_word};
use super::byline;
use super::credits::{Under, labelled, stated_day};
use super::name_confidence::NameConfidence;
use super::people::{Expected, People};
use super::positions::{Credit, SpeakerPosition};
use super::prose;
use super::{handles, occupation};
use crate::api::LinkKind;
use crate::document::dates;
use crate::document::markdown::outline::Line;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::title::{is_symbol, plain};
use crate::document::words::words;

/// Lines under a title that may say who speaks.
const NEAR: usize = 4;
/// Longest line, in characters, that names people though text goes on under it.
const SHORT: usize = 60;

/// A line that may say who speaks.
struct Told<'a> {
    text: &'a str,
    position: SpeakerPosition,
    /// The text without the marks around it and without a day.
    inner: &'a str,
    /// Whether it is the first that says anything.
    is_first: bool,
    /// Whether no text goes on under it.
    ends: bool,
}

impl Under {
    /// Names in bold, italics, a quote, a link or alone on one of the first lines.
    pub(super) fn near(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let mut count = 0;
        for (index, line) in lines.iter().enumerate() {
            if matches!(line.kind, LineKind::Blank | LineKind::Opaque) || is_aside(line) {
                continue;
            }
            if count == NEAR {
                break;
            }
            let text = line.text.trim().trim_end_matches('\\').trim_end();
            let text = text.trim_start_matches(|c| is_symbol(c) || c == ' ');
            count += 1;
            if labelled(text).is_some() {
                continue;
            }
            let (position, inner) = seat_of(without_dashes(text));
            self.day = self.day.or_else(|| stated_day(inner));
            let next = lines.get(index + 1);
            let ends = next.is_none_or(|next| match next.kind {
                LineKind::Text => false,
                LineKind::Item { .. } => position != SpeakerPosition::Bullet,
                _ => true,
            });
            let inner = without_day(inner);
            self.line(&Told { text, position, inner, is_first: count == 1, ends });
        }
    }

    fn line(&mut self, told: &Told<'_>) {
        let (position, inner) = (told.position, told.inner);
        if self.handle_line(told) {
            return;
        }
        if told.is_first
            && position == SpeakerPosition::Plain
            && let Some(people) = prose::speakers(inner)
        {
            self.credits.push(Credit { position: SpeakerPosition::ByLine, title: None, people });
        } else if let Some(people) = Some(inner).filter(|_| told.is_first).and_then(linked_subject)
        {
            self.credits.push(Credit { position: SpeakerPosition::Linked, title: None, people });
        } else if let Some(names) = behind_by(inner) {
            self.credit(SpeakerPosition::ByLine, names);
        } else if let Some(people) = behind_weak_word(inner) {
            self.credits.push(Credit { position: SpeakerPosition::ByLine, title: None, people });
        } else if self.credits.is_empty() && is_name_line(told) {
            self.credit(SpeakerPosition::NameLine, inner);
        } else if !self.credits.iter().any(|credit| credit.position == position) {
            self.credit(position, inner);
        }
    }

    /// Handles alone are those of the people who are named elsewhere, or else say who speaks.
    fn handle_line(&mut self, told: &Told<'_>) -> bool {
        let handles =
            handles::of_line(told.text).filter(|_| told.position != SpeakerPosition::Bullet);
        let sure = told.is_first || !self.credits.is_empty();
        if let Some(handles) = &handles {
            self.handles(handles, if sure { NameConfidence::Strong } else { NameConfidence::Weak });
        }
        handles.is_some()
    }
}

/// A line that says nothing of who speaks: a rule, an image, a link or a kind alone.
fn is_aside(line: &Line<'_>) -> bool {
    let text = line.text.trim();
    let rule = text.len() >= 3 && text.chars().all(|c| "-*_= ".contains(c));
    let bare = text.starts_with(['!', '<']) || text.starts_with("http");
    let inner = plain(text.trim_start_matches(['>', ' ']));
    let linked = text.contains("](") || inner.chars().count() <= 12;
    let by = behind_by(text.trim_start_matches(['>', '*', '_', ' '])).is_some();
    let media = linked && !by && words().link_kind(&inner, "") != LinkKind::Reference;
    rule || bare || media || words().talk_kind(&inner).is_some()
}

/// The people of the link that a sentence begins with: `[Name](…) has been at Harbor since …`.
fn linked_subject(text: &str) -> Option<People> {
    let (name, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (_, sentence) = rest.split_once(") ")?;
    let people = People::parse(&plain(name));
    let follows = sentence.starts_with(char::is_alphabetic);
    (follows && people.name_confidence >= NameConfidence::Medium).then_some(people)
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
    if told.position == SpeakerPosition::Bullet {
        // One item alone that says a name and a company is no list.
        let company = people.speakers.iter().any(|speaker| speaker.organization.is_some());
        let alone = told.is_first && told.ends && company && !told.inner.ends_with('.');
        return people.name_confidence == NameConfidence::Strong && occupation::is_job(told.inner)
            || (people.name_confidence >= NameConfidence::Medium && alone);
    }
    let several = people.speakers.len() > 1 && people.name_confidence > NameConfidence::None;
    let described = people.name_confidence == NameConfidence::Strong
        || people.speakers.iter().any(|s| s.organization.is_some() || s.alias.is_some());
    let short = told.is_first && described && told.inner.chars().count() <= SHORT;
    let named = people.name_confidence > NameConfidence::Weak || several;
    told.position == SpeakerPosition::Plain && named && (told.ends || short)
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
fn seat_of(text: &str) -> (SpeakerPosition, &str) {
    let wrapped = |mark: &str| {
        text.strip_prefix(mark)?
            .strip_suffix(mark)
            .filter(|inner| !inner.contains(mark) && !inner.is_empty())
    };
    if let Some(quote) = text.strip_prefix('>') {
        return (SpeakerPosition::Quote, quote.trim());
    }
    if let Some(inner) = wrapped("**").or_else(|| wrapped("__")) {
        return (SpeakerPosition::Bold, inner);
    }
    if let Some(inner) = wrapped("*").or_else(|| wrapped("_")) {
        return (SpeakerPosition::Italic, inner);
    }
    let item = ["* ", "- ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    let inner = item.unwrap_or(text).trim();
    let link = inner.starts_with('[') && inner.ends_with(')') && inner.contains("](");
    match (link, item) {
        (true, _) => (SpeakerPosition::Link, inner),
        (false, Some(_)) => (SpeakerPosition::Bullet, inner),
        (false, None) => (SpeakerPosition::Plain, inner),
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
}
