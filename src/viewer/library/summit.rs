//! Summits as they were published.

use std::collections::HashMap;

use crate::render::{Card, Session, SummitDocument, sort_agenda};
use crate::viewer::address::{Key, PageId};

/// Talks of the same time that the page of a note names, before and after it.
const BESIDE: usize = 12;

/// A session of the official agenda without a note.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenSession {
    /// What the agenda shows of it. It has no name.
    pub card: Card,
    /// Where a note about it is begun.
    pub start_note: Option<String>,
}

/// A summit as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedSummit {
    namespace: String,
    document: SummitDocument,
    positions: HashMap<String, usize>,
    open: Vec<OpenSession>,
    /// The places of the cards and, behind those, of the open sessions, in the order of the agenda.
    order: Vec<usize>,
}

impl PublishedSummit {
    /// The summit `document` of `namespace`. `overview_html` is safe to be put into a page.
    pub fn new(namespace: impl Into<String>, document: SummitDocument) -> Self {
        let names = document.agenda.iter().map(|card| card.name.clone());
        let positions = names.zip(0..).collect();
        let open: Vec<OpenSession> = document
            .programme
            .iter()
            .flat_map(|programme| &programme.without_notes)
            .map(open)
            .collect();
        let order = order(&document.agenda, &open);
        Self { namespace: namespace.into(), document, positions, open, order }
    }

    /// Sessions of the official agenda without a note.
    pub fn open(&self) -> &[OpenSession] {
        &self.open
    }

    /// Cards and open sessions in the order of the agenda.
    pub(super) fn program(&self) -> impl Iterator<Item = Result<&Card, &OpenSession>> {
        let cards = &self.document.agenda;
        self.order.iter().filter_map(move |place| match cards.get(*place) {
            Some(card) => Some(Ok(card)),
            None => self.open.get(place.checked_sub(cards.len())?).map(Err),
        })
    }

    /// The card of the note `name`.
    pub(super) fn card(&self, name: &str) -> Option<&Card> {
        self.positions.get(name).and_then(|at| self.document.agenda.get(*at))
    }

    /// Namespace of the `Summit`.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// `summit.json`.
    pub fn document(&self) -> &SummitDocument {
        &self.document
    }

    /// What the summit is found by.
    pub fn key(&self) -> Key {
        Key::new(&self.namespace, &self.document.name)
    }

    /// The summit's page.
    pub fn page(&self) -> PageId {
        PageId::Summit(self.key())
    }

    /// The page of a note on the agenda.
    pub fn note_page(&self, name: &str) -> PageId {
        PageId::Note {
            key: Key::new(&self.namespace, name),
            summit: Some(self.document.name.clone()),
        }
    }

    /// The cards before and those after the note `name`, whether there is a page for them or not.
    pub(super) fn around(&self, name: &str) -> (&[Card], &[Card]) {
        let agenda = &self.document.agenda;
        let Some(&position) = self.positions.get(name) else { return (&[], &[]) };
        let before = agenda.get(..position).unwrap_or_default();
        (before, agenda.get(position.saturating_add(1)..).unwrap_or_default())
    }

    /// The other cards of the time at which the talk `name` is given.
    pub(super) fn at_the_same_time(&self, name: &str) -> impl Iterator<Item = &Card> {
        let own = self.positions.get(name).and_then(|at| self.document.agenda.get(*at));
        let is_beside = move |card: &&Card| {
            own.is_some_and(|own| {
                own.start_time.is_some()
                    && (&own.day, &own.start_time) == (&card.day, &card.start_time)
            })
        };
        let (before, after) = self.around(name);
        let mut before: Vec<&Card> =
            before.iter().rev().take_while(is_beside).take(BESIDE).collect();
        before.reverse();
        before.into_iter().chain(after.iter().take_while(is_beside).take(BESIDE))
    }

    /// What the page of the note `name` says of its summit.
    pub(super) fn context(&self, name: &str) -> impl PartialEq {
        fn said(card: &Card) -> (&str, &str, Option<&str>, Option<&str>) {
            (&card.name, &card.title, card.start_time.as_deref(), card.room.as_deref())
        }
        let (before, after) = self.around(name);
        let pair = [before.last(), after.first()].map(|card| card.map(said));
        let beside: Vec<_> = self.at_the_same_time(name).map(said).collect();
        (&*self.document.title, &self.document.time_zone, &self.document.color, pair, beside)
    }

    /// What the list of summits says of this one.
    pub(super) fn line(&self) -> impl PartialEq {
        let SummitDocument { title, start_date, end_date, location, color, agenda, .. } =
            &self.document;
        let marks: Vec<_> = agenda.iter().map(|card| (card.medal, &card.tags)).collect();
        (title, start_date, end_date, location, color, marks)
    }
}

fn open(session: &Session) -> OpenSession {
    let card = Card {
        title: session.title.clone(),
        kind: session.kind,
        speakers: session.speakers.clone(),
        day: session.day.clone(),
        start_time: session.start_time.clone(),
        end_time: session.end_time.clone(),
        room: session.room.clone(),
        track: session.track.clone(),
        ..Card::default()
    };
    OpenSession { card, start_note: session.start_note.clone() }
}

/// The order of talks with and without notes, as if all had one.
fn order(cards: &[Card], open: &[OpenSession]) -> Vec<usize> {
    let all = cards.len().saturating_add(open.len());
    if open.is_empty() {
        return (0..all).collect();
    }
    // Under names by which they are known again.
    let numbered = cards.iter().chain(open.iter().map(|session| &session.card));
    let mut numbered: Vec<Card> = (0_usize..)
        .zip(numbered)
        .map(|(place, card)| Card { name: format!("{place:08}"), ..card.clone() })
        .collect();
    sort_agenda(&mut numbered);
    numbered.iter().filter_map(|card| card.name.parse().ok()).collect()
}
