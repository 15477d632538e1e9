//! `feed.xml`: Atom (RFC 4287), one entry a talk.

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use uuid::Uuid;

use super::{Card, Exported, clean};

/// The talks, the latest first. Each of `parts` is of one summit; a person's talks may be of several.
pub fn feed(parts: &[Exported<'_>]) -> String {
    let talks = latest_first(parts);
    let title = clean(parts.first().map_or("", |part| part.title));
    let name = parts.first().map_or("", |part| &*part.summit.name);
    let feed = Feed {
        id: urn(&format!("{name}#{title}")),
        updated: talks.first().map(|(part, card)| updated(part, card)).unwrap_or_default(),
        authors: vec![Person { name: title.clone(), ..Person::default() }],
        title: Text::plain(title),
        generator: Some(Generator { value: "TalkNotes".to_owned(), ..Generator::default() }),
        links: match parts {
            [one] => one.page.map(|page| link(page.to_owned())).into_iter().collect(),
            _ => Vec::new(),
        },
        entries: talks.into_iter().map(|(part, card)| entry(part, card)).collect(),
        ..Feed::default()
    };
    feed.to_string()
}

/// The talks of all parts.
pub(super) fn latest_first<'a>(parts: &'a [Exported<'a>]) -> Vec<(&'a Exported<'a>, &'a Card)> {
    let mut talks: Vec<(&Exported<'_>, &Card)> =
        parts.iter().flat_map(|part| part.cards.iter().map(move |card| (part, *card))).collect();
    talks.sort_by_key(|(part, card)| (std::cmp::Reverse(part.stamp(card)), card.name.clone()));
    talks
}

/// When and where, in one line.
pub(super) fn summary(card: &Card) -> String {
    let facts = [&card.day, &card.start_time, &card.room, &card.track];
    facts.into_iter().flatten().map(|fact| clean(fact)).collect::<Vec<_>>().join(", ")
}

fn entry(exported: &Exported<'_>, card: &Card) -> Entry {
    let name = |name: &String| Person { name: clean(name), ..Person::default() };
    Entry {
        id: urn(&exported.uid(card)),
        title: Text::plain(clean(&card.title)),
        updated: updated(exported, card),
        authors: card.speakers.iter().map(|speaker| name(&speaker.name)).collect(),
        categories: card
            .tags
            .iter()
            .map(|tag| Category { term: clean(tag), ..Category::default() })
            .collect(),
        links: exported.page_of(card).map(link).into_iter().collect(),
        summary: Some(Text::plain(summary(card))),
        ..Entry::default()
    }
}

fn link(href: String) -> Link {
    Link { href, rel: "alternate".to_owned(), ..Link::default() }
}

fn updated(exported: &Exported<'_>, card: &Card) -> FixedDateTime {
    let text = exported.stamp(card).to_string();
    text.parse().unwrap_or_default()
}

pub(super) fn urn(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).urn().to_string()
}
