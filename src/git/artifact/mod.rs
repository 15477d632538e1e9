//! What other controllers fetched: the artifacts of Flux, archives behind HTTP with a digest.
//!
//! Nothing of an archive is looked at before its digest is found right, no file is ever written under a
//! name of the archive's, and what is unpacked has no name on the disk at all: whatever ends the process
//! leaves nothing behind. The archive itself is hostile all the same, because what it was made of is.

mod archive;
mod download;

use std::path::Path;

use url::Url;

pub(super) use archive::Archive;

use super::deadline::Deadline;
use super::text::one_line;
use super::{GitError, Revision, Snapshot};

/// An archive of files, as the `status.artifact` of a source of Flux names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    url: Url,
    digest: Digest,
    revision: String,
}

/// What the bytes of an archive have to hash to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Digest {
    algorithm: Algorithm,
    hex: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Artifact {
    /// The artifact at `url` (http or https) whose bytes have the digest `digest` (`sha256:…`) and hold
    /// the files of `revision`.
    ///
    /// # Errors
    ///
    /// [`GitError::ArtifactInvalid`]
    pub fn new(url: &str, digest: &str, revision: &str) -> Result<Self, GitError> {
        let invalid = |why: &str| Err(GitError::ArtifactInvalid(why.to_owned()));
        let url = match Url::parse(url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => url,
            _ => return invalid("its url does not begin with http:// or https://"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return invalid("its url holds credentials");
        }
        let Some(digest) = Digest::of(digest) else {
            return invalid("it has no digest of sha256, sha384 or sha512");
        };
        if revision.is_empty() || revision.len() > 500 {
            return invalid("it has no revision, or one that is too long");
        }
        Ok(Self { url, digest, revision: one_line(revision) })
    }

    /// The revision, which is another one wherever the digest is.
    pub(super) fn revision(&self) -> Revision {
        Revision { name: self.revision.clone(), commit: self.digest.to_string() }
    }

    /// Where it is. Two revisions of a source are at two addresses of one server.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Downloads it, and unpacks it into `folder`, where it has no name.
    pub(super) fn fetch(&self, deadline: Deadline, folder: &Path) -> Result<Snapshot, GitError> {
        let packed = download::download(&self.url, &self.digest, deadline, folder)?;
        let archive = Archive::unpack(packed, deadline, folder)?;
        Ok(Snapshot::of_archive(archive, self.revision()))
    }
}

impl Digest {
    fn of(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        let (algorithm, digits) = match algorithm {
            "sha256" => (Algorithm::Sha256, 64),
            "sha384" => (Algorithm::Sha384, 96),
            "sha512" => (Algorithm::Sha512, 128),
            _ => return None,
        };
        let is_hex = hex.len() == digits && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hex.then(|| Self { algorithm, hex: hex.to_ascii_lowercase() })
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let algorithm = match self.algorithm {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        };
        write!(f, "{algorithm}:{}", self.hex)
    }
}

/// A file without a name in `folder`. It is gone when it is closed.
fn nameless(folder: &Path) -> Result<std::fs::File, GitError> {
    std::fs::create_dir_all(folder).map_err(super::cache::failed)?;
    tempfile::tempfile_in(folder).map_err(super::cache::failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Reason;

    const URL: &str =
        "http://source-controller.flux-system.svc.cluster.local./gitrepository/a/b.tar.gz";

    #[test]
    fn what_has_no_digest_or_address_is_refused() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (url, digest, revision) in [
            ("", digest.as_str(), "main"),
            ("file:///etc/passwd", &digest, "main"),
            ("http://anna:hunter2@host/a", &digest, "main"),
            (URL, "", "main"),
            (URL, "sha256:", "main"),
            (URL, "sha256:zz", "main"),
            (URL, "md5:0123456789abcdef0123456789abcdef", "main"),
            (URL, &digest, ""),
        ] {
            let error = Artifact::new(url, digest, revision).unwrap_err();
            assert_eq!(error.reason(), Reason::ArtifactInvalid, "{url} {digest}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn its_revision_is_another_one_wherever_its_bytes_are() {
        let artifact = |digit: &str| {
            let digest = format!("sha256:{}", digit.repeat(64));
            Artifact::new(URL, &digest, "main@sha1:c0ffee").unwrap().revision()
        };
        assert_ne!(artifact("a"), artifact("b"));
        assert_eq!(artifact("a").to_string(), "main@sha1:c0ffee");
    }
}
