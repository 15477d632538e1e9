//! Which talks of a summit have notes, which sections are empty, and how notes and agenda fit.

use askama::Template;

use super::part::Head;
use super::rows::Talk;
use crate::render::Programme;
use crate::viewer::language::Language;
use crate::viewer::library::{Listed, PublishedSummit};
use crate::viewer::words::Words;

/// From this confidence on, in percent, nobody has to look whether it is so.
const CERTAIN: u8 = 95;

#[derive(Template)]
#[template(path = "coverage.html")]
struct Coverage {
    l: Language,
    head: Head,
    lines: Vec<Line>,
    stray: Vec<Talk>,
    guessed: Vec<Guess>,
}

struct Line {
    talk: Talk,
    empty: Vec<Words>,
}

/// A note that is about a session, as far as one can tell.
struct Guess {
    talk: Talk,
    session: Words,
    confidence: u8,
}

/// Those that need notes first.
pub fn main(
    l: Language,
    head: Head,
    summit: &PublishedSummit,
    talks: &[Listed<'_>],
) -> askama::Result<String> {
    let mut lines = talks.to_vec();
    lines.sort_by_key(|talk| {
        let sections = talk.note().map_or(&[][..], |note| &note.document().sections);
        let gaps = sections.iter().filter(|section| section.empty).count();
        (talk.is_written(), gaps == 0)
    });
    let none = Programme::default();
    let programme = summit.document().programme.as_ref().unwrap_or(&none);
    let named = |name: &str| {
        let talk = talks.iter().find(|talk| talk.note().is_some() && talk.card().name == name);
        talk.map(|talk| Talk::listed(l, *talk))
    };
    let guessed = programme.joined.iter().filter(|joined| joined.confidence < CERTAIN);
    let guessed = guessed.filter_map(|joined| {
        Some(Guess {
            talk: named(&joined.note)?,
            session: Words::guess(&joined.session),
            confidence: joined.confidence,
        })
    });
    Coverage {
        l,
        head,
        lines: lines.iter().map(|talk| line(l, *talk)).collect(),
        stray: programme.without_session.iter().filter_map(|name| named(name)).collect(),
        guessed: guessed.collect(),
    }
    .render()
}

fn line(l: Language, talk: Listed<'_>) -> Line {
    let document = talk.note().map(|note| note.document());
    let empty = document.into_iter().flat_map(|document| {
        let empty = document.sections.iter().filter(|section| section.empty && section.level == 2);
        empty.map(|section| Words::from_note(&section.title, &document.language))
    });
    Line { talk: Talk::listed(l, talk), empty: empty.collect() }
}
