//! Which files of a repository are documents.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::rules::RULES_FILE;
use super::words::words;

/// Extensions of documents, in lower case.
const EXTENSIONS: &[&str] = &["md", "markdown", "yaml", "yml", "json"];

/// The paths to read, by the globs of a `NoteRepository`.
#[derive(Clone, Debug)]
pub struct Selection {
    include: GlobSet,
    named: GlobSet,
    exclude: GlobSet,
}

/// A glob that cannot be understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the glob {glob:?} cannot be read: {reason}")]
pub struct SelectionError {
    /// The glob as it was written.
    pub glob: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Selection {
    /// Reads the globs. `*` stays within a folder, `**` does not; without an `include` every document
    /// is read.
    ///
    /// # Errors
    /// Names the first glob that cannot be understood.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, SelectionError> {
        let named: Vec<String> =
            include.iter().filter(|glob| names_a_file(glob)).cloned().collect();
        Ok(Self { include: set(include)?, named: set(&named)?, exclude: set(exclude)? })
    }

    /// Whether the file at `path`, counted from the root of the repository, is to be read. The
    /// author's rules always are.
    pub fn contains(&self, path: &str) -> bool {
        path == RULES_FILE
            || is_document(path)
                && (self.include.is_empty() || self.include.is_match(path))
                && !self.exclude.is_match(path)
                && (self.named.is_match(path) || !left_out(path))
    }
}

/// The paths that any of `globs` is for.
pub(super) fn set(globs: &[String]) -> Result<GlobSet, SelectionError> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(compile(glob)?);
    }
    let all = globs.join(", ");
    builder.build().map_err(|error| SelectionError { glob: all, reason: error.to_string() })
}

fn compile(glob: &str) -> Result<Glob, SelectionError> {
    GlobBuilder::new(glob.strip_prefix("./").unwrap_or(glob))
        .literal_separator(true)
        .build()
        .map_err(|error| SelectionError { glob: glob.to_owned(), reason: error.kind().to_string() })
}

/// Whether a glob asks by name for a file or folder that is left out otherwise. `**` and `*.md` ask
/// for everything, so they do not.
fn names_a_file(glob: &str) -> bool {
    glob.split('/').any(|part| is_hidden(part) || is_not_notes(part))
}

fn is_document(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && !stem.ends_with('/')
            && EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether the name of a file says that it holds no notes.
pub(super) fn left_out(path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    folder.split('/').any(is_hidden) || is_hidden(file) || is_not_notes(file)
}

fn is_hidden(part: &str) -> bool {
    part == "node_modules" || (part.starts_with('.') && part.len() > 1 && part != "..")
}

fn is_not_notes(file: &str) -> bool {
    let stem = file.split('.').next().unwrap_or(file);
    words().files.is_not_notes(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(include: &[&str], exclude: &[&str]) -> Selection {
        let owned = |globs: &[&str]| globs.iter().map(|&g| g.to_owned()).collect::<Vec<_>>();
        Selection::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn documents_are_read_and_other_files_are_not() {
        let all = selection(&[], &[]);
        for path in [
            "a.md",
            "notes/b.MARKDOWN",
            "c.yaml",
            "d/e.yml",
            "d/f.json",
            "三日.md",
            "README-talks.md",
            "README.md",
        ] {
            assert!(all.contains(path), "{path}");
        }
        for path in [
            "a.png",
            "md",
            "notes/.md",
            "Makefile",
            "License.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "Code_of_Conduct.md",
            ".github/a.md",
            "x/node_modules/y/a.md",
            ".hidden.md",
        ] {
            assert!(!all.contains(path), "{path}");
        }
    }

    #[test]
    fn include_and_exclude_narrow() {
        let some = selection(&["notes/**", "extra/*.md"], &["notes/old/**"]);
        assert!(some.contains("notes/2026/a.md"));
        assert!(some.contains("extra/a.md"));
        assert!(!some.contains("extra/deep/a.md"));
        assert!(!some.contains("notes/old/a.md"));
    }

    #[test]
    fn the_rules_of_the_author_are_read_in_any_case() {
        assert!(selection(&["notes/**"], &["**/*.yaml"]).contains(".talknotes.yaml"));
        assert!(!selection(&[], &[]).contains("notes/.talknotes.yaml"));
    }

    #[test]
    fn an_include_that_names_a_file_wins_over_the_defaults() {
        let named = selection(&["talks/*/CHANGELOG.md", ".notes/**"], &[]);
        assert!(named.contains("talks/one/CHANGELOG.md"));
        assert!(named.contains(".notes/a.md"));
    }

    #[test]
    fn a_bad_glob_is_named() {
        let error = Selection::new(&["ok/**".into(), "bad[".into()], &[]).unwrap_err();
        assert_eq!(error.glob, "bad[");
        assert!(error.to_string().contains("bad["), "{error}");
    }
}
