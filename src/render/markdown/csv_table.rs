//! The table that the lines of a `csvpreview` stand for.

use comrak::nodes::{Node, NodeTable, NodeValue, TableAlignment};

use super::Passes;

/// Cells of the tables of a note at most, empty ones among them.
pub(super) const MAX_CELLS: usize = 10_000;
/// Columns of a table at most.
const MAX_COLUMNS: usize = 100;
/// What stands between cells where nothing says it: that of these which is most often in the first line.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A table in values.
pub(super) struct CsvTable {
    rows: Vec<csv::StringRecord>,
    columns: usize,
    has_header: bool,
}

impl CsvTable {
    /// Reads `text`. `None` where it has no rows, or more than `max` cells.
    pub(super) fn read(
        text: &str,
        delimiter: Option<char>,
        has_header: bool,
        max: usize,
    ) -> Option<Self> {
        let delimiter = delimiter.and_then(|c| u8::try_from(c).ok()).filter(u8::is_ascii);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(delimiter.unwrap_or_else(|| most_frequent(text)))
            .from_reader(text.as_bytes());
        let mut table = Self { rows: Vec::new(), columns: 0, has_header };
        for row in reader.records() {
            let row = row.ok()?;
            table.columns = table.columns.max(row.len());
            table.rows.push(row);
            if table.columns > MAX_COLUMNS || table.cells() > max {
                return None;
            }
        }
        (!table.rows.is_empty()).then_some(table)
    }

    /// How many cells it has, with those that fill short rows.
    pub(super) fn cells(&self) -> usize {
        self.columns * self.rows.len()
    }

    /// The table as nodes that stand where `at` stands.
    pub(super) fn node<'a>(&self, passes: &Passes<'a, '_>, at: Node<'a>) -> Node<'a> {
        let table = passes.node(
            NodeValue::Table(Box::new(NodeTable {
                alignments: vec![TableAlignment::None; self.columns],
                num_columns: self.columns,
                num_rows: self.rows.len(),
                num_nonempty_cells: self.cells(),
            })),
            at,
        );
        for (index, values) in self.rows.iter().enumerate() {
            let row = passes.node(NodeValue::TableRow(self.has_header && index == 0), at);
            for column in 0..self.columns {
                let cell = passes.node(NodeValue::TableCell, at);
                for (line, text) in values.get(column).unwrap_or_default().lines().enumerate() {
                    if line > 0 {
                        cell.append(passes.node(NodeValue::LineBreak, at));
                    }
                    cell.append(passes.text(text, at));
                }
                row.append(cell);
            }
            table.append(row);
        }
        table
    }
}

fn most_frequent(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| line.bytes().filter(|byte| *byte == delimiter).count();
    let [comma, others @ ..] = DELIMITERS;
    others.into_iter().fold(comma, |best, next| if count(next) > count(best) { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<(usize, usize)> {
        CsvTable::read(text, None, false, MAX_CELLS).map(|table| (table.rows.len(), table.columns))
    }

    #[test]
    fn delimiters_are_found_in_the_first_line() {
        for text in ["a,b\n1,2\n", "a;b,\nc;d", "a\tb\n1\t2", "a|b\n\"1|2\"|3"] {
            assert_eq!(shape(text), Some((2, 2)), "{text:?}");
        }
        let stated = CsvTable::read("a,b;c", Some(';'), false, MAX_CELLS).unwrap();
        assert_eq!(stated.rows[0].get(0), Some("a,b"));
    }

    #[test]
    fn tables_have_limits() {
        assert_eq!(shape(""), None);
        assert_eq!(shape(&"a\n".repeat(MAX_CELLS)), Some((MAX_CELLS, 1)));
        assert_eq!(shape(&"a\n".repeat(MAX_CELLS + 1)), None);
        assert_eq!(shape(&",".repeat(MAX_COLUMNS)), None);
        // A single wide row counts for every other.
        let wide = format!("{}\n{}", ",".repeat(MAX_COLUMNS - 1), "a\n".repeat(MAX_CELLS / 100));
        assert_eq!(shape(&wide), None);
    }
}
