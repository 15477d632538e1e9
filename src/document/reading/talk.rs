//! A heading or a list item becomes the spec of a note.

use super::position_statistics::PositionStatistics;
use super::talk_draft::TalkDraft;
use crate::api::{EventStatus, Speaker, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::linked::{typed, with_definitions};
use crate::document::markdown::links;
use crate::document::markdown::outline::Heading;
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::speakers::positions::Credit;
use crate::document::title::Title;
use crate::document::words::words;
use jiff::civil::Date;

/// A talk with the line that it begins in.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::document) struct Talk {
    pub spec: TalkNoteSpec,
    pub line: usize,
}

/// The talk under a heading; `None`, with a diagnostic, where the heading has no title.
pub(in crate::document) fn from_heading(
    document: &Document<'_>,
    heading: &Heading,
    draft: &TalkDraft,
    statistics: &PositionStatistics,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let place = Place::line(document.line(heading.line));
    let (title, speakers) = statistics.choose(&draft.title.text, &draft.credits);
    report_personal_data(&draft.credits, place, report);
    if words().is_placeholder(&title) {
        let message = if title.is_empty() {
            "this heading has no title; give the talk one"
        } else {
            "this title was never filled in, so that it is no talk; give the talk its title"
        };
        report.at(Code::EmptyTitle, place, message);
        return None;
    }
    let mut collected = links::in_text(&heading.text, &document.definitions);
    collected.iter_mut().for_each(|link| link.line = heading.line);
    collected.extend_from_slice(document.links(draft.segment.body, draft.segment.end));
    let markdown =
        with_definitions(document.outline.slice(draft.segment.body, draft.segment.end), document);
    if markdown.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = TalkNoteSpec {
        day: day.map(|day| day.to_string()),
        room: draft.title.room.clone().or_else(|| draft.room.clone()),
        links: typed(document, collected, report),
        markdown: Some(markdown),
        ..decorated(&draft.title, title, speakers)
    };
    Some(Talk { spec, line: place.line })
}

/// What the decorations of a title say.
pub(in crate::document) fn decorated(
    title: &Title,
    text: String,
    mut speakers: Vec<Speaker>,
) -> TalkNoteSpec {
    if let ([speaker], Some(company)) = (speakers.as_mut_slice(), &title.company) {
        speaker.organization = speaker.organization.take().or_else(|| Some(company.clone()));
    }
    TalkNoteSpec {
        title: text,
        speakers,
        kind: title.kind,
        event_status: title.cancelled.then_some(EventStatus::Cancelled),
        medal: title.medal,
        room: title.room.clone(),
        start_time: title.start_time.clone(),
        end_time: title.end_time.clone(),
        language: title.language.map(str::to_owned),
        ..TalkNoteSpec::default()
    }
}

/// Says where an address of a person stands beside a name.
pub(in crate::document) fn report_personal_data(
    credits: &[Credit],
    place: Place,
    report: &mut Report,
) {
    if credits.iter().any(|credit| credit.people.personal_data) {
        report.at(
            Code::PersonalData,
            place,
            "an e-mail address or phone number stands beside the speaker; it is not copied, remove it \
             if it is not meant to be public",
        );
    }
}
