//! The scanner beside the parser that renders: both have to see the same headings at the top level.

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::*;

/// Lines that are pieced together. What the two read differently on purpose is not among them: `---`
/// under text, `##Heading`, headings in HTML, fences that a container ends before they are closed, marks
/// of items with nothing behind them in a paragraph, and a tag alone or text below HTML in a quote, which the
/// parser does not take for a part of what stands above.
const LINES: &[&str] = &[
    "",
    "",
    "",
    "text",
    "# Heading",
    "## Second",
    "- item",
    "* item",
    "1. item",
    "10. item",
    "- - two",
    "> quote",
    "> - item",
    "<!-- open",
    "-->",
    "<!-- a -->",
    "<details>",
    "</details>",
    "<summary>a</summary>",
    "<pre>",
    "a</pre>",
    "<script>",
    "a</style>",
    "<?php",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE",
    "<kbd>a</kbd>",
    "<b a",
    "- <details>",
    "- <!-- open",
    "[^1]: note",
    "***",
    "- # Heading",
    "| a |",
    "```",
    "- ```",
];

const INDENTS: &[&str] = &["", "", "", "", "  ", "   ", "    ", "      "];

/// Some of `lines`, each with an indentation.
fn pieced(lines: &[&'static str], random: &mut fastrand::Rng) -> String {
    let chosen = (0..random.usize(2..9)).map(|_| {
        let pick = |list: &[&'static str], at: usize| *list.get(at).unwrap();
        let indent = pick(INDENTS, random.usize(..INDENTS.len()));
        let line = pick(lines, random.usize(..lines.len()));
        if line.is_empty() { String::new() } else { format!("{indent}{line}") }
    });
    chosen.collect::<Vec<_>>().join("\n")
}

/// The lines of the headings that the scanner finds.
fn scanned(text: &str) -> Vec<usize> {
    let mut scanner = Scanner::default();
    let kinds = text.lines().map(|line| scanner.next(line));
    let headings = kinds.enumerate().filter(|(_, kind)| matches!(kind, LineKind::Heading(_)));
    headings.map(|(line, _)| line + 1).collect()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.block_directive = true;
    options.extension.footnotes = true;
    options.extension.table = true;
    options.parse.leave_footnote_definitions = true;
    options
}

/// The lines of the headings in the tree that stand in nothing but `:::` containers.
fn parsed(text: &str) -> Vec<usize> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    let in_container = |node: Node<'_>| {
        node.ancestors().skip(1).all(|above| {
            matches!(above.data().value, NodeValue::Document | NodeValue::BlockDirective(_))
        })
    };
    let headings = root.descendants().filter(|node| {
        matches!(&node.data().value, NodeValue::Heading(heading) if !heading.setext)
            && in_container(node)
    });
    headings.map(|node| node.data().sourcepos.start.line).collect()
}

/// What begins on a line, for both.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Begins {
    /// An item, with the number of lists around it.
    Item(usize),
    /// A fence at the top level, with the line after its last.
    Fence(usize),
}

/// Lines of items and fences, which quotes, tables and footnotes have none of.
const LISTED: &[&str] = &[
    "",
    "",
    "",
    "text",
    "# Heading",
    "- item",
    "* item",
    "+ item",
    "- [ ] item",
    "1. item",
    "2. item",
    "10) item",
    "```",
    "~~~",
    "``` rust",
    "**bold**",
    "[a](b)",
];

fn scanned_blocks(text: &str) -> Vec<(usize, Begins)> {
    let outline = crate::document::markdown::outline::Outline::new(text);
    let items = outline.lines.iter().enumerate().filter_map(|(index, line)| match line.kind {
        LineKind::Item { depth, .. } => Some((index + 1, Begins::Item(depth))),
        _ => None,
    });
    let fences = outline.fences.iter().map(|fence| (fence.line + 1, Begins::Fence(fence.end)));
    let mut found: Vec<_> = items.chain(fences).collect();
    found.sort();
    found
}

fn parsed_blocks(text: &str) -> Vec<(usize, Begins)> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    let above = |node: Node<'_>| {
        node.ancestors().filter(|above| matches!(above.data().value, NodeValue::List(_))).count()
    };
    let mut found: Vec<_> = root
        .descendants()
        .filter_map(|node| {
            let data = node.data();
            let begins = match &data.value {
                NodeValue::Item(_) | NodeValue::TaskItem(_) => Begins::Item(above(node) - 1),
                NodeValue::CodeBlock(code) if code.fenced && above(node) == 0 => {
                    Begins::Fence(data.sourcepos.end.line)
                }
                _ => return None,
            };
            Some((data.sourcepos.start.line, begins))
        })
        .collect();
    found.sort();
    // A line that begins several items is one.
    found.dedup_by_key(|(line, _)| *line);
    found
}

#[test]
fn the_scanner_and_the_parser_see_the_same_items_and_fences() {
    let mut random = fastrand::Rng::with_seed(47);
    let mut found = 0;
    let mut otherwise = Vec::new();
    for _ in 0..8_000 {
        let text = pieced(LISTED, &mut random) + "\n";
        let blocks = parsed_blocks(&text);
        found += blocks.len();
        let scanned = scanned_blocks(&text);
        if scanned != blocks {
            otherwise.push(format!("{text:?}\n  scanned {scanned:?}\n  parsed  {blocks:?}"));
        }
    }
    otherwise.sort_by_key(String::len);
    let shortest = otherwise.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(otherwise.is_empty(), "{} texts, such as\n{shortest}", otherwise.len());
    assert!(found > 8_000, "{found} blocks are few");
}

#[test]
fn what_ends_with_its_container_hides_no_heading() {
    for open in ["<details>", "<!-- a", "<pre>", "<script>", "<?a", "<![CDATA[ a", "<!A", "<kbd>"] {
        for text in [
            format!("- a\n  {open}\n# b"),
            format!("- {open}\n# b"),
            format!("1. a\n\n   {open}\n\n   c\n# b"),
            format!("- a\n  - b\n    {open}\n\n# b"),
            format!("> {open}\n# b"),
            format!("> a\n> {open}\n\n# b"),
            format!("- > {open}\n# b"),
            format!(":::info\n{open}\n:::\n# b"),
            format!(":::info\n- {open}\n:::\n# b"),
            format!("[^1]: {open}\n# b"),
            format!("[^1]: a\n\n    {open}\n\n# b"),
            format!("a\n\n: b\n\n  {open}\n\n# b"),
        ] {
            let heading = text.lines().count();
            assert_eq!(scanned(&text), [heading], "{text:?}");
        }
    }
}

#[test]
fn an_item_that_begins_with_a_blank_line_ends_with_a_second_one() {
    for text in ["* \n\n  <!-- a\n\n# b", "* \n  <!-- a\n\n# b", "*\n\n  a\n# b"] {
        assert_eq!(scanned(text), parsed(text), "{text:?}");
    }
}

#[test]
fn the_scanner_and_the_parser_see_the_same_headings() {
    let mut random = fastrand::Rng::with_seed(31);
    let mut found = 0;
    let mut otherwise = Vec::new();
    for _ in 0..8_000 {
        let text = pieced(LINES, &mut random);
        // A box that ends before a fence does ends it for the parser; the scanner waits, and tells.
        let is_boxed = !text.contains("```") && random.bool();
        let text =
            if is_boxed { format!(":::info\n{text}\n:::\n# Last") } else { text + "\n\n# Last" };
        let headings = parsed(&text);
        found += headings.len();
        if scanned(&text) != headings {
            otherwise.push(text);
        }
    }
    otherwise.sort_by_key(String::len);
    let shortest: Vec<String> = otherwise.iter().take(8).map(|text| format!("{text:?}")).collect();
    assert!(otherwise.is_empty(), "{} texts, such as\n{}", otherwise.len(), shortest.join("\n"));
    assert!(found > 4_000, "{found} headings are few");
}
