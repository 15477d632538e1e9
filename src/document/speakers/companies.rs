//! What of a list of names is no name but the company or the job of the person in front of it.

use super::expected::Expected;
use super::list::List;
use super::name_confidence::NameConfidence;
use super::occupation;
use super::person::MAX_NAME;
use super::scripts::is_han_name;
use crate::api::Speaker;
use crate::document::text::{first_chars, is_cjk};
use crate::document::words::words;

impl List {
    /// Whether the part at `at`, which would be `person`, is the company or the job of `last`.
    pub fn is_of_last(
        &self,
        at: usize,
        last: &Speaker,
        person: Option<&(Speaker, NameConfidence)>,
        expected: Expected,
    ) -> bool {
        let Some(part) = self.parts.get(at) else { return false };
        let is_last = at + 1 == self.parts.len();
        let job_next = self.parts.get(at + 1).is_some_and(|next| occupation::is_job(&next.text));
        let behind = self.pair_by_comma || (self.closed && is_last);
        let several = !self.pair && part.by_comma && expected == Expected::Any;
        belongs_to(last, &part.text, person, self)
            || (behind && is_company_behind(last, &part.text, person, expected))
            || (several && is_word_behind(last, &part.text, person))
            || (part.by_comma && !job_next && is_behind_job(last, person))
    }
}

/// Adds what stands behind a person to what is known of where that person works.
pub(super) fn add(last: &mut (Speaker, NameConfidence), part: &str, by_comma: bool) {
    let (speaker, name_confidence) = last;
    let mark = if by_comma { ", " } else { " and " };
    let joined = speaker.organization.take().map(|known| format!("{known}{mark}{part}"));
    speaker.organization = Some(first_chars(&joined.unwrap_or_else(|| part.to_owned()), MAX_NAME));
    if occupation::is_job(part) && *name_confidence >= NameConfidence::Weak {
        let full = speaker.name.contains(' ');
        *name_confidence = (*name_confidence).max(if full {
            NameConfidence::Strong
        } else {
            NameConfidence::Medium
        });
    }
}

/// `Ada Example, Harbor Labs`: of two parts the second is rather a company than a person that no other
/// sign tells, because no speaker is better than an invented one.
fn is_company_behind(
    last: &Speaker,
    part: &str,
    person: Option<&(Speaker, NameConfidence)>,
    expected: Expected,
) -> bool {
    let plain = person.is_some_and(|(speaker, _)| {
        speaker.organization.is_none() && (speaker.alias.is_none() || part.contains(is_cjk))
    });
    let unsure =
        person.is_none_or(|(_, name_confidence)| *name_confidence <= NameConfidence::Medium);
    let han = part.chars().any(is_cjk);
    let likely = if han {
        part.contains(' ')
            || words().is_company(part)
            || words().ends_with_job(part)
            || (part.chars().count() >= 4 && !words().has_compound_surname(part))
    } else {
        last.name.contains(' ') && part.split(' ').count() <= 6
    };
    expected == Expected::Any
        && last.organization.is_none()
        && (plain || person.is_none())
        && (unsure || han)
        && likely
}

/// `Ada Example, Harbor, Tide`: single words behind a full name are rather companies than people.
fn is_word_behind(last: &Speaker, part: &str, person: Option<&(Speaker, NameConfidence)>) -> bool {
    let word = part.starts_with(|c: char| c.is_ascii_uppercase()) && !part.contains(' ');
    let unsure = person.is_none_or(|(speaker, name_confidence)| {
        *name_confidence <= NameConfidence::Weak
            && speaker.organization.is_none()
            && speaker.alias.is_none()
    });
    word && unsure && last.name.contains(' ')
}

/// Whether a part follows the job of a person, of whom nothing else is known, and may be a company.
fn is_behind_job(last: &Speaker, person: Option<&(Speaker, NameConfidence)>) -> bool {
    let job = last.organization.as_deref().is_some_and(|known| {
        occupation::is_job(known) && occupation::organization(known).is_none()
    });
    job && person.is_none_or(|(speaker, name_confidence)| {
        *name_confidence <= NameConfidence::Medium
            && speaker.organization.is_none()
            && speaker.alias.is_none()
    })
}

/// Whether a part behind a comma is the company or the job of the person before it.
fn belongs_to(
    last: &Speaker,
    part: &str,
    person: Option<&(Speaker, NameConfidence)>,
    list: &List,
) -> bool {
    let words = words();
    let List { pair, described, .. } = *list;
    let name_confidence =
        person.map_or(NameConfidence::None, |(_, name_confidence)| *name_confidence);
    let has_own = person.is_some_and(|(speaker, _)| speaker.organization.is_some());
    let has_job = occupation::is_job(part);
    if has_own {
        let known = last.organization.as_deref().and_then(occupation::organization);
        return name_confidence == NameConfidence::None && has_job && known.is_none();
    }
    if last.organization.is_some() {
        let job = last.organization.iter().flat_map(|known| known.split(' '));
        let works = name_confidence == NameConfidence::Weak
            && job.into_iter().any(|word| words.is_job(word) || words.is_job_part(word));
        return (name_confidence == NameConfidence::None || works) && part.split(' ').count() <= 6;
    }
    let full = last.name.contains(' ');
    let han = |text: &str| text.chars().all(is_cjk);
    let place = pair && is_han_name(&last.name) && han(part) && part.chars().count() >= 3;
    words.is_company(part)
        || (place && name_confidence <= NameConfidence::Weak)
        || (name_confidence == NameConfidence::None && full && described)
        || (name_confidence <= NameConfidence::Weak && full && has_job)
        || (pair && has_job && part.contains(' ') && last.name.starts_with(char::is_uppercase))
}
