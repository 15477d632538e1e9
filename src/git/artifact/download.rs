//! Downloading an archive, and whether it is the one that was meant.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::OnceLock;

use reqwest::blocking::{Client, Response};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use url::Url;

use super::super::deadline::Deadline;
use super::super::text::hex;
use super::super::{GitError, cache, http, status};
use super::{Algorithm, Digest, nameless};

/// Largest archive, packed, in bytes.
const LARGEST: u64 = 256 << 20;

/// The bytes at `url`, if they have the digest.
pub(super) fn download(
    url: &Url,
    digest: &Digest,
    deadline: Deadline,
    folder: &Path,
) -> Result<File, GitError> {
    let mut response = ask(url, deadline)?;
    let mut file = nameless(folder)?;
    let mut hash = Hash::new(digest.algorithm);
    let (mut buffer, mut received) = (vec![0; 64 << 10], 0_u64);
    loop {
        let read = response
            .read(&mut buffer)
            .map_err(|error| status::of_broken_answer(&error, deadline.timeout()))?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        received += bytes.len() as u64;
        if received > LARGEST {
            return Err(GitError::TooLarge(format!(
                "its artifact has more than {} MiB: let the source leave out what is no note",
                LARGEST >> 20
            )));
        }
        hash.update(bytes);
        file.write_all(bytes).map_err(cache::failed)?;
    }
    if hash.hex() != digest.hex {
        return Err(GitError::DigestMismatch);
    }
    file.seek(SeekFrom::Start(0)).map_err(cache::failed)?;
    Ok(file)
}

/// Sources are in the cluster: no proxy of the environment stands between, and nobody sends us elsewhere.
fn ask(url: &Url, deadline: Deadline) -> Result<Response, GitError> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let client = http::shared(&CLIENT, || {
        http::choose_provider();
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        client.timeout(None).build().map_err(|error| GitError::Failed(status::innermost(&error)))
    })?;
    let request = client.get(url.clone()).timeout(deadline.remaining()?);
    let response =
        request.send().map_err(|error| status::of_failure(&error, deadline.timeout()))?;
    let response = status::unless_away(response, "it")?;
    match response.status().as_u16() {
        200 => Ok(response),
        // A source that fetched anew removes what it had a minute later.
        404 | 410 => Err(GitError::ArtifactGone),
        300..=399 => {
            Err(GitError::RedirectRefused("another address than that of the artifact".to_owned()))
        }
        code => Err(GitError::UnexpectedStatus(code)),
    }
}

enum Hash {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hash {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha384(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    fn hex(self) -> String {
        match self {
            Self::Sha256(hash) => hex(&hash.finalize()),
            Self::Sha384(hash) => hex(&hash.finalize()),
            Self::Sha512(hash) => hex(&hash.finalize()),
        }
    }
}
