//! Which note is about which session.

use std::cmp::Ordering;

use super::alike::{Title, same_people};
use super::{Joined, Programme, Session};
use crate::api::{Link, Speaker};
use crate::render::Card;

/// Below this, in percent, two titles are of two talks.
const SURE: u8 = 60;
/// Characters of an id that is looked for in addresses: a number such as `1` is part of many.
const SHORTEST_ID: usize = 2;

/// A note that may be about a session.
struct Pair {
    confidence: u8,
    /// Whether they agree on the day.
    same_day: bool,
    note: usize,
    session: usize,
}

/// Joins notes and sessions: by the id or the address of the session that a link of the note has, else by title
/// and speakers, the surest first. What a note does not say itself, day, time, room and track, comes from its
/// session. `links` are those of each card.
pub fn join(cards: &mut [Card], links: &[&[Link]], sessions: Vec<Session>) -> Programme {
    let mut pairs = named(cards, links, &sessions);
    pairs.extend(alike(cards, &sessions));
    pairs.sort_by(|a, b| {
        let sure = |pair: &Pair| (pair.confidence, pair.same_day);
        sure(b).cmp(&sure(a)).then_with(|| (a.session, a.note).cmp(&(b.session, b.note)))
    });
    let mut note_of: Vec<Option<usize>> = vec![None; sessions.len()];
    let mut is_joined = vec![false; cards.len()];
    let mut joined = Vec::new();
    for Pair { confidence, note, session, .. } in pairs {
        let (Some(taken), Some(done), Some(card), Some(found)) = (
            note_of.get_mut(session),
            is_joined.get_mut(note),
            cards.get_mut(note),
            sessions.get(session),
        ) else {
            continue;
        };
        if taken.is_some() || *done {
            continue;
        }
        (*taken, *done) = (Some(note), true);
        fill(card, found);
        let session = if found.id.is_empty() { &found.title } else { &found.id };
        joined.push(Joined { note: card.name.clone(), session: session.clone(), confidence });
    }
    joined.sort_by(|a, b| a.note.cmp(&b.note));
    let mut without_session: Vec<String> = cards
        .iter()
        .zip(&is_joined)
        .filter(|(_, joined)| !**joined)
        .map(|(card, _)| card.name.clone())
        .collect();
    without_session.sort();
    let free = sessions.into_iter().zip(note_of).filter(|(_, note)| note.is_none());
    Programme { joined, without_notes: free.map(|(session, _)| session).collect(), without_session }
}

/// What the note does not say.
fn fill(card: &mut Card, session: &Session) {
    // A time belongs to its day: a note that says another day is about another time.
    let agrees = card.day.is_none() || card.day == session.day;
    if agrees {
        card.day = card.day.take().or_else(|| session.day.clone());
        if card.start_time.is_none() {
            card.start_time.clone_from(&session.start_time);
            card.end_time = card.end_time.take().or_else(|| session.end_time.clone());
        } else if card.end_time.is_none() && card.start_time == session.start_time {
            card.end_time.clone_from(&session.end_time);
        }
    }
    card.room = card.room.take().or_else(|| session.room.clone());
    card.track = card.track.take().or_else(|| session.track.clone());
    if card.speakers.is_empty() {
        card.speakers = session.speakers.iter().map(Speaker::clone).collect();
    }
}

/// Notes with a link to a session: whoever wrote it knew.
fn named(cards: &[Card], links: &[&[Link]], sessions: &[Session]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (note, links) in links.iter().enumerate().take(cards.len()) {
        for link in links.iter() {
            let about = sessions.iter().position(|session| is_page_of(&link.url, session));
            pairs.extend(about.map(|session| Pair {
                confidence: 100,
                same_day: true,
                note,
                session,
            }));
        }
    }
    pairs
}

fn is_page_of(url: &str, session: &Session) -> bool {
    let same = |a: &str, b: &str| a.trim_end_matches('/') == b.trim_end_matches('/');
    if session.url.as_deref().is_some_and(|own| same(own, url)) {
        return true;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    session.id.chars().count() >= SHORTEST_ID && last.eq_ignore_ascii_case(&session.id)
}

/// All pairs that are alike enough.
fn alike(cards: &[Card], sessions: &[Session]) -> Vec<Pair> {
    let titles: Vec<Title> = sessions.iter().map(|session| Title::new(&session.title)).collect();
    let mut pairs = Vec::new();
    for (note, card) in cards.iter().enumerate() {
        let own = Title::new(&card.title);
        for (session, (other, title)) in sessions.iter().zip(&titles).enumerate() {
            let like = own.like(title);
            let confidence = confidence(like, same_people(&card.speakers, &other.speakers));
            let days = card.day.as_ref().zip(other.day.as_ref());
            let days = days.map(|(a, b)| a.cmp(b));
            // The same talk on another day is another one.
            let confidence = match days {
                Some(Ordering::Less | Ordering::Greater) => confidence.saturating_sub(30),
                _ => confidence,
            };
            if confidence >= SURE {
                let same_day = days == Some(Ordering::Equal);
                pairs.push(Pair { confidence, same_day, note, session });
            }
        }
    }
    pairs
}

/// In percent. The same speaker gives few talks at one summit, so that little of the title will do; another
/// speaker asks for all of it.
fn confidence(like: f64, people: Option<bool>) -> u8 {
    let sure = match people {
        Some(true) if like >= 0.3 => 0.55 + 0.44 * like,
        Some(true) => 0.0,
        None => like.min(0.97),
        Some(false) => 0.8 * like,
    };
    // From 0 to 99, and no fraction is needed.
    percent(sure)
}

fn percent(share: f64) -> u8 {
    (0..=100).rev().find(|percent| f64::from(*percent) <= share * 100.0 + 1e-9).unwrap_or_default()
}
