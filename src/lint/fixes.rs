//! Corrections that leave no doubt: what is read and shown afterwards is what was read before, and
//! other programs read it alike; or a field is read that was not.

use std::ops::Range;

use super::text::Text;
use super::{Finding, Mark};
use crate::api::Diagnostic;
use crate::document::Code as Reading;

/// How something can be corrected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What is done, as one would tell somebody to do it.
    pub title: &'static str,
    /// The edits, in the order of their places; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Bytes of a file that become others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Where they start.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// What comes in their place.
    pub replacement: String,
}

impl Edit {
    fn insert(at: usize, text: &str) -> Self {
        Self { start: at, end: at, replacement: text.to_owned() }
    }

    /// The bytes of the file that are replaced.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The fix for `diagnostic`, where there is one.
pub(super) fn of(diagnostic: &Diagnostic, marks: &[Mark], text: &Text<'_>) -> Option<Fix> {
    let code = diagnostic.code.as_str();
    let line = usize::try_from(diagnostic.line?).ok()?;
    if code == Reading::SetextTrap.code() {
        let end = text.line_range(line)?.end + text.line_end(line).len();
        let edits = vec![Edit::insert(end, text.line_end(line))];
        return Some(Fix { title: "put a blank line between them", edits });
    }
    if code == Reading::HeadingWithoutSpace.code() {
        let edits = vec![Edit::insert(marks.first()?.end, " ")];
        return Some(Fix { title: "put a space behind the `#` marks", edits });
    }
    if code == Reading::Key.code() {
        let key = diagnostic.message.split_once("did you mean `")?.1.split_once('`')?.0;
        let Mark { start, end, .. } = *marks.first().filter(|mark| !mark.range().is_empty())?;
        let edits = vec![Edit { start, end, replacement: key.to_owned() }];
        return Some(Fix { title: "rename the key", edits });
    }
    None
}

/// `content` with the fixes of `findings`, which are of this one file. A fix that overlaps with one
/// before it is left for the next time. `None` where there is nothing to do.
pub fn fixed<'f>(
    content: &[u8],
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Option<Vec<u8>> {
    let mut edits: Vec<&Edit> = Vec::new();
    for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
        let end = edits.last().map(|edit| edit.end);
        let free = |edit: &Edit| {
            end.is_none_or(|end| edit.start > end || (edit.start == end && edit.end > end))
        };
        if fix.edits.first().is_some_and(free) {
            edits.extend(&fix.edits);
        }
    }
    let mut fixed = Vec::with_capacity(content.len());
    let mut at = 0;
    for edit in &edits {
        fixed.extend_from_slice(content.get(at..edit.start)?);
        fixed.extend_from_slice(edit.replacement.as_bytes());
        at = edit.end;
    }
    fixed.extend_from_slice(content.get(at..)?);
    (!edits.is_empty()).then_some(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Severity;

    fn finding(edits: &[(usize, usize, &str)]) -> Finding {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit {
            start,
            end,
            replacement: text.to_owned(),
        };
        Finding {
            diagnostic: Diagnostic {
                path: "a.md".to_owned(),
                line: None,
                column: None,
                severity: Severity::Warning,
                code: "TN1101".to_owned(),
                message: String::new(),
            },
            marks: Vec::new(),
            help: None,
            fix: Some(Fix { title: "", edits: edits.iter().map(edit).collect() }),
        }
    }

    #[test]
    fn edits_are_made_in_order_and_those_that_overlap_wait() {
        let found = [finding(&[(1, 1, "x")]), finding(&[(2, 4, "y")]), finding(&[(3, 5, "z")])];
        assert_eq!(fixed(b"abcdef", &found).unwrap(), b"axbyef");
        let twice = [finding(&[(1, 1, "x")]), finding(&[(1, 1, "x")])];
        assert_eq!(fixed(b"ab", &twice).unwrap(), b"axb", "two insertions at one place are one");
        assert_eq!(fixed(b"ab", &[]), None);
        assert_eq!(fixed(b"ab", &[finding(&[(1, 9, "")])]), None, "nothing is made of odd places");
    }
}
