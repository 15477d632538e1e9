//! Whether a revision is signed by somebody who is trusted.

use gix::objs::{CommitRefIter, Kind, TagRef, TagRefIter};
use russh::keys::ssh_key::SshSig;
use russh::keys::{Algorithm, HashAlg, PublicKey};

use super::reference::TAGS;
use super::text::chain;
use super::{GitError, Revision};

/// What git writes into a signature by ssh, so that it stands for nothing else.
const NAMESPACE: &str = "git";
const OPENPGP: &[u8] = b"-----BEGIN PGP";

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
pub struct Signers(Vec<(String, PublicKey)>);

impl Signers {
    /// Adds the keys of a file like `id_ed25519.pub`, one a line.
    ///
    /// # Errors
    ///
    /// Where a line is no public key of ssh.
    pub fn add_ssh(&mut self, name: &str, text: &str) -> Result<(), GitError> {
        for (line, number) in text.lines().map(str::trim).zip(1_usize..) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = line.parse::<PublicKey>().map_err(|_| {
                GitError::SignersInvalid(format!("line {number} of {name} is no ssh public key"))
            })?;
            self.0.push((name.to_owned(), key));
        }
        Ok(())
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who signed `data`, to be shown. `what` is what it is.
    fn check(&self, what: &str, data: &[u8], signature: &[u8]) -> Result<String, GitError> {
        let refused = |why: String| GitError::NotVerified(format!("{what} {why}"));
        if signature.starts_with(OPENPGP) {
            return Err(refused("is signed with OpenPGP, which is not checked yet".to_owned()));
        }
        let signature = SshSig::from_pem(signature)
            .map_err(|_| refused("has a signature that cannot be read".to_owned()))?;
        let fingerprint = signature.public_key().fingerprint(HashAlg::Sha256);
        let is_it = |key: &PublicKey| key.key_data() == signature.public_key();
        let Some((name, key)) = self.0.iter().find(|(_, key)| is_it(key)) else {
            return Err(refused(format!("is signed by {fingerprint}, which is not trusted")));
        };
        let is_weak = matches!(signature.algorithm(), Algorithm::Rsa { hash: None });
        if is_weak || key.verify(NAMESPACE, data, &signature).is_err() {
            return Err(refused(format!("has a signature of {name} that does not match")));
        }
        Ok(format!("{name} ({fingerprint})"))
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
