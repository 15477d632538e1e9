//! Repositories of this machine, for command line tools. They are read where they are: nothing is
//! copied, and no git program has to be installed.

use std::path::Path;

use super::reference::TAGS;
use super::text::{chain, unsupported};
use super::{GitError, Reference, Revision, cache, missing};

/// Opens the repository at `path`: a bare one, or a folder with `.git` in it.
pub(super) fn open(path: &Path) -> Result<gix::Repository, GitError> {
    gix::open_opts(path, cache::options())
        .map_err(|error| unsupported(&error).unwrap_or_else(|| GitError::NotFound(chain(&error))))
}

/// The revision that `reference` is.
pub(super) fn resolve(
    repository: &gix::Repository,
    reference: &Reference,
) -> Result<Revision, GitError> {
    if let Some(id) = reference.commit()? {
        let missing = |_| GitError::ReferenceNotFound(format!("{reference}: push it"));
        let commit = repository.find_commit(id).map_err(missing)?;
        return Ok(Revision { name: String::new(), commit: commit.id().to_string() });
    }
    if let Reference::Semver(range) = reference {
        let names = names_below(repository, &[TAGS]);
        let tags = names.iter().filter_map(|name| name.strip_prefix(TAGS));
        let Some(newest) = range.newest(tags) else {
            return Err(explain(repository, reference, None));
        };
        return resolve(repository, &Reference::Tag(newest.to_owned()));
    }
    let name = reference.full_name()?;
    let target = repository.head_name().ok().flatten().map(|name| name.to_string());
    let Ok(found) = repository.find_reference(name.as_str()) else {
        return Err(explain(repository, reference, None));
    };
    let Ok(object) = found.clone().peel_to_id() else {
        return Err(explain(repository, reference, target.as_deref()));
    };
    match object.object().and_then(|object| object.peel_to_commit()) {
        Ok(commit) => {
            Ok(Revision { name: reference.shown(target), commit: commit.id().to_string() })
        }
        Err(_) => Err(GitError::NoCommit(reference.to_string())),
    }
}

/// Why `reference` is not there.
fn explain(repository: &gix::Repository, reference: &Reference, target: Option<&str>) -> GitError {
    missing::explain(reference, target, names_below(repository, &missing::LISTED).into_iter())
}

/// The full names of references in `folders`.
fn names_below(repository: &gix::Repository, folders: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(references) = repository.references() {
        for folder in folders {
            let Ok(found) = references.prefixed(*folder) else { continue };
            names.extend(found.flatten().map(|reference| reference.name().as_bstr().to_string()));
        }
    }
    names
}
