//! Where most headings of a document part from people in the same way, that is where its speakers
//! stand, whatever a single one looks like alone.

use std::collections::{BTreeMap, BTreeSet};

use super::habits::Habits;
use super::marks::Mark;
use crate::document::naming;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::parted::{self, Manner, Parted};
use crate::document::speakers::people::People;
use crate::document::speakers::seats::{Credit, Seat};

/// Fewest talks that show a way of parting.
const LEAST: usize = 3;

/// A talk, by its place among all, with what stands in its title.
type Part = (usize, String, People);

/// Credits the people beside the titles of `marks`, where three talks and most of all name them in the
/// same way, and more do than are known otherwise.
pub(super) fn credit(marks: &mut [Mark]) {
    if marks.len() < LEAST {
        return;
    }
    let habits = Habits::of(marks.iter().map(|mark| mark.credits.as_slice()));
    let known = |mark: &Mark| mark.credits.iter().any(|credit| habits.accept(credit));
    let count = marks.iter().filter(|mark| known(mark)).count();
    let Some(parts) = most_alike(marks).filter(|parts| parts.len() > count) else { return };
    for (index, title, people) in parts {
        let parted = |credit: &Credit| credit.title.is_some() && habits.accept(credit);
        let free = |mark: &&mut Mark| !mark.credits.iter().any(parted);
        let Some(mark) = marks.get_mut(index).filter(free) else { continue };
        mark.credits.retain(|credit| credit.title.is_none());
        let people = People { likeness: Likeness::Strong, ..people };
        mark.credits.push(Credit { seat: Seat::Alike, title: Some(title), people });
    }
}

/// The talks that part in the way that most do.
fn most_alike(marks: &[Mark]) -> Option<Vec<Part>> {
    let mut ways: BTreeMap<Manner, Vec<(usize, Parted<'_>)>> = BTreeMap::new();
    for (index, mark) in marks.iter().enumerate() {
        for way in parted::ways(&mark.title.text) {
            ways.entry(way.manner).or_default().push((index, way));
        }
    }
    ways.retain(|_, parts| is_most(parts.len(), marks.len()));
    let found = ways.values().filter_map(|parts| speakers(parts, marks.len()));
    found.max_by_key(|parts| (likely(parts, Likeness::Strong), parts.len()))
}

fn is_most(part: usize, whole: usize) -> bool {
    part >= LEAST && part * 5 >= whole * 3
}

/// The people that stand beside nearly all of `parts`, most of `talks`; `None` where it is not shown
/// that they are people.
fn speakers(parts: &[(usize, Parted<'_>)], talks: usize) -> Option<Vec<Part>> {
    let named = parts.iter().filter_map(|(index, way)| {
        Some((*index, way.title.to_owned(), parted::people_beside(way.beside)?))
    });
    let named: Vec<Part> = named.collect();
    let keys = named.iter().map(|(.., people)| naming::speakers_key(&people.speakers));
    let different = keys.collect::<BTreeSet<_>>().len();
    let strong = likely(&named, Likeness::Strong);
    let sure = likely(&named, Likeness::Medium) * 2 >= named.len() && strong >= 2;
    let fits = is_most(named.len(), talks)
        && named.len() * 5 >= parts.len() * 4
        && different * 5 >= named.len() * 4
        && strong * 4 >= named.len();
    (sure && fits).then_some(named)
}

fn likely(parts: &[Part], least: Likeness) -> usize {
    parts.iter().filter(|(.., people)| people.likeness >= least).count()
}
