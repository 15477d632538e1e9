//! What all pages about a summit have: its head, and the way to its other pages.

use askama::Template;

use super::home::counts;
use super::people::lines;
use super::rows::seal_of;
use super::tags::{TagLine, counted};
use super::{Absent, Content, Crumb, Setting, coverage, mind_map, subscribe};
use crate::api::FeatureName;
use crate::viewer::address::{Key, PageId, Part};
use crate::viewer::language::Language;
use crate::viewer::library::{Listed, PublishedNote, PublishedSummit, Shelf};
use crate::viewer::seal::Seal;
use crate::viewer::view::View;
use crate::viewer::words::{self, Words};

/// The head of a summit's pages.
pub struct Head {
    pub seal: Seal,
    pub title: Words,
    pub dates: Option<String>,
    pub location: Option<Words>,
    pub zone: Option<String>,
    pub counts: String,
    pub tabs: Vec<Tab>,
}

/// The way to one of its pages.
pub struct Tab {
    pub href: String,
    pub text: &'static str,
    pub count: Option<usize>,
    pub current: bool,
}

/// The notes of a summit's agenda, in its order.
pub fn notes_of<'a>(shelf: &'a Shelf, summit: &'a PublishedSummit) -> Vec<&'a PublishedNote> {
    let note = |name: &str| shelf.note(&Key::new(summit.namespace(), name));
    shelf.agenda(summit).filter_map(|card| note(&card.name)).collect()
}

impl Head {
    /// Of `summit`, above its page `current`; none is the agenda.
    pub fn new(
        setting: Setting<'_>,
        summit: &PublishedSummit,
        talks: &[Listed<'_>],
        current: Option<Part>,
    ) -> Self {
        let l = setting.language;
        let notes: Vec<&PublishedNote> = talks.iter().filter_map(|talk| talk.note()).collect();
        let document = summit.document();
        let speakers = lines(l, notes.iter().copied()).len();
        let tags = counted(notes.iter().map(|note| &*note.document().card.tags)).len();
        let written = notes.iter().filter(|note| !note.coverage().is_empty()).count();
        let tab = |part: Option<Part>, text: &'static str, count: Option<usize>| Tab {
            href: match part {
                Some(part) => PageId::Part(summit.key(), part).to_string(),
                None => summit.page().to_string(),
            },
            text: l.say(text),
            count,
            current: part == current,
        };
        let has_map = setting.features.has(FeatureName::MindMap);
        let tabs = [
            Some(tab(None, "agenda", Some(talks.len()))),
            Some(tab(Some(Part::Speakers), "speakers", Some(speakers))),
            Some(tab(Some(Part::Tags), "tags", Some(tags))),
            has_map.then(|| tab(Some(Part::MindMap), "mind-map", None)),
            Some(tab(Some(Part::Coverage), "coverage", Some(written))),
            Some(tab(Some(Part::Subscribe), "subscribe", None)),
        ];
        let zone = document.time_zone.as_deref();
        Self {
            seal: seal_of(summit),
            title: Words::guess(&document.title),
            dates: l.days(document.start_date.as_deref(), document.end_date.as_deref()),
            location: document.location.as_deref().map(Words::guess),
            zone: zone.map(|zone| l.with("times-in", &[("zone", zone)])),
            counts: counts(l, talks),
            tabs: tabs
                .into_iter()
                .flatten()
                .filter(|tab| tab.count != Some(0) || tab.current)
                .collect(),
        }
    }
}

/// What frames a page about a summit.
pub fn framed(l: Language, summit: &PublishedSummit, title: String, main: String) -> Content {
    let document = summit.document();
    let key = summit.key();
    Content {
        robots: words::robots(&document.robots),
        hue: seal_of(summit).hue,
        crumbs: vec![Crumb::new("/", l.say("summits"))],
        scope: Some(format!("{}/{}", key.namespace, key.name)),
        banner: document.banner.clone(),
        feed: !document.unlisted,
        ..Content::new(title, main)
    }
}

/// `/{namespace}/{summit}/-/{part}`.
pub fn content(setting: Setting<'_>, key: &Key, part: Part) -> Result<Content, Absent> {
    let Setting { shelf, language: l, .. } = setting;
    let summit = shelf.summit(key).ok_or(Absent::Missing)?;
    let notes = notes_of(shelf, summit);
    let talks = shelf.listed(summit);
    let head = Head::new(setting, summit, &talks, Some(part));
    let (phrase, main) = match part {
        Part::Speakers => {
            let people = lines(l, notes.iter().copied());
            ("speakers", Speakers { l, head, people }.render()?)
        }
        Part::Tags => ("tags", Tags { l, head, tags: tags(summit, &notes) }.render()?),
        Part::MindMap => ("mind-map", mind_map::of_summit(l, head, summit, &notes)?),
        Part::Coverage => ("coverage", coverage::main(l, head, summit, &talks)?),
        Part::Subscribe => ("subscribe", subscribe::main(l, head, summit)?),
    };
    let title = format!("{}: {}", l.say(phrase), summit.document().title);
    let mut content = framed(l, summit, title, main);
    content.crumbs.push(Crumb::new(summit.page(), &summit.document().title));
    Ok(content)
}

#[derive(Template)]
#[template(path = "summit-speakers.html")]
struct Speakers {
    l: Language,
    head: Head,
    people: Vec<super::people::PersonLine>,
}

#[derive(Template)]
#[template(path = "summit-tags.html")]
struct Tags {
    l: Language,
    head: Head,
    tags: Vec<TagLine>,
}

/// The tags of a summit lead to its agenda.
fn tags(summit: &PublishedSummit, notes: &[&PublishedNote]) -> Vec<TagLine> {
    let agenda = summit.page().to_string();
    let to = |tag: String| View { tag: Some(tag), ..View::default() }.address(&agenda);
    let tags = counted(notes.iter().map(|note| &*note.document().card.tags));
    tags.into_iter().map(|tag| TagLine::new(tag, to)).collect()
}
