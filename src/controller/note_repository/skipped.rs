//! What an author is told of files that were not read. Pure.

use crate::api::Diagnostic;
use crate::document::{RULES_FILE, Selection, left_out, not_followed};
use crate::git::{SkipReason, Skipped};

/// What the author is told of `skipped`, given what was to be read. A link is no note, and neither is a
/// submodule unless it is asked for by name.
pub fn diagnostic(skipped: &Skipped, selection: &Selection) -> Option<Diagnostic> {
    let path = skipped.path.as_str();
    match skipped.reason {
        SkipReason::Symlink if path != RULES_FILE => {
            Some(not_followed(path, "symbolic links are not followed: it is passed over"))
        }
        SkipReason::Submodule if selection.leaves_out(path) => None,
        SkipReason::Submodule if !selection.names(path) => {
            Some(not_followed(path, "the submodule is not fetched: notes in it are not read"))
        }
        SkipReason::Submodule => {
            let why = "submodules are not fetched; add a repository of its own for the notes in it";
            Some(left_out(path, why))
        }
        reason => Some(left_out(path, &reason.to_string())),
    }
}
