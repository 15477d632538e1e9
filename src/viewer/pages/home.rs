//! `/`: all summits, what is recommended, and the notes that belong to no summit.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;

use super::rows::{Glyph, Talk, seal_of};
use super::tags::{TagLine, counted};
use super::{Content, Setting};
use crate::api::{LinkKind, Medal};
use crate::viewer::address::PageId;
use crate::viewer::language::Language;
use crate::viewer::library::{Listed, PublishedNote, PublishedSummit};
use crate::viewer::seal::Seal;
use crate::viewer::words::Words;

/// Summits that have a card; the rest are lines.
const CARDS: usize = 6;
/// Talks that are recommended at most, and tags.
const RECOMMENDED: usize = 3;
const TAGS: usize = 24;
/// Ticks of a strip at most.
const TICKS: usize = 60;
/// Talks that fill a strip at least.
const FEW: usize = 16;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    l: Language,
    counts: String,
    recommended: Vec<Talk>,
    cards: Vec<Card>,
    lines: Vec<Card>,
    others: Vec<Talk>,
    tags: Vec<TagLine>,
    all_tags: usize,
}

/// A summit.
struct Card {
    href: String,
    seal: Seal,
    title: Words,
    dates: Option<String>,
    location: Option<Words>,
    namespace: Option<String>,
    counts: String,
    recommended: Option<String>,
    strip: Vec<Tick>,
    /// Of the strip; few talks do not become blocks.
    width: usize,
}

/// A talk on the strip of a summit.
pub(super) struct Tick {
    x: usize,
    height: u8,
    top: u8,
    class: &'static str,
}

pub fn content(setting: Setting<'_>) -> askama::Result<Content> {
    let Setting { site, shelf, language: l, .. } = setting;
    let mut summits: Vec<&PublishedSummit> = shelf.summits().collect();
    // Summits without a date come last, since the empty text is the smallest.
    summits.sort_by_key(|summit| {
        let document = summit.document();
        let date = document.start_date.as_deref().or(document.end_date.as_deref());
        (Reverse(date.unwrap_or_default()), &*document.title, summit.namespace())
    });
    let namespaces: BTreeSet<&str> = summits.iter().map(|summit| summit.namespace()).collect();
    let several = namespaces.len() > 1;
    let mut cards: Vec<Card> =
        summits.iter().map(|summit| card(setting, summit, several)).collect();
    let lines = cards.split_off(CARDS.min(cards.len()));
    let tags = counted(shelf.notes().map(|note| &*note.document().card.tags));
    let counts = l.list([
        Some(l.count("summit-count", summits.len())),
        Some(l.count("notes", shelf.notes().count())),
    ]);
    let page = Home {
        l,
        counts,
        recommended: recommended(setting),
        cards,
        lines,
        others: others(setting),
        all_tags: tags.len(),
        tags: tags.into_iter().take(TAGS).map(|tag| TagLine::new(tag, PageId::Tag)).collect(),
    };
    let description = l.say("home-description").to_owned();
    Ok(Content { description, ..Content::new(site, page.render()?) })
}

fn card(setting: Setting<'_>, summit: &PublishedSummit, with_namespace: bool) -> Card {
    let Setting { shelf, language: l, .. } = setting;
    let document = summit.document();
    let talks = shelf.listed(summit);
    let recommended = talks.iter().filter(|talk| talk.card().medal.is_some()).count();
    Card {
        href: summit.page().to_string(),
        seal: seal_of(summit),
        title: Words::guess(&document.title),
        dates: l.days(document.start_date.as_deref(), document.end_date.as_deref()),
        location: document.location.as_deref().map(Words::guess),
        namespace: with_namespace.then(|| summit.namespace().to_owned()),
        counts: counts(l, &talks),
        recommended: (recommended > 0)
            .then(|| l.with("recommended-count", &[("n", &recommended.to_string())])),
        strip: strip(&talks),
        width: talks.len().clamp(FEW, TICKS).saturating_mul(5),
    }
}

/// How many talks there are, and how many of them have notes.
pub(super) fn counts(l: Language, talks: &[Listed<'_>]) -> String {
    let written = talks.iter().filter(|talk| talk.is_written()).count();
    let with = if written == talks.len() && written > 0 {
        l.say("all-with-notes").to_owned()
    } else {
        l.with("with-notes", &[("n", &written.to_string())])
    };
    l.list([Some(l.count("talks", talks.len())), Some(with)])
}

/// One tick a talk, as high as what is written about it.
fn strip(talks: &[Listed<'_>]) -> Vec<Tick> {
    let tick = |(index, talk): (usize, &Listed<'_>)| {
        let coverage = talk.note().map(PublishedNote::coverage).unwrap_or_default();
        let glyph = Glyph::from(coverage);
        let height = glyph.own.height.max(glyph.shared.height).max(2);
        Tick {
            x: index.saturating_mul(5),
            height,
            top: 14_u8.saturating_sub(height),
            class: match talk.card().medal {
                Some(_) => "medal",
                None if glyph.is_empty => "none",
                None => "some",
            },
        }
    };
    talks.iter().take(TICKS).enumerate().map(tick).collect()
}

/// What authors recommend: the best medals, then the latest.
fn recommended(setting: Setting<'_>) -> Vec<Talk> {
    let Setting { shelf, language, .. } = setting;
    let mut notes: Vec<&PublishedNote> =
        shelf.notes().filter(|note| note.document().card.medal.is_some()).collect();
    notes.sort_by_key(|note| {
        let card = &note.document().card;
        let medal = match card.medal {
            Some(Medal::Gold) => 0,
            Some(Medal::Silver) => 1,
            _ => 2,
        };
        let poor = u8::from(!note.has_link(LinkKind::Slides) && note.coverage().is_empty());
        (medal, poor, Reverse(card.day.clone()), card.title.clone(), card.name.clone())
    });
    notes.truncate(RECOMMENDED);
    notes.into_iter().map(|note| Talk::with_place(language, shelf, note)).collect()
}

/// The notes on no agenda, the latest day first.
fn others(setting: Setting<'_>) -> Vec<Talk> {
    let Setting { shelf, language, .. } = setting;
    let mut notes: Vec<&PublishedNote> = shelf.notes_without_summit().collect();
    notes.sort_by_key(|note| {
        let card = &note.document().card;
        (Reverse(card.day.as_deref().unwrap_or_default()), &*card.title, &*card.name)
    });
    let talk = |note: &PublishedNote| Talk::new(language, &note.document().card, Some(note));
    notes.into_iter().map(talk).collect()
}
