//! What others change or delete is put right, and what belongs to others is left alone.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, names};

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{
    self, NAME, Publishing, create_repository, note, page_holds, repository, talk,
};
use crate::support::wait;

#[tokio::test]
async fn deleted_objects_come_back() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let page = publishing.page_holds("Ferns", "Soft.").await?;
        let name = publishing.note("Ferns").await?.name_any();
        let now = DeleteParams::default();

        let maps = test.api::<ConfigMap>();
        maps.delete(&page.name_any(), &now).await?;
        let restored = wait::for_existing(&maps, &page.name_any(), "to be restored", |found| {
            found.uid() != page.uid()
        })
        .await?;
        assert_eq!(restored.data, page.data);
        assert_eq!(restored.labels(), page.labels());

        let summit = publishing.note("Ferns").await?.spec.summit_ref.expect("a summit").name;
        let agenda = names::summit_config_map(&summit);
        let before = maps.get(&agenda).await?;
        maps.delete(&agenda, &now).await?;
        wait::for_existing(&maps, &agenda, "to be restored", |found| found.uid() != before.uid())
            .await?;

        let notes = test.api::<TalkNote>();
        let before = notes.get(&name).await?;
        notes.delete(&name, &now).await?;
        wait::for_existing(&notes, &name, "to be restored", |found| found.uid() != before.uid())
            .await?;
        let summits = test.api::<Summit>();
        let before = summits.get(&summit).await?;
        summits.delete(&summit, &now).await?;
        wait::for_existing(&summits, &summit, "to be restored", |found| {
            found.uid() != before.uid()
        })
        .await?;
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

#[tokio::test]
async fn edited_objects_are_put_right() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let page = publishing.page_holds("Ferns", "Soft.").await?.name_any();
        let maps = test.api::<ConfigMap>();
        let edits = [
            json!({ "data": { "note.html": "<p>Hard.</p>" } }),
            json!({ "data": { "note.html": null } }),
            json!({ "metadata": { "labels": { names::TALK_LABEL: "other" } } }),
        ];
        let wanted = maps.get(&page).await?;
        for edit in edits {
            maps.patch(&page, &PatchParams::default(), &Patch::Merge(&edit)).await?;
            wait::for_existing(&maps, &page, &format!("{edit} to be undone"), |found| {
                found.data == wanted.data && found.labels() == wanted.labels()
            })
            .await?;
        }

        let name = publishing.note("Ferns").await?.name_any();
        let notes = test.api::<TalkNote>();
        let wanted = notes.get(&name).await?.spec;
        for edit in [
            json!({ "spec": { "title": "Weeds" } }),
            // What our manager does not own is left by an apply of ours.
            json!({ "spec": { "tags": ["theirs"], "room": "Cellar" } }),
        ] {
            notes.patch(&name, &PatchParams::default(), &Patch::Merge(&edit)).await?;
            wait::for_existing(&notes, &name, &format!("{edit} to be undone"), |found| {
                found.spec == wanted
            })
            .await?;
        }
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

/// What others may do to a page, in merge patches.
fn edits() -> Vec<Value> {
    let label = |name: &str, value: Value| json!({ "metadata": { "labels": { name: value } } });
    let annotation =
        |name: &str, value: Value| json!({ "metadata": { "annotations": { name: value } } });
    vec![
        json!({ "data": { "note.html": null }, "binaryData": { "note.html": "AAAA" } }),
        json!({ "binaryData": { "note.html.gz": "AAAA" } }),
        json!({ "data": { "summit.json": "{}" } }),
        label(names::MANAGED_BY, json!("platform-team")),
        label(names::MANAGED_BY, Value::Null),
        label(names::CONTENT_LABEL, json!("poem")),
        label(names::CONTENT_LABEL, Value::Null),
        json!({ "metadata": { "labels": null } }),
        json!({ "metadata": { "labels": null }, "data": { "note.html": "<p>Hard.</p>" } }),
        annotation(names::CONTRACT, json!("2")),
        annotation(names::CONTENT_DIGEST, Value::Null),
        json!({ "metadata": { "ownerReferences": null } }),
        json!({ "metadata": { "ownerReferences": null, "labels": null } }),
        json!({ "immutable": true }),
        json!({ "immutable": true, "data": { "note.html": "<p>Hard.</p>" } }),
        json!({ "immutable": true, "metadata": { "labels": null } }),
    ]
}

async fn write_note(test: &TestNamespace, name: &str, text: &str) -> Result {
    let manifest = json!({
        "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
        "metadata": { "name": name }, "spec": { "title": name, "markdown": text },
    });
    test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
    Ok(())
}

#[tokio::test]
async fn whatever_others_change_of_a_page_is_put_right_and_the_next_text_is_published() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let maps = test.api::<ConfigMap>();
        // Each on a page of its own: many repairs of one would be a fight.
        for (number, edit) in edits().iter().enumerate() {
            let name = format!("fern-{number}");
            write_note(test, &name, "Soft.").await?;
            let page = page_holds(test, &names::note_config_map(&name), "Soft.").await?;
            maps.patch(&page.name_any(), &PatchParams::default(), &Patch::Merge(edit)).await?;
            let what = format!("{edit} to be undone");
            wait::for_object(&maps, &page.name_any(), &what, |found| {
                found.is_some_and(|found| {
                    (&found.data, &found.binary_data, found.immutable, found.labels())
                        == (&page.data, &page.binary_data, page.immutable, page.labels())
                        && (found.annotations(), found.owner_references())
                            == (page.annotations(), page.owner_references())
                })
            })
            .await?;
            write_note(test, &name, "Softer.").await?;
            page_holds(test, &page.name_any(), "Softer.").await?;
        }
        publishing::all_current(test).await
    })
    .await;
}

#[tokio::test]
async fn another_owner_does_not_keep_a_page_longer_than_its_note() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        write_note(test, "ferns", "Soft.").await?;
        let page = page_holds(test, "talknote-ferns", "Soft.").await?;
        let maps = test.api::<ConfigMap>();
        let mut other = ConfigMap::default();
        other.metadata.name = Some("other".to_owned());
        let other = maps.create(&PostParams::default(), &other).await?;
        let mut owners = serde_json::to_value(page.owner_references())?;
        owners.as_array_mut().unwrap().push(json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "name": "other", "uid": other.uid() }));
        let edit = json!({ "metadata": { "ownerReferences": owners } });
        maps.patch("talknote-ferns", &PatchParams::default(), &Patch::Merge(&edit)).await?;
        wait::for_existing(&maps, "talknote-ferns", "to have one owner", |found| {
            found.owner_references() == page.owner_references()
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_config_map_with_our_labels_is_not_ours_without_our_reference() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        write_note(test, "ferns", "Soft.").await?;
        let page = page_holds(test, "talknote-ferns", "Soft.").await?;
        test.kubectl().run(&["delete", "talknote", "ferns"]).await?;
        let maps = test.api::<ConfigMap>();
        wait::for_absence(&maps, "talknote-ferns").await?;

        let mut copy = ConfigMap { data: page.data.clone(), ..ConfigMap::default() };
        copy.metadata.name = Some("talknote-ferns".to_owned());
        copy.metadata.labels = page.metadata.labels.clone();
        copy.metadata.annotations = page.metadata.annotations.clone();
        let copy = maps.create(&PostParams::default(), &copy).await?;
        write_note(test, "ferns", "Other.").await?;
        note(test, "ferns", "to be refused the name", |object| {
            kstatus::status(object) == Status::Failed
                && kstatus::reason(object, "Stalled") == "NameTaken"
        })
        .await?;
        let untouched = maps.get("talknote-ferns").await?;
        assert_eq!(untouched.resource_version(), copy.resource_version());
        maps.delete("talknote-ferns", &DeleteParams::default()).await?;
        page_holds(test, "talknote-ferns", "Other.").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn imported_objects_and_images_are_ours_whatever_becomes_of_their_labels() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let (name, notes) = (publishing.note("Ferns").await?.name_any(), test.api::<TalkNote>());
        let wanted = notes.get(&name).await?;
        let label =
            |value: Value| json!({ "metadata": { "labels": { names::REPOSITORY_LABEL: value } } });
        let edits = [
            label(Value::Null),
            label(json!("another")),
            json!({ "metadata": { "labels": null, "annotations": null } }),
            json!({ "metadata": { "ownerReferences": null } }),
        ];
        for edit in edits {
            notes.patch(&name, &PatchParams::default(), &Patch::Merge(&edit)).await?;
            wait::for_existing(&notes, &name, &format!("{edit} to be undone"), |found| {
                found.labels() == wanted.labels()
                    && found.annotations() == wanted.annotations()
                    && found.owner_references() == wanted.owner_references()
            })
            .await?;
        }
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

#[tokio::test]
async fn a_foreign_config_map_is_left_alone_and_named() {
    with_namespace(async |test| -> Result {
        let mut theirs = ConfigMap::default();
        theirs.metadata.name = Some("talknote-ferns".to_owned());
        theirs.data = Some([("theirs".to_owned(), "precious".to_owned())].into());
        let maps = test.api::<ConfigMap>();
        let theirs = maps.create(&PostParams::default(), &theirs).await?;
        let _controller = test.start_controller().await?;
        let manifest = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
            "metadata": { "name": "ferns" }, "spec": { "title": "Ferns", "markdown": "Soft." },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
        let stalled = note(test, "ferns", "to be stalled", |object| {
            kstatus::status(object) == Status::Failed
        })
        .await?;
        let message = kstatus::condition(&stalled, "Stalled").unwrap()["message"].to_string();
        assert!(message.contains("talknote-ferns"), "{message}");
        let untouched = maps.get("talknote-ferns").await?;
        assert_eq!(untouched.resource_version(), theirs.resource_version());

        maps.delete("talknote-ferns", &DeleteParams::default()).await?;
        page_holds(test, "talknote-ferns", "Soft.").await?;
        note(test, "ferns", "to be ready", |object| kstatus::is_true(object, "Ready")).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_by_hand_is_not_taken_over_by_an_imported_one() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Git."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let name = publishing.note("Ferns").await?.name_any();
        let (notes, repositories) = (test.api::<TalkNote>(), test.api::<NoteRepository>());
        repositories.delete(NAME, &DeleteParams::default()).await?;
        wait::for_absence(&notes, &name).await?;

        let manifest = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
            "metadata": { "name": name }, "spec": { "title": "Ferns", "markdown": "Hand." },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
        create_repository(test, NAME, &publishing.server.url(NAME), json!({})).await?;
        repository(test, NAME, "to say that the name is taken", |object| {
            object["status"]["diagnostics"].to_string().contains(&name)
        })
        .await?;
        page_holds(test, &names::note_config_map(&name), "Hand.").await?;
        assert_eq!(notes.get(&name).await?.spec.markdown.as_deref(), Some("Hand."));

        repositories.delete(NAME, &DeleteParams::default()).await?;
        wait::for_absence(&repositories, NAME).await?;
        publishing::page_holds(test, &names::note_config_map(&name), "Hand.").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_writer_that_does_not_stop_is_named_and_left_alone_for_a_while() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let page = publishing.page_holds("Ferns", "Soft.").await?.name_any();
        let name = publishing.note("Ferns").await?.name_any();
        let maps = test.api::<ConfigMap>();
        let theirs = PatchParams::apply("stubborn").force();
        let edit = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": page },
            "data": { "note.html": "<p>Hard.</p>" },
        });
        let fought_over = async || -> Result<bool> {
            let note = serde_json::to_value(test.api::<TalkNote>().get(&name).await?)?;
            Ok(kstatus::condition(&note, "Reconciling")
                .is_some_and(|c| c["message"].as_str().is_some_and(|m| m.contains("stubborn"))))
        };
        // As often as it is put right, somebody writes again.
        wait::until("the fight to be told", wait::DEADLINE, async || {
            let told = fought_over().await?;
            let held = maps.get(&page).await?.data.unwrap_or_default();
            if !told && held.get("note.html").is_some_and(|html| html.contains("Soft.")) {
                maps.patch(&page, &theirs, &Patch::Apply(&edit)).await?;
            }
            Ok(wait::Look::at(told, || format!("{held:?}")))
        })
        .await?;
        Ok(())
    })
    .await;
}
