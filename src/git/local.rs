//! Repositories of this machine, for command line tools. They are read where they are: nothing is
//! copied, and no git program has to be installed.

use std::path::Path;

use super::error::chain;
use super::{GitError, Reference, Revision, cache};

/// Opens the repository at `path`: a bare one, or a folder with `.git` in it.
pub(super) fn open(path: &Path) -> Result<gix::Repository, GitError> {
    gix::open_opts(path, cache::options()).map_err(|error| GitError::NotFound(chain(&error)))
}

/// The revision that `reference` is.
pub(super) fn resolve(
    repository: &gix::Repository,
    reference: &Reference,
) -> Result<Revision, GitError> {
    let missing = |_| GitError::ReferenceNotFound(reference.to_string());
    let commit = match reference.commit()? {
        Some(id) => repository.find_commit(id).map_err(missing)?,
        None => repository
            .find_reference(reference.full_name()?.as_str())
            .and_then(|mut found| found.peel_to_commit())
            .map_err(missing)?,
    };
    let target = repository.head_name().ok().flatten().map(|name| name.to_string());
    Ok(Revision { name: reference.shown(target), commit: commit.id().to_string() })
}
