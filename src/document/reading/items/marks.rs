//! What an item of a list says where it may be a talk.

use super::ItemMark;
use crate::document::dates::DayHeading;
use crate::document::markdown::inline::without_addresses;
use crate::document::markdown::line::indentation;
use crate::document::markdown::links::{self, FoundLink};
use crate::document::markdown::outline::Item;
use crate::document::parsed::Document;
use crate::document::reading::evidence::is_wordy;
use crate::document::reading::roles::Segment;
use crate::document::rules;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::seats;
use crate::document::speakers::{by_words, credits};
use crate::document::title::{self, Title};
use crate::document::words::{Label, words};

/// The items of a section that may be talks; where most of them name a speaker, or a `grouped` section
/// has notes under most, the others are talks, too, if they have a title.
pub(super) fn marks_of(document: &Document<'_>, items: &[Item], grouped: bool) -> Vec<ItemMark> {
    let marks: Vec<Option<ItemMark>> =
        items.iter().map(|item| item_mark(document, *item)).collect();
    let named = marks.iter().flatten().filter(|mark| !mark.credits.is_empty()).count();
    let most = named >= 2 && named * 3 >= items.len() * 2;
    let noted = items.iter().filter(|item| item.end > item.line + 1).count();
    let noted = grouped && noted >= 2 && noted * 3 >= items.len() * 2;
    let listed = |(mark, item): (Option<ItemMark>, &Item)| {
        let fits = |mark: &ItemMark| noted || is_wordy(&mark.title.text);
        let own = (most || noted).then(|| listed_mark(document, *item)).flatten();
        mark.or_else(|| own.filter(fits))
    };
    marks.into_iter().zip(items).filter_map(listed).collect()
}

/// Whether the items under a heading are talks: some link to pages of talks or name speakers.
pub(in crate::document) fn are_talks(document: &Document<'_>, segment: &Segment) -> bool {
    let items = document.outline.items(segment.body, segment.end);
    let marks = marks_of(document, &items, false);
    let told = marks.iter().filter(|mark| mark.has_page || !mark.credits.is_empty()).count();
    told >= 2 && told * 2 >= items.len()
}

/// The item of a list as a talk that neither links nor names a speaker.
fn listed_mark(document: &Document<'_>, item: Item) -> Option<ItemMark> {
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let title = title::undecorate(&text);
    let ends = text.ends_with(['.', '。', '！', ':', '：', ';', '?']);
    let none = ends || words().is_not_talk(&title.text) || words().is_placeholder(&title.text);
    let short = title.text.chars().count() <= 100;
    (!none && short).then(|| ItemMark {
        item,
        credits: seats::in_title(&title.text),
        title,
        link: None,
        rest: String::new(),
        is_listed: true,
        under_day: false,
        under_group: false,
        has_page: false,
        is_bare_link: false,
    })
}

/// The item of a list as a talk; `None` where it neither begins with a link nor names a speaker.
fn item_mark(document: &Document<'_>, item: Item) -> Option<ItemMark> {
    let mark = entry(document, item)?;
    let named = mark.credits.iter().any(|credit| {
        let placed = credit.seat.is_usual() || credit.seat == seats::Seat::Parenthesis;
        credit.people.likeness >= Likeness::Medium && placed
    });
    // `/abc` is a page of the site that the notes are written on, such as a HackMD note.
    let local = mark.link.as_ref().is_some_and(|link| {
        !link.url.contains("://")
            && (!link.url.starts_with('/') || link.url.contains('.') || document.has_targets)
    });
    // The file that it links to is the note, unless it is not there.
    let noted = local && (document.has_targets || !(named || is_wordy(&mark.title.text)));
    let is_bare_link = local && !named;
    let found = !noted && (mark.link.is_some() || named);
    found.then_some(ItemMark { is_bare_link, ..mark })
}

/// The item of a list as one of an index; `None` where it can be no talk.
pub(in crate::document::reading) fn entry(document: &Document<'_>, item: Item) -> Option<ItemMark> {
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let link = links::in_text(&text, &document.definitions).into_iter().next();
    let (title, rest) = match &link {
        Some(link) => around_link(&text, link)?,
        None => (title::undecorate(&text), String::new()),
    };
    let whole = title::undecorate(&text);
    if words().is_not_talk(&title.text)
        || words().is_placeholder(&title.text)
        || title.text.is_empty()
        || DayHeading::parse(&title::plain(&text)).is_some()
    {
        return None;
    }
    let line = if rest.is_empty() { &title.text } else { &whole.text };
    let mut credits = seats::in_title(line);
    credits.extend(by_words::behind_title(&rest));
    let nested = document.outline.lines.get(item.line + 1..item.end).unwrap_or_default();
    let mut labels = nested.iter().take(4).filter_map(|line| credits::labelled(line.text));
    if labels.any(|(label, _)| label == Label::Speakers) {
        credits.extend(credits::under(document, item.line + 1, item.end).credits);
    }
    rules::speakers::state(document, line, &mut credits);
    let has_page = link.as_ref().is_some_and(FoundLink::is_talk_page);
    let title =
        Title { kind: title.kind.or(whole.kind), medal: title.medal.or(whole.medal), ..title };
    Some(ItemMark {
        item,
        title,
        credits,
        link,
        rest,
        is_listed: false,
        under_day: false,
        under_group: false,
        has_page,
        is_bare_link: false,
    })
}

/// The first line of an item without its marker and check box.
pub(in crate::document::reading) fn item_text(line: &str) -> String {
    let (_, text) = indentation(line);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = text
        .strip_prefix(['*', '+', '-'])
        .or_else(|| number.strip_prefix(['.', ')']))
        .unwrap_or(text)
        .trim();
    let boxes = ["[ ] ", "[x] ", "[X] "];
    boxes.iter().find_map(|check| text.strip_prefix(check)).unwrap_or(text).to_owned()
}

/// The title in the first link of an item, with the decorations in front of it, and what stands
/// behind it; `None` where something else stands in front.
fn around_link(text: &str, link: &FoundLink) -> Option<(Title, String)> {
    let before: String = text.chars().take(link.column.saturating_sub(1)).collect();
    if link.text.is_empty() {
        return None;
    }
    let own = title::undecorate(&link.text);
    let title = title::undecorate(&format!("{before} {}", link.text));
    if title.text != own.text {
        return None;
    }
    let plain = without_addresses(text);
    let rest = plain.split_once(link.text.as_str()).map(|(_, rest)| rest).unwrap_or_default();
    let rest = rest.trim_start_matches([':', '：', '-', '–', ' ']).trim().to_owned();
    Some((title, rest))
}
