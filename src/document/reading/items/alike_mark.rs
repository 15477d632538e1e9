//! What an item says that is built as most of its list are.

use super::alike::{Alike, Entry};
use super::shape::{Reading, Shape};
use super::{ItemMark, item_text, people};
use crate::document::dates::DayHeading;
use crate::document::markdown::links::{self, FoundLink};
use crate::document::markdown::outline::Item;
use crate::document::parsed::Document;
use crate::document::rules;
use crate::document::speakers::in_title;
use crate::document::speakers::seats::{Credit, Seat};
use crate::document::title::{self, Title};
use crate::document::words::words;

/// An item that is built as most around it; `None` where the file that it links to is the note.
pub(super) fn alike_mark(document: &Document<'_>, item: Item, alike: &Alike) -> Option<ItemMark> {
    let Entry { reading, end, is_told } =
        alike.get(item).filter(|_| !document.targets.contains(&item.line))?;
    let item = Item { end: item.end.max(*end), ..item };
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let links = links::in_text(&text, &document.definitions);
    let whole = title::undecorate(&text);
    let title = title_of(reading);
    if words().is_not_talk(&title.text)
        || words().is_placeholder(&title.text)
        || title.text.is_empty()
        || DayHeading::parse(&title.text).is_some()
    {
        return None;
    }
    let named = reading.people.clone();
    let mut credits: Vec<Credit> =
        named.map(|(seat, people)| Credit { seat, title: None, people }).into_iter().collect();
    if credits.is_empty() {
        credits = in_title::credits(&title.text);
        // Of titles that nobody stands beside, a colon parts two halves.
        credits.retain(|credit| credit.seat != Seat::BeforeColon);
        credits.extend(people::below(document, item));
    }
    rules::speakers::state(document, &whole.text, &mut credits);
    let own = |link: &FoundLink| {
        !link.text.is_empty() && title::undecorate(&link.text).text == title.text
    };
    let link = links.into_iter().find(own);
    Some(ItemMark {
        item,
        has_page: link.as_ref().is_some_and(FoundLink::is_talk_page),
        title: Title {
            kind: title.kind.or(whole.kind),
            medal: title.medal.or(whole.medal),
            room: title.room.clone().or(whole.room),
            start_time: title.start_time.clone().or(whole.start_time),
            end_time: title.end_time.clone().or(whole.end_time),
            ..title
        },
        credits,
        link,
        rest: reading.rest.replace("[[", "").replace("]]", ""),
        is_listed: matches!(reading.shape, Shape::Alone | Shape::Titled | Shape::Prose),
        is_alike: true,
        is_told: *is_told,
        under_day: false,
        under_group: false,
        is_bare_link: false,
    })
}

/// The title of a line without its decorations and the marks of links.
fn title_of(reading: &Reading) -> Title {
    let text = reading.title.replace("[[", "").replace("]]", "").replace("\\\"", "\"");
    title::undecorate(text.trim().trim_end_matches([',', '，']))
}
