//! Files that whoever collects them did not read.

use super::report;
use super::{Code, Collection, RULES_FILE, is_markdown};
use crate::api::Diagnostic;

impl Collection {
    /// Takes note of files that whoever collected `files` did not read, as [`left_out`] tells of them:
    /// they are unreadable. Where the author's rules are among them, so is every document. What
    /// [`not_followed`] tells of is no document.
    pub fn leave_out<'f>(
        &mut self,
        skipped: &[Diagnostic],
        files: impl IntoIterator<Item = &'f str>,
    ) {
        let skipped: Vec<&Diagnostic> =
            skipped.iter().filter(|diagnostic| diagnostic.code == Code::LeftOut.code()).collect();
        self.unreadable.extend(skipped.iter().map(|diagnostic| diagnostic.path.clone()));
        if skipped.iter().any(|diagnostic| diagnostic.path == RULES_FILE) {
            let documents = files.into_iter().filter(|path| is_markdown(path));
            self.unreadable.extend(documents.map(str::to_owned));
        }
    }
}

/// The diagnostic of a file that whoever collects files did not read. It is for
/// [`Collection::leave_out`].
pub fn left_out(path: &str, reason: &str) -> Diagnostic {
    report::diagnostic(path, Code::LeftOut, None, &format!("it is left out: {reason}"))
}

/// The diagnostic of a symbolic link or a submodule, which is ignored. It is for
/// [`Collection::leave_out`].
pub fn not_followed(path: &str, what: &str) -> Diagnostic {
    report::diagnostic(path, Code::NotFollowed, None, what)
}
