//! Lists whose indentation was lost on the way: `*`, `+` and `-` at the margin stand for its depth,
//! as the editors that write lists for people change the mark with every level, in this order.

use comrak::nodes::{ListType, Node, NodeValue};

use super::{Passes, mind_map};
use crate::render::codes::Code;

/// Puts lists back into each other. Each becomes a part of the last item before it, and the author is
/// told once that this was done.
pub(super) fn infer<'a>(passes: &mut Passes<'a, '_>, root: Node<'a>) {
    let mut first = None;
    for node in root.descendants().collect::<Vec<_>>() {
        let follows = node.previous_sibling().is_some_and(|previous| follows(previous, node));
        if !follows && bullet(node).is_some() {
            let run = run(node);
            if run.iter().all(|list| is_flat(list)) && shows_depth(&run) {
                nest(&run);
                first = first.or(Some(node));
            }
        }
    }
    if let Some(node) = first {
        passes.report(Code::NestingInferred, node);
    }
}

/// The mark of a list without numbers.
fn bullet<'a>(node: Node<'a>) -> Option<u8> {
    match &node.data().value {
        NodeValue::List(_) if mind_map::is_made(node) => None,
        NodeValue::List(list) if list.list_type == ListType::Bullet => Some(list.bullet_char),
        _ => None,
    }
}

/// Whether `next` begins on the line after `list`, in the same column, with another mark.
fn follows<'a>(list: Node<'a>, next: Node<'a>) -> bool {
    let (Some(mark), Some(other)) = (bullet(list), bullet(next)) else { return false };
    let (above, below) = (list.data().sourcepos, next.data().sourcepos);
    mark != other
        && below.start.line == above.end.line + 1
        && below.start.column == above.start.column
}

/// `first` and the lists that follow it without a gap.
fn run<'a>(first: Node<'a>) -> Vec<Node<'a>> {
    let mut run = vec![first];
    for next in first.following_siblings().skip(1) {
        match run.last() {
            Some(last) if follows(last, next) => run.push(next),
            _ => break,
        }
    }
    run
}

/// Whether no item has a list of its own: then nothing says that the indentation was lost.
fn is_flat<'a>(list: &Node<'a>) -> bool {
    list.children()
        .flat_map(|item| item.children())
        .all(|child| !matches!(child.data().value, NodeValue::List(_)))
}

/// Whether the marks of `run` come in the order in which editors give them to levels, or one of them
/// comes back. Two lists side by side show neither.
fn shows_depth<'a>(run: &[Node<'a>]) -> bool {
    let marks: Vec<u8> = run.iter().filter_map(|list| bullet(list)).collect();
    marks.len() > 2 || marks == b"*+"
}

/// A mark is one level below those that were seen before it.
fn nest<'a>(run: &[Node<'a>]) {
    let mut marks: Vec<u8> = Vec::new();
    // The list that is open at each level.
    let mut open: Vec<Node<'a>> = Vec::new();
    for list in run {
        let Some(mark) = bullet(list) else { continue };
        let level = marks.iter().position(|seen| *seen == mark).unwrap_or_else(|| {
            marks.push(mark);
            marks.len() - 1
        });
        open.truncate(level + 1);
        if let Some(same) = open.get(level) {
            same.extend(list.children().collect::<Vec<_>>());
            list.detach();
        } else {
            let item = open.last().and_then(|above| above.last_child());
            if let Some(item) = item {
                item.append(list);
            }
            open.push(list);
        }
    }
}

/// Whether the parser read `list` beside the one that it stands in now.
pub(super) fn is_inferred<'a>(list: Node<'a>) -> bool {
    let start = |node: Node<'a>| node.data().sourcepos.start;
    let above = list.parent().and_then(|item| item.parent());
    bullet(list).is_some()
        && above.is_some_and(|above| {
            bullet(above).is_some() && start(above).column == start(list).column
        })
}
