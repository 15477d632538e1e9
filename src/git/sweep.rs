//! Removing the caches of remotes that nobody asks for any more.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::cache::{Cache, failed, name_of};
use super::url::{Location, parse};
use super::{GitError, Locals, Remote};

/// Length of a part of a cache's name.
const PART: usize = 32;

/// The caches that are still of use.
#[derive(Clone, Debug, Default)]
pub struct UsedCaches {
    urls: BTreeSet<String>,
    exactly: BTreeSet<String>,
}

/// What came of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Number of caches that were removed.
    pub removed: usize,
    /// Number of those that are to be removed and are in use just now.
    pub busy: usize,
}

impl UsedCaches {
    /// All caches of the repository at `url` are of use, whatever credentials they were fetched with.
    pub fn add_url(&mut self, url: &str) {
        if let Ok(Location::Server(server)) = parse(url, Locals::Refused) {
            self.urls.insert(name_of(&server.to_string()));
        }
    }

    /// The cache of `remote` is of use.
    pub fn add(&mut self, remote: &Remote) {
        self.exactly.extend(remote.cache_name());
    }

    /// What is of use to `other` is, too.
    pub fn extend(&mut self, other: Self) {
        self.urls.extend(other.urls);
        self.exactly.extend(other.exactly);
    }

    fn contains(&self, name: &str) -> bool {
        let url = name.split_once('-').map_or(name, |(url, _)| url);
        self.exactly.contains(name) || self.urls.contains(url)
    }
}

/// Removes the caches in the folder `root` that are not `used`, also those of an earlier process. What
/// looks like no cache is left alone, and so is what somebody fetches into or reads just now.
///
/// # Errors
///
/// When the folder cannot be read or changed.
pub fn sweep(root: &Path, used: &UsedCaches) -> Result<Swept, GitError> {
    let mut swept = Swept::default();
    let entries = match fs::read_dir(root) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(swept),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        // Each cache has such a file beside it, and nothing else is likely to have one.
        let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".lock")) else {
            continue;
        };
        if !is_cache(name) || used.contains(name) {
            continue;
        }
        let removed = match Cache::try_lock(root, name)? {
            Some(cache) => cache.remove()?,
            None => false,
        };
        *if removed { &mut swept.removed } else { &mut swept.busy } += 1;
    }
    Ok(swept)
}

/// Whether that can be the name of a cache: two parts, or one, as earlier versions had it.
fn is_cache(name: &str) -> bool {
    let is_part = |part: &str| {
        part.len() == PART && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    name.split('-').count() <= 2 && name.split('-').all(is_part)
}
