//! Pushes that git servers report.

use serde_json::{Value, json};

use crate::support::forge::{github, gitlab, pushed, send};
use crate::support::git_server::{GitServer, Repository};
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::publishing::{self, NAME, create_repository, repository, talk};
use crate::support::rbac;
use crate::support::{Result, child::last_lines};

const TOKEN: &str = "push-31415-token";

struct Scene<'t> {
    test: &'t TestNamespace,
    server: GitServer,
    git: Repository,
    controller: Option<Program>,
    url: String,
}

impl<'t> Scene<'t> {
    /// A repository that would be asked once an hour, and is known as it is now.
    async fn new(test: &'t TestNamespace, spec: Value) -> Result<Self> {
        let server = GitServer::start();
        let git = server.create(NAME);
        git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        secret(test, TOKEN).await?;
        let mut whole = json!({
            "interval": "1h", "webhook": { "secretRef": { "name": "push" } },
        });
        whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        create_repository(test, NAME, &server.url(NAME), whole).await?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let token = rbac::token(test.control_plane.admin(), rbac::CONTROLLER).await?;
        let kubeconfig = test.folder().join("webhooks.kubeconfig");
        let access = test.control_plane.admin().with_token(&token, &kubeconfig)?;
        test.note("controller.log");
        let more = ["--webhook-address", &address];
        let controller =
            Program::controller_with(&access, test.name(), test.folder(), &more).await?;
        let object = repository(test, NAME, "to be ready", |object| {
            kstatus::status(object) == Status::Current
        })
        .await?;
        let path = object["status"]["webhookPath"].as_str().expect("a path for reports");
        assert_eq!(path, format!("/hook/{}", object["metadata"]["uid"].as_str().unwrap()));
        assert!(!object["status"]["diagnostics"].to_string().contains("webhook"), "{object}");
        let url = format!("http://{address}{path}");
        Ok(Self { test, server, git, controller: Some(controller), url })
    }

    async fn applied(&self, commit: &str) -> Result {
        repository(self.test, NAME, "to have the pushed revision", |object| {
            object["status"]["lastAppliedRevision"].to_string().contains(commit)
        })
        .await?;
        Ok(())
    }
}

async fn secret(test: &TestNamespace, token: &str) -> Result {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "push" },
        "stringData": { "token": format!("{token}\n") },
    });
    test.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &secret.to_string()).await?;
    Ok(())
}

#[tokio::test]
async fn a_push_that_is_reported_is_fetched_at_once() {
    with_namespace(async |test| -> Result {
        let scene = Scene::new(test, json!({})).await?;
        let first = scene.git.commit(&[("b.md", &talk("B", "Two."))], "More");
        let answer = github(&scene.url, TOKEN, &pushed("refs/heads/main")).await?;
        assert_eq!(answer.status, 202, "{answer:?}");
        scene.applied(&first).await?;

        let second = scene.git.commit(&[("c.md", &talk("C", "Three."))], "Even more");
        let body = json!({ "ref": "refs/heads/main", "project": { "default_branch": "main" } });
        let answer = gitlab(&scene.url, TOKEN, &body).await?;
        assert_eq!(answer.status, 202, "{answer:?}");
        scene.applied(&second).await?;

        // A token that was changed counts from now on.
        secret(test, "another-token").await?;
        let answer = github(&scene.url, TOKEN, &pushed("refs/heads/main")).await?;
        assert_eq!(answer.status, 403, "{answer:?}");
        let answer = github(&scene.url, "another-token", &pushed("refs/heads/main")).await?;
        assert_eq!(answer.status, 202, "{answer:?}");
        let log = last_lines(&test.folder().join("controller.log"), usize::MAX);
        assert!(!log.contains(TOKEN), "the token is in the log");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_not_believed_or_not_followed_asks_nobody() {
    with_namespace(async |test| -> Result {
        let scene = Scene::new(test, json!({ "ref": { "branch": "main" } })).await?;
        let (visits, url) = (scene.server.ls_remote_count(), scene.url.as_str());
        let main = pushed("refs/heads/main");
        let text = main.to_string();
        let unsigned = send(url, &[("x-github-event", "push")], text.clone()).await?;
        assert_eq!(unsigned.status, 401, "{unsigned:?}");
        for token in ["", "push-31415-toke", "PUSH-31415-TOKEN"] {
            assert_eq!(github(url, token, &main).await?.status, 403, "{token}");
            assert_eq!(gitlab(url, token, &main).await?.status, 403, "{token}");
        }
        let elsewhere = url.replace("/hook/", "/hook/0");
        assert_eq!(github(&elsewhere, TOKEN, &main).await?.status, 404);
        let nobody =
            format!("{}/00000000-0000-0000-0000-000000000000", url.rsplit_once('/').unwrap().0);
        assert_eq!(github(&nobody, TOKEN, &main).await?.status, 404);
        assert_eq!(reqwest::get(url).await?.status().as_u16(), 405);

        let large = json!({ "ref": "refs/heads/main", "x": "x".repeat(1 << 20) });
        assert_eq!(github(url, TOKEN, &large).await?.status, 413);
        for other in ["refs/heads/draft", "refs/tags/main", "refs/heads/main/x"] {
            let answer = github(url, TOKEN, &pushed(other)).await?;
            assert_eq!(answer.status, 200, "{other}: {answer:?}");
            assert!(answer.text.contains("branch main"), "{answer:?}");
        }
        let ping =
            send(url, &[("x-github-event", "ping"), ("x-gitlab-token", TOKEN)], text).await?;
        assert_eq!((ping.status, ping.text.as_str()), (200, "the token is right\n"));
        assert_eq!(scene.server.ls_remote_count(), visits, "nobody was asked");

        // The last visit shows that the others could have come before it.
        let commit = scene.git.commit(&[("b.md", &talk("B", "Two."))], "More");
        assert_eq!(github(url, TOKEN, &main).await?.status, 202);
        scene.applied(&commit).await
    })
    .await;
}

#[tokio::test]
async fn many_reports_make_few_visits_and_a_flood_is_turned_away() {
    with_namespace(async |test| -> Result {
        let scene = Scene::new(test, json!({})).await?;
        let (visits, fetches) = (scene.server.ls_remote_count(), scene.server.fetch_count());
        let commit = scene.git.commit(&[("b.md", &talk("B", "Two."))], "More");
        let main = pushed("refs/heads/main");
        let reports = (0..60).map(|_| github(&scene.url, TOKEN, &main));
        let answers = futures::future::try_join_all(reports).await?;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert!(count(202) >= 10 && count(429) >= 10, "{answers:?}");
        assert_eq!(count(202) + count(429), answers.len(), "{answers:?}");
        scene.applied(&commit).await?;
        assert_eq!(scene.server.fetch_count(), fetches + 1, "one transfer");
        // Listing and fetching, and once more for what came meanwhile.
        let visits = scene.server.ls_remote_count() - visits;
        assert!(visits <= 4, "{visits} visits for {} reports", count(202));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_webhook_that_nobody_takes_or_that_has_no_token_is_told() {
    with_namespace(async |test| -> Result {
        let mut scene = Scene::new(test, json!({})).await?;
        test.kubectl().run(&["delete", "secret", "push"]).await?;
        let answer = github(&scene.url, TOKEN, &pushed("refs/heads/main")).await?;
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.text.contains("Secret"), "{answer:?}");
        scene.controller.take();
        let _deaf = test.start_controller().await?;
        let object = repository(test, NAME, "to take no reports", |object| {
            object["status"]["webhookPath"].is_null()
        })
        .await?;
        let status = &object["status"];
        assert!(status["diagnostics"].to_string().contains("--webhook-address"), "{status}");
        Ok(())
    })
    .await;
}

/// As GitHub reports a push that adds one commit.
fn adds(commit: &str, paths: &[&str]) -> Value {
    json!({
        "ref": "refs/heads/main", "after": commit,
        "forced": false, "created": false, "deleted": false,
        "commits": [{ "id": commit, "added": [], "modified": paths, "removed": [] }],
    })
}

#[tokio::test]
async fn a_push_that_changes_nothing_that_is_read_or_came_before_asks_nobody() {
    with_namespace(async |test| -> Result {
        let scene = Scene::new(test, json!({ "include": ["notes/**", "a.md"] })).await?;
        let (visits, url) = (scene.server.ls_remote_count(), scene.url.as_str());
        let code = scene.git.commit(&[("src/main.rs", "fn main() {}\n")], "Code");
        let answer = github(url, TOKEN, &adds(&code, &["src/main.rs", "README.md"])).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.text.contains("nothing changed that is read"), "{answer:?}");
        assert_eq!(scene.server.ls_remote_count(), visits, "nobody was asked");

        let note = scene.git.commit(&[("notes/b.md", &talk("B", "Two."))], "A note");
        let report = adds(&note, &["src/main.rs", "notes/b.md"]);
        assert_eq!(github(url, TOKEN, &report).await?.status, 202);
        scene.applied(&note).await?;
        let visits = scene.server.ls_remote_count();
        let again = github(url, TOKEN, &report).await?;
        assert_eq!((again.status, again.text.contains("came before")), (200, true), "{again:?}");
        assert_eq!(scene.server.ls_remote_count(), visits, "nobody was asked");

        // A push that takes commits away changes more than it says.
        let next =
            scene.git.force_push_rewritten(&[("notes/b.md", &talk("B", "Three."))], "A note");
        let mut forced = adds(&next, &["src/main.rs"]);
        forced["forced"] = json!(true);
        assert_eq!(github(url, TOKEN, &forced).await?.status, 202);
        scene.applied(&next).await
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_is_missing_is_told_in_the_status_and_stops_nothing() {
    with_namespace(async |test| -> Result {
        let scene = Scene::new(test, json!({})).await?;
        test.kubectl().run(&["delete", "secret", "push"]).await?;
        let commit = scene.git.commit(&[("b.md", &talk("B", "Two."))], "More");
        publishing::request(test, NAME).await?;
        scene.applied(&commit).await?;
        let object = repository(test, NAME, "to tell of the Secret", |object| {
            object["status"]["diagnostics"].to_string().contains("TN3006")
        })
        .await?;
        assert_eq!(kstatus::status(&object), Status::Current);
        let told = object["status"]["diagnostics"].to_string();
        assert!(
            told.contains("spec.webhook.secretRef") && told.contains("no Secret push"),
            "{told}"
        );
        secret(test, TOKEN).await?;
        publishing::request(test, NAME).await?;
        repository(test, NAME, "to be silent again", |object| {
            !object["status"]["diagnostics"].to_string().contains("TN3006")
        })
        .await?;
        Ok(())
    })
    .await;
}
