//! `TalkNote` manifests in a git repository, synced by an Application.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Patch, PatchParams};
use serde_json::json;
use talknotes::api::TalkNote;

use crate::application::{Application, at};
use crate::install::ArgoCd;
use crate::quiet;
use crate::steps::Steps;
use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::with_namespace;
use crate::support::publishing::page_holds;
use crate::support::wait;

/// The manifest of a summit.
pub fn summit() -> String {
    "apiVersion: talknotes.dev/v1alpha1\nkind: Summit\nmetadata:\n  name: cloud-harbor\nspec:\n  \
     title: Cloud Harbor 2031\n  startDate: 2031-05-14\n"
        .to_owned()
}

/// The manifest of a note about the talk `title`, whose spec has `more` lines.
pub fn note(name: &str, title: &str, more: &str) -> String {
    format!(
        "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: {name}\nspec:\n  \
         title: {title}\n  summitRef:\n    name: cloud-harbor\n  day: 2031-05-14\n  {more}\n"
    )
}

#[tokio::test]
async fn manifests_are_synced_healed_and_pruned() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create("manifests");
        let files = [
            ("notes/summit.yaml", &*summit()),
            ("notes/tides.yaml", &note("tides", "Tides", "markdown: High *water*.")),
            ("notes/crabs.yaml", &note("crabs", "Crabs", "markdown: Sideways.")),
        ];
        let commit = git.commit(&files, "Take notes");
        let _controller = test.start_controller().await?;
        let argo_cd = ArgoCd::shared();
        let mut steps = Steps::of("manifests");
        let source = json!({
            "repoURL": server.url("manifests"), "targetRevision": "main", "path": "notes",
        });
        let application = Application::create(argo_cd, test, source).await?;

        application.synced(&commit).await?;
        page_holds(test, "talknote-tides", "<em>water</em>").await?;
        steps.done("new Application, Synced and Healthy");

        let tree = application.shows("ConfigMap", "talknote-tides", "under its note", |node| {
            at(node, "/parentRefs/0/kind") == "TalkNote"
                && at(node, "/parentRefs/0/name") == "tides"
        });
        tree.await?;
        application
            .shows("ConfigMap", "summit-cloud-harbor", "under its summit", |node| {
                at(node, "/parentRefs/0/kind") == "Summit"
            })
            .await?;
        let managed: Vec<String> = application.resources().await?.into_keys().collect();
        assert_eq!(managed, ["Summit cloud-harbor", "TalkNote crabs", "TalkNote tides"]);
        steps.done("children in the resource tree");

        let changed = note("tides", "Tides", "markdown: Low *water*.");
        application.synced(&git.commit(&[("notes/tides.yaml", &changed)], "Ebb")).await?;
        page_holds(test, "talknote-tides", "Low <em>water</em>").await?;
        steps.done("changed note, from push to page");

        let broken = note("crabs", "Crabs", "medal: Gold");
        git.commit(&[("notes/crabs.yaml", &broken)], "Break it");
        application.refresh("normal").await?;
        application.is("Degraded").await?;
        let message = "spec.markdown: a note needs its text here or in spec.contentFrom";
        application
            .shows("TalkNote", "crabs", "Degraded with its message", |node| {
                at(node, "/health/status") == "Degraded"
                    && at(node, "/health/message").contains(message)
            })
            .await?;
        page_holds(test, "talknote-crabs", "Sideways").await?;
        steps.done("broken note, Degraded with its message");

        let fixed = note("crabs", "Crabs", "markdown: Backwards.");
        application.synced(&git.commit(&[("notes/crabs.yaml", &fixed)], "Fix it")).await?;
        page_holds(test, "talknote-crabs", "Backwards").await?;
        steps.done("fixed note, Healthy again");

        application.synced(&git.remove(&["notes/crabs.yaml"], "Forget it")).await?;
        wait::for_absence(&test.api::<TalkNote>(), "crabs").await?;
        wait::for_absence(&test.api::<ConfigMap>(), "talknote-crabs").await?;
        steps.done("removed note, pruned with its page");

        heals(&application, test).await?;
        steps.done("a note and a page changed by hand, both healed");

        quiet::nothing_happens(&application, test).await?;
        steps.done("quiet time, without a write or OutOfSync");
        application.delete().await
    })
    .await;
}

/// Argo CD heals what it applied, and the operator what it made; neither touches the other's.
async fn heals(
    application: &Application<'_>,
    test: &crate::support::namespace::TestNamespace,
) -> Result {
    let by_hand = PatchParams::apply("somebody").force();
    let maps = test.api::<ConfigMap>();
    let vandal = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "talknote-tides" },
        "data": { "note.html": "<p>defaced</p>" },
    });
    maps.patch("talknote-tides", &by_hand, &Patch::Apply(vandal)).await?;
    page_holds(test, "talknote-tides", "Low <em>water</em>").await?;

    let spec = json!({ "spec": { "markdown": "No water." } });
    let notes = test.api::<TalkNote>();
    notes.patch("tides", &PatchParams::default(), &Patch::Merge(spec)).await?;
    let text = |note: &TalkNote| note.spec.markdown.clone().unwrap_or_default();
    wait::for_existing(&notes, "tides", "its text to be that of git", |note| {
        text(note) == "Low *water*."
    })
    .await?;
    page_holds(test, "talknote-tides", "Low <em>water</em>").await?;
    application.is_well().await?;
    Ok(())
}
