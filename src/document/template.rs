//! Documents to begin with, in styles that are read back exactly.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;

use super::naming;
use super::writing;
use super::{Collection, Metadata, ReadOptions, SourceFile, read};
use crate::api::{SummitSpec, TalkNoteSpec};

/// Days that a template has headings for at most.
const MAX_DAYS: usize = 31;
/// What a new note has below its fields.
const BODY: &str = "### Notes\n\n- ";

/// How a new document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One long file a summit, with days and talks as headings, as people write in HackMD.
    OneFile,
    /// A file a talk, with fields in front matter.
    FileATalk,
    /// A page bundle of Hugo.
    Hugo,
    /// A manifest.
    Yaml,
}

/// Why a document cannot be written in a style.
#[derive(Debug, thiserror::Error)]
pub enum Unsayable {
    /// It would be read as something else.
    #[error(
        "this talk cannot be written as a heading: it would be read as {found}; choose another style, \
         such as --style file-a-talk"
    )]
    AsHeading {
        /// What reading makes of the heading.
        found: String,
    },
    /// It would be read as something else, in a style that says every field.
    #[error("this cannot be written so that it is read back: {found}")]
    AsFields {
        /// What reading makes of it.
        found: String,
    },
    /// A field cannot be written as YAML.
    #[error("this cannot be written as YAML: {0}")]
    Yaml(#[from] serde_saphyr::ser::Error),
}

/// A new document about a talk, at its path. `spec` holds what is known; its text is that of the template.
///
/// # Errors
/// Where reading the document would not give `spec`.
pub fn new_talk(style: Style, spec: &TalkNoteSpec) -> Result<SourceFile, Unsayable> {
    let spec = TalkNoteSpec { markdown: Some(BODY.to_owned()), ..spec.clone() };
    let stem = naming::file_stem(&spec.title);
    let summit = spec.summit_ref.as_ref().map_or("", |summit| summit.name.as_str());
    let no_metadata = Metadata::default();
    let (path, text) = match style {
        Style::OneFile => (format!("{stem}.md"), as_heading(&spec)),
        Style::FileATalk => (format!("{stem}.md"), writing::note_text(None, &no_metadata, &spec)?),
        Style::Hugo => (format!("{stem}/index.md"), writing::note_text(None, &no_metadata, &spec)?),
        Style::Yaml => {
            let name = naming::note(summit, &spec.title, &[]);
            (format!("{stem}.yaml"), writing::manifest("TalkNote", &name, &no_metadata, &spec)?)
        }
    };
    let file = SourceFile { path, content: text.into_bytes() };
    let found = read(std::slice::from_ref(&file), ReadOptions::default());
    let wanted = match style {
        Style::Yaml => spec,
        // Its place in the file, and a summit that has the name of the file.
        Style::OneFile => TalkNoteSpec {
            order: Some(1),
            summit_ref: found.notes.first().and_then(|note| note.spec.summit_ref.clone()),
            markdown: Some(BODY.trim_end().to_owned()),
            ..spec
        },
        Style::FileATalk | Style::Hugo => TalkNoteSpec { order: spec.order.or(Some(1)), ..spec },
    };
    let one = found.notes.len() == 1 && found.diagnostics.is_empty();
    let same = |note: &super::Imported<TalkNoteSpec>| {
        let mut read = note.spec.clone();
        if style == Style::OneFile {
            read.markdown = read.markdown.map(|text| text.trim_end().to_owned());
        }
        read == wanted
    };
    match (one && found.notes.iter().all(same), style) {
        (true, _) => Ok(file),
        (false, Style::OneFile) => Err(Unsayable::AsHeading { found: in_words(&found) }),
        (false, _) => Err(Unsayable::AsFields { found: in_words(&found) }),
    }
}

/// What was read, for people.
fn in_words(found: &Collection) -> String {
    let talks = found.notes.iter().map(|note| {
        let speakers: Vec<&str> = note.spec.speakers.iter().map(|s| s.name.as_str()).collect();
        let by = if speakers.is_empty() {
            String::new()
        } else {
            format!(" by {}", speakers.join(", "))
        };
        format!("{:?}{by}", note.spec.title)
    });
    let told = found.diagnostics.iter().map(|diagnostic| diagnostic.message.clone());
    let all: Vec<String> = talks.chain(told).collect();
    if all.is_empty() { "no talk".to_owned() } else { all.join("; ") }
}

fn as_heading(spec: &TalkNoteSpec) -> String {
    let day = spec.day.iter().map(|day| format!("# {day}\n\n"));
    let speakers: Vec<&str> = spec.speakers.iter().map(|s| s.name.as_str()).collect();
    let by =
        if speakers.is_empty() { String::new() } else { format!(" - {}", speakers.join(", ")) };
    format!("{}## {}{by}\n\n{BODY}\n", day.collect::<String>(), spec.title)
}

/// The front matter of a summit whose talks follow in the same file.
#[derive(Serialize)]
struct OneFile<'a> {
    title: &'a str,
    summit: &'a str,
    #[serde(flatten)]
    facts: writing::SummitFacts<'a>,
}

/// A new document about a summit, at its path.
///
/// # Errors
/// Where reading the document would not give `spec`.
pub fn new_summit(style: Style, spec: &SummitSpec) -> Result<SourceFile, Unsayable> {
    let stem = naming::file_stem(&spec.title);
    let name = naming::summit(&spec.title);
    let no_metadata = Metadata::default();
    let as_document = || writing::summit_text(Some(&name), &no_metadata, spec);
    let (path, text) = match style {
        Style::OneFile => (format!("{stem}.md"), one_file(&name, spec)?),
        Style::FileATalk => (format!("{stem}/index.md"), as_document()?),
        Style::Hugo => (format!("{stem}/_index.md"), as_document()?),
        Style::Yaml => {
            (format!("{stem}.yaml"), writing::manifest("Summit", &name, &no_metadata, spec)?)
        }
    };
    let file = SourceFile { path, content: text.into_bytes() };
    let found = read(std::slice::from_ref(&file), ReadOptions::default());
    let same = |summit: &super::Imported<SummitSpec>| summit.name == name && summit.spec == *spec;
    let one = found.summits.len() == 1 && found.notes.is_empty() && found.diagnostics.is_empty();
    if one && found.summits.iter().all(same) {
        Ok(file)
    } else {
        Err(Unsayable::AsFields { found: in_words(&found) })
    }
}

fn one_file(name: &str, spec: &SummitSpec) -> Result<String, Unsayable> {
    let front = OneFile { title: &spec.title, summit: name, facts: spec.into() };
    let date = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Date>().ok());
    let (first, last) = (date(&spec.start_date), date(&spec.end_date));
    let days = first.into_iter().flat_map(|first| first.series(1.day())).take(MAX_DAYS);
    let days = days.take_while(|day| Some(*day) <= last.or(first));
    let days: Vec<String> = days.map(|day| format!("# {day}\n")).collect();
    Ok(writing::document(&front, Some(days.join("\n").trim_end()))?)
}
