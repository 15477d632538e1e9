//! Objects that a repository gave: how they are made, and how a watched one is told from a wanted one.

use std::hash::Hash;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::ResourceExt;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::held::Claimant;
use crate::api::{PrunePolicy, Publication, Summit, SummitSpec, TalkNote, TalkNoteSpec, names};
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership;
use crate::controller::shared::text::{Written, digest_of_text, told_digest};
use crate::controller::state::memory::{key, quick_hash};
use crate::document::{Imported, Metadata, TextDigest, text_digest};

/// A kind that repositories give.
pub(in crate::controller) trait ImportedKind: Written {
    /// Its spec.
    type Spec: Hash + Clone + Serialize;
    /// Whether several repositories may speak of one object, as long as they say the same.
    const IS_SHARED: bool;

    fn with_spec(name: &str, spec: Self::Spec) -> Self;
    fn spec(&self) -> &Self::Spec;

    /// What of a spec says whether it may be public.
    fn publication(spec: &mut Self::Spec) -> &mut Option<Publication>;

    /// A digest of a spec. Its text counts by `text`, its digest, where it is not there itself.
    fn spec_hash(spec: &Self::Spec, text: Option<TextDigest>) -> u64;
}

impl ImportedKind for TalkNote {
    type Spec = TalkNoteSpec;
    const IS_SHARED: bool = false;

    fn with_spec(name: &str, spec: TalkNoteSpec) -> Self {
        Self::new(name, spec)
    }

    fn spec(&self) -> &TalkNoteSpec {
        &self.spec
    }

    fn publication(spec: &mut TalkNoteSpec) -> &mut Option<Publication> {
        &mut spec.publication
    }

    fn spec_hash(spec: &TalkNoteSpec, text: Option<TextDigest>) -> u64 {
        let TalkNoteSpec {
            summit_ref,
            title,
            kind,
            event_status,
            speakers,
            day,
            start_time,
            end_time,
            track,
            room,
            language,
            medal,
            tags,
            links,
            order,
            publication,
            publish_at,
            unpublish_at,
            markdown,
            images,
            targets,
            source,
            rendering,
            robots,
            unlisted,
            content_from,
        } = spec;
        let text = text.or_else(|| markdown.as_deref().map(text_digest));
        // When the note was last changed is said with that change, and moves with no other.
        let source = source.as_ref().map(|at| (&at.repository, &at.path, &at.branch));
        quick_hash(&(
            (summit_ref, title, kind, event_status, speakers, day, start_time, end_time),
            (track, room, language, medal, tags, links, order, publication, publish_at),
            (
                unpublish_at,
                text,
                images,
                targets,
                source,
                rendering,
                robots,
                unlisted,
                content_from,
            ),
        ))
    }
}

impl ImportedKind for Summit {
    type Spec = SummitSpec;
    const IS_SHARED: bool = true;

    fn with_spec(name: &str, spec: SummitSpec) -> Self {
        Self::new(name, spec)
    }

    fn spec(&self) -> &SummitSpec {
        &self.spec
    }

    fn publication(spec: &mut SummitSpec) -> &mut Option<Publication> {
        &mut spec.publication
    }

    fn spec_hash(spec: &SummitSpec, text: Option<TextDigest>) -> u64 {
        let text = text.or_else(|| spec.overview.as_deref().map(text_digest));
        quick_hash(&(SummitSpec { overview: None, ..spec.clone() }, text))
    }
}

/// The repository that objects are made for.
pub(super) struct Origin {
    pub namespace: String,
    pub name: String,
    pub owner: OwnerReference,
    pub prune: PrunePolicy,
    pub claimant: Claimant,
}

/// The object that `imported` asks for; a text that was not read is empty. Orphans have no owner, so that they outlive the repository.
pub(super) fn object<K: ImportedKind>(imported: &Imported<K::Spec>, origin: &Origin) -> K {
    let mut object = K::with_spec(&imported.name, imported.spec.clone());
    if imported.text.is_some() {
        *object.text_mut() = Some(String::new());
    }
    let meta = object.meta_mut();
    meta.namespace = Some(origin.namespace.clone());
    let mut labels = imported.metadata.labels.clone();
    labels.extend([
        (names::MANAGED_BY.to_owned(), names::MANAGED_BY_VALUE.to_owned()),
        (names::REPOSITORY_LABEL.to_owned(), names::label_value(&origin.name)),
    ]);
    meta.labels = Some(labels);
    let mut annotations = imported.metadata.annotations.clone();
    annotations.extend([
        (names::FLUX_SUBSTITUTE.to_owned(), "disabled".to_owned()),
        (names::SOURCE_PATH.to_owned(), imported.path.clone()),
    ]);
    let others = imported.other_paths();
    annotations.extend(others.map(|paths| (names::OTHER_SOURCE_PATHS.to_owned(), paths)));
    annotations
        .extend(kept(&imported.metadata).map(|kept| (names::KEPT_METADATA.to_owned(), kept)));
    meta.annotations = Some(annotations);
    meta.owner_references =
        (origin.prune == PrunePolicy::Delete).then(|| vec![origin.owner.clone()]);
    object
}

/// What says of an object which of its labels and annotations its manifest set: what is no longer set
/// there is taken back, and what others add is theirs.
fn kept(metadata: &Metadata) -> Option<String> {
    let labels = metadata.labels.keys().map(|key| format!("{LABEL}{key}"));
    let annotations = metadata.annotations.keys().map(|key| format!("{ANNOTATION}{key}"));
    let lines: Vec<String> = labels.chain(annotations).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// In front of the keys of [`names::KEPT_METADATA`].
const LABEL: &str = "label ";
const ANNOTATION: &str = "annotation ";

/// The values of the labels and annotations that an object says to be its manifest's.
fn kept_values<K: ImportedKind>(object: &K) -> Vec<Option<&String>> {
    let kept = object.annotations().get(names::KEPT_METADATA);
    let lines = kept.into_iter().flat_map(|kept| kept.lines());
    let value = |line: &str| match line.strip_prefix(LABEL) {
        Some(key) => object.labels().get(key),
        None => object.annotations().get(line.strip_prefix(ANNOTATION)?),
    };
    lines.map(value).collect()
}

/// Whether `object`, which somebody else made, says all that `wanted` does.
pub(super) fn says_all_of<K: ImportedKind>(object: &K, wanted: &K::Spec) -> bool {
    let fields = |spec: &K::Spec| match serde_json::to_value(spec) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let mut said = fields(object.spec());
    let wanted = K::with_spec("", wanted.clone());
    let mut asked = fields(wanted.spec());
    // The text of a watched object is known by its digest.
    for (fields, digest) in
        [(&mut said, digest_of_text(object)), (&mut asked, digest_of_text(&wanted))]
    {
        fields.entry(K::FIELD).and_modify(|text| *text = Value::String(digest));
    }
    K::IS_SHARED && asked.iter().all(|(field, value)| said.get(field) == Some(value))
}

/// A merge patch that takes from `found` what its spec says beyond `wanted`, because others put it there
/// and no apply would take it away; none where there is nothing.
pub(super) fn surplus<K: ImportedKind>(found: &K, wanted: &K) -> Option<Value> {
    let spec = |object: &K| serde_json::to_value(object.spec()).unwrap_or_default();
    let beyond = beyond(&spec(found), &spec(wanted))?;
    Some(json!({ "metadata": { "uid": found.uid() }, "spec": beyond }))
}

/// Null for each field of `found` that `wanted` has not. A list is one field.
fn beyond(found: &Value, wanted: &Value) -> Option<Value> {
    let (Value::Object(found), Value::Object(wanted)) = (found, wanted) else { return None };
    let fields = found.iter().filter_map(|(field, value)| match wanted.get(field) {
        None => Some((field.clone(), Value::Null)),
        Some(wanted) => Some((field.clone(), beyond(value, wanted)?)),
    });
    let fields: Map<String, Value> = fields.collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// Digest of everything about an imported object that we would restore. The text of a note counts by `text`, its
/// digest, where it is not there itself.
pub(super) fn fingerprint<K: ImportedKind>(object: &K, text: Option<TextDigest>) -> String {
    let label = |name: &str| object.labels().get(name);
    let annotation = |name: &str| object.annotations().get(name);
    let owner = ownership::controller(object.meta()).map(|owner| &owner.uid);
    quick_hash(&(
        K::spec_hash(object.spec(), text.or_else(|| told_digest(object))),
        label(names::MANAGED_BY),
        label(names::REPOSITORY_LABEL),
        annotation(names::FLUX_SUBSTITUTE),
        annotation(names::SOURCE_PATH),
        annotation(names::OTHER_SOURCE_PATHS),
        annotation(names::KEPT_METADATA),
        kept_values(object),
        owner,
    ))
    .to_string()
}

/// The fingerprint of a watched object.
pub(super) fn seen<K: ImportedKind>(object: &K) -> String {
    fingerprint(object, None)
}

/// Whether an object that a repository gave was changed or deleted by somebody else.
pub(in crate::controller) fn is_drift<K: ImportedKind>(
    before: Option<&K>,
    after: Option<&K>,
    ctx: &Context,
) -> bool {
    let Some((namespace, name)) = after.or(before).map(Kind::address) else { return false };
    let expected = ctx.expected.get(&key(K::NAME, &namespace, &name));
    expected.is_some_and(|expected| after.is_none_or(|after| fingerprint(after, None) != expected))
}
