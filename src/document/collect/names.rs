//! Summits and talks get the names that they have among each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Collector;
use crate::api::TalkNoteSpec;
use crate::document::{Imported, naming};

impl Collector {
    /// Where several summits would have one name, each gets its own.
    pub(super) fn name_summits(&mut self) {
        let refs = self.talks.iter().filter_map(|talk| talk.spec.summit_ref.as_ref());
        let parts = self.summits.iter().map(|(summit, _)| summit.name.as_str());
        let stated = self.manifests.summits.iter().map(|summit| summit.name.as_str());
        let all: BTreeSet<&str> =
            parts.chain(stated).chain(refs.map(|summit| summit.name.as_str())).collect();
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &all {
            *alike.entry(naming::alone(name)).or_default() += 1;
        }
        let named = |name: &&str| match alike.get(naming::alone(name)) {
            Some(1) => naming::alone(name).to_owned(),
            _ => naming::apart(name),
        };
        let names: BTreeMap<String, String> =
            all.iter().map(|name| ((*name).to_owned(), named(name))).collect();
        let rename = |name: &mut String| {
            if let Some(named) = names.get(name) {
                name.clone_from(named);
            }
        };
        self.summits.iter_mut().for_each(|(summit, _)| rename(&mut summit.name));
        let refs = self.talks.iter_mut().filter_map(|talk| talk.spec.summit_ref.as_mut());
        refs.for_each(|summit| rename(&mut summit.name));
        for (mut name, paths) in std::mem::take(&mut self.overviews) {
            rename(&mut name);
            self.overviews.insert(name, paths);
        }
    }
}

/// Gives each talk its name: by summit and title, with the speakers where a title is there twice, and
/// with a number where that is not enough.
pub(super) fn name(talks: &mut [Imported<TalkNoteSpec>], mut taken: BTreeSet<String>) {
    // Titles are long to compare, and each is asked for several times.
    let keys: Vec<((String, String), String)> =
        talks.iter().map(|talk| (key(talk), naming::title_key(&talk.spec.title))).collect();
    let mut titles: HashMap<(&str, &str), usize> = HashMap::new();
    // `Knots!` and `Knots?` are two titles, and each alone is `knots`.
    let mut short_titles: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for ((summit, title), short) in &keys {
        short_titles.entry((summit, short)).or_default().insert(title);
        *titles.entry((summit, title)).or_default() += 1;
    }
    let mut seen: HashMap<(&str, &str, String), usize> = HashMap::new();
    for (talk, ((summit, title), short)) in talks.iter_mut().zip(&keys) {
        let one_of = short_titles.get(&(summit.as_str(), short.as_str()));
        let several = one_of.is_some_and(|titles| titles.len() > 1);
        let named = if several { title } else { short };
        let alone = titles.get(&(summit.as_str(), title.as_str())) == Some(&1);
        let speakers = naming::speakers_key(&talk.spec.speakers);
        let count = seen.entry((summit, title, speakers.clone())).or_default();
        *count += 1;
        let mut number = *count;
        talk.name = loop {
            let counter = number.to_string();
            let more: &[&str] = match (alone, number) {
                (true, 1) => &[],
                (_, 1) => &[&speakers],
                _ => &[&speakers, &counter],
            };
            let name = naming::note_of(summit, named, more);
            if taken.insert(name.clone()) {
                break name;
            }
            number += 1;
        };
    }
}

/// Numbers the talks of each day of a summit from 1, so that a talk that is added moves only those
/// behind it on the same day.
pub(super) fn number(talks: &mut [Imported<TalkNoteSpec>]) {
    let mut last: HashMap<(String, Option<String>), i32> = HashMap::new();
    for talk in talks {
        let order = last.entry((summit(talk).to_owned(), talk.spec.day.clone())).or_default();
        *order = order.saturating_add(1);
        talk.spec.order.get_or_insert(*order);
    }
}

fn summit(talk: &Imported<TalkNoteSpec>) -> &str {
    talk.spec.summit_ref.as_ref().map_or("", |summit| summit.name.as_str())
}

/// What the talks of one title in one summit have in common.
pub(super) fn key(talk: &Imported<TalkNoteSpec>) -> (String, String) {
    (summit(talk).to_owned(), naming::title_identity(&talk.spec.title))
}
