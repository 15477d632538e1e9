//! Agendas in lists: the items outside of talks that name a talk which stands elsewhere in the document.

use std::collections::{BTreeMap, BTreeSet};

use super::habits::Habits;
use super::indexes::all_items;
use super::items::{self, ItemMark};
use super::roles::{Role, Segment};
use super::talk::Talk;
use crate::api::{EventStatus, Link, TalkNoteSpec};
use crate::document::markdown::links::FoundLink;
use crate::document::naming;
use crate::document::parsed::Document;

/// What an agenda says of `talks`, as talks without a text of the same titles. Its text stays in the
/// overview of the summit. Talks that share their title are left out, as it is not clear which is meant.
pub(super) fn named(
    document: &Document<'_>,
    segments: &[Segment],
    read: &[ItemMark],
    talks: &[Talk],
) -> Vec<Talk> {
    let mut known: BTreeMap<String, Option<&Talk>> = BTreeMap::new();
    for talk in talks {
        let twice = known.contains_key(&key(&talk.spec.title));
        known.insert(key(&talk.spec.title), Some(talk).filter(|_| !twice));
    }
    let read: BTreeSet<usize> = read.iter().map(|mark| mark.item.line).collect();
    let outside = |line: usize| {
        let segment = segments.partition_point(|segment| segment.start <= line).checked_sub(1);
        let role = segment.and_then(|at| segments.get(at)).map(|segment| segment.role);
        !matches!(role, Some(Role::Talk | Role::Section)) && !read.contains(&line)
    };
    let items = all_items(document).into_iter().filter(|item| outside(item.line));
    let marks: Vec<ItemMark> = items.filter_map(|item| items::entry(document, item)).collect();
    let habits = Habits::of(marks.iter().map(|mark| mark.credits.as_slice()));
    let told = marks.iter().filter_map(|mark| {
        let (title, _) = habits.choose(&mark.title.text, &mark.credits);
        let titles = [&title, &mark.title.text];
        let talk = titles.iter().find_map(|title| known.get(&key(title)).copied().flatten())?;
        Some(entry(document, mark, talk, &habits))
    });
    told.collect()
}

/// A title as it is compared: an agenda may set its spaces in another way.
fn key(title: &str) -> String {
    naming::title_key(title).replace(' ', "")
}

fn entry(document: &Document<'_>, mark: &ItemMark, talk: &Talk, habits: &Habits) -> Talk {
    let (_, mut speakers) = habits.choose(&mark.title.text, &mark.credits);
    // The notes know better whom they are about.
    if !talk.spec.speakers.is_empty() {
        speakers.clone_from(&talk.spec.speakers);
    }
    let page = mark.link.as_ref().filter(|link| !link.is_signed()).and_then(FoundLink::to_link);
    let page = page.map(|link| Link { title: Some(talk.spec.title.clone()), ..link });
    let spec = TalkNoteSpec {
        title: talk.spec.title.clone(),
        speakers,
        kind: mark.title.kind,
        event_status: mark.title.cancelled.then_some(EventStatus::Cancelled),
        medal: mark.title.medal,
        start_time: mark.title.start_time.clone(),
        end_time: mark.title.end_time.clone(),
        room: mark.title.room.clone(),
        links: page.into_iter().collect(),
        ..TalkNoteSpec::default()
    };
    Talk { spec, line: document.line(mark.item.line) }
}
