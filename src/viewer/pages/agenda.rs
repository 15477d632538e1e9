//! `/{namespace}/{summit}`: the agenda of a summit, as a list or as a grid.

use askama::Template;

use super::filters::{Filters, matches};
use super::grid::{self, Grid};
use super::part::{Head, framed};
use super::rows::{SafeLink, Talk, safe_links};
use super::{Absent, Content, Setting};
use crate::api::{Link, TalkKind};
use crate::render::{SummitDocument, exports};
use crate::viewer::address::Key;
use crate::viewer::language::Language;
use crate::viewer::library::Listed;
use crate::viewer::words::{self, Words, language_of};

#[derive(Template)]
#[template(path = "agenda.html")]
struct Agenda<'a> {
    l: Language,
    head: Head,
    filters: Filters,
    days: Vec<Day>,
    is_empty: bool,
    overview: &'a str,
    overview_language: Option<&'static str>,
    direction: Option<&'static str>,
    links: Vec<SafeLink>,
}

/// A day of the agenda.
struct Day {
    id: String,
    heading: Words,
    /// Shorter, for the way to it.
    short: Words,
    facts: String,
    date: Option<String>,
    slots: Vec<Slot>,
    grid: Option<Grid>,
}

/// The talks that begin at one time.
struct Slot {
    start: Option<String>,
    end: Option<String>,
    /// From and to when one of its talks is given, where that is known: browsers say what is on now.
    span: Option<(String, String)>,
    /// Short talks one after another, each with its own time.
    are_quick: bool,
    talks: Vec<Talk>,
}

/// Lightning talks in a row from which on they stand together.
const QUICK: usize = 3;

pub fn content(setting: Setting<'_>, key: &Key) -> Result<Content, Absent> {
    let Setting { shelf, language: l, view, .. } = setting;
    let summit = shelf.summit(key).ok_or(Absent::Missing)?;
    let document = summit.document();
    let talks = shelf.listed(summit);
    let shown: Vec<Listed<'_>> =
        talks.iter().copied().filter(|talk| matches(view, *talk)).collect();
    let filters = Filters::new(l, view, &summit.page().to_string(), &talks, setting.files);
    let wants_grid = view.grid && filters.has_grid;
    let days = days(l, document, &talks, &shown, wants_grid);
    let grid = days.iter().any(|day| day.grid.is_some());
    let head = Head::new(setting, summit, &talks, None);
    let description =
        l.list([head.dates.clone(), document.location.clone(), Some(head.counts.clone())]);
    let page = Agenda {
        l,
        head,
        filters,
        is_empty: talks.is_empty(),
        days,
        overview: &document.overview_html,
        overview_language: language_of(&document.title),
        direction: document.direction.map(words::direction),
        links: links(l, document),
    };
    let main = page.render()?;
    let content = framed(l, summit, document.title.clone(), main);
    Ok(Content { description, grid, ..content })
}

fn links(l: Language, document: &SummitDocument) -> Vec<SafeLink> {
    let home = document.url.iter().map(|url| Link { url: url.clone(), ..Link::default() });
    let home = safe_links(l, &home.collect::<Vec<_>>());
    let home = home.into_iter().map(|link| SafeLink { kind: l.say("home-page"), ..link });
    home.chain(safe_links(l, &document.links)).collect()
}

/// The days of all notes with those that are shown. A day keeps its number when it shows less.
fn days(
    l: Language,
    summit: &SummitDocument,
    all: &[Listed<'_>],
    shown: &[Listed<'_>],
    grid: bool,
) -> Vec<Day> {
    fn day_of<'a>(talk: &Listed<'a>) -> Option<&'a String> {
        talk.card().day.as_ref()
    }
    let days: Vec<Option<&String>> =
        all.chunk_by(|a, b| day_of(a) == day_of(b)).map(|day| day_of(day.first()?)).collect();
    let dated = days.iter().flatten().count();
    shown
        .chunk_by(|a, b| day_of(a) == day_of(b))
        .filter_map(|talks| {
            let day = day_of(talks.first()?);
            let number = days.iter().position(|known| *known == day)?.saturating_add(1);
            let (heading, short) = headings(l, day, number, dated);
            let weekday = day.and_then(|day| l.weekday(day)).filter(|_| dated > 1);
            Some(Day {
                id: format!("day-{number}"),
                heading,
                short,
                facts: l.list([weekday.map(str::to_owned), Some(super::home::counts(l, talks))]),
                date: day.filter(|_| dated > 1).map(|day| l.short_day(day)),
                slots: slots(l, summit, talks),
                grid: grid.then(|| grid::of(l, talks)).flatten(),
            })
        })
        .collect()
}

fn headings(l: Language, day: Option<&String>, number: usize, dated: usize) -> (Words, Words) {
    let own = |text: String| Words { text, lang: None };
    match day {
        Some(day) if day.parse::<jiff::civil::Date>().is_err() => {
            (Words::guess(day), Words::guess(day))
        }
        Some(day) if dated == 1 => (own(l.day_and_weekday(day)), own(l.short_day(day))),
        Some(_) => {
            let text = l.with("day-number", &[("n", &number_word(l, number))]);
            (own(text.clone()), own(text))
        }
        None if dated == 0 => (own(l.say("talks").into()), own(l.say("talks").into())),
        None => (own(l.say("day-not-given").into()), own(l.say("day-not-given").into())),
    }
}

/// Chinese counts days in its own numbers, as far as people do.
fn number_word(l: Language, number: usize) -> String {
    let chinese = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let word = number.checked_sub(1).and_then(|index| chinese.get(index));
    word.filter(|_| l.tag().starts_with("zh"))
        .map_or_else(|| number.to_string(), ToString::to_string)
}

fn slots(l: Language, summit: &SummitDocument, talks: &[Listed<'_>]) -> Vec<Slot> {
    let start = |talk: &Listed<'_>| talk.card().start_time.clone();
    talks
        .chunk_by(|a, b| start(a) == start(b) || (is_lightning(a) && is_lightning(b)))
        .flat_map(|run| {
            // A few short talks in a row stand together; others stand by their times.
            let are_quick = run.len() >= QUICK && run.iter().all(is_lightning);
            let slots = run.chunk_by(move |a, b| are_quick || start(a) == start(b));
            slots.map(move |talks| slot(l, summit, talks, are_quick))
        })
        .collect()
}

fn is_lightning(talk: &Listed<'_>) -> bool {
    talk.card().kind == Some(TalkKind::Lightning) && talk.card().start_time.is_some()
}

fn slot(l: Language, summit: &SummitDocument, talks: &[Listed<'_>], are_quick: bool) -> Slot {
    let spans = talks.iter().filter_map(|talk| exports::instants(summit, talk.card()));
    let span = spans.reduce(|[from, to], [other, end]| [from.min(other), to.max(end)]);
    let talks: Vec<Talk> = talks.iter().map(|talk| Talk::listed(l, *talk)).collect();
    // What most of them end at is said once.
    let last = if are_quick { talks.last() } else { talks.first() };
    Slot {
        start: talks.first().and_then(|talk| talk.start.clone()),
        end: last.and_then(|talk| talk.end.clone()),
        span: span.map(|[from, to]| (from, to)),
        are_quick,
        talks,
    }
}
