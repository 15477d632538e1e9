//! Lists of which most items are built alike.

use super::html;
use super::item_text;
use super::marks::without_labels;
use super::shape::{self, Reading, Shape};
use crate::document::markdown::inline::with_wiki_links;
use crate::document::markdown::outline::Item;
use crate::document::markdown::scanner::LineKind;
use crate::document::naming::speakers_key;
use crate::document::parsed::Document;
use crate::document::reading::evidence::{Topic, is_wordy};
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::seats::Seat;
use crate::document::title;
use crate::document::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// Items of a document that are built as most of their list are, by line.
#[derive(Debug, Default)]
pub(super) struct Alike(BTreeMap<usize, Entry>);

/// An item that is built as most of its list are.
#[derive(Debug)]
pub(super) struct Entry {
    pub reading: Reading,
    /// Index of the line behind its last.
    pub end: usize,
    /// Whether what stands above the list, or in its items, speaks of talks.
    pub is_told: bool,
}

impl Alike {
    /// Looks at the lists of a document: those at the top level, and those inside their items.
    pub fn of(document: &Document<'_>, topic: &Topic) -> Self {
        let event = topic.names_event() || topic.year;
        let lists: Vec<List> =
            lists(document).iter().map(|list| List::of(document, list, event)).collect();
        let mut known: BTreeMap<Shape, BTreeSet<String>> = BTreeMap::new();
        for list in &lists {
            for shape in &list.shapes {
                known.entry(*shape).or_default().extend(names(&list.lines, *shape));
            }
        }
        let named: BTreeSet<&String> =
            known.iter().filter(|(own, _)| own.names_people()).flat_map(|(_, own)| own).collect();
        let fits = |shape: &Shape| {
            let own = known.get(shape).map_or(0, BTreeSet::len);
            if shape.names_people() { named.len() >= 3 } else { own >= 3 }
        };
        let mut alike = BTreeMap::new();
        for list in lists {
            let shapes: Vec<Shape> = list.shapes.into_iter().filter(fits).collect();
            let lines = list.lines.into_iter().filter_map(|line| Some((line.item, line.reading?)));
            let lines = lines.filter(|(_, own)| {
                shapes.contains(&own.shape) || (!shapes.is_empty() && is_sure(own))
            });
            let is_told = list.is_told;
            let entry = |(item, reading): (Item, Reading)| {
                (item.line, Entry { reading, end: item.end, is_told })
            };
            alike.extend(lines.map(entry));
        }
        Self(alike)
    }

    /// How an item is read, if it is built as those around it.
    pub fn get(&self, item: Item) -> Option<&Entry> {
        self.0.get(&item.line)
    }
}

struct List {
    lines: Vec<Line>,
    /// The shapes that most of its lines have.
    shapes: Vec<Shape>,
    is_told: bool,
}

impl List {
    fn of(document: &Document<'_>, items: &[Item], event: bool) -> Self {
        let lines = lines(document, items);
        let told = is_told(document, items);
        let named = heading_names_talks(document, items);
        let mut shapes = shapes(&lines);
        shapes.retain(|shape| match shape {
            Shape::Titled => named || (event && told),
            Shape::Prose => event,
            _ => true,
        });
        Self { lines, shapes, is_told: told || named }
    }
}

/// Whether the text above a list speaks of talks, or several of its items do.
fn is_told(document: &Document<'_>, items: &[Item]) -> bool {
    let lines = &document.outline.lines;
    let speaks = |item: &&Item| {
        let own = lines.get(item.line..item.end.min(item.line + 4)).unwrap_or_default();
        own.iter().any(|line| words().speaks_of_talk(line.text))
    };
    let first = items.first().map_or(0, |item| item.line);
    let above = lines.get(..first).unwrap_or_default().iter().rev();
    let above = above.filter(|line| line.kind != LineKind::Blank).take(1);
    let above = above.clone().any(|line| words().speaks_of_talk(line.text));
    above || items.iter().filter(speaks).count() * 4 >= items.len()
}

/// Whether a heading over a list says that talks follow.
fn heading_names_talks(document: &Document<'_>, items: &[Item]) -> bool {
    let first = items.first().map_or(0, |item| item.line);
    let mut level = u8::MAX;
    document.outline.headings.iter().rev().filter(|own| own.line < first).any(|own| {
        let above = own.level < level;
        level = level.min(own.level);
        above && (words().is_group(&own.text) || words().is_list_of_talks(&own.text))
    })
}

/// The lists of a document, and those nested in their items.
fn lists(document: &Document<'_>) -> Vec<Vec<Item>> {
    let end = document.outline.lines.len();
    let items = document.outline.items(0, end);
    let nested = items.iter().filter(|item| item.end > item.line + 3);
    let nested: Vec<Vec<Item>> = nested.map(|item| document.outline.nested(item)).collect();
    let html = apart(document, html::items(document, 0, end));
    let mut lists = apart(document, items);
    lists.extend(html);
    lists.extend(nested);
    lists
}

/// Items as the lists that they make. Where each stands alone above paragraphs, these belong to it.
fn apart(document: &Document<'_>, items: Vec<Item>) -> Vec<Vec<Item>> {
    let lines = &document.outline.lines;
    let between = |from: usize, to: usize| lines.get(from..to).unwrap_or_default();
    let mut lists: Vec<Vec<Item>> = Vec::new();
    for item in items {
        let last = lists.last_mut().and_then(|list| list.last_mut().map(|last| last.end));
        let gap = last.map(|end| between(end, item.line));
        let text = gap.is_some_and(|gap| gap.iter().any(|line| line.kind != LineKind::Blank));
        let prose = gap.is_some_and(|gap| gap.iter().all(|line| is_paragraph(line.kind)));
        match lists.last_mut() {
            Some(list) if !text => list.push(item),
            Some(list) if prose && (list.len() == 1 || is_loose(list)) => {
                if let Some(last) = list.last_mut() {
                    last.end = item.line;
                }
                list.push(item);
            }
            _ => lists.push(vec![item]),
        }
    }
    lists
}

/// Whether paragraphs follow the items of a list.
fn is_loose(list: &[Item]) -> bool {
    list.iter().zip(list.iter().skip(1)).all(|(item, next)| item.end == next.line)
}

fn is_paragraph(kind: LineKind) -> bool {
    matches!(kind, LineKind::Blank | LineKind::Text)
}

struct Line {
    item: Item,
    reading: Option<Reading>,
}

fn lines(document: &Document<'_>, list: &[Item]) -> Vec<Line> {
    let line = |item: &Item| Line { item: *item, reading: read(document, *item) };
    list.iter().map(line).collect()
}

/// The first line of an item as the grammar reads it, or its first paragraph where the line breaks.
fn read(document: &Document<'_>, item: Item) -> Option<Reading> {
    let first = document.outline.lines.get(item.line)?;
    let read = |text: &str| {
        let text = with_wiki_links(&without_labels(&without_targets(text), document));
        shape::read(&htmlize::unescape(text))
    };
    let text = item_text(first.text);
    let own = read(&text);
    let broken = first.text.ends_with("  ") || text.ends_with("<br>");
    let next = document.outline.lines.get(item.line + 1..item.end).unwrap_or_default();
    let next = next.iter().take_while(|line| line.kind == LineKind::InList).take(3);
    let joined = std::iter::once(text.as_str()).chain(next.map(|line| line.text.trim()));
    let joined: Vec<&str> = joined.collect();
    let whole = own.as_ref().is_some_and(|own| own.people.is_some());
    if broken && joined.len() > 1 && own.is_none() {
        return shape::broken(&text);
    }
    if whole || broken || joined.len() == 1 {
        return own;
    }
    let joined = read(&joined.join(" ")).filter(|joined| joined.people.is_some());
    // What follows stands in the lines below, which the note keeps.
    joined.map(|joined| Reading { rest: String::new(), ..joined }).or(own)
}

/// A text with the links of a wiki, `[[Title|Target]]`, as `[[Title]]`.
fn without_targets(text: &str) -> String {
    let mut parts = text.split("[[");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let target =
            part.split_once("]]").and_then(|(link, rest)| Some((link.split_once('|')?.0, rest)));
        whole.push_str("[[");
        match target {
            Some((title, rest)) => whole.extend([title, "]]", rest]),
            None => whole.push_str(part),
        }
    }
    whole
}

/// The shapes that most lines of a list have; of those with people that all of them together have.
fn shapes(list: &[Line]) -> Vec<Shape> {
    let readings = list.iter().filter_map(|line| line.reading.as_ref());
    let shapes: BTreeSet<Shape> = readings.map(|own| own.shape).collect();
    let most = |count: usize| count >= 2 && count * 5 >= list.len() * 3;
    let named = shapes.iter().filter(|shape| shape.names_people());
    let named: BTreeSet<String> = named.flat_map(|shape| names(list, *shape)).collect();
    let fits = |shape: &Shape| match shape {
        Shape::Plain(Seat::BeforeDash) => {
            // Tools stand in front of dashes as well.
            let own = || list.iter().filter_map(|line| line.reading.as_ref());
            let own = || own().filter(|own| own.shape == *shape);
            let sure = own().filter(|own| is_sure(own)).count();
            most(names(list, *shape).len()) && sure * 2 >= own().count()
        }
        shape if shape.names_people() => most(named.len()),
        shape => most(names(list, *shape).len()),
    };
    shapes.iter().copied().filter(fits).collect()
}

/// The different people that the lines of a shape name, or their different titles.
fn names(list: &[Line], shape: Shape) -> BTreeSet<String> {
    let readings = list.iter().filter_map(|line| line.reading.as_ref());
    let readings = readings.filter(|own| own.shape == shape);
    let key = |own: &Reading| match &own.people {
        Some((_, people)) => Some(speakers_key(&people.speakers)),
        None => Some(own.title.clone()).filter(|title| is_of_talk(title)),
    };
    readings.filter_map(key).collect()
}

/// Whether a title that nobody stands beside may be that of a talk.
fn is_of_talk(raw: &str) -> bool {
    let title = title::undecorate(raw).text;
    let ends = title.ends_with(['.', '。', '！', ';']);
    is_wordy(&title) && !ends && !words().is_not_talk(&title) && !words().holds_break(&title)
}

/// Whether a line surely names people, however the others are built.
fn is_sure(reading: &Reading) -> bool {
    reading.people.as_ref().is_some_and(|(_, people)| people.likeness == Likeness::Strong)
}
