//! What is kept of a document.

use super::{BETWEEN, Kept, Slice};
use crate::document::files::{KeptText, text_digest};
use crate::document::reader::Reader;
use crate::document::reading::beside::Facts;
use crate::document::{limits, text};

impl Kept {
    /// What the document told, without the Markdown of talks that stands in its text. One that is too long for an
    /// object stays, since it is told to be.
    pub(super) fn without_texts(mut self, content: &[u8]) -> Self {
        let text = text::normal(content).unwrap_or_default();
        // What is told in the order of the text is found in one pass over it.
        let mut at = 0;
        let fits = |own: &&mut String| !own.is_empty() && own.len() <= limits::MAX_MARKDOWN;
        let slices = self.told.talk_texts().map(|(markdown, _)| {
            let own = markdown.as_mut().filter(fits)?;
            let end = text.floor_char_boundary(at + own.len() + BETWEEN);
            let from = at + text.get(at..end)?.find(own.as_str())?;
            at = from + own.len();
            let digest = text_digest(own);
            *markdown = None;
            Some(Slice { from, to: at, digest })
        });
        self.slices = slices.collect();
        self
    }

    /// What the document at `path` told, with the Markdown of its talks, or where that stands.
    pub(super) fn told(&self, path: &str, content: Option<&[u8]>) -> Reader {
        let mut told = self.told.clone();
        let text = content.map(|content| text::normal(content).unwrap_or_default());
        for ((markdown, kept), slice) in told.talk_texts().zip(&self.slices) {
            let Some(Slice { from, to, digest }) = slice else { continue };
            let (from, to, digest) = (*from, *to, *digest);
            match &text {
                Some(text) => *markdown = text.get(from..to).map(str::to_owned),
                None => *kept = Some(KeptText { document: path.to_owned(), digest, from, to }),
            }
        }
        told
    }

    pub(super) fn weight(&self) -> usize {
        let facts = self.facts.as_ref().map_or(0, Facts::weight);
        let slices = self.slices.len() * size_of::<Option<Slice>>();
        size_of::<Self>() + facts + self.told.weight() + slices
    }
}
