//! `/-/speakers`: who spoke, one page a person across summits.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::tags::{Year, by_year};
use super::{Absent, Content, Crumb, Setting};
use crate::api::Speaker;
use crate::viewer::address::PageId;
use crate::viewer::language::Language;
use crate::viewer::library::PublishedNote;
use crate::viewer::words::Words;

/// What a person is found by: the name without what differs from programme to programme.
pub fn slug(name: &str) -> String {
    let name = name.to_lowercase();
    name.split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// The page of a speaker.
pub fn page_of(speaker: &Speaker) -> PageId {
    PageId::Speaker(slug(&speaker.name))
}

/// A person with what is known of them.
#[derive(Default)]
struct Person<'a> {
    names: BTreeMap<&'a str, usize>,
    aliases: BTreeSet<&'a str>,
    organizations: BTreeMap<&'a str, usize>,
    notes: Vec<&'a PublishedNote>,
}

impl<'a> Person<'a> {
    fn add(&mut self, speaker: &'a Speaker, note: &'a PublishedNote) {
        count(&mut self.names, &speaker.name);
        self.aliases.extend(speaker.alias.as_deref());
        speaker.organization.iter().for_each(|name| count(&mut self.organizations, name));
        let is_new = self.notes.last().is_none_or(|last| last.key() != note.key());
        self.notes.extend(is_new.then_some(note));
    }

    fn join(&mut self, other: Person<'a>) {
        other.names.iter().for_each(|(name, _)| count(&mut self.names, name));
        self.aliases.extend(other.aliases);
        other.organizations.iter().for_each(|(name, _)| count(&mut self.organizations, name));
        self.notes.extend(other.notes);
    }

    /// As most programmes have it.
    fn name(&self) -> &'a str {
        most(&self.names).unwrap_or_default()
    }
}

fn count<'a>(counts: &mut BTreeMap<&'a str, usize>, name: &'a str) {
    let count = counts.entry(name).or_default();
    *count = count.saturating_add(1);
}

fn most<'a>(counts: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    counts.iter().max_by_key(|(_, count)| **count).map(|(name, _)| *name)
}

/// Everybody who spoke in `notes`, by slug. Who is listed by a full name that another has as an alias is
/// that person; one word alone is no proof.
fn people<'a>(notes: impl Iterator<Item = &'a PublishedNote>) -> BTreeMap<String, Person<'a>> {
    let mut people: BTreeMap<String, Person<'a>> = BTreeMap::new();
    for note in notes {
        for speaker in &note.document().card.speakers {
            people.entry(slug(&speaker.name)).or_default().add(speaker, note);
        }
    }
    let full: Vec<(String, String)> = people
        .iter()
        .flat_map(|(own, person)| {
            person.aliases.iter().map(move |alias| (slug(alias), own.clone()))
        })
        .filter(|(alias, own)| alias.contains('-') && alias != own)
        .collect();
    for (alias, own) in full {
        if let Some(other) = people.remove(&alias) {
            people.entry(own).or_default().join(other);
        }
    }
    people
}

/// A line of the list.
pub struct PersonLine {
    pub href: String,
    pub name: Words,
    pub aliases: Vec<Words>,
    pub organization: Option<Words>,
    pub talks: String,
}

/// The lines of those who spoke in `notes`.
pub fn lines<'a>(
    language: Language,
    notes: impl Iterator<Item = &'a PublishedNote>,
) -> Vec<PersonLine> {
    let mut lines: Vec<(usize, PersonLine)> = people(notes)
        .into_iter()
        .map(|(slug, person)| {
            let line = PersonLine {
                href: PageId::Speaker(slug).to_string(),
                name: Words::guess(person.name()),
                aliases: person.aliases.iter().map(|alias| Words::guess(alias)).collect(),
                organization: most(&person.organizations).map(Words::guess),
                talks: language.count("talks", person.notes.len()),
            };
            (person.notes.len(), line)
        })
        .collect();
    lines.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.text.cmp(&b.1.name.text)));
    lines.into_iter().map(|(_, line)| line).collect()
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    l: Language,
    people: Vec<PersonLine>,
}

pub fn all(setting: Setting<'_>) -> Result<Content, Absent> {
    let l = setting.language;
    let people = lines(l, setting.shelf.notes());
    Ok(Content::new(l.say("speakers"), People { l, people }.render()?))
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    l: Language,
    name: Words,
    aliases: Vec<Words>,
    organizations: Vec<Words>,
    also: Option<String>,
    talks: String,
    summits: String,
    calendar: String,
    feed: String,
    years: Vec<Year>,
    with: Vec<PersonLine>,
}

/// The notes of the talks that a person gave, with the person's name.
pub fn notes_of<'a>(
    notes: impl Iterator<Item = &'a PublishedNote>,
    name: &str,
) -> Option<(String, Vec<&'a PublishedNote>)> {
    people(notes).remove(&slug(name)).map(|person| (person.name().to_owned(), person.notes))
}

pub fn one(setting: Setting<'_>, asked: &str) -> Result<Content, Absent> {
    let Setting { shelf, language: l, .. } = setting;
    let mut people = people(shelf.notes());
    let wanted = slug(asked);
    let Some(person) = people.remove(&wanted) else {
        // Somebody who is known by another name by now.
        let known = people
            .into_iter()
            .find(|(_, person)| person.names.keys().any(|name| slug(name) == wanted));
        let (slug, _) = known.ok_or(Absent::Missing)?;
        return Err(Absent::Moved(PageId::Speaker(slug)));
    };
    let name = person.name();
    let others: Vec<&str> = person.names.keys().copied().filter(|other| *other != name).collect();
    let summits: BTreeSet<_> =
        person.notes.iter().map(|n| (n.namespace(), &n.document().summit)).collect();
    let mut with: Vec<PersonLine> = lines(l, person.notes.iter().copied());
    let own = PageId::Speaker(wanted.clone()).to_string();
    with.retain(|line| line.href != own);
    let page = PersonPage {
        l,
        name: Words::guess(name),
        aliases: person.aliases.iter().map(|alias| Words::guess(alias)).collect(),
        organizations: person.organizations.keys().map(|name| Words::guess(name)).collect(),
        also: (!others.is_empty())
            .then(|| l.with("also-written", &[("names", &others.join("、"))])),
        talks: l.count("talks", person.notes.len()),
        summits: l.count("summit-count", summits.len()),
        calendar: format!("{own}/calendar.ics"),
        feed: format!("{own}/feed.xml"),
        years: by_year(setting, person.notes.clone()),
        with,
    };
    let title = name.to_owned();
    Ok(Content {
        crumbs: vec![Crumb::new(PageId::Speakers, l.say("speakers"))],
        ..Content::new(title, page.render()?)
    })
}
