//! Argo CD marks what it applied by a label, an annotation or both, as its settings say. Children of a
//! marked object must not carry the mark: Argo CD would prune them.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::ListParams;
use kube::{Api, ResourceExt as _};
use serde_json::{Value, json};
use talknotes::api::TalkNote;

use crate::application::{Application, at};
use crate::install::ArgoCd;
use crate::manifests::{note, summit};
use crate::quiet;
use crate::steps::Steps;
use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::page_holds;

const ANNOTATION: &str = "argocd.argoproj.io/tracking-id";
const LABEL: &str = "app.kubernetes.io/instance";
const OWN_LABEL: &str = "harbor.example/argocd";

/// A way to mark, and the marks that it leaves on an object.
const WAYS: [(&str, &str, &[&str]); 4] = [
    ("annotation", LABEL, &[ANNOTATION]),
    ("label", LABEL, &[LABEL]),
    ("annotation+label", LABEL, &[ANNOTATION, LABEL]),
    ("label", OWN_LABEL, &[OWN_LABEL]),
];

#[tokio::test]
async fn children_never_carry_the_mark_of_their_parents() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create("manifests");
        let tides = note("tides", "Tides", "markdown: High *water*.");
        git.commit(&[("summit.yaml", &*summit()), ("tides.yaml", &tides)], "Take notes");
        let _controller = test.start_controller().await?;
        let argo_cd = ArgoCd::start("argocd-tracking").await?;
        let source = json!({
            "repoURL": server.url("manifests"), "targetRevision": "main", "path": ".",
        });
        let application = Application::create(&argo_cd, test, source).await?;
        let mut steps = Steps::of("tracking");
        for (count, (method, key, marks)) in WAYS.into_iter().enumerate() {
            argo_cd.set(settings(method, key)).await?;
            let text = note("tides", "Tides", &format!("markdown: Wave {count}."));
            application.synced(&git.commit(&[("tides.yaml", &text)], "A wave")).await?;
            page_holds(test, "talknote-tides", &format!("Wave {count}.")).await?;
            assert_marked(test, marks).await?;
            assert_children_are_not_marked(test).await?;
            quiet::nothing_happens(&application, test).await?;
            application
                .shows("ConfigMap", "talknote-tides", "under its note", |node| {
                    at(node, "/parentRefs/0/kind") == "TalkNote"
                })
                .await?;
            let managed: Vec<String> = application.resources().await?.into_keys().collect();
            assert_eq!(managed, ["Summit cloud-harbor", "TalkNote tides"]);
            steps.done(&format!("{method} ({key}): a change, no mark on children, a quiet time"));
        }
        application.delete().await
    })
    .await;
}

fn settings(method: &str, key: &str) -> Value {
    json!({
        "application.resourceTrackingMethod": method, "application.instanceLabelKey": key,
    })
}

async fn assert_marked(test: &TestNamespace, marks: &[&str]) -> Result {
    let api: Api<TalkNote> = test.api();
    let note = api.get("tides").await?;
    for mark in marks {
        let found = note.labels().contains_key(*mark) || note.annotations().contains_key(*mark);
        assert!(found, "Argo CD left no {mark}: {:?}", note.metadata);
    }
    Ok(())
}

async fn assert_children_are_not_marked(test: &TestNamespace) -> Result {
    let maps = test.api::<ConfigMap>().list(&ListParams::default()).await?;
    let children: Vec<_> =
        maps.items.iter().filter(|map| !map.owner_references().is_empty()).collect();
    assert_eq!(children.len(), 2, "a page and an agenda: {children:?}");
    for child in children {
        for mark in [ANNOTATION, LABEL, OWN_LABEL] {
            let found = child.labels().contains_key(mark) || child.annotations().contains_key(mark);
            assert!(!found, "{} carries {mark}", child.name_any());
        }
    }
    Ok(())
}
