//! Step 5: what the author is told. Pure.

use jiff::Timestamp;

use super::Done;
use crate::api::{Summit, SummitStatus};
use crate::controller::shared::conditions::{PUBLISHED, State, compute};
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::visibility::Withheld;
use crate::controller::shared::{count, first_diagnostics};

/// The status after a reconciliation; none where the summit is going away.
pub(super) fn of(
    summit: &Summit,
    result: &Result<Done, Error>,
    now: Timestamp,
) -> Option<SummitStatus> {
    let generation = summit.metadata.generation;
    let conditions = |state: &State| compute(summit.previous_conditions(), state, generation, now);
    match result {
        Ok(Done::Current { .. }) => summit.status.clone(),
        Ok(Done::Published(done)) => {
            let message = format!("Published as the ConfigMap {}", done.config_map);
            Some(SummitStatus {
                observed_generation: generation,
                conditions: conditions(&State::Ready { reason: PUBLISHED, message }),
                dates: done.dates.clone(),
                notes: Some(count(done.notes)),
                unpublished_notes: Some(count(done.unpublished)),
                config_map: Some(done.config_map.clone()),
                content_digest: Some(done.digest.clone()),
                diagnostics: first_diagnostics(done.diagnostics.clone()),
                last_handled_reconcile_at: summit.requested_at(),
            })
        }
        // What was published before is still there.
        Err(error) => Some(SummitStatus {
            observed_generation: generation,
            conditions: conditions(&State::of_error(error)?),
            diagnostics: first_diagnostics(error.diagnostics()),
            last_handled_reconcile_at: summit.requested_at(),
            ..summit.status.clone().unwrap_or_default()
        }),
    }
}

/// The status of a summit that is not public.
pub(super) fn withheld(summit: &Summit, withheld: &Withheld, now: Timestamp) -> SummitStatus {
    let generation = summit.metadata.generation;
    let state = State::Ready { reason: withheld.reason, message: withheld.message.to_string() };
    SummitStatus {
        observed_generation: generation,
        conditions: compute(summit.previous_conditions(), &state, generation, now),
        last_handled_reconcile_at: summit.requested_at(),
        ..SummitStatus::default()
    }
}
