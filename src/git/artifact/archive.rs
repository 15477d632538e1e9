//! The files of a `tar.gz`, which may be hostile.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use gix::objs::Kind;

use super::super::deadline::Deadline;
use super::super::files::{Limits, Listing, MOST_PATH, SkipReason};
use super::super::pick::{Broken, MOST_BYTES_OF_PATHS, MOST_DEPTH, MOST_ENTRIES, Pick};
use super::super::text::one_line;
use super::super::{GitError, cache};
use super::nameless;

/// Most bytes that an archive unpacks to: a few kilobytes can claim to be any number.
const MOST_UNPACKED: u64 = 512 << 20;
/// Largest file that is kept, in bytes: each is in memory as a whole when it is read.
const LARGEST_FILE: u64 = 64 << 20;
/// Largest part that says something of the next one, such as a long name: it is read into memory.
const LARGEST_HEADER: u64 = 64 << 10;

/// The unpacked files of an archive. They lie one behind the other in a file without a name.
pub(in crate::git) struct Archive {
    contents: File,
    entries: BTreeMap<Vec<u8>, Held>,
    places: HashMap<gix::ObjectId, (u64, u64)>,
}

/// What is at a path.
enum Held {
    File { id: gix::ObjectId, bytes: u64 },
    Link,
    TooLarge { bytes: u64 },
    LongPath,
}

impl Archive {
    /// Unpacks `packed`.
    pub(super) fn unpack(
        mut packed: File,
        deadline: Deadline,
        folder: &Path,
    ) -> Result<Self, GitError> {
        // The library reads names of any length into memory, so their lengths are looked at before.
        check(Bounded::new(&packed, deadline))?;
        packed.seek(SeekFrom::Start(0)).map_err(cache::failed)?;
        let (entries, places) = Default::default();
        let mut archive = Self { contents: nameless(folder)?, entries, places };
        let (mut at, mut bytes_of_paths) = (0, 0);
        let mut tar = tar::Archive::new(Bounded::new(&packed, deadline));
        for entry in tar.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            let Some(path) = clean(&entry.path_bytes())? else { continue };
            bytes_of_paths += path.len();
            if bytes_of_paths > MOST_BYTES_OF_PATHS {
                return too_large("the paths of its files are too long: shorten them");
            }
            let kind = entry.header().entry_type();
            let held = if path.len() > MOST_PATH {
                Held::LongPath
            } else if kind.is_symlink() || kind.is_hard_link() {
                Held::Link
            } else if !kind.is_file() && !kind.is_contiguous() {
                continue;
            } else if entry.size() > LARGEST_FILE {
                Held::TooLarge { bytes: entry.size() }
            } else {
                archive.keep(&mut entry, &mut at)?
            };
            // As whoever unpacks it onto a disk sees it: the last of a name counts.
            archive.entries.insert(path, held);
        }
        Ok(archive)
    }

    fn keep(&mut self, entry: &mut impl Read, at: &mut u64) -> Result<Held, GitError> {
        let mut content = Vec::new();
        entry.take(LARGEST_FILE + 1).read_to_end(&mut content).map_err(broken)?;
        let bytes = content.len() as u64;
        let id = gix::objs::compute_hash(gix::hash::Kind::Sha256, Kind::Blob, &content)
            .map_err(|error| GitError::Failed(error.to_string()))?;
        if !self.places.contains_key(&id) {
            self.contents.write_all(&content).map_err(cache::failed)?;
            self.places.insert(id, (*at, bytes));
            *at += bytes;
        }
        Ok(Held::File { id, bytes })
    }

    /// What is `wanted`.
    pub(in crate::git) fn list(
        &self,
        wanted: &dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Result<Listing, Broken> {
        let mut pick = Pick::new(wanted, limits);
        for (path, held) in
            self.entries.iter().filter(|(path, _)| (wanted)(&String::from_utf8_lossy(path)))
        {
            match held {
                Held::Link => pick.link(path)?,
                Held::TooLarge { bytes } => {
                    pick.skip(path, SkipReason::TooLarge { bytes: *bytes })?;
                }
                Held::LongPath => {
                    let shown = path.get(..MOST_PATH).unwrap_or(path);
                    pick.skip(shown, SkipReason::PathTooLong)?;
                }
                Held::File { id, bytes } => {
                    let content = || self.read(*id).map_err(Broken::Limit);
                    pick.file(path, *id, *bytes, content)?;
                }
            }
        }
        Ok(pick.finish())
    }

    /// The bytes of a file.
    pub(in crate::git) fn read(&self, id: gix::ObjectId) -> Result<Vec<u8>, GitError> {
        let place = self.places.get(&id).copied();
        let (at, bytes) =
            place.ok_or_else(|| GitError::Damaged("a file of the artifact is gone".to_owned()))?;
        let mut content = vec![0; usize::try_from(bytes).unwrap_or_default()];
        self.contents.read_exact_at(&mut content, at).map_err(cache::failed)?;
        Ok(content)
    }
}

/// Fails where an archive has more, or larger parts, than we take.
fn check(packed: impl Read) -> Result<(), GitError> {
    let mut tar = tar::Archive::new(packed);
    for (entry, number) in tar.entries().map_err(broken)?.raw(true).zip(1_usize..) {
        let entry = entry.map_err(broken)?;
        if number > MOST_ENTRIES {
            return too_large(&format!("it has more than {MOST_ENTRIES} files and folders"));
        }
        let kind = entry.header().entry_type();
        let speaks_of_next = kind.is_gnu_longname()
            || kind.is_gnu_longlink()
            || kind.is_pax_local_extensions()
            || kind.is_pax_global_extensions();
        if speaks_of_next && entry.size() > LARGEST_HEADER {
            return too_large("a name in its artifact is longer than any system takes");
        }
    }
    Ok(())
}

/// A path from the root, or none where it is the root. One that leaves it is no slip: nothing of such an
/// archive is taken.
fn clean(path: &[u8]) -> Result<Option<Vec<u8>>, GitError> {
    let parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".");
    let parts: Vec<&[u8]> = parts.collect();
    let leaves = path.first() == Some(&b'/') || parts.contains(&&b".."[..]) || path.contains(&0);
    if leaves {
        let shown = one_line(&String::from_utf8_lossy(path));
        return Err(GitError::ArtifactInvalid(format!("it holds {shown}, which is outside of it")));
    }
    if parts.len() > MOST_DEPTH {
        return too_large(&format!("folders are nested deeper than {MOST_DEPTH}"));
    }
    Ok((!parts.is_empty()).then(|| parts.join(&b'/')))
}

/// The unpacked bytes, as long as there are not too many and there is time.
struct Bounded<'a> {
    packed: MultiGzDecoder<io::BufReader<&'a File>>,
    deadline: Deadline,
    left: u64,
}

impl<'a> Bounded<'a> {
    fn new(packed: &'a File, deadline: Deadline) -> Self {
        let packed = MultiGzDecoder::new(io::BufReader::new(packed));
        Self { packed, deadline, left: MOST_UNPACKED }
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.deadline.remaining().map_err(|late| io::Error::new(io::ErrorKind::TimedOut, late))?;
        let read = self.packed.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let most = MOST_UNPACKED >> 20;
            let what = format!("its artifact unpacks to more than {most} MiB");
            io::Error::other(GitError::TooLarge(what))
        })?;
        Ok(read)
    }
}

/// What our own reader said, or what the libraries say of a broken archive.
fn broken(error: io::Error) -> GitError {
    let mut inner: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = inner {
        if let Some(own) = cause.downcast_ref::<GitError>() {
            return own.clone();
        }
        inner = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    GitError::ArtifactInvalid(format!("it is no tar.gz: {}", one_line(&error.to_string())))
}

fn too_large<T>(what: &str) -> Result<T, GitError> {
    Err(GitError::TooLarge(what.to_owned()))
}
