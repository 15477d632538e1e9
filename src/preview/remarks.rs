//! What is to be said of a document, beside the blocks of its page.

use askama::Template;

use crate::api::Severity;
use crate::lint::{Finding, Places};
use crate::render;
use crate::viewer::{Remark, remark};

/// What stands in the place of a note that has remarks and no text.
const NOTHING: &str = "<p class=\"empty\" lang=\"en\">Nothing was written about this talk yet.</p>";

#[derive(Template)]
#[template(path = "remarks.html")]
struct Remarks<'a> {
    remarks: Vec<Beside<'a>>,
}

struct Beside<'a> {
    remark: Remark<'a>,
    help: Option<&'a str>,
    /// Hints wait until somebody asks.
    open: bool,
}

/// The note `html` with what is said of it. That it is empty is still to be seen.
pub fn note_with_remarks(html: &str, places: &Places<'_>) -> String {
    let is_empty = html.is_empty() && !places.top.is_empty();
    with_remarks(if is_empty { NOTHING } else { html }, places)
}

/// `html`, a rendered text with an anchor at each line that something is said of, with what is said.
/// What has no anchor, as in a text that is shown as it was written, comes first.
pub fn with_remarks(html: &str, places: &Places<'_>) -> String {
    let mut page = html.to_owned();
    let mut top = places.top.clone();
    for (line, findings) in &places.lines {
        let anchor = render::anchor(*line);
        if page.contains(&anchor) {
            page = page.replacen(&anchor, &written(findings), 1);
        } else {
            top.extend(findings);
        }
    }
    // A preview without remarks is what is published, to the byte.
    if top.is_empty() { page } else { format!("{}{page}", written(&top)) }
}

fn written(findings: &[&Finding]) -> String {
    let remarks = Remarks { remarks: findings.iter().map(|finding| beside(finding)).collect() };
    // Only writing can fail, and writing to a string does not.
    remarks.render().unwrap_or_default()
}

fn beside(finding: &Finding) -> Beside<'_> {
    Beside {
        remark: remark(&finding.diagnostic),
        help: finding.help.as_deref(),
        open: finding.diagnostic.severity != Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::{Diagnostic, TalkNoteSpec};

    fn finding(message: &str) -> Finding {
        Finding {
            diagnostic: Diagnostic {
                path: "a.md".to_owned(),
                line: Some(3),
                column: Some(1),
                severity: Severity::Warning,
                code: "TN1101".to_owned(),
                message: message.to_owned(),
            },
            marks: Vec::new(),
            help: None,
            fix: None,
        }
    }

    fn rendered(markdown: &str, lines: &[usize]) -> String {
        let lines = lines.iter().copied().collect();
        render::anchored_note("a", &TalkNoteSpec::default(), markdown, &lines).html
    }

    #[test]
    fn remarks_stand_before_their_blocks_and_are_escaped() {
        let finding = finding("<script>&");
        let places = Places { top: Vec::new(), lines: BTreeMap::from([(3, vec![&finding])]) };
        let page = with_remarks(&rendered("one\n\ntwo\n\nthree", &[3]), &places);
        let parts: Vec<usize> =
            ["one", "<details", "&#60;script&#62;&#38;", "</details>", "two", "three"]
                .iter()
                .map(|part| page.find(part).unwrap_or_else(|| panic!("{part} in {page}")))
                .collect();
        assert!(parts.is_sorted(), "{page}");
    }

    #[test]
    fn remarks_find_their_blocks_in_lists_quotes_tables_and_containers() {
        for (markdown, line, before, after) in [
            ("* alpha\n* beta\n  * gamma\n* delta", 3, "beta", "gamma"),
            ("> alpha\n>\n> beta", 3, "alpha", "beta"),
            ("alpha\n\n| h |\n|---|\n| c |", 5, "alpha", "<table"),
            (":::info\nalpha\n\nbeta\n:::", 4, "alpha", "beta"),
            ("alpha\n---\nbeta", 1, "<section", "alpha"),
            ("# alpha\n\nbeta", 1, "</h2>", "beta"),
            ("- [ ] alpha\n- [x] beta", 2, "alpha", "beta"),
        ] {
            let finding = finding("said");
            let places =
                Places { top: Vec::new(), lines: BTreeMap::from([(line, vec![&finding])]) };
            let page = with_remarks(&rendered(markdown, &[line]), &places);
            let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part} in {page}"));
            assert!(at(before) < at("<details") && at("<details") < at(after), "{page}");
        }
    }

    #[test]
    fn what_has_no_block_is_said_first_and_nothing_said_changes_nothing() {
        let finding = finding("said");
        let places = Places { top: vec![&finding], lines: BTreeMap::from([(9, vec![&finding])]) };
        let page = with_remarks("<p>text</p>", &places);
        assert_eq!(page.matches("<details").count(), 2);
        assert!(page.ends_with("<p>text</p>"));
        let empty = Places { top: vec![&finding], lines: BTreeMap::new() };
        assert!(note_with_remarks("", &empty).ends_with(NOTHING));
        assert_eq!(note_with_remarks("", &Places::default()), "");
        let html = render::note("a", &TalkNoteSpec::default(), "one\n\n* two").html;
        assert_eq!(with_remarks(&rendered("one\n\n* two", &[]), &Places::default()), html);
    }
}
