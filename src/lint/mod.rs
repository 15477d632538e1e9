//! What an author should know about documents, at its exact place and with what to do about it.
//!
//! In: the files of a folder or revision, and what reading made of them. Out: findings, which are
//! diagnostics with the bytes that they are about, help, and a fix where one is safe. Reading and
//! rendering say what is wrong and in which line; where in the line it stands, and what would
//! correct it, is found here, so that neither has to carry it. Pure, as they are.

mod codes;
mod fixes;
mod help;
mod places;
mod source_map;
mod spans;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub use codes::{Explained, explain, explained, url};
pub use fixes::{Edit, Fix, fixed};
pub use places::{Placed, Places, place};
pub use text::{Position, Text};

use crate::api::{Diagnostic, SummitSpec, TalkNoteSpec};
use crate::document::{self, Collection, Imported, SourceFile};
use crate::render::{self, Card, OfficialAgenda};
use source_map::SourceMap;

/// A diagnostic with what is known about its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong. Line and column are those of [`Self::marks`] where there are any.
    pub diagnostic: Diagnostic,
    /// What is meant, and what it has to do with; the first is the place of the diagnostic. Empty
    /// where the document as a whole is meant.
    pub marks: Vec<Mark>,
    /// What would help, beyond what the message says.
    pub help: Option<String>,
    /// How it can be corrected without a doubt.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Whether its fix gives a field of the front matter its right name, so that it is read.
    pub fn is_misnamed_key(&self) -> bool {
        self.diagnostic.code == document::Code::Key.code()
    }
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Where it starts, in bytes of the file.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is, in a few words; empty where the message says it.
    pub label: String,
    /// Whether it is a secret or belongs to a person, so that logs must not repeat it.
    pub private: bool,
}

impl Mark {
    /// The bytes `range` of a file.
    fn new(range: Range<usize>, label: &str) -> Self {
        Self { start: range.start, end: range.end, label: label.to_owned(), private: false }
    }

    /// The bytes of the file.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Files by their paths, as text.
pub type Texts<'a> = BTreeMap<&'a str, Text<'a>>;

/// The files as text.
pub fn texts(files: &[SourceFile]) -> Texts<'_> {
    files.iter().map(|file| (file.path.as_str(), Text::new(&file.content))).collect()
}

/// What reading said of `texts`.
pub fn of_reading(diagnostics: &[Diagnostic], texts: &Texts<'_>) -> Vec<Finding> {
    diagnostics.iter().map(|known| from_reading(known.clone(), texts)).collect()
}

/// Everything that reading said of `texts`, and what rendering each note and summit says.
pub fn findings(collection: &Collection, texts: &Texts<'_>) -> Vec<Finding> {
    let mut found = of_reading(&collection.diagnostics, texts);
    let told: BTreeSet<(String, Option<i32>, String)> =
        found.iter().map(|finding| key(&finding.diagnostic)).collect();
    // Rendering says it once a note, reading of each image at its place.
    let missing = document::Code::ImageMissing.code();
    let images_missing: BTreeSet<String> =
        told.iter().filter(|(_, _, code)| code == missing).map(|(path, ..)| path.clone()).collect();
    let notes = collection.notes.iter().flat_map(|note| note_findings(note, texts));
    let summits =
        collection.summits.iter().flat_map(|summit| summit_findings(collection, summit, texts));
    let rendered = notes.chain(summits).filter(|finding| {
        let Diagnostic { path, line, code, .. } = &finding.diagnostic;
        told_alike(code).is_none_or(|code| !told.contains(&(path.clone(), *line, code.to_owned())))
            && !(code == render::Code::ImageUnknown.code() && images_missing.contains(path))
    });
    found.extend(rendered);
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.dedup();
    found
}

fn key(diagnostic: &Diagnostic) -> (String, Option<i32>, String) {
    (diagnostic.path.clone(), diagnostic.line, diagnostic.code.clone())
}

fn order(finding: &Finding) -> (&str, Option<i32>, Option<i32>, &str, &Finding) {
    let Diagnostic { path, line, column, code, .. } = &finding.diagnostic;
    (path, *line, *column, code, finding)
}

/// The code under which reading says the same as rendering with `code`.
fn told_alike(code: &str) -> Option<&'static str> {
    use document::Code as Reading;
    use render::Code as Rendering;
    let pairs = [
        (Rendering::SetextRule, Reading::SetextTrap),
        (Rendering::LinkSigned, Reading::SignedLink),
    ];
    pairs.into_iter().find(|(one, _)| one.code() == code).map(|(_, other)| other.code())
}

fn from_reading(diagnostic: Diagnostic, texts: &Texts<'_>) -> Finding {
    let text = texts.get(diagnostic.path.as_str());
    let marks = text.map(|text| spans::marks(&diagnostic, text)).unwrap_or_default();
    finding(diagnostic, marks, text)
}

/// Line and column of a finding are those of its first mark.
fn finding(mut diagnostic: Diagnostic, marks: Vec<Mark>, text: Option<&Text<'_>>) -> Finding {
    if let (Some(mark), Some(text)) = (marks.first(), text) {
        let Position { line, column, .. } = text.position(mark.start);
        (diagnostic.line, diagnostic.column) =
            (i32::try_from(line).ok(), i32::try_from(column).ok());
    }
    let help = help::of(&diagnostic, &marks, text);
    let fix = text.and_then(|text| fixes::of(&diagnostic, &marks, text));
    Finding { diagnostic, marks, help, fix }
}

fn note_findings(note: &Imported<TalkNoteSpec>, texts: &Texts<'_>) -> Vec<Finding> {
    let markdown = note.spec.markdown.as_deref().unwrap_or_default();
    let rendered = render::note(&note.name, &note.spec, markdown);
    let urls = note.spec.links.iter().map(|link| link.url.as_str()).collect::<Vec<_>>();
    from_rendering(rendered.diagnostics, note, markdown, &urls, texts)
}

fn summit_findings(
    collection: &Collection,
    summit: &Imported<SummitSpec>,
    texts: &Texts<'_>,
) -> Vec<Finding> {
    let overview = summit.spec.overview.as_deref().unwrap_or_default();
    let (cards, agenda) = agenda(collection, summit);
    let rendered = render::joined_summit(&summit.name, &summit.spec, cards, agenda.as_ref());
    let urls = summit.spec.links.iter().map(|link| link.url.as_str()).collect::<Vec<_>>();
    from_rendering(rendered.diagnostics, summit, overview, &urls, texts)
}

/// The cards of a summit's notes, and the official agenda where it stands in the summit itself: without a cluster
/// there are no others.
pub fn agenda<'a>(
    collection: &'a Collection,
    summit: &'a Imported<SummitSpec>,
) -> (Vec<Card>, Option<OfficialAgenda<'a>>) {
    let is_of = |note: &&Imported<TalkNoteSpec>| {
        note.spec.summit_ref.as_ref().is_some_and(|named| named.name == summit.name)
    };
    let notes: Vec<&Imported<TalkNoteSpec>> = collection.notes.iter().filter(is_of).collect();
    let text = summit.spec.agenda.as_ref().and_then(|agenda| agenda.text.as_deref());
    let agenda = text.map(|text| OfficialAgenda {
        text: Ok(text.into()),
        links: notes.iter().map(|note| &*note.spec.links).collect(),
    });
    (notes.iter().map(|note| Card::new(&note.name, &note.spec)).collect(), agenda)
}

/// What rendering says of a text, with the place in the document that the text came from. What the
/// document does not hold as it is, is told of the heading.
fn from_rendering<S>(
    diagnostics: Vec<Diagnostic>,
    object: &Imported<S>,
    markdown: &str,
    urls: &[&str],
    texts: &Texts<'_>,
) -> Vec<Finding> {
    let Some(text) = texts.get(object.path.as_str()).filter(|_| !diagnostics.is_empty()) else {
        let at_heading = |known| Diagnostic {
            path: object.path.clone(),
            line: i32::try_from(object.line).ok(),
            column: None,
            ..known
        };
        return diagnostics.into_iter().map(|d| finding(at_heading(d), Vec::new(), None)).collect();
    };
    let map = SourceMap::new(text, object.line, markdown);
    diagnostics
        .into_iter()
        .map(|known| {
            let place = match known.path.is_empty() {
                true => map.place(known.line, known.column),
                false => link_place(&known.path, urls, object.line, text),
            };
            let (line, column) = place.unwrap_or((object.line, None));
            let diagnostic = Diagnostic {
                path: object.path.clone(),
                line: i32::try_from(line).ok(),
                column: column.and_then(|column| i32::try_from(column).ok()),
                ..known
            };
            let marks = spans::marks(&diagnostic, text);
            finding(diagnostic, marks, Some(text))
        })
        .collect()
}

/// Where the URL of a field such as `spec.links[3].url` stands at or after `line`.
fn link_place(
    field: &str,
    urls: &[&str],
    line: usize,
    text: &Text<'_>,
) -> Option<(usize, Option<usize>)> {
    let index = field.strip_prefix("spec.links[")?.strip_suffix("].url")?;
    let url = urls.get(index.parse::<usize>().ok()?).filter(|url| !url.is_empty())?;
    let start = text.find(url, text.line_range(line)?.start)?;
    let position = text.position(start);
    Some((position.line, Some(position.column)))
}

#[cfg(test)]
mod tests;
