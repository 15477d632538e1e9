//! Step 2: a spec with nothing left to doubt, or all its faults at once. Pure.

use jiff::civil::Date;

use super::fetch::Notes;
use crate::api::{Summit, SummitSpec, names};
use crate::controller::shared::error::{Error, Fault};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::owner_reference;
use crate::controller::shared::published::Address;
use crate::render::Card;

/// A summit that can be rendered.
pub(super) struct ValidSummit<'a> {
    pub name: String,
    pub spec: &'a SummitSpec,
    pub cards: Vec<Card>,
    pub unpublished: usize,
    pub address: Address,
}

pub(super) fn summit(summit: &Summit, notes: Notes) -> Result<ValidSummit<'_>, Error> {
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
    let cards = notes.published.iter().map(|note| Card::new(&note.address().1, &note.spec));
    Ok(ValidSummit {
        spec,
        cards: cards.collect(),
        unpublished: notes.unpublished,
        address: address(summit)?,
        name: summit.address().1,
    })
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
        let Err(Error::Invalid(faults)) = summit(&object, Notes::default()) else {
            panic!("is valid")
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["spec.endDate", "spec.timeZone"]);
    }
}
