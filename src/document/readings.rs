//! What documents of earlier revisions told, so that the cost of a revision follows what it changes.
//!
//! What a document tells is a function of its bytes, of the rules for it, and of what stands beside it. All three are
//! compared; a document is read again where one of them is another.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest as _, Sha256};

use super::parsed::Document;
use super::reader::{Decoded, Reader};
use super::reading::beside::{Beside, Facts, Repository};
use super::report::Report;
use super::stated::Stated;
use super::{Collection, ReadOptions, SourceFile, text};
use crate::api::{DraftPolicy, Format};

/// How much is kept of all repositories together, in bytes. The texts are not, since the next revision brings them along; without its text a talk
/// takes about one kilobyte. Documents for which there is no room are read again each time.
const MOST: usize = 24 * 1024 * 1024;

/// Bytes between the notes of two talks in which the second is looked for.
const BETWEEN: usize = 4096;

/// The room for what is kept, which several [`Readings`] share. Clones are the same room.
#[derive(Clone, Debug, Default)]
pub struct KeepingRoom(Arc<AtomicUsize>);

impl KeepingRoom {
    /// Takes `bytes`, if there are as many left.
    fn take(&self, bytes: usize) -> bool {
        let more = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= MOST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.0.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What was read before. It is kept by path, with digests in place of texts.
#[derive(Default)]
pub struct Readings {
    kept: HashMap<String, Kept>,
    weight: usize,
    room: KeepingRoom,
    /// Whether this is the only time.
    once: bool,
}

/// What a document is read from, whatever stands beside it.
#[derive(PartialEq)]
struct Source {
    digest: [u8; 32],
    format: Format,
    drafts: DraftPolicy,
    namespace: Option<String>,
    stated: Stated,
}

/// A document as it was read.
struct Kept {
    source: Source,
    /// None of a file that is no document in Markdown, or whose structure cannot be read.
    facts: Option<Facts>,
    /// Whether it is a text in Markdown.
    is_text: bool,
    beside: Beside,
    told: Reader,
    /// Where the Markdown of what it told stands in its text, in the order of [`Reader::markdown_parts`].
    slices: Vec<Option<(usize, usize)>>,
}

/// A file on its way.
struct Begun<'f> {
    file: &'f SourceFile,
    source: Source,
    /// As it was read before, from the same source.
    known: Option<Kept>,
    told: Reader,
}

/// The structure of a document, what it tells about the others, and what was reported so far.
type Parsed<'t> = (Document<'t>, Facts, Report);

impl Drop for Readings {
    fn drop(&mut self) {
        self.room.give_back(self.weight);
    }
}

impl Readings {
    /// Nothing is kept yet; what will be takes its part of `room`.
    pub fn within(room: &KeepingRoom) -> Self {
        let mut readings = Self::default();
        readings.room = room.clone();
        readings
    }

    /// Nothing is kept, as nobody will ask again.
    pub(super) fn once() -> Self {
        let mut readings = Self::default();
        readings.once = true;
        readings
    }

    /// Reads all documents together, as [`super::read`] does, and keeps what they told for the next time. What is not
    /// among `files` is forgotten.
    pub fn read(&mut self, files: &[SourceFile], options: ReadOptions) -> Collection {
        let mut files: Vec<&SourceFile> = files.iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut reader = Reader::new(options);
        reader.rules(&mut files);
        let (mut begun, mut texts) = (Vec::new(), Vec::new());
        let mut before = std::mem::take(&mut self.kept);
        self.room.give_back(std::mem::take(&mut self.weight));
        for file in files {
            let source = self.source(file, &reader);
            let known = before.remove(&file.path).filter(|kept| kept.source == source);
            let mut told = reader.part();
            texts.push(if known.is_none() { told.decode(file) } else { None });
            begun.push(Begun { file, source, known, told });
        }
        drop(before);
        let parsed = begun.iter_mut().zip(&texts);
        let parsed: Vec<Option<Parsed<'_>>> = parsed
            .map(|(own, text)| parse(&mut own.told, text.as_ref()?, &own.source.stated))
            .collect();
        let facts = begun.iter().zip(&parsed).filter_map(|(own, parsed)| {
            Some((own.file.path.as_str(), own.facts(parsed.as_ref())?))
        });
        let texts: Vec<bool> =
            begun.iter().zip(&texts).map(|(own, text)| own.is_text(text.as_ref())).collect();
        let paths = begun.iter().zip(&texts).filter(|(_, is_text)| **is_text);
        let paths = paths.map(|(own, _)| own.file.path.as_str()).collect();
        let repository = Repository::of(facts, paths, reader.options());
        for ((own, is_text), parsed) in begun.into_iter().zip(texts).zip(parsed) {
            self.take(own, is_text, parsed, &repository, &mut reader);
        }
        reader.finish()
    }

    fn source(&self, file: &SourceFile, reader: &Reader) -> Source {
        let digest = if self.once { [0; 32] } else { Sha256::digest(&file.content).into() };
        let ReadOptions { format, drafts, ref namespace, .. } = *reader.options();
        let (namespace, stated) = (namespace.clone(), reader.stated(&file.path));
        Source { digest, format, drafts, namespace, stated }
    }

    /// Takes what a file told, and keeps it.
    fn take(
        &mut self,
        begun: Begun<'_>,
        is_text: bool,
        parsed: Option<Parsed<'_>>,
        repository: &Repository<'_>,
        reader: &mut Reader,
    ) {
        let path = begun.file.path.as_str();
        let facts = begun.facts(parsed.as_ref());
        let beside = facts.map(|facts| repository.about(path, facts)).unwrap_or_default();
        let Begun { file, source, known, mut told } = begun;
        let was_known = known.is_some();
        if let Some(kept) = known.filter(|kept| kept.beside == beside) {
            reader.absorb(path, kept.whole(file));
            self.keep(path, kept);
            return;
        }
        let facts = match parsed {
            Some((document, facts, report)) => {
                told.read(document, &beside, report);
                Some(facts)
            }
            None if !was_known => None,
            // What stands beside it is not what it was.
            None => told.decode(file).and_then(|text| {
                let (document, facts, report) = parse(&mut told, &text, &source.stated)?;
                told.read(document, &beside, report);
                Some(facts)
            }),
        };
        if self.once {
            reader.absorb(path, told);
            return;
        }
        reader.absorb(path, told.clone());
        let kept = Kept { source, facts, is_text, beside, told, slices: Vec::new() };
        self.keep(path, kept.without_text(file));
    }

    fn keep(&mut self, path: &str, kept: Kept) {
        let weight = kept.weight() + path.len();
        if self.room.take(weight) {
            self.weight += weight;
            self.kept.insert(path.to_owned(), kept);
        }
    }

    /// How many bytes are kept, about.
    pub fn weight(&self) -> usize {
        self.weight
    }
}

impl Begun<'_> {
    fn facts<'a>(&'a self, parsed: Option<&'a Parsed<'_>>) -> Option<&'a Facts> {
        let known = self.known.as_ref().and_then(|kept| kept.facts.as_ref());
        known.or_else(|| parsed.map(|(_, facts, _)| facts))
    }

    fn is_text(&self, text: Option<&Decoded<'_>>) -> bool {
        text.is_some() || self.known.as_ref().is_some_and(|kept| kept.is_text)
    }
}

fn parse<'t>(told: &mut Reader, text: &'t Decoded<'_>, stated: &Stated) -> Option<Parsed<'t>> {
    let (mut document, report) = told.parse(text)?;
    document.stated = stated.clone();
    let facts = Facts::of(&document);
    Some((document, facts, report))
}

impl Kept {
    /// What the document told, without the Markdown that stands in its text.
    fn without_text(mut self, file: &SourceFile) -> Self {
        let text = text::normal(&file.content).unwrap_or_default();
        // What is told in the order of the text is found in one pass over it.
        let mut at = 0;
        let slices = self.told.markdown_parts().map(|part| {
            let own = part.as_mut().filter(|own| !own.is_empty())?;
            let end = text.floor_char_boundary(at + own.len() + BETWEEN);
            let start = at + text.get(at..end)?.find(own.as_str())?;
            at = start + own.len();
            *own = String::new();
            Some((start, at))
        });
        self.slices = slices.collect();
        self
    }

    /// What the document told, with the Markdown that stands in its text.
    fn whole(&self, file: &SourceFile) -> Reader {
        let mut told = self.told.clone();
        if self.slices.iter().any(Option::is_some) {
            let text = text::normal(&file.content).unwrap_or_default();
            for (part, slice) in told.markdown_parts().zip(&self.slices) {
                let slice = slice.and_then(|(start, end)| text.get(start..end));
                if let Some(slice) = slice {
                    *part = Some(slice.to_owned());
                }
            }
        }
        told
    }

    fn weight(&self) -> usize {
        let facts = self.facts.as_ref().map_or(0, Facts::weight);
        let slices = self.slices.len() * size_of::<Option<(usize, usize)>>();
        size_of::<Self>() + facts + self.told.weight() + slices
    }
}
