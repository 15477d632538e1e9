//! Step 4: the cluster is brought to what is wanted.

use std::sync::Arc;

use kube::api::Patch;
use serde_json::{Value, json};

use super::build::{REPLICAS, Wanted};
use super::compare::covers;
use super::fetch::{self, Found};
use crate::api::Viewer;
use crate::api::names::MANAGER_VIEWER_REPLICAS;
use crate::controller::shared::apply::{only, refuse_foreign};
use crate::controller::shared::child_kind::ChildKind;
use crate::controller::shared::children::Child;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership::{self, Owner};
use crate::controller::shared::report::apply_params;
use crate::controller::state::memory::key;

/// Applies what is wanted and takes away what is wanted no more. One object that fails keeps no other
/// from its place; the first failure is told.
pub(super) async fn wanted(
    wanted: &[Wanted],
    found: &Found,
    viewer: &Viewer,
    ctx: &Context,
) -> Result<(), Error> {
    let (namespace, _) = viewer.address();
    let owner = Owner::of(viewer);
    let mut first = Ok(());
    for object in wanted {
        let outcome = one(object, found, &namespace, &owner, ctx).await;
        first = first.and(outcome);
    }
    for (kind, child) in found.all() {
        let name = child.meta.name.as_deref().unwrap_or_default();
        let is_wanted = wanted.iter().any(|object| object.kind == kind && object.name == name);
        if !is_wanted && owner.made(&child.meta) {
            first = first.and(take_away(kind, &namespace, child, ctx).await);
        }
    }
    first
}

async fn one(
    wanted: &Wanted,
    found: &Found,
    namespace: &str,
    owner: &Owner,
    ctx: &Context,
) -> Result<(), Error> {
    let Wanted { kind, name, object, digest } = wanted;
    let memory = key(kind.name(), namespace, name);
    let live = match found.get(*kind, name) {
        Some(live) => Some(live.clone()),
        // It may stand there without our label.
        None => fetch::look_up(*kind, namespace, name, ctx).await?.map(Arc::new),
    };
    if let Some(live) = &live {
        refuse_foreign(kind.name(), &live.meta, owner)?;
        let is_left = object.pointer("/spec/replicas").is_none() && live.owns_replicas;
        if covers(&live.object, object) && !is_left {
            ctx.expected.put(memory, digest.clone());
            // The visit that made it may have ended in between.
            let is_begun = *kind != ChildKind::Deployment || has_number(live);
            return if is_begun {
                Ok(())
            } else {
                begin_replicas(*kind, namespace, name, ctx).await
            };
        }
        let restored = ctx.expected.get(&memory).as_deref() == Some(digest);
        if restored && !is_left && ctx.contention.is_one_too_many(&memory) {
            return Err(Error::WriteContention(contention(*kind, live)));
        }
    }
    if let Some(live) = &live {
        keep_replicas(object, live, namespace, ctx).await?;
    }
    ctx.expected.put(memory.clone(), digest.clone());
    let written = write(*kind, namespace, name, object, owner.manager, true, ctx).await;
    written.inspect_err(|_| ctx.expected.forget(&memory))?;
    if live.is_none() && object.pointer("/spec/replicas").is_none() {
        begin_replicas(*kind, namespace, name, ctx).await?;
    }
    Ok(())
}

/// Where the number of Pods is to be said by others from now on, it stays what it is: the API server would
/// take the field away with the last one who says it, and one Pod would be left.
async fn keep_replicas(
    wanted: &Value,
    live: &Child,
    namespace: &str,
    ctx: &Context,
) -> Result<(), Error> {
    let count = live.object.pointer("/spec/replicas").and_then(Value::as_i64);
    match count {
        Some(count) if live.owns_replicas && wanted.pointer("/spec/replicas").is_none() => {
            let name = live.meta.name.as_deref().unwrap_or_default();
            say_replicas(namespace, name, count, ctx).await
        }
        _ => Ok(()),
    }
}

/// Whether anybody has said how many Pods there are to be.
fn has_number(live: &Child) -> bool {
    let said =
        |manager: &String| manager == MANAGER_VIEWER_REPLICAS || !ownership::is_of_ours(manager);
    live.owns_replicas || live.managers.iter().any(said)
}

/// A Deployment begins with more than one Pod, and is then left to whoever scales it.
async fn begin_replicas(
    kind: ChildKind,
    namespace: &str,
    name: &str,
    ctx: &Context,
) -> Result<(), Error> {
    if kind == ChildKind::Deployment {
        say_replicas(namespace, name, i64::from(REPLICAS), ctx).await?;
    }
    Ok(())
}

async fn say_replicas(namespace: &str, name: &str, count: i64, ctx: &Context) -> Result<(), Error> {
    let kind = ChildKind::Deployment;
    let object = json!({
        "apiVersion": kind.api_version(), "kind": kind.name(),
        "metadata": { "name": name, "namespace": namespace }, "spec": { "replicas": count },
    });
    // Not by force: whoever has said another number meanwhile is right.
    let said = write(kind, namespace, name, &object, MANAGER_VIEWER_REPLICAS, false, ctx).await;
    said.or_else(|error| if error.class() == Class::Conflict { Ok(()) } else { Err(error) })
}

async fn write(
    kind: ChildKind,
    namespace: &str,
    name: &str,
    object: &Value,
    manager: &str,
    force: bool,
    ctx: &Context,
) -> Result<(), Error> {
    let api = kind.api(&ctx.client, namespace);
    ctx.metrics.write(kind.name(), "apply");
    let answer =
        api.patch_metadata(name, &apply_params(manager, force), &Patch::Apply(object)).await;
    match answer {
        Ok(_) => {
            if kind == ChildKind::HttpRoute {
                ctx.stores.children.has_routes();
            }
            Ok(())
        }
        Err(kube::Error::Api(status)) if status.code == 404 && kind == ChildKind::HttpRoute => {
            Err(Error::Missing(format!(
                "the cluster does not know the kind {}: install the CRDs of the Gateway API, or choose \
                 spec.ingress",
                kind.name()
            )))
        }
        Err(error) => {
            Err(Error::api(format!("apply the {} {namespace}/{name}", kind.name()))(error))
        }
    }
}

async fn take_away(
    kind: ChildKind,
    namespace: &str,
    child: &Child,
    ctx: &Context,
) -> Result<(), Error> {
    let name = child.meta.name.as_deref().unwrap_or_default();
    ctx.expected.forget(&key(kind.name(), namespace, name));
    let api = kind.api(&ctx.client, namespace);
    ctx.metrics.write(kind.name(), "delete");
    let doing = format!("delete the {} {namespace}/{name}", kind.name());
    match api.delete(name, &only(child.meta.uid.clone())).await.map_err(Error::api(doing)) {
        Ok(_) => Ok(()),
        Err(error) if error.class() == Class::Gone => Ok(()),
        Err(error) => Err(error),
    }
}

fn contention(kind: ChildKind, live: &Child) -> String {
    let other = live.managers.iter().rev().find(|manager| !ownership::is_of_ours(manager));
    let other = other.map_or("another writer", String::as_str);
    let (kind, name) = (kind.name(), live.meta.name.as_deref().unwrap_or_default());
    format!(
        "{other} keeps changing fields of the {kind} {name} that the Viewer says; change the Viewer, or \
         stop it. It is restored again after a minute"
    )
}
