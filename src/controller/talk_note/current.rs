//! Whether the note's page is current already. Pure.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;

use super::fetch::Inputs;
use super::validate;
use crate::api::{TalkNote, names};
use crate::controller::shared::codes::Code;
use crate::controller::shared::conditions;
use crate::controller::shared::error::Error;
use crate::controller::shared::freshness::{Freshness, freshness};
use crate::controller::shared::kind::Kind;

/// How `page`, as the watch has seen it, stands to the note. What a status does not tell is not current.
pub(super) fn page(
    note: &TalkNote,
    inputs: &Inputs,
    page: &ConfigMap,
    source: String,
) -> Result<Freshness, Error> {
    let Some(content) = told(note, inputs.summit_exists) else { return Ok(Freshness::Stale) };
    Ok(freshness(page, validate::address(note)?, source, content))
}

/// The digest of the page that the status tells of, where it says all that it would say once the page
/// was found to be current.
fn told(note: &TalkNote, summit_exists: bool) -> Option<&str> {
    let (status, generation) = (note.status.as_ref()?, note.metadata.generation);
    let misses_summit = Code::SummitMissing.code();
    let told_missing = status.diagnostics.iter().any(|said| said.code == misses_summit);
    let is_settled = status.observed_generation == generation
        && status.last_handled_reconcile_at == note.requested_at()
        && conditions::is_published(&status.conditions, generation)
        && status.config_map == Some(names::note_config_map(&note.name_any()))
        && told_missing != summit_exists;
    status.content_digest.as_deref().filter(|_| is_settled)
}
