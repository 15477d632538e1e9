//! Step 3: the child that a valid note wants. Pure.

use k8s_openapi::api::core::v1::ConfigMap;

use super::validate::ValidNote;
use crate::api::Diagnostic;
use crate::controller::shared::error::Error;
use crate::controller::shared::placed;
use crate::controller::shared::published::{self, Source};
use crate::render;

/// The note's page.
pub(super) struct Page {
    pub config_map: ConfigMap,
    pub digest: String,
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) fn page(note: ValidNote<'_>, source: &Source) -> Result<Page, Error> {
    let ValidNote { name, spec, markdown, address, mut diagnostics } = note;
    let rendered = render::note(&name, spec, &markdown);
    let publication = rendered.publication()?;
    diagnostics.extend(placed(rendered.diagnostics, "spec.markdown"));
    let digest = publication.digest.clone();
    let config_map = published::config_map(address, publication, Some(source));
    Ok(Page { config_map, digest, diagnostics })
}
