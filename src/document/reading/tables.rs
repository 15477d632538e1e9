//! The rows of tables that are talks: agendas with columns for title and speaker.

use super::evidence::is_wordy;
use super::item_draft::ItemDraft;
use crate::document::dates::{DayHeading, time};
use crate::document::markdown::links;
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::rules;
use crate::document::speakers::in_title;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::people::{Expected, People};
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::title::{self, Title};
use crate::document::words::{Label, words};

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Title,
    Speakers,
    Organization,
    Day,
    Time,
    Room,
    Other,
}

/// A table with the lines of its rows.
struct Table {
    /// The cells above the delimiter; none where it begins with that.
    header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// The talks in the tables between two lines: of those with a column for titles, and of programmes
/// with times.
pub(super) fn rows(document: &Document<'_>, from: usize, to: usize) -> Vec<ItemDraft> {
    tables(document, from, to).iter().flat_map(|table| talks(document, table)).collect()
}

fn tables(document: &Document<'_>, from: usize, to: usize) -> Vec<Table> {
    let cells = |at: usize| {
        let line = document.outline.lines.get(at).filter(|line| line.kind == LineKind::Text)?;
        cells(line.text)
    };
    let ruled = |at: usize| {
        at < to && document.outline.lines.get(at).is_some_and(|line| is_delimiter(line.text))
    };
    let (mut found, mut at) = (Vec::new(), from);
    while at < to {
        let begin = if ruled(at) { at } else { at + 1 };
        if !ruled(begin) || cells(at).is_none() {
            at += 1;
            continue;
        }
        let header = cells(at).filter(|_| begin > at).unwrap_or_default();
        let rows = (begin + 1..to).map_while(|row| Some((row, cells(row)?)));
        let rows: Vec<_> = rows.filter(|(row, _)| !ruled(*row)).collect();
        at = rows.last().map_or(begin, |(last, _)| *last) + 1;
        found.push(Table { header, rows });
    }
    found
}

fn talks(document: &Document<'_>, table: &Table) -> Vec<ItemDraft> {
    let columns = header(&table.header);
    if columns.contains(&Column::Title) {
        return listed(document, table, &columns);
    }
    let timed = table.rows.iter().filter(|(_, cells)| is_timed(cells)).count();
    if timed >= 2 && timed * 5 >= table.rows.len() * 3 { grid(document, table) } else { Vec::new() }
}

/// The talks of a table with a column for titles.
fn listed(document: &Document<'_>, table: &Table, columns: &[Column]) -> Vec<ItemDraft> {
    let of_talks = table.header.iter().any(|cell| says_talk(cell));
    // A day that only the first of its rows states.
    let mut day = None;
    let mut found = Vec::new();
    for (index, cells) in &table.rows {
        let mut draft = row(document, *index, columns, cells);
        let stated = columns.iter().zip(cells).find_map(|(column, cell)| {
            let dated = matches!(column, Column::Day | Column::Time);
            dated.then(|| DayHeading::leading(cell)).flatten()
        });
        day = stated.map(|leading| leading.day).or(day);
        if let Some(draft) = &mut draft {
            draft.title.day = draft.title.day.or(day);
            draft.under_group = of_talks;
        }
        found.extend(draft);
    }
    found
}

/// The talks of a programme whose first column holds the times: one in each other cell, in the room
/// that its column names.
fn grid(document: &Document<'_>, table: &Table) -> Vec<ItemDraft> {
    let rows = table.rows.iter().filter(|(_, cells)| is_timed(cells));
    let talks = rows.flat_map(|(index, cells)| {
        let rest = cells.iter().enumerate().skip(1).filter(|(_, cell)| !cell.is_empty());
        rest.filter_map(|(column, cell)| {
            let room = table.header.get(column).map(|header| title::plain(header));
            let room = room.filter(|room| words().is_room(room)).unwrap_or_default();
            let time = cells.first().cloned().unwrap_or_default();
            let columns = [Column::Time, Column::Title, Column::Room];
            row(document, *index, &columns, &[time, cell.clone(), room])
        })
    });
    let mut found: Vec<ItemDraft> = talks.collect();
    found.dedup_by(|next, draft| next.title.text == draft.title.text);
    found
}

fn is_timed(cells: &[String]) -> bool {
    cells.len() > 1 && cells.first().is_some_and(|cell| title::is_time(&title::plain(cell)))
}

/// How many lines of a document are those above the rows of tables.
pub(super) fn header_lines(document: &Document<'_>) -> usize {
    2 * document.outline.lines.iter().filter(|line| is_delimiter(line.text)).count()
}

fn cells(line: &str) -> Option<Vec<String>> {
    let text = line.trim();
    let inner = text.strip_prefix('|').unwrap_or(text);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    text.contains('|').then(|| {
        let escaped = inner.replace("\\|", "\u{0}");
        escaped.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
    })
}

fn is_delimiter(line: &str) -> bool {
    let text = line.trim();
    text.contains('-') && text.contains('|') && text.chars().all(|c| "|-: ".contains(c))
}

/// Whether the header of a column says that talks stand below.
fn says_talk(header: &str) -> bool {
    let text = title::plain(header);
    words().is_group(&text) || text.split(' ').any(|word| words().talk_kind(word).is_some())
}

fn header(cells: &[String]) -> Vec<Column> {
    let column = |cell: &String| {
        let text = title::plain(cell);
        match words().label(&text) {
            Some(Label::Speakers) => Column::Speakers,
            Some(Label::Organization) => Column::Organization,
            Some(Label::Room) => Column::Room,
            _ if words().is_speaker_column(&text) => Column::Speakers,
            _ if words().is_time_column(&text) => Column::Time,
            Some(Label::Date) => Column::Day,
            None | Some(Label::Who) if words().is_title_column(&text) => Column::Title,
            None | Some(Label::Who) => Column::Other,
        }
    };
    let mut columns: Vec<Column> = cells.iter().map(column).collect();
    // Beside people, the first column that says nothing else holds the titles.
    let speakers =
        cells.iter().any(|cell| words().label(&title::plain(cell)) == Some(Label::Speakers));
    if speakers
        && !columns.contains(&Column::Title)
        && let Some(first) = columns.iter_mut().find(|column| **column == Column::Other)
    {
        *first = Column::Title;
    }
    // A table without people and times is no agenda: its titles are those of anything.
    let agenda = [Column::Speakers, Column::Time, Column::Room];
    let agenda = agenda.iter().any(|column| columns.contains(column));
    for column in columns.iter_mut().filter(|_| !agenda) {
        *column = Column::Other;
    }
    columns
}

fn row(
    document: &Document<'_>,
    index: usize,
    columns: &[Column],
    cells: &[String],
) -> Option<ItemDraft> {
    let cell = |wanted: Column| {
        let found = columns.iter().zip(cells).find(|(column, _)| **column == wanted);
        found.map(|(_, cell)| cell.as_str()).filter(|cell| !cell.is_empty())
    };
    let text = cell(Column::Title)?;
    let own = title::undecorate(text);
    let mut times = cell(Column::Time).unwrap_or_default().split(['-', '–', '—', '~', '～']);
    let mut next_time = || times.next().map(str::trim).and_then(time);
    let (start, end) = (next_time(), next_time());
    let own = Title {
        start_time: own.start_time.clone().or(start),
        end_time: own.end_time.clone().or(end),
        room: own.room.clone().or_else(|| cell(Column::Room).map(title::plain)),
        day: cell(Column::Day).and_then(DayHeading::parse).or(own.day),
        ..own
    };
    let mut credits = in_title::credits(&own.text);
    credits.extend(
        cell(Column::Speakers).and_then(|names| speakers(names, cell(Column::Organization))),
    );
    let named = credits.iter().any(|credit| credit.position == SpeakerPosition::Label);
    rules::speakers::state(document, &own.text, &mut credits);
    let link = links::in_text(text, &document.definitions).into_iter().next();
    let none = words().is_not_talk(&own.text)
        || words().is_placeholder(&own.text)
        || (!named && link.is_none() && !is_wordy(&own.text));
    let notes = columns.iter().zip(cells).filter(|(column, _)| **column == Column::Other);
    let notes: Vec<&str> =
        notes.map(|(_, cell)| cell.as_str()).filter(|cell| !cell.is_empty()).collect();
    (!none).then(|| ItemDraft {
        item: Item { line: index, end: index + 1, content: 0 },
        title: own,
        credits,
        has_page: link.as_ref().is_some_and(|link| link.is_talk_page()),
        link,
        rest: notes.join("\n\n"),
        under_day: false,
        under_group: false,
        is_listed: true,
        is_bare_link: false,
    })
}

fn speakers(names: &str, company: Option<&str>) -> Option<Credit> {
    let mut people = People::parse_as(&names.replace("<br>", "、"), Expected::Several);
    if let ([speaker], Some(company)) = (people.speakers.as_mut_slice(), company) {
        speaker.organization = speaker.organization.take().or(Some(title::plain(company)));
    }
    let none = people.speakers.is_empty() || words().is_placeholder(names);
    people.name_confidence = NameConfidence::Strong;
    (!none).then_some(Credit { position: SpeakerPosition::Label, title: None, people })
}
