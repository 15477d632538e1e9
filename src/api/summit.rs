//! `Summit`: one event, whose notes it gathers.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ContentSource, Diagnostic, Link, LinkTarget, NoteImage, NotificationSink, Publication,
    Rendering, RobotsRule, common,
};

/// The event. Only `title` is needed.
#[derive(
    CustomResource, KubeSchema, Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq, Hash,
)]
#[kube(
    group = "talknotes.dev",
    version = "v1alpha1",
    kind = "Summit",
    plural = "summits",
    singular = "summit",
    shortname = "smt",
    category = "talknotes-all",
    namespaced,
    status = "SummitStatus",
    derive = "PartialEq",
    derive = "Default",
    doc = "A Summit is one event. It gathers the TalkNotes that name it into an agenda, in the ConfigMap summit-<name>.",
    printcolumn(name = "Title", type_ = "string", json_path = ".spec.title"),
    printcolumn(name = "Dates", type_ = "string", json_path = ".status.dates"),
    printcolumn(name = "Notes", type_ = "integer", json_path = ".status.notes"),
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].status"#
    ),
    printcolumn(
        name = "Status",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].reason"#
    ),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].message"#,
        priority = "1"
    ),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    label("app.kubernetes.io/part-of", "talknotes"),
    annotation("kustomize.toolkit.fluxcd.io/substitute", "disabled")
)]
#[serde(rename_all = "camelCase")]
pub struct SummitSpec {
    /// Name of the event, as people say it.
    #[schemars(length(min = 1, max = 500))]
    pub title: String,
    /// Home page of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub url: Option<String>,
    /// First day, such as 2026-05-14. The earliest day of its notes where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), extend("maxLength" = 64, "x-kubernetes-validations" = common::day()))]
    pub start_date: Option<String>,
    /// Last day. The latest day of its notes where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), extend("maxLength" = 64, "x-kubernetes-validations" = common::day()))]
    pub end_date: Option<String>,
    /// Time zone of all its days and times as an IANA name, such as Asia/Taipei.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub time_zone: Option<String>,
    /// Where the event took place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub location: Option<String>,
    /// Free words to find the event by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 64)))]
    pub tags: Vec<String>,
    /// Links that belong to the event as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub links: Vec<Link>,
    /// Published or Draft. A draft has no ConfigMap, so that no agenda is shown. Published where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
    /// Not published before this time (RFC 3339), such as 2026-05-14T18:00:00+08:00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxLength" = 64, "x-kubernetes-validations" = common::moment()))]
    pub publish_at: Option<String>,
    /// Not published from this time on (RFC 3339), such as 2026-06-01T00:00:00+08:00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxLength" = 64, "x-kubernetes-validations" = common::moment()))]
    pub unpublish_at: Option<String>,
    /// What is to be said about the event as a whole, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 400_000))]
    pub overview: Option<String>,
    /// Images that the overview names by a path. Those with a digest are shown from a ConfigMap, those
    /// with a URL from there; an image that is not listed is not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub images: Vec<NoteImage>,
    /// Where links lead that the overview has as paths, such as to the note of another document. A path that
    /// is not listed is left as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub targets: Vec<LinkTarget>,
    /// How the pages of the event look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<SummitTheme>,
    /// The official agenda: notes are joined with its sessions, and get the days, times, rooms and tracks that
    /// they do not say themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agenda: Option<SummitAgenda>,
    /// Whom to tell when notes of this event are published, change, are withdrawn or fail. For events that are
    /// written by hand: one that a NoteRepository gave tells nobody by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub notify: Vec<NotificationSink>,
    /// How the overview is shown where the habits of authors differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendering: Option<Rendering>,
    /// What search engines may do with the page, such as noindex. Whatever they like where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub robots: Vec<RobotsRule>,
    /// While true, the event is found by its address alone: it is on no list of the viewer and has no feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<bool>,
    /// A line that stands above each of its pages, such as that this is a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub banner: Option<String>,
}

/// How the pages of an event look.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct SummitTheme {
    /// Colour of the event, such as #0b7a75. Its hue becomes the accent; how light and how strong that is, is the
    /// viewer's, so that everything stays readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"), length(max = 7))]
    pub color: Option<String>,
    /// Path of an image that stands for the event, as the overview would have it: it is one of `images`, and a
    /// NoteRepository finds it beside the document. Without one, the characters of the title stand for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub logo: Option<String>,
}

/// The official agenda of an event.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct SummitAgenda {
    /// The agenda itself, as JSON: a schedule.json (frab, pretalx), a session.json (OPass) or an answer of pretalx's
    /// API (submissions, talks).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 400_000))]
    pub text: Option<String>,
    /// Where it is kept, if not in `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_from: Option<ContentSource>,
    /// Where a note about a session is begun, such as
    /// https://git.example/notes/new/main?filename={id}.md. {id}, {title}, {speakers} and {day} stand for
    /// what the agenda says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub start_note_url: Option<String>,
}

/// What the operator made of the event.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SummitStatus {
    /// Generation of the spec that this status describes; -1 before the operator has seen the
    /// summit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready always; Reconciling and Stalled only while they are True.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// First and last day in one line, for `kubectl get`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub dates: Option<String>,
    /// Number of published notes on the agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<i32>,
    /// Number of notes that name the summit and are not on the agenda: drafts, notes whose time has
    /// not come, notes that cannot be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpublished_notes: Option<i32>,
    /// Name of the ConfigMap that holds the agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub config_map: Option<String>,
    /// Digest of what is published, the same as the ConfigMap's annotation
    /// talknotes.dev/content-digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 80))]
    pub content_digest: Option<String>,
    /// Faults and hints in the spec, 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub diagnostics: Vec<Diagnostic>,
    /// Value of the annotation talknotes.dev/requested-at (or reconcile.fluxcd.io/requestedAt) that
    /// was handled last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_reconcile_at: Option<String>,
}
