//! What stands in several places becomes one summit or note.

use std::collections::HashMap;

use super::Joined;
use super::names::key;
use crate::api::{Publication, SummitSpec, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::dates::moment::outer;
use crate::document::report::{Place, Report};
use crate::document::speakers::same;
use crate::document::{Imported, naming};

/// Notes of one title that are compared with a new one at most.
const MAX_COMPARED: usize = 16;

/// Makes one note of a talk that stands there twice, as on an agenda and below it, in an index and in
/// a file, or in a copy. Talks of one title with other speakers or on another day stay apart.
pub(super) fn merge(
    talks: Vec<Imported<TalkNoteSpec>>,
    reports: &mut Vec<Report>,
    joined: &mut Joined,
) -> Vec<Imported<TalkNoteSpec>> {
    let mut kept: Vec<Imported<TalkNoteSpec>> = Vec::new();
    let mut places: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for talk in talks {
        let known = places.entry(key(&talk)).or_default();
        let same =
            known.iter().take(MAX_COMPARED).copied().find(|&index| {
                kept.get(index).is_some_and(|other| is_same(&other.spec, &talk.spec))
            });
        match same.and_then(|index| kept.get_mut(index)) {
            Some(first) => reports.extend(join(first, talk, joined)),
            None => {
                known.push(kept.len());
                kept.push(talk);
            }
        }
    }
    kept
}

fn is_same(a: &TalkNoteSpec, b: &TalkNoteSpec) -> bool {
    let speakers = a.speakers.is_empty()
        || b.speakers.is_empty()
        || naming::speakers_key(&a.speakers) == naming::speakers_key(&b.speakers);
    speakers && (a.day.is_none() || b.day.is_none() || a.day == b.day)
}

/// Adds what the second place says to the note of the first. Where both have text, the author is
/// told.
fn join(
    first: &mut Imported<TalkNoteSpec>,
    second: Imported<TalkNoteSpec>,
    joined: &mut Joined,
) -> Option<Report> {
    let (note, mut more) = (first, second);
    let mut report = None;
    if note.has_text() && more.has_text() {
        let places = note.also.iter().map(|place| &place.path);
        joined.documents.extend(places.chain([&note.path, &more.path]).cloned());
        joined.unread |= note.text.is_some() || more.text.is_some();
        let mut own = Report::new(&more.path);
        let place =
            if note.path == more.path { String::new() } else { format!(" of {}", note.path) };
        let message = format!(
            "the same talk stands in line {}{place}, too; both became one note, remove or rename one",
            note.line
        );
        own.at(Code::DuplicateTalk, Place::line(more.line), message);
        report = Some(own);
        let text = note.spec.markdown.get_or_insert_default();
        let other = more.spec.markdown.as_deref().unwrap_or_default();
        if !format!("\n{text}\n").contains(&format!("\n{other}\n")) {
            text.push_str("\n\n");
            text.push_str(other);
        }
        hold_back(&mut note.spec, &mut more.spec);
    } else if more.has_text() {
        std::mem::swap(note, &mut more);
    } else if !note.has_text() {
        hold_back(&mut note.spec, &mut more.spec);
    }
    // What is held back and has no text tells nothing of the note that is public.
    if is_draft(&more.spec) && !is_draft(&note.spec) {
        note.came_from(more);
        return report;
    }
    fill_talk(&mut note.spec, std::mem::take(&mut more.spec));
    note.came_from(more);
    report
}

fn is_draft(spec: &TalkNoteSpec) -> bool {
    spec.publication == Some(Publication::Draft)
}

/// What one place keeps back is not to be published by the other.
fn hold_back(note: &mut TalkNoteSpec, more: &mut TalkNoteSpec) {
    if is_draft(more) {
        note.publication = more.publication;
    }
    note.unlisted = note.unlisted.max(more.unlisted);
    note.publish_at = outer(note.publish_at.take(), more.publish_at.take(), true);
    note.unpublish_at = outer(note.unpublish_at.take(), more.unpublish_at.take(), false);
}

/// Fills gaps of `spec` from `other`.
pub(super) fn fill(spec: &mut SummitSpec, other: SummitSpec) {
    spec.url = spec.url.take().or(other.url);
    spec.start_date = earlier(spec.start_date.take(), other.start_date);
    spec.end_date = later(spec.end_date.take(), other.end_date);
    spec.time_zone = spec.time_zone.take().or(other.time_zone);
    spec.publication = spec.publication.or(other.publication);
    spec.publish_at = outer(spec.publish_at.take(), other.publish_at, true);
    spec.unpublish_at = outer(spec.unpublish_at.take(), other.unpublish_at, false);
    spec.location = spec.location.take().or(other.location);
    spec.banner = spec.banner.take().or(other.banner);
    // One place that wants it off the lists is enough.
    spec.unlisted = spec.unlisted.max(other.unlisted);
    add_missing(&mut spec.tags, other.tags);
    add_missing(&mut spec.robots, other.robots);
    for link in other.links {
        crate::document::markdown::links::add(&mut spec.links, link);
    }
    // Where both have text, that of the first decides how both are shown.
    if spec.overview.is_none() {
        spec.rendering = spec.rendering.take().or(other.rendering);
    }
    for image in other.images {
        if !spec.images.iter().any(|known| known.source == image.source) {
            spec.images.push(image);
        }
    }
    for target in other.targets {
        if !spec.targets.iter().any(|known| known.source == target.source) {
            spec.targets.push(target);
        }
    }
    spec.overview = match (spec.overview.take(), other.overview) {
        (Some(one), Some(two)) if one != two => Some(format!("{one}\n\n{two}")),
        (one, two) => one.or(two),
    };
}

fn earlier(a: Option<String>, b: Option<String>) -> Option<String> {
    a.into_iter().chain(b).min()
}

fn later(a: Option<String>, b: Option<String>) -> Option<String> {
    a.into_iter().chain(b).max()
}

/// Fills gaps of `spec` from `other`.
fn fill_talk(spec: &mut TalkNoteSpec, other: TalkNoteSpec) {
    if spec.speakers.is_empty() {
        spec.speakers = other.speakers;
    } else {
        same::complete(&mut spec.speakers, &other.speakers);
    }
    spec.day = spec.day.take().or(other.day);
    spec.kind = spec.kind.or(other.kind);
    spec.medal = spec.medal.or(other.medal);
    spec.room = spec.room.take().or(other.room);
    spec.track = spec.track.take().or(other.track);
    spec.start_time = spec.start_time.take().or(other.start_time);
    spec.end_time = spec.end_time.take().or(other.end_time);
    spec.language = spec.language.take().or(other.language);
    spec.order = spec.order.or(other.order);
    spec.event_status = spec.event_status.or(other.event_status);
    spec.rendering = spec.rendering.or(other.rendering);
    add_missing(&mut spec.tags, other.tags);
    add_missing(&mut spec.robots, other.robots);
    for link in other.links {
        crate::document::markdown::links::add(&mut spec.links, link);
    }
}

fn add_missing<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
