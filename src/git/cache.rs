//! Where fetched objects are kept: a bare repository for each remote, which may vanish or break at
//! any time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::GitError;
use super::deadline::Deadline;

/// Names every file of the repository with its size, so that what a crash or a full disk cut off is
/// noticed before it is read.
const MANIFEST: &str = "talknotes-manifest";
/// Last line of a manifest that is whole.
const END: &str = "end";
/// Each fetch adds a pack, and nothing packs them together: past this many, start anew.
const MOST_PACKS: usize = 20;
/// Largest object that is fetched, in MiB. The large hosts take files of 100 MiB at most.
pub(super) const MOST_OBJECT_MIB: u32 = 128;
/// How often a busy cache is asked whether it is free.
const PATIENCE: Duration = Duration::from_millis(20);

/// A cache that nobody else changes while this value lives, in this process or another.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    lock: PathBuf,
    readers: PathBuf,
    _writer: File,
}

/// Keeps a cache from being thrown away while it is read.
#[derive(Debug)]
pub(super) struct Reading {
    folder: PathBuf,
    _shared: File,
}

impl Cache {
    /// Takes the cache `key` in the folder `root`, and waits for others who have it.
    pub(super) fn lock(root: &Path, key: &str, deadline: &Deadline) -> Result<Self, GitError> {
        fs::create_dir_all(root).map_err(failed)?;
        loop {
            if let Some(cache) = Self::try_lock(root, key)? {
                return Ok(cache);
            }
            let busy = |_| GitError::CacheBusy(deadline.timeout());
            sleep(deadline.remaining().map_err(busy)?.min(PATIENCE));
        }
    }

    /// The same, or none where others have it.
    pub(super) fn try_lock(root: &Path, key: &str) -> Result<Option<Self>, GitError> {
        let path = root.join(format!("{key}.lock"));
        let writer = File::create(&path).map_err(failed)?;
        match writer.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // It may have been removed since it was opened: then others lock another file of that name.
        let file = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let there = fs::metadata(&path).ok().map(file);
        if there != Some(file(writer.metadata().map_err(failed)?)) {
            return Ok(None);
        }
        let readers = root.join(format!("{key}.readers"));
        Ok(Some(Self { folder: root.join(key), lock: path, readers, _writer: writer }))
    }

    /// The repository, and whether it is a new one. A damaged one is thrown away.
    pub(super) fn open(&self) -> Result<(gix::Repository, bool), GitError> {
        if is_whole(&self.folder)
            && !self.is_piled_up()?
            && let Ok(repository) = gix::open_opts(&self.folder, options())
        {
            return Ok((repository, false));
        }
        Ok((self.renew(gix::hash::Kind::Sha1)?, true))
    }

    /// An empty repository in place of what was there, whose objects are named by `hash`.
    pub(super) fn renew(&self, hash: gix::hash::Kind) -> Result<gix::Repository, GitError> {
        remove_folder(&self.folder).map_err(failed)?;
        gix::ThreadSafeRepository::init_opts(
            &self.folder,
            gix::create::Kind::Bare,
            gix::create::Options { object_hash: Some(hash), ..Default::default() },
            options(),
        )
        .map(|repository| repository.to_thread_local())
        .map_err(|error| GitError::Cache(super::text::chain(&error)))
    }

    /// Writes down that the repository is whole as it is now.
    pub(super) fn seal(&self) -> Result<(), GitError> {
        let mut lines = Vec::new();
        list_files(&self.folder, &self.folder, &mut lines).map_err(failed)?;
        lines.sort();
        lines.push(END.to_owned());
        let draft = self.folder.join(format!("{MANIFEST}.new"));
        fs::write(&draft, lines.join("\n")).map_err(failed)?;
        fs::rename(draft, self.folder.join(MANIFEST)).map_err(failed)
    }

    /// Where contents are kept that are no objects of the repository.
    pub(super) fn large_files(&self) -> PathBuf {
        self.folder.join("talknotes-large-files")
    }

    /// Says that the cache is read from here on.
    pub(super) fn reading(&self) -> Result<Reading, GitError> {
        let shared = File::create(&self.readers).map_err(failed)?;
        shared.lock_shared().map_err(failed)?;
        Ok(Reading { folder: self.folder.clone(), _shared: shared })
    }

    /// Removes it from the disk. False where it is read just now, and so is left.
    pub(super) fn remove(self) -> Result<bool, GitError> {
        let readers = File::create(&self.readers).map_err(failed)?;
        if readers.try_lock().is_err() {
            return Ok(false);
        }
        remove_folder(&self.folder).map_err(failed)?;
        fs::remove_file(&self.readers).map_err(failed)?;
        // Last, so that nobody begins anew before all else is gone.
        fs::remove_file(&self.lock).map_err(failed)?;
        Ok(true)
    }

    fn is_piled_up(&self) -> Result<bool, GitError> {
        let packs = fs::read_dir(self.folder.join("objects").join("pack")).map_err(failed)?;
        let packs = packs.filter_map(Result::ok);
        if packs.filter(|entry| entry.path().extension().is_some_and(|e| e == "pack")).count()
            <= MOST_PACKS
        {
            return Ok(false);
        }
        // Whoever still reads has the packs' files open one by one: not now, then.
        let readers = File::create(&self.readers).map_err(failed)?;
        Ok(readers.try_lock().is_ok())
    }
}

impl Reading {
    /// Has the cache made anew by the next fetch.
    pub(super) fn distrust(&self) {
        // Where even this fails, the next fetch meets the same fault and says so.
        let _ = fs::remove_file(self.folder.join(MANIFEST));
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name for files and references that stands for `text`, whatever characters that has.
pub(super) fn name_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    super::text::hex(digest.get(..16).unwrap_or_default())
}

/// No configuration but the repository's own. While a fetch is written down, each object is in memory
/// as a whole: one at a time, and none of more than [`MOST_OBJECT_MIB`].
pub(super) fn options() -> gix::open::Options {
    gix::open::Options::isolated().config_overrides([
        format!("gitoxide.objects.allocLimit={MOST_OBJECT_MIB}m"),
        "pack.threads=1".to_owned(),
        "protocol.version=2".to_owned(),
        "protocol.file.allow=never".to_owned(),
    ])
}

fn is_whole(folder: &Path) -> bool {
    let Ok(manifest) = fs::read_to_string(folder.join(MANIFEST)) else {
        return false;
    };
    let Some(files) = manifest.strip_suffix(END) else {
        return false;
    };
    files.lines().all(|line| {
        let Some((size, path)) = line.split_once(' ') else {
            return false;
        };
        let found = fs::symlink_metadata(folder.join(path));
        found.is_ok_and(|found| found.is_file() && found.len().to_string() == size)
    })
}

fn list_files(root: &Path, folder: &Path, lines: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            list_files(root, &path, lines)?;
        } else if let Ok(name) = path.strip_prefix(root)
            && name != Path::new(MANIFEST)
        {
            lines.push(format!("{} {}", metadata.len(), name.display()));
        }
    }
    Ok(())
}

/// The path stays out of the message: it says nothing to whoever reads a status.
pub(super) fn failed(error: io::Error) -> GitError {
    GitError::Cache(error.to_string())
}
