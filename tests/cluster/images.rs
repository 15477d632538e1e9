//! Images of the repository: published once, served, restored, and gone with the last note.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{DeleteParams, ListParams};
use talknotes::api::names::{CONTENT_IMAGE, CONTENT_LABEL, hex_digest};
use talknotes::api::{Summit, TalkNote};

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::page::Reader;
use crate::support::publishing::{Publishing, talk};
use crate::support::wait::{self, DEADLINE, Look};

const IMAGE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

async fn images(test: &TestNamespace) -> Result<Vec<ConfigMap>> {
    let chosen = ListParams::default().labels(&format!("{CONTENT_LABEL}={CONTENT_IMAGE}"));
    Ok(test.api::<ConfigMap>().list(&chosen).await?.items)
}

async fn number_is(test: &TestNamespace, wanted: usize) -> Result {
    wait::until("the right number of images", DEADLINE, async || {
        let found = images(test).await?.len();
        Ok(Look::at(found == wanted, || format!("{found} and not {wanted}")))
    })
    .await
}

/// The overview of the summit of [`talk`].
fn overview(body: &str) -> String {
    format!(
        "---\ntalknotes: summit\nname: moon-gardening-summit-2026\ntitle: Moon Gardening Summit 2026\n\
         ---\n\n{body}\n"
    )
}

#[tokio::test]
async fn an_image_of_an_overview_is_on_the_page_until_the_overview_shows_it_no_more() {
    with_namespace(async |test| -> Result {
        let ferns = talk("Ferns", "Soft.");
        let publishing =
            Publishing::start(test, &[("ferns.md", &ferns), ("index.md", &overview("Soon."))])
                .await?;
        publishing.shows(&["Ferns"]).await?;
        publishing.git.write("maps/hall.gif", IMAGE);
        publishing.push(&[("index.md", &overview("![the hall](maps/hall.gif)"))], "Show").await?;
        number_is(test, 1).await?;
        let summits = test.api::<Summit>().list(&ListParams::default()).await?.items;
        assert_eq!(summits.len(), 1);
        let (name, digest) = (summits[0].name_any(), hex_digest(IMAGE));
        assert_eq!(summits[0].spec.images[0].source, "maps/hall.gif");

        let viewer = test.start_viewer().await?;
        let reader = Reader::new(viewer.address())?;
        let page = format!("/{}/{name}", test.name);
        let address = format!("{name}/-/image-{digest}");
        reader.wait_for(&page, "the image", |html| html.contains(&address)).await?;
        let (status, _) = reader.get(&format!("{page}/-/image-{digest}")).await?;
        assert!(status.is_success(), "{status}");

        publishing.push(&[("index.md", &overview("Over."))], "Hide").await?;
        number_is(test, 0).await?;
        let summits = test.api::<Summit>().list(&ListParams::default()).await?.items;
        assert!(summits[0].spec.images.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_image_of_the_repository_is_on_the_page_until_no_note_shows_it() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        publishing.git.write("notes/images/fern.gif", IMAGE);
        let shown = talk("Ferns", "![a fern](notes/images/fern.gif) ![none](../none.png)");
        let moss = talk("Moss", "<img src=\"/notes/images/fern.gif\">");
        publishing.push(&[("ferns.md", &shown), ("moss.md", &moss)], "Show").await?;
        let digest = hex_digest(IMAGE);
        let note = publishing.note("Ferns").await?;
        let address = format!("{}/image-{digest}", note.name_any());
        publishing.page_holds("Ferns", &address).await?;
        publishing.page_holds("Moss", &format!("/image-{digest}")).await?;
        number_is(test, 1).await?;

        let summit = test.api::<Summit>().list(&ListParams::default()).await?.items[0].name_any();
        let viewer = test.start_viewer().await?;
        let reader = Reader::new(viewer.address())?;
        let page = format!("/{}/{summit}/{}", test.name, note.name_any());
        reader.wait_for(&page, "the image", |html| html.contains(&address)).await?;
        let (status, _) = reader.get(&format!("{page}/image-{digest}")).await?;
        assert!(status.is_success(), "{status}");

        let name = images(test).await?[0].name_any();
        let uid = images(test).await?[0].uid();
        test.api::<ConfigMap>().delete(&name, &DeleteParams::default()).await?;
        wait::until("the image to be restored", DEADLINE, async || {
            let found = images(test).await?;
            let restored = found.first().is_some_and(|image| image.uid() != uid);
            Ok(Look::at(restored, || format!("{} images", found.len())))
        })
        .await?;

        publishing.push(&[("ferns.md", &talk("Ferns", "Soft."))], "Hide one").await?;
        publishing.page_holds("Ferns", "Soft.").await?;
        number_is(test, 1).await?;
        publishing.push(&[("moss.md", &talk("Moss", "Green."))], "Hide both").await?;
        number_is(test, 0).await?;
        let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
        assert!(notes.iter().all(|note| note.spec.images.is_empty()));
        Ok(())
    })
    .await;
}
