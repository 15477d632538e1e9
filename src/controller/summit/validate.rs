//! Step 2: a spec with nothing left to doubt, or all its faults at once. Pure.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::fetch::{Agenda, Notes};
use crate::api::{Summit, SummitSpec, TalkNote, names};
use crate::controller::shared::error::{Error, Fault};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::owner_reference;
use crate::controller::shared::published::Address;
use crate::controller::shared::text::digest_of_text;
use crate::render::{self, Card, OfficialAgenda};

/// A summit that can be rendered.
pub(super) struct ValidSummit {
    pub name: String,
    /// Without its overview.
    pub spec: SummitSpec,
    pub cards: Vec<Card>,
    /// The notes of the cards, in their order.
    pub published: Vec<Arc<TalkNote>>,
    pub agenda: Agenda,
    pub unpublished: usize,
    /// Digest of all that the index is rendered from.
    pub source: String,
    pub address: Address,
}

pub(super) fn summit(summit: &Summit, notes: Notes, agenda: Agenda) -> Result<ValidSummit, Error> {
    let spec = &summit.spec;
    let mut faults = Vec::new();
    let start = date("spec.startDate", spec.start_date.as_deref(), &mut faults);
    let end = date("spec.endDate", spec.end_date.as_deref(), &mut faults);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        let message = format!("{end} is before spec.startDate, {start}");
        faults.push(Fault::new("spec.endDate", message));
    }
    if let Some(zone) = &spec.time_zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        let message = format!("{zone} is not an IANA name such as Asia/Taipei");
        faults.push(Fault::new("spec.timeZone", message));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let name = summit.address().1;
    let cards = notes.published.iter().map(|note| Card::new(&note.address().1, &note.spec));
    let cards: Vec<Card> = cards.collect();
    let Notes { published, unpublished } = notes;
    let official = official(&agenda, &published);
    let text = digest_of_text(summit);
    let source = render::source_of_summit(&name, spec, &text, &cards, official.as_ref());
    let (spec, address) = (spec.clone(), address(summit)?);
    Ok(ValidSummit { name, spec, cards, published, agenda, unpublished, source, address })
}

/// The official agenda, with the links of the notes that are joined with it.
pub(super) fn official<'a>(
    agenda: &'a Agenda,
    published: &'a [Arc<TalkNote>],
) -> Option<OfficialAgenda<'a>> {
    let text = agenda.as_ref()?.as_ref().map(|text| Cow::Borrowed(text.as_str()));
    let links = published.iter().map(|note| &*note.spec.links).collect();
    Some(OfficialAgenda { text: text.map_err(Clone::clone), links })
}

/// Where the summit's index stands.
pub(super) fn address(summit: &Summit) -> Result<Address, Error> {
    let (namespace, name) = summit.address();
    Ok(Address {
        name: names::summit_config_map(&name),
        namespace,
        owner: Some(owner_reference(summit)?),
        repository: None,
        content: names::CONTENT_SUMMIT,
        summit: Some(name),
        talk: None,
    })
}

fn date(field: &'static str, text: Option<&str>, faults: &mut Vec<Fault>) -> Option<Date> {
    let text = text?;
    let date = text.parse().ok();
    if date.is_none() {
        faults.push(Fault::new(field, format!("{text} is not a day of the calendar")));
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_found_at_once() {
        let spec = SummitSpec {
            title: "Crab Con".to_owned(),
            start_date: Some("2026-05-15".to_owned()),
            end_date: Some("2026-05-14".to_owned()),
            time_zone: Some("Asia/Atlantis".to_owned()),
            ..SummitSpec::default()
        };
        let mut object = Summit::new("crab-con", spec);
        object.metadata.uid = Some("1".to_owned());
        let Err(Error::Invalid(faults)) = summit(&object, Notes::default(), None) else {
            panic!("is valid")
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["spec.endDate", "spec.timeZone"]);
    }
}
