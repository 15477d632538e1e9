//! A `NoteRepository` under Argo CD, and what a person can do with it from Argo CD's user interface.

use std::path::Path;

use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::NoteRepository;

use crate::application::{Application, at};
use crate::install::ArgoCd;
use crate::lua;
use crate::steps::Steps;
use crate::support::Result;
use crate::support::argocd::component;
use crate::support::git_server::GitServer;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::talk;
use crate::support::wait;

const NAME: &str = "harbor-notes";

#[tokio::test]
async fn a_note_repository_is_reconciled_suspended_and_resumed() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let notes = server.create("notes");
        notes.commit(&[("tides.md", &talk("Tides", "High."))], "Take notes");
        let manifests = server.create("manifests");
        let commit =
            manifests.commit(&[("repository.yaml", &repository(&server.url("notes")))], "Publish");
        let _controller = test.start_controller().await?;
        let argo_cd = ArgoCd::shared();
        let mut steps = Steps::of("actions");
        let source = json!({
            "repoURL": server.url("manifests"), "targetRevision": "main", "path": ".",
        });
        let application = Application::create(argo_cd, test, source).await?;
        application.synced(&commit).await?;
        steps.done("NoteRepository, Synced and Healthy");

        act(test, "reconcile").await?;
        let api = test.api::<NoteRepository>();
        wait::for_existing(&api, NAME, "to be visited", |found| {
            found.status.as_ref().is_some_and(|status| status.last_handled_reconcile_at.is_some())
        })
        .await?;
        application.is("Healthy").await?;
        steps.done("action reconcile, handled");

        act(test, "suspend").await?;
        application.is("Suspended").await?;
        application.refresh("hard").await?;
        let found = application.is("Suspended").await?;
        assert_eq!(
            at(&found, "/status/sync/status"),
            "Synced",
            "Argo CD resumes what was suspended"
        );
        steps.done("action suspend, Suspended and still Synced");

        act(test, "resume").await?;
        let found = application.is("Healthy").await?;
        assert_eq!(at(&found, "/status/sync/status"), "Synced");
        steps.done("action resume, Healthy");
        application.delete().await
    })
    .await;
}

fn repository(url: &str) -> String {
    format!(
        "apiVersion: talknotes.dev/v1alpha1\nkind: NoteRepository\nmetadata:\n  name: {NAME}\nspec:\n  \
         url: {url}\n  interval: 10m\n"
    )
}

/// Does what Argo CD's API server does when a person chooses an action: runs its Lua and patches the
/// object with what that changed.
async fn act(test: &TestNamespace, action: &str) -> Result {
    let api = test.api::<NoteRepository>();
    let file = test.folder().join("object.json");
    std::fs::write(&file, serde_json::to_vec(&api.get(NAME).await?)?)?;
    let patch = patch(action, &file)?;
    api.patch(NAME, &PatchParams::default(), &Patch::Merge(patch)).await?;
    Ok(())
}

fn patch(action: &str, object: &Path) -> Result<Value> {
    let settings = component().join("argocd-cm.yaml");
    let output = lua::program()?.arg("action").arg(settings).arg(action).arg(object).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
