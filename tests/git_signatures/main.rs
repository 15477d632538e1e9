//! The git room: who signed a revision. The signatures are those of git with ssh-keygen and gpg.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod openpgp;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use support::git_server::{GitServer, Repository};
use support::ssh_server::new_key;
use talknotes::git::{Access, GitError, Reason, Reference, Remote, Signed, Signers};
use tempfile::TempDir;

struct Scene {
    server: GitServer,
    repository: Repository,
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self::with_hash("sha1")
    }

    fn with_hash(hash: &str) -> Self {
        let server = GitServer::start();
        let repository = server.create_with_hash("notes", "main", hash);
        Self { server, repository, folder: tempfile::tempdir().unwrap() }
    }

    fn key(&self, name: &str, kind: &str) -> (PathBuf, String) {
        new_key(self.folder.path(), name, kind)
    }

    /// Who signed what `reference` is, in a cache that is new or not.
    fn verify(
        &self,
        reference: &Reference,
        signed: Signed,
        trusted: &[(&str, &str)],
    ) -> Result<String, GitError> {
        let mut signers = Signers::default();
        for (name, key) in trusted {
            match name.ends_with(".asc") {
                true => signers.add_openpgp(name, key).unwrap(),
                false => signers.add_ssh(name, key).unwrap(),
            }
        }
        let remote = Remote::new(&self.server.url("notes"), Access::default()).unwrap();
        let snapshot = remote.fetch(reference, &self.folder.path().join("cache")).unwrap();
        snapshot.verify(signed, &signers)
    }
}

fn refused(result: Result<String, GitError>, words: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.reason(), Reason::NotVerified, "{error}");
    assert!(error.to_string().contains(words), "{words}: {error}");
}

fn tag(name: &str) -> Reference {
    Reference::Tag(name.to_owned())
}

#[test]
fn commits_that_are_signed_with_a_trusted_key_of_any_kind_are_taken() {
    for hash in ["sha1", "sha256"] {
        for kind in ["ed25519", "ecdsa", "rsa"] {
            let scene = Scene::with_hash(hash);
            let (key, public) = scene.key("anna", kind);
            let (_, other) = scene.key("bo", "ed25519");
            scene.repository.signed_commit(&[("a.md", "one\n")], "One", &key);
            let trusted = [("bo.sshpub", other.as_str()), ("anna.sshpub", public.as_str())];
            let signer = scene.verify(&Reference::Head, Signed::Commit, &trusted).unwrap();
            assert!(signer.starts_with("anna.sshpub (SHA256:"), "{hash} {kind}: {signer}");
        }
    }
}

#[test]
fn what_is_not_signed_or_by_a_stranger_is_refused() {
    let scene = Scene::new();
    let (key, public) = scene.key("anna", "ed25519");
    let (stranger, _) = scene.key("stranger", "ed25519");
    let trusted = [("anna.sshpub", public.as_str())];
    let head = |words| refused(scene.verify(&Reference::Head, Signed::Commit, &trusted), words);
    scene.repository.signed_commit(&[("a.md", "one\n")], "One", &key);
    scene.repository.commit(&[("a.md", "two\n")], "Two");
    head("is not signed");
    scene.repository.signed_commit(&[("a.md", "three\n")], "Three", &stranger);
    head("not trusted");
    scene.repository.signed_commit(&[("a.md", "four\n")], "Four", &key);
    scene.verify(&Reference::Head, Signed::Commit, &trusted).unwrap();
}

#[test]
fn a_signature_of_something_else_does_not_match() {
    let scene = Scene::new();
    let (key, public) = scene.key("anna", "ed25519");
    let trusted = [("anna.sshpub", public.as_str())];
    scene.repository.signed_commit(&[("a.md", "one\n")], "Harmless", &key);
    let commit = scene.repository.run(&["cat-file", "commit", "HEAD"]);
    let forge = |text: String| {
        let text = format!("{text}\n");
        let arguments = ["hash-object", "-t", "commit", "-w", "--stdin"];
        let forged = scene.repository.run_with_input(&arguments, text.as_bytes());
        scene.repository.run(&["reset", "-q", "--hard", &forged]);
        scene.repository.run(&["push", "-q", "--force", "origin", "HEAD"]);
        scene.verify(&Reference::Head, Signed::Commit, &trusted)
    };
    refused(forge(commit.replace("Harmless", "Harmful")), "does not match");
    refused(forge(commit.replace("SSH SIGNATURE", "PGP SIGNATURE")), "cannot be read");
    refused(forge(commit.replace("-----END SSH", "-----END THE")), "cannot be read");
    assert!(forge(commit).is_ok());
}

/// A signature by `ssh-keygen -Y sign` for another purpose, such as a file, must not pass for git's.
#[test]
fn a_signature_for_another_purpose_does_not_match() {
    let scene = Scene::new();
    let (key, public) = scene.key("anna", "ed25519");
    scene.repository.commit(&[("a.md", "one\n")], "One");
    let commit = format!("{}\n", scene.repository.run(&["cat-file", "commit", "HEAD"]));
    let file = scene.folder.path().join("commit");
    std::fs::write(&file, &commit).unwrap();
    let mut sign = std::process::Command::new("ssh-keygen");
    sign.args(["-q", "-Y", "sign", "-n", "file", "-f"]).arg(&key).arg(&file);
    assert!(sign.output().unwrap().status.success());
    let signature = std::fs::read_to_string(file.with_extension("sig")).unwrap();
    let header = format!("gpgsig {}", signature.trim_end().replace('\n', "\n "));
    let (head, message) = commit.split_once("\n\n").unwrap();
    let signed = format!("{head}\n{header}\n\n{message}");
    let arguments = ["hash-object", "-t", "commit", "-w", "--stdin"];
    let forged = scene.repository.run_with_input(&arguments, signed.as_bytes());
    scene.repository.run(&["reset", "-q", "--hard", &forged]);
    scene.repository.run(&["push", "-q", "--force", "origin", "HEAD"]);
    let trusted = [("anna.sshpub", public.as_str())];
    refused(scene.verify(&Reference::Head, Signed::Commit, &trusted), "does not match");
}

#[test]
fn tags_are_checked_and_their_commits_where_both_must_be_signed() {
    let scene = Scene::new();
    let (key, public) = scene.key("anna", "ed25519");
    let trusted = [("anna.sshpub", public.as_str())];
    // The commit is in the cache before the tag is asked for.
    scene.repository.commit(&[("a.md", "one\n")], "One");
    refused(scene.verify(&Reference::Head, Signed::Commit, &trusted), "is not signed");
    scene.repository.signed_tag("v1.0.0", &key);
    let signer = scene.verify(&tag("v1.0.0"), Signed::Tag, &trusted).unwrap();
    assert!(signer.starts_with("anna.sshpub"), "{signer}");
    let range = Reference::Semver("1.x".parse().unwrap());
    assert!(scene.verify(&range, Signed::Tag, &trusted).is_ok());
    let name = Reference::Name("refs/tags/v1.0.0".to_owned());
    assert!(scene.verify(&name, Signed::Tag, &trusted).is_ok());
    refused(scene.verify(&tag("v1.0.0"), Signed::Both, &trusted), "commit");

    scene.repository.signed_commit(&[("a.md", "two\n")], "Two", &key);
    scene.repository.signed_tag("v2", &key);
    scene.repository.annotated_tag("unsigned", "Unsigned");
    scene.repository.tag("light");
    let both = scene.verify(&tag("v2"), Signed::Both, &trusted).unwrap();
    assert_eq!(both.matches("anna.sshpub").count(), 1, "{both}");
    refused(scene.verify(&tag("unsigned"), Signed::Tag, &trusted), "is not signed");
    refused(scene.verify(&tag("light"), Signed::Tag, &trusted), "not an annotated tag");
    assert!(scene.verify(&tag("light"), Signed::Commit, &trusted).is_ok());
}

/// Whoever may write to the repository could otherwise call an old version a new one.
#[test]
fn a_signed_tag_under_another_name_is_refused() {
    let scene = Scene::new();
    let (key, public) = scene.key("anna", "ed25519");
    let trusted = [("anna.sshpub", public.as_str())];
    scene.repository.commit(&[("a.md", "one\n")], "One");
    scene.repository.signed_tag("v1.0.0", &key);
    let object = scene.repository.run(&["rev-parse", "refs/tags/v1.0.0"]);
    scene.repository.reference("refs/tags/v9.0.0", &object);
    assert!(scene.verify(&tag("v1.0.0"), Signed::Tag, &trusted).is_ok());
    refused(scene.verify(&tag("v9.0.0"), Signed::Tag, &trusted), "another name");
    let newest = Reference::Semver("*".parse().unwrap());
    refused(scene.verify(&newest, Signed::Tag, &trusted), "another name");
}
