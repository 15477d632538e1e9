//! On which page, and beside which line of its text, a finding is to be shown.

use std::collections::{BTreeMap, BTreeSet};

use super::source_map::SourceMap;
use super::{Finding, Texts};
use crate::document::{Collection, Imported};

/// The findings of one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places<'f> {
    /// Those of its heading, or of no line of its text.
    pub top: Vec<&'f Finding>,
    /// Those of lines of its text, which count from 1.
    pub lines: BTreeMap<usize, Vec<&'f Finding>>,
}

/// The findings of all objects, in the order of the collection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed<'f> {
    /// Those of its notes.
    pub notes: Vec<Places<'f>>,
    /// Those of its summits.
    pub summits: Vec<Places<'f>>,
}

/// Says of each finding where it is to be shown. What stands in no text of an object goes to the
/// summit that its document describes, or else to the first note of the document.
pub fn place<'f>(
    collection: &Collection,
    findings: &'f [Finding],
    texts: &Texts<'_>,
) -> Placed<'f> {
    let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_path.entry(&finding.diagnostic.path).or_default().push(finding);
    }
    let mut shown = BTreeSet::new();
    let mut of_text = |path: &str, line, markdown: Option<&str>| {
        let Some(found) = by_path.get(path) else { return Places::default() };
        let places = of_text(found, path, line, markdown.unwrap_or_default(), texts);
        shown.extend(places.top.iter().chain(places.lines.values().flatten()).copied());
        places
    };
    let notes = collection.notes.iter();
    let notes = notes.map(|note| of_text(&note.path, note.line, note.spec.markdown.as_deref()));
    let notes: Vec<_> = notes.collect();
    let summits = collection.summits.iter();
    let summits = summits.map(|own| of_text(&own.path, own.line, own.spec.overview.as_deref()));
    let mut placed = Placed { summits: summits.collect(), notes };
    for finding in findings.iter().filter(|finding| !shown.contains(finding)) {
        let path = &finding.diagnostic.path;
        let summit = first(&collection.summits, path).and_then(|at| placed.summits.get_mut(at));
        let note = || first(&collection.notes, path);
        match (summit, note()) {
            (Some(places), _) => places.top.push(finding),
            (None, Some(at)) => {
                placed.notes.get_mut(at).into_iter().for_each(|p| p.top.push(finding))
            }
            (None, None) => {}
        }
    }
    placed
}

fn first<S>(objects: &[Imported<S>], path: &str) -> Option<usize> {
    objects.iter().position(|object| object.path == path)
}

fn of_text<'f>(
    found: &[&'f Finding],
    path: &str,
    first: usize,
    markdown: &str,
    texts: &Texts<'_>,
) -> Places<'f> {
    let mut places = Places::default();
    let Some(text) = texts.get(path) else { return places };
    let map = SourceMap::new(text, first, markdown);
    let lines: BTreeMap<usize, usize> =
        map.pairs().map(|(own, document)| (document, own)).collect();
    for finding in found {
        let line = finding.diagnostic.line.and_then(|line| usize::try_from(line).ok());
        match line.map(|line| (line, lines.get(&line))) {
            Some((line, _)) if line == first => places.top.push(finding),
            Some((_, Some(own))) => places.lines.entry(*own).or_default().push(finding),
            _ => {}
        }
    }
    places
}
