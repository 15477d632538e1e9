//! Which files a path in a document may mean, and where it stands there.

use crate::document::report::Place;
use crate::import::contents::Contents;

/// Characters of a path, as the schema has it.
const MAX_SOURCE: usize = 1024;

/// The files that `source` may mean in the document at `document`. None where it leads out of the
/// repository.
pub(super) fn candidates(document: &str, source: &str) -> Vec<String> {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() || source.chars().count() > MAX_SOURCE || path.contains(['\0', '\\']) {
        return Vec::new();
    }
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let bases: &[&str] = match path.strip_prefix('/') {
        // Hugo serves its folder `static` as the root of the site.
        Some(_) => &["", "static"],
        None => &[folder],
    };
    bases.iter().filter_map(|base| joined(base, path)).collect()
}

pub(in crate::import) fn joined(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let hidden = parts.iter().any(|part| part.starts_with('.'));
    (!parts.is_empty() && !hidden).then(|| parts.join("/"))
}

/// The document in which `source` stands, and where: in the object's own at or below the line `from`,
/// else in one of the others that its text was written in.
pub(in crate::import) fn place_in<'p, E>(
    documents: &Contents<'_, E>,
    candidates: &'p [(String, Vec<String>)],
    path: &'p str,
    from: usize,
    source: &str,
) -> Option<(&'p str, Place)> {
    let others = candidates.iter().filter(|(other, _)| other != path);
    let others = others.map(|(other, _)| (other.as_str(), 1));
    std::iter::once((path, from))
        .chain(others)
        .find_map(|(path, from)| Some((path, place(&documents.get(path)?, from, source)?)))
}

/// Where `source` stands first in the document, at or below `line`.
fn place(document: &[u8], line: usize, source: &str) -> Option<Place> {
    let text = String::from_utf8_lossy(document);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let encoded = source.replace(' ', "%20");
    let lines =
        text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    for (index, text) in lines.enumerate().skip(line.saturating_sub(1)) {
        if let Some(at) = text.find(source).or_else(|| text.find(&encoded)) {
            let column = text.get(..at).unwrap_or_default().chars().count() + 1;
            return Some(Place { line: index + 1, column });
        }
    }
    None
}
