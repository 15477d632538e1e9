//! Findings on a terminal, with the text that is meant underlined, as compilers show theirs.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::diagnostics::{count, steers, visible};
use super::screen;
use super::source::Source;
use crate::api::{Diagnostic, Severity};
use crate::document::SourceFile;
use crate::lint::{self, Finding, Mark, Text, Texts};

/// Findings of one code that are shown of a document, and of all of them. An author who has seen these
/// knows what is meant. A single one more takes no more room than saying so.
const MAX_OF_DOCUMENT: usize = 3;
const MAX_OF_ALL: usize = 10;
/// Lines that are shown of one finding.
const MAX_LINES: usize = 3;
/// Characters of a line that are looked at before a mark, of it and behind it. The renderer makes them
/// fit the screen; what is longer would only cost time.
const BEFORE: usize = 1000;
const WITHIN: usize = 500;
const BEHIND: usize = 200;

/// Writes what reading said of `files`.
pub(super) fn tell(
    source: &Source,
    diagnostics: &[Diagnostic],
    files: &[SourceFile],
) -> std::io::Result<()> {
    let texts = lint::texts(files);
    print(&lint::of_reading(diagnostics, &texts), &texts, source)
}

/// Writes findings to standard error, few of each code. Errors are never left out. Colours only on a
/// terminal.
pub(super) fn print(
    findings: &[Finding],
    texts: &Texts<'_>,
    source: &Source,
) -> std::io::Result<()> {
    let mut out = anstream::stderr().lock();
    let renderer = Renderer::styled().term_width(screen::width_of_messages());
    let (shown, more) = few(findings);
    for finding in &shown {
        let place = visible(&source.place(&finding.diagnostic.path));
        let text = texts.get(finding.diagnostic.path.as_str());
        let window = text.and_then(|text| Window::new(text, &finding.marks));
        writeln!(out, "{}\n", renderer.render(&[group(finding, &place, window)]))?;
    }
    for (code, left) in &more {
        writeln!(out, "{} of {code} not shown", count(*left, "more finding"))?;
    }
    if !more.is_empty() {
        writeln!(out, "`talknotes lint --output short` lists all of them.")?;
    }
    if let Some(finding) = shown.first() {
        let Diagnostic { code, .. } = &finding.diagnostic;
        writeln!(out, "`talknotes explain {code}` says more, and so for each code.")?;
    }
    Ok(())
}

/// The findings that are shown, and how many are not of each code.
fn few(findings: &[Finding]) -> (Vec<&Finding>, BTreeMap<&str, usize>) {
    let mut all: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for Diagnostic { code, path, .. } in findings.iter().map(|finding| &finding.diagnostic) {
        *all.entry((code, Some(path))).or_default() += 1;
        *all.entry((code, None)).or_default() += 1;
    }
    let mut seen: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    let (mut shown, mut more) = (Vec::new(), BTreeMap::new());
    for finding in findings {
        let Diagnostic { code, path, severity, .. } = &finding.diagnostic;
        let mut fits = |path, most| {
            let times = seen.entry((code.as_str(), path)).or_default();
            let fits = *times < most || all.get(&(code.as_str(), path)) <= Some(&(most + 1));
            *times += usize::from(fits);
            fits
        };
        let few = fits(Some(path.as_str()), MAX_OF_DOCUMENT) && fits(None, MAX_OF_ALL);
        if few || *severity == Severity::Error {
            shown.push(finding);
        } else {
            *more.entry(code.as_str()).or_default() += 1;
        }
    }
    (shown, more)
}

fn group<'g>(finding: &Finding, place: &'g str, window: Option<Window>) -> Group<'g> {
    let Finding { diagnostic, help, fix, .. } = finding;
    let Diagnostic { severity, code, message, line, column, .. } = diagnostic;
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let number = |number: &Option<i32>| number.and_then(|number| usize::try_from(number).ok());
    let mut origin = Origin::path(place);
    if let Some(line) = number(line) {
        origin = origin.line(line);
        if let Some(column) = number(column) {
            origin = origin.char_column(column);
        }
    }
    let title = level.primary_title(visible(message)).id(code.clone());
    let mut group = match window {
        Some(Window { shown, line, marks, cut }) => {
            let annotations = marks.into_iter().enumerate().map(|(index, (range, label))| {
                let kind =
                    if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                kind.span(range).label((!label.is_empty()).then_some(label))
            });
            let snippet = Snippet::source(shown).line_start(line).annotations(annotations);
            // Of a line that was cut the renderer cannot tell the column.
            match cut {
                true => title.element(origin).element(snippet),
                false => title.element(snippet.path(place)),
            }
        }
        None => title.element(origin),
    };
    if let Some(help) = help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    match fix {
        Some(_) => group.element(Level::HELP.message("`talknotes lint --fix` does this")),
        None => group,
    }
}

/// The lines that are shown, with nothing in them that steers a terminal and nothing private, and the
/// marks in them.
struct Window {
    shown: String,
    /// Number of the first line.
    line: usize,
    marks: Vec<(Range<usize>, String)>,
    /// Whether a line is not shown from its beginning.
    cut: bool,
}

impl Window {
    fn new(text: &Text<'_>, marks: &[Mark]) -> Option<Self> {
        let line = |mark: &Mark| text.position(mark.start).line;
        let first = line(marks.first()?);
        let last =
            marks.iter().map(line).max().filter(|last| (first..first + MAX_LINES).contains(last));
        let mut window = Self { shown: String::new(), line: first, marks: Vec::new(), cut: false };
        for number in first..=last.unwrap_or(first) {
            if number > first {
                window.shown.push('\n');
            }
            let here: Vec<&Mark> = marks.iter().filter(|mark| line(mark) == number).collect();
            window.add(text, text.line_range(number)?, &here);
        }
        Some(window)
    }

    /// Adds a line with the marks in it.
    fn add(&mut self, text: &Text<'_>, line: Range<usize>, marks: &[&Mark]) {
        let part = around(text, &line, marks.first().map(|mark| mark.range()));
        if part.start > line.start {
            self.shown.push('…');
            self.cut = true;
        }
        let mut at = part.start;
        for mark in marks.iter().filter(|mark| (part.start..=part.end).contains(&mark.start)) {
            let (start, end) = (mark.start.max(at), mark.end.clamp(at, part.end));
            self.push(text.slice(at..start));
            let from = self.shown.len();
            match mark.private {
                true => self.push(&hidden(text.slice(start..end))),
                false => self.push(text.slice(start..end)),
            }
            self.marks.push((from..self.shown.len(), mark.label.clone()));
            at = end.max(start);
        }
        self.push(text.slice(at..part.end));
        if part.end < line.end && !self.shown.ends_with('…') {
            self.shown.push('…');
        }
    }

    /// Tabs are made spaces where the line is drawn.
    fn push(&mut self, text: &str) {
        let shown = text.chars().map(|c| if c != '\t' && steers(c) { '\u{fffd}' } else { c });
        self.shown.extend(shown);
    }
}

/// The part of a line that is shown: what is marked, and some of what stands around it.
fn around(text: &Text<'_>, line: &Range<usize>, mark: Option<Range<usize>>) -> Range<usize> {
    let mark = mark.unwrap_or(line.start..line.start);
    let before = text.slice(line.start..mark.start).char_indices().rev().nth(BEFORE - 1);
    let start = before.map_or(line.start, |(at, _)| line.start + at);
    let wanted = WITHIN.min(text.slice(mark.clone()).chars().count()) + BEHIND;
    let behind = text.slice(mark.start..line.end).char_indices().nth(wanted);
    start..behind.map_or(line.end, |(at, _)| mark.start + at)
}

/// What may be shown of a private text: of an address on the web where it leads.
fn hidden(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").map_or(("", ""), |(scheme, rest)| (scheme, rest));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host.is_empty() || host.contains('@') {
        true => "…".to_owned(),
        false => format!("{scheme}://{host}/…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_of_each_code_are_shown_and_all_errors() {
        let finding = |path: &str, code: &str, severity| Finding {
            diagnostic: Diagnostic {
                path: path.to_owned(),
                line: None,
                column: None,
                severity,
                code: code.to_owned(),
                message: String::new(),
            },
            marks: Vec::new(),
            help: None,
            fix: None,
        };
        let paths: Vec<String> = (0..9).map(|number| number.to_string()).collect();
        let mut all: Vec<Finding> = Vec::new();
        for path in &paths {
            all.extend((0..5).map(|_| finding(path, "TN1102", Severity::Warning)));
            all.extend((0..5).map(|_| finding(path, "TN1003", Severity::Error)));
        }
        all.extend((0..4).map(|_| finding("0", "TN1101", Severity::Info)));
        let (shown, more) = few(&all);
        let number = |path: &str, code: &str| {
            let is =
                |found: &&&Finding| found.diagnostic.code == code && found.diagnostic.path == path;
            shown.iter().filter(is).count()
        };
        assert_eq!(
            (number("0", "TN1102"), number("3", "TN1102"), number("4", "TN1102")),
            (3, 1, 0)
        );
        assert_eq!((number("8", "TN1003"), number("0", "TN1101")), (5, 4));
        assert_eq!(more, BTreeMap::from([("TN1102", 35)]));
    }

    fn shown(line: &str, start: usize, end: usize, private: bool) -> (String, String) {
        let text = Text::new(line.as_bytes());
        let mark = Mark { start, end, label: String::new(), private };
        let window = Window::new(&text, &[mark]).unwrap();
        let marked = window.shown.get(window.marks[0].0.clone()).unwrap().to_owned();
        (window.shown, marked)
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_shown() {
        let (line, marked) = shown("a\u{1b}[31m\u{9b}2J\u{202e}b", 1, 2, false);
        assert_eq!(
            (line.as_str(), marked.as_str()),
            ("a\u{fffd}[31m\u{fffd}2J\u{fffd}b", "\u{fffd}")
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let url = "https://a.example/b?token=hunter2";
        assert_eq!(shown(url, 0, url.len(), true).0, "https://a.example/…");
        let user = "https://me:hunter2@a.example/";
        assert_eq!(shown(user, 0, user.len(), true).0, "…");
        assert_eq!(shown("Bo bo@a.example", 3, 15, true).0, "Bo …");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let line = format!("{}here{}", "講".repeat(2000), "者".repeat(2000));
        let (shown, marked) = shown(&line, 6000, 6004, false);
        assert_eq!(marked, "here");
        assert_eq!(shown.chars().count(), 1 + BEFORE + 4 + BEHIND + 1);
        let all = super::around(&Text::new(line.as_bytes()), &(0..line.len()), Some(0..line.len()));
        assert_eq!(all, 0..3 * (WITHIN + BEHIND));
    }
}
