//! Step 2: a spec with nothing left to doubt, or all its faults at once. Pure.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use super::fetch::Inputs;
use crate::api::names;
use crate::api::{Diagnostic, Publication, TalkNote, TalkNoteSpec};
use crate::controller::codes::Code;
use crate::controller::error::{Error, Fault};
use crate::controller::kind::Kind;
use crate::controller::owner_reference;
use crate::controller::published::Address;

/// How soon a ConfigMap of somebody else's is read again.
const CONTENT_INTERVAL: Duration = Duration::from_secs(60);

/// A note that can be rendered, or that is not to be shown.
pub(super) struct ValidNote<'a> {
    pub name: String,
    pub spec: &'a TalkNoteSpec,
    pub markdown: String,
    pub visibility: Visibility,
    pub address: Address,
    pub diagnostics: Vec<Diagnostic>,
    pub visit_again: Option<Duration>,
}

pub(super) enum Visibility {
    Published,
    Hidden { reason: &'static str, message: String },
}

pub(super) fn note<'a>(
    note: &'a TalkNote,
    inputs: Inputs,
    now: Timestamp,
) -> Result<ValidNote<'a>, Error> {
    let spec = &note.spec;
    let mut faults = Vec::new();
    if let Some(day) = &spec.day
        && day.parse::<jiff::civil::Date>().is_err()
    {
        faults.push(Fault::new("spec.day", format!("{day} is not a day of the calendar")));
    }
    let publish_at = spec.publish_at.as_deref().and_then(|text| {
        let time = text.parse::<Timestamp>();
        if time.is_err() {
            let message = format!("{text} is not a time such as 2026-05-14T18:00:00+08:00");
            faults.push(Fault::new("spec.publishAt", message));
        }
        time.ok()
    });
    let content_from_elsewhere = inputs.content.is_some();
    let markdown = spec.markdown.clone().or(inputs.content);
    if markdown.is_none() {
        let message = "a note needs its text here or in spec.contentFrom";
        faults.push(Fault::new("spec.markdown", message));
    }
    let owner = owner_reference(note)?;
    let (Some(markdown), true) = (markdown, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let unpublish_at = spec.unpublish_at.as_deref().map(str::parse::<Timestamp>);
    let closes = unpublish_at.map(|time| time.ok().and_then(|time| until(time, now)));
    let opens = publish_at.and_then(|time| until(time, now));
    Ok(ValidNote {
        name: note.address().1,
        spec,
        markdown,
        visibility: visibility(spec, opens, closes),
        address: address(note, owner),
        diagnostics: diagnostics(spec, inputs.summit_exists),
        visit_again: [opens, closes.flatten(), content_from_elsewhere.then_some(CONTENT_INTERVAL)]
            .into_iter()
            .flatten()
            .min(),
    })
}

/// Time until `time`; none where it has passed.
fn until(time: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(time.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

/// `opens` and `closes` are the times until it may be public and until it may no longer.
fn visibility(
    spec: &TalkNoteSpec,
    opens: Option<Duration>,
    closes: Option<Option<Duration>>,
) -> Visibility {
    if let (Some(None), Some(time)) = (closes, &spec.unpublish_at) {
        let message = format!("Not published from {time} on");
        return Visibility::Hidden { reason: "Expired", message };
    }
    if spec.publication == Some(Publication::Draft) {
        let message = "Not published: it is a draft".to_owned();
        return Visibility::Hidden { reason: "Draft", message };
    }
    match (opens, &spec.publish_at) {
        (Some(_), Some(time)) => {
            let message = format!("Not published before {time}");
            Visibility::Hidden { reason: "Scheduled", message }
        }
        _ => Visibility::Published,
    }
}

fn address(note: &TalkNote, owner: OwnerReference) -> Address {
    let (namespace, name) = note.address();
    Address {
        name: names::note_config_map(&name),
        namespace,
        owner: Some(owner),
        repository: None,
        content: names::CONTENT_NOTE,
        summit: note.spec.summit_ref.as_ref().map(|summit| summit.name.clone()),
        talk: Some(name),
    }
}

fn diagnostics(spec: &TalkNoteSpec, summit_exists: bool) -> Vec<Diagnostic> {
    let missing = spec.summit_ref.iter().filter(|_| !summit_exists).map(|summit| {
        let message = format!(
            "there is no Summit {}: the note is published, but stands on no agenda",
            summit.name
        );
        Code::SummitMissing.at("spec.summitRef", message)
    });
    missing.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SummitReference;

    fn hand_written(change: impl FnOnce(&mut TalkNoteSpec)) -> TalkNote {
        let mut spec = TalkNoteSpec {
            title: "Crabs at scale".to_owned(),
            markdown: Some("text".to_owned()),
            ..TalkNoteSpec::default()
        };
        change(&mut spec);
        let mut note = TalkNote::new("crabs", spec);
        note.metadata.namespace = Some("summits".to_owned());
        note.metadata.uid = Some("1".to_owned());
        note
    }

    fn visit(object: &TalkNote) -> Result<ValidNote<'_>, Error> {
        let inputs = Inputs { summit_exists: false, content: None };
        note(object, inputs, "2026-05-14T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn all_faults_are_found_at_once() {
        let object = hand_written(|spec| {
            spec.day = Some("2026-02-31".to_owned());
            spec.publish_at = Some("soon".to_owned());
            spec.markdown = None;
        });
        let Err(Error::Invalid(faults)) = visit(&object) else { panic!("is valid") };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["spec.day", "spec.publishAt", "spec.markdown"]);
    }

    #[test]
    fn a_note_is_hidden_until_its_time_and_visited_then() {
        let object =
            hand_written(|spec| spec.publish_at = Some("2026-05-14T08:01:00+08:00".into()));
        let valid = visit(&object).unwrap();
        assert!(matches!(valid.visibility, Visibility::Hidden { reason: "Scheduled", .. }));
        assert_eq!(valid.visit_again, Some(Duration::from_secs(60)));

        let object =
            hand_written(|spec| spec.publish_at = Some("2026-05-14T08:00:00+08:00".into()));
        assert!(matches!(visit(&object).unwrap().visibility, Visibility::Published));
    }

    #[test]
    fn a_missing_summit_is_said_and_does_not_hide_the_note() {
        let object =
            hand_written(|spec| spec.summit_ref = Some(SummitReference { name: "gone".into() }));
        let valid = visit(&object).unwrap();
        assert!(matches!(valid.visibility, Visibility::Published));
        assert_eq!(valid.diagnostics[0].code, "TN3004");
    }
}
