//! Which files of a repository are documents.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::words::words;
use crate::api::names;

/// Path of the file with an author's rules, from the root of the repository.
pub const RULES_FILE: &str = ".talknotes.yaml";

/// Extensions of documents, in lower case.
const EXTENSIONS: &[&str] = &["md", "markdown", "yaml", "yml", "json"];

/// The paths to read, by the globs of a `NoteRepository`.
#[derive(Clone, Debug)]
pub struct Selection {
    include: GlobSet,
    /// The beginnings of the includes, as far as they are plain paths.
    places: Vec<String>,
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
        let places = include.iter().map(|glob| place_of(glob)).collect();
        Ok(Self { include: set(include)?, places, named: set(&named)?, exclude: set(exclude)? })
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

impl Selection {
    /// Whether an include names the folder at `path`, or something in it. Globs that are for every folder
    /// name none.
    pub fn names(&self, path: &str) -> bool {
        let below = |place: &str| {
            place.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.places.iter().any(|place| below(place))
    }

    /// Whether nothing in the folder at `path` can be meant: it is excluded, or outside of all includes.
    pub fn leaves_out(&self, path: &str) -> bool {
        // No document has such a name, but a glob for all that is in the folder is for it, too.
        let within = format!("{path}/\u{1}.md");
        let is_outside = !self.include.is_empty()
            && !self.include.is_match(&within)
            && !self.include.is_match(path)
            && !self.names(path);
        is_outside || self.exclude.is_match(path) || self.exclude.is_match(&within)
    }
}

/// The part of a glob before the first folder or file that has a wildcard in it.
fn place_of(glob: &str) -> String {
    let glob = glob.strip_prefix("./").unwrap_or(glob).trim_end_matches('/');
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
    glob.split('/').take_while(is_plain).collect::<Vec<_>>().join("/")
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

/// Whether a file can hold nothing that is read, whatever its size: YAML that does not name our kinds.
pub fn is_other_data(path: &str, content: &[u8]) -> bool {
    let ours = names::GROUP.as_bytes();
    let is_yaml = matches!(super::extension(path).as_deref(), Some("yaml" | "yml"));
    is_yaml && path != RULES_FILE && !content.windows(ours.len()).any(|window| window == ours)
}

/// Whether the name of a file says that it holds no notes.
pub(super) fn left_out(path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    folder.split('/').any(is_hidden) || is_hidden(file) || is_not_notes(file)
}

/// Folders of package managers and site generators, which hold no notes whatever lies in them: packages,
/// templates, and the demonstration of a theme.
const NO_NOTES: [&str; 7] =
    ["node_modules", "archetypes", "exampleSite", "_includes", "_layouts", "_sass", "_vendor"];

fn is_hidden(part: &str) -> bool {
    NO_NOTES.contains(&part) || (part.starts_with('.') && part.len() > 1 && part != "..")
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
            "archetypes/default.md",
            "themes/quay/exampleSite/content/posts/a.md",
            "_includes/byline.md",
            "pnpm-lock.yaml",
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
    fn a_folder_is_named_by_a_glob_that_leads_into_it() {
        for glob in ["themes/quay", "themes/quay/", "./themes/quay/**", "themes/quay/docs/*.md"] {
            assert!(selection(&[glob], &[]).names("themes/quay"), "{glob}");
        }
        for glob in ["**", "**/*.md", "themes/**", "themes/*/docs/a.md", "themes/quayside/**"] {
            assert!(!selection(&[glob], &[]).names("themes/quay"), "{glob}");
        }
        assert!(!selection(&[], &[]).names("themes/quay"));
    }

    #[test]
    fn a_folder_in_which_nothing_is_meant_is_left_out() {
        assert!(selection(&[], &["themes/**"]).leaves_out("themes/quay"));
        assert!(selection(&[], &["themes/quay"]).leaves_out("themes/quay"));
        assert!(selection(&["content/**"], &[]).leaves_out("themes/quay"));
        for include in [&[][..], &["**"], &["**/*.md"], &["themes/quay/docs/a.md"]] {
            assert!(
                !selection(include, &["content/old/**"]).leaves_out("themes/quay"),
                "{include:?}"
            );
        }
    }

    #[test]
    fn a_bad_glob_is_named() {
        let error = Selection::new(&["ok/**".into(), "bad[".into()], &[]).unwrap_err();
        assert_eq!(error.glob, "bad[");
        assert!(error.to_string().contains("bad["), "{error}");
    }
}
