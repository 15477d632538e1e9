//! Whether the cluster is what HEAD says, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::ListParams;
use serde_json::Value;
use talknotes::api::{NoteRepository, Summit, TalkNote, names};

use crate::bystanders::BY_HAND;
use crate::imported::{Key, Kind, Version};
use crate::pages;
use crate::repository::{Claim, Repo};
use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::TestNamespace;
use crate::world::World;

/// What is in the namespace.
pub struct Seen {
    /// Objects, and what there is to compare of each.
    pub objects: BTreeMap<Key, (Value, Version)>,
    pub config_maps: BTreeMap<String, ConfigMap>,
    repositories: BTreeMap<String, Value>,
}

impl Seen {
    pub async fn list(test: &TestNamespace) -> Result<Self> {
        let all = ListParams::default();
        let mut objects = BTreeMap::new();
        for summit in test.api::<Summit>().list(&all).await? {
            let (key, version) = ((Kind::Summit, summit.name_any()), Version::of(&summit)?);
            objects.insert(key, (serde_json::to_value(summit)?, version));
        }
        for note in test.api::<TalkNote>().list(&all).await? {
            let (key, version) = ((Kind::TalkNote, note.name_any()), Version::of(&note)?);
            objects.insert(key, (serde_json::to_value(note)?, version));
        }
        let config_maps = test.api::<ConfigMap>().list(&all).await?.items;
        let config_maps = config_maps.into_iter().map(|map| (map.name_any(), map)).collect();
        let mut repositories = BTreeMap::new();
        for repository in test.api::<NoteRepository>().list(&all).await? {
            repositories.insert(repository.name_any(), serde_json::to_value(repository)?);
        }
        Ok(Self { objects, config_maps, repositories })
    }

    /// The uid of a `NoteRepository`; empty where there is none.
    pub fn uid(&self, repository: &Repo) -> &str {
        let found = self.repositories.get(repository.name);
        found.and_then(|found| found["metadata"]["uid"].as_str()).unwrap_or_default()
    }
}

/// What is not as it should be, a line each; empty where all is well.
pub async fn differences(world: &World<'_>, seen: &Seen) -> Result<Vec<String>> {
    let mut differences = world.bystanders.differences(world.test.name()).await?;
    let wanted = world.repositories.iter().flat_map(Repo::keys);
    let keys: BTreeSet<&Key> = wanted.chain(seen.objects.keys()).collect();
    for key in keys {
        let (kind, name) = key;
        if (*kind, name.as_str()) != (Kind::TalkNote, BY_HAND) {
            let found = object(world, seen, key);
            differences.extend(found.map(|what| format!("{kind:?} {name}: {what}")));
        }
    }
    differences.extend(pages::differences(world, seen));
    for repository in &world.repositories {
        let found = repository_differs(repository, seen);
        differences.extend(found.map(|what| format!("{}: {what}", repository.name)));
    }
    Ok(differences)
}

fn object(world: &World<'_>, seen: &Seen, key: &Key) -> Option<String> {
    let claims: Vec<Claim<'_>> =
        world.repositories.iter().filter_map(|repository| repository.claim(key)).collect();
    let is_touched = world.touched.contains(key);
    let Some((object, version)) = seen.objects.get(key) else {
        let required = |claim: &Claim<'_>| claim.required && (claim.current || !is_touched);
        return claims.iter().any(required).then(|| "is missing".to_owned());
    };
    if claims.is_empty() {
        return Some(format!("is there, and no HEAD has it ({})", version.source));
    }
    if object["metadata"]["deletionTimestamp"].is_string() {
        return Some("is being deleted".to_owned());
    }
    let label = |name: &str| object["metadata"]["labels"][name].as_str().unwrap_or_default();
    let owner = label(names::REPOSITORY_LABEL);
    let Some(claim) = claims.iter().find(|claim| claim.repository.name == owner) else {
        return Some(format!("carries `{owner}` as the label of its repository"));
    };
    if label(names::MANAGED_BY) != names::MANAGED_BY_VALUE {
        return Some("has lost the label managed-by".to_owned());
    }
    let uid = seen.uid(claim.repository);
    if controller_uid(object) != Some(uid) {
        return Some(format!("is not controlled by its repository {owner} with the uid {uid}"));
    }
    if object["metadata"]["annotations"][names::FLUX_SUBSTITUTE] != "disabled" {
        return Some("lacks the annotation for Flux".to_owned());
    }
    if !(claim.versions.contains(&version) || is_touched && claim.unreadable) {
        let wanted = claim.versions.first()?;
        return Some(match difference(&wanted.spec, &version.spec, "spec") {
            Some(at) => at,
            None => format!("came from {version:?}, and HEAD has {wanted:?}"),
        });
    }
    let status = kstatus::status(object);
    (status != Status::Current).then(|| format!("is {status:?}: {}", object["status"]))
}

/// The uid of the object that controls another.
pub fn controller_uid(object: &Value) -> Option<&str> {
    let owners = object["metadata"]["ownerReferences"].as_array()?;
    owners.iter().find(|owner| owner["controller"] == true)?["uid"].as_str()
}

/// The first place where two values differ.
pub fn difference(wanted: &Value, found: &Value, at: &str) -> Option<String> {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let keys: BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
            keys.into_iter().find_map(|key| {
                let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned();
                let (wanted, found) = (of(wanted), of(found));
                let (wanted, found) = (wanted.unwrap_or_default(), found.unwrap_or_default());
                difference(&wanted, &found, &format!("{at}.{key}"))
            })
        }
        _ => (wanted != found).then(|| format!("{at} is {found}, and should be {wanted}")),
    }
}

fn repository_differs(repository: &Repo, seen: &Seen) -> Option<String> {
    let Some(object) = seen.repositories.get(repository.name) else {
        return Some("there is no such NoteRepository".to_owned());
    };
    let status = &object["status"];
    let is_head = |field: &str| {
        status[field].as_str().is_some_and(|revision| revision.ends_with(&repository.commit))
    };
    if !is_head("lastAttemptedRevision") {
        return Some(format!("has not looked at HEAD {}: {status}", repository.commit));
    }
    let held_by_others: Vec<&str> = repository
        .head()
        .objects
        .iter()
        .filter(|(key, wanted)| {
            seen.objects.get(*key).is_some_and(|(object, found)| {
                controller_uid(object) != Some(seen.uid(repository))
                    && !is_shared(key, wanted, found)
            })
        })
        .map(|((_, name), _)| name.as_str())
        .collect();
    let told = status["diagnostics"].to_string();
    if let Some(name) = held_by_others.iter().find(|name| !told.contains(**name)) {
        return Some(format!("does not tell that another has the name {name}: {status}"));
    }
    if !held_by_others.is_empty() {
        return None;
    }
    if kstatus::status(object) != Status::Current || !kstatus::is_true(object, "Ready") {
        return Some(format!("is not ready: {status}"));
    }
    if !is_head("lastAppliedRevision") {
        return Some(format!("has not applied HEAD {}: {status}", repository.commit));
    }
    let notes = repository.head().notes();
    (status["notes"] != notes).then(|| format!("tells of {} notes, not {notes}", status["notes"]))
}

/// Several repositories may speak of one summit, where they say the same of it.
fn is_shared((kind, _): &Key, wanted: &Version, found: &Version) -> bool {
    let fields = wanted.spec.as_object().into_iter().flatten();
    *kind == Kind::Summit && fields.into_iter().all(|(field, value)| found.spec[field] == *value)
}

/// What is there of documents of `repository` that cannot be read, for the next comparison.
pub fn kept(repository: &Repo, seen: &Seen) -> BTreeMap<Key, Version> {
    let broken = &repository.head().broken;
    let objects = seen.objects.iter();
    let kept = objects.filter(|(_, (object, version))| {
        version.came_from(broken) && controller_uid(object) == Some(seen.uid(repository))
    });
    kept.map(|(key, (_, version))| (key.clone(), version.clone())).collect()
}
