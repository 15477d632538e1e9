//! Contents that Git LFS keeps beside a repository, which itself holds pointers to them. Only the
//! [batch API](https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md) over https with the transfer
//! `basic` is spoken, as all forges have it. The file `.lfsconfig` is not read: whoever writes into the
//! repository does not choose whom the credentials are shown.

mod pointer;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use serde::{Deserialize, Serialize};
use url::Url;

use super::deadline::Deadline;
use super::url::Server;
use super::{Access, GitError, cache, http, status};
use pointer::Pointer;

pub(super) use pointer::find;

/// What requests and answers of the batch API are.
const MEDIA_TYPE: &str = "application/vnd.git-lfs+json";
/// Largest answer of the batch API about one object, in bytes.
const LARGEST_ANSWER: u64 = 64 << 10;
/// Most redirects of a download: large hosts have one, to their store of objects.
const MOST_REDIRECTS: usize = 3;

/// The contents beside one repository.
pub(super) struct LargeFiles {
    repository: Url,
    access: Access,
    client: Client,
    folder: PathBuf,
}

#[derive(Serialize)]
struct Question<'a> {
    operation: &'static str,
    transfers: [&'static str; 1],
    objects: [Wanted<'a>; 1],
    hash_algo: &'static str,
}

#[derive(Serialize)]
struct Wanted<'a> {
    oid: &'a str,
    size: u64,
}

#[derive(Deserialize)]
struct Answer {
    objects: Vec<Offered>,
}

#[derive(Deserialize)]
struct Offered {
    oid: String,
    #[serde(default)]
    actions: BTreeMap<String, Action>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Action {
    href: String,
    #[serde(default)]
    header: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Refusal {
    code: u16,
}

impl LargeFiles {
    /// The contents beside the repository at `server`, which are kept in `folder`.
    pub fn new(server: &Server, access: &Access, folder: PathBuf) -> Result<Self, GitError> {
        let Server::Http(repository) = server else { return Err(GitError::LargeFilesBySsh) };
        let client = http::client(access)?;
        Ok(Self { repository: repository.clone(), access: access.clone(), client, folder })
    }

    /// The content that the pointer in `blob` leads to.
    pub fn content(&self, blob: &[u8]) -> Result<Vec<u8>, GitError> {
        let pointer = Pointer::read(blob).ok_or_else(|| lost("a pointer is no longer one"))?;
        let path = self.folder.join(&pointer.oid);
        if let Some(kept) = fs::read(&path).ok().filter(|kept| pointer.is_of(kept)) {
            return Ok(kept);
        }
        let deadline = Deadline::after(self.access.timeout);
        let content = self.download(&self.ask(&pointer, deadline)?, &pointer, deadline)?;
        self.keep(&path, &content)?;
        Ok(content)
    }

    /// Asks where the content is.
    fn ask(&self, pointer: &Pointer, deadline: Deadline) -> Result<Action, GitError> {
        let question = Question {
            operation: "download",
            transfers: ["basic"],
            objects: [Wanted { oid: &pointer.oid, size: pointer.bytes }],
            hash_algo: "sha256",
        };
        let body = serde_json::to_vec(&question).map_err(|error| lost(&error.to_string()))?;
        let request = self.client.post(self.batch()).header(ACCEPT, MEDIA_TYPE);
        let request = self.authorized(request.header(CONTENT_TYPE, MEDIA_TYPE).body(body));
        let response = self.accepted(send(request, deadline)?)?;
        let text = read(response, LARGEST_ANSWER, deadline)?;
        let answer: Answer = serde_json::from_slice(&text)
            .map_err(|_| lost("the server answers, but not as one of Git LFS"))?;
        let offered = answer.objects.into_iter().find(|offered| offered.oid == pointer.oid);
        let offered =
            offered.ok_or_else(|| lost("the server says nothing of what was asked for"))?;
        match (offered.error, offered.actions.into_iter().find(|(name, _)| name == "download")) {
            (None, Some((_, action))) => Ok(action),
            (Some(Refusal { code: 404 | 410 }), _) => Err(lost(
                "the server lacks an object: `git lfs push --all` in the clone of whoever committed it sends it",
            )),
            (Some(Refusal { code }), _) => {
                Err(lost(&format!("the server refuses an object (status {code})")))
            }
            (None, None) => Err(lost("the server offers no download")),
        }
    }

    /// Fetches the content. What the server says about authentication goes to the address that it says
    /// it for, and to no other.
    fn download(
        &self,
        action: &Action,
        pointer: &Pointer,
        deadline: Deadline,
    ) -> Result<Vec<u8>, GitError> {
        let mut to = self.repository.join(&action.href).map_err(|_| nowhere())?;
        let mut request = self.client.get(self.checked(&to)?);
        for (name, value) in &action.header {
            request = request.header(name, value);
        }
        if to.origin() == self.repository.origin() && action.header.is_empty() {
            request = self.authorized(request);
        }
        for _ in 0..=MOST_REDIRECTS {
            let response = send(request, deadline)?;
            if response.status().is_redirection() {
                let next = response.headers().get(LOCATION).and_then(|next| next.to_str().ok());
                to = to.join(next.ok_or_else(nowhere)?).map_err(|_| nowhere())?;
                request = self.client.get(self.checked(&to)?);
                continue;
            }
            let content = read(self.accepted(response)?, pointer.bytes, deadline)?;
            if !pointer.is_of(&content) {
                return Err(lost("an object is not what its pointer says: somebody changed it"));
            }
            return Ok(content);
        }
        Err(GitError::RedirectRefused("one address after the other".to_owned()))
    }

    /// Where the batch API of the repository is.
    fn batch(&self) -> Url {
        let mut url = self.repository.clone();
        let path = url.path().trim_end_matches('/');
        let dot_git = if path.ends_with(".git") { "" } else { ".git" };
        url.set_path(&format!("{path}{dot_git}/info/lfs/objects/batch"));
        url
    }

    /// Nobody is asked without encryption but the server that is visited so itself.
    fn checked(&self, url: &Url) -> Result<Url, GitError> {
        let fits = url.scheme() == "https" || url.origin() == self.repository.origin();
        if fits { Ok(url.clone()) } else { Err(nowhere()) }
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.access.credentials {
            Some(credentials) => credentials.shown(request),
            None => request,
        }
    }

    fn accepted(&self, response: Response) -> Result<Response, GitError> {
        let response = status::unless_away(response, "Git LFS")?;
        let code = response.status().as_u16();
        match code {
            200 => Ok(response),
            401 | 403 if self.access.credentials.is_none() => Err(GitError::CredentialsNeeded),
            401 | 403 => Err(GitError::CredentialsRefused { status: code }),
            404 | 410 => Err(lost(&format!("there is no server of Git LFS (status {code})"))),
            429 => Err(GitError::RateLimited { status: code, until: None }),
            _ => Err(GitError::UnexpectedStatus(code)),
        }
    }

    fn keep(&self, path: &Path, content: &[u8]) -> Result<(), GitError> {
        fs::create_dir_all(&self.folder).map_err(cache::failed)?;
        let mut draft = tempfile::NamedTempFile::new_in(&self.folder).map_err(cache::failed)?;
        draft.write_all(content).map_err(cache::failed)?;
        draft.persist(path).map_err(|error| cache::failed(error.error))?;
        Ok(())
    }
}

fn send(request: RequestBuilder, deadline: Deadline) -> Result<Response, GitError> {
    let request = request.timeout(deadline.remaining()?);
    request.send().map_err(|error| status::of_failure(&error, deadline.timeout()))
}

/// The body of an answer; an error past `most` bytes.
fn read(response: Response, most: u64, deadline: Deadline) -> Result<Vec<u8>, GitError> {
    let mut body = Vec::new();
    let read = response.take(most.saturating_add(1)).read_to_end(&mut body);
    read.map_err(|error| status::of_broken_answer(&error, deadline.timeout()))?;
    if body.len() as u64 > most {
        return Err(lost("an answer is longer than it may be"));
    }
    Ok(body)
}

fn lost(why: &str) -> GitError {
    GitError::LargeFiles(why.to_owned())
}

fn nowhere() -> GitError {
    GitError::RedirectRefused("a download of Git LFS that is not over https".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(url: &str) -> LargeFiles {
        let server = Server::Http(Url::parse(url).unwrap());
        LargeFiles::new(&server, &Access::default(), PathBuf::new()).unwrap()
    }

    #[test]
    fn where_the_batch_api_is() {
        for (url, batch) in [
            ("https://git.example/team/notes", "/team/notes.git/info/lfs/objects/batch"),
            ("https://git.example/team/notes.git", "/team/notes.git/info/lfs/objects/batch"),
            ("https://git.example/team/notes/", "/team/notes.git/info/lfs/objects/batch"),
        ] {
            assert_eq!(files(url).batch().path(), batch);
        }
    }

    #[test]
    fn downloads_are_encrypted_or_at_the_server_itself() {
        let there = |url: &str| Url::parse(url).unwrap();
        let encrypted = files("https://git.example/notes");
        assert!(encrypted.checked(&there("https://store.example/a")).is_ok());
        assert!(encrypted.checked(&there("http://git.example/a")).is_err());
        assert!(encrypted.checked(&there("file:///etc/passwd")).is_err());
        let plain = files("http://git.example/notes");
        assert!(plain.checked(&there("http://git.example/a")).is_ok());
        assert!(plain.checked(&there("http://store.example/a")).is_err());
    }
}
