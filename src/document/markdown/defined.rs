//! What a document defines once and each of its talks may refer to: footnotes and abbreviations.
//!
//! A definition counts for the whole document, wherever it stands. A talk gets those that it refers to,
//! and loses those that only others refer to: an edit of one changes the talks that show it, and no other.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::footnotes::{INDENT, abbreviation, end_of_footnote, footnote};
use super::inline::Inline;
use super::links::may_hold_links;
use super::outline::{Line, Outline};

/// Abbreviations of a document that are looked for; each costs a look at every line.
const MAX_ABBREVIATIONS: usize = 100;
/// Bytes that all references of a document together may be handed; past it, definitions stay where they are.
const MAX_HANDED: usize = 64 * 1024 * 1024;

/// A definition with the lines that it stands in.
#[derive(Debug)]
struct Definition {
    from: usize,
    to: usize,
    /// Its lines, moved to the left.
    text: String,
    /// Labels of footnotes that its text refers to.
    refers: BTreeSet<String>,
    /// Whether the document has another one of this label.
    repeated: bool,
}

/// Footnotes and abbreviations of a text.
#[derive(Debug, Default)]
pub(in crate::document) struct Defined {
    footnotes: BTreeMap<String, Definition>,
    abbreviations: BTreeMap<String, Definition>,
    /// Labels of footnotes that the text refers to, outside of definitions and in them.
    referred: BTreeSet<String>,
    /// Abbreviations that stand in the text.
    used: BTreeSet<String>,
}

impl Defined {
    /// What `outline` defines and refers to.
    pub fn of(outline: &Outline<'_>) -> Self {
        let mut defined = Self::with_definitions(outline);
        if defined.is_empty() {
            return defined;
        }
        let references = defined.look(outline);
        let bytes: usize = defined.footnotes.values().map(|footnote| footnote.text.len()).sum();
        if references.saturating_mul(bytes) > MAX_HANDED {
            return Self::default();
        }
        defined
    }

    /// Whether there is no definition.
    pub fn is_empty(&self) -> bool {
        self.footnotes.is_empty() && self.abbreviations.is_empty()
    }

    fn with_definitions(outline: &Outline<'_>) -> Self {
        let mut defined = Self::default();
        let mut at = 0;
        while let Some(line) = outline.lines.get(at) {
            let next = if let Some((label, base)) = footnote(line) {
                let to = end_of_footnote(outline, at, base);
                add(&mut defined.footnotes, label, definition(outline, (at, to), base));
                to
            } else if let Some(short) = abbreviation(line) {
                if defined.abbreviations.len() < MAX_ABBREVIATIONS {
                    add(&mut defined.abbreviations, short, definition(outline, (at, at + 1), 0));
                }
                at + 1
            } else {
                at + 1
            };
            at = next;
        }
        defined
    }

    /// Looks for references in `outline`, whose definitions these are, and counts them.
    fn look(&mut self, outline: &Outline<'_>) -> usize {
        let text = undefined_lines(outline, self.footnotes.values());
        let own: Vec<Inline> = text.map(|line| Inline::new(line.text)).collect();
        let mut count = 0;
        for line in &own {
            let labels = line.footnotes();
            count += labels.len();
            self.referred.extend(labels);
        }
        for footnote in self.footnotes.values() {
            count += footnote.refers.len();
            self.referred.extend(footnote.refers.iter().cloned());
        }
        let notes = self.footnotes.values().map(|footnote| footnote.text.as_str());
        let prose: Vec<String> = own.iter().map(Inline::prose).collect();
        let texts: Vec<&str> = prose.iter().map(String::as_str).chain(notes).collect();
        self.used = used(&self.abbreviations, &texts);
        count
    }

    /// `text`, which is a part of the document, with the definitions that it refers to, and without those
    /// that only other parts refer to.
    pub fn hand_to<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() || text.is_empty() {
            return Cow::Borrowed(text);
        }
        let outline = Outline::new(text);
        let mut own = Self::with_definitions(&outline);
        let direct = undefined_lines(&outline, own.footnotes.values());
        let lines: Vec<Inline> = direct.map(|line| Inline::new(line.text)).collect();
        let labels = lines.iter().flat_map(Inline::footnotes);
        let referred = self.reached(labels.collect(), &own);
        let missing = |label: &&String| !own.footnotes.contains_key(*label);
        let mut handed: Vec<&Definition> =
            referred.iter().filter(missing).filter_map(|label| self.footnotes.get(label)).collect();
        handed.sort_by_key(|footnote| footnote.from);
        let footnotes: Vec<&str> = handed.iter().map(|footnote| footnote.text.as_str()).collect();

        let kept = own.footnotes.iter().filter(|(label, _)| referred.contains(*label));
        let notes =
            kept.map(|(_, footnote)| footnote.text.as_str()).chain(footnotes.iter().copied());
        let prose: Vec<String> = lines.iter().map(Inline::prose).collect();
        let texts: Vec<&str> = prose.iter().map(String::as_str).chain(notes).collect();
        let used = used(&self.abbreviations, &texts);
        let missing = used.iter().filter(|short| !own.abbreviations.contains_key(*short));
        let abbreviations: Vec<&str> = missing
            .filter_map(|short| self.abbreviations.get(short))
            .map(|abbreviation| abbreviation.text.as_str())
            .collect();

        own.footnotes.retain(|label, _| {
            !referred.contains(label) && is_elsewhere(&self.footnotes, &self.referred, label)
        });
        own.abbreviations.retain(|short, _| {
            !used.contains(short) && is_elsewhere(&self.abbreviations, &self.used, short)
        });
        let lost: Vec<&Definition> =
            own.footnotes.values().chain(own.abbreviations.values()).collect();
        if lost.is_empty() && footnotes.is_empty() && abbreviations.is_empty() {
            return Cow::Borrowed(text);
        }
        let kept = without(&outline, &lost);
        let parts = [kept, footnotes.join("\n"), abbreviations.join("\n")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Cow::Owned(parts.join("\n\n"))
    }

    /// `labels` with those that their footnotes refer to, and so on. The definitions of `own` win.
    fn reached(&self, labels: Vec<String>, own: &Self) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = labels;
        while let Some(label) = open.pop() {
            let found = own.footnotes.get(&label).or_else(|| self.footnotes.get(&label));
            if let Some(found) = found
                && reached.insert(label)
            {
                open.extend(found.refers.iter().cloned());
            }
        }
        reached
    }
}

/// Whether the document refers to the one definition that it has of `name`.
fn is_elsewhere(
    definitions: &BTreeMap<String, Definition>,
    referred: &BTreeSet<String>,
    name: &str,
) -> bool {
    referred.contains(name) && definitions.get(name).is_some_and(|known| !known.repeated)
}

fn add(definitions: &mut BTreeMap<String, Definition>, name: String, definition: Definition) {
    match definitions.get_mut(&name) {
        // The first one of a label counts.
        Some(known) => known.repeated = true,
        None => drop(definitions.insert(name, definition)),
    }
}

fn definition(outline: &Outline<'_>, (from, to): (usize, usize), base: usize) -> Definition {
    let lines = outline.lines.get(from..to).unwrap_or_default();
    let moved: Vec<&str> = lines.iter().map(|line| moved_left(line.text, base)).collect();
    let text = moved.join("\n").trim_end().to_owned();
    let inner = text.split_once("]:").map(|(_, inner)| inner).unwrap_or_default();
    let refers = if inner.contains("[^") {
        let inner: Vec<&str> = inner.lines().map(|line| moved_left(line, INDENT)).collect();
        let inner = inner.join("\n");
        let outline = Outline::new(&inner);
        let lines = outline.lines.iter().filter(|line| may_hold_links(line.kind));
        lines.flat_map(|line| Inline::new(line.text).footnotes()).collect()
    } else {
        BTreeSet::new()
    };
    Definition { from, to, text, refers, repeated: false }
}

/// The lines with text that stand in no definition.
fn undefined_lines<'o, 'a, 'd>(
    outline: &'o Outline<'a>,
    footnotes: impl Iterator<Item = &'d Definition>,
) -> impl Iterator<Item = &'o Line<'a>> {
    let ranges: Vec<(usize, usize)> = footnotes.map(|found| (found.from, found.to)).collect();
    let ranges: BTreeMap<usize, usize> = ranges.into_iter().collect();
    let lines = outline.lines.iter().enumerate().filter(move |(at, line)| {
        let within = ranges.range(..=at).next_back().is_some_and(|(_, to)| at < to);
        !within && may_hold_links(line.kind) && abbreviation(line).is_none()
    });
    lines.map(|(_, line)| line)
}

/// Those of `abbreviations` that stand in one of `texts` as words.
fn used(abbreviations: &BTreeMap<String, Definition>, texts: &[&str]) -> BTreeSet<String> {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let stands_in = |text: &&str, short: &str| {
        text.match_indices(short).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + short.len()..).and_then(|after| after.chars().next());
            !joins(before) && !joins(after)
        })
    };
    let found =
        abbreviations.keys().filter(|short| texts.iter().any(|text| stands_in(text, short)));
    found.cloned().collect()
}

/// The text of `outline` without the lines of `lost`.
fn without(outline: &Outline<'_>, lost: &[&Definition]) -> String {
    let is_lost = |at: usize| lost.iter().any(|lost| (lost.from..lost.to).contains(&at));
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in outline.lines.iter().enumerate() {
        let is_blank = line.text.trim().is_empty();
        // Where a definition was, one blank line is enough.
        let doubles = is_blank
            && at > 0
            && is_lost(at - 1)
            && kept.last().is_none_or(|l| l.trim().is_empty());
        if !is_lost(at) && !doubles {
            kept.push(line.text);
        }
    }
    super::outline::trim_blank_lines(&kept.join("\n")).to_owned()
}

/// `line` without its first `columns` columns of white space, or as many as there are.
fn moved_left(line: &str, columns: usize) -> &str {
    let mut left = columns;
    let mut rest = line;
    while left > 0 {
        match rest.chars().next() {
            Some(' ') => left -= 1,
            Some('\t') => left = left.saturating_sub(4),
            _ => break,
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handed(document: &str, part: &str) -> String {
        Defined::of(&Outline::new(document)).hand_to(part).into_owned()
    }

    const NOTES: &str = "[^Tide]: Low.\n[^b]: See[^c].\n\n    More[^deep].\n\n        code\n\n[^c]: C\nlazy\n\n[^deep]: D";

    #[test]
    fn a_part_gets_what_it_refers_to_with_all_of_it() {
        let document = format!("# A\n\na[^tide] b[^TIDE]\n\n# B\n\nb[^b]\n\n{NOTES}");
        assert_eq!(handed(&document, "a[^tide] b[^TIDE]"), "a[^tide] b[^TIDE]\n\n[^Tide]: Low.");
        assert_eq!(
            handed(&document, "b[^b]"),
            "b[^b]\n\n[^b]: See[^c].\n\n    More[^deep].\n\n        code\n[^c]: C\nlazy\n[^deep]: D"
        );
    }

    #[test]
    fn a_part_loses_what_only_others_refer_to() {
        let document =
            "a[^1] b[^2]\n\n# B\n\nc\n\n[^1]: one\n\n    two\n[^2]: three\n[^3]: nobody\n";
        assert_eq!(
            handed(document, "c\n\n[^1]: one\n\n    two\n[^2]: three\n[^3]: nobody"),
            "c\n\n[^3]: nobody"
        );
        let own = "b[^2]\n\n[^2]: own";
        assert_eq!(
            handed(&format!("a[^2]\n\n[^2]: other\n\n# B\n\n{own}"), own),
            own,
            "its own wins"
        );
        let unused = "c\n\n[^1]: second";
        assert_eq!(
            handed(&format!("a[^1]\n\n[^1]: first\n\n{unused}"), unused),
            unused,
            "one that nobody takes stays, to be told"
        );
    }

    #[test]
    fn what_stands_in_code_neither_defines_nor_refers() {
        for document in ["```\n[^1]: a\n```", "    [^1]: a", "<!--\n[^1]: a\n-->", "`[^1]: a`"] {
            assert_eq!(handed(document, "x[^1]"), "x[^1]", "{document}");
        }
        for text in ["`[^1]`", "```\n[^1]\n```", "\\[^1]", "    [^1]"] {
            assert_eq!(handed("a[^1]\n\n[^1]: b", text), text);
        }
    }

    #[test]
    fn definitions_in_items_are_moved_to_the_left() {
        let document = "- a\n\n  [^1]: one\n\n      two\n\n- b\n";
        assert_eq!(handed(document, "x[^1]"), "x[^1]\n\n[^1]: one\n\n    two");
    }

    #[test]
    fn abbreviations_are_handed_to_the_texts_that_hold_them() {
        let document = "TTL RPO\n\n# B\n\nb[^1]\n\n[^1]: An RTO.\n*[TTL]: time to live\n*[RPO]: point\n*[RTO]: time";
        assert_eq!(handed(document, "a TTL."), "a TTL.\n\n*[TTL]: time to live");
        assert_eq!(handed(document, "b[^1]"), "b[^1]\n\n[^1]: An RTO.\n\n*[RTO]: time");
        for none in ["TTLs", "`TTL`", "A_TTL", "ttl"] {
            assert_eq!(handed(document, none), none);
        }
        let last = "b\n\n*[TTL]: time to live\n*[XYZ]: nowhere";
        assert_eq!(handed(&format!("TTL\n\n{last}"), last), "b\n\n*[XYZ]: nowhere");
    }

    #[test]
    fn hostile_definitions_are_read() {
        let many: String = (0..20_000).map(|n| format!("[^{n}]: [^{}]\n", n + 1)).collect();
        assert!(handed(&format!("{many}\nx[^0]"), "x[^0]").len() < MAX_HANDED);
        let _ = handed(&"[^a]: ".repeat(100_000), "[^a]");
        let large =
            format!("[^a]: {}\n\n{}", "b".repeat(500_000), "# t\n\n[^a]\n\n".repeat(10_000));
        assert_eq!(handed(&large, "[^a]"), "[^a]", "too much to be handed to each");
    }
}
