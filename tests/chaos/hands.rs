//! Foreign hands: what people and programs do to objects that are ours.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{Summit, TalkNote, names};

use crate::imported::{Key, Kind};
use crate::support::Result;
use crate::world::World;

/// Keeps an object from going until its owner lets go.
const FINALIZER: &str = "example.org/hold";

/// An object of ours.
struct Target {
    /// The note or summit; none for an image.
    key: Option<Key>,
    kind: ApiResource,
    name: String,
}

impl Target {
    fn is_config_map(&self) -> bool {
        self.kind.kind == "ConfigMap"
    }
}

/// Does something to one of the objects that the repositories ask for, whether it is there yet or not.
pub async fn any(world: &mut World<'_>) -> Result {
    let Some(target) = target(world).filter(|_| !world.api_is_away) else {
        world.tell("a hand finds nothing to do".to_owned());
        return Ok(());
    };
    let (what, patch) = deed(world, &target);
    world.tell(format!("hand: {what} {} {}", target.kind.kind, target.name));
    if let Some(key) = target.key.clone().filter(|_| !target.is_config_map()) {
        world.touched.insert(key);
    }
    let api: Api<DynamicObject> =
        Api::namespaced_with(world.test.client.clone(), world.test.name(), &target.kind);
    let outcome = match patch {
        None => api.delete(&target.name, &DeleteParams::default()).await.map(drop),
        Some(patch) => {
            let merge = Patch::Merge(&patch);
            api.patch(&target.name, &PatchParams::default(), &merge).await.map(drop)
        }
    };
    match outcome {
        Ok(()) => Ok(()),
        // It is not there, or somebody made it immutable before.
        Err(kube::Error::Api(status)) => {
            world.went(&format!("{}: {}", status.code, status.reason));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn target(world: &mut World<'_>) -> Option<Target> {
    let index = world.any_repository();
    let repository = &world.repositories[index];
    let images = repository.head().images.keys();
    let images = images.map(|digest| names::image_config_map(repository.name, digest));
    let images: Vec<String> = images.collect();
    let keys: Vec<Key> = repository.head().objects.keys().cloned().collect();
    let config_map = ApiResource::erase::<ConfigMap>(&());
    if world.rng.u8(..10) == 0
        && let Some(name) = world.rng.choice(images)
    {
        return Some(Target { key: None, kind: config_map, name });
    }
    let (kind, name) = world.rng.choice(keys)?;
    let (own, page) = match kind {
        Kind::Summit => (ApiResource::erase::<Summit>(&()), names::summit_config_map(&name)),
        Kind::TalkNote => (ApiResource::erase::<TalkNote>(&()), names::note_config_map(&name)),
    };
    let key = Some((kind, name.clone()));
    Some(match world.rng.bool() {
        true => Target { key, kind: own, name },
        false => Target { key, kind: config_map, name: page },
    })
}

/// What is done, and the patch that does it; none is a deletion.
fn deed(world: &mut World<'_>, target: &Target) -> (&'static str, Option<Value>) {
    let label = |name: &str, value: Value| json!({ "metadata": { "labels": { name: value } } });
    let edit = match (&target.key, target.is_config_map()) {
        (None, _) => json!({ "binaryData": null }),
        (Some((Kind::TalkNote, _)), true) => json!({ "data": { "note.html": "<b>mine</b>" } }),
        (Some((Kind::Summit, _)), true) => json!({ "data": { "summit.json": "{}" } }),
        _ => json!({ "spec": { "title": "Hijacked", "tags": ["mine"] } }),
    };
    match world.rng.u8(..16) {
        0..4 => ("edit", Some(edit)),
        4..8 => ("delete", None),
        8 => ("change managed-by of", Some(label(names::MANAGED_BY, json!("somebody")))),
        9 => ("remove managed-by of", Some(label(names::MANAGED_BY, Value::Null))),
        10 => (
            "say lagoon is the repository of",
            Some(label(names::REPOSITORY_LABEL, json!("lagoon"))),
        ),
        11 => ("remove the repository of", Some(label(names::REPOSITORY_LABEL, Value::Null))),
        12 => ("remove all labels of", Some(json!({ "metadata": { "labels": null } }))),
        13 => ("hold", Some(json!({ "metadata": { "finalizers": [FINALIZER] } }))),
        14 if target.is_config_map() => ("make immutable", Some(json!({ "immutable": true }))),
        _ => ("disown", Some(json!({ "metadata": { "ownerReferences": null } }))),
    }
}

/// Whoever holds an object lets go.
pub async fn let_go(world: &mut World<'_>) -> Result {
    let kinds = [
        ApiResource::erase::<Summit>(&()),
        ApiResource::erase::<TalkNote>(&()),
        ApiResource::erase::<ConfigMap>(&()),
    ];
    for kind in kinds {
        let api: Api<DynamicObject> =
            Api::namespaced_with(world.test.client.clone(), world.test.name(), &kind);
        for object in api.list_metadata(&ListParams::default()).await? {
            let name = object.metadata.name.unwrap_or_default();
            if object.metadata.finalizers.is_some_and(|all| all.iter().any(|f| f == FINALIZER)) {
                world.tell(format!("let {} {name} go", kind.kind));
                let patch = json!({ "metadata": { "finalizers": null } });
                match api.patch(&name, &PatchParams::default(), &Patch::Merge(&patch)).await {
                    Ok(_) | Err(kube::Error::Api(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(())
}
