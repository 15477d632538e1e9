//! The git room: contents that Git LFS keeps beside a repository.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod support;

use std::path::Path;

use support::git_server::{Auth, GitServer, Options};
use talknotes::git::{
    Access, Credentials, Files, GitError, Limits, Reason, Reference, Remote, SkipReason,
};

const NOTE: &[u8] = b"# Tides for beginners\n\n* read the tables\n";

fn server() -> GitServer {
    let auth = Some(Auth::basic("reader", "s3cret-word"));
    let server = GitServer::with_options(Options { tls: true, auth, ..Options::default() });
    server.large_files().store_at(&origin(&server));
    server
}

fn origin(server: &GitServer) -> String {
    format!("https://127.0.0.1:{}", server.port())
}

fn access(server: &GitServer) -> Access {
    Access {
        credentials: Some(Credentials::Basic {
            username: "reader".to_owned(),
            password: "s3cret-word".to_owned(),
        }),
        certificate_authority: Some(server.ca_pem().as_bytes().to_vec()),
        large_files: true,
        ..Access::default()
    }
}

fn files(server: &GitServer, access: Access, cache: &Path) -> Result<Files, GitError> {
    let remote = Remote::new(&server.url("notes"), access)?;
    remote.fetch(&Reference::Head, cache)?.files(&|_| true, Limits::default())
}

/// A server with a note that Git LFS keeps, and one that it does not.
fn with_note() -> GitServer {
    let server = server();
    let pointer = server.large_files().keep(NOTE);
    server.create("notes").commit(&[("kept.md", &pointer), ("own.md", "# Own\n")], "Add notes");
    server
}

#[test]
fn what_is_kept_is_fetched_once_with_the_credentials_of_the_repository() {
    let server = with_note();
    let cache = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let read = files(&server, access(&server), cache.path()).unwrap().files;
        assert_eq!((read[0].path.as_str(), read[0].content.as_slice()), ("kept.md", NOTE));
        assert_eq!(read[1].content, b"# Own\n");
        assert_eq!(server.large_files().downloads(), 1);
    }
}

#[test]
fn its_size_is_that_of_the_content_and_its_id_not_that_of_the_pointer() {
    let server = with_note();
    let cache = tempfile::tempdir().unwrap();
    let listed = |large_files| {
        let access = Access { large_files, ..access(&server) };
        let remote = Remote::new(&server.url("notes"), access).unwrap();
        let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
        snapshot.list(&|_| true, Limits::default()).unwrap().files
    };
    let (with, without) = (listed(true), listed(false));
    assert_eq!(with[0].bytes, NOTE.len() as u64);
    assert_ne!(with[0].content_id(), without[0].content_id());
    assert_eq!(with[1], without[1]);
    assert_eq!(server.large_files().downloads(), 0);
}

#[test]
fn pointers_stay_where_nobody_asks_for_more() {
    let server = with_note();
    let cache = tempfile::tempdir().unwrap();
    let access = Access { large_files: false, ..access(&server) };
    let read = files(&server, access, cache.path()).unwrap().files;
    assert!(read[0].content.starts_with(b"version https://git-lfs"));
}

#[test]
fn credentials_do_not_go_to_another_server() {
    let (server, store) =
        (with_note(), GitServer::with_options(Options { tls: true, ..Options::default() }));
    server.large_files().store_at(&origin(&store));
    store.large_files().keep(NOTE);
    let both = [server.ca_pem(), store.ca_pem()].concat();
    let access = Access { certificate_authority: Some(both.into_bytes()), ..access(&server) };
    let cache = tempfile::tempdir().unwrap();
    let read = files(&server, access, cache.path()).unwrap().files;
    assert_eq!(read[0].content, NOTE);
    assert_eq!(store.large_files().downloads(), 1);
    assert!(!store.has_seen_credentials());
}

#[test]
fn what_is_gone_changed_or_sent_elsewhere_is_refused_and_says_what_to_do() {
    let server = with_note();
    let refused = |part: &str| {
        let cache = tempfile::tempdir().unwrap();
        let error = files(&server, access(&server), cache.path()).unwrap_err();
        let text = format!("{error}{error:?}");
        assert!(text.contains(part), "{text}");
        assert!(!text.contains("s3cret-word"), "{text}");
    };
    let other = NOTE.to_ascii_uppercase();
    server.large_files().change(NOTE, Some(&other));
    refused("not what its pointer says");
    server.large_files().change(NOTE, Some(&NOTE.repeat(2)));
    refused("longer than it may be");
    server.large_files().change(NOTE, None);
    refused("git lfs push --all");
    server.large_files().keep(NOTE);
    server.large_files().store_at(&format!("http://127.0.0.1:{}", server.port()));
    refused("not over https");
}

#[test]
fn what_is_larger_than_is_read_is_named_and_not_fetched() {
    let server = server();
    let pointer = server.large_files().keep(&vec![b'a'; 2 << 20]);
    server.create("notes").commit(&[("large.md", &pointer)], "Add a large note");
    let cache = tempfile::tempdir().unwrap();
    let read = files(&server, access(&server), cache.path()).unwrap();
    assert_eq!(read.skipped[0].reason, SkipReason::TooLarge { bytes: 2 << 20 });
    assert_eq!(server.large_files().downloads(), 0);
}

#[test]
fn a_repository_by_ssh_is_refused_with_what_to_do() {
    let access = Access { large_files: true, ..Access::default() };
    let error = Remote::new("git@git.example:notes.git", access).unwrap_err();
    assert_eq!(error.reason(), Reason::InvalidUrl);
    assert!(error.to_string().contains("spec.lfs"), "{error}");
}
