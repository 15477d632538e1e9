//! Repositories that ask who comes.

use serde_json::{Value, json};

use crate::support::Result;
use crate::support::child::last_lines;
use crate::support::git_server::{Auth, GitServer, Options};
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::proxy::{Kind, Proxy};
use crate::support::publishing::{
    self, NAME, Titles, change_repository, create_repository, repository, talk,
};
use crate::support::ssh_server::{SshOptions, SshServer};

const PASSWORD: &str = "correct-horse-battery";

fn private(auth: Auth) -> GitServer {
    let server =
        GitServer::with_options(Options { tls: true, auth: Some(auth), ..Options::default() });
    server.create(NAME).commit(&[("a.md", &talk("A", "One."))], "Take notes");
    server
}

async fn secret(test: &TestNamespace, name: &str, data: Value) -> Result {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "stringData": data,
    });
    test.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &secret.to_string()).await?;
    Ok(())
}

async fn published(test: &TestNamespace) -> Result {
    repository(test, NAME, "to be ready", |object| kstatus::status(object) == Status::Current)
        .await?;
    publishing::shows(test, &Titles::everywhere(&["A"])).await
}

/// Nothing that the operator wrote anywhere holds the password.
async fn assert_secret_is_kept(test: &TestNamespace) -> Result {
    let kubectl = test.kubectl();
    let kinds = "noterepositories,summits,tn,configmaps,events";
    let objects = kubectl.run(&["get", kinds, "-o", "yaml", "--show-managed-fields"]).await?;
    assert!(!objects.contains(PASSWORD), "the password is in an object:\n{objects}");
    let log = last_lines(&test.folder().join("controller.log"), usize::MAX);
    assert!(!log.is_empty() && !log.contains(PASSWORD), "the password is in the log:\n{log}");
    Ok(())
}

#[tokio::test]
async fn a_password_over_https_with_an_authority_of_its_own() {
    with_namespace(async |test| -> Result {
        let server = private(Auth::basic("reader", PASSWORD));
        let _controller = test.start_controller().await?;
        let right = json!({
            "username": "reader", "password": PASSWORD, "ca.crt": server.ca_pem(),
        });
        let wrong = json!({
            "username": "reader", "password": format!("{PASSWORD}-not"), "ca.crt": server.ca_pem(),
        });
        secret(test, "login", wrong).await?;
        let reference = json!({ "secretRef": { "name": "login" } });
        create_repository(test, NAME, &server.url(NAME), reference).await?;
        let refused = repository(test, NAME, "to be refused", |object| {
            kstatus::reason(object, "Ready") == "AuthenticationFailed"
        })
        .await?;
        assert_eq!(kstatus::status(&refused), Status::Failed, "{refused}");

        secret(test, "login", right).await?;
        publishing::request(test, NAME).await?;
        published(test).await?;
        assert_secret_is_kept(test).await
    })
    .await;
}

#[tokio::test]
async fn a_password_that_is_mended_is_found_without_a_word() {
    with_namespace(async |test| -> Result {
        let server = private(Auth::basic("reader", PASSWORD));
        let login = |password: &str| {
            json!({ "username": "reader", "password": password, "ca.crt": server.ca_pem() })
        };
        secret(test, "login", login("wrong")).await?;
        let spec = json!({ "secretRef": { "name": "login" }, "interval": "10s" });
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        let again = server.wait_for_ls_remotes(2);
        let _controller = test.start_controller().await?;
        again.await;
        secret(test, "login", login(PASSWORD)).await?;
        published(test).await
    })
    .await;
}

#[tokio::test]
async fn a_bearer_token() {
    with_namespace(async |test| -> Result {
        let server = private(Auth::bearer(PASSWORD));
        let _controller = test.start_controller().await?;
        secret(test, "login", json!({ "bearerToken": PASSWORD, "ca.crt": server.ca_pem() }))
            .await?;
        let reference = json!({ "secretRef": { "name": "login" } });
        create_repository(test, NAME, &server.url(NAME), reference).await?;
        published(test).await?;
        assert_secret_is_kept(test).await
    })
    .await;
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted_and_sees_no_password() {
    with_namespace(async |test| -> Result {
        let server = private(Auth::basic("reader", PASSWORD));
        let _controller = test.start_controller().await?;
        secret(test, "login", json!({ "username": "reader", "password": PASSWORD })).await?;
        let reference = json!({ "secretRef": { "name": "login" } });
        create_repository(test, NAME, &server.url(NAME), reference).await?;
        repository(test, NAME, "the certificate to be refused", |object| {
            kstatus::reason(object, "Ready") == "CertificateInvalid"
        })
        .await?;
        assert!(!server.has_seen_credentials(), "the password went to a stranger");
        assert_secret_is_kept(test).await
    })
    .await;
}

#[tokio::test]
async fn no_password_goes_over_plain_http() {
    with_namespace(async |test| -> Result {
        let auth = Some(Auth::basic("reader", PASSWORD));
        let server = GitServer::with_options(Options { auth, ..Options::default() });
        server.create(NAME).commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        secret(test, "login", json!({ "username": "reader", "password": PASSWORD })).await?;
        let reference = json!({ "secretRef": { "name": "login" } });
        create_repository(test, NAME, &server.url(NAME), reference).await?;
        let refused = repository(test, NAME, "to be stalled", |object| {
            kstatus::status(object) == Status::Failed
        })
        .await?;
        assert_eq!(kstatus::reason(&refused, "Stalled"), "InvalidSpec", "{refused}");
        assert!(!server.has_seen_credentials(), "the password went over plain http");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_comes_late_is_found() {
    with_namespace(async |test| -> Result {
        let server = private(Auth::bearer(PASSWORD));
        let _controller = test.start_controller().await?;
        let reference = json!({ "secretRef": { "name": "late" } });
        create_repository(test, NAME, &server.url(NAME), reference).await?;
        let waiting = repository(test, NAME, "to miss its Secret", |object| {
            kstatus::condition(object, "Ready").is_some_and(|ready| ready["status"] == "False")
        })
        .await?;
        let message = kstatus::condition(&waiting, "Ready").unwrap()["message"].to_string();
        assert!(message.contains("late"), "{message}");
        secret(test, "late", json!({ "bearerToken": PASSWORD, "ca.crt": server.ca_pem() })).await?;
        change_repository(test, NAME, json!({ "timeout": "30s" })).await?;
        published(test).await
    })
    .await;
}

#[tokio::test]
async fn a_client_certificate_through_a_proxy() {
    with_namespace(async |test| -> Result {
        let options = Options { tls: true, client_certificates: true, ..Options::default() };
        let server = GitServer::with_options(options);
        server.create(NAME).commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let proxy = Proxy::start(Kind::Socks5, Some(("pilot", PASSWORD)));
        let _controller = test.start_controller().await?;
        let (certificate, key) = server.client_certificate();
        let login = json!({ "ca.crt": server.ca_pem(), "tls.crt": certificate, "tls.key": key });
        secret(test, "login", login).await?;
        let way = |password: &str| {
            json!({ "address": proxy.address(), "username": "pilot", "password": password })
        };
        secret(test, "proxy", way("wrong")).await?;
        let spec = json!({
            "secretRef": { "name": "login" }, "proxySecretRef": { "name": "proxy" },
        });
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        repository(test, NAME, "to be refused by the proxy", |object| {
            object["status"]["conditions"].to_string().contains("proxySecretRef")
        })
        .await?;
        assert!(proxy.targets().is_empty());
        secret(test, "proxy", way(PASSWORD)).await?;
        publishing::request(test, NAME).await?;
        published(test).await?;
        assert!(!proxy.targets().is_empty(), "nothing went through the proxy");
        assert_secret_is_kept(test).await
    })
    .await;
}

#[tokio::test]
async fn a_deploy_key_over_ssh() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        server.create(NAME).commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let options = SshOptions { passphrase: PASSWORD, ..SshOptions::default() };
        let ssh = SshServer::with_options(server.repositories(), options);
        let _controller = test.start_controller().await?;
        let keys = |known_hosts: &str| {
            json!({ "identity": ssh.identity(), "password": PASSWORD, "known_hosts": known_hosts })
        };
        secret(test, "login", keys("git.example ssh-ed25519 AAAA\n")).await?;
        let reference = json!({ "secretRef": { "name": "login" } });
        create_repository(test, NAME, &ssh.scp_like(NAME), reference).await?;
        let refused = repository(test, NAME, "to be refused", |object| {
            kstatus::reason(object, "Ready") == "HostKeyMismatch"
        })
        .await?;
        assert_eq!(kstatus::status(&refused), Status::Failed, "{refused}");

        secret(test, "login", keys("")).await?;
        publishing::request(test, NAME).await?;
        let unknown = repository(test, NAME, "to show the key", |object| {
            object["status"]["conditions"].to_string().contains(&ssh.fingerprint())
        })
        .await?;
        assert_eq!(kstatus::reason(&unknown, "Ready"), "HostKeyMismatch", "{unknown}");

        secret(test, "login", keys(&ssh.known_hosts())).await?;
        publishing::request(test, NAME).await?;
        published(test).await?;
        assert_secret_is_kept(test).await
    })
    .await;
}
