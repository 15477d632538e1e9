//! What a revision has to read, and what of it cannot be read.

use crate::document::{ContentId, SourceFile};

/// Longest path in bytes, as Linux has it. In a tree a name may have any length.
pub(super) const MOST_PATH: usize = 4096;

/// How much of a revision is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file that is read, in bytes. A larger one is skipped and named.
    pub max_file_bytes: u64,
    /// Most files that are read. More are an error.
    pub max_files: usize,
    /// Most bytes that are read of all files together. More are an error.
    pub max_total_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_file_bytes: 1 << 20, max_files: 20_000, max_total_bytes: 512 << 20 }
    }
}

impl Limits {
    /// Whatever the files have: for whoever decides by what [`Snapshot::list`] says.
    pub const NONE: Self =
        Self { max_file_bytes: u64::MAX, max_files: usize::MAX, max_total_bytes: u64::MAX };
}

/// A file that is there and was not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path from the root of the repository.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    pub(super) id: gix::ObjectId,
    /// Whether Git LFS keeps its content, and the repository a pointer.
    pub(super) is_pointer: bool,
}

impl Entry {
    /// The id of its blob: the same for all files of the repository that hold the same bytes. What a pointer
    /// leads to has another one than the pointer.
    pub fn content_id(&self) -> ContentId {
        let pointer: &[u8] = if self.is_pointer { b"content of" } else { b"" };
        [pointer, self.id.as_slice()].concat().as_slice().into()
    }
}

/// What there is to read, and what cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files that were wanted, in the order of their paths.
    pub files: Vec<Entry>,
    /// What was wanted and cannot be read, in the order of the paths.
    pub skipped: Vec<Skipped>,
}

impl Listing {
    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.bytes))
    }
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The files that were wanted, in the order of their paths.
    pub files: Vec<SourceFile>,
    /// What was wanted and could not be read, in the order of the paths.
    pub skipped: Vec<Skipped>,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Path from the root of the repository. Bytes that are not UTF-8 are replaced.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why something was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// The file has more bytes than [`Limits::max_file_bytes`].
    TooLarge {
        /// Size of the file in bytes.
        bytes: u64,
    },
    /// A symbolic link: they are never followed.
    Symlink,
    /// Another repository. It is named whatever is wanted, because what is in it is not known.
    Submodule,
    /// The path is not UTF-8.
    PathNotUtf8,
    /// The path has more bytes than any system takes.
    PathTooLong,
}

impl std::fmt::Display for SkipReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(f, "the file is too large ({bytes} bytes)"),
            Self::Symlink => f.write_str("symbolic links are not followed"),
            Self::Submodule => f.write_str("submodules are not fetched"),
            Self::PathNotUtf8 => f.write_str("the path is not UTF-8"),
            Self::PathTooLong => write!(f, "the path has more than {MOST_PATH} bytes"),
        }
    }
}
