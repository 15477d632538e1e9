//! The item of a list becomes a talk.

use super::drafts::item_text;
use crate::api::{EventStatus, LinkKind, TalkKind, TalkNoteSpec};
use crate::document::linked::{typed, with_definitions};
use crate::document::markdown::outline::{Item, trim_blank_lines};
use crate::document::parsed::Document;
use crate::document::reading::item_draft::ItemDraft;
use crate::document::reading::position_statistics::PositionStatistics;
use crate::document::reading::talk::{Talk, decorated, report_personal_data};
use crate::document::report::{Place, Report};
use crate::document::title;
use jiff::civil::Date;

/// The talk that an item of a list is about.
pub(in crate::document) fn from_item(
    document: &Document<'_>,
    draft: &ItemDraft,
    statistics: &PositionStatistics,
    day: Option<Date>,
    report: &mut Report,
) -> Option<Talk> {
    let place = Place::line(document.line(draft.item.line));
    let accepted =
        draft.credits.iter().any(|credit| statistics.accept(credit) && credit.title.is_some());
    let (title, speakers) = statistics.choose(&draft.title.text, &draft.credits);
    if draft.link.is_none() && speakers.is_empty() && !draft.is_listed {
        return None;
    }
    report_personal_data(&draft.credits, place, report);
    let rest = if accepted { "" } else { draft.rest.as_str() };
    let found = document.links(draft.item.line, draft.item.end).to_vec();
    let mut links = typed(document, found, report);
    let page =
        draft.link.as_ref().and_then(|own| links.iter_mut().find(|link| link.url == own.url));
    let page_kind = page.and_then(|page| {
        page.title = Some(title.clone());
        page.kind
    });
    let by_page = (page_kind == Some(LinkKind::Workshop)).then_some(TalkKind::Workshop);
    let spec = decorated(&draft.title, title, speakers);
    // The drafts may stand around the whole item, of which the title is a part.
    let line = document.outline.lines.get(draft.item.line);
    let cancelled = line.is_some_and(|line| title::undecorate(&item_text(line.text)).cancelled);
    let spec = TalkNoteSpec {
        event_status: spec.event_status.or(cancelled.then_some(EventStatus::Cancelled)),
        kind: spec.kind.or(by_page),
        day: day.map(|day| day.to_string()),
        links,
        markdown: Some(with_definitions(&item_body(document, draft.item, rest), document)),
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
    let nested = trim_blank_lines(&nested);
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
