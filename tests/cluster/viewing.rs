//! What is pushed is on the open page.

use kube::ResourceExt as _;
use kube::api::ListParams;
use talknotes::api::Summit;

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
