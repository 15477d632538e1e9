//! `feed.json`: JSON Feed 1.1, the same entries as Atom has.

use serde::Serialize;

use super::feed::{latest_first, summary, urn};
use super::{Card, Exported, clean};

#[derive(Serialize)]
struct File {
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<String>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    content_text: String,
    date_published: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

/// The talks, the latest first. Each of `parts` is of one summit.
pub fn json_feed(parts: &[Exported<'_>]) -> String {
    let file = File {
        version: "https://jsonfeed.org/version/1.1",
        title: clean(parts.first().map_or("", |part| part.title)),
        home_page_url: match parts {
            [one] => one.page.map(str::to_owned),
            _ => None,
        },
        items: latest_first(parts).into_iter().map(|(part, card)| item(part, card)).collect(),
    };
    super::super::publication::to_json(&file)
}

fn item(part: &Exported<'_>, card: &Card) -> Item {
    Item {
        id: urn(&part.uid(card)),
        url: part.page_of(card),
        title: clean(&card.title),
        content_text: summary(card),
        date_published: part.stamp(card).to_string(),
        authors: card.speakers.iter().map(|one| Author { name: clean(&one.name) }).collect(),
        tags: card.tags.iter().map(|tag| clean(tag)).collect(),
    }
}
