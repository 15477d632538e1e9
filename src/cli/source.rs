//! Notes from where a command line tool finds them: a folder, a file or a git URL.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Failure;
use crate::api::{Diagnostic, DraftPolicy, Format, Severity};
use crate::document::{self, Collection, ReadOptions, Selection, SourceFile};
use crate::git::{Access, Limits, Locals, Reference, Remote};

/// Larger files are read only so far that it is seen how large they are.
const MAX_FILE_BYTES: u64 = 1024 * 1024 + 1;
/// Folders deeper than this are not notes.
const MAX_DEPTH: usize = 32;
/// How long a visit to a git server may take.
const TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Args, Clone)]
pub(super) struct Source {
    /// Folder, file or git URL (https://…) with the notes
    #[arg(value_name = "PATH|URL")]
    location: String,
    /// Branch to read, for a git URL; the remote's default, if not given
    #[arg(long)]
    branch: Option<String>,
    /// Read only paths that match this glob; may be given several times
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// Leave out paths that match this glob; may be given several times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// How the documents are written
    #[arg(long, value_enum, default_value = "auto")]
    format: FormatArgument,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArgument {
    /// Found out for each document
    Auto,
    /// One long document a summit, as people write in HackMD
    Hackmd,
    /// Posts with front matter
    Hugo,
    /// Manifests of TalkNote and Summit
    Yaml,
}

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Self {
        match argument {
            FormatArgument::Auto => Self::Auto,
            FormatArgument::Hackmd => Self::HackMD,
            FormatArgument::Hugo => Self::Hugo,
            FormatArgument::Yaml => Self::YAML,
        }
    }
}

impl Source {
    /// The folder or file, where it is one: it can be watched.
    pub(super) fn path(&self) -> Option<&Path> {
        let path = Path::new(&self.location);
        (!is_url(&self.location)).then_some(path)
    }

    /// Where the notes are, as the user said it.
    pub(super) fn location(&self) -> &str {
        &self.location
    }

    /// Reads everything anew. Blocks.
    pub(super) fn read(&self, drafts: DraftPolicy) -> Result<Collection, Failure> {
        let selection = Selection::new(&self.include, &self.exclude)?;
        let (files, skipped) = match self.path() {
            Some(path) => load(path, &selection)?,
            None => self.fetch(&selection)?,
        };
        let options = ReadOptions { format: self.format.into(), drafts };
        let mut collection = document::read(&files, options);
        collection.unreadable.extend(skipped.iter().map(|diagnostic| diagnostic.path.clone()));
        collection.diagnostics.extend(skipped);
        collection.diagnostics.sort();
        Ok(collection)
    }

    fn fetch(&self, selection: &Selection) -> Result<Found, Failure> {
        let access = Access { timeout: TIMEOUT, locals: Locals::Allowed, ..Access::default() };
        let remote = Remote::new(&self.location, access)?;
        let reference = self.branch.clone().map_or(Reference::Head, Reference::Branch);
        let cache = default_cache();
        std::fs::create_dir_all(&cache)
            .map_err(|error| format!("cannot make the folder {}: {error}", cache.display()))?;
        let snapshot = remote.fetch(&reference, &cache)?;
        let found = snapshot.files(&|path| selection.contains(path), Limits::default())?;
        let skipped =
            found.skipped.iter().map(|file| left_out(&file.path, &file.reason.to_string()));
        Ok((found.files, skipped.collect()))
    }
}

/// `https://…`, and `git@host:path` too, so that it gets git's own advice.
fn is_url(location: &str) -> bool {
    location.contains("://") || (location.contains('@') && location.contains(':'))
}

type Found = (Vec<SourceFile>, Vec<Diagnostic>);

fn left_out(path: &str, reason: &str) -> Diagnostic {
    Diagnostic {
        path: path.to_owned(),
        line: None,
        column: None,
        severity: Severity::Error,
        code: "TN3005".to_owned(),
        message: format!("the file is left out: {reason}"),
    }
}

fn load(root: &Path, selection: &Selection) -> Result<Found, Failure> {
    let mut found = (Vec::new(), Vec::new());
    let kind = std::fs::metadata(root)
        .map_err(|error| format!("cannot read {}: {error}", root.display()))?;
    if kind.is_dir() {
        walk(root, root, 0, selection, &mut found)?;
        found.0.sort_by(|a, b| a.path.cmp(&b.path));
    } else {
        // A file that is named is read, whatever the selection says.
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy();
        found.0.push(SourceFile { path: name.into_owned(), content: read_file(root)? });
    }
    Ok(found)
}

fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    selection: &Selection,
    found: &mut Found,
) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read the folder {}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type()?;
        if kind.is_dir() && !hidden && depth < MAX_DEPTH {
            walk(root, &path, depth + 1, selection, found)?;
        } else if kind.is_file() {
            let name = inside.to_string_lossy().replace('\\', "/");
            if selection.contains(&name) {
                match read_file(&path) {
                    Ok(content) => found.0.push(SourceFile { path: name, content }),
                    Err(error) => found.1.push(left_out(&name, &error.to_string())),
                }
            }
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let mut content = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut content))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(content)
}

/// `$XDG_CACHE_HOME/talknotes/git`, or the same in the home folder, or in the folder of temporary
/// files.
pub(super) fn default_cache() -> PathBuf {
    let variable =
        |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
        .join("talknotes")
        .join("git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_paths() {
        assert!(is_url("https://git.example/notes"));
        assert!(is_url("git@git.example:notes"));
        assert!(!is_url("notes/2026"));
        assert!(!is_url("."));
    }
}
