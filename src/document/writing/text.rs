//! Objects as text: documents with front matter, and manifests.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::api::{
    ContentSource, EventStatus, Link, LinkTarget, Medal, NoteImage, NoteSource, Publication,
    Rendering, RobotsRule, Speaker, SummitAgenda, SummitSpec, SummitTheme, TalkKind, TalkNoteSpec,
    names,
};
use crate::document::explicit_document;
use crate::document::metadata::Metadata;

/// The front matter of a note, in the order in which people read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteFront<'a> {
    talknotes: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(flatten)]
    metadata: Kept<'a>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<TalkKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_status: Option<EventStatus>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    speakers: &'a [Speaker],
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    medal: Option<Medal>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    links: &'a [Link],
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<Publication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unpublish_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_from: Option<&'a ContentSource>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    images: &'a [NoteImage],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    targets: &'a [LinkTarget],
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a NoteSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendering: Option<Rendering>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    robots: &'a [RobotsRule],
    #[serde(skip_serializing_if = "Option::is_none")]
    show_in_lists: Option<bool>,
}

/// The front matter of a summit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummitFront<'a> {
    talknotes: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(flatten)]
    metadata: Kept<'a>,
    title: &'a str,
    #[serde(flatten)]
    facts: SummitFacts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<Publication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unpublish_at: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    links: &'a [Link],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    images: &'a [NoteImage],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    targets: &'a [LinkTarget],
    #[serde(skip_serializing_if = "Option::is_none")]
    rendering: Option<Rendering>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    robots: &'a [RobotsRule],
    #[serde(skip_serializing_if = "Option::is_none")]
    show_in_lists: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    banner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agenda: Option<&'a SummitAgenda>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'a SummitTheme>,
}

/// Labels and annotations that an object keeps.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: &'a BTreeMap<String, String>,
}

impl<'a> From<&'a Metadata> for Kept<'a> {
    fn from(metadata: &'a Metadata) -> Self {
        Self { labels: &metadata.labels, annotations: &metadata.annotations }
    }
}

/// Where and when a summit takes place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::document) struct SummitFacts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

impl<'a> From<&'a SummitSpec> for SummitFacts<'a> {
    fn from(spec: &'a SummitSpec) -> Self {
        Self {
            url: spec.url.as_deref(),
            start_date: spec.start_date.as_deref(),
            end_date: spec.end_date.as_deref(),
            time_zone: spec.time_zone.as_deref(),
            location: spec.location.as_deref(),
        }
    }
}

type Text = Result<String, serde_saphyr::ser::Error>;

/// A document about one talk that says so.
pub(in crate::document) fn note_text(
    name: Option<&str>,
    metadata: &Metadata,
    spec: &TalkNoteSpec,
) -> Text {
    let front = NoteFront {
        talknotes: explicit_document::TALK,
        name,
        metadata: metadata.into(),
        title: &spec.title,
        summit: spec.summit_ref.as_ref().map(|summit| summit.name.as_str()),
        kind: spec.kind,
        event_status: spec.event_status,
        speakers: &spec.speakers,
        day: spec.day.as_deref(),
        start_time: spec.start_time.as_deref(),
        end_time: spec.end_time.as_deref(),
        track: spec.track.as_deref(),
        room: spec.room.as_deref(),
        lang: spec.language.as_deref(),
        medal: spec.medal,
        tags: &spec.tags,
        links: &spec.links,
        order: spec.order,
        publication: spec.publication,
        publish_at: spec.publish_at.as_deref(),
        unpublish_at: spec.unpublish_at.as_deref(),
        content_from: spec.content_from.as_ref(),
        images: &spec.images,
        targets: &spec.targets,
        source: spec.source.as_deref(),
        rendering: spec.rendering,
        robots: &spec.robots,
        show_in_lists: spec.unlisted.map(|unlisted| !unlisted),
    };
    document(&front, spec.markdown.as_deref())
}

/// A document about a summit that says so.
pub(in crate::document) fn summit_text(
    name: Option<&str>,
    metadata: &Metadata,
    spec: &SummitSpec,
) -> Text {
    let front = SummitFront {
        talknotes: explicit_document::SUMMIT,
        name,
        metadata: metadata.into(),
        title: &spec.title,
        facts: spec.into(),
        publication: spec.publication,
        publish_at: spec.publish_at.as_deref(),
        unpublish_at: spec.unpublish_at.as_deref(),
        tags: &spec.tags,
        links: &spec.links,
        images: &spec.images,
        targets: &spec.targets,
        rendering: spec.rendering,
        robots: &spec.robots,
        show_in_lists: spec.unlisted.map(|unlisted| !unlisted),
        banner: spec.banner.as_deref(),
        agenda: spec.agenda.as_ref(),
        theme: spec.theme.as_ref(),
    };
    document(&front, spec.overview.as_deref())
}

/// Front matter and, below a blank line, the text. The end of the last line is the file's, not the
/// text's.
pub(in crate::document) fn document(front: &impl Serialize, body: Option<&str>) -> Text {
    let body = body.map(|body| format!("\n{body}\n")).unwrap_or_default();
    Ok(format!("---\n{}---\n{body}", serde_saphyr::to_string(front)?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a, S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: ObjectMeta<'a>,
    spec: &'a S,
}

#[derive(Serialize)]
struct ObjectMeta<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
    annotations: BTreeMap<&'a str, &'a str>,
}

/// A manifest, with the annotation that keeps Flux from substituting in notes.
pub(in crate::document) fn manifest<S: Serialize>(
    kind: &'static str,
    name: &str,
    metadata: &Metadata,
    spec: &S,
) -> Text {
    let kept = metadata.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let annotations = kept.chain([(names::FLUX_SUBSTITUTE, "disabled")]).collect();
    let metadata = ObjectMeta { name, labels: &metadata.labels, annotations };
    serde_saphyr::to_string(&Manifest { api_version: names::API_VERSION, kind, metadata, spec })
}
