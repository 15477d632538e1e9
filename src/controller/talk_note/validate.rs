//! Step 2: a spec with nothing left to doubt, or all its faults at once. Pure.

use crate::api::names;
use crate::api::{Diagnostic, TalkNote, TalkNoteSpec};
use crate::controller::shared::codes::Code;
use crate::controller::shared::error::{Error, Fault};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::owner_reference;
use crate::controller::shared::published::Address;
use crate::controller::shared::visibility::PublicationWindow;

/// A note that can be rendered.
pub(super) struct ValidNote<'a> {
    pub name: String,
    pub spec: &'a TalkNoteSpec,
    pub markdown: String,
    pub address: Address,
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) fn note(
    note: &TalkNote,
    markdown: String,
    summit_exists: bool,
) -> Result<ValidNote<'_>, Error> {
    let spec = &note.spec;
    Ok(ValidNote {
        name: note.address().1,
        spec,
        markdown,
        address: address(note)?,
        diagnostics: diagnostics(spec, summit_exists),
    })
}

/// Fails with all faults of the spec at once.
pub(super) fn sound(note: &TalkNote) -> Result<(), Error> {
    let spec = &note.spec;
    let mut faults = Vec::new();
    if let Some(day) = &spec.day
        && day.parse::<jiff::civil::Date>().is_err()
    {
        faults.push(Fault::new("spec.day", format!("{day} is not a day of the calendar")));
    }
    faults.extend(PublicationWindow::from(spec).faults());
    if spec.markdown.is_none() && spec.content_from.is_none() {
        let message = "a note needs its text here or in spec.contentFrom";
        faults.push(Fault::new("spec.markdown", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Where the note's page stands.
pub(super) fn address(note: &TalkNote) -> Result<Address, Error> {
    let (namespace, name) = note.address();
    Ok(Address {
        name: names::note_config_map(&name),
        namespace,
        owner: Some(owner_reference(note)?),
        repository: None,
        content: names::CONTENT_NOTE,
        summit: note.spec.summit_ref.as_ref().map(|summit| summit.name.clone()),
        talk: Some(name),
    })
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

    fn validated(object: &TalkNote) -> Result<ValidNote<'_>, Error> {
        sound(object)?;
        note(object, String::new(), false)
    }

    #[test]
    fn all_faults_are_found_at_once() {
        let object = hand_written(|spec| {
            spec.day = Some("2026-02-31".to_owned());
            spec.publish_at = Some("soon".to_owned());
            spec.markdown = None;
        });
        let Err(Error::Invalid(faults)) = validated(&object) else { panic!("is valid") };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["spec.day", "spec.publishAt", "spec.markdown"]);
    }

    #[test]
    fn a_missing_summit_is_said_and_does_not_hide_the_note() {
        let object =
            hand_written(|spec| spec.summit_ref = Some(SummitReference { name: "gone".into() }));
        let valid = validated(&object).unwrap();
        assert_eq!(valid.diagnostics[0].code, "TN3004");
    }
}
