//! Which talks of a summit have notes, and which sections are empty.

use askama::Template;

use super::part::Head;
use super::rows::Talk;
use crate::viewer::language::Language;
use crate::viewer::library::PublishedNote;
use crate::viewer::words::Words;

#[derive(Template)]
#[template(path = "coverage.html")]
struct Coverage {
    l: Language,
    head: Head,
    lines: Vec<Line>,
}

struct Line {
    talk: Talk,
    empty: Vec<Words>,
}

/// Those that need notes first.
pub fn main(l: Language, head: Head, notes: &[&PublishedNote]) -> askama::Result<String> {
    let mut notes = notes.to_vec();
    notes.sort_by_key(|note| {
        let gaps = note.document().sections.iter().filter(|section| section.empty).count();
        (!note.coverage().is_empty(), gaps == 0)
    });
    let line = |note: &&PublishedNote| {
        let document = note.document();
        let empty = document.sections.iter().filter(|section| section.empty && section.level == 2);
        Line {
            talk: Talk::new(l, &document.card, Some(note)),
            empty: empty
                .map(|section| Words::from_note(&section.title, &document.language))
                .collect(),
        }
    };
    Coverage { l, head, lines: notes.iter().map(line).collect() }.render()
}
