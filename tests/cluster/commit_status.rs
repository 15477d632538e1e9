//! Forges are told what became of a commit. Theirs is a small server that records what it is asked.

use k8s_openapi::api::events::v1::Event;
use kube::api::ListParams;
use serde_json::{Value, json};

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, NAME, Titles, create_repository, repository, talk};
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::web_server::{Answer, Asked, WebServer};

const TOKEN: &str = "push-status-31415";

async fn secret(test: &TestNamespace, forge: &WebServer, token: &str) -> Result {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "forge" },
        "stringData": { "token": format!("{token}\n"), "ca.crt": forge.ca_pem() },
    });
    test.kubectl().succeed(&["apply", "-f", "-"], &secret.to_string()).await?;
    Ok(())
}

fn spec(forge: &WebServer, provider: &str) -> Value {
    json!({ "commitStatus": {
        "provider": provider, "secretRef": { "name": "forge" }, "apiURL": forge.url("/api"),
        "viewerURL": "https://notes.example/base",
    } })
}

fn about<'a>(commit: &'a str) -> impl Fn(&Asked) -> bool + 'a {
    move |asked| asked.method == "POST" && asked.path.ends_with(commit)
}

#[tokio::test]
async fn a_commit_shows_what_became_of_its_notes() {
    with_namespace(async |test| -> Result {
        let (server, forge) = (GitServer::start(), WebServer::with_tls(|_| Answer::status(201)));
        let git = server.create(NAME);
        secret(test, &forge, TOKEN).await?;
        let first = git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&forge, "GitHub")).await?;
        let asked = forge.wait_for("the first commit", about(&first)).await;
        assert_eq!(asked.path, format!("/api/repos/notes/statuses/{first}"));
        assert_eq!(asked.header("authorization"), format!("Bearer {TOKEN}"));
        let summit = format!("https://notes.example/base/{}/moon-gardening-summit-2026", test.name);
        let expected = json!({
            "state": "success", "description": "1 note published", "target_url": summit,
            "context": format!("talknotes/{}/notes", test.name),
        });
        assert_eq!(asked.json(), expected);

        // What is known is not told again.
        publishing::request(test, NAME).await?;
        let broken = "---\ntitle: [B\nsummit: Moon Gardening Summit 2026\n---\n\nTwo.\n";
        let second = git.commit(&[("b.md", broken)], "Break something");
        publishing::request(test, NAME).await?;
        let asked = forge.wait_for("the second commit", about(&second)).await;
        let body = asked.json();
        assert_eq!(body["state"], "failure", "{body}");
        let description = body["description"].as_str().unwrap_or_default();
        assert!(description.starts_with("1 note published, 1 error. b.md:"), "{description}");
        assert_eq!(forge.asked().iter().filter(|asked| about(&first)(asked)).count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn each_forge_is_told_in_its_own_way() {
    with_namespace(async |test| -> Result {
        let (server, forge) = (GitServer::start(), WebServer::with_tls(|_| Answer::status(201)));
        let git = server.create(NAME);
        secret(test, &forge, TOKEN).await?;
        let commit = git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, "gitlab", &server.url(NAME), spec(&forge, "GitLab")).await?;
        let asked = forge.wait_for("GitLab's state", about(&commit)).await;
        assert_eq!(asked.path, format!("/api/projects/notes/statuses/{commit}"));
        assert_eq!(asked.header("private-token"), TOKEN);
        assert_eq!(asked.json()["name"], format!("talknotes/{}/gitlab", test.name));
        publishing::change_repository(test, "gitlab", spec(&forge, "Gitea")).await?;
        let asked = forge
            .wait_for("Gitea's state", |asked| {
                asked.path == format!("/api/repos/notes/statuses/{commit}")
            })
            .await;
        assert_eq!(asked.header("authorization"), format!("token {TOKEN}"));
        Ok(())
    })
    .await;
}

/// The forge is out of order in every way that may pass, and the pages are there all the same.
#[tokio::test]
async fn a_forge_that_fails_is_told_again_and_holds_nothing_up() {
    with_namespace(async |test| -> Result {
        let (server, forge) = (GitServer::start(), WebServer::with_tls(|_| Answer::Hangs));
        let git = server.create(NAME);
        secret(test, &forge, TOKEN).await?;
        git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&forge, "Gitea")).await?;
        publishing::shows(test, &Titles::everywhere(&["A"])).await?;

        let faults = std::sync::Mutex::new(vec![
            Answer::status(201),
            Answer::status(503),
            Answer::with(429, ("retry-after", "1")),
            Answer::status(500),
        ]);
        forge.answer(move |_| {
            let mut faults = faults.lock().unwrap();
            let last = faults.len() == 1;
            if last { faults[0].clone() } else { faults.pop().unwrap() }
        });
        let second = git.commit(&[("b.md", &talk("B", "Two."))], "Take more notes");
        publishing::request(test, NAME).await?;
        publishing::shows(test, &Titles::everywhere(&["A", "B"])).await?;
        wait::until("the fourth attempt", DEADLINE, async || {
            let attempts = forge.asked().iter().filter(|asked| about(&second)(asked)).count();
            Ok(Look::at(attempts == 4, || format!("{attempts} attempts")))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_told_in_an_event_and_never_shown() {
    with_namespace(async |test| -> Result {
        let refuse = |_: &Asked| Answer::json(401, &json!({ "message": "Bad credentials" }));
        let (server, forge) = (GitServer::start(), WebServer::with_tls(refuse));
        let git = server.create(NAME);
        secret(test, &forge, TOKEN).await?;
        let commit = git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&forge, "GitHub")).await?;
        let mut note = String::new();
        wait::until("an event", DEADLINE, async || {
            let events = test.api::<Event>().list(&ListParams::default()).await?.items;
            let found = events.iter().find(|e| e.reason.as_deref() == Some("CommitStatusFailed"));
            note = found.and_then(|event| event.note.clone()).unwrap_or_default();
            Ok(Look::at(found.is_some(), || format!("{events:?}")))
        })
        .await?;
        assert!(note.contains("status 401") && note.contains("Bad credentials"), "{note}");
        publishing::shows(test, &Titles::everywhere(&["A"])).await?;

        // The next visit tries anew, with what the Secret has then.
        forge.answer(|_| Answer::status(201));
        secret(test, &forge, "another-27182").await?;
        publishing::request(test, NAME).await?;
        forge
            .wait_for("the new token", |asked| {
                about(&commit)(asked) && asked.header("authorization") == "Bearer another-27182"
            })
            .await;
        let object = repository(test, NAME, "to be there", |_| true).await?;
        let log = std::fs::read_to_string(controller.log())?;
        for text in [note, object.to_string(), log] {
            assert!(!text.contains(TOKEN) && !text.contains("27182"), "{text}");
        }
        Ok(())
    })
    .await;
}
