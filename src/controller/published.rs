//! The ConfigMaps that we publish: how they are made, and how a watched one is told from a wanted one.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::ResourceExt;

use crate::api::names;
use crate::render::{Publication, is_contract_key};

/// Where a watched ConfigMap keeps its fingerprint after its data was dropped. Never written to the
/// cluster.
const FINGERPRINT: &str = "fingerprint";

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

/// Digest of everything about a ConfigMap that we would restore.
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
    // Keys that others add are tolerated.
    for (key, value) in config_map.data.iter().flatten().filter(|(key, _)| is_contract_key(key)) {
        add(key);
        add(value);
    }
    for (key, value) in
        config_map.binary_data.iter().flatten().filter(|(key, _)| is_contract_key(key))
    {
        add(key);
        add(&names::hex_digest(&value.0));
    }
    names::hex_digest(text.as_bytes())
}

/// The object that the ConfigMap is controlled by.
pub fn owner(config_map: &ConfigMap) -> Option<&OwnerReference> {
    config_map.owner_references().iter().find(|owner| owner.controller == Some(true))
}

/// Replaces the data of a watched ConfigMap by its fingerprint: thousands of pages are not kept in
/// memory to know whether they are still what we wrote.
pub fn reduce(config_map: &mut ConfigMap) {
    let fingerprint = fingerprint(config_map);
    config_map.data = None;
    config_map.binary_data = None;
    config_map.annotations_mut().insert(FINGERPRINT.to_owned(), fingerprint);
}

/// The fingerprint of a watched ConfigMap.
pub fn observed_fingerprint(config_map: &ConfigMap) -> Option<&str> {
    config_map.annotations().get(FINGERPRINT).map(String::as_str)
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

    #[test]
    fn every_part_that_we_write_changes_the_fingerprint() {
        let wanted = fingerprint(&published());
        let edits: [fn(&mut ConfigMap); 5] = [
            |cm| drop(cm.data.as_mut().unwrap().insert("note.html".to_owned(), "!".to_owned())),
            |cm| cm.binary_data = None,
            |cm| drop(cm.labels_mut().remove(names::SUMMIT_LABEL)),
            |cm| drop(cm.annotations_mut().remove(names::CONTRACT)),
            |cm| cm.owner_references_mut().clear(),
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
