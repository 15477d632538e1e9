//! Which file a path in a document means.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use crate::document::is_index;
use crate::import::images::places::joined;

/// Characters of a path, as the schema has it.
const MAX_SOURCE: usize = 1024;
/// Paths that a link may mean at most.
pub(super) const CANDIDATES: usize = 21;
/// What stands for a folder.
const INDEXES: [&str; 4] = ["README.md", "index.md", "_index.md", "readme.md"];
/// Ends of pages that generators make of Markdown.
const PAGES: [&str; 2] = [".html", ".htm"];

/// A link as it stands in a document.
#[derive(Debug)]
pub(super) struct Link {
    /// The paths from the root of the repository that it may mean, the likeliest first.
    pub candidates: Vec<String>,
    /// The heading that it leads to.
    pub id: Option<String>,
    /// The name of a document that may be anywhere, as Hugo, Jekyll and wikis find them.
    name: Option<String>,
}

impl Link {
    /// The link `source` in the document at `document`; `None` where it leads out of the repository.
    pub fn of(document: &str, source: &str) -> Option<Self> {
        let (path, id) = match source.split_once('#') {
            Some((path, id)) => (path, Some(id.to_owned())),
            None => (source, None),
        };
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() || source.chars().count() > MAX_SOURCE || path.contains(['\0', '\\']) {
            return None;
        }
        let id = id.filter(|id| !id.is_empty() && !id.starts_with(":~:"));
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let page = document.rsplit_once('.').map_or(document, |(stem, _)| stem);
        // Hugo serves a document as a folder, and its folders `content` and `static` as the root.
        let bases: &[&str] = match path.starts_with('/') {
            true => &["", "content", "static"],
            false => &[folder, page],
        };
        let mut candidates = Vec::new();
        for base in bases {
            if let Some(path) = joined(base, path) {
                add_files(&path, &mut candidates);
            } else if is_root(base, path) {
                candidates.extend(INDEXES.map(str::to_owned));
            }
        }
        let name = (!path.contains("..")).then(|| key(stem(path.trim_end_matches('/'))));
        let name = name.filter(|name| !name.is_empty() && !is_index(name));
        (!candidates.is_empty()).then_some(Self { candidates, id, name })
    }
}

/// The files that `path` may mean: itself, the document that a page was made of, or a folder's.
fn add_files(path: &str, candidates: &mut Vec<String>) {
    candidates.push(path.to_owned());
    if let Some(stem) = PAGES.iter().find_map(|end| path.strip_suffix(end)) {
        candidates.extend([format!("{stem}.md"), format!("{stem}.markdown")]);
    } else {
        candidates.extend([format!("{path}.md"), format!("{path}.markdown")]);
        candidates.extend(INDEXES.map(|index| format!("{path}/{index}")));
    }
}

/// Whether `path` leads from `base` to the root of the repository and no further.
fn is_root(base: &str, path: &str) -> bool {
    joined(base, &format!("{path}/x")).is_some_and(|joined| joined == "x")
}

fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    let ends = [".md", ".markdown", ".html", ".htm"];
    ends.iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file)
}

/// `text` as names are compared where they are not the same: systems differ in case and normal forms.
fn key(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

/// The files of a repository, as far as they are known.
pub(super) struct Files<'f> {
    exact: BTreeSet<&'f str>,
    folders: BTreeSet<&'f str>,
    /// Documents by [`key`] of their path; none where two have the same.
    alike: BTreeMap<String, Option<&'f str>>,
    /// Documents by [`key`] of their name.
    named: BTreeMap<String, Option<&'f str>>,
}

impl<'f> Files<'f> {
    /// `documents` are those that were read, `there` other files.
    pub fn new(documents: impl Iterator<Item = &'f str>, there: &'f BTreeSet<String>) -> Self {
        let mut files = Self {
            exact: there.iter().map(String::as_str).collect(),
            folders: BTreeSet::new(),
            alike: BTreeMap::new(),
            named: BTreeMap::new(),
        };
        for path in documents {
            files.exact.insert(path);
            let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
            files.folders.extend(folders);
            let add = |known: &mut BTreeMap<String, Option<&'f str>>, key: String| {
                known.entry(key).and_modify(|path| *path = None).or_insert(Some(path));
            };
            add(&mut files.alike, key(path));
            add(&mut files.named, key(stem(path)));
        }
        files
    }

    /// The file that `link` means, or the folder with documents.
    pub fn find<'l>(&'l self, link: &'l Link) -> Option<&'l str> {
        let candidates = || link.candidates.iter().map(String::as_str);
        let exact = candidates().find(|path| self.exact.contains(path));
        let alike = || candidates().find_map(|path| *self.alike.get(&key(path))?);
        let folder = || candidates().find(|path| self.folders.contains(path));
        let named = || *self.named.get(link.name.as_ref()?)?;
        exact.or_else(alike).or_else(folder).or_else(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_the_file_that_is_there() {
        let there = BTreeSet::from(["talks/plan.pdf".to_owned()]);
        let documents = [
            "README.md",
            "talks/cranes.md",
            "talks/e\u{301}te\u{301}.md",
            "day/index.md",
            "content/posts/tugs.md",
            "a/Twice.md",
            "b/twice.md",
            "_posts/2033-03-09-buoys.md",
        ];
        let files = Files::new(documents.into_iter(), &there);
        for (source, meant) in [
            ("tugs.md", Some("content/posts/tugs.md")),
            ("cranes.md", Some("talks/cranes.md")),
            ("./cranes.md?raw=1", Some("talks/cranes.md")),
            ("../talks/cranes.md#x", Some("talks/cranes.md")),
            ("cranes", Some("talks/cranes.md")),
            ("cranes.html", Some("talks/cranes.md")),
            ("../cranes/", Some("talks/cranes.md")),
            ("/talks/cranes/", Some("talks/cranes.md")),
            ("Cranes.MD", Some("talks/cranes.md")),
            ("\u{e9}t\u{e9}.md", Some("talks/e\u{301}te\u{301}.md")),
            ("plan.pdf", Some("talks/plan.pdf")),
            ("../", Some("README.md")),
            ("/", Some("README.md")),
            ("../day", Some("day/index.md")),
            ("/posts/tugs", Some("content/posts/tugs.md")),
            ("2033-03-09-buoys", Some("_posts/2033-03-09-buoys.md")),
            ("twice", None),
            ("../../etc/passwd", None),
            ("nowhere.md", None),
            ("index", None),
        ] {
            let link = Link::of("talks/here.md", source);
            assert_eq!(link.as_ref().and_then(|link| files.find(link)), meant, "{source}");
        }
    }
}
