//! Step 3: the child that a valid note wants. Pure.

use k8s_openapi::api::core::v1::ConfigMap;

use super::validate::{ValidNote, Visibility};
use crate::api::Diagnostic;
use crate::controller::error::Error;
use crate::controller::placed;
use crate::controller::published;
use crate::render;

/// What is to be in the cluster.
pub(super) enum Wanted {
    /// The note's page.
    Page { config_map: Box<ConfigMap>, digest: String, diagnostics: Vec<Diagnostic> },
    /// No page.
    NoPage { namespace: String, name: String, reason: &'static str, message: String },
}

pub(super) fn wanted(note: ValidNote<'_>) -> Result<Wanted, Error> {
    let ValidNote { name, spec, markdown, visibility, address, mut diagnostics, visit_again: _ } =
        note;
    if let Visibility::Hidden { reason, message } = visibility {
        let (namespace, name) = (address.namespace, address.name);
        return Ok(Wanted::NoPage { namespace, name, reason, message });
    }
    let rendered = render::note(&name, spec, &markdown);
    let publication = rendered.publication()?;
    diagnostics.extend(placed(rendered.diagnostics, "spec.markdown"));
    let digest = publication.digest.clone();
    let config_map = Box::new(published::config_map(address, publication));
    Ok(Wanted::Page { config_map, digest, diagnostics })
}
