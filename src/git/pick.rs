//! What is read of a tree or an archive: what is wanted, within limits, and what cannot be read by name.

use gix::bstr::ByteSlice;

use super::GitError;
use super::files::{Entry, Limits, Listing, SkipReason, Skipped};
use crate::document::is_other_data;

/// Deepest folder that is looked into.
pub(super) const MOST_DEPTH: usize = 64;
/// Most entries of folders that are looked at. A tree can name the same folder many times and so
/// unfold to any size.
pub(super) const MOST_ENTRIES: usize = 1_000_000;
/// Most bytes that all paths together have: a tree that names one folder many times has long ones for
/// next to nothing.
pub(super) const MOST_BYTES_OF_PATHS: usize = 32 << 20;
/// Most things that are named as not read. Each is a diagnostic.
const MOST_SKIPPED: usize = 20_000;
/// Largest file of which it is looked at whether it can hold anything that is read, in bytes.
const MOST_LOOKED_AT: u64 = 8 << 20;

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

/// What was picked so far.
pub(super) struct Pick<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    limits: Limits,
    bytes: u64,
    bytes_of_paths: usize,
    found: Listing,
}

impl<'a> Pick<'a> {
    pub(super) fn new(wanted: &'a dyn Fn(&str) -> bool, limits: Limits) -> Self {
        Self { wanted, limits, bytes: 0, bytes_of_paths: 0, found: Listing::default() }
    }

    /// All that was picked, in the order of the paths.
    pub(super) fn finish(mut self) -> Listing {
        self.found.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        self.found
    }

    pub(super) fn wants(&self, path: &[u8]) -> bool {
        (self.wanted)(&path.to_str_lossy())
    }

    /// A symbolic link whose path is wanted.
    pub(super) fn link(&mut self, path: &[u8]) -> Result<(), Broken> {
        let is_text = path.to_str().is_ok();
        self.skip(path, if is_text { SkipReason::Symlink } else { SkipReason::PathNotUtf8 })
    }

    /// A file whose path is wanted.
    pub(super) fn file(
        &mut self,
        path: &[u8],
        id: gix::ObjectId,
        bytes: u64,
        content: impl FnOnce() -> Result<Vec<u8>, Broken>,
    ) -> Result<(), Broken> {
        let Ok(name) = path.to_str() else {
            return self.skip(path, SkipReason::PathNotUtf8);
        };
        if bytes > self.limits.max_file_bytes {
            let is_other_data = bytes <= MOST_LOOKED_AT && is_other_data(name, &content()?);
            return match is_other_data {
                true => Ok(()),
                false => self.skip(path, SkipReason::TooLarge { bytes }),
            };
        }
        self.count(bytes)?;
        self.count_path(path)?;
        self.found.files.push(Entry { path: name.to_owned(), bytes, id, is_pointer: false });
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

    pub(super) fn count_path(&mut self, path: &[u8]) -> Result<(), Broken> {
        self.bytes_of_paths += path.len();
        if self.bytes_of_paths > MOST_BYTES_OF_PATHS {
            return too_large("the paths of its files are too long: shorten them".to_owned());
        }
        Ok(())
    }

    pub(super) fn skip(&mut self, path: &[u8], reason: SkipReason) -> Result<(), Broken> {
        if self.found.skipped.len() >= MOST_SKIPPED {
            return too_large(format!(
                "more than {MOST_SKIPPED} links, submodules and files cannot be read: exclude some"
            ));
        }
        self.count_path(path)?;
        let path = path.to_str_lossy().into_owned();
        self.found.skipped.push(Skipped { path, reason });
        Ok(())
    }
}

pub(super) fn too_large<T>(what: String) -> Result<T, Broken> {
    Err(Broken::Limit(GitError::TooLarge(what)))
}
