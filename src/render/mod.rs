//! Notes become pages.
//!
//! In: the spec of a note or summit. Out: sanitized HTML and JSON as the viewer contract has them,
//! packed into what a ConfigMap can hold. Pure: same input, same bytes.

mod agenda;
mod codes;
mod contract;
pub mod exports;
mod forge;
mod images;
mod links;
mod markdown;
mod programme;
mod prose;
mod publication;
mod sanitize;
mod targets;
mod version;

pub use agenda::{minutes, sort as sort_agenda};
pub use codes::Code;
pub use contract::{Card, NoteDocument, Section, SummitDocument};
pub use exports::Exported;
pub use forge::{Forge, NoteOrigin};
pub use images::{digest_of, image_type};
pub use markdown::anchor;
pub use markdown::standard::Standard;
pub use programme::{Joined, Programme, Session};
pub use prose::reading_seconds;
pub use publication::{
    BUDGET, Publication, ReadError, TooLarge, content_digest, digest_of_image, is_contract_key,
};
pub use version::{VERSION, source_of_note, source_of_summit};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::api::{Diagnostic, Link, Rendering, SummitSpec, TalkNoteSpec};
use publication::to_json;

/// Key of a note's HTML.
pub const NOTE_HTML: &str = "note.html";
/// Key of a [`NoteDocument`].
pub const NOTE_JSON: &str = "note.json";
/// Key of an image in `binaryData`.
pub const IMAGE: &str = "image";
/// Key of a [`SummitDocument`].
pub const SUMMIT_JSON: &str = "summit.json";

/// Under the address of a summit, where the images of its overview are: no note can have this name.
const IMAGES_OF_SUMMIT: &str = "-";

/// From the page of a note to the folder of all summits of its namespace.
const UP: &str = "../";

/// A rendered note.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedNote {
    /// `note.html`: a sanitized fragment.
    pub html: String,
    /// `note.json`.
    pub document: NoteDocument,
    /// What the author should know. Where `path` is empty, lines count in the Markdown; else it
    /// names a field of the spec.
    pub diagnostics: Vec<Diagnostic>,
}

impl RenderedNote {
    /// What the note's ConfigMap holds.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] where the note does not fit even when it is compressed.
    pub fn publication(&self) -> Result<Publication, TooLarge> {
        Publication::new([
            (NOTE_HTML.to_owned(), self.html.clone()),
            (NOTE_JSON.to_owned(), to_json(&self.document)),
        ])
    }
}

/// A rendered summit.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedSummit {
    /// `summit.json`.
    pub document: SummitDocument,
    /// What the author should know. Where `path` is empty, lines count in the overview; else it
    /// names a field of the spec.
    pub diagnostics: Vec<Diagnostic>,
}

impl RenderedSummit {
    /// What the summit's ConfigMap holds.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] where the agenda does not fit even when it is compressed.
    pub fn publication(&self) -> Result<Publication, TooLarge> {
        pack(&self.document)
    }
}

/// The index of a summit and, where there is room for them, its exports.
fn pack(document: &SummitDocument) -> Result<Publication, TooLarge> {
    let index = (SUMMIT_JSON.to_owned(), to_json(document));
    let exports = exports::all(document);
    if !exports.is_empty()
        && let Ok(publication) = Publication::new(exports.into_iter().chain([index.clone()]))
    {
        return Ok(publication);
    }
    Publication::new([index])
}

/// Renders the note `name`. `markdown` is its body, wherever it was kept.
pub fn note(name: &str, spec: &TalkNoteSpec, markdown: &str) -> RenderedNote {
    anchored_note(name, spec, markdown, &BTreeSet::new())
}

/// As [`note`], for a page that is not published: the block of each of `lines` of the Markdown,
/// counted from 1, has an [`anchor`] beside it.
pub fn anchored_note(
    name: &str,
    spec: &TalkNoteSpec,
    markdown: &str,
    lines: &BTreeSet<usize>,
) -> RenderedNote {
    let rendering = spec.rendering.unwrap_or_default();
    let fragment = markdown::render(name, markdown, rendering, lines);
    let mut diagnostics = fragment.diagnostics;
    let html = images::place(fragment.html, name, &spec.images, &mut diagnostics);
    let html = targets::place(html, UP, &spec.targets);
    markdown::invisible::report_field("spec.title", &spec.title, &mut diagnostics);
    for (index, speaker) in spec.speakers.iter().enumerate() {
        let field = format!("spec.speakers[{index}].name");
        markdown::invisible::report_field(&field, &speaker.name, &mut diagnostics);
    }
    let links = links::publishable(&spec.links, &mut diagnostics);
    let source = NoteOrigin::of(spec.source.as_deref(), &links);
    let language = spec.language.clone().unwrap_or_else(|| {
        prose::language(&format!("{}\n{}", spec.title, fragment.text)).to_owned()
    });
    let document = NoteDocument {
        card: Card::new(name, spec),
        summit: spec.summit_ref.as_ref().map(|summit| summit.name.clone()),
        language,
        direction: rendering.direction,
        robots: spec.robots.clone(),
        unlisted: spec.unlisted == Some(true),
        links,
        sections: fragment.sections,
        excerpt: fragment.excerpt,
        reading_minutes: prose::reading_minutes(&fragment.text),
        source,
    };
    RenderedNote { html, document, diagnostics }
}

/// The official agenda of a summit.
#[derive(Clone, Debug)]
pub struct OfficialAgenda<'a> {
    /// The file as it was found, or why there is none.
    pub text: Result<Cow<'a, str>, String>,
    /// The links of the notes, in the order of their cards.
    pub links: Vec<&'a [Link]>,
}

/// Renders the summit `name` with the cards of its published notes, in any order.
pub fn summit(name: &str, spec: &SummitSpec, cards: Vec<Card>) -> RenderedSummit {
    joined_summit(name, spec, cards, None)
}

/// As [`summit`], joined with the official agenda.
pub fn joined_summit(
    name: &str,
    spec: &SummitSpec,
    cards: Vec<Card>,
    agenda: Option<&OfficialAgenda<'_>>,
) -> RenderedSummit {
    anchored_summit(name, spec, cards, agenda, &BTreeSet::new())
}

/// As [`joined_summit`], for a page that is not published: the block of each of `lines` of the overview,
/// counted from 1, has an [`anchor`] beside it.
pub fn anchored_summit(
    name: &str,
    spec: &SummitSpec,
    mut cards: Vec<Card>,
    agenda: Option<&OfficialAgenda<'_>>,
    lines: &BTreeSet<usize>,
) -> RenderedSummit {
    let (programme, told) = programme::of(spec, &mut cards, agenda);
    agenda::sort(&mut cards);
    let overview = spec.overview.as_deref().unwrap_or_default();
    let rendering = spec.rendering.unwrap_or_default();
    let overview = markdown::render(name, overview, rendering, lines);
    let mut diagnostics = overview.diagnostics;
    diagnostics.extend(told);
    let folder = format!("{name}/{IMAGES_OF_SUMMIT}");
    let overview_html = images::place(overview.html, &folder, &spec.images, &mut diagnostics);
    let overview_html = targets::place(overview_html, "", &spec.targets);
    let logo = spec.theme.as_ref().and_then(|theme| theme.logo.as_ref()).and_then(|source| {
        let logo = images::published(&folder, source, &spec.images);
        diagnostics.extend(logo.is_none().then(|| Code::ImageUnknown.of_field("spec.theme.logo")));
        logo
    });
    let days = || cards.iter().filter_map(|card| card.day.as_ref());
    let document = SummitDocument {
        name: name.to_owned(),
        title: spec.title.clone(),
        url: links::publishable_url(spec.url.as_deref(), "spec.url", &mut diagnostics),
        start_date: spec.start_date.as_ref().or_else(|| days().min()).cloned(),
        end_date: spec.end_date.as_ref().or_else(|| days().max()).cloned(),
        time_zone: spec.time_zone.clone(),
        location: spec.location.clone(),
        tags: spec.tags.clone(),
        links: links::publishable(&spec.links, &mut diagnostics),
        overview_html,
        direction: rendering.direction,
        robots: spec.robots.clone(),
        unlisted: spec.unlisted == Some(true),
        banner: spec.banner.as_deref().map(|text| markdown::invisible::without(text).into_owned()),
        color: spec.theme.as_ref().and_then(|theme| theme.color.clone()),
        logo,
        agenda: cards,
        programme,
    };
    RenderedSummit { document, diagnostics }
}

/// What the ConfigMap of a summit holds once the notes are withdrawn that are not `kept`; none where it
/// names no others, or cannot be read.
///
/// # Errors
///
/// [`TooLarge`] where the rest does not fit even when it is compressed.
pub fn withdrawn(
    published: &Publication,
    kept: impl Fn(&str) -> bool,
) -> Result<Option<Publication>, TooLarge> {
    let Ok(Some(text)) = published.entry(SUMMIT_JSON) else { return Ok(None) };
    let Ok(mut document) = serde_json::from_str::<SummitDocument>(&text) else { return Ok(None) };
    let before = document.agenda.len();
    document.agenda.retain(|card| kept(&card.name));
    if let Some(programme) = &mut document.programme {
        programme.retain(&kept);
    }
    if document.agenda.len() == before {
        return Ok(None);
    }
    pack(&document).map(Some)
}

/// The paths of the images that `markdown` shows, as they are written and without those that are URLs.
pub fn local_images(markdown: &str) -> Vec<String> {
    // Most notes have none, and are not rendered to learn it.
    let may_have = markdown.contains("![") || {
        let lower = markdown.to_ascii_lowercase();
        lower.contains("<im") || lower.contains("figure")
    };
    if may_have {
        images::sources(
            &markdown::render("", markdown, Rendering::default(), &BTreeSet::new()).html,
        )
    } else {
        Vec::new()
    }
}

/// The paths that links in `markdown` have, as they are written and without URLs; links to places on the
/// same page begin with `#`.
pub fn local_links(markdown: &str) -> Vec<String> {
    // Most notes have none, and are not rendered to learn it.
    let is_local = |after: &str| !after.starts_with("http") && !after.starts_with("mailto:");
    let may_have = ["](", "]: ", "href="].iter().any(|mark| {
        markdown.match_indices(mark).any(|(at, mark)| {
            let after = markdown.get(at + mark.len()..).unwrap_or_default();
            is_local(after.trim_start_matches(['<', '"', '\'', ' ']))
        })
    });
    let html = || markdown::render("", markdown, Rendering::default(), &BTreeSet::new()).html;
    if may_have { targets::sources(&html()) } else { Vec::new() }
}

/// The ids to which links into the page of `markdown` can lead.
pub fn anchors(markdown: &str) -> Vec<String> {
    targets::ids(&markdown::render("", markdown, Rendering::default(), &BTreeSet::new()).html)
}

/// Renders `markdown` by `standard` alone, sanitized, but without what notes have beyond it: no
/// sections, no shifted headings, no extensions. The conformance suites measure it.
///
/// # Errors
///
/// The code of the limit that the Markdown breaks.
pub fn by_standard(standard: Standard, markdown: &str) -> Result<String, Code> {
    markdown::standard::render(standard, markdown)
}

/// Reads Markdown as [`note`] reads it and shows its tree to `visit`; `None` where it is too much to be
/// read. Nothing in the tree is sanitized.
pub fn with_tree<T>(
    markdown: &str,
    visit: impl for<'a> FnOnce(comrak::nodes::Node<'a>) -> T,
) -> Option<T> {
    markdown::with_tree(markdown, visit)
}

/// Sanitizes a fragment that was read from a ConfigMap: somebody else may have written it. What
/// [`note`] and [`summit`] rendered passes as it is.
pub fn sanitize_published(html: &str) -> String {
    sanitize::clean_published(html)
}

#[cfg(test)]
mod tests;
