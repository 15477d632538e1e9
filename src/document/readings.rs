//! What documents of earlier revisions told, so that the cost of a revision follows what it changes.
//!
//! What a document tells is a function of its bytes, of the rules for it, and of what stands beside it. All three are
//! compared; a document is read again where one of them is another.

mod kept;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::collect::Joined;
use super::files::{ContentId, Files, Loaded, TextDigest};
use super::keeping_room::KeepingRoom;
use super::parsed::Document;
use super::reader::{Decoded, Reader};
use super::reading::beside::{Beside, Facts, Repository};
use super::report::Report;
use super::selection::RULES_FILE;
use super::stated::Stated;
use super::{Collection, ReadOptions, SourceFile};
use crate::api::{DraftPolicy, Format};

/// Bytes between the notes of two talks in which the second is looked for.
const BETWEEN: usize = 4096;

/// Readings of one revision, after which every text is read. Which texts must be read is known after the first.
const MOST_PASSES: usize = 3;

/// What was read before. It is kept by path, with digests in place of texts.
#[derive(Default)]
pub struct Readings {
    kept: HashMap<String, Kept>,
    /// Documents with texts that became one with others: these are read each time.
    joined: BTreeSet<String>,
    weight: usize,
    room: KeepingRoom,
    /// Whether this is the only time.
    once: bool,
}

/// Whose texts are read.
#[derive(Clone, Copy, PartialEq)]
enum Texts {
    All,
    /// Of documents that changed, and of those whose texts became one with others.
    Needed,
}

/// What a document is read from, whatever stands beside it.
#[derive(PartialEq)]
struct Source {
    content: ContentId,
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
    /// What it told. The Markdown of its talks is taken out where it stands in the document like that.
    told: Reader,
    /// Where the Markdown of each talk stands that was taken out.
    slices: Vec<Option<Slice>>,
}

/// A part of a document's text.
struct Slice {
    from: usize,
    to: usize,
    digest: TextDigest,
}

/// A file on its way.
struct Begun<'f> {
    path: &'f str,
    /// None where it was not needed so far.
    content: Option<Cow<'f, [u8]>>,
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
    pub fn read(&mut self, files: &[SourceFile], options: &ReadOptions) -> Collection {
        let files = if self.once { Loaded::once(files) } else { Loaded::new(files) };
        let Ok((collection, joined)) = self.pass(&files, options, Texts::All);
        self.joined = joined.documents;
        collection
    }

    /// Reads as [`Self::read`] does, but no document of which all is known: the notes of these have [`KeptText`] in
    /// place of their Markdown.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn read_changes<F: Files + ?Sized>(
        &mut self,
        files: &F,
        options: &ReadOptions,
    ) -> Result<Collection, F::Error> {
        for _ in 0..MOST_PASSES {
            let (collection, joined) = self.pass(files, options, Texts::Needed)?;
            if !joined.unread {
                self.joined = joined.documents;
                return Ok(collection);
            }
            self.joined.extend(joined.documents);
        }
        Ok(self.pass(files, options, Texts::All)?.0)
    }

    fn pass<F: Files + ?Sized>(
        &mut self,
        files: &F,
        options: &ReadOptions,
        needed: Texts,
    ) -> Result<(Collection, Joined), F::Error> {
        let mut reader = Reader::new(options.clone());
        let mut list = files.list();
        list.retain(|(path, _)| *path != RULES_FILE);
        reader.rules(files.read(RULES_FILE)?.as_deref(), list.iter().map(|(path, _)| *path));
        let (mut begun, mut texts) = (Vec::new(), Vec::new());
        let mut before = std::mem::take(&mut self.kept);
        self.room.give_back(std::mem::take(&mut self.weight));
        for (path, id) in list {
            let source = source(path, id, &reader);
            let known = before.remove(path).filter(|kept| kept.source == source);
            let needs = known.is_none() || needed == Texts::All || self.joined.contains(path);
            let content = if needs { files.read(path)? } else { None };
            let mut told = reader.part();
            texts.push(match &content {
                Some(content) if known.is_none() => told.decode(path, content),
                _ => None,
            });
            begun.push(Begun { path, content, source, known, told });
        }
        drop(before);
        let parsed = begun.iter_mut().zip(&texts);
        let parsed: Vec<Option<Parsed<'_>>> = parsed
            .map(|(own, text)| parse(&mut own.told, text.as_ref()?, &own.source.stated))
            .collect();
        let facts = begun
            .iter()
            .zip(&parsed)
            .filter_map(|(own, parsed)| Some((own.path, own.facts(parsed.as_ref())?)));
        let texts: Vec<bool> =
            begun.iter().zip(&texts).map(|(own, text)| own.is_text(text.as_ref())).collect();
        let paths = begun.iter().zip(&texts).filter(|(_, is_text)| **is_text);
        let paths = paths.map(|(own, _)| own.path).collect();
        let repository = Repository::of(facts, paths, reader.options());
        for ((own, is_text), parsed) in begun.into_iter().zip(texts).zip(parsed) {
            self.take(own, is_text, parsed, &repository, files, &mut reader)?;
        }
        Ok(reader.finish())
    }

    /// Takes what a file told, and keeps it.
    fn take<F: Files + ?Sized>(
        &mut self,
        begun: Begun<'_>,
        is_text: bool,
        parsed: Option<Parsed<'_>>,
        repository: &Repository<'_>,
        files: &F,
        reader: &mut Reader,
    ) -> Result<(), F::Error> {
        let facts = begun.facts(parsed.as_ref());
        let beside = facts.map(|facts| repository.about(begun.path, facts)).unwrap_or_default();
        let Begun { path, content, source, known, mut told } = begun;
        let was_known = known.is_some();
        if let Some(kept) = known.filter(|kept| kept.beside == beside) {
            reader.absorb(path, kept.told(path, content.as_deref()));
            self.keep(path, kept);
            return Ok(());
        }
        let content = match content {
            Some(content) => content,
            None => files.read(path)?.unwrap_or_default(),
        };
        let facts = match parsed {
            Some((document, facts, report)) => {
                told.read(document, &beside, report);
                Some(facts)
            }
            None if !was_known => None,
            // What stands beside it is not what it was.
            None => told.decode(path, &content).and_then(|text| {
                let (document, facts, report) = parse(&mut told, &text, &source.stated)?;
                told.read(document, &beside, report);
                Some(facts)
            }),
        };
        if self.once {
            reader.absorb(path, told);
            return Ok(());
        }
        reader.absorb(path, told.clone());
        let kept = Kept { source, facts, is_text, beside, told, slices: Vec::new() };
        self.keep(path, kept.without_texts(&content));
        Ok(())
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

fn source(path: &str, content: ContentId, reader: &Reader) -> Source {
    let ReadOptions { format, drafts, ref namespace, .. } = *reader.options();
    let (namespace, stated) = (namespace.clone(), reader.stated(path));
    Source { content, format, drafts, namespace, stated }
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
