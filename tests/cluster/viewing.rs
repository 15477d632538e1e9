//! What is pushed is on the open page.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{Summit, names};

use crate::support::Result;
use crate::support::namespace::with_namespace;
use crate::support::page::Reader;
use crate::support::publishing::{Publishing, talk};

#[tokio::test]
async fn a_pushed_change_is_on_the_page_and_open_pages_are_told() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let summits = test.api::<Summit>().list(&ListParams::default()).await?;
        let summit = summits.items[0].name_any();
        let note = publishing.note("Ferns").await?.name_any();
        let page = format!("/{}/{summit}/{note}", test.name);

        let viewer = test.start_viewer().await?;
        let reader = Reader::new(viewer.address())?;
        reader.wait_for(&page, "the note", |html| html.contains("Soft.")).await?;
        reader
            .wait_for("/", "the summit", |html| html.contains(&summits.items[0].spec.title))
            .await?;
        let agenda = format!("/{}/{summit}", test.name);
        reader.wait_for(&agenda, "the talk", |html| html.contains("Ferns")).await?;

        let mut events = reader.events(&format!("/-/events?page={page}")).await?;
        publishing.push(&[("ferns.md", &talk("Ferns", "Rather hard."))], "Edit").await?;
        // Whoever looks when the last change was told sees it. Others may be told before.
        loop {
            events.wait_for("changed").await?;
            let (status, html) = reader.get(&page).await?;
            assert!(status.is_success(), "{html}");
            if html.contains("Rather hard.") {
                break;
            }
        }

        let mut events = reader.events(&format!("/-/events?page={agenda}")).await?;
        publishing.push(&[("moss.md", &talk("Moss", "Green."))], "Add").await?;
        events.wait_for("changed").await?;
        reader.wait_for(&agenda, "the new talk", |html| html.contains("Moss")).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_page_whose_labels_others_change_stays_or_comes_back() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let note = publishing.note("Ferns").await?;
        let summit = note.spec.summit_ref.as_ref().unwrap().name.clone();
        let page = format!("/{}/{summit}/{}", test.name, note.name_any());
        let viewer = test.start_viewer().await?;
        let reader = Reader::new(viewer.address())?;
        reader.wait_for(&page, "the note", |html| html.contains("Soft.")).await?;

        let maps = test.api::<ConfigMap>();
        let map = names::note_config_map(&note.name_any());
        let relabelled =
            json!({ "metadata": { "labels": { names::MANAGED_BY: "platform-team" } } });
        maps.patch(&map, &PatchParams::default(), &Patch::Merge(&relabelled)).await?;
        publishing.push(&[("ferns.md", &talk("Ferns", "Softer."))], "Edit").await?;
        reader.wait_for(&page, "the edit", |html| html.contains("Softer.")).await?;

        let unlabelled = json!({ "metadata": { "labels": Value::Null } });
        maps.patch(&map, &PatchParams::default(), &Patch::Merge(&unlabelled)).await?;
        publishing.push(&[("ferns.md", &talk("Ferns", "Softest."))], "Edit").await?;
        reader.wait_for(&page, "the page", |html| html.contains("Softest.")).await?;
        Ok(())
    })
    .await;
}
