//! The documents that an object came from, and what becomes of it where one of them cannot be read. Pure.

use std::collections::BTreeSet;

use kube::{Resource, ResourceExt};

use super::imported::{ImportedKind, Origin};
use crate::api::{Publication, names};
use crate::controller::shared::text::DIGEST;
use crate::document::{Imported, Metadata, SourcePlace};

/// An object from a document that cannot be read now is kept: its author did not remove it.
pub(super) fn came_from<K: Resource>(object: &K, unreadable: &BTreeSet<String>) -> bool {
    sources(object).any(|path| is_unreadable(path, unreadable))
}

/// Whether the document at `path`, or a folder that it is in, cannot be read now.
fn is_unreadable(path: &str, unreadable: &BTreeSet<String>) -> bool {
    let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    folders.chain([path]).any(|place| unreadable.contains(place))
}

/// An object from a document that cannot be read and seems to hold it back: as it was, but not public. None
/// where it is not public already.
pub(super) fn withdrawn<K: ImportedKind>(object: &K, origin: &Origin) -> Option<K> {
    let mut spec = object.spec().clone();
    let before = K::publication(&mut spec).replace(Publication::Draft);
    let mut paths = sources(object).map(str::to_owned);
    let path = paths.next().unwrap_or_default();
    let also = paths.map(|path| SourcePlace { path, line: 1 }).collect();
    let kept = object.annotations().contains_key(names::KEPT_METADATA);
    let metadata = kept.then(|| Metadata::given(object.labels(), object.annotations()));
    let mut metadata = metadata.unwrap_or_default();
    metadata.annotations.remove(DIGEST);
    let imported =
        Imported { name: object.name_any(), spec, metadata, path, line: 1, also, text: None };
    (before != Some(Publication::Draft)).then(|| super::imported::object(&imported, origin))
}

/// The paths of the documents that an object came from.
fn sources<K: Resource>(object: &K) -> impl Iterator<Item = &str> {
    let annotation = |name| object.annotations().get(name).map(String::as_str).unwrap_or_default();
    let others = annotation(names::OTHER_SOURCE_PATHS).lines();
    std::iter::once(annotation(names::SOURCE_PATH)).chain(others)
}

/// Whether one of several documents that gave an object cannot be read now: what the others say is only a
/// part of it, so that it stays as it is.
pub(super) fn lacks_a_source<K: Resource, S>(
    object: &K,
    wanted: &Imported<S>,
    unreadable: &BTreeSet<String>,
) -> bool {
    let given = |path: &str| path == wanted.path || wanted.also.iter().any(|at| at.path == path);
    sources(object).any(|path| is_unreadable(path, unreadable) && !given(path))
}
