//! The speakers of a talk, where a rule says where they stand.

use crate::api::{SpeakerPlacement, SpeakersRule};
use crate::document::parsed::Document;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::people::People;
use crate::document::speakers::positions::{Credit, SpeakerPosition};

/// Replaces what was found in a talk's title and under it by the people at the place that the
/// document's rule names. Without a rule nothing changes.
pub(in crate::document) fn state(document: &Document<'_>, title: &str, credits: &mut Vec<Credit>) {
    let Some(rule) = &document.stated.rule.speakers else { return };
    let found = rule.at.iter().find_map(|place| at(*place, rule, document, title, credits));
    let handles =
        credits.iter().filter(|credit| credit.position == SpeakerPosition::Handle).cloned();
    let handles: Vec<Credit> = if found.is_some() { handles.collect() } else { Vec::new() };
    *credits = found.into_iter().map(certain).chain(handles).collect();
}

fn at(
    place: SpeakerPlacement,
    rule: &SpeakersRule,
    document: &Document<'_>,
    title: &str,
    credits: &[Credit],
) -> Option<Credit> {
    let apart = match place {
        SpeakerPlacement::FrontMatter => return front_matter(document),
        SpeakerPlacement::AfterSeparator => last_of(title, &rule.separators),
        SpeakerPlacement::BeforeSeparator => first_of(title, &rule.separators),
        _ => None,
    };
    if let Some((title, names)) = apart {
        let people = People::parse(names);
        let title = Some(title.trim().to_owned());
        return Some(Credit { position: SpeakerPosition::Stated, title, people })
            .filter(is_somebody);
    }
    let in_title =
        matches!(place, SpeakerPlacement::AfterSeparator | SpeakerPlacement::BeforeSeparator);
    if in_title && !rule.separators.is_empty() {
        return None;
    }
    let fits =
        |credit: &&Credit| placement(credit.position) == Some(place) && is_usual(credit.position);
    credits.iter().filter(fits).find(|credit| is_somebody(credit)).cloned()
}

fn is_somebody(credit: &Credit) -> bool {
    !credit.people.speakers.is_empty()
        && credit.title.as_ref().is_none_or(|title| !title.is_empty())
}

fn certain(credit: Credit) -> Credit {
    let people = People { name_confidence: NameConfidence::Strong, ..credit.people };
    Credit { position: SpeakerPosition::Stated, people, ..credit }
}

fn front_matter(document: &Document<'_>) -> Option<Credit> {
    let speakers = document.front.speakers.clone();
    let people = People { speakers, name_confidence: NameConfidence::Strong, personal_data: false };
    Some(Credit { position: SpeakerPosition::Stated, title: None, people }).filter(is_somebody)
}

/// What a position is called in rules.
pub(super) fn placement(position: SpeakerPosition) -> Option<SpeakerPlacement> {
    Some(match position {
        SpeakerPosition::Label => SpeakerPlacement::Label,
        SpeakerPosition::Heading => SpeakerPlacement::Heading,
        SpeakerPosition::Bold => SpeakerPlacement::Bold,
        SpeakerPosition::Italic => SpeakerPlacement::Italic,
        SpeakerPosition::Quote => SpeakerPlacement::Quote,
        SpeakerPosition::Link => SpeakerPlacement::Link,
        SpeakerPosition::ByLine => SpeakerPlacement::ByLine,
        SpeakerPosition::Dash
        | SpeakerPosition::Bar
        | SpeakerPosition::By
        | SpeakerPosition::With
        | SpeakerPosition::Colon => SpeakerPlacement::AfterSeparator,
        SpeakerPosition::BeforeBar
        | SpeakerPosition::BeforeColon
        | SpeakerPosition::BeforeDash
        | SpeakerPosition::BeforeComma => SpeakerPlacement::BeforeSeparator,
        SpeakerPosition::Parenthesis => SpeakerPlacement::Parentheses,
        SpeakerPosition::Plain | SpeakerPosition::NameLine | SpeakerPosition::Handle => {
            SpeakerPlacement::Line
        }
        SpeakerPosition::Bullet => SpeakerPlacement::ListItem,
        SpeakerPosition::Above => SpeakerPlacement::HeadingAbove,
        SpeakerPosition::Stated | SpeakerPosition::Linked => return None,
    })
}

/// Whether a position in a title counts where the rule names no separators: colons and commas are too
/// common in titles.
fn is_usual(position: SpeakerPosition) -> bool {
    !matches!(position, SpeakerPosition::Colon | SpeakerPosition::BeforeComma)
}

/// The text before and behind the last separator.
fn last_of<'a>(text: &'a str, separators: &[String]) -> Option<(&'a str, &'a str)> {
    let places = separators.iter().filter_map(|mark| Some((text.rfind(mark.as_str())?, mark)));
    let (at, mark) = places.max_by_key(|(at, mark)| (at + mark.len(), mark.len()))?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// The text behind and before the first separator.
fn first_of<'a>(text: &'a str, separators: &[String]) -> Option<(&'a str, &'a str)> {
    let places = separators.iter().filter_map(|mark| Some((text.find(mark.as_str())?, mark)));
    let (at, mark) = places.min_by_key(|(at, mark)| (*at, usize::MAX - mark.len()))?;
    Some((text.get(at + mark.len()..)?, text.get(..at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_part_a_title_where_they_are_written() {
        let marks = [" / ".to_owned(), "~".to_owned()];
        assert_eq!(last_of("a/b / c ~ d", &marks), Some(("a/b / c ", " d")));
        assert_eq!(first_of("a/b / c ~ d", &marks), Some(("c ~ d", "a/b")));
        assert_eq!(last_of("a - b", &marks), None);
    }
}
