//! What documents of earlier revisions told, so that the cost of a revision follows what it changes.
//!
//! What a document tells is a function of its bytes, of the rules for it, and of what stands beside it. All three are
//! compared; a document is read again where one of them is another.

mod begun;
mod kept;

use std::collections::{BTreeSet, HashMap};

use super::collect::Joined;
use super::files::{ContentId, Files, Loaded, TextDigest};
use super::keeping_room::KeepingRoom;
use super::reader::Reader;
use super::reading::beside::{Beside, Facts, Repository};
use super::selection::RULES_FILE;
use super::stated::Stated;
use super::{Collection, ReadOptions, SourceFile};
use crate::api::{DraftPolicy, Format};
use begun::{Begun, Glanced, Parsed, parse};

/// Bytes between the notes of two talks in which the second is looked for.
const BETWEEN: usize = 4096;

/// Bytes of documents whose structure is in memory at once. Of what is beyond, only the facts are kept until all are
/// known, and it is parsed a second time.
const PARSED: usize = 8 * 1024 * 1024;

/// Most bytes of documents that are in memory while a revision is read.
pub const READ_AT_ONCE: u64 = PARSED as u64 + 2 * super::text::MAX_DOCUMENT as u64;

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
    /// Bytes of documents whose structure is in memory at once, where that is not [`PARSED`].
    at_once: Option<usize>,
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

    /// Holds the structure of documents with so many bytes at once; 8 MiB where this is not said.
    pub fn holding(self, bytes: usize) -> Self {
        let mut readings = self;
        readings.at_once = Some(bytes);
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

    /// Reads as [`Self::read`] does, but no document of which all is known, and not all at once: notes have
    /// [`KeptText`] in place of their Markdown.
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
        let mut room = self.at_once.unwrap_or(PARSED);
        for (path, id) in list {
            let source = source(path, id, &reader);
            let known = before.remove(path).filter(|kept| kept.source == source);
            let wants_texts = needed == Texts::All || self.joined.contains(path);
            let needs = known.is_none() || wants_texts;
            let mut content = if needs { files.read(path)? } else { None };
            let (mut told, mut glanced) = (reader.part(), None);
            if let Some(found) = content.as_ref().filter(|_| known.is_none()) {
                room = room.saturating_sub(found.len());
                if room == 0 && !self.once {
                    glanced = Some(Glanced::at(path, found, &source, reader.part()));
                    content = None;
                }
            }
            texts.push(match &content {
                Some(content) if known.is_none() => told.decode(path, content),
                _ => None,
            });
            begun.push(Begun { path, content, source, known, glanced, wants_texts, told });
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
        let Begun { path, content, source, known, glanced, wants_texts, mut told } = begun;
        let is_to_be_read = known.is_some() || glanced.is_some();
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
            None if !is_to_be_read => None,
            // What stands beside it is not what it was, or was not known yet.
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
        let kept = Kept { source, facts, is_text, beside, told, slices: Vec::new() };
        let kept = kept.without_texts(&content);
        reader.absorb(path, kept.told(path, Some(&*content).filter(|_| wants_texts)));
        self.keep(path, kept);
        Ok(())
    }

    fn keep(&mut self, path: &str, kept: Kept) {
        let weight = kept.weight() + path.len();
        if self.room.take(weight) {
            self.weight += weight;
            self.kept.insert(path.to_owned(), kept);
        }
    }

    /// Whether all is known that the file at `path` with that content tells.
    pub fn knows(&self, path: &str, content: &ContentId) -> bool {
        self.kept.get(path).is_some_and(|kept| kept.source.content == *content)
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
