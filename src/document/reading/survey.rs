//! A document while its readings are compared: what many of them ask of it is read once.

use std::cell::RefCell;
use std::collections::HashMap;

use super::evidence::Topic;
use super::roles::Segment;
use super::talk_draft::{self, Direct, TalkDraft};
use crate::document::markdown::outline::{BOLD, Heading};
use crate::document::parsed::Document;

/// A document with what has been seen of it.
pub(super) struct Survey<'a, 'd> {
    pub document: &'a Document<'d>,
    pub topic: Topic,
    direct: RefCell<HashMap<Extent, Direct>>,
}

/// What a [`Direct`] depends on: whether its heading is a line that stands for one, the lines of the
/// heading, and the line after the last below it.
type Extent = (Option<u8>, usize, usize, usize);

impl<'a, 'd> Survey<'a, 'd> {
    pub fn of(document: &'a Document<'d>) -> Self {
        Self { document, topic: Topic::of(document), direct: RefCell::default() }
    }

    /// The heading of a segment as a talk, with what stands in and directly under it, and with
    /// nothing yet of what stands above it.
    pub fn draft(&self, headings: &[Heading], segment: &Segment, heading: &Heading) -> TalkDraft {
        let child = talk_draft::children(headings, segment).next();
        let end = child.map_or(segment.end, |child| child.line);
        self.direct(segment, heading, end).into_draft(segment, child)
    }

    fn direct(&self, segment: &Segment, heading: &Heading, end: usize) -> Direct {
        let as_line = Some(heading.level).filter(|level| *level >= BOLD);
        let extent = (as_line, segment.start, segment.body, end);
        if let Some(known) = self.direct.borrow().get(&extent) {
            return known.clone();
        }
        let direct = Direct::of(self.document, segment, heading, end);
        self.direct.borrow_mut().insert(extent, direct.clone());
        direct
    }
}
