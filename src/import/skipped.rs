//! What an author is told of files that were not read. Pure.

use std::path::Path;

use crate::api::{Diagnostic, Severity};
use crate::document::{RULES_FILE, Selection, left_out, not_followed};
use crate::git::{SkipReason, Skipped};

/// What the author is told of `skipped`, given what was to be read. A link is no note, and neither is a
/// submodule unless it is asked for by name.
pub fn diagnostic(skipped: &Skipped, selection: &Selection) -> Option<Diagnostic> {
    let path = skipped.path.as_str();
    match skipped.reason {
        SkipReason::Symlink if path != RULES_FILE => {
            Some(not_followed(path, "symbolic links are not followed: it is ignored"))
        }
        SkipReason::Submodule if selection.leaves_out(path) => None,
        SkipReason::Submodule if !selection.names(path) => {
            Some(not_followed(path, "the submodule is not fetched: notes in it are not read"))
        }
        SkipReason::Submodule => {
            let why = "submodules are not fetched; add a repository of its own for the notes in it";
            Some(left_out(path, why))
        }
        // Lists of packages and other data of programs are as large as that. What manifests in it gave
        // before stays all the same.
        SkipReason::TooLarge { bytes } if is_json(path) && !selection.names(path) => {
            let why = format!(
                "this JSON has {bytes} bytes, more than are read; split it where it holds manifests"
            );
            Some(Diagnostic { severity: Severity::Info, ..left_out(path, &why) })
        }
        reason => Some(left_out(path, &reason.to_string())),
    }
}

fn is_json(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_data_of_programs_is_no_fault() {
        let severity = |path: &str, include: &[String]| {
            let selection = Selection::new(include, &[]).unwrap();
            let reason = SkipReason::TooLarge { bytes: 2_000_000 };
            diagnostic(&Skipped { path: path.to_owned(), reason }, &selection).unwrap().severity
        };
        assert_eq!(severity("site/package-lock.JSON", &[]), Severity::Info);
        assert_eq!(severity("backup.json", &["backup.json".to_owned()]), Severity::Error);
        assert_eq!(severity("notes.yaml", &[]), Severity::Error);
    }

    #[test]
    fn manifests_that_grow_too_large_keep_what_they_gave() {
        let path = "backup.json".to_owned();
        let skipped =
            Skipped { path: path.clone(), reason: SkipReason::TooLarge { bytes: 2_000_000 } };
        let told = diagnostic(&skipped, &Selection::new(&[], &[]).unwrap()).unwrap();
        let mut collection = crate::document::Collection::default();
        collection.leave_out(&[told], []);
        assert!(collection.unreadable.contains(&path));
    }
}
