//! `TalkNote`: what is written about one talk.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Diagnostic, Link, common};

/// The talk and what was written about it. Only `title` and a body (`markdown` or `contentFrom`)
/// are needed.
#[derive(
    CustomResource, KubeSchema, Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq, Hash,
)]
#[kube(
    group = "talknotes.dev",
    version = "v1alpha1",
    kind = "TalkNote",
    plural = "talknotes",
    singular = "talknote",
    shortname = "tn",
    category = "talknotes-all",
    namespaced,
    status = "TalkNoteStatus",
    derive = "PartialEq",
    derive = "Default",
    doc = "A TalkNote is the notes of one talk at a summit. It is rendered into the ConfigMap talknote-<name>, which a viewer serves.",
    selectable = ".spec.summitRef.name",
    selectable = ".spec.day",
    selectable = ".spec.medal",
    selectable = ".spec.publication",
    printcolumn(name = "Summit", type_ = "string", json_path = ".spec.summitRef.name"),
    printcolumn(name = "Day", type_ = "string", json_path = ".spec.day"),
    printcolumn(name = "Speakers", type_ = "string", json_path = ".status.speakers"),
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
    printcolumn(name = "Title", type_ = "string", json_path = ".spec.title"),
    printcolumn(name = "Kind", type_ = "string", json_path = ".spec.kind", priority = "1"),
    printcolumn(name = "Medal", type_ = "string", json_path = ".spec.medal", priority = "1"),
    printcolumn(name = "Links", type_ = "integer", json_path = ".status.links", priority = "1"),
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
pub struct TalkNoteSpec {
    /// The summit at which the talk was given, in the same namespace. A note without one is
    /// published all the same, but stands on no agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summit_ref: Option<SummitReference>,
    /// Title of the talk, as people say it: without medals, numbering or the speaker.
    #[schemars(length(min = 1, max = 500))]
    pub title: String,
    /// Keynote, Session, Workshop, Lightning, Panel or Other. Session where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TalkKind>,
    /// Cancelled where the talk was in the programme and was not given. Scheduled where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_status: Option<EventStatus>,
    /// Who gave the talk, in the order of the programme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub speakers: Vec<Speaker>,
    /// Day of the talk in the summit's time zone, such as 2026-05-14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"), extend("maxLength" = 64, "x-kubernetes-validations" = common::day()))]
    pub day: Option<String>,
    /// When the talk begins in the summit's time zone, such as 09:30. A day may go on after midnight: 24:30
    /// is half past twelve in the night after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::TIME), extend("maxLength" = 64, "x-kubernetes-validations" = common::time()))]
    pub start_time: Option<String>,
    /// When the talk ends in the summit's time zone, such as 10:15. A talk that begins in the evening may end
    /// earlier than it begins, after midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::TIME), extend("maxLength" = 64, "x-kubernetes-validations" = common::time()))]
    pub end_time: Option<String>,
    /// Track of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub track: Option<String>,
    /// Room in which the talk was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub room: Option<String>,
    /// Main language of the notes as a BCP 47 tag, such as zh-Hant-TW. Found from the text where
    /// it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::LANGUAGE), extend("maxLength" = 35, "x-kubernetes-validations" = common::language()))]
    pub language: Option<String>,
    /// The author's recommendation: Gold, Silver or Bronze.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medal: Option<Medal>,
    /// Free words to find the note by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 64)))]
    pub tags: Vec<String>,
    /// Links that belong to the talk: its page, slides, recording, source code, further reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub links: Vec<Link>,
    /// Place on the agenda among talks of the same day that have no start time; lower is earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub order: Option<i32>,
    /// Published or Draft. A draft has no ConfigMap and stands on no agenda. Published where it is
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
    /// The notes in Markdown: CommonMark with the extensions of GitHub and HackMD. HTML in it is
    /// sanitized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 400_000))]
    pub markdown: Option<String>,
    /// Images that the Markdown names by a path. Those with a digest are shown from a ConfigMap, those
    /// with a URL from there; an image that is not listed is not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub images: Vec<NoteImage>,
    /// Where links lead that the Markdown has as paths, such as to the note of another document. A path that
    /// is not listed is left as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub targets: Vec<LinkTarget>,
    /// Where the note is written, so that its page leads there: to its lines, its history and an editor. A
    /// NoteRepository says it of its notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<NoteSource>>,
    /// How the Markdown is shown where the habits of authors differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendering: Option<Rendering>,
    /// What search engines may do with the page, such as noindex. Whatever they like where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub robots: Vec<RobotsRule>,
    /// While true, the page is found by its address alone: no list, search or feed of the viewer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<bool>,
    /// Where the Markdown is kept when it is not in `markdown`. `markdown` wins where both are set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_from: Option<ContentSource>,
}

/// An image that the Markdown names by a path.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct NoteImage {
    /// The path as the Markdown has it, such as images/tides.png.
    #[schemars(length(min = 1, max = 1024))]
    pub source: String,
    /// SHA-256 of the image as sha256: and 64 hex digits. It is shown from a ConfigMap in the same
    /// namespace with the labels app.kubernetes.io/managed-by: talknotes and talknotes.dev/content:
    /// image, which holds the image in binaryData under the key image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^sha256:[0-9a-f]{64}$"), extend("maxLength" = 71))]
    pub digest: Option<String>,
    /// Where the image is shown from when it has no digest: an absolute http or https URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub url: Option<String>,
}

/// Where a link leads that the Markdown has as a path: to a note, to a summit, or to a URL.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct LinkTarget {
    /// The path as the Markdown has it, such as tugs.md#questions.
    #[schemars(length(min = 1, max = 1024))]
    pub source: String,
    /// Name of the TalkNote in the same namespace to whose page it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub note: Option<String>,
    /// Name of the Summit in the same namespace: that of the note, or the one to whose page it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub summit: Option<String>,
    /// The id on that page to which it leads, such as note-questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub anchor: Option<String>,
    /// Where it leads when it names neither note nor summit: an absolute http or https URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub url: Option<String>,
}

/// The file of a repository that a note is written in.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct NoteSource {
    /// Address of the repository as a browser opens it, such as https://github.com/harbor/notes. Readers are
    /// sent to https addresses of GitHub, GitLab, Gitea, Forgejo and Bitbucket alone.
    #[schemars(length(min = 1, max = 2048))]
    pub repository: String,
    /// Path of the file in it.
    #[schemars(length(min = 1, max = 4096))]
    pub path: String,
    /// Branch on which it is edited. It is not edited where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub branch: Option<String>,
    /// Name of the commit with which the note was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::COMMIT), extend("maxLength" = 128, "x-kubernetes-validations" = common::commit()))]
    pub revision: Option<String>,
    /// Line in which it begins there, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub line: Option<i32>,
    /// When that commit was made (RFC 3339), such as 2026-05-14T18:00:00Z.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxLength" = 64, "x-kubernetes-validations" = common::moment()))]
    pub changed_at: Option<String>,
}

/// Names a Summit in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SummitReference {
    /// Name of the Summit.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// Somebody who gave a talk.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct Speaker {
    /// Name as the programme has it.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// Another name the speaker goes by: an English name, a nickname, a handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub alias: Option<String>,
    /// Company, university or project that the speaker stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub organization: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at TalkNoteSpec::kind")]
pub enum TalkKind {
    Keynote,
    Session,
    Workshop,
    Lightning,
    Panel,
    Other,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at TalkNoteSpec::event_status")]
pub enum EventStatus {
    Scheduled,
    Cancelled,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at TalkNoteSpec::medal")]
pub enum Medal {
    Gold,
    Silver,
    Bronze,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at TalkNoteSpec::publication")]
pub enum Publication {
    Published,
    Draft,
}

/// How Markdown is shown where the habits of authors differ.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct Rendering {
    /// Hard (a line break in the text is one on the page, as in HackMD and GitHub) or Soft (lines of a
    /// paragraph are joined, as in Hugo). Hard where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_breaks: Option<LineBreaks>,
    /// Inferred (lists that have lost their indentation are put into each other where their marks
    /// change, and shown as such) or AsWritten. Inferred where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nesting: Option<Nesting>,
    /// LTR (left to right), RTL (right to left, as in Arabic and Hebrew) or Auto (as the first letter of
    /// the text tells). Left to right where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How many levels of headings a table of contents ([TOC]) has that does not say so itself. 3 where
    /// it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 6))]
    pub toc_max_level: Option<i32>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at Rendering::line_breaks")]
pub enum LineBreaks {
    Hard,
    Soft,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at Rendering::nesting")]
pub enum Nesting {
    Inferred,
    AsWritten,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the values are explained at Rendering::direction")]
pub enum Direction {
    LTR,
    RTL,
    Auto,
}

/// A rule for search engines, with the word that `<meta name="robots">` and the header `X-Robots-Tag`
/// have for it (<https://developer.mozilla.org/docs/Web/HTML/Reference/Elements/meta/name/robots>).
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words are those of the standard")]
pub enum RobotsRule {
    All,
    Index,
    NoIndex,
    Follow,
    NoFollow,
    None,
    NoArchive,
    NoCache,
    NoSnippet,
    NoImageIndex,
    NoTranslate,
}

impl std::fmt::Display for RobotsRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// Where the Markdown of a note is kept.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[serde(rename_all = "camelCase")]
pub struct ContentSource {
    /// A key of a ConfigMap in the same namespace. A change of it is seen within a minute.
    pub config_map_key_ref: ConfigMapKeyReference,
}

/// Names a key of a ConfigMap in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ConfigMapKeyReference {
    /// Name of the ConfigMap.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// Key in its `data`.
    #[schemars(length(min = 1, max = 253))]
    pub key: String,
}

/// What the operator made of the note.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct TalkNoteStatus {
    /// Generation of the spec that this status describes; -1 before the operator has seen the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready always; Reconciling and Stalled only while they are True.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// The speakers' names in one line, for `kubectl get`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub speakers: Option<String>,
    /// Number of links of the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<i32>,
    /// Name of the ConfigMap that holds the published note; absent while nothing is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub config_map: Option<String>,
    /// Digest of what is published, the same as the ConfigMap's annotation
    /// talknotes.dev/content-digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 80))]
    pub content_digest: Option<String>,
    /// Faults and hints in the note, 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub diagnostics: Vec<Diagnostic>,
    /// Value of the annotation talknotes.dev/requested-at (or reconcile.fluxcd.io/requestedAt) that
    /// was handled last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_reconcile_at: Option<String>,
}
