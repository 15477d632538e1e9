//! Rows of a table that have more cells than its head. The standard drops what is too much; here the
//! head gets cells without a name, so that nothing that was written is lost.

use std::collections::BTreeMap;

use comrak::nodes::{LineColumn, Node, NodeCodeBlock, NodeValue};
use comrak::{Arena, Options};

use super::{Passes, limits};
use crate::render::codes::Code;

/// Columns without a name that a table is given at most.
const MAX_COLUMNS: usize = 32;
/// Cells that the tables of a note are given at most.
const MAX_CELLS: usize = 20_000;

/// The tables of a note that have rows longer than their heads, by the lines of these.
#[derive(Debug, Default)]
pub(super) struct LongRows {
    tables: BTreeMap<usize, LongRow>,
}

#[derive(Debug)]
struct LongRow {
    /// The first cell that is too much.
    at: LineColumn,
    /// How many columns are missing; none where there would be too many cells.
    missing: Option<usize>,
}

/// Parses `markdown`, whose lines are `lines`, with the columns that its tables miss.
///
/// # Errors
///
/// The code of the limit that the Markdown breaks.
pub(super) fn parse<'a>(
    arena: &'a Arena<'a>,
    markdown: &str,
    lines: &[&str],
    options: &Options<'_>,
) -> Result<(Node<'a>, LongRows), Code> {
    let root = limits::parse(arena, markdown, options)?;
    let found = long_rows(root, lines);
    let root = match found.widened(lines) {
        Some(widened) => limits::parse(arena, &widened, options)?,
        None => root,
    };
    Ok((root, found))
}

/// Looks at all tables below `root`, which was read from `lines`.
fn long_rows<'a>(root: Node<'a>, lines: &[&str]) -> LongRows {
    let mut found = LongRows::default();
    let mut added = 0;
    for node in root.descendants() {
        let columns = match &node.data().value {
            NodeValue::Table(table) => table.num_columns,
            _ => continue,
        };
        let mut first = None;
        let (mut rows, mut most) = (0_usize, 0);
        for row in node.children() {
            rows += 1;
            let LineColumn { line, column } = row.data().sourcepos.start;
            let text =
                line.checked_sub(1).and_then(|line| lines.get(line)?.get(column.checked_sub(1)?..));
            if let Some((at, surplus)) = surplus(text.unwrap_or_default(), columns) {
                first.get_or_insert(LineColumn { line, column: column + at });
                most = most.max(surplus);
            }
        }
        let Some(at) = first else { continue };
        let fits = most <= MAX_COLUMNS && added + most * rows <= MAX_CELLS;
        added += if fits { most * rows } else { 0 };
        let head = node.data().sourcepos.start.line;
        found.tables.insert(head, LongRow { at, missing: fits.then_some(most) });
    }
    found
}

/// Where the first cell of `row` begins that has text and stands behind `columns` others, in bytes, and
/// how many columns are missing for the last such cell. Cells are told apart as the parser does it: by
/// pipes that no backslash stands before.
fn surplus(row: &str, columns: usize) -> Option<(usize, usize)> {
    let row = row.trim_end();
    let behind = |at: usize| {
        let rest = row.get(at..).unwrap_or_default();
        at + rest.len() - rest.trim_start().len()
    };
    let mut at = if row.starts_with('|') { behind(1) } else { 0 };
    let (mut count, mut first, mut last) = (0_usize, None, 0);
    while at < row.len() {
        count += 1;
        let rest = row.get(at..).unwrap_or_default();
        let is_end = |pipe: &usize| !rest.get(..*pipe).unwrap_or_default().ends_with('\\');
        let end = rest.match_indices('|').map(|(pipe, _)| pipe).find(is_end);
        if count > columns && end != Some(0) {
            first.get_or_insert(at);
            last = count;
        }
        at = end.map_or(row.len(), |pipe| behind(at + pipe + 1));
    }
    first.map(|first| (first, last - columns))
}

impl LongRows {
    /// `lines` with the columns that are missing; `None` where none is.
    fn widened(&self, lines: &[&str]) -> Option<String> {
        if self.tables.values().all(|row| row.missing.is_none()) {
            return None;
        }
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for (head, row) in &self.tables {
            let Some(missing) = row.missing else { continue };
            // Below the head stands the line that says that it is one.
            for (line, cell) in [(head.checked_sub(1), " |"), (Some(*head), "---|")] {
                if let Some(line) = line.and_then(|line| lines.get_mut(line)) {
                    extend(line, cell, missing);
                }
            }
        }
        Some(lines.join("\n"))
    }

    /// The same tables where `place` says that they are.
    pub(super) fn moved(self, place: impl Fn(LineColumn) -> LineColumn) -> Self {
        let tables = self.tables.into_iter().map(|(line, row)| {
            let head = place(LineColumn { line, column: 1 }).line;
            (head, LongRow { at: place(row.at), ..row })
        });
        Self { tables: tables.collect() }
    }

    /// Tells of all tables. Those that would become too large are shown as they are written.
    pub(super) fn report<'a>(self, passes: &mut Passes<'a, '_>, root: Node<'a>) {
        if self.tables.is_empty() {
            return;
        }
        for row in self.tables.values() {
            passes.report_at(Code::RowTooLong, row.at);
        }
        for node in root.descendants().collect::<Vec<_>>() {
            if !matches!(node.data().value, NodeValue::Table(_)) {
                continue;
            }
            let position = node.data().sourcepos;
            let long = self.tables.get(&position.start.line);
            if long.is_some_and(|row| row.missing.is_none()) {
                let from = position.start.column.saturating_sub(1);
                let lines = (position.start.line..=position.end.line).map(|line| passes.line(line));
                let text: Vec<&str> = lines.map(|line| line.get(from..).unwrap_or(line)).collect();
                let literal = text.join("\n") + "\n";
                let code = NodeCodeBlock { literal, ..NodeCodeBlock::default() };
                node.insert_before(passes.node(NodeValue::CodeBlock(Box::new(code)), node));
                node.detach();
            }
        }
    }
}

/// Adds `cell` to a row, `times`.
fn extend(row: &mut String, cell: &str, times: usize) {
    row.truncate(row.trim_end().len());
    let is_closed = row.ends_with('|') && !row.ends_with("\\|");
    row.push_str(if is_closed { "" } else { " |" });
    row.push_str(&cell.repeat(times));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_as_the_parser_counts_them() {
        for (row, columns, expected) in [
            ("| a | b |", 2, None),
            ("a | b", 2, None),
            ("| a | b | c", 2, Some((10, 1))),
            ("a|b|c|d|", 2, Some((4, 2))),
            ("| a \\| b | c |", 2, None),
            ("| a \\\\| b | c |", 2, None),
            ("| `a|b` |", 1, Some((5, 1))),
            ("| a | b | |", 2, None),
            ("||||", 2, None),
            ("|||| c ||", 2, Some((5, 2))),
            ("甲|乙|丙", 2, Some((8, 1))),
            ("", 1, None),
        ] {
            assert_eq!(surplus(row, columns), expected, "{row}");
        }
    }
}
