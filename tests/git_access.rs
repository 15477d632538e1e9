//! The git room: who we are and which way we come. Client certificates, proxies, ranges of versions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod support;

use support::git_server::{GitServer, Options};
use support::proxy::{self, Kind};
use support::ssh_server::SshServer;
use talknotes::git::{
    Access, ClientCertificate, GitError, Identity, Proxy, Reason, Reference, Remote, Ssh,
};

const FILES: &[(&str, &str)] = &[("keynote.md", "# Keynote\n")];

fn tls_server(client_certificates: bool) -> (GitServer, String) {
    let options = Options { tls: true, client_certificates, ..Options::default() };
    let server = GitServer::with_options(options);
    let commit = server.create("notes").commit(FILES, "Add notes");
    (server, commit)
}

fn trusting(server: &GitServer) -> Access {
    let certificate_authority = Some(server.ca_pem().as_bytes().to_vec());
    Access { certificate_authority, ..Access::default() }
}

fn certificate_of(server: &GitServer) -> ClientCertificate {
    let (certificate, key) = server.client_certificate();
    ClientCertificate { certificate: certificate.into_bytes(), key: key.into_bytes() }
}

#[test]
fn a_client_certificate_opens_the_repository_and_another_does_not() {
    let (server, commit) = tls_server(true);
    let (stranger, _) = tls_server(true);
    let visit = |client_certificate| {
        let access = Access { client_certificate, ..trusting(&server) };
        let cache = tempfile::tempdir().unwrap();
        let fetched =
            Remote::new(&server.url("notes"), access)?.fetch(&Reference::Head, cache.path());
        Ok::<_, GitError>(fetched?.revision().commit.clone())
    };
    assert_eq!(visit(Some(certificate_of(&server))).unwrap(), commit);
    for wrong in [None, Some(certificate_of(&stranger))] {
        let error = visit(wrong).unwrap_err();
        assert_eq!(error.reason(), Reason::AuthenticationFailed, "{error}");
        assert!(error.to_string().contains("tls.crt"), "{error}");
    }
}

#[test]
fn a_malformed_client_certificate_is_reported_and_not_shown() {
    for (certificate, key) in [("", ""), ("hello", "s3cret-word")] {
        let client_certificate = Some(ClientCertificate {
            certificate: certificate.as_bytes().to_vec(),
            key: key.as_bytes().to_vec(),
        });
        let access = Access { client_certificate, ..Access::default() };
        let shown = format!("{access:?}");
        let error = Remote::new("https://git.example/notes.git", access).unwrap_err();
        assert_eq!(error.reason(), Reason::AuthenticationFailed);
        assert!(!format!("{shown}{error}{error:?}").contains("s3cret-word"));
    }
}

#[test]
fn a_client_certificate_is_not_shown_to_another_host() {
    let (home, _) = tls_server(true);
    let (elsewhere, _) = tls_server(false);
    home.redirect("moved", &elsewhere.url("notes"));
    let access = Access { client_certificate: Some(certificate_of(&home)), ..trusting(&home) };
    let remote = Remote::new(&home.url("moved"), access).unwrap();
    let error = remote.resolve(&Reference::Head).unwrap_err();
    assert!(matches!(error, GitError::RedirectRefused(_)), "{error}");
    assert_eq!(elsewhere.ls_remote_count(), 0);
}

/// Visits an https and an ssh server through the proxy.
fn visits(proxy: &proxy::Proxy, login: Option<(&str, &str)>) -> Vec<Result<(), GitError>> {
    let (server, commit) = tls_server(false);
    let ssh = SshServer::start(server.repositories());
    let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
    let proxy = Proxy::new(&proxy.address(), login).unwrap();
    let identities = vec![Identity { key: ssh.identity(), passphrase: None }];
    let keys = Ssh { identities, agent: None, known_hosts: ssh.known_hosts() };
    let access = Access { proxy: Some(proxy), ssh: Some(keys), ..trusting(&server) };
    let visit = |url: String| {
        let cache = tempfile::tempdir().unwrap();
        let remote = Remote::new(&url, access.clone())?;
        let snapshot = remote.fetch(&Reference::Head, cache.path())?;
        assert_eq!(snapshot.revision().commit, commit);
        Ok(())
    };
    vec![visit(server.url("notes")), visit(ssh.url("notes"))]
}

#[test]
fn both_kinds_of_proxies_lead_to_https_and_ssh() {
    for kind in [Kind::Connect, Kind::Socks5] {
        for login in [None, Some(("pilot", "s3cret word:"))] {
            let proxy = proxy::Proxy::start(kind, login);
            for visited in visits(&proxy, login) {
                visited.unwrap_or_else(|error| panic!("{kind:?} {login:?}: {error}"));
            }
            assert!(proxy.targets().len() >= 2, "{:?}", proxy.targets());
        }
    }
}

#[test]
fn a_proxy_that_wants_a_login_is_told_from_one_that_is_not_there() {
    for kind in [Kind::Connect, Kind::Socks5] {
        let proxy = proxy::Proxy::start(kind, Some(("pilot", "right")));
        for login in [None, Some(("pilot", "wr0ng-word"))] {
            for visited in visits(&proxy, login) {
                let error = visited.unwrap_err();
                assert!(matches!(error, GitError::ProxyRefused), "{kind:?} {login:?}: {error:?}");
                assert!(!format!("{error} {error:?}").contains("wr0ng-word"));
            }
        }
        assert!(proxy.targets().is_empty());
    }
    let gone = proxy::Proxy::start(Kind::Connect, None);
    let address = gone.address();
    drop(gone);
    let access = Access { proxy: Some(Proxy::new(&address, None).unwrap()), ..Access::default() };
    let remote = Remote::new("https://git.example/notes.git", access).unwrap();
    let error = remote.resolve(&Reference::Head).unwrap_err();
    assert_eq!(error.reason(), Reason::Unreachable, "{error}");
    assert!(error.to_string().contains("proxySecretRef"), "{error}");
}

#[test]
fn names_are_looked_up_by_the_proxy() {
    for kind in [Kind::Connect, Kind::Socks5] {
        let proxy = proxy::Proxy::start(kind, None);
        let identity = Identity { key: String::new(), passphrase: Some(String::new()) };
        let ssh = Some(Ssh { identities: vec![identity], ..Ssh::default() });
        let through = Some(Proxy::new(&proxy.address(), None).unwrap());
        let access = Access { proxy: through, ssh, ..Access::default() };
        for url in ["https://notes.invalid/n.git", "ssh://git@notes.invalid:2222/n.git"] {
            let remote = Remote::new(url, access.clone()).unwrap();
            let error = remote.resolve(&Reference::Head).unwrap_err();
            assert_eq!(error.reason(), Reason::Unreachable, "{error}");
        }
        assert_eq!(proxy.targets(), ["notes.invalid:443", "notes.invalid:2222"], "{kind:?}");
    }
}

#[test]
fn the_newest_version_of_a_range_is_fetched() {
    let server = GitServer::start();
    let repository = server.create("notes");
    let mut commits = Vec::new();
    for tag in ["v1.0.0", "v1.10.0", "v1.9.0"] {
        commits.push(repository.commit(&[("a.md", tag)], tag));
        repository.annotated_tag(tag, tag);
    }
    let last = repository.commit(&[("a.md", "two\n")], "Two");
    repository.tag("v2.0.0");
    let remote = Remote::new(&server.url("notes"), Access::default()).unwrap();
    let cache = tempfile::tempdir().unwrap();
    let range = |text: &str| Reference::Semver(text.parse().unwrap());
    let one = remote.resolve(&range("1.x")).unwrap();
    assert_eq!((one.name.as_str(), &one.commit), ("v1.10.0", &commits[1]));
    assert_eq!(remote.fetch(&range("1.x"), cache.path()).unwrap().revision(), &one);
    assert_eq!(remote.resolve(&range("*")).unwrap().commit, last);

    let newer = repository.commit(&[("a.md", "newer\n")], "Newer");
    repository.tag("v1.11.0");
    let snapshot = remote.fetch(&range(">=1.0.0 <2.0.0"), cache.path()).unwrap();
    assert_eq!(snapshot.revision().to_string(), format!("v1.11.0@sha1:{newer}"));

    for result in [
        remote.resolve(&range("3.x")).map(drop),
        remote.fetch(&range("3.x"), cache.path()).map(drop),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.reason(), Reason::ReferenceNotFound);
        assert!(error.to_string().contains("3.x") && error.to_string().contains("v2.0.0"));
    }
}
