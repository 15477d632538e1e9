//! The git room: artifacts as Flux makes them, and those that nobody should take.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod support;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256, Sha512};
use support::git_server::GitServer;
use support::web_server::{Answer, WebServer};
use talknotes::git::{
    Access, Artifact, Files, GitError, Limits, Reason, Reference, Remote, SkipReason, Snapshot,
};
use tar::{EntryType, Header};
use tempfile::TempDir;

const REVISION: &str = "main@sha1:0123456789abcdef0123456789abcdef01234567";

fn sha256(bytes: &[u8]) -> String {
    let digits: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

fn packed(tar: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(tar).unwrap();
    packer.finish().unwrap()
}

/// An archive in the making.
struct Pack(tar::Builder<Vec<u8>>);

impl Pack {
    fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    fn file(self, path: &str, content: &[u8]) -> Self {
        self.entry(EntryType::Regular, path.as_bytes(), content)
    }

    /// The library makes no hostile paths, so that they are written over harmless ones.
    fn entry(mut self, kind: EntryType, path: &[u8], content: &[u8]) -> Self {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.as_old_mut().name[..path.len()].copy_from_slice(path);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        self.0.append(&header, content).unwrap();
        self
    }

    fn finish(self) -> Vec<u8> {
        packed(&self.0.into_inner().unwrap())
    }
}

struct Scene {
    server: WebServer,
    folder: TempDir,
}

impl Scene {
    fn new(archive: Vec<u8>) -> Self {
        let server = WebServer::start(move |_| Answer::ok(archive.clone()));
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    fn fetch(&self, digest: &str) -> Result<Snapshot, GitError> {
        let artifact = Artifact::new(&self.server.url("/a/b.tar.gz"), digest, REVISION)?;
        let access = Access { timeout: Duration::from_secs(20), ..Access::default() };
        Remote::of_artifact(artifact, access).fetch(&Reference::Head, self.folder.path())
    }
}

fn files(archive: Vec<u8>) -> Result<Files, GitError> {
    let digest = sha256(&archive);
    let scene = Scene::new(archive);
    let files = scene.fetch(&digest)?.files(&|_| true, Limits::default());
    let left: Vec<_> = std::fs::read_dir(scene.folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    files
}

fn texts(files: &Files) -> BTreeMap<&str, &str> {
    let text = |content| std::str::from_utf8(content).unwrap();
    files.files.iter().map(|file| (file.path.as_str(), text(&file.content))).collect()
}

fn refused(archive: Vec<u8>, reason: Reason, words: &str) {
    let error = files(archive).unwrap_err();
    assert_eq!(error.reason(), reason, "{error}");
    assert!(error.to_string().contains(words), "{words}: {error}");
}

/// source-controller packs work trees; git packs trees, with a part that names the commit.
#[test]
fn an_artifact_is_read_like_the_tree_that_it_was_made_of() {
    let server = GitServer::start();
    let repository = server.create("notes");
    let deep = format!("{}/c.md", "a-folder-with-a-long-name/".repeat(8).trim_end_matches('/'));
    repository.commit(&[("a.md", "# A\n"), ("圖/b.md", "# B\n"), (&deep, "# C\n")], "Take notes");
    let archive = server.repositories().join("notes.tar.gz");
    let output = format!("--output={}", archive.display());
    repository.at_server(&["archive", "--format=tar.gz", &output, "main"]);
    let archive = std::fs::read(archive).unwrap();
    let (scene, digest) = (Scene::new(archive.clone()), sha256(&archive));
    let snapshot = scene.fetch(&digest).unwrap();
    assert_eq!(snapshot.revision().to_string(), REVISION);
    let found = snapshot.files(&|path| path.ends_with(".md"), Limits::default()).unwrap();
    let wanted = BTreeMap::from([("a.md", "# A\n"), ("圖/b.md", "# B\n"), (&deep, "# C\n")]);
    assert_eq!(texts(&found), wanted);
    let only = snapshot.files(&|path| path == "a.md", Limits::default()).unwrap();
    assert_eq!(texts(&only), BTreeMap::from([("a.md", "# A\n")]));

    let longer: String =
        Sha512::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(scene.fetch(&format!("sha512:{longer}")).is_ok());
}

#[test]
fn bytes_without_the_digest_are_not_looked_at() {
    let archive = Pack::new().file("../a.md", b"# A\n").finish();
    let error = Scene::new(archive).fetch(&sha256(b"something else")).unwrap_err();
    assert!(error.to_string().contains("does not have the digest"), "{error}");
}

#[test]
fn paths_that_leave_the_archive_are_refused_with_all_of_it() {
    for path in ["../a.md", "notes/../../a.md", "/etc/a.md", "./..", "a/../b.md"] {
        let archive = Pack::new().file("good.md", b"# A\n").file(path, b"# B\n").finish();
        refused(archive, Reason::ArtifactInvalid, "outside of it");
    }
    let dots = Pack::new().file("./good.md", b"# A\n").file("./a//b.md", b"# B\n").finish();
    let found = files(dots).unwrap();
    assert_eq!(texts(&found).into_keys().collect::<Vec<_>>(), ["a/b.md", "good.md"]);
}

#[test]
fn links_and_odd_files_are_named_or_left_out_and_never_followed() {
    let archive = Pack::new()
        .file("a.md", b"# A\n")
        .entry(EntryType::Symlink, b"link.md", b"")
        .entry(EntryType::Link, b"hard.md", b"")
        .entry(EntryType::Fifo, b"fifo.md", b"")
        .entry(EntryType::Char, b"device.md", b"")
        .entry(EntryType::Directory, b"folder.md/", b"")
        .entry(EntryType::Regular, b"\xff.md", b"# X\n")
        .finish();
    let found = files(archive).unwrap();
    assert_eq!(texts(&found), BTreeMap::from([("a.md", "# A\n")]));
    let skipped: Vec<_> =
        found.skipped.iter().map(|skipped| (skipped.path.as_str(), skipped.reason)).collect();
    let wanted = [
        ("hard.md", SkipReason::Symlink),
        ("link.md", SkipReason::Symlink),
        ("\u{fffd}.md", SkipReason::PathNotUtf8),
    ];
    assert_eq!(skipped, wanted);
}

#[test]
fn the_last_of_a_name_counts_as_on_a_disk() {
    let archive = Pack::new()
        .file("a.md", b"# Old\n")
        .file("a.md", b"# New\n")
        .file("b.md", b"# B\n")
        .entry(EntryType::Symlink, b"b.md", b"")
        .finish();
    let found = files(archive).unwrap();
    assert_eq!(texts(&found), BTreeMap::from([("a.md", "# New\n")]));
    assert_eq!(found.skipped.len(), 1);
}

#[test]
fn a_small_archive_that_unpacks_to_much_is_left_in_time() {
    // Packed once and repeated: 600 MiB of zeros in about 3 MiB.
    let part = Pack::new().file("a.md", &vec![0; 50 << 20]).0.into_inner().unwrap();
    let end_of_tar = 1024;
    let part = packed(&part[..part.len() - end_of_tar]);
    refused(part.repeat(12), Reason::TooLarge, "unpacks to more than 512 MiB");
}

#[test]
fn a_name_of_many_megabytes_is_not_read_into_memory() {
    let name = vec![b'a'; 8 << 20];
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        let archive = Pack::new().entry(kind, b"name", &name).file("a.md", b"# A\n").finish();
        refused(archive, Reason::TooLarge, "longer than any system takes");
    }
}

#[test]
fn what_is_no_archive_is_refused() {
    refused(b"hello".to_vec(), Reason::ArtifactInvalid, "no tar.gz");
    refused(
        packed(b"not a tar at all, but long enough to be looked at"),
        Reason::ArtifactInvalid,
        "no tar.gz",
    );
    let whole = Pack::new().file("a.md", &[b'a'; 4096]).finish();
    refused(whole[..whole.len() / 2].to_vec(), Reason::ArtifactInvalid, "no tar.gz");
    assert!(files(Pack::new().finish()).unwrap().files.is_empty());
}

#[test]
fn a_file_that_is_too_large_is_named() {
    let large = vec![b'a'; 2 << 20];
    let found = files(Pack::new().file("a.md", b"# A\n").file("b.md", &large).finish()).unwrap();
    assert_eq!(found.files.len(), 1);
    assert_eq!(found.skipped[0].reason, SkipReason::TooLarge { bytes: 2 << 20 });
}

#[test]
fn a_server_that_has_it_no_more_fails_or_sends_us_away_is_told_apart() {
    let archive = Pack::new().file("a.md", b"# A\n").finish();
    let digest = sha256(&archive);
    let scene = Scene::new(archive);
    let answers = |answer: Answer, reason: Reason| {
        scene.server.answer(move |_| answer.clone());
        let error = scene.fetch(&digest).unwrap_err();
        assert_eq!(error.reason(), reason, "{error}");
    };
    answers(Answer::status(404), Reason::Unreachable);
    answers(Answer::status(500), Reason::Unreachable);
    answers(Answer::status(204), Reason::Failed);
    answers(Answer::with(429, ("retry-after", "60")), Reason::RateLimited);
    answers(Answer::with(302, ("location", "http://169.254.169.254/")), Reason::InvalidUrl);
    scene.server.answer(|_| Answer::Hangs);
    let artifact = Artifact::new(&scene.server.url("/a"), &digest, REVISION).unwrap();
    let access = Access { timeout: Duration::from_millis(300), ..Access::default() };
    let late = Remote::of_artifact(artifact, access).fetch(&Reference::Head, scene.folder.path());
    assert_eq!(late.unwrap_err().reason(), Reason::Timeout);
}
