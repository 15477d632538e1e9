//! Writes and deletes what the controllers make: only what changed, only what is ours.

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use kube::runtime::reflector::ObjectRef;
use kube::{Api, Resource, ResourceExt};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::error::{Class, Error};
use super::memory::key;
use super::published;
use super::report::apply_params;
use crate::api::names::{MANAGED_BY, MANAGED_BY_VALUE};

/// An object that the controllers make.
pub trait Child:
    Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + Serialize
    + DeserializeOwned
    + Clone
    + std::fmt::Debug
{
}

impl<K> Child for K where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Serialize
        + DeserializeOwned
        + Clone
        + std::fmt::Debug
{
}

/// Brings `config_map` into the cluster unless it is there as wanted.
///
/// # Errors
/// Where the API server refuses, where the name is taken by somebody else's ConfigMap, or where
/// another writer keeps changing it.
pub async fn config_map(
    config_map: &ConfigMap,
    manager: &'static str,
    ctx: &Context,
) -> Result<(), Error> {
    let name = config_map.name_any();
    let namespace = config_map.namespace().unwrap_or_default();
    let wanted = published::fingerprint(config_map);
    let memory = key("ConfigMap", &namespace, &name);
    let observed = ctx.stores.config_maps.get(&ObjectRef::new(&name).within(&namespace));
    let as_wanted = observed
        .as_deref()
        .is_some_and(|observed| published::observed_fingerprint(observed) == Some(&wanted));
    if as_wanted {
        ctx.expected.put(memory, wanted);
        return Ok(());
    }
    refuse_fight::<ConfigMap>("ConfigMap", &namespace, &name, &wanted, ctx).await?;
    // Force is for what is ours.
    let ours = observed.is_some() || is_ours(&namespace, &name, ctx).await?;
    write("ConfigMap", config_map, wanted, &apply_params(manager, ours), ctx).await
}

/// Fails where the object is to be brought back to `wanted` once too often, because somebody keeps
/// changing it.
///
/// # Errors
/// [`Error::ResourceFight`], naming the other writer.
pub async fn refuse_fight<K: Child>(
    kind: &'static str,
    namespace: &str,
    name: &str,
    wanted: &str,
    ctx: &Context,
) -> Result<(), Error> {
    let memory = key(kind, namespace, name);
    let restored = ctx.expected.get(&memory).as_deref() == Some(wanted);
    if restored && ctx.fights.is_one_too_many(&memory) {
        return Err(Error::ResourceFight(fight_message::<K>(namespace, name, kind, ctx).await));
    }
    Ok(())
}

/// Applies `object`, whose fingerprint is `wanted`, and remembers that it is expected so.
///
/// # Errors
/// Where the API server refuses.
pub async fn write<K: Child>(
    kind: &'static str,
    object: &K,
    wanted: String,
    params: &PatchParams,
    ctx: &Context,
) -> Result<(), Error> {
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name_any());
    let memory = key(kind, &namespace, &name);
    // Before the write: its watch event may arrive before its answer.
    ctx.expected.put(memory.clone(), wanted);
    let api: Api<K> = Api::namespaced(ctx.client.clone(), &namespace);
    ctx.metrics.write(kind, "apply");
    let answer = api.patch_metadata(&name, params, &Patch::Apply(object)).await;
    answer
        .map_err(Error::api(format!("apply the {kind} {namespace}/{name}")))
        .inspect_err(|_| ctx.expected.forget(&memory))?;
    Ok(())
}

/// Whether a ConfigMap that the watch has not shown is one of ours all the same, because the watch is
/// behind. A server-side apply would merge ours into somebody else's without a word, so that a name
/// that is new to us is looked up first.
async fn is_ours(namespace: &str, name: &str, ctx: &Context) -> Result<bool, Error> {
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), namespace);
    let found = api
        .get_metadata_opt(name)
        .await
        .map_err(Error::api(format!("look up the ConfigMap {namespace}/{name}")))?;
    match found {
        None => Ok(false),
        Some(found) if found.labels().get(MANAGED_BY).is_some_and(|by| by == MANAGED_BY_VALUE) => {
            Ok(true)
        }
        Some(_) => Err(Error::Foreign { kind: "ConfigMap", name: name.to_owned() }),
    }
}

/// Names the writer that we fight with over an object.
async fn fight_message<K: Child>(namespace: &str, name: &str, kind: &str, ctx: &Context) -> String {
    let api: Api<K> = Api::namespaced(ctx.client.clone(), namespace);
    let live = api.get_metadata(name).await.inspect_err(
        |error| tracing::warn!(kind, namespace, name, %error, "cannot name the other writer"),
    );
    let other = live
        .as_ref()
        .ok()
        .and_then(|live| {
            let mut managers =
                live.managed_fields().iter().filter_map(|entry| entry.manager.as_deref());
            managers.rfind(|manager| !manager.starts_with("talknotes/"))
        })
        .unwrap_or("another writer");
    format!(
        "{other} keeps changing the {kind} {name}, which TalkNotes keeps as its source says; stop it \
         or take the note out of one of the two. It is restored again after a minute"
    )
}

/// Deletes the ConfigMap `name` if it was published for the object with the uid `owner`.
///
/// # Errors
/// Where the API server refuses. That it is gone already is no error.
pub async fn delete_config_map(
    namespace: &str,
    name: &str,
    owner: &str,
    ctx: &Context,
) -> Result<(), Error> {
    ctx.expected.forget(&key("ConfigMap", namespace, name));
    let Some(observed) = ctx.stores.config_maps.get(&ObjectRef::new(name).within(namespace)) else {
        return Ok(());
    };
    if published::owner(&observed).is_none_or(|found| found.uid != owner) {
        return Ok(());
    }
    delete("ConfigMap", observed.as_ref(), ctx).await
}

/// Deletes the object that was seen, not one that took its name since, and expects it no longer.
///
/// # Errors
/// Where the API server refuses. That it is gone already is no error.
pub async fn delete<K: Child>(kind: &'static str, seen: &K, ctx: &Context) -> Result<(), Error> {
    let (namespace, name) = (seen.namespace().unwrap_or_default(), seen.name_any());
    ctx.expected.forget(&key(kind, &namespace, &name));
    let api: Api<K> = Api::namespaced(ctx.client.clone(), &namespace);
    ctx.metrics.write(kind, "delete");
    let params = DeleteParams {
        preconditions: Some(Preconditions { uid: seen.uid(), resource_version: None }),
        ..DeleteParams::background()
    };
    let answer = api.delete(&name, &params).await;
    match answer.map_err(Error::api(format!("delete the {kind} {namespace}/{name}"))) {
        Err(error) if error.class() != Class::Gone => Err(error),
        _ => Ok(()),
    }
}
