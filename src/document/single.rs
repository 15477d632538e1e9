//! One talk a file.

use super::codes::Code;
use super::naming;
use super::parsed::Document;
use super::reading::Reading;
use super::report::{Place, Report};
use super::roles::title_is_a_talk;
use super::summit_part::SummitPart;
use super::talk::{self, Convention, Talk};
use super::title;
use super::words::words;
use crate::api::{SummitSpec, TalkNoteSpec};

/// The talk that a whole document is about; `None` where nothing shows that it is about one.
pub(super) fn read(document: &Document<'_>, report: &mut Report) -> Option<Reading> {
    let mut tops = document.outline.headings.iter().filter(|heading| heading.level == 1);
    let top = tops.next();
    let one_top = top.is_some() && tops.next().is_none();
    let folder = summit_folder(document);
    let named = document.front.speaks_of_a_talk();
    let beside_others = document.has_front && one_top && folder.is_some();
    let shown =
        named || (!document.is_index() && one_top && (title_is_a_talk(document) || beside_others));
    if !shown || tops_are_missing(document, top.is_some()) {
        return None;
    }
    let place = Place::line(top.map_or(1, |heading| document.line(heading.line)));
    let talk = talk(document, top.map(|heading| (heading.line, heading.end)), place, report)?;
    let summit = document.front.summit.as_deref().or(folder).map(|title| SummitPart {
        name: naming::summit(title),
        spec: SummitSpec { title: title.to_owned(), ..SummitSpec::default() },
        line: 1,
        described: false,
    });
    Some(Reading::Talk(summit, Box::new(talk)))
}

fn tops_are_missing(document: &Document<'_>, has_top: bool) -> bool {
    !has_top && document.front.title.is_none()
}

/// The folder whose name is that of the summit. A folder that holds posts of any kind is none.
fn summit_folder<'a>(document: &Document<'a>) -> Option<&'a str> {
    let (folder, above) = document.folders();
    let folder = if document.is_index() { above } else { folder };
    folder.filter(|folder| !words().is_post_folder(folder))
}

fn talk(
    document: &Document<'_>,
    top: Option<(usize, usize)>,
    place: Place,
    report: &mut Report,
) -> Option<Talk> {
    let (front, outline) = (&document.front, &document.outline);
    let heading = outline.headings.iter().find(|heading| heading.level == 1);
    let heading =
        heading.map(|heading| heading.text.as_str()).filter(|text| !text.trim().is_empty());
    let decorated = title::undecorate(front.title.as_deref().or(heading)?);
    let (title, mut speakers) = talk::part(&decorated.text, Convention::Unknown, place, report);
    if !front.speakers.is_empty() {
        speakers.clone_from(&front.speakers);
    }
    let end = outline.lines.len();
    let (above, below) = match top {
        Some((line, after)) => (outline.slice(0, line), outline.slice(after, end)),
        None => ("", outline.slice(0, end)),
    };
    let text =
        [above, below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    if text.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = TalkNoteSpec {
        title,
        speakers,
        kind: front.kind.or(decorated.kind),
        medal: decorated.medal,
        day: front.day.or(front.date).map(|day| day.to_string()),
        start_time: front.start_time.clone(),
        end_time: front.end_time.clone(),
        room: front.room.clone(),
        track: front.track.clone(),
        tags: front.tags.clone(),
        links: talk::typed(document, talk::found_links(document, 0, end), report),
        markdown: Some(talk::with_definitions(&text, document)),
        ..TalkNoteSpec::default()
    };
    Some(Talk { spec, line: place.line }).filter(|talk| !talk.spec.title.is_empty())
}
