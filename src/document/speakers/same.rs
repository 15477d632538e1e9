//! One person by two descriptions.

use crate::api::Speaker;
use crate::document::text::fold;

/// Gives each of `speakers` the alias and the organization that the person of that name has in `others`,
/// where it has none.
pub(in crate::document) fn complete(speakers: &mut [Speaker], others: &[Speaker]) {
    for speaker in speakers {
        let name = fold(&speaker.name);
        for other in others.iter().filter(|other| fold(&other.name) == name) {
            speaker.alias = speaker.alias.take().or_else(|| other.alias.clone());
            let organization = || other.organization.clone();
            speaker.organization = speaker.organization.take().or_else(organization);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_gaps_of_the_same_person_are_filled() {
        let speaker = |name: &str, alias: Option<&str>, organization: Option<&str>| Speaker {
            name: name.to_owned(),
            alias: alias.map(str::to_owned),
            organization: organization.map(str::to_owned),
        };
        let mut speakers =
            [speaker("Ada Example", None, Some("Harbor")), speaker("Bo Pier", None, None)];
        let others = [
            speaker("ADA  example", Some("ada"), Some("Tide")),
            speaker("Cy Mole", None, Some("X")),
        ];
        complete(&mut speakers, &others);
        assert_eq!(speakers[0], speaker("Ada Example", Some("ada"), Some("Harbor")));
        assert_eq!(speakers[1], speaker("Bo Pier", None, None));
    }
}
