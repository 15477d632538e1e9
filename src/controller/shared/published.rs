//! The ConfigMaps that we publish: how they are made, and how a watched one is told from a wanted one.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::ResourceExt;
use serde_json::{Value, json};

use crate::api::names;
use crate::controller::shared::ownership;
use crate::render::{Publication, is_contract_key};

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
const ANNOTATIONS: [&str; 2] = [names::CONTENT_DIGEST, names::CONTRACT];

/// Who and what a ConfigMap is published for.
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

/// The ConfigMap at `address` with `publication` in it.
pub fn config_map(address: Address, publication: Publication) -> ConfigMap {
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
    let annotations = BTreeMap::from([
        (names::CONTENT_DIGEST.to_owned(), publication.digest),
        (names::CONTRACT.to_owned(), names::CONTRACT_VERSION.to_owned()),
    ]);
    let binary: BTreeMap<String, ByteString> =
        publication.binary_data.into_iter().map(|(key, bytes)| (key, ByteString(bytes))).collect();
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(address.name),
            namespace: Some(address.namespace),
            labels: Some(labels),
            annotations: Some(annotations),
            owner_references: address.owner.map(|owner| vec![owner]),
            ..ObjectMeta::default()
        },
        data: (!publication.data.is_empty()).then_some(publication.data),
        binary_data: (!binary.is_empty()).then_some(binary),
        immutable: None,
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
    let address = Address {
        name: names::image_config_map(repository, digest),
        namespace: namespace.to_owned(),
        owner,
        content: names::CONTENT_IMAGE,
        repository: Some(repository.to_owned()),
        summit: None,
        talk: None,
    };
    config_map(address, Publication::image(content))
}

/// Everything about a ConfigMap that we would restore: a digest, and the keys of the contract behind it.
pub fn fingerprint(config_map: &ConfigMap) -> String {
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
    // Keys that others add are tolerated.
    let mut keys = String::new();
    for (key, value) in config_map.data.iter().flatten().filter(|(key, _)| is_contract_key(key)) {
        add(key);
        add(value);
        keys.extend([" ", DATA, ":", key]);
    }
    for (key, value) in
        config_map.binary_data.iter().flatten().filter(|(key, _)| is_contract_key(key))
    {
        add(key);
        add(&names::hex_digest(&value.0));
        keys.extend([" ", BINARY_DATA, ":", key]);
    }
    names::hex_digest(text.as_bytes()) + &keys
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
    config_map.annotations_mut().insert(FINGERPRINT.to_owned(), fingerprint);
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
mod tests {
    use super::*;

    fn published() -> ConfigMap {
        let address = Address {
            name: "talknote-ferris".to_owned(),
            namespace: "summits".to_owned(),
            owner: Some(OwnerReference {
                uid: "1".to_owned(),
                controller: Some(true),
                ..OwnerReference::default()
            }),
            content: names::CONTENT_NOTE,
            repository: None,
            summit: Some("crab-con".to_owned()),
            talk: Some("ferris".to_owned()),
        };
        let publication = Publication {
            data: BTreeMap::from([("note.html".to_owned(), "<p>x</p>".to_owned())]),
            binary_data: BTreeMap::from([("note.json.gz".to_owned(), vec![1, 2])]),
            digest: "sha256:1".to_owned(),
        };
        config_map(address, publication)
    }

    fn another_owner() -> OwnerReference {
        OwnerReference { uid: "2".to_owned(), ..OwnerReference::default() }
    }

    #[test]
    fn what_others_put_where_ours_is_goes_and_the_rest_stays() {
        let mut watched = published();
        let data = watched.data.as_mut().unwrap();
        data.insert("note.json".to_owned(), "theirs".to_owned());
        data.insert("theirs".to_owned(), "x".to_owned());
        watched.owner_references_mut().push(another_owner());
        reduce(&mut watched);
        let patch = surplus(&watched, &published()).unwrap();
        assert_eq!(patch["data"], json!({ "note.json": null }));
        assert_eq!(
            patch["metadata"]["ownerReferences"],
            json!([{ "$patch": "delete", "uid": "2" }])
        );

        let mut as_wanted = published();
        reduce(&mut as_wanted);
        assert_eq!(surplus(&as_wanted, &published()), None);
        let emptied = emptied(&as_wanted);
        assert_eq!(emptied["data"], json!({ "note.html": null }));
        assert_eq!(emptied["binaryData"], json!({ "note.json.gz": null }));

        let mut swapped = published();
        swapped.data = None;
        let bytes = ByteString(b"theirs".to_vec());
        swapped.binary_data.as_mut().unwrap().insert("note.html".to_owned(), bytes);
        reduce(&mut swapped);
        let patch = surplus(&swapped, &published()).unwrap();
        assert_eq!(patch["binaryData"], json!({ "note.html": null }));
    }

    #[test]
    fn what_is_to_outlive_us_may_have_any_owner() {
        let (mut orphan, mut adopted) = (published(), published());
        orphan.metadata.owner_references = None;
        adopted.metadata.owner_references = Some(vec![another_owner()]);
        assert_eq!(fingerprint(&orphan), fingerprint(&adopted));
        reduce(&mut adopted);
        assert_eq!(surplus(&adopted, &orphan), None);
    }

    #[test]
    fn every_part_that_we_write_changes_the_fingerprint() {
        let wanted = fingerprint(&published());
        let edits: [fn(&mut ConfigMap); 9] = [
            |cm| drop(cm.data.as_mut().unwrap().insert("note.html".to_owned(), "!".to_owned())),
            |cm| cm.binary_data = None,
            |cm| drop(cm.labels_mut().remove(names::SUMMIT_LABEL)),
            |cm| drop(cm.annotations_mut().remove(names::CONTRACT)),
            |cm| cm.owner_references_mut().clear(),
            |cm| cm.owner_references_mut().push(another_owner()),
            |cm| cm.immutable = Some(true),
            |cm| drop(cm.data.as_mut().unwrap().insert("note.json".to_owned(), "{}".to_owned())),
            |cm| drop(cm.labels_mut().insert(names::MANAGED_BY.to_owned(), "others".to_owned())),
        ];
        for (index, edit) in edits.iter().enumerate() {
            let mut changed = published();
            edit(&mut changed);
            assert_ne!(fingerprint(&changed), wanted, "edit {index}");
        }
    }

    #[test]
    fn what_others_add_does_not_change_the_fingerprint() {
        let mut annotated = published();
        annotated.annotations_mut().insert("team".to_owned(), "docs".to_owned());
        annotated.data.as_mut().unwrap().insert("theirs".to_owned(), "x".to_owned());
        assert_eq!(fingerprint(&annotated), fingerprint(&published()));
    }

    #[test]
    fn a_reduced_config_map_keeps_its_fingerprint_and_not_its_data() {
        let mut watched = published();
        reduce(&mut watched);
        assert_eq!(observed_fingerprint(&watched), Some(fingerprint(&published()).as_str()));
        assert!(watched.data.is_none() && watched.binary_data.is_none());
    }
}
