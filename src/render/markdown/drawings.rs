//! Blocks of code that stand for something that is no code: tables in values, mind maps.

use comrak::Options;
use comrak::nodes::{Node, NodeValue};

use super::code::Info;
use super::csv_table::{self, CsvTable};
use super::{Passes, limits, mind_map};
use crate::render::codes::Code;

/// Mind maps of a note at most.
const MAX_MAPS: usize = 100;

/// Puts what they stand for in the place of all such blocks below `root`. Those that are too large stay
/// as they are written, and the author is told.
///
/// # Errors
///
/// Where the note is nested too deeply with them.
pub(super) fn draw<'a>(
    passes: &mut Passes<'a, '_>,
    root: Node<'a>,
    options: &Options<'_>,
) -> Result<(), Code> {
    let mut left = Left { cells: csv_table::MAX_CELLS, maps: MAX_MAPS };
    for node in root.descendants().collect::<Vec<_>>() {
        let (info, text) = match &mut node.data_mut().value {
            NodeValue::CodeBlock(block) if is_drawn(&block.info) => {
                (Info::parse(&block.info), std::mem::take(&mut block.literal))
            }
            _ => continue,
        };
        let drawn = drawing(passes, node, &info, &text, options, &mut left);
        if let Ok(Some(drawn)) = drawn {
            replace(passes, node, drawn, &info);
            continue;
        }
        if drawn.is_err() {
            passes.report(Code::NotDrawn, node);
        }
        if let NodeValue::CodeBlock(block) = &mut node.data_mut().value {
            block.literal = text;
        }
    }
    if left.maps < MAX_MAPS { limits::check_depth(root) } else { Ok(()) }
}

/// What may still be drawn in a note.
struct Left {
    cells: usize,
    maps: usize,
}

/// It is too large to be drawn, or nested too deeply.
pub(super) struct TooMuch;

/// What `text`, which is the content of `fence`, stands for; `None` where it holds nothing.
fn drawing<'a>(
    passes: &mut Passes<'a, '_>,
    fence: Node<'a>,
    info: &Info,
    text: &str,
    options: &Options<'_>,
    left: &mut Left,
) -> Result<Option<Node<'a>>, TooMuch> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if info.language == CSV {
        let table = CsvTable::read(text, info.delimiter, info.has_header, left.cells);
        let table = table.ok_or(TooMuch)?;
        left.cells -= table.cells();
        return Ok(Some(table.node(passes, fence)));
    }
    left.maps = left.maps.checked_sub(1).ok_or(TooMuch)?;
    mind_map::read(passes, fence, text, options)
}

const CSV: &str = "csvpreview";
const MAP: &str = "markmap";

fn is_drawn(info: &str) -> bool {
    let language = Info::parse(info).language;
    [CSV, MAP].contains(&language.as_str())
}

/// Puts `drawn` in the place of `fence`, with what it is above it. That a table is one can be seen.
fn replace<'a>(passes: &Passes<'a, '_>, fence: Node<'a>, drawn: Node<'a>, info: &Info) {
    let label = info.title.as_deref().or((info.language == MAP).then_some("Mind map"));
    fence.insert_before(drawn);
    if let Some(label) = label {
        let raw = |html: String| passes.node(NodeValue::Raw(html), fence);
        let mut open = String::from("<figure class=\"code-figure\"><figcaption>");
        // Writing to a string does not fail.
        let _ = comrak::html::escape(&mut open, label);
        open.push_str("</figcaption>\n");
        drawn.insert_before(raw(open));
        drawn.insert_after(raw("</figure>\n".to_owned()));
    }
    fence.detach();
}
