//! What stands on the agenda of a summit: talks that have a note, and sessions that have none.

use super::published::{OpenSession, PublishedNote};
use crate::api::LinkKind;
use crate::render::Card;

/// A talk on an agenda.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'a> {
    /// Somebody wrote about it, or may.
    Note(&'a PublishedNote),
    /// A session of the official agenda without a note.
    Open(&'a OpenSession),
}

impl<'a> Listed<'a> {
    /// What the agenda shows of it.
    pub fn card(self) -> &'a Card {
        match self {
            Self::Note(note) => &note.document().card,
            Self::Open(session) => &session.card,
        }
    }

    /// Its note.
    pub fn note(self) -> Option<&'a PublishedNote> {
        match self {
            Self::Note(note) => Some(note),
            Self::Open(_) => None,
        }
    }

    /// Whether something is written about it.
    pub fn is_written(self) -> bool {
        self.note().is_some_and(|note| !note.coverage().is_empty())
    }

    /// Whether a link of this kind belongs to it.
    pub fn has_link(self, kind: LinkKind) -> bool {
        self.note().is_some_and(|note| note.has_link(kind))
    }
}
