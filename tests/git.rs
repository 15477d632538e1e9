//! The git room against a real git server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use support::git_server::{Auth, GitServer, Options, Repository};
use talknotes::git::{
    Access, Credentials, GitError, Limits, Locals, Reason, Reference, Remote, Revision, SkipReason,
    Snapshot, Swept, UsedCaches, sweep,
};
use tempfile::TempDir;

const FIRST: &[(&str, &str)] =
    &[("notes/keynote.md", "# 開場 Keynote\n"), ("README.md", "# Notes\n"), ("a/b/c.md", "deep\n")];

fn cache() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn remote(url: &str) -> Remote {
    Remote::new(url, Access::default()).unwrap()
}

fn texts(snapshot: &Snapshot) -> Vec<(String, String)> {
    let files = snapshot.files(&|path| path.ends_with(".md"), Limits::default()).unwrap();
    assert!(files.skipped.is_empty(), "{:?}", files.skipped);
    let text = |content| String::from_utf8(content).unwrap();
    files.files.into_iter().map(|file| (file.path, text(file.content))).collect()
}

fn text_of(snapshot: &Snapshot, path: &str) -> String {
    texts(snapshot).into_iter().find(|(name, _)| name == path).unwrap().1
}

fn reason<T: std::fmt::Debug>(result: Result<T, GitError>) -> Reason {
    result.unwrap_err().reason()
}

fn server_with_notes() -> (GitServer, Repository, String) {
    let server = GitServer::start();
    let repository = server.create("notes");
    let commit = repository.commit(FIRST, "Add notes");
    (server, repository, commit)
}

#[test]
fn the_first_fetch_brings_every_file() {
    let (server, _repository, commit) = server_with_notes();
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();

    assert!(snapshot.transferred());
    let expected = Revision { name: "main".to_owned(), commit: commit.clone() };
    assert_eq!(snapshot.revision(), &expected);
    assert_eq!(snapshot.revision().to_string(), format!("main@sha1:{commit}"));
    let files = texts(&snapshot);
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["README.md", "a/b/c.md", "notes/keynote.md"]);
    assert_eq!(files[2].1, "# 開場 Keynote\n");
    let made = snapshot.seconds().expect("a commit has its time");
    assert!((1_577_836_800..=jiff::Timestamp::now().as_second()).contains(&made), "{made}");
}

#[test]
fn nothing_is_transferred_when_nothing_changed() {
    let (server, _repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!((server.ls_remote_count(), server.fetch_count()), (1, 1));

    let again = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert!(!again.transferred());
    assert_eq!(texts(&again).len(), 3);
    let branch = remote.fetch(&Reference::Branch("main".to_owned()), cache.path()).unwrap();
    assert!(!branch.transferred());
    assert_eq!((server.ls_remote_count(), server.fetch_count()), (3, 1));
}

#[test]
fn resolving_transfers_nothing() {
    let (server, repository, first) = server_with_notes();
    let remote = remote(&server.url("notes"));
    assert_eq!(remote.resolve(&Reference::Head).unwrap().commit, first);
    let second = repository.commit(&[("new.md", "new\n")], "Add one");
    assert_eq!(remote.resolve(&Reference::Head).unwrap().commit, second);
    assert_eq!((server.ls_remote_count(), server.fetch_count()), (2, 0));
}

#[test]
fn a_push_is_fetched_once() {
    let (server, repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();

    let second = repository.commit(&[("README.md", "# Changed\n")], "Change");
    let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert!(snapshot.transferred());
    assert_eq!(snapshot.revision().commit, second);
    assert_eq!(text_of(&snapshot, "README.md"), "# Changed\n");
    assert_eq!(text_of(&snapshot, "notes/keynote.md"), "# 開場 Keynote\n");
    assert_eq!(server.fetch_count(), 2);
}

#[test]
fn removals_and_renames_arrive() {
    let (server, repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();
    repository.remove(&["a/b/c.md"], "Remove");
    repository.rename("README.md", "docs/start.md", "Rename");
    let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
    let paths: Vec<_> = texts(&snapshot).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["docs/start.md", "notes/keynote.md"]);
}

#[test]
fn a_force_push_is_followed() {
    let (server, repository, first) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();
    let rewritten = repository.force_push_rewritten(&[("README.md", "# Anew\n")], "Rewrite");
    assert_ne!(first, rewritten);
    let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(snapshot.revision().commit, rewritten);
    assert_eq!(text_of(&snapshot, "README.md"), "# Anew\n");
}

#[test]
fn a_shallow_fetch_leaves_history_behind() {
    let (server, repository, first) = server_with_notes();
    repository.commit(&[("README.md", "# Second\n")], "Second");
    let cache = cache();
    remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    let bare = folder_of_cache(cache.path());
    let opened = gix::open_opts(&bare, gix::open::Options::isolated()).unwrap();
    assert!(opened.is_bare() && opened.is_shallow().unwrap());
    let first = gix::ObjectId::from_hex(first.as_bytes()).unwrap();
    assert!(opened.find_object(first).is_err(), "the parent was fetched too");
}

#[test]
fn every_kind_of_reference_is_found() {
    let (server, repository, first) = server_with_notes();
    repository.tag("v1");
    repository.branch("talks/2031");
    let second = repository.commit(&[("README.md", "# Branch\n")], "On a branch");
    repository.annotated_tag("v2", "Second");
    repository.checkout("main");
    let third = repository.commit(&[("README.md", "# Third\n")], "Third");

    let cache = cache();
    let remote = remote(&server.url("notes"));
    for (reference, name, commit) in [
        (Reference::Tag("v1".into()), "v1", &first),
        (Reference::Tag("v2".into()), "v2", &second),
        (Reference::Branch("talks/2031".into()), "talks/2031", &second),
        (Reference::Name("refs/heads/main".into()), "refs/heads/main", &third),
        (Reference::Name("refs/tags/v2".into()), "refs/tags/v2", &second),
        (Reference::Head, "main", &third),
        (Reference::Commit(first.clone()), "", &first),
    ] {
        let expected = Revision { name: name.to_owned(), commit: commit.clone() };
        assert_eq!(remote.resolve(&reference).unwrap(), expected, "{reference}");
        let snapshot = remote.fetch(&reference, cache.path()).unwrap();
        assert_eq!(snapshot.revision(), &expected, "{reference}");
        assert_eq!(texts(&snapshot).len(), 3, "{reference}");
    }
    // v1, v2 and main; the others were there already.
    assert_eq!(server.fetch_count(), 3);
}

#[test]
fn a_commit_that_no_reference_names_is_fetched_once() {
    let (server, repository, first) = server_with_notes();
    repository.commit(&[("README.md", "# Second\n")], "Second");
    let cache = cache();
    let remote = remote(&server.url("notes"));
    let pinned = Reference::Commit(first.clone());
    let snapshot = remote.fetch(&pinned, cache.path()).unwrap();
    assert!(snapshot.transferred());
    assert_eq!(text_of(&snapshot, "README.md"), "# Notes\n");
    assert_eq!(snapshot.revision().to_string(), format!("sha1:{first}"));
    assert!(!remote.fetch(&pinned, cache.path()).unwrap().transferred());
    assert_eq!(server.fetch_count(), 1);
}

#[test]
fn head_follows_the_default_branch_whatever_its_name() {
    let server = GitServer::start();
    let repository = server.create_with_branch("notes", "trunk");
    let commit = repository.commit(FIRST, "Add notes");
    let revision = remote(&server.url("notes")).resolve(&Reference::Head).unwrap();
    assert_eq!(revision, Revision { name: "trunk".to_owned(), commit });
}

#[test]
fn what_is_missing_is_named() {
    let (server, _repository, _) = server_with_notes();
    server.create("empty");
    let cache = cache();
    let notes = remote(&server.url("notes"));
    for (reference, word) in [
        (Reference::Branch("gone".into()), "branch gone"),
        (Reference::Tag("v9".into()), "tag v9"),
        (Reference::Name("refs/pull/1/head".into()), "refs/pull/1/head"),
        (Reference::Commit("1234567890".repeat(4)), "1234567890"),
    ] {
        let error = notes.fetch(&reference, cache.path()).unwrap_err();
        assert_eq!(error.reason(), Reason::ReferenceNotFound, "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert!(!error.is_permanent());
    }
    let empty = remote(&server.url("empty")).fetch(&Reference::Head, cache.path()).unwrap_err();
    assert!(matches!(empty, GitError::Empty), "{empty}");
    let none = remote(&server.url("none")).resolve(&Reference::Head);
    assert_eq!(reason(none), Reason::NotFound);
    let odd = notes.resolve(&Reference::Commit("main".into())).unwrap_err();
    assert!(odd.is_permanent(), "{odd}");
}

fn tls_server(auth: Option<Auth>) -> (GitServer, String) {
    let server = GitServer::with_options(Options { tls: true, auth, ..Options::default() });
    let commit = server.create("notes").commit(FIRST, "Add notes");
    (server, commit)
}

fn trusting(server: &GitServer, credentials: Option<Credentials>) -> Access {
    let certificate_authority = Some(server.ca_pem().as_bytes().to_vec());
    Access { credentials, certificate_authority, ..Access::default() }
}

fn basic(username: &str, password: &str) -> Option<Credentials> {
    Some(Credentials::Basic { username: username.to_owned(), password: password.to_owned() })
}

#[test]
fn a_password_opens_the_repository_and_a_wrong_one_does_not() {
    let (server, commit) = tls_server(Some(Auth::basic("ada", "s3cret-word")));
    let cache = cache();
    let visit = |credentials| {
        Remote::new(&server.url("notes"), trusting(&server, credentials))
            .unwrap()
            .fetch(&Reference::Head, cache.path())
    };
    assert_eq!(visit(basic("ada", "s3cret-word")).unwrap().revision().commit, commit);

    // The cache of somebody who may read lets nobody else in.
    for wrong in [None, basic("ada", "wr0ng-word"), Some(Credentials::Bearer("t0ken".into()))] {
        let error = visit(wrong).unwrap_err();
        assert_eq!(error.reason(), Reason::AuthenticationFailed);
        assert!(!error.is_permanent());
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("wr0ng-word") && !shown.contains("t0ken"), "{shown}");
    }
}

#[test]
fn a_bearer_token_opens_the_repository() {
    let (server, commit) = tls_server(Some(Auth::bearer("tok-31415")));
    let access = trusting(&server, Some(Credentials::Bearer("tok-31415".into())));
    let remote = Remote::new(&server.url("notes"), access).unwrap();
    let cache = cache();
    assert_eq!(remote.fetch(&Reference::Head, cache.path()).unwrap().revision().commit, commit);
}

#[test]
fn only_trusted_certificates_are_accepted() {
    let (server, commit) = tls_server(None);
    let untrusting = Remote::new(&server.url("notes"), Access::default()).unwrap();
    let error = untrusting.resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::CertificateInvalid, "{error}");
    assert!(error.to_string().contains("ca.crt"), "{error}");

    let other = GitServer::with_options(Options { tls: true, ..Options::default() });
    let access = trusting(&other, None);
    let misled = Remote::new(&server.url("notes"), access).unwrap();
    assert_eq!(reason(misled.resolve(&Reference::Head)), Reason::CertificateInvalid);

    let trusting = Remote::new(&server.url("notes"), trusting(&server, None)).unwrap();
    assert_eq!(trusting.resolve(&Reference::Head).unwrap().commit, commit);
}

#[test]
fn a_server_that_does_not_send_its_intermediate_certificate_is_given_the_cure() {
    let options = Options { tls: true, incomplete_chain: true, ..Options::default() };
    let server = GitServer::with_options(options);
    let commit = server.create("notes").commit(FIRST, "Add notes");
    let visit = |authorities: String| {
        let certificate_authority = Some(authorities.into_bytes());
        let access = Access { certificate_authority, ..Access::default() };
        Remote::new(&server.url("notes"), access).unwrap().resolve(&Reference::Head)
    };
    // Whoever trusts the root alone, as browsers with a cache of intermediates do without noticing.
    let error = visit(server.root_pem().to_owned()).unwrap_err();
    assert_eq!(error.reason(), Reason::CertificateInvalid, "{error}");
    for word in ["intermediate", "ca.crt", "full chain"] {
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
    // The cure at the server is its whole chain; here it is the certificate that is missing.
    assert_eq!(visit(server.ca_pem().to_owned()).unwrap().commit, commit);
    let both = [server.root_pem(), server.ca_pem()].concat();
    assert_eq!(visit(both).unwrap().commit, commit);
}

#[test]
fn a_malformed_authority_is_reported() {
    for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----\n"] {
        let access =
            Access { certificate_authority: Some(pem.as_bytes().to_vec()), ..Access::default() };
        let made = Remote::new("https://git.example/notes.git", access);
        assert_eq!(reason(made), Reason::CertificateInvalid, "{pem:?}");
    }
}

#[test]
fn credentials_stay_off_plain_http_and_out_of_urls() {
    let server = GitServer::start();
    let access = Access { credentials: basic("ada", "s3cret-word"), ..Access::default() };
    let error = Remote::new(&server.url("notes"), access).unwrap_err();
    assert_eq!(error.reason(), Reason::CredentialsOverHttp);
    assert!(error.is_permanent());

    let error =
        Remote::new("https://ada:s3cret-word@git.example/x", Access::default()).unwrap_err();
    assert_eq!(error.reason(), Reason::InvalidUrl);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("s3cret-word") && !shown.contains("ada"), "{shown}");
    assert_eq!((server.ls_remote_count(), server.has_seen_credentials()), (0, false));
}

#[test]
fn secrets_are_not_shown() {
    for credentials in
        [basic("ada", "s3cret-word"), Some(Credentials::Bearer("s3cret-word".into()))]
    {
        let access = Access { credentials, ..Access::default() };
        let remote = Remote::new("https://git.example/notes.git", access.clone()).unwrap();
        let shown = format!("{access:?} {remote:?} {:?}", access.credentials);
        assert!(!shown.contains("s3cret-word") && !shown.contains("ada"), "{shown}");
    }
    let access = Access { credentials: basic("ada", "s3cret-word\n"), ..Access::default() };
    let error = Remote::new("https://git.example/notes.git", access).unwrap_err();
    assert_eq!(error.reason(), Reason::AuthenticationFailed);
    assert!(!format!("{error} {error:?}").contains("s3cret-word"));
}

#[test]
fn a_moved_repository_is_followed() {
    let (server, _repository, commit) = server_with_notes();
    server.redirect("old", &server.url("notes"));
    let cache = cache();
    let snapshot = remote(&server.url("old")).fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(snapshot.revision().commit, commit);
}

#[test]
fn credentials_do_not_follow_to_another_host() {
    let (server, _) = tls_server(Some(Auth::bearer("tok-31415")));
    let (elsewhere, _) = tls_server(None);
    server.redirect("notes", &elsewhere.url("notes"));
    let mut access = trusting(&server, Some(Credentials::Bearer("tok-31415".into())));
    let both = [server.ca_pem(), elsewhere.ca_pem()].concat();
    access.certificate_authority = Some(both.into_bytes());
    let remote = Remote::new(&server.url("notes"), access).unwrap();
    let error = remote.resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::InvalidUrl, "{error}");
    assert_eq!(elsewhere.ls_remote_count(), 0);
    assert!(!elsewhere.has_seen_credentials());
}

#[test]
fn an_encrypted_visit_is_not_led_to_plain_http() {
    let (plain, _repository, _) = server_with_notes();
    let (server, _) = tls_server(None);
    server.redirect("notes", &plain.url("notes"));
    let remote = Remote::new(&server.url("notes"), trusting(&server, None)).unwrap();
    assert_eq!(reason(remote.resolve(&Reference::Head)), Reason::InvalidUrl);
    assert_eq!(plain.ls_remote_count(), 0);
}

#[test]
fn a_repository_of_this_machine_is_for_those_who_may() {
    let (_server, repository, commit) = server_with_notes();
    repository.annotated_tag("v1", "One");
    let path = repository.path().to_str().unwrap().to_owned();
    let cache = cache();
    let work = repository.run(&["rev-parse", "--show-toplevel"]);
    for url in [path.clone(), format!("file://{path}"), work] {
        let refused = Remote::new(&url, Access::default()).unwrap_err();
        assert_eq!(refused.reason(), Reason::LocalRefused);
        assert!(refused.is_permanent());

        let access = Access { locals: Locals::Allowed, ..Access::default() };
        let local = Remote::new(&url, access).unwrap();
        for (reference, name) in [
            (Reference::Head, "main"),
            (Reference::Branch("main".into()), "main"),
            (Reference::Tag("v1".into()), "v1"),
            (Reference::Commit(commit.clone()), ""),
        ] {
            let expected = Revision { name: name.to_owned(), commit: commit.clone() };
            assert_eq!(local.resolve(&reference).unwrap(), expected);
            let snapshot = local.fetch(&reference, cache.path()).unwrap();
            assert_eq!(texts(&snapshot).len(), 3);
        }
        let missing = local.resolve(&Reference::Branch("gone".into()));
        assert_eq!(reason(missing), Reason::ReferenceNotFound);
    }
    assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0, "a local one needs no cache");
    let access = Access { locals: Locals::Allowed, ..Access::default() };
    let none = Remote::new(cache.path().to_str().unwrap(), access).unwrap();
    assert_eq!(reason(none.resolve(&Reference::Head)), Reason::NotFound);
}

fn folder_of_cache(cache: &Path) -> PathBuf {
    let entries = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let mut folders = entries.filter(|path| path.is_dir());
    let folder = folders.next().unwrap();
    assert!(folders.next().is_none());
    folder
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Overwrites a file that may be read-only.
fn replace(path: &Path, content: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn a_cut_off_cache_is_made_anew_whichever_file_it_is() {
    let (server, _repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();
    let files = files_below(&folder_of_cache(cache.path()));
    assert!(files.iter().any(|path| path.extension().is_some_and(|e| e == "pack")));
    for (number, path) in files.iter().filter(|path| path.metadata().unwrap().len() > 0).enumerate()
    {
        // Names of packs and references are the same each time.
        let content = fs::read(path).unwrap();
        replace(path, &content[..content.len() / 2]);
        let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
        assert!(snapshot.transferred(), "{number} {path:?}");
        assert_eq!(texts(&snapshot).len(), 3, "{path:?}");
        let after = remote.fetch(&Reference::Head, cache.path()).unwrap();
        assert!(!after.transferred(), "{path:?}");
    }
}

#[test]
fn flipped_bits_in_a_cache_are_noticed_and_it_is_made_anew() {
    let (server, _repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    let expected = texts(&remote.fetch(&Reference::Head, cache.path()).unwrap());
    let files = files_below(&folder_of_cache(cache.path()));
    let pack = files.iter().find(|path| path.extension().is_some_and(|e| e == "pack")).unwrap();
    let content = fs::read(pack).unwrap();

    let mut noticed = 0;
    for position in (0..content.len()).step_by(11) {
        let mut flipped = content.clone();
        flipped[position] = !flipped[position];
        replace(pack, &flipped);
        let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
        match snapshot.files(&|_| true, Limits::default()) {
            Ok(_) => assert_eq!(texts(&snapshot), expected, "byte {position}"),
            Err(error) => {
                noticed += 1;
                assert!(matches!(error, GitError::Damaged(_)), "byte {position}: {error}");
                assert!(!error.is_permanent());
                let again = remote.fetch(&Reference::Head, cache.path()).unwrap();
                assert!(again.transferred());
                assert_eq!(texts(&again), expected, "byte {position}");
            }
        }
    }
    assert!(noticed > 0, "no flipped bit was noticed while reading");
}

#[test]
fn a_lock_left_behind_does_not_stop_anything() {
    let (server, repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    remote.fetch(&Reference::Head, cache.path()).unwrap();
    fs::write(folder_of_cache(cache.path()).join("shallow.lock"), "").unwrap();
    let second = repository.commit(&[("README.md", "# Second\n")], "Second");
    let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(snapshot.revision().commit, second);
    assert_eq!(texts(&snapshot).len(), 3);
}

#[test]
fn packs_do_not_pile_up() {
    let (server, repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    let packs = || {
        let files = files_below(&folder_of_cache(cache.path()));
        files.iter().filter(|path| path.extension().is_some_and(|e| e == "pack")).count()
    };
    let mut most = 0;
    for number in 0..25 {
        let text = format!("# Edit {number}\n");
        repository.commit(&[("README.md", &text)], "Edit");
        let snapshot = remote.fetch(&Reference::Head, cache.path()).unwrap();
        assert_eq!(text_of(&snapshot, "README.md"), text);
        assert_eq!(texts(&snapshot).len(), 3);
        most = most.max(packs());
    }
    assert!((20..=21).contains(&most), "{most}");
    assert!(packs() < 10, "{}", packs());
}

#[test]
fn fetches_at_the_same_time_do_not_disturb_each_other() {
    let (server, repository, _) = server_with_notes();
    repository.branch("other");
    repository.commit(&[("README.md", "# Other\n")], "Other");
    let cache = cache();
    let url = server.url("notes");
    std::thread::scope(|scope| {
        let visits: Vec<_> = (0..8)
            .map(|number| {
                let (url, cache) = (url.as_str(), cache.path());
                scope.spawn(move || {
                    let name = if number % 2 == 0 { "main" } else { "other" };
                    let reference = Reference::Branch(name.to_owned());
                    let snapshot = remote(url).fetch(&reference, cache).unwrap();
                    (number, text_of(&snapshot, "README.md"))
                })
            })
            .collect();
        for visit in visits {
            let (number, text) = visit.join().unwrap();
            assert_eq!(text, if number % 2 == 0 { "# Notes\n" } else { "# Other\n" });
        }
    });
    assert_eq!(server.fetch_count(), 2);
}

#[test]
fn a_server_that_hangs_or_stalls_is_left_in_time() {
    let (server, _repository, commit) = server_with_notes();
    let cache = cache();
    let timeout = Duration::from_millis(500);
    let hasty = Remote::new(&server.url("notes"), Access { timeout, ..Access::default() }).unwrap();
    for misbehave in [GitServer::hang, GitServer::stall] {
        misbehave(&server);
        for result in [
            hasty.resolve(&Reference::Head).map(drop),
            hasty.fetch(&Reference::Head, cache.path()).map(drop),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.reason(), Reason::Timeout, "{error}");
            assert!(!error.is_permanent());
        }
        server.resume();
    }
    assert_eq!(remote(&server.url("notes")).resolve(&Reference::Head).unwrap().commit, commit);
}

#[test]
fn faults_of_the_server_may_pass() {
    let (server, _repository, _) = server_with_notes();
    let cache = cache();
    let remote = remote(&server.url("notes"));
    for (status, expected) in [
        (500, Reason::Unreachable),
        (503, Reason::Unreachable),
        (429, Reason::RateLimited),
        (403, Reason::AuthenticationFailed),
        (404, Reason::NotFound),
        (418, Reason::Failed),
    ] {
        server.fail_next(2, status);
        for result in [
            remote.resolve(&Reference::Head).map(drop),
            remote.fetch(&Reference::Head, cache.path()).map(drop),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.reason(), expected, "{status}: {error}");
            assert!(!error.is_permanent());
            assert_eq!(error.wait_until().is_some(), status == 429);
        }
    }
    assert!(remote.fetch(&Reference::Head, cache.path()).unwrap().transferred());
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let url = {
        let server = GitServer::start();
        server.url("notes")
    };
    let error = remote(&url).resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Unreachable, "{error}");
    assert!(!error.to_string().contains("notes.git"), "{error}");
}

#[test]
fn too_much_is_an_error_and_too_large_a_file_is_named() {
    let (server, repository, _) = server_with_notes();
    repository.commit(&[("large.md", &"x".repeat(5000))], "Add a large one");
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    let read = |limits| snapshot.files(&|path| path.ends_with(".md"), limits);

    let files = read(Limits { max_file_bytes: 4999, ..Limits::default() }).unwrap();
    assert_eq!(files.files.len(), 3);
    assert_eq!(files.skipped.len(), 1);
    assert_eq!(files.skipped[0].path, "large.md");
    assert_eq!(files.skipped[0].reason, SkipReason::TooLarge { bytes: 5000 });

    assert_eq!(read(Limits { max_file_bytes: 5000, ..Limits::default() }).unwrap().files.len(), 4);
    let many = read(Limits { max_files: 3, ..Limits::default() });
    assert_eq!(reason(many), Reason::TooLarge);
    let much = read(Limits { max_total_bytes: 5000, ..Limits::default() });
    assert_eq!(reason(much), Reason::TooLarge);
}

#[test]
fn a_file_that_does_not_fit_into_memory_is_a_clear_error() {
    let (server, repository, _) = server_with_notes();
    let work = repository.run(&["rev-parse", "--show-toplevel"]);
    let video = fs::File::create(Path::new(&work).join("video.bin")).unwrap();
    video.set_len(129 << 20).unwrap();
    repository.commit(&[], "Add a video");
    let cache = cache();
    let error = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap_err();
    assert_eq!(error.reason(), Reason::TooLarge, "{error}");
    assert_eq!(server.fetch_count(), 1, "trying again is of no use");
}

#[test]
fn links_and_submodules_are_named_and_not_followed() {
    let (server, repository, first) = server_with_notes();
    repository.symlink("passwords.md", "/etc/passwd");
    repository.symlink("unwanted.txt", "README.md");
    repository.submodule("themes/plain", &first);
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    let files = snapshot.files(&|path| path.ends_with(".md"), Limits::default()).unwrap();
    assert_eq!(files.files.len(), 3);
    let skipped: Vec<_> = files.skipped.iter().map(|s| (s.path.as_str(), s.reason)).collect();
    let expected = [("passwords.md", SkipReason::Symlink), ("themes/plain", SkipReason::Submodule)];
    assert_eq!(skipped, expected);
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_not_utf8_is_named() {
    use std::os::unix::ffi::OsStringExt;

    let (server, repository, _) = server_with_notes();
    let name = std::ffi::OsString::from_vec(b"caf\xe9.md".to_vec());
    let work = repository.run(&["rev-parse", "--show-toplevel"]);
    fs::write(Path::new(&work).join(name), "text").unwrap();
    repository.commit(&[], "Add an old name");
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    let files = snapshot.files(&|path| path.ends_with(".md"), Limits::default()).unwrap();
    assert_eq!(files.files.len(), 3);
    assert_eq!(files.skipped.len(), 1);
    assert_eq!(files.skipped[0].reason, SkipReason::PathNotUtf8);
    assert_eq!(files.skipped[0].path, "caf\u{fffd}.md");
}

#[test]
fn bytes_arrive_as_they_are() {
    let (server, repository, _) = server_with_notes();
    let content: Vec<u8> = (0..=255).chain(*b"\r\n\xef\xbb\xbf").collect();
    repository.write("odd.md", &content);
    repository.commit(&[], "Add odd bytes");
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    let files = snapshot.files(&|path| path == "odd.md", Limits::default()).unwrap();
    assert_eq!(files.files[0].content, content);
}

#[test]
fn git_itself_can_push_to_the_test_server() {
    let (server, repository, _) = server_with_notes();
    let text = "long ".repeat(2000);
    repository.write("pushed.md", text.as_bytes());
    repository.run(&["add", "-A"]);
    repository.run(&["commit", "-q", "-m", "Push over http"]);
    repository.run(&["push", "-q", &server.url("notes"), "HEAD:main"]);
    let commit = repository.run(&["rev-parse", "HEAD"]);
    assert_eq!(remote(&server.url("notes")).resolve(&Reference::Head).unwrap().commit, commit);
    assert_eq!(repository.run(&["ls-remote", &server.url("notes"), "HEAD"])[..40], commit);
}

#[test]
fn a_tree_that_unfolds_without_end_is_given_up() {
    let (server, repository, _) = server_with_notes();
    let blob = repository.run_with_input(&["hash-object", "-w", "--stdin"], b"text");
    let mut tree =
        repository.run_with_input(&["mktree"], format!("100644 blob {blob}\tx\n").as_bytes());
    for _ in 0..10 {
        let level: String = (0..20).map(|name| format!("040000 tree {tree}\t{name}\n")).collect();
        tree = repository.run_with_input(&["mktree"], level.as_bytes());
    }
    let commit = repository.run(&["commit-tree", &tree, "-m", "Unfold"]);
    repository.run(&["push", "-q", "--force", "origin", &format!("{commit}:refs/heads/main")]);
    let cache = cache();
    let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(reason(snapshot.files(&|_| false, Limits::default())), Reason::TooLarge);
}

#[tokio::test]
async fn a_busy_cache_is_not_waited_for_past_the_timeout() {
    let (server, _repository, commit) = server_with_notes();
    let cache = cache();
    server.hang();
    let visit = server.wait_for_ls_remotes(1);
    let (url, folder) = (server.url("notes"), cache.path().to_owned());
    let first = tokio::task::spawn_blocking(move || {
        remote(&url).fetch(&Reference::Head, &folder).map(|snapshot| snapshot.revision().clone())
    });
    visit.await;

    let timeout = Duration::from_millis(300);
    let hasty = Remote::new(&server.url("notes"), Access { timeout, ..Access::default() }).unwrap();
    let folder = cache.path().to_owned();
    let second = tokio::task::spawn_blocking(move || hasty.fetch(&Reference::Head, &folder));
    let error = second.await.unwrap().unwrap_err();
    assert!(matches!(error, GitError::CacheBusy(_)), "{error:?}");
    assert_eq!(error.reason(), Reason::Timeout);
    server.resume();
    assert_eq!(first.await.unwrap().unwrap().commit, commit);
}

#[tokio::test]
async fn visits_can_be_waited_for() {
    let (server, _repository, commit) = server_with_notes();
    let url = server.url("notes");
    let three_visits = server.wait_for_ls_remotes(3);
    let visits = tokio::task::spawn_blocking(move || {
        let remote = remote(&url);
        (0..3).map(|_| remote.resolve(&Reference::Head).unwrap().commit).collect::<Vec<_>>()
    });
    three_visits.await;
    assert_eq!(visits.await.unwrap(), vec![commit; 3]);
}

/// A server of each protocol with a repository that objects are named by `hash` in.
fn each_protocol(hash: &str) -> [(GitServer, Repository); 2] {
    [false, true].map(|protocol_v0| {
        let server = GitServer::with_options(Options { protocol_v0, ..Options::default() });
        let repository = server.create_with_hash("notes", "main", hash);
        (server, repository)
    })
}

fn local(repository: &Repository) -> Remote {
    let access = Access { locals: Locals::Allowed, ..Access::default() };
    Remote::new(repository.path().to_str().unwrap(), access).unwrap()
}

#[test]
fn objects_may_be_named_by_sha256() {
    for (server, repository) in each_protocol("sha256") {
        let first = repository.commit(FIRST, "Add notes");
        assert_eq!(first.len(), 64);
        repository.annotated_tag("v1", "One");
        let second = repository.commit(&[("README.md", "# Second\n")], "Second");
        let cache = cache();
        for remote in [remote(&server.url("notes")), local(&repository)] {
            for (reference, name, commit) in [
                (Reference::Head, "main", &second),
                (Reference::Tag("v1".into()), "v1", &first),
                (Reference::Commit(first.clone()), "", &first),
            ] {
                let expected = Revision { name: name.to_owned(), commit: commit.clone() };
                assert_eq!(remote.resolve(&reference).unwrap(), expected, "{reference}");
                let snapshot = remote.fetch(&reference, cache.path()).unwrap();
                assert_eq!(snapshot.revision(), &expected, "{reference}");
                assert_eq!(texts(&snapshot).len(), 3, "{reference}");
            }
        }
        assert!(
            !remote(&server.url("notes"))
                .fetch(&Reference::Head, cache.path())
                .unwrap()
                .transferred()
        );
        let third = repository.commit(&[("README.md", "# Third\n")], "Third");
        let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
        assert_eq!(snapshot.revision().to_string(), format!("main@sha256:{third}"));
        assert_eq!(text_of(&snapshot, "README.md"), "# Third\n");
    }
}

#[test]
fn a_repository_may_be_made_anew_with_another_hash() {
    let server = GitServer::start();
    let cache = cache();
    for hash in ["sha1", "sha256", "sha1"] {
        let commit = server.create_with_hash("notes", "main", hash).commit(FIRST, "Add notes");
        let snapshot = remote(&server.url("notes")).fetch(&Reference::Head, cache.path()).unwrap();
        assert_eq!(snapshot.revision().commit, commit, "{hash}");
        assert_eq!(texts(&snapshot).len(), 3, "{hash}");
    }
}

#[test]
fn a_head_whose_branch_is_gone_is_told_with_the_branches_that_there_are() {
    for (server, repository) in each_protocol("sha1") {
        let commit = repository.commit(FIRST, "Add notes");
        repository.run(&["push", "-q", "origin", "HEAD:refs/heads/quay"]);
        repository.at_server(&["update-ref", "-d", "refs/heads/main"]);
        let cache = cache();
        let at_server = remote(&server.url("notes"));
        for visit in [&at_server, &local(&repository)] {
            for error in [
                visit.resolve(&Reference::Head).unwrap_err(),
                visit.fetch(&Reference::Head, cache.path()).unwrap_err(),
            ] {
                assert_eq!(error.reason(), Reason::ReferenceNotFound);
                for words in
                    ["which does not exist", "there are: quay", "spec.ref.branch", "--branch"]
                {
                    assert!(error.to_string().contains(words), "{words}: {error}");
                }
                assert!(!error.to_string().contains("no commit yet"), "{error}");
            }
            let named = visit.fetch(&Reference::Branch("quay".into()), cache.path()).unwrap();
            assert_eq!(named.revision().commit, commit);
        }
    }
}

#[test]
fn the_branch_that_head_names_is_told_where_the_server_tells_it() {
    let (server, repository, _) = server_with_notes();
    repository.point_head("refs/heads/trunk");
    for visit in [remote(&server.url("notes")), local(&repository)] {
        let error = visit.resolve(&Reference::Head).unwrap_err().to_string();
        assert!(error.contains("names the branch trunk") && error.contains("are: main"), "{error}");
    }
}

#[test]
fn an_empty_repository_is_told_from_one_whose_head_is_wrong() {
    for (server, repository) in each_protocol("sha1") {
        for visit in [remote(&server.url("notes")), local(&repository)] {
            let error = visit.resolve(&Reference::Head).unwrap_err();
            assert!(matches!(error, GitError::Empty), "{error}");
            let error = visit.resolve(&Reference::Branch("main".into())).unwrap_err();
            assert!(matches!(error, GitError::Empty), "{error}");
        }
    }
}

#[test]
fn a_head_without_a_branch_is_read() {
    for (server, repository) in each_protocol("sha1") {
        let commit = repository.commit(FIRST, "Add notes");
        repository.at_server(&["update-ref", "--no-deref", "HEAD", &commit]);
        repository.at_server(&["update-ref", "-d", "refs/heads/main"]);
        let cache = cache();
        for visit in [remote(&server.url("notes")), local(&repository)] {
            let snapshot = visit.fetch(&Reference::Head, cache.path()).unwrap();
            assert_eq!(
                snapshot.revision(),
                &Revision { name: "HEAD".into(), commit: commit.clone() }
            );
            assert_eq!(texts(&snapshot).len(), 3);
        }
    }
}

#[test]
fn names_of_branches_and_tags_may_be_odd() {
    const ODD: [&str; 12] = [
        "演講/二月",
        "fête-é",
        "talks#2031",
        "-rf",
        "--upload-pack=touch",
        "@",
        "a.b/c_d",
        "refs/heads/main",
        "HEAD",
        "0123456789012345678901234567890123456789",
        "+main",
        "50%&more;'\"",
    ];
    for (server, repository) in each_protocol("sha1") {
        repository.commit(FIRST, "Add notes");
        let mut commits = Vec::new();
        for name in ODD {
            commits.push(repository.commit(&[("README.md", name)], "Edit"));
        }
        let tagged = repository.commit(&[("README.md", "tagged")], "Edit");
        for (name, commit) in ODD.iter().zip(&commits) {
            repository.reference(&format!("refs/heads/{name}"), commit);
            repository.reference(&format!("refs/tags/{name}"), &tagged);
        }
        let cache = cache();
        for visit in [remote(&server.url("notes")), local(&repository)] {
            for (name, commit) in ODD.iter().zip(&commits) {
                let branch = Reference::Branch((*name).to_owned());
                let expected = Revision { name: (*name).to_owned(), commit: commit.clone() };
                assert_eq!(visit.resolve(&branch).unwrap(), expected);
                let snapshot = visit.fetch(&branch, cache.path()).unwrap();
                assert_eq!(snapshot.revision(), &expected);
                assert_eq!(text_of(&snapshot, "README.md"), *name);
                // A tag of the same name is another revision.
                let tag = visit.fetch(&Reference::Tag((*name).to_owned()), cache.path()).unwrap();
                assert_eq!(text_of(&tag, "README.md"), "tagged", "{name}");
            }
        }
    }
}

#[test]
fn a_tag_of_a_tag_is_its_commit_and_a_tag_of_something_else_is_named() {
    for (server, repository) in each_protocol("sha1") {
        let commit = repository.commit(FIRST, "Add notes");
        repository.annotated_tag("inner", "Inner");
        repository.run(&["tag", "-a", "outer", "-m", "Outer", "inner"]);
        repository.run(&["tag", "-a", "folder", "-m", "Folder", "HEAD^{tree}"]);
        repository.run(&["tag", "file", "HEAD:README.md"]);
        repository.run(&["push", "-q", "origin", "--tags"]);
        let cache = cache();
        for visit in [remote(&server.url("notes")), local(&repository)] {
            let snapshot = visit.fetch(&Reference::Tag("outer".into()), cache.path()).unwrap();
            assert_eq!(snapshot.revision().commit, commit);
            for name in ["folder", "file"] {
                let error = visit.fetch(&Reference::Tag(name.into()), cache.path()).unwrap_err();
                assert!(matches!(error, GitError::NoCommit(_)), "{name}: {error}");
                assert!(
                    error.is_about_the_revision() && error.to_string().contains(name),
                    "{error}"
                );
            }
            // Nothing of that is in the way of what is right.
            assert!(visit.fetch(&Reference::Head, cache.path()).is_ok());
        }
    }
}

#[test]
fn a_shallow_repository_at_the_server_is_read() {
    let (server, repository, _) = server_with_notes();
    let second = repository.commit(&[("README.md", "# Second\n")], "Second");
    let url = format!("file://{}", repository.path().display());
    let shallow = repository.path().with_file_name("shallow.git");
    let target = shallow.to_str().unwrap();
    repository.run(&["clone", "-q", "--bare", "--depth", "1", &url, target]);
    let cache = cache();
    let snapshot = remote(&server.url("shallow")).fetch(&Reference::Head, cache.path()).unwrap();
    assert_eq!(snapshot.revision().commit, second);
    assert_eq!(texts(&snapshot).len(), 3);
}

#[test]
fn a_server_that_asks_to_wait_is_understood() {
    let (server, _repository, commit) = server_with_notes();
    let remote = remote(&server.url("notes"));
    let now = jiff::Timestamp::now();
    let date = |seconds: i64| {
        let time = now + jiff::SignedDuration::from_secs(seconds);
        jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap()
    };
    let reset = (now.as_second() + 600).to_string();
    let (tomorrow, soon) = (date(86_400 * 40), date(600));
    for (status, headers, seconds) in [
        (403, vec![("retry-after", "600")], 600),
        (429, vec![("retry-after", "600")], 600),
        (429, vec![("retry-after", &*soon)], 600),
        (503, vec![("retry-after", "600")], 600),
        (403, vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)], 600),
        (429, vec![("retry-after", &*tomorrow)], 86_400),
    ] {
        server.fail_with(1, status, &headers);
        let error = remote.resolve(&Reference::Head).unwrap_err();
        assert_eq!(error.reason(), Reason::RateLimited, "{status}: {error}");
        assert_eq!(error.limits_the_host(), status < 500);
        let until = error.wait_until().unwrap();
        let wait = until.duration_since(now).as_secs();
        // To the full minute, and a minute for a busy machine.
        assert!((seconds - 1..=seconds + 120).contains(&wait), "{headers:?}: {wait}");
        let clock = until.strftime("%H:%M UTC").to_string();
        assert!(error.to_string().contains(&format!("until {clock}")), "{error}");
    }
    server.fail_with(1, 403, &[]);
    assert_eq!(reason(remote.resolve(&Reference::Head)), Reason::AuthenticationFailed);
    assert_eq!(remote.resolve(&Reference::Head).unwrap().commit, commit);
}

#[test]
fn caches_that_nobody_asks_for_are_removed_and_nothing_else() {
    let (server, _repository, _) = server_with_notes();
    server.create("other").commit(FIRST, "Add notes");
    let cache = cache();
    let (kept, gone) = (remote(&server.url("notes")), remote(&server.url("other")));
    kept.fetch(&Reference::Head, cache.path()).unwrap();
    let reading = gone.fetch(&Reference::Head, cache.path()).unwrap();
    let names = || {
        let entries = fs::read_dir(cache.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let of_earlier_versions = "0123456789abcdef0123456789abcdef";
    fs::create_dir(cache.path().join(of_earlier_versions)).unwrap();
    fs::write(cache.path().join(format!("{of_earlier_versions}.lock")), "").unwrap();
    fs::create_dir(cache.path().join("fedcba9876543210fedcba9876543210")).unwrap();
    fs::write(cache.path().join("notes.lock"), "somebody else's").unwrap();
    let before = names().len();

    let mut used = UsedCaches::default();
    used.add_url(&server.url("notes"));
    let swept = sweep(cache.path(), &used).unwrap();
    assert_eq!(swept, Swept { removed: 1, busy: 1 }, "the one that is read stays");
    drop(reading);
    assert_eq!(sweep(cache.path(), &used).unwrap(), Swept { removed: 1, busy: 0 });
    assert_eq!(names().len(), before - 5, "{:?}", names());
    assert!(!kept.fetch(&Reference::Head, cache.path()).unwrap().transferred());
    assert!(gone.fetch(&Reference::Head, cache.path()).unwrap().transferred());

    let mut exactly = UsedCaches::default();
    exactly.add(&kept);
    assert_eq!(sweep(cache.path(), &exactly).unwrap(), Swept { removed: 1, busy: 0 });
    assert!(!kept.fetch(&Reference::Head, cache.path()).unwrap().transferred());
    assert_eq!(sweep(cache.path(), &UsedCaches::default()).unwrap().removed, 1);
    assert_eq!(names().len(), 2, "{:?}", names());
    let nowhere = cache.path().join("nowhere");
    assert_eq!(sweep(&nowhere, &UsedCaches::default()).unwrap(), Swept::default());
}

#[test]
fn a_cache_that_is_removed_under_a_fetch_is_made_anew() {
    let (server, _repository, commit) = server_with_notes();
    let cache = cache();
    let (url, folder) = (server.url("notes"), cache.path());
    std::thread::scope(|scope| {
        let sweeps = scope.spawn(|| {
            (0..200).map(|_| sweep(folder, &UsedCaches::default()).unwrap().removed).sum::<usize>()
        });
        for _ in 0..20 {
            let snapshot = remote(&url).fetch(&Reference::Head, folder).unwrap();
            assert_eq!(snapshot.revision().commit, commit);
            assert_eq!(texts(&snapshot).len(), 3);
        }
        sweeps.join().unwrap();
    });
}
