//! Which notes have the words of a query, the best first.

use std::cmp::Reverse;

use memchr::memmem::Finder;

use super::query::Query;
use super::searchable::{Field, Place};
use crate::api::Medal;
use crate::viewer::address::Key;
use crate::viewer::library::{PublishedNote, Shelf};

/// A word that no note has, and the one that was looked for instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// As it was asked for.
    pub asked: String,
    /// As notes have it.
    pub used: String,
}

/// What a query finds.
pub struct Found<'a> {
    /// The notes, the best first.
    pub notes: Vec<&'a PublishedNote>,
    /// The terms that were looked for.
    pub terms: Vec<String>,
    /// Terms that were repaired.
    pub repairs: Vec<Repair>,
}

/// Looks for `query` in all notes, or in those of `summit`.
pub fn find<'a>(shelf: &'a Shelf, query: &Query, summit: Option<&Key>) -> Found<'a> {
    let mut found = Found { notes: Vec::new(), terms: query.terms.clone(), repairs: Vec::new() };
    if query.is_empty() {
        return found;
    }
    found.notes = ranked(shelf, &found.terms, summit);
    if found.notes.is_empty() {
        // One term that was looked for everywhere is known to be nowhere.
        let is_sure = found.terms.len() == 1 && summit.is_none();
        for term in &mut found.terms {
            let finder = Finder::new(term.as_bytes());
            let has_it = |note: &PublishedNote| note.searchable().find(&finder).is_some();
            let is_known = !is_sure && shelf.notes().any(has_it);
            if !is_known && let Some(used) = shelf.vocabulary().repair(term) {
                let asked = std::mem::replace(term, used.to_owned());
                found.repairs.push(Repair { asked, used: used.to_owned() });
            }
        }
        if !found.repairs.is_empty() {
            found.notes = ranked(shelf, &found.terms, summit);
        }
    }
    found
}

fn ranked<'a>(shelf: &'a Shelf, terms: &[String], summit: Option<&Key>) -> Vec<&'a PublishedNote> {
    let finders: Vec<Finder<'_>> = terms.iter().map(|term| Finder::new(term.as_bytes())).collect();
    let is_in = |note: &&PublishedNote| {
        summit.is_none_or(|summit| {
            note.namespace() == summit.namespace
                && note.document().summit.as_ref() == Some(&summit.name)
        })
    };
    let mut notes: Vec<(u32, &PublishedNote)> = shelf
        .notes()
        .filter(is_in)
        .filter_map(|note| Some((score(note, &finders)?, note)))
        .collect();
    notes.sort_by(|a, b| {
        let key = |(score, note): &(u32, &'a PublishedNote)| {
            let card = &note.document().card;
            (Reverse((*score, card.day.as_deref())), &*card.title, &*card.name)
        };
        key(a).cmp(&key(b))
    });
    notes.into_iter().map(|(_, note)| note).collect()
}

/// How well a note has all the terms; none where it lacks one.
fn score(note: &PublishedNote, finders: &[Finder<'_>]) -> Option<u32> {
    let mut score = match note.document().card.medal {
        Some(Medal::Gold) => 3,
        Some(Medal::Silver) => 2,
        Some(Medal::Bronze) => 1,
        None => 0,
    };
    for finder in finders {
        let Place { field, at_word, count } = note.searchable().find(finder)?;
        let weight = match field {
            Field::Title => 120,
            Field::Speaker => 80,
            Field::Tag => 50,
            Field::Heading => 25,
            Field::Text => 5,
        };
        let often = u32::try_from(count.min(5)).unwrap_or_default();
        score += if at_word { weight } else { weight / 2 } + often;
    }
    Some(score)
}
