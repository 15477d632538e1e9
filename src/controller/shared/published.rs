//! The ConfigMaps that we publish: how they are made, and how a watched one is told from a wanted one.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::ResourceExt;
use serde_json::{Value, json};

use crate::api::names;
use crate::controller::shared::ownership;
use crate::render::{self, Publication, content_digest, is_contract_key};

/// Where a watched ConfigMap keeps its fingerprint after its data was dropped. Never written to the
/// cluster.
const FINGERPRINT: &str = "fingerprint";
/// The fields of a ConfigMap that keys stand in. No key may stand in both.
const DATA: &str = "data";
const BINARY_DATA: &str = "binaryData";

/// Labels that are ours; others on the same object are none of our business.
const LABELS: [&str; 5] = [
    names::MANAGED_BY,
    names::SUMMIT_LABEL,
    names::TALK_LABEL,
    names::CONTENT_LABEL,
    names::REPOSITORY_LABEL,
];
/// Annotations that are ours.
const ANNOTATIONS: [&str; 4] =
    [names::CONTENT_DIGEST, names::CONTRACT, names::SOURCE_DIGEST, names::RENDERER];

/// Who and what a ConfigMap is published for.
#[derive(Clone)]
pub struct Address {
    /// Name of the ConfigMap.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Controller owner reference to the object that it was rendered from; none where it outlives it.
    pub owner: Option<OwnerReference>,
    /// `note`, `summit` or `image`.
    pub content: &'static str,
    /// Name of the `NoteRepository`, for an image.
    pub repository: Option<String>,
    /// Name of the summit, where there is one.
    pub summit: Option<String>,
    /// Name of the `TalkNote`, for a note.
    pub talk: Option<String>,
}

/// What a page was rendered from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Digest of the part of the spec that is rendered; none on pages of versions that did not say it.
    pub digest: Option<String>,
    /// Version of the renderer; likewise.
    pub renderer: Option<String>,
}

impl Source {
    /// What this version of the renderer makes of `digest`.
    pub fn of(digest: String) -> Self {
        Self { digest: Some(digest), renderer: Some(render::VERSION.to_owned()) }
    }

    /// What a published ConfigMap says of itself.
    pub fn told(config_map: &ConfigMap) -> Self {
        let told = |name| config_map.annotations().get(name).cloned();
        Self { digest: told(names::SOURCE_DIGEST), renderer: told(names::RENDERER) }
    }
}

/// The ConfigMap at `address` with `publication`, which was rendered from `source`, in it.
pub fn config_map(
    address: Address,
    publication: Publication,
    source: Option<&Source>,
) -> ConfigMap {
    let Publication { data, binary_data, digest } = publication;
    let mut config_map = empty(address, &digest, source);
    let binary: BTreeMap<String, ByteString> =
        binary_data.into_iter().map(|(key, bytes)| (key, ByteString(bytes))).collect();
    config_map.data = (!data.is_empty()).then_some(data);
    config_map.binary_data = (!binary.is_empty()).then_some(binary);
    config_map
}

/// All of a ConfigMap but its data, whose digest is `content`.
fn empty(address: Address, content: &str, source: Option<&Source>) -> ConfigMap {
    let mut labels = BTreeMap::from([
        (names::MANAGED_BY.to_owned(), names::MANAGED_BY_VALUE.to_owned()),
        (names::CONTENT_LABEL.to_owned(), address.content.to_owned()),
    ]);
    let named = [
        (names::SUMMIT_LABEL, &address.summit),
        (names::TALK_LABEL, &address.talk),
        (names::REPOSITORY_LABEL, &address.repository),
    ];
    for (label, name) in named {
        if let Some(name) = name {
            labels.insert(label.to_owned(), names::label_value(name));
        }
    }
    let mut annotations = BTreeMap::from([
        (names::CONTENT_DIGEST.to_owned(), content.to_owned()),
        (names::CONTRACT.to_owned(), names::CONTRACT_VERSION.to_owned()),
    ]);
    let told = |told: fn(&Source) -> Option<&String>| source.and_then(told).cloned();
    let digest = told(|source| source.digest.as_ref());
    let renderer = told(|source| source.renderer.as_ref());
    annotations.extend(digest.map(|digest| (names::SOURCE_DIGEST.to_owned(), digest)));
    annotations.extend(renderer.map(|renderer| (names::RENDERER.to_owned(), renderer)));
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(address.name),
            namespace: Some(address.namespace),
            labels: Some(labels),
            annotations: Some(annotations),
            owner_references: address.owner.map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        ..ConfigMap::default()
    }
}

/// The ConfigMap of an image that the repository `repository` gave. `digest` is its SHA-256 in hex.
pub fn image(
    namespace: &str,
    repository: &str,
    owner: Option<OwnerReference>,
    digest: &str,
    content: Vec<u8>,
) -> ConfigMap {
    config_map(
        image_address(namespace, repository, owner, digest),
        Publication::image(content),
        None,
    )
}

/// The fingerprint of [`image`] with a content whose publication has the digest `published`.
pub fn fingerprint_of_image(
    namespace: &str,
    repository: &str,
    owner: Option<OwnerReference>,
    digest: &str,
    published: &str,
) -> String {
    let address = image_address(namespace, repository, owner, digest);
    let fingerprint = with_content(&empty(address, published, None), published);
    format!("{fingerprint} {BINARY_DATA}:{}", render::IMAGE)
}

fn image_address(
    namespace: &str,
    repository: &str,
    owner: Option<OwnerReference>,
    digest: &str,
) -> Address {
    Address {
        name: names::image_config_map(repository, digest),
        namespace: namespace.to_owned(),
        owner,
        content: names::CONTENT_IMAGE,
        repository: Some(repository.to_owned()),
        summit: None,
        talk: None,
    }
}

/// Whether it is that of an image.
pub fn is_image(config_map: &ConfigMap) -> bool {
    config_map.labels().get(names::CONTENT_LABEL).is_some_and(|is| is == names::CONTENT_IMAGE)
}

/// Everything about a ConfigMap that we would restore: a digest, and the keys of the contract behind it.
pub fn fingerprint(config_map: &ConfigMap) -> String {
    // Keys that others add are tolerated.
    let texts = || config_map.data.iter().flatten().filter(|(key, _)| is_contract_key(key));
    let bytes = || config_map.binary_data.iter().flatten().filter(|(key, _)| is_contract_key(key));
    let content = content_digest(
        texts().map(|(key, value)| (key.as_str(), value.as_str())),
        bytes().map(|(key, value)| (key.as_str(), value.0.as_slice())),
    );
    let mut fingerprint = with_content(config_map, &content);
    texts().for_each(|(key, _)| fingerprint.extend([" ", DATA, ":", key]));
    bytes().for_each(|(key, _)| fingerprint.extend([" ", BINARY_DATA, ":", key]));
    fingerprint
}

/// The digest in front of a fingerprint, of a ConfigMap whose data has the digest `content`.
fn with_content(config_map: &ConfigMap, content: &str) -> String {
    let mut text = String::new();
    let mut add = |part: &str| {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    };
    for label in LABELS {
        add(config_map.labels().get(label).map_or("", String::as_str));
    }
    for annotation in ANNOTATIONS {
        add(config_map.annotations().get(annotation).map_or("", String::as_str));
    }
    add(owner(config_map).map_or("", |owner| &owner.uid));
    for other in other_owners(config_map) {
        add(&other.uid);
    }
    if is_immutable(config_map) {
        add("immutable");
    }
    add(content);
    names::hex_digest(text.as_bytes())
}

/// Whether `observed`, a watched ConfigMap, is what is published at `address` where `source` is rendered
/// to something with the digest `content`.
pub fn is_made_from(
    observed: &ConfigMap,
    address: Address,
    source: &Source,
    content: &str,
) -> bool {
    let wanted = with_content(&empty(address, content, Some(source)), content);
    let found = observed_fingerprint(observed).and_then(|found| found.split(' ').next());
    found == Some(wanted.as_str())
}

/// The object that the ConfigMap is controlled by.
pub fn owner(config_map: &ConfigMap) -> Option<&OwnerReference> {
    ownership::controller(&config_map.metadata)
}

/// Owners beside the controller: with one of them a page would outlive its note. What has no controller
/// is to outlive us, and may have any owner.
fn other_owners(config_map: &ConfigMap) -> impl Iterator<Item = &OwnerReference> {
    let ours = owner(config_map).map(|owner| owner.uid.as_str());
    let owners = config_map.owner_references().iter();
    owners.filter(move |other| ours.is_some_and(|ours| other.uid != ours))
}

/// Whether its data can be changed by nobody, so that it has to be made anew.
pub fn is_immutable(config_map: &ConfigMap) -> bool {
    config_map.immutable == Some(true)
}

/// A strategic merge patch that takes from `observed`, a watched ConfigMap, what `wanted` has not and
/// no apply would take away, because others put it there; none where there is nothing.
pub fn surplus(observed: &ConfigMap, wanted: &ConfigMap) -> Option<Value> {
    let wanted_keys: BTreeSet<(&str, &str)> = keys(wanted).collect();
    let surplus: Vec<(&str, &str)> =
        observed_keys(observed).filter(|key| !wanted_keys.contains(key)).collect();
    let owners =
        if owner(wanted).is_some() { other_owners(observed).collect() } else { Vec::new() };
    if surplus.is_empty() && owners.is_empty() {
        return None;
    }
    let owners: Vec<Value> =
        owners.iter().map(|owner| json!({ "$patch": "delete", "uid": owner.uid })).collect();
    // An empty list changes nothing.
    let metadata = json!({ "uid": observed.uid(), "ownerReferences": owners });
    Some(without_keys(metadata, surplus.into_iter()))
}

/// A strategic merge patch after which no viewer takes `observed`, a watched ConfigMap, for a page.
pub fn unlabelled(observed: &ConfigMap) -> Value {
    json!({ "metadata": { "uid": observed.uid(), "labels": { names::CONTENT_LABEL: null } } })
}

/// A strategic merge patch that empties `observed`, a watched ConfigMap.
pub fn emptied(observed: &ConfigMap) -> Value {
    without_keys(json!({ "uid": observed.uid() }), observed_keys(observed))
}

fn without_keys<'a>(metadata: Value, keys: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut gone: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for (field, key) in keys {
        gone.entry(field).or_default().insert(key, Value::Null);
    }
    let fields = gone.into_iter().map(|(field, keys)| (field.to_owned(), json!(keys)));
    let metadata = std::iter::once(("metadata".to_owned(), metadata));
    Value::Object(metadata.chain(fields).collect())
}

/// The keys of a ConfigMap with the fields that they stand in.
fn keys(config_map: &ConfigMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = config_map.data.iter().flatten().map(|(key, _)| (DATA, key.as_str()));
    let bytes = config_map.binary_data.iter().flatten().map(|(key, _)| (BINARY_DATA, key.as_str()));
    texts.chain(bytes)
}

/// Replaces the data of a watched ConfigMap by its fingerprint: thousands of pages are not kept in
/// memory to know whether they are still what we wrote.
pub fn reduce(config_map: &mut ConfigMap) {
    let fingerprint = fingerprint(config_map);
    config_map.data = None;
    config_map.binary_data = None;
    let annotations = config_map.annotations_mut();
    // Of others' annotations nobody asks, and the fingerprint stands for most of ours.
    annotations.retain(|name, _| [names::SOURCE_DIGEST, names::RENDERER].contains(&name.as_str()));
    annotations.insert(FINGERPRINT.to_owned(), fingerprint);
    config_map.metadata.creation_timestamp = None;
    ownership::reduce(&mut config_map.metadata);
}

/// The fingerprint of a watched ConfigMap.
pub fn observed_fingerprint(config_map: &ConfigMap) -> Option<&str> {
    config_map.annotations().get(FINGERPRINT).map(String::as_str)
}

/// The keys of the contract in a watched ConfigMap, with the fields that they stand in.
fn observed_keys(config_map: &ConfigMap) -> impl Iterator<Item = (&str, &str)> {
    let fingerprint = observed_fingerprint(config_map).unwrap_or_default();
    fingerprint.split(' ').skip(1).filter_map(|key| key.split_once(':'))
}

#[cfg(test)]
#[path = "published_tests.rs"]
mod tests;
