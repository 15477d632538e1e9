//! Finding the files of a tree, which may be hostile.

use gix::object::tree::EntryKind;

use super::files::{Limits, Listing, MOST_PATH, SkipReason};
use super::pick::{Broken, MOST_DEPTH, MOST_ENTRIES, Pick, too_large};

/// Largest list of what is in one folder, in bytes.
const MOST_OF_FOLDER: u64 = 32 << 20;

/// A folder that is still to be looked into.
struct Folder {
    path: Vec<u8>,
    id: gix::ObjectId,
    depth: usize,
}

/// A way through all folders of a tree.
pub(super) struct Walk<'a> {
    repository: &'a gix::Repository,
    pick: Pick<'a>,
    ahead: Vec<Folder>,
    entries: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        repository: &'a gix::Repository,
        wanted: &'a dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Self {
        Self { repository, pick: Pick::new(wanted, limits), ahead: Vec::new(), entries: 0 }
    }

    /// Lists what is wanted below the root of `commit`.
    pub(super) fn run(mut self, commit: gix::ObjectId) -> Result<Listing, Broken> {
        let root = self.repository.find_commit(commit)?.tree_id()?.detach();
        self.ahead.push(Folder { path: Vec::new(), id: root, depth: 0 });
        while let Some(folder) = self.ahead.pop() {
            self.look_into(&folder)?;
        }
        Ok(self.pick.finish())
    }

    fn look_into(&mut self, folder: &Folder) -> Result<(), Broken> {
        if folder.depth > MOST_DEPTH {
            return too_large(format!("folders are nested deeper than {MOST_DEPTH}"));
        }
        if self.repository.find_header(folder.id)?.size() > MOST_OF_FOLDER {
            return too_large("a folder in it holds too many files: spread them".to_owned());
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
            if path.len() > MOST_PATH {
                path.truncate(MOST_PATH);
                self.pick.skip(&path, SkipReason::PathTooLong)?;
                continue;
            }
            let id = entry.object_id();
            match entry.kind() {
                EntryKind::Tree => {
                    self.pick.count_path(&path)?;
                    self.ahead.push(Folder { path, id, depth: folder.depth + 1 });
                }
                EntryKind::Commit => self.pick.skip(&path, SkipReason::Submodule)?,
                kind => self.file(&path, id, kind == EntryKind::Link)?,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &[u8], id: gix::ObjectId, is_link: bool) -> Result<(), Broken> {
        if !self.pick.wants(path) {
            return Ok(());
        }
        if is_link {
            return self.pick.link(path);
        }
        let bytes = self.repository.find_header(id)?.size();
        let content = || Ok(self.repository.find_blob(id)?.detach().data);
        self.pick.file(path, id, bytes, content)
    }
}
