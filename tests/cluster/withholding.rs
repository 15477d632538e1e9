//! What is held back is taken down first, whatever else is wrong.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use talknotes::api::TalkNote;
use talknotes::render::SummitDocument;

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, note, page_holds};
use crate::support::wait;

const PAGE: &str = "talknote-ferns";

async fn apply(test: &TestNamespace, kind: &str, name: &str, spec: Value) -> Result {
    let manifest = json!({
        "apiVersion": "talknotes.dev/v1alpha1", "kind": kind,
        "metadata": { "name": name }, "spec": spec,
    });
    test.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &manifest.to_string()).await?;
    Ok(())
}

/// Publishes a note, makes it one of `spec`, and waits until its page is gone.
async fn withheld(test: &TestNamespace, spec: Value) -> Result<Value> {
    apply(test, "TalkNote", "ferns", json!({ "title": "Ferns", "markdown": "Soft." })).await?;
    page_holds(test, PAGE, "Soft.").await?;
    apply(test, "TalkNote", "ferns", spec).await?;
    wait::for_absence(&test.api::<ConfigMap>(), PAGE).await?;
    note(test, "ferns", "to tell of no page", |object| {
        object["status"]["configMap"].is_null() && !object["status"]["conditions"].is_null()
    })
    .await
}

#[tokio::test]
async fn a_draft_whose_text_is_gone_is_taken_down() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let mut text = ConfigMap::default();
        text.metadata.name = Some("texts".to_owned());
        text.data = Some([("ferns.md".to_owned(), "Soft.".to_owned())].into());
        let maps = test.api::<ConfigMap>();
        maps.create(&PostParams::default(), &text).await?;
        let reference = json!({ "configMapKeyRef": { "name": "texts", "key": "ferns.md" } });
        let spec = json!({ "title": "Ferns", "contentFrom": reference });
        apply(test, "TalkNote", "ferns", spec.clone()).await?;
        page_holds(test, PAGE, "Soft.").await?;

        maps.delete("texts", &DeleteParams::default()).await?;
        let mut draft = spec;
        draft["publication"] = json!("Draft");
        apply(test, "TalkNote", "ferns", draft).await?;
        wait::for_absence(&maps, PAGE).await?;
        let told = note(test, "ferns", "to be a draft", |object| {
            kstatus::reason(object, "Ready") == "Draft"
                && kstatus::status(object) == Status::Current
        })
        .await?;
        assert!(told["status"]["configMap"].is_null(), "{told}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_with_other_faults_is_taken_down_and_the_faults_are_told() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        // What admission lets pass: tests/faults has those that it refuses.
        let faulty = [
            json!({ "title": "Ferns", "publication": "Draft" }),
            json!({ "title": "Ferns", "publishAt": "2099-01-01T00:00:00Z" }),
        ];
        for spec in faulty {
            withheld(test, spec).await?;
            let told = note(test, "ferns", "to be stalled", |object| {
                kstatus::reason(object, "Stalled") == "InvalidSpec"
            })
            .await?;
            assert_eq!(kstatus::status(&told), Status::Failed);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_taken_down_whatever_others_did_to_its_page() {
    with_namespace(async |test| -> Result {
        let draft = json!({ "title": "Ferns", "markdown": "x", "publication": "Draft" });
        let edits = [
            json!({ "immutable": true }),
            json!({ "metadata": { "labels": null } }),
            json!({ "metadata": { "ownerReferences": null } }),
            json!({ "metadata": { "labels": null, "ownerReferences": null } }),
        ];
        let maps = test.api::<ConfigMap>();
        for edit in edits {
            let public = json!({ "title": "Ferns", "markdown": "Soft." });
            let controller = test.start_controller().await?;
            apply(test, "TalkNote", "ferns", public).await?;
            page_holds(test, PAGE, "Soft.").await?;
            note(test, "ferns", "to be published", |object| {
                object["status"]["configMap"] == PAGE && kstatus::is_true(object, "Ready")
            })
            .await?;
            // While nobody looks.
            drop(controller);
            maps.patch(PAGE, &PatchParams::default(), &Patch::Merge(&edit)).await?;
            apply(test, "TalkNote", "ferns", draft.clone()).await?;
            let _controller = test.start_controller().await?;
            wait::for_absence(&maps, PAGE).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_page_that_cannot_go_is_empty_and_its_note_says_why() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        apply(test, "TalkNote", "ferns", json!({ "title": "Ferns", "markdown": "Soft." })).await?;
        page_holds(test, PAGE, "Soft.").await?;
        let maps = test.api::<ConfigMap>();
        let held = json!({ "metadata": { "finalizers": ["example.org/later"] } });
        maps.patch(PAGE, &PatchParams::default(), &Patch::Merge(&held)).await?;
        let draft = json!({ "title": "Ferns", "markdown": "Soft.", "publication": "Draft" });
        apply(test, "TalkNote", "ferns", draft).await?;
        note(test, "ferns", "to name the finalizer", |object| {
            kstatus::condition(object, "Stalled")
                .is_some_and(|stalled| stalled["message"].to_string().contains("example.org/later"))
        })
        .await?;
        let left = maps.get(PAGE).await?;
        assert!(left.data.clone().unwrap_or_default().is_empty(), "{left:?}");
        assert!(!left.labels().contains_key(talknotes::api::names::CONTENT_LABEL), "{left:?}");
        let free = json!({ "metadata": { "finalizers": null } });
        maps.patch(PAGE, &PatchParams::default(), &Patch::Merge(&free)).await?;
        wait::for_absence(&maps, PAGE).await?;
        note(test, "ferns", "to be a draft", |object| kstatus::reason(object, "Ready") == "Draft")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_summit_that_cannot_be_read_anew_names_no_draft() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        apply(test, "Summit", "moon", json!({ "title": "Moon Summit" })).await?;
        let summit = json!({ "name": "moon" });
        for name in ["ferns", "moss"] {
            let spec = json!({ "title": name, "markdown": "Soft.", "summitRef": summit });
            apply(test, "TalkNote", name, spec).await?;
        }
        let both = publishing::Titles::everywhere(&["ferns", "moss"]);
        publishing::shows(test, &both).await?;

        apply(test, "Summit", "moon", json!({ "title": "Moon Summit", "timeZone": "Moon/Crater" }))
            .await?;
        let draft = json!({ "title": "ferns", "markdown": "Soft.", "summitRef": summit,
            "publication": "Draft" });
        apply(test, "TalkNote", "ferns", draft).await?;
        let agenda = |index: &ConfigMap| -> BTreeSet<String> {
            let text = index.data.as_ref().and_then(|data| data.get("summit.json"));
            let document = text.and_then(|text| serde_json::from_str::<SummitDocument>(text).ok());
            document
                .map(|it| it.agenda.into_iter().map(|card| card.name).collect())
                .unwrap_or_default()
        };
        wait::for_existing(&test.api::<ConfigMap>(), "summit-moon", "to name no draft", |index| {
            agenda(index) == BTreeSet::from(["moss".to_owned()])
        })
        .await?;
        wait::for_absence(&test.api::<ConfigMap>(), PAGE).await?;
        assert!(test.api::<TalkNote>().get_opt("ferns").await?.is_some());
        Ok(())
    })
    .await;
}
