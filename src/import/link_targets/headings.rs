//! Which heading the end of a link means, by the spelling of any program.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use crate::api::TalkNoteSpec;
use crate::document::Imported;
use crate::import::contents::{Contents, Markdown};

/// What stands before each id of a page.
const PREFIX: &str = "note-";
/// What GitHub puts before ids.
const GITHUB: &str = "user-content-";

/// The headings of pages and documents.
pub(super) struct Headings<'h, E> {
    pub documents: &'h Contents<'h, E>,
    ids: &'h dyn Fn(Markdown<'_>) -> Arc<[String]>,
}

impl<'h, E> Headings<'h, E> {
    /// `ids` gives the ids on the page of a Markdown.
    pub fn new(
        documents: &'h Contents<'h, E>,
        ids: &'h impl Fn(Markdown<'_>) -> Arc<[String]>,
    ) -> Self {
        Self { documents, ids }
    }

    /// The id on the page of `markdown` that `id` means: itself, or the first that differs only in case,
    /// normal form and signs.
    pub fn find(&self, markdown: Markdown<'_>, id: &str) -> Option<String> {
        if markdown.is_empty() {
            return None;
        }
        let ids = (self.ids)(markdown);
        let id = id.strip_prefix(GITHUB).unwrap_or(id);
        let exact = format!("{PREFIX}{id}");
        let bare = letters(id);
        let alike = |own: &&String| {
            !bare.is_empty() && letters(own.strip_prefix(PREFIX).unwrap_or(own)) == bare
        };
        let found = ids.iter().find(|own| **own == exact).or_else(|| ids.iter().find(alike));
        found.filter(|found| super::fits(found)).cloned()
    }

    /// Whether `id` is that of the title of `note`, as the document at `path` has it.
    pub fn are_about(&self, note: &Imported<TalkNoteSpec>, path: &str, id: &str) -> bool {
        let id = letters(id.strip_prefix(GITHUB).unwrap_or(id));
        let also = note.also.iter().filter(|place| place.path == path).map(|place| place.line);
        let own = Some(note.line).filter(|_| note.path == path);
        let written = own.into_iter().chain(also).filter_map(|line| self.line(path, line));
        let titles = written.chain([note.spec.title.clone()]);
        !id.is_empty() && titles.into_iter().any(|title| letters(&title) == id)
    }

    fn line(&self, path: &str, line: usize) -> Option<String> {
        let text = self.documents.get(path)?;
        let line = text.split(|byte| *byte == b'\n').nth(line.checked_sub(1)?)?;
        Some(String::from_utf8_lossy(line).into_owned())
    }
}

/// The letters and digits of `text`: what programs that make ids of headings leave as it is.
fn letters(text: &str) -> String {
    text.nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
