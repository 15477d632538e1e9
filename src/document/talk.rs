//! A heading or a list item becomes the spec of a note.

use jiff::civil::Date;

use super::codes::Code;
use super::inline::without_addresses;
use super::limits::MAX_LINKS;
use super::links::{self, FoundLink};
use super::outline::Item;
use super::parsed::Document;
use super::reading::Segment;
use super::report::{Place, Report};
use super::scanner::indentation;
use super::speakers::{self, Likeness};
use super::title;
use crate::api::{Link, LinkKind, Speaker, TalkKind, TalkNoteSpec};

/// A talk with the line that it begins in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Talk {
    pub spec: TalkNoteSpec,
    pub line: usize,
}

/// What is known of how a document writes its headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Convention {
    /// Speakers stand behind titles.
    Speakers,
    /// Nothing.
    Unknown,
}

/// The talk under a heading; `None`, with a diagnostic, where the heading has no title.
pub(super) fn from_heading(
    document: &Document<'_>,
    segment: &Segment,
    convention: Convention,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let heading = document.outline.headings.get(segment.heading?)?;
    let place = Place::line(document.line(heading.line));
    let decorated = title::undecorate(&heading.text);
    let (title, speakers) = part(&decorated.text, convention, place, report);
    if title.is_empty() {
        report.at(Code::EmptyTitle, place, "this heading has no title; give the talk one");
        return None;
    }
    let mut collected = links::in_text(&heading.text, &document.definitions);
    collected.iter_mut().for_each(|link| link.line = heading.line);
    collected.extend(found_links(document, segment.body, segment.end));
    let markdown = with_definitions(document.outline.slice(segment.body, segment.end), document);
    if markdown.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = TalkNoteSpec {
        title,
        speakers,
        kind: decorated.kind,
        medal: decorated.medal,
        day: day.map(|day| day.to_string()),
        links: typed(document, collected, report),
        markdown: Some(markdown),
        ..TalkNoteSpec::default()
    };
    Some(Talk { spec, line: place.line })
}

/// The talk that an item of a list is about; `None` where it is about none.
pub(super) fn from_item(
    document: &Document<'_>,
    item: Item,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let place = Place::line(document.line(item.line));
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let own = links::in_text(&text, &document.definitions).into_iter().next();
    let decorated = title::undecorate(&text);
    let (head, rest) = match &own {
        Some(link) => around_link(&text, link)?,
        None => (text.clone(), String::new()),
    };
    let link_title = title::undecorate(&head);
    let (mut title, mut speakers) = (link_title.text.clone(), Vec::new());
    let mut rest = rest;
    if let Some(parted) =
        speakers::part(&decorated.text).filter(|parted| parted.likeness == Likeness::Strong)
    {
        (title, speakers) = (parted.title, parted.speakers);
        rest = String::new();
    } else if own.is_none() {
        return None;
    }
    let found = found_links(document, item.line, item.end);
    let mut links = typed(document, found, report);
    let page = own.as_ref().and_then(|own| links.iter_mut().find(|link| link.url == own.url));
    let page_kind = page.and_then(|page| {
        page.title = Some(title.clone());
        page.kind
    });
    let by_page = (page_kind == Some(LinkKind::Workshop)).then_some(TalkKind::Workshop);
    let spec = TalkNoteSpec {
        title,
        speakers,
        kind: link_title.kind.or(decorated.kind).or(by_page),
        medal: link_title.medal.or(decorated.medal),
        day: day.map(|day| day.to_string()),
        links,
        markdown: Some(with_definitions(&item_body(document, item, &rest), document)),
        ..TalkNoteSpec::default()
    };
    (!spec.title.is_empty()).then_some(Talk { spec, line: place.line })
}

/// The title and the speakers behind it, where they are speakers.
pub(super) fn part(
    text: &str,
    convention: Convention,
    place: Place,
    report: &mut Report,
) -> (String, Vec<Speaker>) {
    let sure = |likeness| match convention {
        Convention::Speakers => likeness >= Likeness::Weak,
        Convention::Unknown => likeness == Likeness::Strong,
    };
    let Some(parted) = speakers::part(text) else {
        return (text.to_owned(), Vec::new());
    };
    if parted.personal_data {
        report.at(
            Code::PersonalData,
            place,
            "an e-mail address or phone number stands beside the speaker; it is not copied, remove it \
             if it is not meant to be public",
        );
    }
    if sure(parted.likeness) || (parted.personal_data && parted.speakers.is_empty()) {
        (parted.title, parted.speakers)
    } else {
        (text.to_owned(), Vec::new())
    }
}

/// The links between two lines, each with the index of its line.
pub(super) fn found_links(document: &Document<'_>, from: usize, to: usize) -> Vec<FoundLink> {
    links::in_lines(&document.outline, from, to, &document.definitions)
}

/// Links as the schema has them. Signed ones are reported, without their address, and left out.
pub(super) fn typed(
    document: &Document<'_>,
    found: Vec<FoundLink>,
    report: &mut Report,
) -> Vec<Link> {
    let mut links = Vec::new();
    for link in found {
        if link.is_signed() {
            let place = Place { line: document.line(link.line), column: link.column };
            report.at(
                Code::SignedLink,
                place,
                "this link carries a signature, a credential or an expiry; it is left out of the links \
                 but still stands in the text: replace it with a public one",
            );
        } else if let Some(link) = link.to_link().filter(|_| links.len() <= MAX_LINKS) {
            links::add(&mut links, link);
        }
    }
    links
}

/// `text` with the definitions of references that stand elsewhere in the document.
pub(super) fn with_definitions(text: &str, document: &Document<'_>) -> String {
    let missing = links::missing_definitions(text, &document.definitions);
    if missing.is_empty() { text.to_owned() } else { format!("{text}\n\n{}", missing.join("\n")) }
}

/// The first line of an item without its marker and check box.
fn item_text(line: &str) -> String {
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

/// What an item says up to the end of its first link, and behind it; `None` where the item does not
/// begin with the link.
fn around_link(text: &str, link: &FoundLink) -> Option<(String, String)> {
    let before: String = text.chars().take(link.column.saturating_sub(1)).collect();
    if before.chars().any(char::is_alphanumeric) || link.text.is_empty() {
        return None;
    }
    let plain = without_addresses(text);
    let rest = plain.split_once(link.text.as_str()).map(|(_, rest)| rest).unwrap_or_default();
    let rest = rest.trim_start_matches([':', '：', '-', '–', ' ']).trim().to_owned();
    Some((format!("{before}{}", link.text), rest))
}

/// What stands behind the title of an item and under it, moved to the left so that it is Markdown of
/// its own.
fn item_body(document: &Document<'_>, item: Item, rest: &str) -> String {
    let nested = document.outline.lines.iter().take(item.end).skip(item.line + 1);
    let nested: Vec<&str> = nested.map(|line| moved_left(line.text, item.content)).collect();
    let nested = nested.join("\n");
    let nested = super::outline::trim_blank_lines(&nested);
    let parts = [rest, nested].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// `line` without its first `columns` columns of white space, or as many as there are.
fn moved_left(line: &str, columns: usize) -> &str {
    let mut rest = line;
    for _ in 0..columns {
        match rest.strip_prefix(' ') {
            Some(after) => rest = after,
            None => return rest.strip_prefix('\t').unwrap_or(rest),
        }
    }
    rest
}
