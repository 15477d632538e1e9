//! Reading the files of a tree, which may be hostile.

use gix::bstr::ByteSlice;
use gix::object::tree::EntryKind;

use super::GitError;
use super::snapshot::{Files, Limits, SkipReason, Skipped};
use crate::document::SourceFile;

/// Deepest folder that is looked into.
const MOST_DEPTH: usize = 64;
/// Most entries of folders that are looked at. A tree can name the same folder many times and so
/// unfold to any size.
const MOST_ENTRIES: usize = 1_000_000;

/// Why a walk ended early.
pub(super) enum Broken {
    /// A limit was met.
    Limit(GitError),
    /// An object is missing or broken.
    Object(gix::Error),
}

impl From<gix::Error> for Broken {
    fn from(error: gix::Error) -> Self {
        Self::Object(error)
    }
}

/// A folder that is still to be looked into.
struct Folder {
    path: Vec<u8>,
    id: gix::ObjectId,
    depth: usize,
}

/// A way through all folders of a tree.
pub(super) struct Walk<'a> {
    repository: &'a gix::Repository,
    wanted: &'a dyn Fn(&str) -> bool,
    limits: Limits,
    ahead: Vec<Folder>,
    entries: usize,
    bytes: u64,
    found: Files,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        repository: &'a gix::Repository,
        wanted: &'a dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Self {
        let (ahead, found) = (Vec::new(), Files::default());
        Self { repository, wanted, limits, ahead, entries: 0, bytes: 0, found }
    }

    /// Reads what is wanted below the root of `commit`.
    pub(super) fn run(mut self, commit: gix::ObjectId) -> Result<Files, Broken> {
        let root = self.repository.find_commit(commit)?.tree_id()?.detach();
        self.ahead.push(Folder { path: Vec::new(), id: root, depth: 0 });
        while let Some(folder) = self.ahead.pop() {
            self.look_into(&folder)?;
        }
        self.found.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(self.found)
    }

    fn look_into(&mut self, folder: &Folder) -> Result<(), Broken> {
        if folder.depth > MOST_DEPTH {
            return too_large(format!("folders are nested deeper than {MOST_DEPTH}"));
        }
        let tree = self.repository.find_tree(folder.id)?;
        for entry in tree.iter() {
            let entry = entry?;
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return too_large(format!("it has more than {MOST_ENTRIES} files and folders"));
            }
            let mut path = folder.path.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.filename());
            let id = entry.object_id();
            match entry.kind() {
                EntryKind::Tree => {
                    self.ahead.push(Folder { path, id, depth: folder.depth + 1 });
                }
                EntryKind::Commit => self.skip(&path, SkipReason::Submodule),
                kind => self.file(&path, id, kind == EntryKind::Link)?,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &[u8], id: gix::ObjectId, is_link: bool) -> Result<(), Broken> {
        if !(self.wanted)(&path.to_str_lossy()) {
            return Ok(());
        }
        let Ok(name) = path.to_str() else {
            self.skip(path, SkipReason::PathNotUtf8);
            return Ok(());
        };
        if is_link {
            self.skip(path, SkipReason::Symlink);
            return Ok(());
        }
        let bytes = self.repository.find_header(id)?.size();
        if bytes > self.limits.max_file_bytes {
            self.skip(path, SkipReason::TooLarge { bytes });
            return Ok(());
        }
        self.count(bytes)?;
        let content = self.repository.find_blob(id)?.detach().data;
        self.found.files.push(SourceFile { path: name.to_owned(), content });
        Ok(())
    }

    fn count(&mut self, bytes: u64) -> Result<(), Broken> {
        let Limits { max_files, max_total_bytes, .. } = self.limits;
        if self.found.files.len() >= max_files {
            return too_large(format!("more than {max_files} files are to be read: exclude some"));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > max_total_bytes {
            let most = max_total_bytes >> 20;
            return too_large(format!(
                "the files to be read have more than {most} MiB: exclude some"
            ));
        }
        Ok(())
    }

    fn skip(&mut self, path: &[u8], reason: SkipReason) {
        let path = path.to_str_lossy().into_owned();
        self.found.skipped.push(Skipped { path, reason });
    }
}

fn too_large<T>(what: String) -> Result<T, Broken> {
    Err(Broken::Limit(GitError::TooLarge(what)))
}
