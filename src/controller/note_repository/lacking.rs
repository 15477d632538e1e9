//! Texts of watched objects, which are kept without, where a plan needs them: of notes that are written as
//! they were but not public, and of those that are to go.

use std::collections::HashMap;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use kube::ResourceExt;

use super::build::Plan;
use super::changes::{Changes, Wanted};
use super::imported::ImportedKind;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error};
use crate::controller::shared::text::text_of;

/// Requests under way at once.
const CONCURRENCY: usize = 16;

/// Brings their texts to the objects of a plan that lack them. One that changed meanwhile is left to the
/// next reconciliation, of which the watch tells.
pub(super) async fn fill<K: ImportedKind>(
    changes: &mut Changes<K>,
    ctx: &Context,
) -> Result<(), Error> {
    let lacking = std::mem::take(&mut changes.lacking);
    if lacking.is_empty() {
        return Ok(());
    }
    let mut texts = said(&lacking, ctx).await?;
    let names: Vec<String> = lacking.iter().map(|object| object.name_any()).collect();
    changes.apply.retain_mut(|Wanted { object, .. }| {
        let name = object.name_any();
        if !names.contains(&name) {
            return true;
        }
        let text = texts.remove(&name);
        let is_known = text.is_some();
        *object.text_mut() = text;
        is_known
    });
    Ok(())
}

/// The texts of the notes that a plan takes away.
pub(super) async fn doomed(plan: &Plan, ctx: &Context) -> Result<HashMap<String, String>, Error> {
    said(&plan.notes.delete, ctx).await
}

/// The texts of those of `objects` that are there still, by name.
async fn said<K: ImportedKind>(
    objects: &[Arc<K>],
    ctx: &Context,
) -> Result<HashMap<String, String>, Error> {
    let texts = stream::iter(objects.iter().cloned())
        .map(|object| async move {
            match text_of(object.as_ref(), ctx).await {
                Ok(text) => Ok(text.map(|text| (object.name_any(), text))),
                Err(error) if error.class() == Class::Gone => Ok(None),
                Err(error) => Err(error),
            }
        })
        .buffer_unordered(CONCURRENCY)
        .try_collect::<Vec<_>>()
        .await?;
    Ok(texts.into_iter().flatten().collect())
}
