//! A day as rooms and times: a list in the order of the times, which the style sheet places.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::rows::Talk;
use crate::render::minutes;
use crate::viewer::language::Language;
use crate::viewer::library::Listed;
use crate::viewer::words::Words;

/// Rooms and times that there are places for. A day with more of them is shown as a list.
const ROOMS: usize = 40;
const TIMES: usize = 160;

/// A day as a grid.
pub struct Grid {
    pub rooms: Vec<Room>,
    pub times: Vec<Time>,
    pub talks: Vec<Cell>,
    /// Class for the number of columns.
    pub class: String,
}

/// The head of a column.
pub struct Room {
    pub name: Words,
    pub class: String,
}

/// The head of a row.
pub struct Time {
    pub text: String,
    pub class: String,
    /// Whether talks begin then; else it is only the end of some.
    pub begins: bool,
}

/// A talk in its place.
pub struct Cell {
    pub talk: Talk,
    pub class: String,
}

/// The grid of the talks of a day that have a time; none where there are none or there is no room for it.
pub fn of(l: Language, talks: &[Listed<'_>]) -> Option<Grid> {
    let mut timed: Vec<(Listed<'_>, u32, u32)> = Vec::new();
    let mut night = 0;
    for talk in talks {
        let card = talk.card();
        let Some(start) = card.start_time.as_deref().and_then(minutes) else { continue };
        // The agenda is in order: a time before the last one is after midnight.
        let start = if start < night { start.saturating_add(24 * 60) } else { start };
        night = start;
        let end = card.end_time.as_deref().and_then(minutes).unwrap_or(start);
        let end = if end < start && start.saturating_sub(end) > 12 * 60 {
            end.saturating_add(24 * 60)
        } else {
            end
        };
        timed.push((*talk, start, end));
    }
    let names = rooms(timed.iter().map(|(talk, ..)| *talk));
    let starts: BTreeSet<u32> = timed.iter().map(|(_, start, _)| *start).collect();
    let times: Vec<u32> = timed
        .iter()
        .flat_map(|(_, start, end)| [*start, *end])
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if timed.is_empty() || names.len() > ROOMS || times.len() > TIMES {
        return None;
    }
    let row = |time: u32| times.partition_point(|known| *known < time).saturating_add(2);
    let talks = timed.iter().map(|(talk, start, end)| {
        let card = talk.card();
        let column = card.room.as_ref().and_then(|room| names.iter().position(|name| name == room));
        let column =
            column.map_or_else(|| "ga".to_owned(), |at| format!("gc{}", at.saturating_add(2)));
        let (first, last) = (row(*start), row(*end).max(row(*start).saturating_add(1)));
        let class = format!("{column} gr{first} ge{last}");
        Cell { talk: Talk::listed(l, *talk), class }
    });
    let talks = talks.collect();
    Some(Grid {
        class: format!("gn{}", names.len().max(1)),
        rooms: (2_usize..)
            .zip(&names)
            .map(|(at, name)| Room { name: Words::guess(name), class: format!("gc{at}") })
            .collect(),
        times: times
            .iter()
            .map(|time| Time {
                text: format!("{:02}:{:02}", time / 60 % 24, time % 60),
                class: format!("gr{}", row(*time)),
                begins: starts.contains(time),
            })
            .collect(),
        talks,
    })
}

/// The rooms of a day, by their names.
fn rooms<'a>(talks: impl Iterator<Item = Listed<'a>>) -> Vec<String> {
    let names: BTreeSet<&String> = talks.filter_map(|talk| talk.card().room.as_ref()).collect();
    names.into_iter().cloned().collect()
}

/// The style sheet of all places: a page may have no style of its own.
pub fn style() -> String {
    let mut style = String::from(".grid .ga{grid-column:2/-1}\n");
    for column in 2..=ROOMS.saturating_add(1) {
        // Only writing can fail, and writing to a string does not.
        let _ = writeln!(style, ".grid .gc{column}{{grid-column:{column}}}");
    }
    for count in 1..=ROOMS {
        let _ = writeln!(style, ".gn{count}{{--rooms:{count}}}");
    }
    for row in 2..=TIMES.saturating_add(2) {
        let _ = writeln!(
            style,
            ".grid .gr{row}{{grid-row-start:{row}}}.grid .ge{row}{{grid-row-end:{row}}}"
        );
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Card, NoteDocument};
    use crate::viewer::library::PublishedNote;

    #[test]
    fn rows_are_the_union_of_starts_and_ends_and_columns_are_rooms() {
        let note = |name: &str, start: &str, end: &str, room: Option<&str>| {
            let card = Card {
                name: name.to_owned(),
                start_time: Some(start.to_owned()),
                end_time: (!end.is_empty()).then(|| end.to_owned()),
                room: room.map(str::to_owned),
                ..Card::default()
            };
            PublishedNote::new("n", NoteDocument { card, ..NoteDocument::default() }, "")
        };
        let notes = [
            note("a", "09:00", "09:40", None),
            note("b", "10:00", "10:30", Some("R1")),
            note("c", "10:00", "11:00", Some("R2")),
            note("d", "10:30", "11:00", Some("R1")),
            note("e", "23:30", "00:30", Some("R1")),
            note("f", "00:30", "", Some("R2")),
        ];
        let notes: Vec<Listed<'_>> = notes.iter().map(Listed::Note).collect();
        let grid = of(Language::default(), &notes).unwrap();
        let times: Vec<&str> = grid.times.iter().map(|time| &*time.text).collect();
        assert_eq!(times, ["09:00", "09:40", "10:00", "10:30", "11:00", "23:30", "00:30"]);
        let classes: Vec<&str> = grid.talks.iter().map(|cell| &*cell.class).collect();
        assert_eq!(
            classes,
            [
                "ga gr2 ge3",
                "gc2 gr4 ge5",
                "gc3 gr4 ge6",
                "gc2 gr5 ge6",
                "gc2 gr7 ge8",
                "gc3 gr8 ge9"
            ]
        );
        assert!(style().contains(".gr7{grid-row-start:7}"));
    }
}
