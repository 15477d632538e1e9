//! What an item of a list says where it may be a talk.

use super::{people, prefixed_lines};
use crate::document::dates::DayHeading;
use crate::document::markdown::inline::without_addresses;
use crate::document::markdown::line::indentation;
use crate::document::markdown::link::FoundLink;
use crate::document::markdown::links;
use crate::document::markdown::outline::Item;
use crate::document::parsed::Document;
use crate::document::reading::evidence::is_wordy;
use crate::document::reading::item_draft::ItemDraft;
use crate::document::rules;
use crate::document::speakers::in_title;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::positions::SpeakerPosition;
use crate::document::title::{self, Title};
use crate::document::words::words;

/// What the place of a list says of its items.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Setting {
    /// A heading over several talks, or an item that is a day, stands above.
    pub grouped: bool,
    /// The document is about an event, and nothing but its title, a day or such a group stands above.
    pub programme: bool,
}

/// The items of a section that may be talks; where the list as a whole shows that it is one of talks,
/// those that neither link nor name a speaker are talks, too, if they have a title.
pub(super) fn drafts_of(
    document: &Document<'_>,
    items: &[Item],
    setting: Setting,
) -> Vec<ItemDraft> {
    let text = |item: &Item| document.outline.lines.get(item.line).map(|l| item_text(l.text));
    let most = |count: usize| count >= 2 && count * 3 >= items.len() * 2;
    let linked = items.iter().filter_map(text).filter(|text| text.starts_with('[')).count();
    let linked = linked >= 3 && most(linked);
    let draft = |item: &Item| item_draft_of(document, *item, linked);
    let drafts: Vec<Option<ItemDraft>> = items.iter().map(draft).collect();
    let named = drafts.iter().flatten().filter(|draft| !draft.credits.is_empty()).count();
    let noted = is_noted(items, setting);
    let titled = is_titled(&items.iter().filter_map(text).collect::<Vec<_>>(), setting);
    let journey = items.iter().filter_map(text).any(|text| words().holds_journey(&text));
    let shown = |own: &ItemDraft| {
        let timed = setting.programme && !journey && own.title.start_time.is_some();
        let kind = setting.programme && words().is_single_kind(&own.title.text);
        noted || kind || ((timed || titled) && is_wordy(&own.title.text))
    };
    let fits = |own: &ItemDraft| shown(own) || (most(named) && is_wordy(&own.title.text));
    let listed = |(draft, item): (Option<ItemDraft>, &Item)| {
        let own = || listed_draft(document, *item).filter(fits);
        draft
            .map(|draft| ItemDraft { is_listed: draft.is_listed || shown(&draft), ..draft })
            .or_else(own)
    };
    drafts.into_iter().zip(items).filter_map(listed).collect()
}

/// Whether most items under a heading over talks of an event have the length of a title.
fn is_titled(items: &[String], setting: Setting) -> bool {
    let fits = |text: &&String| {
        let ends = text.ends_with(['.', '。', '！', ':', '：', ';']);
        !ends && is_wordy(text) && text.chars().count() <= 100
    };
    let wordy = items.iter().filter(fits).count();
    setting.grouped && setting.programme && wordy >= 3 && wordy * 3 >= items.len() * 2
}

/// Whether notes stand under most of the items: of a programme that no heading calls so several lines.
fn is_noted(items: &[Item], setting: Setting) -> bool {
    let noted = items.iter().filter(|item| item.end > item.line + 1).count();
    let lines: usize = items.iter().map(|item| item.end - item.line).sum();
    let long = setting.programme && noted >= 3 && lines >= items.len() * 3;
    (setting.grouped || long) && noted >= 2 && noted * 3 >= items.len() * 2
}

/// Whether most items have a label below that names their speakers.
pub(super) fn are_labelled(document: &Document<'_>, items: &[Item]) -> bool {
    let labelled = |item: &&Item| {
        people::below(document, **item)
            .iter()
            .any(|credit| credit.position == SpeakerPosition::Label)
    };
    let count = items.iter().filter(labelled).count();
    count >= 2 && count * 3 >= items.len() * 2
}

/// The item of a list as a talk that neither links nor names a speaker.
fn listed_draft(document: &Document<'_>, item: Item) -> Option<ItemDraft> {
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let title = title::undecorate(&text);
    let ends = text.ends_with(['.', '。', '！', ':', '：', ';']);
    let none = ends
        || words().is_not_talk(&title.text)
        || words().holds_break(&title.text)
        || words().is_placeholder(&title.text);
    let short = title.text.chars().count() <= 100;
    let below = people::below(document, item);
    (!none && short).then(|| ItemDraft {
        item,
        credits: in_title::credits(&title.text).into_iter().chain(below).collect(),
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

/// The item of a list as a talk; `None` where it neither begins with a link nor names a speaker. Where
/// most items are `linked`, their titles may be short.
fn item_draft_of(document: &Document<'_>, item: Item, linked: bool) -> Option<ItemDraft> {
    let draft = entry(document, item)?;
    let named = draft.credits.iter().any(|credit| {
        let placed = credit.position.is_usual() || credit.position == SpeakerPosition::Parenthesis;
        // A tool or a company stands in front of a dash as well, and anything in a nested list.
        let first =
            matches!(credit.position, SpeakerPosition::BeforeDash | SpeakerPosition::Bullet);
        (placed && credit.people.name_confidence >= NameConfidence::Medium)
            || (first && credit.people.name_confidence == NameConfidence::Strong)
    });
    // `/abc` is a page of the site that the notes are written on, such as a HackMD note.
    let local = draft.link.as_ref().is_some_and(|link| {
        !link.url.contains("://")
            && (!link.url.starts_with('/')
                || link.url.contains('.')
                || !document.targets.is_empty())
    });
    // The file that it links to is the note, unless it is not there.
    let is_there = document.targets.contains(&item.line);
    let own_part = draft.link.as_ref().is_some_and(|link| link.url.starts_with('#'));
    let titled = named || is_wordy(&draft.title.text) || linked;
    // An entry of a table of contents is about what stands below.
    let noted = own_part || (local && (is_there || !titled));
    let is_bare_link = local && !named;
    let found = !noted && (draft.link.is_some() || named);
    found.then_some(ItemDraft { is_bare_link, ..draft })
}

/// The item of a list as one of an index; `None` where it can be no talk.
pub(in crate::document::reading) fn entry(
    document: &Document<'_>,
    item: Item,
) -> Option<ItemDraft> {
    let text = item_text(document.outline.lines.get(item.line)?.text);
    let text = without_labels(&text, document);
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
    let mut credits = in_title::credits(line);
    credits.extend(people::in_bold(&rest));
    credits.extend(people::below(document, item));
    rules::speakers::state(document, line, &mut credits);
    let has_page = link.as_ref().is_some_and(FoundLink::is_talk_page);
    let title =
        Title { kind: title.kind.or(whole.kind), medal: title.medal.or(whole.medal), ..title };
    Some(ItemDraft {
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

/// A text with its `[references]` as links, so that their brackets are no part of a title.
fn without_labels(text: &str, document: &Document<'_>) -> String {
    let links = links::in_text(text, &document.definitions);
    links.iter().filter(|link| !link.text.is_empty()).fold(text.to_owned(), |text, link| {
        let bare = format!("[{}]", link.text);
        match text.split_once(bare.as_str()) {
            Some((before, after)) if !after.starts_with(['(', '[']) => {
                format!("{before}{bare}({}){after}", link.url)
            }
            _ => text,
        }
    })
}

/// The first line of an item without its marker and check box.
pub(in crate::document::reading) fn item_text(line: &str) -> String {
    let (_, text) = indentation(line);
    let text = prefixed_lines::without_lead(text);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = text.strip_prefix(['*', '+', '-']).or_else(|| number.strip_prefix(['.', ')']));
    let text = marked.filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(text).trim();
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
