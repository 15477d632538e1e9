//! What must hold of every collection.

use std::collections::BTreeSet;

use crate::api::{Diagnostic, Severity, Speaker, TalkNoteSpec};
use crate::document::{self, Collection, ReadOptions, SourceFile};

/// Reads `files` and checks what came of them.
///
/// # Panics
///
/// Where something does not hold.
pub fn read(files: &[SourceFile]) -> Collection {
    let collection = document::read(files, ReadOptions::default());
    assert_eq!(collection, document::read(files, ReadOptions::default()), "not deterministic");
    assert!(collection.documents <= files.len());
    let names = collection.notes.iter().map(|note| note.name.as_str());
    names_are_good(names, collection.notes.len());
    let names = collection.summits.iter().map(|summit| summit.name.as_str());
    names_are_good(names, collection.summits.len());
    for note in &collection.notes {
        assert!(files.iter().any(|file| file.path == note.path), "{} came from nowhere", note.path);
        fits_the_schema(&note.spec);
    }
    for summit in &collection.summits {
        assert!(!summit.spec.title.is_empty(), "{} has no title", summit.name);
        text_fits(&summit.spec.title, 500);
        text_fits(summit.spec.overview.as_deref().unwrap_or_default(), 400_000);
    }
    for diagnostic in &collection.diagnostics {
        points_into_a_file(diagnostic, files);
    }
    // A template, a pointer to content that lies elsewhere, and what is not sure are nobody's fault and are not read either.
    let is_reason = |diagnostic: &&Diagnostic| {
        diagnostic.severity == Severity::Error
            || matches!(diagnostic.code.as_str(), "TN1012" | "TN1013" | "TN1204")
    };
    let reasons = collection.diagnostics.iter().filter(is_reason);
    let blamed: BTreeSet<&String> = reasons.map(|diagnostic| &diagnostic.path).collect();
    for path in &collection.unreadable {
        assert!(blamed.contains(path), "{path} is unreadable without a reason");
    }
    collection
}

fn names_are_good<'n>(names: impl Iterator<Item = &'n str>, count: usize) {
    let mut unique = BTreeSet::new();
    for name in names {
        let label = |label: &str| {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !label.is_empty()
                && label.chars().all(allowed)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        assert!(name.len() <= 253 && name.split('.').all(label), "{name:?} is no name");
        unique.insert(name);
    }
    assert_eq!(unique.len(), count, "a name is there twice");
}

/// The limits that the API server would enforce.
fn fits_the_schema(spec: &TalkNoteSpec) {
    assert!(!spec.title.is_empty());
    text_fits(&spec.title, 500);
    assert!(spec.speakers.len() <= 50 && spec.tags.len() <= 64 && spec.links.len() <= 200);
    for Speaker { name, alias, organization } in &spec.speakers {
        assert!(!name.is_empty());
        text_fits(name, 200);
        text_fits(alias.as_deref().unwrap_or_default(), 200);
        text_fits(organization.as_deref().unwrap_or_default(), 200);
    }
    for tag in &spec.tags {
        assert!(!tag.is_empty());
        text_fits(tag, 64);
    }
    for link in &spec.links {
        assert!(!link.url.is_empty());
        text_fits(&link.url, 4096);
        text_fits(link.title.as_deref().unwrap_or_default(), 500);
    }
    text_fits(spec.markdown.as_deref().unwrap_or_default(), 400_000);
    assert!(spec.order.is_none_or(|order| order >= 0));
    assert!(spec.day.as_ref().is_none_or(|day| day.len() == 10));
}

fn text_fits(text: &str, max: usize) {
    assert!(text.chars().count() <= max, "{max} characters are allowed, not {}", text.len());
}

fn points_into_a_file(diagnostic: &Diagnostic, files: &[SourceFile]) {
    text_fits(&diagnostic.message, 1024);
    let of_path = files.iter().filter(|file| file.path == diagnostic.path);
    let lines = of_path
        .map(|file| file.content.split(|byte| matches!(byte, b'\n' | b'\r')).count())
        .max()
        .expect("a diagnostic is of a file");
    // The end of a text may be meant: the line behind its last one.
    assert!(
        diagnostic.line.is_none_or(|line| line >= 1 && line as usize <= lines + 1),
        "{diagnostic:?} is of a file of {lines} lines"
    );
    assert!(diagnostic.column.is_none_or(|column| column >= 1));
}
