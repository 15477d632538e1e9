//! `/{namespace}/{summit}`: the agenda of a summit.

use askama::Template;

use super::talk::{SafeLink, Talk, safe_links};
use super::{Absent, Content, count_notes};
use crate::api::Link;
use crate::render::{Card, SummitDocument};
use crate::viewer::address::Key;
use crate::viewer::dates;
use crate::viewer::library::{PublishedSummit, Shelf};
use crate::viewer::words::{self, Words, language_of};

#[derive(Template)]
#[template(path = "summit.html")]
struct SummitPage<'a> {
    title: Words,
    dates: Option<String>,
    location: Option<Words>,
    notes: String,
    time_zone: Option<&'a str>,
    tags: Vec<Words>,
    links: Vec<SafeLink>,
    overview: &'a str,
    language: Option<&'static str>,
    direction: Option<&'static str>,
    days: Vec<Day>,
}

struct Day {
    heading: Words,
    has_times: bool,
    talks: Vec<Talk>,
}

pub fn content(shelf: &Shelf, key: &Key) -> Result<Content, Absent> {
    let summit = shelf.summit(key).ok_or(Absent::Missing)?;
    let document = summit.document();
    let agenda: Vec<&Card> = shelf.agenda(summit).collect();
    let language = language_of_summit(&document.title, &agenda);
    let dates = dates::range(document.start_date.as_deref(), document.end_date.as_deref());
    let notes = count_notes(agenda.len());
    let page = SummitPage {
        title: Words::guess(&document.title),
        location: document.location.as_deref().map(Words::guess),
        time_zone: document.time_zone.as_deref(),
        tags: document.tags.iter().map(|tag| Words::guess(tag)).collect(),
        links: links(document),
        overview: &document.overview_html,
        days: days(shelf, summit, &agenda, language),
        notes: notes.clone(),
        dates: dates.clone(),
        language,
        direction: document.direction.map(words::direction),
    };
    let about = [dates, document.location.clone(), Some(notes)];
    Ok(Content {
        title: document.title.clone(),
        description: about.into_iter().flatten().collect::<Vec<_>>().join(", "),
        robots: words::robots(&document.robots),
        main: page.render()?,
    })
}

/// The language of most titles: a summit has none of its own.
fn language_of_summit(title: &str, agenda: &[&Card]) -> Option<&'static str> {
    let titles = agenda.iter().map(|card| &*card.title);
    let found: Vec<&str> = titles.filter_map(language_of).collect();
    if found.len().saturating_mul(2) <= agenda.len() {
        return language_of(title);
    }
    ["zh-Hant", "ja", "ko"]
        .into_iter()
        .max_by_key(|language| found.iter().filter(|found| *found == language).count())
}

fn links(document: &SummitDocument) -> Vec<SafeLink> {
    let home = document.url.iter().map(|url| Link { url: url.clone(), ..Link::default() });
    let home = safe_links(&home.collect::<Vec<_>>());
    let home = home.into_iter().map(|link| SafeLink { kind: "Home page", ..link });
    home.chain(safe_links(&document.links)).collect()
}

fn days(
    shelf: &Shelf,
    summit: &PublishedSummit,
    agenda: &[&Card],
    language: Option<&str>,
) -> Vec<Day> {
    let day = |cards: &[&Card]| Day {
        heading: match cards.first().and_then(|card| card.day.as_deref()) {
            Some(day) => dates::heading(day, language),
            None if cards.len() == agenda.len() => Words::guess("Talks"),
            None => Words::guess("Day not given"),
        },
        has_times: cards.iter().any(|card| card.start_time.is_some()),
        talks: cards.iter().map(|card| talk(shelf, summit, card)).collect(),
    };
    agenda.chunk_by(|a, b| a.day == b.day).map(day).collect()
}

/// The row of a card.
fn talk(shelf: &Shelf, summit: &PublishedSummit, card: &Card) -> Talk {
    let note = shelf.note(&Key::new(summit.namespace(), &card.name));
    let language = note.map(|note| &*note.document.language);
    Talk { href: note.map(|note| note.page().to_string()), day: None, ..Talk::new(card, language) }
}
