//! What a `NoteRepository` says of itself, and that tools read it right.

use serde_json::{Value, json};
use talknotes::api::names;

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{
    self, NAME, Publishing, change_repository, create_repository, repository, talk,
};

async fn kubectl_wait(test: &TestNamespace, condition: &str) -> Result {
    let condition = format!("--for=condition={condition}");
    let object = format!("noterepository/{NAME}");
    test.kubectl().run(&["wait", &condition, "--timeout=90s", &object]).await?;
    Ok(())
}

#[tokio::test]
async fn kubectl_wait_and_columns_tell_the_truth() {
    with_namespace(async |test| -> Result {
        let files = [("a.md", &*talk("A", "One.")), ("b.md", &talk("B", "Two."))];
        let publishing = Publishing::start(test, &files).await?;
        kubectl_wait(test, "Ready").await?;
        publishing.shows(&["A", "B"]).await?;
        let commit = publishing.git.run(&["rev-parse", "HEAD"]);
        let status = publishing::request(test, NAME).await?["status"].clone();
        let revision = format!("main@sha1:{commit}");
        assert_eq!(status["lastAppliedRevision"], *revision);
        assert_eq!(status["lastAttemptedRevision"], *revision);
        assert_eq!(status["notes"], 2);
        assert_eq!(status["summits"], 1);
        assert_eq!(status["documents"], 2);
        assert_eq!(status["history"][0]["revision"], *revision);

        let kubectl = test.kubectl();
        let table = kubectl.run(&["get", "nrepo", NAME, "--no-headers"]).await?;
        let cells: Vec<&str> = table.split_whitespace().collect();
        let expected = [NAME, &publishing.server.url(NAME), &revision, "2", "True"];
        assert_eq!(cells[..5], expected, "{table}");
        let table = kubectl.run(&["get", "tn", "--no-headers"]).await?;
        assert_eq!(table.lines().filter(|line| line.contains("True")).count(), 2, "{table}");
        assert!(table.contains("2026-05-14") && table.contains("Ada Example"), "{table}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_history_holds_the_last_five_revisions() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("A", "0."))]).await?;
        let mut commits = Vec::new();
        for number in 1..=6 {
            let text = talk("A", &format!("{number}."));
            publishing.push(&[("a.md", &text)], "Edit").await?;
            commits.insert(0, publishing.git.run(&["rev-parse", "HEAD"]));
        }
        let object = publishing::request(test, NAME).await?;
        let history: Vec<String> = object["status"]["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["revision"].as_str().unwrap().replace("main@sha1:", ""))
            .collect();
        assert_eq!(history, commits[..5]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn addresses_that_cannot_be_used_are_permanent_faults() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let local = test.folder().join("notes.git");
        std::fs::create_dir_all(&local)?;
        let local = local.to_string_lossy().into_owned();
        let addresses = [
            ("nonsense", "not a url"),
            ("local", &*local),
            ("file", &format!("file://{local}")),
            ("ext", "ext::sh -c true"),
            ("ssh", "ssh://me:secret-word@git.example/notes.git"),
            ("password", "https://me:secret-word@git.example/notes.git"),
        ];
        for (name, url) in addresses {
            create_repository(test, name, url, json!({})).await?;
        }
        for (name, url) in addresses {
            let object = repository(test, name, "to be stalled", |object| {
                kstatus::status(object) == Status::Failed
            })
            .await?;
            let reason = kstatus::reason(&object, "Stalled");
            assert_eq!(reason, "InvalidSpec", "{url}");
            let status = object["status"].to_string();
            assert!(!status.contains("secret-word"), "a password is in the status: {status}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_is_missing_is_found_when_it_appears() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;
        let object = repository(test, NAME, "to be missing", |object| {
            kstatus::reason(object, "Ready") == "RepositoryNotFound"
        })
        .await?;
        assert_ne!(kstatus::status(&object), Status::Current);

        let commit = server.create(NAME).commit(&[("a.md", &talk("A", "One."))], "Take notes");
        publishing::request(test, NAME).await?;
        repository(test, NAME, "to be applied", |object| {
            object["status"]["lastAppliedRevision"].to_string().contains(&commit)
                && kstatus::status(object) == Status::Current
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_fails_takes_nothing_away() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("A", "One."))]).await?;
        publishing.shows(&["A"]).await?;
        let commit = publishing.git.commit(&[("b.md", &talk("B", "Two."))], "Add");
        publishing.server.fail_next(u32::MAX, 503);
        let object = publishing::request(test, NAME).await?;
        assert_eq!(kstatus::status(&object), Status::InProgress, "{object}");
        publishing.server.fail_next(0, 503);
        // Tried again by itself.
        publishing.applied(&commit).await?;
        publishing.shows(&["A", "B"]).await
    })
    .await;
}

#[tokio::test]
async fn a_suspended_repository_is_left_alone() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("A", "One."))]).await?;
        publishing.shows(&["A"]).await?;
        change_repository(test, NAME, json!({ "suspend": true })).await?;
        let is_suspended = |object: &Value| {
            kstatus::reason(object, "Ready") == "Suspended"
                && object["status"]["observedGeneration"] == object["metadata"]["generation"]
        };
        repository(test, NAME, "to be suspended", is_suspended).await?;
        let visits = publishing.server.ls_remote_count();
        let commit = publishing.git.commit(&[("b.md", &talk("B", "Two."))], "Add");
        publishing::request(test, NAME).await?;
        assert_eq!(publishing.server.ls_remote_count(), visits, "the server was visited");
        publishing.shows(&["A"]).await?;

        change_repository(test, NAME, json!({ "suspend": null })).await?;
        publishing.applied(&commit).await?;
        publishing.shows(&["A", "B"]).await
    })
    .await;
}

#[tokio::test]
async fn either_request_is_answered_and_nothing_is_fetched_twice() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("A", "One."))]).await?;
        let fetches = publishing.server.fetch_count();
        for annotation in [names::REQUESTED_AT, names::FLUX_REQUESTED_AT] {
            let visits = publishing.server.ls_remote_count();
            let value = format!("{annotation}=asked-{visits}");
            let kubectl = test.kubectl();
            let remove = format!("{}-", names::REQUESTED_AT);
            kubectl.run(&["annotate", "nrepo", NAME, &remove]).await?;
            kubectl.run(&["annotate", "nrepo", NAME, &value]).await?;
            repository(test, NAME, "the request to be answered", |object| {
                object["status"]["lastHandledReconcileAt"] == format!("asked-{visits}")
            })
            .await?;
            assert!(publishing.server.ls_remote_count() > visits, "nobody asked the server");
        }
        assert_eq!(publishing.server.fetch_count(), fetches, "fetched though nothing changed");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn branches_tags_and_commits_are_followed() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("A", "One."))]).await?;
        let first = publishing.git.run(&["rev-parse", "HEAD"]);
        publishing.git.annotated_tag("v1", "First");
        publishing.push(&[("b.md", &talk("B", "Two."))], "Add").await?;
        publishing.git.branch("draft/next");
        publishing.git.commit(&[("c.md", &talk("C", "Three."))], "On a branch");
        let cases = [
            (json!({ "branch": "draft/next" }), vec!["A", "B", "C"]),
            (json!({ "tag": "v1", "branch": null }), vec!["A"]),
            (json!({ "name": "refs/heads/main", "tag": null }), vec!["A", "B"]),
            (json!({ "commit": first, "name": null }), vec!["A"]),
        ];
        // What a reference takes away is meant.
        change_repository(test, NAME, json!({ "maxDeletePercent": 100 })).await?;
        for (reference, titles) in cases {
            change_repository(test, NAME, json!({ "ref": reference })).await?;
            publishing.shows(&titles).await?;
        }
        change_repository(test, NAME, json!({ "ref": { "branch": "gone", "commit": null } }))
            .await?;
        repository(test, NAME, "the missing branch to be told", |object| {
            kstatus::reason(object, "Ready") == "RevisionNotFound"
        })
        .await?;
        Ok(())
    })
    .await;
}
