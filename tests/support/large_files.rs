//! What a git server keeps for Git LFS: the batch API and a store of objects, as scripted as tests want.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard};

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode, Uri};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Objects by the digits of their SHA-256.
#[derive(Default)]
pub struct LargeFiles(Mutex<State>);

#[derive(Default)]
struct State {
    objects: HashMap<String, Vec<u8>>,
    /// Where downloads are, such as `https://127.0.0.1:1`.
    store: String,
    downloads: u64,
}

impl LargeFiles {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Keeps `content` and gives the pointer to it, as Git LFS writes it into a repository.
    pub fn keep(&self, content: &[u8]) -> String {
        let oid = oid_of(content);
        self.state().objects.insert(oid.clone(), content.to_vec());
        format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {}\n",
            content.len()
        )
    }

    /// Gives `other` to those who ask for `content`; none where it is gone.
    pub fn change(&self, content: &[u8], other: Option<&[u8]>) {
        let oid = oid_of(content);
        match other {
            Some(other) => drop(self.state().objects.insert(oid, other.to_vec())),
            None => drop(self.state().objects.remove(&oid)),
        }
    }

    /// Sends downloads to the server at `origin`.
    pub fn store_at(&self, origin: &str) {
        origin.clone_into(&mut self.state().store);
    }

    /// Number of downloads.
    pub fn downloads(&self) -> u64 {
        self.state().downloads
    }

    /// The answer to a request, if it is one for Git LFS.
    pub fn answer(&self, uri: &Uri, body: &Bytes) -> Option<Response<Body>> {
        let mut state = self.state();
        if let Some(oid) = uri.path().strip_prefix("/store/") {
            state.downloads += 1;
            let object = state.objects.get(oid).cloned();
            let status = if object.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
            return Some(respond(status, object.unwrap_or_default()));
        }
        if !uri.path().ends_with(".git/info/lfs/objects/batch") {
            return None;
        }
        let question: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(question["operation"], "download");
        let oid = question["objects"][0]["oid"].as_str().unwrap();
        let href = format!("{}/store/{oid}", state.store);
        let object = match state.objects.contains_key(oid) {
            true => json!({ "oid": oid, "actions": { "download": { "href": href } } }),
            false => json!({ "oid": oid, "error": { "code": 404, "message": "no such object" } }),
        };
        let answer = json!({ "transfer": "basic", "objects": [object] });
        Some(respond(StatusCode::OK, answer.to_string().into_bytes()))
    }
}

fn respond(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    Response::builder().status(status).body(Body::from(body)).unwrap()
}

fn oid_of(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
