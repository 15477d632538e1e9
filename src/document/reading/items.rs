//! The items of lists that may be talks.

use super::evidence::is_wordy;
use super::habits::Habits;
use super::roles::{Role, Segment};
use super::tables;
use super::talk::{Talk, decorated, found_links, report_personal_data, typed, with_definitions};
use crate::api::{LinkKind, TalkKind, TalkNoteSpec};
use crate::document::dates::DayHeading;
use crate::document::markdown::inline::without_addresses;
use crate::document::markdown::line::indentation;
use crate::document::markdown::links::{self, FoundLink};
use crate::document::markdown::outline::{Heading, Item};
use crate::document::parsed::Document;
use crate::document::report::{Place, Report};
use crate::document::rules;
use crate::document::speakers::credits;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::seats::{self, Credit};
use crate::document::title::{self, Title};
use crate::document::words::words;
use jiff::civil::Date;

/// An item of a list that may be a talk.
#[derive(Clone, Debug)]
pub(in crate::document) struct ItemMark {
    pub item: Item,
    pub title: Title,
    pub credits: Vec<Credit>,
    pub link: Option<FoundLink>,
    /// What stands behind the title in its line.
    pub rest: String,
    /// Whether it is a row of a table or stands among items with speakers.
    pub is_listed: bool,
    pub under_day: bool,
    pub under_group: bool,
    pub has_page: bool,
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
        let programme = heading.is_some_and(|heading| words().is_programme(&heading.text));
        if all && (!none || programme) {
            let rows = tables::rows(document, segment.body, segment.end);
            found.extend(rows.into_iter().map(|row| ItemMark { under_day, under_group, ..row }));
        }
        if none || !(all || (named_group && !over_talks) || lists_talks(document, heading, &own)) {
            continue;
        }
        found.extend(marks_of(document, &own).into_iter().map(|mark| ItemMark {
            under_day,
            under_group,
            ..mark
        }));
    }
    found.sort_by_key(|mark| mark.item.line);
    found
}

/// The items of a section that may be talks; where most of them name a speaker, those that do not
/// are talks, too, if they have a title.
fn marks_of(document: &Document<'_>, items: &[Item]) -> Vec<ItemMark> {
    let marks: Vec<Option<ItemMark>> =
        items.iter().map(|item| item_mark(document, *item)).collect();
    let named = marks.iter().flatten().filter(|mark| !mark.credits.is_empty()).count();
    let most = named >= 2 && named * 3 >= items.len() * 2;
    let listed = |(mark, item): (Option<ItemMark>, &Item)| {
        mark.or_else(|| most.then(|| listed_mark(document, *item)).flatten())
    };
    marks.into_iter().zip(items).filter_map(listed).collect()
}

/// The item of a list as a talk that neither links nor names a speaker.
fn listed_mark(document: &Document<'_>, item: Item) -> Option<ItemMark> {
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let title = title::undecorate(&text);
    let ends = text.ends_with(['.', '。', '！', ':', '：', ';', '?']);
    let none = ends || words().is_not_talk(&title.text) || words().is_placeholder(&title.text);
    let short = title.text.chars().count() <= 100;
    (!none && short && is_wordy(&title.text)).then(|| ItemMark {
        item,
        credits: seats::in_title(&title.text),
        title,
        link: None,
        rest: String::new(),
        is_listed: true,
        under_day: false,
        under_group: false,
        has_page: false,
    })
}

/// The rows of tables outside of talks.
pub(in crate::document) fn agenda(document: &Document<'_>, segments: &[Segment]) -> Vec<ItemMark> {
    let outside = segments.iter().filter(|s| !matches!(s.role, Role::Talk | Role::Section));
    outside.flat_map(|segment| tables::rows(document, segment.body, segment.end)).collect()
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
    let mark = entry(document, item)?;
    let named = mark.credits.iter().any(|credit| {
        let placed = credit.seat.is_usual() || credit.seat == seats::Seat::Parenthesis;
        credit.people.likeness >= Likeness::Medium && placed
    });
    // `/abc` is a page of the site that the notes are written on, such as a HackMD note.
    let local = mark.link.as_ref().is_some_and(|link| {
        !link.url.contains("://") && (!link.url.starts_with('/') || link.url.contains('.'))
    });
    (!local && (mark.link.is_some() || named)).then_some(mark)
}

/// The item of a list as one of an index; `None` where it can be no talk.
pub(super) fn entry(document: &Document<'_>, item: Item) -> Option<ItemMark> {
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
    let nested = document.outline.lines.get(item.line + 1..item.end).unwrap_or_default();
    let mut labels = nested.iter().take(4).filter_map(|line| credits::labelled(line.text));
    if labels.any(|(label, _)| label == crate::document::words::Label::Speakers) {
        credits.extend(credits::under(document, item.line + 1, item.end, None).credits);
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
    })
}

/// The first line of an item without its marker and check box.
pub(super) fn item_text(line: &str) -> String {
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
    if mark.link.is_none() && speakers.is_empty() && !mark.is_listed {
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
