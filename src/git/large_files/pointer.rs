//! What stands in a repository in place of a content.

use sha2::{Digest as _, Sha256};

use crate::document::elsewhere::{Elsewhere, look};
use crate::git::pick::Broken;
use crate::git::text::hex;
use crate::git::{Entry, GitError, Limits, Listing, SkipReason, Skipped};

/// Largest pointer, in bytes.
const LONGEST_POINTER: u64 = 1024;
/// Largest content that is fetched, in bytes.
const LARGEST: u64 = 16 << 20;

/// What stands in a repository for a content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    /// SHA-256 of the content, in hexadecimal digits.
    pub oid: String,
    /// Size of the content.
    pub bytes: u64,
}

/// Finds the pointers among the files of `listing`, and gives them the sizes of what they lead to.
pub fn find(
    repository: &gix::Repository,
    listing: Listing,
    limits: Limits,
) -> Result<Listing, Broken> {
    let Listing { files, skipped } = listing;
    let mut found = Listing { files: Vec::with_capacity(files.len()), skipped };
    for file in files {
        let pointer = match file.bytes <= LONGEST_POINTER {
            true => Pointer::read(&repository.find_blob(file.id).map_err(Broken::Object)?.data),
            false => None,
        };
        match pointer.map(|pointer| pointer.bytes) {
            Some(bytes) if bytes > limits.max_file_bytes.min(LARGEST) => {
                found
                    .skipped
                    .push(Skipped { path: file.path, reason: SkipReason::TooLarge { bytes } });
            }
            Some(bytes) => found.files.push(Entry { bytes, is_pointer: true, ..file }),
            None => found.files.push(file),
        }
    }
    found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    if found.bytes() > limits.max_total_bytes {
        return Err(Broken::Limit(GitError::TooLarge(format!(
            "with what Git LFS keeps its files have more than {} MiB",
            limits.max_total_bytes >> 20
        ))));
    }
    Ok(found)
}

impl Pointer {
    /// What a blob says, if it is a pointer.
    pub fn read(blob: &[u8]) -> Option<Self> {
        let Some(Elsewhere::Lfs(Some(bytes))) = look(blob) else { return None };
        let text = std::str::from_utf8(blob).ok()?;
        let oid = text.lines().find_map(|line| line.trim_end().strip_prefix("oid sha256:"))?;
        let is_hex = oid.len() == 64 && oid.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_hex.then(|| Self { oid: oid.to_owned(), bytes })
    }

    /// Whether it leads to `content`.
    pub fn is_of(&self, content: &[u8]) -> bool {
        content.len() as u64 == self.bytes && hex(&Sha256::digest(content)) == self.oid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn what_is_a_pointer() {
        let version = "version https://git-lfs.github.com/spec/v1";
        let pointer = format!("{version}\noid sha256:{OID}\nsize 4\n");
        let read = Pointer::read(pointer.as_bytes()).unwrap();
        assert_eq!(read, Pointer { oid: OID.to_owned(), bytes: 4 });
        assert!(read.is_of(b"test") && !read.is_of(b"tent") && !read.is_of(b""));
        for text in [
            format!("{version}\noid sha256:{}\nsize 4\n", OID.to_uppercase()),
            format!("{version}\noid sha256:../../{}\nsize 4\n", OID.trim_start_matches("9f86d0")),
            format!("{version}\noid sha256:{OID}\n"),
            format!("{version}\noid md5:{OID}\nsize 4\n"),
            format!("# Tides\n\n{pointer}"),
        ] {
            assert_eq!(Pointer::read(text.as_bytes()), None, "{text}");
        }
    }
}
