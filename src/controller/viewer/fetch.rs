//! Step 1: the objects of the viewer's names, whoever made them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::api::Viewer;
use crate::api::names::{viewer_features, viewer_objects};
use crate::controller::shared::child_kind::ChildKind;
use crate::controller::shared::children::Child;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::state::memory::Key;

/// What there is: objects by kind and name.
#[derive(Default)]
pub(super) struct Found(HashMap<(ChildKind, String), Arc<Child>>);

impl Found {
    pub(super) fn get(&self, kind: ChildKind, name: &str) -> Option<&Arc<Child>> {
        self.0.get(&(kind, name.to_owned()))
    }

    /// All of them, with their kinds.
    pub(super) fn all(&self) -> impl Iterator<Item = (ChildKind, &Arc<Child>)> {
        self.0.iter().map(|((kind, _), child)| (*kind, child))
    }
}

/// What carries the label of the viewer. What watches do not show is looked up when it is about to be
/// written ([`look_up`]).
pub(super) fn found(viewer: &Viewer, ctx: &Context) -> Found {
    let (namespace, name) = viewer.address();
    let children = ctx.stores.children.of(&namespace, &name).into_iter();
    Found(
        children
            .filter_map(|(kind, child)| Some(((kind, child.meta.name.clone()?), child)))
            .collect(),
    )
}

/// The route, which a watch shows only from the first one on: not every cluster knows its kind. It is asked
/// for only where there is to be one, or may have been one.
pub(super) async fn route(
    viewer: &Viewer,
    mut found: Found,
    ctx: &Context,
) -> Result<Found, Error> {
    let (namespace, name) = viewer.address();
    let name = viewer_objects(&name);
    if viewer.spec.http_route.is_some() || viewer.metadata.generation > Some(1) {
        let route = look_up(ChildKind::HttpRoute, &namespace, &name, ctx).await?;
        if route.is_some() {
            ctx.stores.children.has_routes();
        }
        found.0.extend(route.map(|route| ((ChildKind::HttpRoute, name), Arc::new(route))));
    }
    Ok(found)
}

/// An object as the API server has it. None also where the API server does not know the kind.
pub(super) async fn look_up(
    kind: ChildKind,
    namespace: &str,
    name: &str,
    ctx: &Context,
) -> Result<Option<Child>, Error> {
    let api = kind.api(&ctx.client, namespace);
    let doing = format!("look up the {} {namespace}/{name}", kind.name());
    match api.get(name).await {
        Ok(found) => Ok(Some(Child::of(found))),
        // By its code: what is said of an unknown kind is no Status.
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(Error::api(doing)(error)),
    }
}

/// Whether a key in the memory is that of an object that the viewer is made of.
pub fn is_child(key: &Key, namespace: &str, viewer: &str) -> bool {
    let kinds = ChildKind::ALL.map(ChildKind::name);
    let names = [viewer_objects(viewer), viewer_features(viewer)];
    key.namespace == namespace && kinds.contains(&key.kind) && names.contains(&key.name)
}
