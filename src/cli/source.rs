//! Notes from where a command line tool finds them: a folder, a file or a git URL.

use std::fs::{DirEntry, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Failure;
use crate::api::{Diagnostic, DraftPolicy, Format};
use crate::controller::attach_images;
use crate::document::{
    self, Collection, Explanation, ImageFile, ImageReferences, MAX_IMAGE, RULES_FILE, ReadOptions,
    Selection, SourceFile, left_out,
};
use crate::git::{Access, Limits, Locals, Reference, Remote, SkipReason, Snapshot};
use crate::render;

/// Larger files are read only so far that it is seen how large they are.
const MAX_FILE_BYTES: u64 = 1024 * 1024 + 1;
/// Folders deeper than this are not looked into, as in a git repository.
const MAX_DEPTH: usize = 64;
/// How long a visit to a git server may take.
const TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Args, Clone)]
pub(super) struct Source {
    /// Folder, file or git URL (https://…) with the notes: files that end in .md, .markdown, .yaml
    /// or .yml
    #[arg(value_name = "PATH|URL")]
    location: String,
    /// Branch to read, for a git URL; the remote's default, if not given
    #[arg(long)]
    branch: Option<String>,
    /// Read only paths that match this glob, such as '2031/**'; may be given several times
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

    /// A document's path as the user would open it.
    pub(super) fn place(&self, document: &str) -> String {
        let path = match self.path() {
            Some(root) if root.is_dir() => root.join(document),
            Some(root) => root.to_owned(),
            None => return document.to_owned(),
        };
        path.strip_prefix(".").unwrap_or(&path).display().to_string()
    }

    /// That there was nothing to read, which is hardly what the user meant.
    pub(super) fn nothing_found(&self) -> String {
        format!(
            "no notes in {}: notes are files that end in .md, .markdown, .yaml or .yml; LICENSE, \
             CHANGELOG and the like are left out unless --include names them",
            self.location
        )
    }

    /// Reads everything anew. Blocks.
    pub(super) fn read(&self, drafts: DraftPolicy) -> Result<Collection, Failure> {
        Ok(self.read_with_files(drafts)?.0)
    }

    /// Reads everything anew, and gives the files, too. Blocks.
    pub(super) fn read_with_files(
        &self,
        drafts: DraftPolicy,
    ) -> Result<(Collection, Vec<SourceFile>), Failure> {
        let Found { files, skipped, place } = self.files()?;
        let options = ReadOptions { drafts, ..self.options() };
        let mut collection = document::read(&files, options);
        match place {
            Place::Folder(root) => folder_images(&mut collection, &files, &root),
            Place::Snapshot(snapshot) => {
                attach_images(&mut collection, &files, &snapshot, &self.location)?;
            }
        }
        collection.leave_out(&skipped, &files);
        collection.diagnostics.extend(skipped);
        if self.path().is_some_and(Path::is_file) {
            // The rules are for the other files of the folder, too.
            let unused = document::Code::UnusedRule.code();
            collection.diagnostics.retain(|diagnostic| diagnostic.code != unused);
        }
        collection.diagnostics.sort();
        Ok((collection, files))
    }

    /// Reads `files`, which were changed.
    pub(super) fn read_again(&self, files: &[SourceFile]) -> Collection {
        let options = ReadOptions { drafts: DraftPolicy::Publish, ..self.options() };
        document::read(files, options)
    }

    /// How each document is read, and why; and what they give together. Blocks.
    pub(super) fn explain(&self) -> Result<(Vec<Explanation>, Collection), Failure> {
        let (collection, files) = self.read_with_files(DraftPolicy::default())?;
        Ok((document::explain(&files, self.options()), collection))
    }

    /// The rules that detection would have written, as YAML; and what is wrong with those that are
    /// there. Blocks.
    pub(super) fn rules(&self) -> Result<(String, Vec<Diagnostic>), Failure> {
        let (collection, files) = self.read_with_files(DraftPolicy::default())?;
        Ok((document::rules(&files, self.format.into())?, about_rules(&collection)))
    }

    fn options(&self) -> ReadOptions {
        ReadOptions { format: self.format.into(), ..ReadOptions::default() }
    }

    fn files(&self) -> Result<Found, Failure> {
        let selection = Selection::new(&self.include, &self.exclude)?;
        match self.path() {
            Some(path) => load(path, &selection),
            None => self.fetch(&selection),
        }
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
        let skipped = skipped.collect();
        Ok(Found { files: found.files, skipped, place: Place::Snapshot(Box::new(snapshot)) })
    }
}

/// What is said of the file with rules.
pub(super) fn about_rules(collection: &Collection) -> Vec<Diagnostic> {
    let said = collection.diagnostics.iter();
    said.filter(|diagnostic| diagnostic.path == RULES_FILE).cloned().collect()
}

/// `https://…`, and `git@host:path` too, so that it gets git's own advice.
fn is_url(location: &str) -> bool {
    location.contains("://") || (location.contains('@') && location.contains(':'))
}

/// What was found.
struct Found {
    files: Vec<SourceFile>,
    skipped: Vec<Diagnostic>,
    place: Place,
}

/// Where the images are that documents name.
enum Place {
    Folder(PathBuf),
    Snapshot(Box<Snapshot>),
}

/// Puts the images below `root` that the notes name into `collection`.
fn folder_images(collection: &mut Collection, documents: &[SourceFile], root: &Path) {
    let references = ImageReferences::new(collection, render::local_images);
    let files = references
        .paths()
        .into_iter()
        .filter_map(|path| read_image(root, &path).map(|file| (path, file)))
        .collect();
    let is_image = |content: &[u8]| render::image_type(content).is_some();
    references.attach(collection, documents, &files, is_image, |_| None);
}

/// The image at `path` below `root`, if it is a file and no part of the path is a symbolic link.
fn read_image(root: &Path, path: &str) -> Option<ImageFile> {
    let mut file = root.to_owned();
    for part in path.split('/') {
        file.push(part);
        if std::fs::symlink_metadata(&file).ok()?.is_symlink() {
            return None;
        }
    }
    if !std::fs::symlink_metadata(&file).ok()?.is_file() {
        return None;
    }
    let content = read_file(&file).ok()?;
    Some(if content.len() > MAX_IMAGE { ImageFile::TooLarge } else { ImageFile::Content(content) })
}

fn load(root: &Path, selection: &Selection) -> Result<Found, Failure> {
    let mut found =
        Found { files: Vec::new(), skipped: Vec::new(), place: Place::Folder(root.to_owned()) };
    if metadata(root)?.is_dir() {
        std::fs::read_dir(root)
            .map_err(|error| format!("cannot read the folder {}: {error}", root.display()))?;
        walk(root, root, 0, selection, &mut found);
        found.files.sort_by(|a, b| a.path.cmp(&b.path));
    } else {
        // A file that is named is read, whatever the selection says.
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy();
        let content =
            read_file(root).map_err(|error| format!("cannot read {}: {error}", root.display()))?;
        found.files.push(SourceFile { path: name.into_owned(), content });
        // A file that cannot be read is as good as none here, as most files have no rules beside them.
        let rules = root.with_file_name(RULES_FILE);
        if rules != root
            && let Ok(content) = read_file(&rules)
        {
            found.files.push(SourceFile { path: RULES_FILE.to_owned(), content });
        }
        found.place = Place::Folder(root.parent().unwrap_or(root).to_owned());
    }
    Ok(found)
}

/// What is at `path`, or why it cannot be known.
pub(super) fn metadata(path: &Path) -> Result<Metadata, Failure> {
    std::fs::metadata(path).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "; a git repository needs its whole URL, https://…",
            _ => "",
        };
        format!("cannot read {}: {error}{hint}", path.display()).into()
    })
}

/// What cannot be read below `folder` is reported and takes nothing from the rest.
fn walk(root: &Path, folder: &Path, depth: usize, selection: &Selection, found: &mut Found) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return found.skipped.push(left_out(&inside(root, folder), &error.to_string()));
        }
    };
    for entry in entries {
        let outcome = entry.and_then(|entry| visit(root, &entry, depth, selection, found));
        if let Err(error) = outcome {
            found.skipped.push(left_out(&inside(root, folder), &error.to_string()));
        }
    }
}

fn visit(
    root: &Path,
    entry: &DirEntry,
    depth: usize,
    selection: &Selection,
    found: &mut Found,
) -> std::io::Result<()> {
    let path = entry.path();
    let name = inside(root, &path);
    let kind = entry.file_type()?;
    if kind.is_dir() && entry.file_name() == ".git" {
        // It may hold more files than everything else, and none of them is a note.
    } else if kind.is_dir() && depth < MAX_DEPTH {
        walk(root, &path, depth + 1, selection, found);
    } else if kind.is_dir() {
        found.skipped.push(left_out(&name, &format!("folders are nested deeper than {MAX_DEPTH}")));
    } else if selection.contains(&name) && kind.is_file() {
        match read_file(&path) {
            Ok(content) => found.files.push(SourceFile { path: name, content }),
            Err(error) => found.skipped.push(left_out(&name, &error.to_string())),
        }
    } else if selection.contains(&name) && kind.is_symlink() {
        // As in a git repository: what is tried here is what the operator will do.
        found.skipped.push(left_out(&name, &SkipReason::Symlink.to_string()));
    }
    Ok(())
}

fn inside(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    std::fs::File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
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
