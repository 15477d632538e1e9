//! Step 5: what the author is told. Pure.

use jiff::Timestamp;

use super::{Done, Outcome};
use crate::api::{Speaker, TalkNote, TalkNoteStatus};
use crate::controller::shared::conditions::{PUBLISHED, State, compute};
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::{count, first_diagnostics};

/// The status after a reconciliation, with whether there is no page any more; none where the note is going away.
pub(super) fn of(
    note: &TalkNote,
    is_down: bool,
    result: &Result<Outcome, Error>,
    now: Timestamp,
) -> Option<TalkNoteStatus> {
    let generation = note.metadata.generation;
    let previous = note.status.clone().unwrap_or_default();
    let conditions = |state: &State| compute(note.previous_conditions(), state, generation, now);
    let common = TalkNoteStatus {
        observed_generation: generation,
        speakers: speakers(&note.spec.speakers),
        links: Some(count(note.spec.links.len())),
        last_handled_reconcile_at: note.requested_at(),
        ..TalkNoteStatus::default()
    };
    match result {
        Ok(Outcome { done: Done::Published { config_map, digest, diagnostics }, .. }) => {
            let message = format!("Published as the ConfigMap {config_map}");
            Some(TalkNoteStatus {
                conditions: conditions(&State::Ready { reason: PUBLISHED, message }),
                config_map: Some(config_map.clone()),
                content_digest: Some(digest.clone()),
                diagnostics: first_diagnostics(diagnostics.clone()),
                ..common
            })
        }
        Ok(Outcome { done: Done::Current, .. }) => note.status.clone(),
        Ok(Outcome { done: Done::Withheld(withheld), .. }) => {
            let message = withheld.message.clone().into_owned();
            Some(TalkNoteStatus {
                conditions: conditions(&State::Ready { reason: withheld.reason, message }),
                ..common
            })
        }
        // What was published before is still there, unless it may not be.
        Err(error) => Some(TalkNoteStatus {
            conditions: conditions(&State::of_error(error)?),
            config_map: previous.config_map.filter(|_| !is_down),
            content_digest: previous.content_digest.filter(|_| !is_down),
            diagnostics: first_diagnostics(error.diagnostics()),
            ..common
        }),
    }
}

fn speakers(speakers: &[Speaker]) -> Option<String> {
    let names: Vec<&str> = speakers.iter().map(|speaker| speaker.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", ").chars().take(1024).collect())
}
