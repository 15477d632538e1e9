//! Fetching a commit into a cache.

use gix::progress::Discard;
use gix::remote::Direction;
use gix::remote::fetch::{Shallow, Tags};

use super::cache::{MOST_OBJECT_MIB, name_of};
use super::deadline::Deadline;
use super::listing::{list, no_more_credentials};
use super::reference::Missing;
use super::text::chain;
use super::url::Server;
use super::visit::Visit;
use super::{Access, GitError, Reference, Revision};

/// Folder of our references in a cache. A commit that one of them points to is complete.
const OURS: &str = "refs/talknotes/";

/// What came of a visit.
pub(super) enum Update {
    /// All was there already.
    Current(Found),
    /// Something was transferred.
    Transferred(Found),
    /// The cache names its objects by another hash than the remote.
    OtherHash(gix::hash::Kind),
}

/// What a reference is.
pub(super) struct Found {
    pub revision: Revision,
    /// The annotated tag that names the commit, where the reference is one.
    pub tag: Option<gix::ObjectId>,
}

/// Asks the remote for `reference` and transfers its commit where `repository` lacks it.
pub(super) fn update(
    repository: &gix::Repository,
    server: &Server,
    access: &Access,
    reference: &Reference,
    deadline: Deadline,
) -> Result<Update, Missing> {
    if reference.commit()?.is_some() {
        // A pinned commit is asked for only where it is lacking, but whether the server still lets
        // us in is asked each time.
        list(server, access, &["HEAD"], deadline)?;
        let revision = reference.find(&[])?;
        if has(repository, &revision) {
            return Ok(Update::Current(Found { revision, tag: None }));
        }
    }
    let (visit, transport) = Visit::open(server, access, deadline)?;
    let explain = |error: gix::Error| refine(visit.explain(&error), &error, reference);

    let spec = refspec(reference)?;
    let remote = repository
        .remote_at_without_url_rewrite(server.library_url().as_str())
        .and_then(|remote| {
            remote.with_fetch_tags(Tags::None).with_refspecs([spec.as_str()], Direction::Fetch)
        })
        .map_err(explain)?;
    let connection =
        remote.to_connection_with_transport(transport).with_credentials(no_more_credentials);
    let prepared = connection.prepare_fetch(Discard, Default::default()).map_err(explain)?;
    let revision = reference.find(&prepared.ref_map().remote_refs)?;
    if prepared.ref_map().object_hash != repository.object_hash() {
        return Ok(Update::OtherHash(prepared.ref_map().object_hash));
    }
    let tag = reference.tag(&prepared.ref_map().remote_refs);
    if has(repository, &revision) && tag.is_none_or(|tag| repository.has_object(tag)) {
        return Ok(Update::Current(Found { revision, tag }));
    }
    visit.expect_objects();
    let prepared = prepared.with_shallow(Shallow::DepthAtRemote(std::num::NonZeroU32::MIN));
    deadline.watch(|stop| prepared.receive(Discard, stop))?.map_err(explain)?;
    if has(repository, &revision) {
        return Ok(Update::Transferred(Found { revision, tag }));
    }
    Err(GitError::NoCommit(reference.to_string()).into())
}

/// Whether a reference of ours points to the commit of `revision`.
fn has(repository: &gix::Repository, revision: &Revision) -> bool {
    let Ok(wanted) = gix::ObjectId::from_hex(revision.commit.as_bytes()) else {
        return false;
    };
    let find = || -> gix::Result<bool> {
        for ours in repository.references()?.prefixed(OURS)? {
            let found = ours.and_then(|mut ours| ours.peel_to_commit());
            if found.is_ok_and(|commit| commit.id() == wanted) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    find().unwrap_or(false)
}

/// Fetches into a reference of ours that is the same for the same name at the remote.
fn refspec(reference: &Reference) -> Result<String, GitError> {
    let source = match reference.commit()? {
        Some(id) => id.to_string(),
        None => reference.full_name()?,
    };
    Ok(format!("+{source}:{OURS}{}", name_of(&source)))
}

/// Two faults that only the git library sees.
fn refine(explained: GitError, error: &gix::Error, reference: &Reference) -> GitError {
    match explained {
        GitError::Failed(_) if error.is_resource_exhausted() => GitError::TooLarge(format!(
            "a file in it has more than {MOST_OBJECT_MIB} MiB: keep that elsewhere"
        )),
        // Servers say in plain text only that they do not have a commit, or do not give it.
        GitError::Failed(_) if chain(error).contains("not our ref") => {
            GitError::ReferenceNotFound(format!(
                "{reference} that the server gives away: check it, or push it to a branch or tag"
            ))
        }
        other => other,
    }
}
