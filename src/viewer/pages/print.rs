//! All notes of a summit on one page, to print or to keep.

use askama::Template;
use url::Url;

use super::part::Head;
use super::rows::Talk;
use crate::viewer::base::NOWHERE;
use crate::viewer::language::Language;
use crate::viewer::library::{Listed, PublishedNote};
use crate::viewer::relink::reattribute;
use crate::viewer::words;

/// Attributes that hold ids, lists of them, or addresses.
const NAMES: [&str; 5] = ["id", "href", "src", "aria-labelledby", "aria-describedby"];

#[derive(Template)]
#[template(path = "print.html")]
struct Print {
    l: Language,
    head: Head,
    notes: Vec<Note>,
}

struct Note {
    number: usize,
    talk: Talk,
    when: String,
    lang: String,
    direction: Option<&'static str>,
    html: String,
}

/// The notes that say something.
pub fn main(l: Language, head: Head, talks: &[Listed<'_>]) -> askama::Result<String> {
    let written = talks.iter().filter(|talk| talk.is_written()).filter_map(|talk| talk.note());
    let notes = (1_usize..).zip(written).map(|(number, note)| of(l, number, note)).collect();
    Print { l, head, notes }.render()
}

fn of(l: Language, number: usize, note: &PublishedNote) -> Note {
    let document = note.document();
    let card = &document.card;
    let time = card.start_time.clone();
    Note {
        number,
        talk: Talk::new(l, card, Some(note)),
        when: l.list([card.day.as_deref().map(|day| l.day(day)), time, card.room.clone()]),
        lang: document.language.clone(),
        direction: document.direction.map(words::direction),
        html: apart(&note.html(), number, &note.page().to_string()),
    }
}

/// `html` of the note at `page` with ids that no other note has, and links that still lead where they led. Its
/// sections go by the name of the talk, too: those of all talks are called alike.
fn apart(html: &str, number: usize, page: &str) -> String {
    reattribute(html, &NAMES, |name, value| match (name, value.strip_prefix('#')) {
        ("href", Some(id)) => Some(format!("#{number}-{id}")),
        ("href" | "src", None) => from_root(value, page),
        _ => {
            let talk = (name == "aria-labelledby").then(|| format!("talk-{number}"));
            let ids = value.split_whitespace().map(|id| format!("{number}-{id}"));
            Some(talk.into_iter().chain(ids).collect::<Vec<_>>().join(" "))
        }
    })
}

/// A path that is meant from `page` on; none for other addresses.
fn from_root(link: &str, page: &str) -> Option<String> {
    let here = Url::parse(NOWHERE).ok()?.join(page).ok()?;
    let there = here.join(link).ok().filter(|there| there.origin() == here.origin())?;
    there.as_str().strip_prefix(NOWHERE).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_two_notes_are_apart_and_links_follow() {
        let html = "<section aria-labelledby=\"note-a note-b\"><h2 id=\"note-a\">id=\"x\"</h2>\
            <a href=\"#note-a\">up</a><a href=\"https://x/#y\">out</a><img src=\"c/image-1\"><a href=\"../d/e\">d</a></section>";
        let expected = "<section aria-labelledby=\"talk-2 2-note-a 2-note-b\"><h2 id=\"2-note-a\">id=\"x\"</h2>\
            <a href=\"#2-note-a\">up</a><a href=\"https://x/#y\">out</a><img src=\"/a/b/c/image-1\"><a href=\"/a/d/e\">d</a></section>";
        assert_eq!(apart(html, 2, "/a/b/c"), expected);
    }
}
