//! The git room: tokens of a GitHub App, from a small server with GitHub's API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs
)]

mod support;

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use support::git_server::{Auth, GitServer, Options};
use support::web_server::{Answer, Asked, WebServer};
use talknotes::git::{
    Access, AppTokens, Credentials, GitError, GitHubApp, Installation, Reason, Reference, Remote,
};
use tempfile::TempDir;

/// An app with the key that GitHub would give: RSA in the old PEM.
struct App {
    folder: TempDir,
    server: WebServer,
    tokens: AppTokens,
}

fn given(token: &str, minutes: i64) -> Answer {
    let expires = Timestamp::now() + SignedDuration::from_mins(minutes);
    Answer::json(201, &json!({ "token": token, "expires_at": expires.to_string() }))
}

impl App {
    fn new(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("app");
        let mut make = Command::new("ssh-keygen");
        make.args(["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f"]).arg(&key);
        assert!(make.output().unwrap().status.success());
        Self { folder, server: WebServer::with_tls(script), tokens: AppTokens::default() }
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("app")
    }

    fn app(&self, installation: Installation) -> GitHubApp {
        let key = std::fs::read(self.key()).unwrap();
        assert!(key.starts_with(b"-----BEGIN RSA PRIVATE KEY"));
        GitHubApp::new("4711", installation, &key, Some(&self.server.url("/api/v3/"))).unwrap()
    }

    fn access(&self, more: &str) -> Access {
        let authorities = format!("{}\n{more}", self.server.ca_pem());
        Access { certificate_authority: Some(authorities.into_bytes()), ..Access::default() }
    }

    fn ask(&self) -> Result<Credentials, GitError> {
        let installation = Installation::Id("42".to_owned());
        self.app(installation).credentials(&self.access(""), &self.tokens)
    }

    /// What a claim says, if its signature is the app's.
    fn claims(&self, asked: &Asked) -> Value {
        let claim = asked.header("authorization").strip_prefix("Bearer ").unwrap();
        let (signed, signature) = claim.rsplit_once('.').unwrap();
        let mut export = Command::new("ssh-keygen");
        export.args(["-e", "-m", "PEM", "-f"]).arg(self.key());
        let public = String::from_utf8(export.output().unwrap().stdout).unwrap();
        let public: String = public.lines().filter(|line| !line.starts_with("---")).collect();
        let public = STANDARD.decode(public).unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public)
            .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
            .expect("the app signed the claim");
        let part =
            |text: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).unwrap());
        let (head, claims) = signed.split_once('.').unwrap();
        assert_eq!(part(head).unwrap(), json!({ "alg": "RS256", "typ": "JWT" }));
        part(claims).unwrap()
    }
}

fn password(credentials: Credentials) -> String {
    match credentials {
        Credentials::Basic { username, password } if username == "x-access-token" => password,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repository_is_read_with_a_token_that_is_asked_for_once() {
    let git = GitServer::with_options(Options {
        tls: true,
        auth: Some(Auth::basic("x-access-token", "ghs_1")),
        ..Options::default()
    });
    git.create("notes").commit(&[("a.md", "one\n")], "One");
    let app = App::new(|_| given("ghs_1", 60));
    for _ in 0..2 {
        let access = app.access(git.ca_pem());
        let credentials =
            app.app(Installation::Id("42".to_owned())).credentials(&access, &app.tokens).unwrap();
        let access = Access { credentials: Some(credentials), ..access };
        let remote = Remote::new(&git.url("notes"), access).unwrap();
        remote.resolve(&Reference::Head).unwrap();
    }
    let asked = app.server.asked();
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", "/api/v3/app/installations/42/access_tokens")
    );
    assert_eq!(asked.json(), json!({ "permissions": { "contents": "read" } }));
    let (claims, now) = (app.claims(asked), Timestamp::now().as_second());
    assert_eq!(claims["iss"], "4711");
    let (begins, ends) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert!(begins <= now && ends - begins <= 600 && ends > now, "{claims}");
}

#[test]
fn a_token_is_asked_for_anew_before_it_expires_and_after_it_was_refused() {
    let app = App::new(|_| given("ghs_short", 4));
    assert_eq!(password(app.ask().unwrap()), "ghs_short");
    app.server.answer(|_| given("ghs_long", 60));
    assert_eq!(password(app.ask().unwrap()), "ghs_long");
    app.server.answer(|_| given("ghs_next", 60));
    assert_eq!(password(app.ask().unwrap()), "ghs_long");
    app.tokens.forget();
    assert_eq!(password(app.ask().unwrap()), "ghs_next");
}

#[test]
fn an_installation_is_found_by_its_owner() {
    let app = App::new(|asked| match asked.path.as_str() {
        "/api/v3/users/anna/installation" => Answer::json(200, &json!({ "id": 42 })),
        "/api/v3/app/installations/42/access_tokens" => given("ghs_1", 60),
        _ => Answer::status(404),
    });
    let ask = |owner: &str| {
        let app_of = app.app(Installation::Owner(owner.to_owned()));
        app_of.credentials(&app.access(""), &app.tokens)
    };
    assert_eq!(password(ask("anna").unwrap()), "ghs_1");
    let error = ask("bo").unwrap_err();
    assert!(error.to_string().contains("no installation for bo"), "{error}");
}

#[test]
fn refusals_say_what_to_do_and_faults_pass_by_themselves() {
    let app = App::new(|_| Answer::status(401));
    let fails = |answer: Answer, reason: Reason, words: &str| {
        app.server.answer(move |_| answer.clone());
        let error = app.ask().unwrap_err();
        assert_eq!(error.reason(), reason, "{error}");
        assert!(error.to_string().contains(words), "{words}: {error}");
    };
    let refused = Reason::AuthenticationFailed;
    fails(Answer::status(401), refused, "githubAppPrivateKey");
    fails(Answer::status(404), refused, "no installation for the number 42");
    fails(Answer::status(422), refused, "may not do this");
    fails(Answer::ok("<html>"), refused, "no JSON");
    fails(Answer::json(201, &json!({ "token": "a\nb" })), refused, "without a token");
    fails(Answer::with(302, ("location", "https://elsewhere.example/")), refused, "302");
    fails(Answer::status(502), Reason::Unreachable, "502");
    fails(Answer::with(403, ("retry-after", "60")), Reason::RateLimited, "limits the rate");
}

#[test]
fn what_cannot_be_an_app_is_refused_and_not_repeated() {
    let app = App::new(|_| given("ghs_1", 60));
    let key = std::fs::read(app.key()).unwrap();
    let id = || Installation::Id("42".to_owned());
    let make = |id: &str, installation, key: &[u8], api| {
        let error = GitHubApp::new(id, installation, key, api).unwrap_err();
        assert_eq!(error.reason(), Reason::AuthenticationFailed);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    };
    make("", id(), &key, None);
    make("4711", Installation::Owner("../users".to_owned()), &key, None);
    make("4711", id(), b"hunter2", None);
    make("4711", id(), &key, Some("http://github.example/api/v3"));
    make("4711", id(), &key, Some("https://a:hunter2@github.example"));
    assert!(GitHubApp::new("4711", id(), &key, None).is_ok());
}
