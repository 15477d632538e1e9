//! What several pages show of a talk.

use url::Url;

use crate::api::{EventStatus, Link, Speaker};
use crate::render::Card;
use crate::viewer::dates;
use crate::viewer::words::{self, Words};

/// A talk as a row of a list or the head of a page.
pub struct Talk {
    pub href: Option<String>,
    pub title: Words,
    /// Whether it was in the programme and was not given.
    pub cancelled: bool,
    pub kind: Option<&'static str>,
    pub medal: Option<(&'static str, &'static str)>,
    pub speakers: Vec<SpeakerWords>,
    pub day: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub room: Option<Words>,
    pub track: Option<Words>,
    pub tags: Vec<Words>,
}

impl Talk {
    /// The talk of `card`, whose note is in `language` where that is known.
    pub fn new(card: &Card, language: Option<&str>) -> Self {
        let say = |text: &str| match language {
            Some(language) => Words::from_note(text, language),
            None => Words::guess(text),
        };
        Self {
            href: None,
            title: say(&card.title),
            cancelled: card.event_status == Some(EventStatus::Cancelled),
            kind: words::talk_kind(card.kind),
            medal: card.medal.map(words::medal),
            speakers: card.speakers.iter().map(|speaker| SpeakerWords::new(speaker, say)).collect(),
            day: card.day.as_deref().map(dates::day),
            start: card.start_time.clone(),
            end: card.end_time.clone(),
            room: card.room.as_deref().map(say),
            track: card.track.as_deref().map(say),
            tags: card.tags.iter().map(|tag| say(tag)).collect(),
        }
    }

    /// Whether there is something for the line of details.
    pub fn has_details(&self) -> bool {
        self.cancelled
            || self.kind.is_some()
            || self.medal.is_some()
            || self.room.is_some()
            || self.track.is_some()
    }
}

/// A speaker.
pub struct SpeakerWords {
    pub name: Words,
    pub alias: Option<Words>,
    pub organization: Option<Words>,
}

impl SpeakerWords {
    fn new(speaker: &Speaker, say: impl Fn(&str) -> Words) -> Self {
        Self {
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
    /// Where it leads, if the text does not say so.
    pub host: Option<String>,
}

/// The links that lead to http or https; a browser would run others in our page's name.
pub fn safe_links(links: &[Link]) -> Vec<SafeLink> {
    links.iter().filter_map(safe_link).collect()
}

fn safe_link(link: &Link) -> Option<SafeLink> {
    let url = Url::parse(&link.url).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str().map(str::to_owned);
    let title = link.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    Some(SafeLink {
        text: Words::guess(title.unwrap_or(&link.url)),
        kind: words::link_kind(link.kind),
        host: host.filter(|_| title.is_some()),
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
        let kept = safe_links(&urls.map(link));
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].href, "https://example.org/a%20b");
    }
}
