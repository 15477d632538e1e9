//! The git room against OpenSSH's sshd.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod support;

use std::time::Duration;

use support::git_server::{GitServer, Repository};
use support::ssh_server::{SshOptions, SshServer};
use talknotes::git::{
    Access, GitError, Identity, Limits, Reason, Reference, Remote, Revision, Snapshot, Ssh,
};

const FIRST: &[(&str, &str)] = &[("notes/keynote.md", "# 開場 Keynote\n"), ("a/b/c.md", "deep\n")];

/// A server, and a repository that is pushed to by another way.
struct Scene {
    ssh: SshServer,
    _git: GitServer,
    repository: Repository,
    commit: String,
}

impl Scene {
    fn new() -> Self {
        Self::with(SshOptions::default())
    }

    fn with(options: SshOptions) -> Self {
        let git = GitServer::start();
        let repository = git.create("notes");
        let commit = repository.commit(FIRST, "Add notes");
        let ssh = SshServer::with_options(git.repositories(), options);
        Self { ssh, _git: git, repository, commit }
    }

    fn keys(&self) -> Ssh {
        let identity = Identity { key: self.ssh.identity(), passphrase: None };
        let known_hosts = self.ssh.known_hosts();
        Ssh { identities: vec![identity], agent: None, known_hosts }
    }

    fn visit(&self, ssh: Ssh) -> Result<Revision, GitError> {
        remote(&self.ssh.url("notes"), ssh)?.resolve(&Reference::Head)
    }
}

fn remote(url: &str, ssh: Ssh) -> Result<Remote, GitError> {
    Remote::new(url, Access { ssh: Some(ssh), ..Access::default() })
}

fn paths(snapshot: &Snapshot) -> Vec<String> {
    let files = snapshot.files(&|path| path.ends_with(".md"), Limits::default()).unwrap().files;
    files.into_iter().map(|file| file.path).collect()
}

#[test]
fn a_repository_is_fetched_with_a_deploy_key() {
    let scene = Scene::new();
    let cache = tempfile::tempdir().unwrap();
    let remote = remote(&scene.ssh.url("notes"), scene.keys()).unwrap();
    let first = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert!(first.transferred());
    assert_eq!(first.revision().to_string(), format!("main@sha1:{}", scene.commit));
    assert_eq!(paths(&first), ["a/b/c.md", "notes/keynote.md"]);
    assert!(!remote.fetch(&Reference::Head, cache.path()).unwrap().transferred());

    let second = scene.repository.commit(&[("new.md", "new\n")], "Add one");
    let snapshot = remote.fetch(&Reference::Branch("main".to_owned()), cache.path()).unwrap();
    assert_eq!(snapshot.revision().commit, second);
    assert_eq!(paths(&snapshot), ["a/b/c.md", "new.md", "notes/keynote.md"]);
    assert_eq!(scene.ssh.visits(), 3, "one connection a visit");
}

#[test]
fn addresses_may_be_written_as_people_write_them() {
    let scene = Scene::new();
    let remote = remote(&scene.ssh.scp_like("notes"), scene.keys()).unwrap();
    assert_eq!(remote.resolve(&Reference::Head).unwrap().commit, scene.commit);
    let cache = tempfile::tempdir().unwrap();
    let commit = Reference::Commit(scene.commit.clone());
    assert_eq!(paths(&remote.fetch(&commit, cache.path()).unwrap()).len(), 2);
}

#[test]
fn a_server_that_speaks_the_oldest_protocol_is_understood() {
    let scene = Scene::with(SshOptions { protocol_v0: true, ..SshOptions::default() });
    let cache = tempfile::tempdir().unwrap();
    let remote = remote(&scene.ssh.url("notes"), scene.keys()).unwrap();
    scene.repository.tag("v1");
    for reference in [Reference::Head, Reference::Tag("v1".to_owned())] {
        let snapshot = remote.fetch(&reference, cache.path()).unwrap();
        assert_eq!(paths(&snapshot).len(), 2, "{reference}");
    }
}

#[test]
fn keys_of_every_kind_open_the_repository() {
    for (host_key, key) in [("rsa", "ecdsa"), ("ecdsa", "rsa")] {
        let scene = Scene::with(SshOptions { host_key, key, ..SshOptions::default() });
        assert_eq!(scene.visit(scene.keys()).unwrap().commit, scene.commit, "{host_key} {key}");
    }
}

#[test]
fn an_encrypted_key_needs_its_passphrase() {
    let scene = Scene::with(SshOptions { passphrase: "tide-31415", ..SshOptions::default() });
    let with = |passphrase: Option<&str>| {
        let passphrase = passphrase.map(str::to_owned);
        let identity = Identity { key: scene.ssh.identity(), passphrase };
        scene.visit(Ssh { identities: vec![identity], ..scene.keys() })
    };
    assert_eq!(with(Some("tide-31415")).unwrap().commit, scene.commit);
    for (passphrase, word) in [(None, "encrypted"), (Some("wr0ng-word"), "passphrase")] {
        let error = with(passphrase).unwrap_err();
        assert_eq!(error.reason(), Reason::AuthenticationFailed);
        assert!(error.to_string().contains(word), "{error}");
        assert!(!format!("{error} {error:?}").contains("wr0ng-word"), "{error:?}");
    }
    assert_eq!(scene.ssh.visits(), 1);
}

#[test]
fn a_key_that_is_not_let_in_is_told_with_its_fingerprint() {
    let scene = Scene::new();
    let strange = Identity { key: scene.ssh.strange_identity(), passphrase: None };
    let refused = scene.visit(Ssh { identities: vec![strange.clone()], ..scene.keys() });
    let error = refused.unwrap_err();
    assert_eq!(error.reason(), Reason::AuthenticationFailed, "{error}");
    assert!(error.to_string().contains("SHA256:") && error.to_string().contains("deploy key"));

    let known = Identity { key: scene.ssh.identity(), passphrase: None };
    let both = Ssh { identities: vec![strange, known], ..scene.keys() };
    assert_eq!(scene.visit(both).unwrap().commit, scene.commit);
}

#[test]
fn an_agent_signs_with_the_keys_that_it_holds() {
    let scene = Scene::with(SshOptions { key: "rsa", ..SshOptions::default() });
    let (_agent, socket) = scene.ssh.agent();
    let ssh = |agent| Ssh { identities: Vec::new(), agent: Some(agent), ..scene.keys() };
    assert_eq!(scene.visit(ssh(socket)).unwrap().commit, scene.commit);
    let error = scene.visit(ssh("/nowhere".into())).unwrap_err();
    assert_eq!(error.reason(), Reason::AuthenticationFailed, "{error}");
}

#[test]
fn nobody_is_visited_without_a_key() {
    let made = Remote::new("ssh://git@git.example/notes.git", Access::default());
    let error = made.unwrap_err();
    assert_eq!(error.reason(), Reason::AuthenticationFailed);
    assert!(error.to_string().contains("identity") && error.to_string().contains("known_hosts"));
    for (key, word) in [("ssh-ed25519 AAAA", "public key"), ("hello", "not a private key")] {
        let identity = Identity { key: key.to_owned(), passphrase: None };
        let ssh = Ssh { identities: vec![identity], ..Ssh::default() };
        let error = remote("git@git.example:notes.git", ssh).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn only_a_known_server_is_visited() {
    let scene = Scene::new();
    let with = |known_hosts: String| scene.visit(Ssh { known_hosts, ..scene.keys() });

    let unknown = with(String::new()).unwrap_err();
    assert_eq!(unknown.reason(), Reason::HostKeyMismatch, "{unknown}");
    let text = unknown.to_string();
    assert!(text.contains(&scene.ssh.fingerprint()) && text.contains("ssh-keyscan"), "{text}");

    let other = Scene::new();
    let name = format!("[127.0.0.1]:{}", scene.ssh.port());
    let key = other.ssh.known_hosts();
    let changed = with(format!("{name} {}", key.split_once(' ').unwrap().1)).unwrap_err();
    assert_eq!(changed.reason(), Reason::HostKeyMismatch, "{changed}");
    for fingerprint in [scene.ssh.fingerprint(), other.ssh.fingerprint()] {
        assert!(changed.to_string().contains(&fingerprint), "{changed}");
    }
    let revoked = with(format!("{0}@revoked {0}", scene.ssh.known_hosts())).unwrap_err();
    assert!(revoked.to_string().contains("revoked"), "{revoked}");
    assert_eq!(scene.ssh.visits(), 0, "no key was shown and nothing asked");

    assert_eq!(with(scene.ssh.hashed_known_hosts()).unwrap().commit, scene.commit);
    assert!(!scene.ssh.hashed_known_hosts().contains("127.0.0.1"));
}

/// A server shows the key that it likes best; it is asked for the one that is known.
#[test]
fn a_server_is_asked_for_the_key_that_is_known() {
    let scene = Scene::with(SshOptions { host_key: "rsa", ..SshOptions::default() });
    let other = Scene::new();
    let name = format!("[127.0.0.1]:{}", scene.ssh.port());
    let also = other.ssh.known_hosts();
    let also = format!("{name} {}", also.split_once(' ').unwrap().1);
    let known_hosts = format!("{also}{}", scene.ssh.known_hosts());
    let visited = scene.visit(Ssh { known_hosts, ..scene.keys() });
    assert_eq!(visited.unwrap().commit, scene.commit);
}

#[test]
fn what_is_not_there_is_told_in_the_words_of_the_server() {
    let scene = Scene::new();
    let missing = remote(&scene.ssh.url("nowhere"), scene.keys()).unwrap();
    let error = missing.resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::NotFound, "{error}");
    assert!(error.to_string().contains("does not appear to be a git repository"), "{error}");

    let notes = remote(&scene.ssh.url("notes"), scene.keys()).unwrap();
    let error = notes.resolve(&Reference::Branch("mian".to_owned())).unwrap_err();
    assert_eq!(error.reason(), Reason::ReferenceNotFound, "{error}");
    assert!(error.to_string().contains("main"), "{error}");
}

#[test]
fn a_server_that_hangs_is_left_in_time() {
    let scene = Scene::new();
    scene.ssh.hang();
    let timeout = Duration::from_secs(2);
    let access = Access { ssh: Some(scene.keys()), timeout, ..Access::default() };
    let remote = Remote::new(&scene.ssh.url("notes"), access).unwrap();
    let error = remote.resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Timeout, "{error}");

    // One that takes the connection and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ssh://git@{}/notes.git", silent.local_addr().unwrap());
    let access = Access { ssh: Some(scene.keys()), timeout, ..Access::default() };
    let error = Remote::new(&url, access).unwrap().resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Timeout, "{error}");
}

#[test]
fn a_server_that_is_not_there_or_no_ssh_server_is_unreachable() {
    let scene = Scene::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ssh://git@{}/notes.git", free.local_addr().unwrap());
    drop(free);
    let error = remote(&url, scene.keys()).unwrap().resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Unreachable, "{error}");

    let web = GitServer::start();
    let url = format!("ssh://git@127.0.0.1:{}/notes.git", web.port());
    let error = remote(&url, scene.keys()).unwrap().resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Unreachable, "{error}");
}

#[test]
fn a_large_repository_arrives_whole() {
    let scene = Scene::new();
    // Does not compress, and is larger than the window of a channel.
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'!' + (state >> 24) as u8 % 90)
    };
    for number in 0..8 {
        let text: String = (0..900_000).map(|_| noise()).collect();
        scene.repository.write(&format!("large/{number}.md"), text.as_bytes());
    }
    scene.repository.commit(&[], "Add large ones");
    let cache = tempfile::tempdir().unwrap();
    let remote = remote(&scene.ssh.url("notes"), scene.keys()).unwrap();
    let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(paths(&snapshot).len(), 10);
}
