//! Writes and deletes what the controllers make: only what changed, only what is ours.

use std::sync::Arc;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use kube::runtime::reflector::ObjectRef;
use kube::{Api, Resource, ResourceExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::names::CONTENT_DIGEST;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::ownership::{self, Owner};
use crate::controller::shared::published::{self, Source};
use crate::controller::shared::report::apply_params;
use crate::controller::state::forget::CONFIG_MAP;
use crate::controller::state::memory::key;
use crate::render::Publication;

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

/// Brings `config_map`, which is made for `owner`, into the cluster unless it is there as wanted.
///
/// # Errors
/// Where the API server refuses, where the name is taken by somebody else's ConfigMap, or where
/// another writer keeps changing it.
pub async fn config_map(config_map: &ConfigMap, owner: &Owner, ctx: &Context) -> Result<(), Error> {
    let name = config_map.name_any();
    let namespace = config_map.namespace().unwrap_or_default();
    let wanted = published::fingerprint(config_map);
    let memory = key(CONFIG_MAP, &namespace, &name);
    let found = find(&namespace, &name, ctx).await?;
    if let Some(found) = &found {
        if published::observed_fingerprint(found) == Some(&wanted) {
            ctx.expected.put(memory, wanted);
            return Ok(());
        }
        refuse_foreign(CONFIG_MAP, &found.metadata, owner)?;
    }
    refuse_contention::<ConfigMap>(CONFIG_MAP, &namespace, &name, &wanted, ctx).await?;
    let mut exists = false;
    if let Some(found) = &found {
        exists = make_way(found, config_map, ctx).await?;
    }
    // Force is for what is ours.
    write(CONFIG_MAP, config_map, wanted, &apply_params(owner.manager, exists), ctx).await
}

/// A page that is left as it was found is expected to stay so.
pub fn expect(found: &ConfigMap, ctx: &Context) {
    if let Some(fingerprint) = published::observed_fingerprint(found) {
        let memory = key(CONFIG_MAP, &found.namespace().unwrap_or_default(), &found.name_any());
        ctx.expected.put(memory, fingerprint.to_owned());
    }
}

/// Takes away what an apply of `wanted` would leave or stumble over, and says whether `found` is there
/// still.
async fn make_way(found: &ConfigMap, wanted: &ConfigMap, ctx: &Context) -> Result<bool, Error> {
    if published::is_immutable(found) {
        refuse_remains(delete(CONFIG_MAP, found, ctx).await?)?;
        return Ok(false);
    }
    if let Some(surplus) = published::surplus(found, wanted) {
        patch(CONFIG_MAP, found, &Patch::Strategic(surplus), ctx).await?;
    }
    Ok(true)
}

/// The ConfigMap `name` without its data. One that the watch has not shown is looked up: the watch may be
/// behind, somebody may have taken the label that it goes by, and a server-side apply would merge ours
/// into somebody else's without a word.
async fn find(namespace: &str, name: &str, ctx: &Context) -> Result<Option<Arc<ConfigMap>>, Error> {
    if let Some(seen) = ctx.stores.config_maps.get(&ObjectRef::new(name).within(namespace)) {
        return Ok(Some(seen));
    }
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), namespace);
    let mut found = api
        .get_opt(name)
        .await
        .map_err(Error::api(format!("look up the ConfigMap {namespace}/{name}")))?;
    if let Some(found) = &mut found {
        published::reduce(found);
    }
    Ok(found.map(Arc::new))
}

/// What the ConfigMap `name` published last and was made from, if it was made for `owner` and its data is still what its
/// annotation or the status of its owner, `told`, says.
///
/// # Errors
/// Where the API server refuses.
pub async fn last_good(
    (namespace, name): (&str, &str),
    owner: &Owner,
    told: Option<&str>,
    ctx: &Context,
) -> Result<Option<(Publication, Source)>, Error> {
    let api: Api<ConfigMap> = Api::namespaced(ctx.client.clone(), namespace);
    let doing = format!("read the ConfigMap {namespace}/{name}");
    let found = api.get_opt(name).await.map_err(Error::api(doing))?;
    let Some(found) = found.filter(|found| owner.made(&found.metadata)) else { return Ok(None) };
    let annotated = found.annotations().get(CONTENT_DIGEST).cloned();
    let source = Source::told(&found);
    let binary = found.binary_data.into_iter().flatten().map(|(key, bytes)| (key, bytes.0));
    let publication = Publication::of(found.data.unwrap_or_default(), binary.collect());
    let is_whole = [annotated.as_deref(), told].contains(&Some(&*publication.digest));
    Ok(is_whole.then_some((publication, source)))
}

/// Fails where the object of kind `kind` with `meta` was made for somebody else than `owner`.
///
/// # Errors
/// [`Error::Foreign`], which names both.
pub fn refuse_foreign(kind: &'static str, meta: &ObjectMeta, owner: &Owner) -> Result<(), Error> {
    if owner.made(meta) {
        return Ok(());
    }
    let name = meta.name.clone().unwrap_or_default();
    Err(Error::Foreign { kind, name, owner: format!("{} {}", owner.kind, owner.name) })
}

/// Fails where a deleted object is there still, because of what others wait for.
fn refuse_remains(remains: Option<ConfigMap>) -> Result<(), Error> {
    let Some(remains) = remains else { return Ok(()) };
    let finalizers = remains.finalizers().join(", ");
    Err(Error::Remains { kind: CONFIG_MAP, name: remains.name_any(), finalizers })
}

/// Changes the object that was seen.
///
/// # Errors
/// Where the API server refuses.
pub async fn patch<K: Child>(
    kind: &'static str,
    seen: &K,
    patch: &Patch<Value>,
    ctx: &Context,
) -> Result<(), Error> {
    let (namespace, name) = (seen.namespace().unwrap_or_default(), seen.name_any());
    let api: Api<K> = Api::namespaced(ctx.client.clone(), &namespace);
    ctx.metrics.write(kind, "patch");
    let answer = api.patch_metadata(&name, &PatchParams::default(), patch).await;
    answer.map_err(Error::api(format!("change the {kind} {namespace}/{name}")))?;
    Ok(())
}

/// Fails where the object is to be brought back to `wanted` once too often, because somebody keeps
/// changing it.
///
/// # Errors
/// [`Error::WriteContention`], naming the other writer.
pub async fn refuse_contention<K: Child>(
    kind: &'static str,
    namespace: &str,
    name: &str,
    wanted: &str,
    ctx: &Context,
) -> Result<(), Error> {
    let memory = key(kind, namespace, name);
    let restored = ctx.expected.get(&memory).as_deref() == Some(wanted);
    if restored && ctx.contention.is_one_too_many(&memory) {
        return Err(Error::WriteContention(
            contention_message::<K>(namespace, name, kind, ctx).await,
        ));
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

/// Names the other writer that contends for an object.
async fn contention_message<K: Child>(
    namespace: &str,
    name: &str,
    kind: &str,
    ctx: &Context,
) -> String {
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
            managers.rfind(|manager| !ownership::is_of_ours(manager))
        })
        .unwrap_or("another writer");
    format!(
        "{other} keeps changing the {kind} {name}, which TalkNotes keeps as its source says; stop it \
         or take the note out of one of the two. It is restored again after a minute"
    )
}

/// Takes the ConfigMap `name` out of sight if it was published for `owner`. Where the watch has not shown
/// it, it is looked up if `may_exist`.
///
/// # Errors
/// Where the API server refuses, where a page of the name is not ours, and where it is empty but cannot
/// go. That it is gone already is no error.
pub async fn take_down(
    (namespace, name): (&str, &str),
    owner: &Owner,
    may_exist: bool,
    ctx: &Context,
) -> Result<(), Error> {
    ctx.expected.forget(&key(CONFIG_MAP, namespace, name));
    let seen = ctx.stores.config_maps.get(&ObjectRef::new(name).within(namespace));
    let is_shown = seen.is_some();
    let found = match seen {
        None if may_exist => find(namespace, name, ctx).await?,
        seen => seen,
    };
    let Some(found) = found else { return Ok(()) };
    if !owner.made(&found.metadata) {
        // What carries no label of ours is shown by no viewer.
        return if is_shown { refuse_foreign(CONFIG_MAP, &found.metadata, owner) } else { Ok(()) };
    }
    let remains = delete(CONFIG_MAP, found.as_ref(), ctx).await?;
    if remains.is_some() {
        patch(CONFIG_MAP, found.as_ref(), &Patch::Strategic(published::unlabelled(&found)), ctx)
            .await?;
        if !published::is_immutable(&found) {
            patch(CONFIG_MAP, found.as_ref(), &Patch::Strategic(published::emptied(&found)), ctx)
                .await?;
        }
    }
    refuse_remains(remains)
}

/// To delete the object with this uid, and none that has taken its name since.
pub fn only(uid: Option<String>) -> DeleteParams {
    let preconditions = Some(Preconditions { uid, resource_version: None });
    DeleteParams { preconditions, ..DeleteParams::background() }
}

/// Deletes the object that was seen, not one that took its name since, and expects it no longer. Gives
/// what is left of it while finalizers of others hold it.
///
/// # Errors
/// Where the API server refuses. That it is gone already is no error.
pub async fn delete<K: Child>(
    kind: &'static str,
    seen: &K,
    ctx: &Context,
) -> Result<Option<K>, Error> {
    let (namespace, name) = (seen.namespace().unwrap_or_default(), seen.name_any());
    ctx.expected.forget(&key(kind, &namespace, &name));
    let api: Api<K> = Api::namespaced(ctx.client.clone(), &namespace);
    ctx.metrics.write(kind, "delete");
    let answer = api.delete(&name, &only(seen.uid())).await;
    match answer.map_err(Error::api(format!("delete the {kind} {namespace}/{name}"))) {
        Ok(answer) => Ok(answer.left().filter(|left| !left.finalizers().is_empty())),
        Err(error) if error.class() == Class::Gone => Ok(None),
        Err(error) => Err(error),
    }
}
