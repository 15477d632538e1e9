//! Links from document to document: which files and headings are meant, and which pages those became.

mod files;
mod headings;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::contents::{Contents, Markdown};
use super::images::places::place_in;
use super::texts::{Text, TextOf, texts};
use crate::api::{LinkTarget, Publication, TalkNoteSpec};
use crate::document::report::{self, Place};
use crate::document::text::first_chars;
use crate::document::{Code, Collection, Imported};
use files::{Files, Link};
use headings::Headings;

/// Links of a note or overview, as the schema has it.
const MAX_LISTED: usize = 200;
/// Bytes of all paths that the links of a repository may mean.
const MAX_PATHS: usize = 32 * 1024 * 1024;
/// Characters of an anchor, as the schema has it.
const MAX_ANCHOR: usize = 253;

/// The links that the notes and overviews of a collection have as paths.
#[derive(Debug)]
pub struct LinkReferences {
    found: Vec<Reference>,
}

#[derive(Debug)]
struct Reference {
    text: TextOf,
    source: String,
    /// Documents that the text was written in.
    documents: Vec<String>,
}

/// What a link means.
enum Meant {
    /// What it says is what it leads to.
    Itself,
    Page(LinkTarget),
    /// The page, and that the heading is not there.
    PageWithout(LinkTarget),
    /// A heading of the same page that is not there.
    NoHeading,
    /// A file of the repository that is not published, and where it can be seen.
    File(String, Option<String>),
    NoFile,
}

impl LinkReferences {
    /// Looks for links in all notes and overviews of `collection`; `sources` gives the paths that Markdown
    /// has, and `#id` for links to places on its own page.
    pub fn new(collection: &Collection, sources: impl Fn(Markdown<'_>) -> Vec<String>) -> Self {
        let (mut found, mut bytes) = (Vec::new(), 0_usize);
        let texts =
            texts(collection, |note| !note.targets.is_empty(), |own| !own.targets.is_empty());
        for Text { of: text, markdown, documents } in texts {
            for source in sources(markdown).into_iter().take(MAX_LISTED) {
                let paths = documents.iter().map(|path| path.len() + source.len());
                bytes += paths.sum::<usize>() * files::CANDIDATES;
                if bytes > MAX_PATHS {
                    return Self { found };
                }
                // Footnotes are the renderer's own.
                if !source.starts_with("#fn") {
                    let documents = documents.iter().map(|path| (*path).to_owned()).collect();
                    found.push(Reference { text, source, documents });
                }
            }
        }
        Self { found }
    }

    /// Whether there is none, so that there is nothing to be looked for.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The files that are to be looked for.
    pub fn paths(&self) -> BTreeSet<String> {
        let links = self.found.iter().flat_map(|reference| {
            let Reference { source, documents, .. } = reference;
            documents.iter().filter_map(|document| Link::of(document, source))
        });
        links.flat_map(|link| link.candidates).collect()
    }

    /// Puts into notes and summits where their links lead, and says which lead nowhere. `documents` are those
    /// that the collection was read from, `there` those of [`Self::paths`] that there are; `ids` gives
    /// the ids on the page of a Markdown, and `url` knows where a file can be seen.
    pub fn attach<E>(
        self,
        collection: &mut Collection,
        documents: &Contents<'_, E>,
        there: &BTreeSet<String>,
        ids: impl Fn(Markdown<'_>) -> Arc<[String]>,
        url: impl Fn(&str) -> Option<String>,
    ) {
        let mut targets = Vec::new();
        let mut said = Vec::new();
        {
            let pages = Pages {
                collection: &*collection,
                files: Files::new(documents.paths().into_iter(), there),
                headings: Headings::new(documents, &ids),
            };
            for reference in &self.found {
                let (target, code) = match pages.meant(reference, &url) {
                    Meant::Itself => continue,
                    Meant::Page(target) => (Some(target), None),
                    Meant::PageWithout(target) => (Some(target), Some(Code::AnchorMissing)),
                    Meant::NoHeading => (None, Some(Code::AnchorMissing)),
                    Meant::File(source, Some(url)) => {
                        (Some(LinkTarget { source, url: Some(url), ..LinkTarget::default() }), None)
                    }
                    Meant::File(_, None) => (None, Some(Code::LinkUnpublished)),
                    Meant::NoFile => (None, Some(Code::LinkMissing)),
                };
                if let Some(code) = code {
                    let (path, place) = pages.place(reference);
                    let words = message(code, &reference.source);
                    said.push(report::diagnostic(path, code, Some(place), &words));
                }
                targets.extend(target.map(|target| (reference.text, target)));
            }
        }
        for (text, target) in targets {
            let own = match text {
                TextOf::Note(at) => collection.notes.get_mut(at).map(|note| &mut note.spec.targets),
                TextOf::Summit(at) => {
                    collection.summits.get_mut(at).map(|summit| &mut summit.spec.targets)
                }
            };
            if let Some(own) = own {
                own.push(target);
            }
        }
        collection.diagnostics.extend(said);
        collection.diagnostics.sort();
        // A note and the overview may have the same link.
        collection.diagnostics.dedup();
    }
}

fn message(code: Code, source: &str) -> String {
    let source = first_chars(source, 200);
    match code {
        Code::AnchorMissing => format!(
            "the link {source} leads to a heading that is not there; correct what stands behind the `#`"
        ),
        Code::LinkUnpublished => format!(
            "the link {source} leads to a file that is in the repository and not published; link to an \
             address where readers find it"
        ),
        _ => format!(
            "the link {source} leads to a file that is not in the repository; correct the path, which is \
             counted from the folder of the document, or from the root where it begins with `/`"
        ),
    }
}

/// The pages of a collection, by the documents that they came from.
struct Pages<'c, E> {
    collection: &'c Collection,
    files: Files<'c>,
    headings: Headings<'c, E>,
}

impl<E> Pages<'_, E> {
    fn meant(&self, reference: &Reference, url: &impl Fn(&str) -> Option<String>) -> Meant {
        let Reference { text, source, documents } = reference;
        if let Some(id) = source.strip_prefix('#') {
            return self.on_this_page(*text, source, id, documents);
        }
        let links: Vec<Link> =
            documents.iter().filter_map(|document| Link::of(document, source)).collect();
        let Some(path) = links.iter().find_map(|link| self.files.find(link)) else {
            return Meant::NoFile;
        };
        let id = links.first().and_then(|link| link.id.as_deref());
        match self.page(source, path, id) {
            Some(page) => page,
            None => Meant::File(source.clone(), url(path)),
        }
    }

    /// A link to a heading of its own note, or to another talk of its document.
    fn on_this_page(&self, text: TextOf, source: &str, id: &str, documents: &[String]) -> Meant {
        let markdown = match text {
            TextOf::Note(at) => self.collection.notes.get(at).map(Markdown::of),
            TextOf::Summit(at) => self.collection.summits.get(at).map(Markdown::of_overview),
        };
        match self.headings.find(markdown.unwrap_or_default(), id) {
            Some(found) if found == format!("note-{id}") => return Meant::Itself,
            Some(anchor) => {
                let source = source.to_owned();
                return Meant::Page(LinkTarget {
                    source,
                    anchor: Some(anchor),
                    ..LinkTarget::default()
                });
            }
            None => {}
        }
        let pages = documents.iter().filter_map(|path| self.page(source, path, Some(id)));
        let mut pages = pages.filter(|page| matches!(page, Meant::Page(_)));
        pages.next().unwrap_or(Meant::NoHeading)
    }

    /// The page that the document at `path` became, with the place on it; `None` where it became none.
    fn page(&self, source: &str, path: &str, id: Option<&str>) -> Option<Meant> {
        let notes: Vec<&Imported<TalkNoteSpec>> = self.notes_of(path).collect();
        let to = |note: &Imported<TalkNoteSpec>, anchor| LinkTarget {
            source: source.to_owned(),
            note: Some(note.name.clone()),
            summit: note.spec.summit_ref.as_ref().map(|summit| summit.name.clone()),
            anchor,
            url: None,
        };
        if let ([note], None) = (notes.as_slice(), id) {
            return Some(Meant::Page(to(note, None)));
        }
        if let Some(id) = id {
            if let Some(note) = notes.iter().find(|note| self.headings.are_about(note, path, id)) {
                return Some(Meant::Page(to(note, None)));
            }
            for note in &notes {
                if let Some(anchor) = self.headings.find(Markdown::of(note), id) {
                    return Some(Meant::Page(to(note, Some(anchor))));
                }
            }
            if let [note] = notes.as_slice() {
                return Some(Meant::PageWithout(to(note, None)));
            }
        }
        self.summit_page(source, path, id, &notes)
    }

    fn summit_page(
        &self,
        source: &str,
        path: &str,
        id: Option<&str>,
        notes: &[&Imported<TalkNoteSpec>],
    ) -> Option<Meant> {
        let is_of = |name: &str| {
            let written = self.collection.overviews.get(name);
            written.is_some_and(|paths| paths.iter().any(|written| written == path))
        };
        let of_notes =
            || notes.iter().find_map(|note| Some(note.spec.summit_ref.as_ref()?.name.clone()));
        let summits = &self.collection.summits;
        let own = summits.iter().find(|summit| {
            is_of(&summit.name)
                || summit.path == path
                || summit.also.iter().any(|place| place.path == path)
        });
        let name = own.map(|summit| summit.name.clone()).or_else(of_notes)?;
        let overview = own.map(Markdown::of_overview).unwrap_or_default();
        let anchor = id.and_then(|id| self.headings.find(overview, id));
        let is_there = id.is_none() || anchor.is_some();
        let source = source.to_owned();
        let target = LinkTarget { source, summit: Some(name), anchor, ..LinkTarget::default() };
        Some(if is_there { Meant::Page(target) } else { Meant::PageWithout(target) })
    }

    /// The notes that came from the document at `path` or, where it is a folder, from its files. A draft
    /// has no page, and its name is nobody's business.
    fn notes_of<'p>(&'p self, path: &'p str) -> impl Iterator<Item = &'p Imported<TalkNoteSpec>> {
        let is_of = move |other: &str| {
            other == path || other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        };
        self.collection.notes.iter().filter(move |note| {
            let places = || note.also.iter().any(|place| is_of(&place.path));
            note.spec.publication != Some(Publication::Draft) && (is_of(&note.path) || places())
        })
    }

    /// Where the link stands.
    fn place<'r>(&'r self, reference: &'r Reference) -> (&'r str, Place) {
        let (path, line) = match reference.text {
            TextOf::Note(at) => self
                .collection
                .notes
                .get(at)
                .map_or(("", 1), |note| (note.path.as_str(), note.line)),
            TextOf::Summit(at) => {
                self.collection.summits.get(at).map_or(("", 1), |summit| (summit.path.as_str(), 1))
            }
        };
        let documents = reference.documents.iter().map(|path| (path.clone(), Vec::new()));
        let documents: Vec<(String, Vec<String>)> = documents.collect();
        let found = place_in(self.headings.documents, &documents, path, line, &reference.source);
        let found = found.map(|(found, place)| (found.to_owned(), place));
        match found {
            Some((found, place)) => {
                let own = reference.documents.iter().find(|document| **document == found);
                (own.map_or(path, String::as_str), place)
            }
            None => (path, Place::line(line)),
        }
    }
}

fn fits(anchor: &str) -> bool {
    anchor.chars().count() <= MAX_ANCHOR
}

#[cfg(test)]
mod tests;
