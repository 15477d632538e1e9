//! Plain Markdown, synced through the Config Management Plugin.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::ListParams;
use serde_json::{Value, json};
use talknotes::api::TalkNote;

use crate::application::{Application, at};
use crate::install::ArgoCd;
use crate::steps::Steps;
use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{Titles, shows, talk};
use crate::support::wait::{self, DEADLINE, Look};

#[tokio::test]
async fn markdown_is_synced_through_the_plugin() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create("notes");
        let files =
            [("tides.md", &*talk("Tides", "High.")), ("crabs.md", &talk("Crabs", "Aside."))];
        let commit = git.commit(&files, "Take notes");
        let _controller = test.start_controller().await?;
        let argo_cd = ArgoCd::shared();
        let mut steps = Steps::of("markdown");
        let source = json!({
            "repoURL": server.url("notes"), "targetRevision": "main", "path": ".",
            "plugin": { "name": "talknotes" },
        });
        let application = Application::create(argo_cd, test, source).await?;
        application.synced(&commit).await?;
        shows(test, &Titles::everywhere(&["Crabs", "Tides"])).await?;
        steps.done("new Application of Markdown, Synced and Healthy");

        application.synced(&git.commit(&[("tides.md", &talk("Tides", "Low."))], "Ebb")).await?;
        page_of(test, "Tides", "Low.").await?;
        steps.done("changed document, from push to page");

        git.commit(&[("crabs.md", "---\ntitle: [\n---\n\nAside.\n")], "Break it");
        application.refresh("normal").await?;
        application
            .until("the diagnostic of the document to be shown", |found| {
                conditions(found).any(|condition| {
                    at(condition, "/type") == "ComparisonError"
                        && at(condition, "/message").contains("crabs.md")
                })
            })
            .await?;
        shows(test, &Titles::everywhere(&["Crabs", "Tides"])).await?;
        steps.done("broken document, its diagnostic shown and nothing pruned");

        let fixed = git.commit(&[("crabs.md", &talk("Crabs", "Backwards."))], "Fix it");
        let found = application.synced(&fixed).await?;
        assert_eq!(conditions(&found).count(), 0, "{found}");
        page_of(test, "Crabs", "Backwards.").await?;
        steps.done("fixed document, Synced and Healthy again");

        application.synced(&git.remove(&["crabs.md"], "Forget it")).await?;
        shows(test, &Titles::everywhere(&["Tides"])).await?;
        steps.done("removed document, pruned");
        application.delete().await
    })
    .await;
}

fn conditions(application: &Value) -> impl Iterator<Item = &Value> {
    application.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten()
}

/// Waits until the page of the talk `title` holds `text`.
async fn page_of(test: &TestNamespace, title: &str, text: &str) -> Result {
    wait::until(&format!("the page of {title} to hold {text}"), DEADLINE, async || {
        let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
        let name = notes.items.into_iter().find(|note| note.spec.title == title);
        let name = name.and_then(|note| note.metadata.name).unwrap_or_default();
        let map = talknotes::api::names::note_config_map(&name);
        let page = test.api::<ConfigMap>().get_opt(&map).await?.and_then(|map| map.data);
        let page = page.and_then(|mut data| data.remove("note.html")).unwrap_or_default();
        Ok(Look::at(page.contains(text), || page))
    })
    .await
}
