//! Notes from where a command line tool finds them: a folder, a file or a git URL.

mod folder;
mod ssh;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Failure;
use crate::api::{Diagnostic, DraftPolicy, Format};
use crate::document::{self, Collection, RULES_FILE, ReadOptions, Readings, Selection, SourceFile};
use crate::git::{Access, Limits, Locals, Reference, Remote};
use crate::import::{Mentions, RevisionFiles, Written, about_skipped, resolve_references};
pub(super) use folder::metadata;

/// How long a visit to a git server may take.
const TIMEOUT: Duration = Duration::from_secs(120);

#[derive(Args, Clone)]
pub(super) struct Source {
    /// Folder, file or git URL (https://…, ssh://…, git@host:path) with the notes: files that end in .md, .markdown, .yaml,
    /// .yml or .json
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
    /// What was read before, for a preview that reads again and again
    #[arg(skip)]
    readings: Arc<Mutex<Readings>>,
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
            "no notes in {}: notes are files that end in .md, .markdown, .yaml, .yml or .json; LICENSE, \
             CHANGELOG and the like are left out unless --include names them",
            self.location
        )
    }

    /// Reads everything anew, and gives the files, too. Blocks.
    pub(super) fn read_with_files(
        &self,
        drafts: DraftPolicy,
    ) -> Result<(Collection, Vec<SourceFile>), Failure> {
        self.read(drafts, None, true)
    }

    /// As [`Source::read_with_files`], for objects that go to `namespace`. They do not say in which revision they
    /// are written: else each import would change all of them. Blocks.
    pub(super) fn read_for(
        &self,
        drafts: DraftPolicy,
        namespace: Option<String>,
    ) -> Result<(Collection, Vec<SourceFile>), Failure> {
        self.read(drafts, namespace, false)
    }

    fn read(
        &self,
        drafts: DraftPolicy,
        namespace: Option<String>,
        for_pages: bool,
    ) -> Result<(Collection, Vec<SourceFile>), Failure> {
        let Found { files, skipped, place } = self.files()?;
        let options = ReadOptions { drafts, namespace, ..self.options() };
        let mut collection = {
            let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
            readings.read(&files, &options)
        };
        match place {
            Place::Folder(root) => {
                folder::images(&mut collection, &files, &root);
                folder::links(&mut collection, &files, &root);
            }
            Place::Revision(revision) => {
                let (mut mentions, url) = (Mentions::default(), self.location.as_str());
                let images = resolve_references(&mut collection, &revision, &mut mentions, url)?;
                images.attach(&mut collection, &revision)?;
                if for_pages {
                    let written = Written::at(url, &self.reference(), revision.snapshot());
                    Written::say(written.as_ref(), &mut collection);
                }
            }
        }
        collection.leave_out(&skipped, files.iter().map(|file| file.path.as_str()));
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

    /// How the documents are read.
    pub(super) fn options(&self) -> ReadOptions {
        let now = Some(jiff::Timestamp::now());
        ReadOptions { format: self.format.into(), now, ..ReadOptions::default() }
    }

    fn files(&self) -> Result<Found, Failure> {
        let selection = Selection::new(&self.include, &self.exclude)?;
        match self.path() {
            Some(path) => folder::load(path, &selection),
            None => self.fetch(&selection),
        }
    }

    fn reference(&self) -> Reference {
        self.branch.clone().map_or(Reference::Head, Reference::Branch)
    }

    fn fetch(&self, selection: &Selection) -> Result<Found, Failure> {
        let ssh = Some(ssh::of_user());
        let access = Access { timeout: TIMEOUT, locals: Locals::Allowed, ssh, ..Access::default() };
        let remote = Remote::new(&self.location, access)?;
        let reference = self.reference();
        let cache = default_cache();
        std::fs::create_dir_all(&cache)
            .map_err(|error| format!("cannot make the folder {}: {error}", cache.display()))?;
        let snapshot = remote.fetch(&reference, &cache)?;
        let listing = snapshot.list(&|path| selection.contains(path), Limits::default())?;
        let skipped = listing.skipped.iter().filter_map(|file| about_skipped(file, selection));
        let skipped = skipped.collect();
        let files = snapshot.read_all(listing.clone())?.files;
        let revision = RevisionFiles::new(snapshot, listing);
        Ok(Found { files, skipped, place: Place::Revision(Box::new(revision)) })
    }
}

/// What is wrong with the rules that stand beside the documents.
pub(super) fn about_rules(collection: &Collection) -> Vec<Diagnostic> {
    let said = collection.diagnostics.iter();
    said.filter(|diagnostic| diagnostic.path == RULES_FILE).cloned().collect()
}

/// `https://…`, `ssh://…` or `git@host:path`.
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
    Revision(Box<RevisionFiles>),
}

/// Where a controller keeps its git caches. It removes what it does not use, and so has a folder of its
/// own.
pub(super) fn controller_cache() -> PathBuf {
    caches().join("controller")
}

fn default_cache() -> PathBuf {
    caches().join("git")
}

/// `$XDG_CACHE_HOME/talknotes`, or the same in the home folder, or in the folder of temporary files.
fn caches() -> PathBuf {
    let variable =
        |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
        .join("talknotes")
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
