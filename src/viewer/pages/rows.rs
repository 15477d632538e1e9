//! What several pages show of a talk.

use url::Url;

use crate::api::{EventStatus, Link, Speaker, TalkKind};
use crate::render::{Card, digest_of};
use crate::viewer::address::Key;
use crate::viewer::language::Language;
use crate::viewer::library::{Coverage, Listed, PublishedNote, PublishedSummit, Shelf};
use crate::viewer::seal::Seal;
use crate::viewer::words::{self, Words};

/// A talk as a row of a list or the head of a page.
pub struct Talk {
    /// By what a browser remembers it, and by what it knows that the text is another one.
    pub mark: Option<Mark>,
    pub href: Option<String>,
    pub title: Words,
    /// Class of its size.
    pub size: &'static str,
    /// Whether it was in the programme and was not given.
    pub cancelled: bool,
    pub kind: Option<&'static str>,
    pub medal: Option<Medal>,
    pub speakers: Vec<SpeakerWords>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub room: Option<Words>,
    pub track: Option<Words>,
    pub tags: Vec<Words>,
    pub glyph: Glyph,
    /// How long it takes to read.
    pub minutes: Option<String>,
    pub excerpt: Option<Words>,
    /// Where it was given, on pages of several summits.
    pub place: Option<Place>,
    /// Where a note about it is begun.
    pub start_note: Option<String>,
}

/// A note as a reader's browser keeps it.
pub struct Mark {
    /// `namespace/summit/note`.
    pub talk: String,
    pub digest: String,
}

/// The author's recommendation.
pub struct Medal {
    pub class: &'static str,
    pub name: &'static str,
    pub letter: &'static str,
}

/// The summit of a talk that stands outside of it.
pub struct Place {
    pub seal: Seal,
    pub text: String,
}

/// How much is written, as two small pages.
#[derive(Clone, Copy)]
pub struct Glyph {
    pub own: Page,
    pub shared: Page,
    pub is_empty: bool,
}

/// One of them: how high it is filled, from which height on.
#[derive(Clone, Copy)]
pub struct Page {
    pub height: u8,
    pub top: u8,
}

impl From<Coverage> for Glyph {
    fn from(coverage: Coverage) -> Self {
        let page = |height: u8| Page { height, top: 13_u8.saturating_sub(height) };
        Self {
            own: page(coverage.own.height()),
            shared: page(coverage.shared.height()),
            is_empty: coverage.is_empty(),
        }
    }
}

impl Talk {
    /// The talk of `card`, with what is written about it.
    pub fn new(language: Language, card: &Card, note: Option<&PublishedNote>) -> Self {
        let say = |text: &str| match note {
            Some(note) => Words::from_note(text, &note.document().language),
            None => Words::guess(text),
        };
        let coverage = note.map(PublishedNote::coverage).unwrap_or_default();
        // Headings alone are no notes.
        let written = note.filter(|note| !note.coverage().is_empty());
        let minutes = written.map_or(0, |note| note.document().reading_minutes);
        let mark = |note: &PublishedNote| {
            // As addresses have it, with `-` for no summit.
            let talk = note.page().to_string().trim_start_matches('/').to_owned();
            Mark { talk, digest: note.digest().to_owned() }
        };
        Self {
            mark: note.map(mark),
            href: note.map(|note| note.page().to_string()),
            title: say(&card.title),
            size: match card.kind {
                Some(TalkKind::Keynote) => " keynote",
                Some(TalkKind::Lightning) => " lightning",
                _ => "",
            },
            cancelled: card.event_status == Some(EventStatus::Cancelled),
            kind: words::talk_kind(card.kind).map(|phrase| language.say(phrase)),
            medal: card.medal.map(|medal| {
                let (class, name, letter) = words::medal(medal);
                Medal { class, name: language.say(name), letter: language.say(letter) }
            }),
            speakers: card.speakers.iter().map(|speaker| SpeakerWords::new(speaker, say)).collect(),
            start: card.start_time.clone(),
            end: card.end_time.clone(),
            room: card.room.as_deref().map(say),
            track: card.track.as_deref().map(say),
            tags: card.tags.iter().map(|tag| say(tag)).collect(),
            glyph: coverage.into(),
            minutes: (minutes > 0)
                .then(|| language.count("minutes", usize::try_from(minutes).unwrap_or(usize::MAX))),
            excerpt: note
                .map(|note| &note.document().excerpt)
                .filter(|excerpt| !excerpt.is_empty())
                .map(|excerpt| say(excerpt)),
            place: None,
            start_note: None,
        }
    }

    /// A talk of an agenda.
    pub fn listed(language: Language, listed: Listed<'_>) -> Self {
        let talk = Self::new(language, listed.card(), listed.note());
        match listed {
            Listed::Note(_) => talk,
            Listed::Open(session) => Self { start_note: session.start_note.clone(), ..talk },
        }
    }

    /// The talk of a note, with the summit that it was given at.
    pub fn with_place(language: Language, shelf: &Shelf, note: &PublishedNote) -> Self {
        let document = note.document();
        let summit = document.summit.as_ref().map(|name| Key::new(note.namespace(), name));
        let summit = summit.and_then(|key| shelf.summit(&key));
        let day = document.card.day.as_deref().map(|day| language.short_day(day));
        let place = summit.map(|summit| Place {
            seal: seal_of(summit),
            text: language.list([Some(summit.document().title.clone()), day.clone()]),
        });
        Self { place, ..Self::new(language, &document.card, Some(note)) }
    }
}

/// The seal of a summit.
pub fn seal_of(summit: &PublishedSummit) -> Seal {
    let document = summit.document();
    let logo = document.logo.as_deref().filter(|logo| is_own_image(logo));
    Seal {
        logo: logo.map(|logo| format!("/{}/{logo}", summit.namespace())),
        ..Seal::new(&document.name, &document.title, document.color.as_deref())
    }
}

/// Whether this is the address of an image that we publish. Somebody else may have written the ConfigMap.
fn is_own_image(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or_default();
    address.split('/').count() == 3
        && !address.contains([':', '\\', '?', '#'])
        && digest_of(name).is_some()
}

/// A speaker.
pub struct SpeakerWords {
    pub href: String,
    pub name: Words,
    pub alias: Option<Words>,
    pub organization: Option<Words>,
}

impl SpeakerWords {
    fn new(speaker: &Speaker, say: impl Fn(&str) -> Words) -> Self {
        Self {
            href: super::people::page_of(speaker).to_string(),
            name: say(&speaker.name),
            alias: speaker.alias.as_deref().map(&say),
            organization: speaker.organization.as_deref().map(&say),
        }
    }
}

/// A link that is safe to follow.
pub struct SafeLink {
    pub href: String,
    pub text: Words,
    pub kind: &'static str,
    pub icon: &'static str,
    /// Where it leads, if the text does not say so.
    pub host: Option<String>,
}

/// The links that lead to http or https; a browser would run others in our page's name.
pub fn safe_links(language: Language, links: &[Link]) -> Vec<SafeLink> {
    links.iter().filter_map(|link| safe_link(language, link)).collect()
}

fn safe_link(language: Language, link: &Link) -> Option<SafeLink> {
    let url = Url::parse(&link.url).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str().map(str::to_owned);
    let title = link.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let (kind, icon) = words::link_kind(link.kind);
    let kind = language.say(kind);
    // A title that only says the kind, as most do, says nothing beside it.
    let title = match &host {
        Some(host) if title.is_some_and(|title| title.eq_ignore_ascii_case(kind)) => Some(&**host),
        _ => title,
    };
    Some(SafeLink {
        text: Words::guess(title.unwrap_or(&link.url)),
        host: host.clone().filter(|host| title.is_some_and(|title| title != host)),
        kind,
        icon,
        href: url.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_links_are_kept() {
        let link = |url: &str| Link { url: url.to_owned(), ..Link::default() };
        let urls =
            ["https://example.org/a b", "javascript:alert(1)", " JaVaScript:x", "data:,x", "/x"];
        let kept = safe_links(Language::default(), &urls.map(link));
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].href, "https://example.org/a%20b");
    }

    #[test]
    fn a_logo_is_one_of_our_images() {
        let digest = "0a".repeat(32);
        assert!(is_own_image(&format!("harbor/-/image-{digest}")));
        for address in ["", "x", "//evil.example/image-x", "harbor/-/image-x"] {
            assert!(!is_own_image(address), "{address}");
        }
        for address in [
            "//evil.example/image-D",
            "https://e/image-D",
            "a/../../image-D",
            "a/-/b/image-D",
            "a/-/image-D?x",
        ] {
            assert!(!is_own_image(&address.replace('D', &digest)), "{address}");
        }
    }
}
