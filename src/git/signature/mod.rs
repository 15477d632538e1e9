//! Whether a revision is signed by somebody who is trusted.

mod certificate;
mod openpgp;
mod ssh;

use gix::objs::{CommitRefIter, Kind, TagRef, TagRefIter};

use super::reference::TAGS;
use super::text::chain;
use super::{GitError, Revision};
use certificate::Certificate;

/// Largest signature that is looked at, in bytes: it comes from whoever may push.
const LARGEST: usize = 64 << 10;
const UNREADABLE: &str = "has a signature that cannot be read";

fn mismatch(name: &str) -> String {
    format!("has a signature of {name} that does not match")
}

/// What must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The commit.
    Commit,
    /// The tag that names it.
    Tag,
    /// Both.
    Both,
}

impl Signed {
    fn includes_tag(self) -> bool {
        self != Self::Commit
    }

    fn includes_commit(self) -> bool {
        self != Self::Tag
    }
}

/// The public keys of those who are trusted, each with a name to show.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    ssh: Vec<(String, ssh::Key)>,
    openpgp: Vec<(String, Certificate)>,
}

impl Signers {
    /// Adds the keys of a file like `id_ed25519.pub`, one a line.
    ///
    /// # Errors
    ///
    /// Where a line is no public key of ssh.
    pub fn add_ssh(&mut self, name: &str, text: &str) -> Result<(), GitError> {
        let keys = ssh::keys(name, text).map_err(GitError::SignersInvalid)?;
        self.ssh.extend(keys.into_iter().map(|key| (name.to_owned(), key)));
        Ok(())
    }

    /// Adds the keys of a file as `gpg --export --armor` writes it. Whether they are expired or revoked
    /// is looked at when a signature is checked.
    ///
    /// # Errors
    ///
    /// Where it holds no public key of OpenPGP, or something else beside them.
    pub fn add_openpgp(&mut self, name: &str, text: &str) -> Result<(), GitError> {
        let keys = certificate::read(name, text).map_err(GitError::SignersInvalid)?;
        self.openpgp.extend(keys.into_iter().map(|key| (name.to_owned(), key)));
        Ok(())
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.ssh.is_empty() && self.openpgp.is_empty()
    }

    /// Who signed `data`, to be shown. `what` is what it is.
    fn check(&self, what: &str, data: &[u8], signature: &[u8]) -> Result<String, GitError> {
        let checked = if signature.len() > LARGEST {
            Err("has a signature of a size that no key makes".to_owned())
        } else if openpgp::is_one(signature) {
            openpgp::check(&self.openpgp, data, signature, jiff::Timestamp::now())
        } else {
            ssh::check(&self.ssh, data, signature)
        };
        checked.map_err(|why| GitError::NotVerified(format!("{what} {why}")))
    }
}

/// What is to be checked.
pub(super) struct Subject<'a> {
    pub repository: &'a gix::Repository,
    pub revision: &'a Revision,
    /// The annotated tag that names the commit.
    pub tag: Option<gix::ObjectId>,
}

impl Subject<'_> {
    /// Who signed the commit, the tag or both, to be shown.
    pub(super) fn check(&self, signed: Signed, signers: &Signers) -> Result<String, GitError> {
        let commit = gix::ObjectId::from_hex(self.revision.commit.as_bytes())
            .map_err(|error| GitError::Failed(error.to_string()))?;
        let mut found = Vec::new();
        if signed.includes_tag() {
            found.push(self.check_tag(commit, signers)?);
        }
        if signed.includes_commit() {
            found.push(self.check_commit(commit, signers)?);
        }
        found.dedup();
        Ok(found.join(" and "))
    }

    fn check_commit(&self, commit: gix::ObjectId, signers: &Signers) -> Result<String, GitError> {
        let what = format!("commit {commit}");
        let object = self.read(commit, Kind::Commit)?;
        let found = CommitRefIter::signature(&object, self.repository.object_hash())
            .map_err(|error| GitError::Failed(chain(&error)))?;
        let (signature, data) = found.ok_or_else(|| unsigned(&what))?;
        signers.check(&what, &data.to_bstring(), signature.as_ref())
    }

    /// A server could show the signed tag of another version, or another commit beside it.
    fn check_tag(&self, commit: gix::ObjectId, signers: &Signers) -> Result<String, GitError> {
        let name = self.revision.name.strip_prefix(TAGS).unwrap_or(&self.revision.name);
        let what = format!("tag {name}");
        let refused = |why: &str| Err(GitError::NotVerified(format!("{what} {why}")));
        let Some(tag) = self.tag else {
            return refused("is not an annotated tag, and no other can be signed");
        };
        let object = self.read(tag, Kind::Tag)?;
        let (signature, data) = TagRefIter::signature(&object).ok_or_else(|| unsigned(&what))?;
        let signer = signers.check(&what, &data.to_bstring(), signature.data)?;
        let parsed = TagRef::from_bytes(&object, self.repository.object_hash())
            .map_err(|error| GitError::Failed(chain(&error)))?;
        if parsed.name != name {
            return refused("was signed under another name");
        }
        if parsed.target_kind != Kind::Commit || parsed.target() != commit {
            return refused("was signed for another commit");
        }
        Ok(signer)
    }

    fn read(&self, id: gix::ObjectId, kind: Kind) -> Result<Vec<u8>, GitError> {
        let found = self.repository.find_object(id);
        let object = found.map_err(|error| GitError::Damaged(chain(&error)))?;
        if object.kind != kind {
            return Err(GitError::NotVerified(format!("{id} is no {kind}")));
        }
        Ok(object.detach().data)
    }
}

fn unsigned(what: &str) -> GitError {
    GitError::NotVerified(format!("{what} is not signed"))
}
