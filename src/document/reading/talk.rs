//! A heading or a list item becomes the spec of a note.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::habits::Habits;
use super::roles::{Role, Segment};
use crate::api::{Link, LinkKind, Speaker, TalkKind, TalkNoteSpec};
use crate::document::codes::Code;
use crate::document::limits::MAX_LINKS;
use crate::document::markdown::inline::without_addresses;
use crate::document::markdown::links::{self, FoundLink};
use crate::document::markdown::outline::{Heading, Item};
use crate::document::markdown::scanner::indentation;
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::speakers::credits;
use crate::document::speakers::people::Likeness;
use crate::document::speakers::seats::{self, Credit};
use crate::document::title::{self, Title};
use crate::document::words::words;

/// A talk with the line that it begins in.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::document) struct Talk {
    pub spec: TalkNoteSpec,
    pub line: usize,
}

/// A heading that may be a talk, with what stands in and under it.
#[derive(Clone, Debug)]
pub(in crate::document) struct Mark {
    pub segment: Segment,
    pub title: Title,
    pub credits: Vec<Credit>,
    /// Day and room that lines under the heading state.
    pub day: Option<Date>,
    pub room: Option<String>,
    pub under_day: bool,
    pub under_group: bool,
    pub has_page: bool,
    pub has_sections: bool,
}

/// An item of a list that may be a talk.
#[derive(Clone, Debug)]
pub(in crate::document) struct ItemMark {
    pub item: Item,
    pub title: Title,
    pub credits: Vec<Credit>,
    link: Option<FoundLink>,
    /// What stands behind the title in its line.
    rest: String,
    pub under_day: bool,
    pub under_group: bool,
    pub has_page: bool,
}

/// The talks among the segments.
pub(in crate::document) fn marks(
    document: &Document<'_>,
    headings: &[Heading],
    segments: &[Segment],
) -> Vec<Mark> {
    let (mut day_level, mut under_group) = (None, false);
    let mut found = Vec::new();
    for segment in segments {
        let Some(heading) = segment.heading.and_then(|index| headings.get(index)) else { continue };
        match segment.role {
            Role::Day(_) => (day_level, under_group) = (Some(heading.level), false),
            Role::Group => under_group = words().is_group(&heading.text),
            Role::Talk => {
                let mut mark = mark(document, headings, segment, heading);
                // A day of the same level stands beside the talk, not above it.
                mark.under_day = day_level.is_some_and(|level| level != heading.level);
                mark.under_group = under_group;
                found.push(mark);
            }
            Role::Other => under_group = false,
            Role::Title | Role::Section => {}
        }
    }
    mark_sections(headings, &mut found);
    found
}

fn mark(
    document: &Document<'_>,
    headings: &[Heading],
    segment: &Segment,
    heading: &Heading,
) -> Mark {
    let title = title::undecorate(&heading.text);
    let child = children(headings, segment).next();
    let under = credits::under(document, segment.body, segment.end, child);
    let direct = child.map_or(segment.end, |child| child.line);
    let mut credits = seats::in_title(&title.text);
    credits.extend(under.credits);
    let pages = found_links(document, heading.line, direct);
    let page = |link: &FoundLink| {
        link.is_talk_page() && (link.line == heading.line || link.text.chars().count() <= 24)
    };
    Mark {
        segment: *segment,
        title,
        credits,
        day: under.day,
        room: under.room,
        under_day: false,
        under_group: false,
        has_page: pages.iter().take(5).any(page),
        has_sections: false,
    }
}

/// The headings under that of a segment.
fn children<'h>(
    headings: &'h [Heading],
    segment: &Segment,
) -> impl Iterator<Item = &'h Heading> + use<'h> {
    let (from, end) = (segment.heading.map_or(0, |index| index + 1), segment.end);
    headings.get(from..).unwrap_or_default().iter().take_while(move |heading| heading.line < end)
}

/// Marks the talks with sections that other talks have, too, or that are known.
fn mark_sections(headings: &[Heading], marks: &mut [Mark]) {
    let keys = |mark: &Mark| -> BTreeSet<String> {
        let mut level = None;
        let own = children(headings, &mark.segment)
            .filter(move |child| *level.get_or_insert(child.level) >= child.level);
        own.map(|child| crate::document::naming::title_key(&child.text)).collect()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for mark in marks.iter() {
        for key in keys(mark) {
            *counts.entry(key).or_default() += 1;
        }
    }
    for mark in marks.iter_mut() {
        mark.has_sections = keys(mark)
            .iter()
            .any(|key| words().is_section(key) || counts.get(key).is_some_and(|n| *n >= 2));
    }
}

/// The items that may be talks: those of groups and of lists of links to talks, and with `all` those
/// of any list but one under a heading that is none.
pub(in crate::document) fn items(
    document: &Document<'_>,
    headings: &[Heading],
    segments: &[Segment],
    all: bool,
) -> Vec<ItemMark> {
    let mut under_day = false;
    let mut found = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let heading = segment.heading.and_then(|index| headings.get(index));
        let named_group = heading.is_some_and(|heading| words().is_group(&heading.text));
        let under_group = segment.role == Role::Group && named_group;
        match segment.role {
            Role::Day(_) => under_day = true,
            Role::Talk | Role::Section => continue,
            Role::Group | Role::Title | Role::Other => {}
        }
        let none =
            segment.role == Role::Other && heading.is_some_and(|h| words().is_not_talk(&h.text));
        let over_talks = segments.get(index + 1).is_some_and(|next| next.role == Role::Talk);
        let own = document.outline.items(segment.body, segment.end);
        if none || !(all || (named_group && !over_talks) || lists_talks(document, heading, &own)) {
            continue;
        }
        found.extend(
            own.into_iter().filter_map(|item| item_mark(document, item)).map(|mark| ItemMark {
                under_day,
                under_group,
                ..mark
            }),
        );
    }
    found
}

/// Whether a section that does not say so is a list of talks: two items at least begin with a link to
/// the page of a talk, and they are most of its items.
fn lists_talks(document: &Document<'_>, heading: Option<&Heading>, items: &[Item]) -> bool {
    if heading.is_none_or(|heading| words().is_not_talk(&heading.text)) {
        return false;
    }
    let pages = items.iter().filter(|item| {
        let found = found_links(document, item.line, item.line + 1);
        found.first().is_some_and(|link| {
            link.is_talk_page() && crate::document::naming::title_key(&link.text).len() > 12
        })
    });
    let pages = pages.count();
    pages >= 2 && pages * 2 >= items.len()
}

/// The item of a list as a talk; `None` where it neither begins with a link nor names a speaker.
fn item_mark(document: &Document<'_>, item: Item) -> Option<ItemMark> {
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
    {
        return None;
    }
    let local = link.as_ref().is_some_and(|link| !link.url.contains("://"));
    let mut credits = seats::in_title(if rest.is_empty() { &title.text } else { &whole.text });
    let child =
        document.outline.lines.get(item.line + 1).map(|line| line.text).and_then(credits::labelled);
    if child.is_some_and(|(label, _)| label == crate::document::words::Label::Speakers) {
        credits.extend(credits::under(document, item.line + 1, item.end, None).credits);
    }
    let named = credits
        .iter()
        .any(|credit| credit.people.likeness >= Likeness::Medium && credit.seat.is_usual());
    if local || (link.is_none() && !named) {
        return None;
    }
    let has_page = link.as_ref().is_some_and(FoundLink::is_talk_page);
    let title =
        Title { kind: title.kind.or(whole.kind), medal: title.medal.or(whole.medal), ..title };
    Some(ItemMark {
        item,
        title,
        credits,
        link,
        rest,
        under_day: false,
        under_group: false,
        has_page,
    })
}

/// The talk under a heading; `None`, with a diagnostic, where the heading has no title.
pub(in crate::document) fn from_heading(
    document: &Document<'_>,
    heading: &Heading,
    mark: &Mark,
    habits: &Habits,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let place = Place::line(document.line(heading.line));
    let (title, speakers) = habits.choose(&mark.title.text, &mark.credits);
    report_personal_data(&mark.credits, place, report);
    if words().is_placeholder(&title) {
        let message = if title.is_empty() {
            "this heading has no title; give the talk one"
        } else {
            "this title was never filled in, so that it is no talk; give the talk its title"
        };
        report.at(Code::EmptyTitle, place, message);
        return None;
    }
    let mut collected = links::in_text(&heading.text, &document.definitions);
    collected.iter_mut().for_each(|link| link.line = heading.line);
    collected.extend(found_links(document, mark.segment.body, mark.segment.end));
    let markdown =
        with_definitions(document.outline.slice(mark.segment.body, mark.segment.end), document);
    if markdown.is_empty() {
        report.at(Code::EmptyNote, place, "there are no notes about this talk yet");
    }
    let spec = TalkNoteSpec {
        day: day.map(|day| day.to_string()),
        room: mark.title.room.clone().or_else(|| mark.room.clone()),
        links: typed(document, collected, report),
        markdown: Some(markdown),
        ..decorated(&mark.title, title, speakers)
    };
    Some(Talk { spec, line: place.line })
}

/// What the decorations of a title say.
pub(in crate::document) fn decorated(
    title: &Title,
    text: String,
    mut speakers: Vec<Speaker>,
) -> TalkNoteSpec {
    if let ([speaker], Some(company)) = (speakers.as_mut_slice(), &title.company) {
        speaker.organization = speaker.organization.take().or_else(|| Some(company.clone()));
    }
    TalkNoteSpec {
        title: text,
        speakers,
        kind: title.kind,
        medal: title.medal,
        room: title.room.clone(),
        start_time: title.start_time.clone(),
        end_time: title.end_time.clone(),
        ..TalkNoteSpec::default()
    }
}

/// The talk that an item of a list is about.
pub(in crate::document) fn from_item(
    document: &Document<'_>,
    mark: &ItemMark,
    habits: &Habits,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let place = Place::line(document.line(mark.item.line));
    let accepted =
        mark.credits.iter().any(|credit| habits.accept(credit) && credit.title.is_some());
    let (title, speakers) = habits.choose(&mark.title.text, &mark.credits);
    if mark.link.is_none() && speakers.is_empty() {
        return None;
    }
    report_personal_data(&mark.credits, place, report);
    let rest = if accepted { "" } else { mark.rest.as_str() };
    let found = found_links(document, mark.item.line, mark.item.end);
    let mut links = typed(document, found, report);
    let page = mark.link.as_ref().and_then(|own| links.iter_mut().find(|link| link.url == own.url));
    let page_kind = page.and_then(|page| {
        page.title = Some(title.clone());
        page.kind
    });
    let by_page = (page_kind == Some(LinkKind::Workshop)).then_some(TalkKind::Workshop);
    let spec = decorated(&mark.title, title, speakers);
    let spec = TalkNoteSpec {
        kind: spec.kind.or(by_page),
        day: day.map(|day| day.to_string()),
        links,
        markdown: Some(with_definitions(&item_body(document, mark.item, rest), document)),
        ..spec
    };
    (!spec.title.is_empty()).then_some(Talk { spec, line: place.line })
}

/// Says where an address of a person stands beside a name.
pub(in crate::document) fn report_personal_data(
    credits: &[Credit],
    place: Place,
    report: &mut Report,
) {
    if credits.iter().any(|credit| credit.people.personal_data) {
        report.at(
            Code::PersonalData,
            place,
            "an e-mail address or phone number stands beside the speaker; it is not copied, remove it \
             if it is not meant to be public",
        );
    }
}

/// The links between two lines, each with the index of its line.
pub(in crate::document) fn found_links(
    document: &Document<'_>,
    from: usize,
    to: usize,
) -> Vec<FoundLink> {
    links::in_lines(&document.outline, from, to, &document.definitions)
}

/// Links as the schema has them. Signed ones are reported, without their address, and left out.
pub(in crate::document) fn typed(
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
pub(in crate::document) fn with_definitions(text: &str, document: &Document<'_>) -> String {
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

/// What stands behind the title of an item and under it, moved to the left so that it is Markdown of
/// its own.
fn item_body(document: &Document<'_>, item: Item, rest: &str) -> String {
    let nested = document.outline.lines.iter().take(item.end).skip(item.line + 1);
    let nested: Vec<&str> = nested.map(|line| moved_left(line.text, item.content)).collect();
    let nested = nested.join("\n");
    let nested = crate::document::markdown::outline::trim_blank_lines(&nested);
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
