//! Step 3: the index that a valid summit wants. Pure.

use k8s_openapi::api::core::v1::ConfigMap;

use super::validate::{ValidSummit, official};
use crate::api::Diagnostic;
use crate::controller::shared::error::Error;
use crate::controller::shared::placed;
use crate::controller::shared::published::{self, Source};
use crate::render;

/// What is to be in the cluster.
pub(super) struct Wanted {
    pub config_map: ConfigMap,
    pub digest: String,
    pub dates: Option<String>,
    pub notes: usize,
    pub unpublished: usize,
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) fn wanted(summit: ValidSummit, overview: Option<String>) -> Result<Wanted, Error> {
    let ValidSummit { name, mut spec, cards, published, agenda, unpublished, source, address } =
        summit;
    spec.overview = overview;
    let notes = cards.len();
    let official = official(&agenda, &published);
    let rendered = render::joined_summit(&name, &spec, cards, official.as_ref());
    let publication = rendered.publication()?;
    let document = &rendered.document;
    let dates = dates(document.start_date.as_deref(), document.end_date.as_deref());
    let digest = publication.digest.clone();
    let diagnostics = placed(rendered.diagnostics, "spec.overview");
    let config_map = published::config_map(address, publication, Some(&Source::of(source)));
    Ok(Wanted { config_map, digest, dates, notes, unpublished, diagnostics })
}

fn dates(start: Option<&str>, end: Option<&str>) -> Option<String> {
    match (start, end) {
        (Some(start), Some(end)) if start != end => Some(format!("{start}/{end}")),
        (day, other) => day.or(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_one_date_and_two_are_an_iso_8601_interval() {
        assert_eq!(dates(Some("2026-05-14"), Some("2026-05-14")).as_deref(), Some("2026-05-14"));
        let interval = dates(Some("2026-05-14"), Some("2026-05-15"));
        assert_eq!(interval.as_deref(), Some("2026-05-14/2026-05-15"));
        assert_eq!(dates(None, None), None);
    }
}
