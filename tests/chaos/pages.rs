//! Whether the ConfigMaps are those of the notes, summits and images that there are.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use serde_json::Value;
use talknotes::api::names;
use talknotes::render::{NoteDocument, Publication, SummitDocument};

use crate::compare::{Seen, controller_uid, difference};
use crate::imported::Kind;
use crate::repository::Repo;
use crate::support::Result;
use crate::world::World;

/// What is not as it should be, a line each.
pub fn differences(world: &World<'_>, seen: &Seen) -> Vec<String> {
    let (mut differences, mut wanted) = (Vec::new(), BTreeSet::new());
    for ((kind, name), (object, _)) in &seen.objects {
        let page = match kind {
            _ if !is_published(object) => continue,
            Kind::TalkNote => names::note_config_map(name),
            Kind::Summit => names::summit_config_map(name),
        };
        let found = match seen.config_maps.get(&page) {
            None => Some("is missing".to_owned()),
            Some(map) => published(seen, *kind, object, map),
        };
        differences.extend(found.map(|what| format!("ConfigMap {page}: {what}")));
        wanted.insert(page);
    }
    for repository in &world.repositories {
        differences.extend(images(repository, seen, &mut wanted));
    }
    let known = |name: &str| wanted.contains(name) || world.bystanders.config_maps.contains(&name);
    let extra = seen.config_maps.keys().filter(|name| !known(name));
    differences.extend(extra.map(|name| format!("ConfigMap {name}: nobody asked for it")));
    differences
}

fn is_published(object: &Value) -> bool {
    object["spec"]["publication"] != "Draft"
}

/// What is wrong with the ConfigMap of a note or a summit.
fn published(seen: &Seen, kind: Kind, object: &Value, map: &ConfigMap) -> Option<String> {
    let owner = object["metadata"]["uid"].as_str();
    if let Some(fault) = unsound(map, owner) {
        return Some(fault);
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let (content, label) = match kind {
        Kind::TalkNote => (names::CONTENT_NOTE, names::TALK_LABEL),
        Kind::Summit => (names::CONTENT_SUMMIT, names::SUMMIT_LABEL),
    };
    let own = names::label_value(name);
    for (label, value) in [(names::CONTENT_LABEL, content), (label, own.as_str())] {
        if map.labels().get(label).is_none_or(|found| found != value) {
            return Some(format!("has the label {label}={:?}", map.labels().get(label)));
        }
    }
    let digest = map.annotations().get(names::CONTENT_DIGEST).map(String::as_str);
    if object["status"]["contentDigest"].as_str() != digest {
        let told = &object["status"]["contentDigest"];
        return Some(format!("has the digest {digest:?}, and its owner tells {told}"));
    }
    let content = match kind {
        Kind::TalkNote => page(object, map),
        Kind::Summit => agenda(seen, name, map),
    };
    content.unwrap_or_else(|error| Some(format!("cannot be read: {error}")))
}

/// What is wrong with any ConfigMap of ours.
fn unsound(map: &ConfigMap, owner: Option<&str>) -> Option<String> {
    if map.metadata.deletion_timestamp.is_some() {
        return Some("is being deleted".to_owned());
    }
    let value = serde_json::to_value(map).unwrap_or_default();
    if controller_uid(&value) != owner {
        return Some(format!("is controlled by {:?}, not {owner:?}", controller_uid(&value)));
    }
    if map.labels().get(names::MANAGED_BY).is_none_or(|by| by != names::MANAGED_BY_VALUE) {
        return Some("has lost the label managed-by".to_owned());
    }
    let publication = publication(map);
    let told = map.annotations().get(names::CONTENT_DIGEST);
    (told != Some(&publication.digest))
        .then(|| format!("says {told:?} of its content, which is {}", publication.digest))
}

fn publication(map: &ConfigMap) -> Publication {
    let binary = map.binary_data.clone().unwrap_or_default();
    let binary = binary.into_iter().map(|(key, bytes)| (key, bytes.0)).collect();
    Publication::of(map.data.clone().unwrap_or_default(), binary)
}

/// A page shows the text and the title of its note.
fn page(note: &Value, map: &ConfigMap) -> Result<Option<String>> {
    let publication = publication(map);
    let html = publication.entry("note.html")?.ok_or("there is no note.html")?;
    let document: NoteDocument =
        serde_json::from_str(&publication.entry("note.json")?.ok_or("there is no note.json")?)?;
    let markdown = note["spec"]["markdown"].as_str().unwrap_or_default();
    let words = markdown.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut marks = words.filter(|word| word.starts_with("mark"));
    if let Some(mark) = marks.find(|mark| !html.contains(mark)) {
        return Ok(Some(format!("does not show {mark}, which its note says")));
    }
    let title = &note["spec"]["title"];
    Ok((document.card.title != *title)
        .then(|| format!("has the title {:?}, not {title}", document.card.title)))
}

/// An agenda has a card for each published note of its summit.
fn agenda(seen: &Seen, summit: &str, map: &ConfigMap) -> Result<Option<String>> {
    let json = publication(map).entry("summit.json")?.ok_or("there is no summit.json")?;
    let document: SummitDocument = serde_json::from_str(&json)?;
    let mut cards: Vec<(&str, &str)> =
        document.agenda.iter().map(|card| (card.name.as_str(), card.title.as_str())).collect();
    cards.sort_unstable();
    let notes = seen.objects.values().map(|(object, _)| object);
    let notes = notes.filter(|note| note["kind"] == "TalkNote" && is_published(note));
    let notes = notes.filter(|note| note["spec"]["summitRef"]["name"] == summit);
    let mut wanted: Vec<(&str, &str)> = notes
        .map(|note| {
            let at = |place| note.pointer(place).and_then(Value::as_str).unwrap_or_default();
            (at("/metadata/name"), at("/spec/title"))
        })
        .collect();
    wanted.sort_unstable();
    let missing = wanted.iter().find(|card| !cards.contains(card));
    let extra = cards.iter().find(|card| !wanted.contains(card));
    Ok(match (missing, extra) {
        (Some(missing), _) => Some(format!("lacks the card {missing:?}")),
        (_, Some(extra)) => Some(format!("has the card {extra:?}, and there is no such note")),
        _ => (cards.len() != wanted.len()).then(|| "has a card twice".to_owned()),
    })
}

/// The images of HEAD are there. Notes of documents that cannot be read may show others.
fn images(repository: &Repo, seen: &Seen, wanted: &mut BTreeSet<String>) -> Vec<String> {
    let mut differences = Vec::new();
    let head = repository.head();
    for (digest, image) in &head.images {
        let name = names::image_config_map(repository.name, digest);
        let found = match seen.config_maps.get(&name) {
            None => Some("is missing".to_owned()),
            Some(map) => unsound(map, Some(seen.uid(repository))).or_else(|| {
                let content = |map: &ConfigMap| serde_json::json!([publication(map).digest]);
                difference(&content(image), &content(map), "the digest of its content")
            }),
        };
        differences.extend(found.map(|what| format!("ConfigMap {name}: {what}")));
        wanted.insert(name);
    }
    if !head.broken.is_empty() {
        let images = repository.heads().iter().flat_map(|import| import.images.keys());
        wanted.extend(images.map(|digest| names::image_config_map(repository.name, digest)));
    }
    differences
}
