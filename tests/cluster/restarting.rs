//! A controller that starts again finds out from digests what is current, and does the rest.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::json;
use talknotes::api::{Summit, TalkNote, names};
use talknotes::render;

use crate::support::audit::Request;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, NAME, Publishing, request, talk};
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, rbac};

const TITLES: [&str; 3] = ["Ferns", "Moss", "Lichen"];

/// Three notes of a summit with an overview, published and told, and no controller.
async fn published(test: &TestNamespace) -> Result<Publishing<'_>> {
    let texts = TITLES.map(|title| (format!("{title}.md"), talk(title, &format!("{title} grow."))));
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
    let mut publishing = Publishing::start(test, &files).await?;
    publishing.shows(&TITLES).await?;
    publishing::settled(test).await?;
    publishing.controller.stop().await?;
    Ok(publishing)
}

/// The requests of the controller in the namespace so far for which `wanted` is true.
fn requests(test: &TestNamespace, wanted: impl Fn(&Request) -> bool) -> Result<Vec<Request>> {
    let user = rbac::user(rbac::CONTROLLER);
    test.control_plane.audit().requests(|request| {
        let is_ours = request.user.username == user;
        is_ours && request.object_ref.namespace == test.name() && wanted(request)
    })
}

fn writes(test: &TestNamespace) -> Result<usize> {
    Ok(requests(test, Request::is_write)?.len())
}

/// Waits until a controller that was just started has reconciled so many objects of each kind.
async fn reconciled(publishing: &Publishing<'_>, notes: u32) -> Result {
    let wanted = [("NoteRepository", 1), ("Summit", 1), ("TalkNote", notes)];
    wait::until("every object to be reconciled", DEADLINE, async || {
        let mut counts = Vec::new();
        for (kind, _) in wanted {
            let series = "talknotes_reconcile_duration_seconds_count";
            let labels = format!("{{kind=\"{kind}\",result=\"success\"}}");
            counts.push(publishing.controller.metric(&format!("{series}{labels}")).await?);
        }
        let met = counts.iter().zip(wanted).all(|(count, (_, wanted))| *count >= wanted.into());
        Ok(Look::at(met, || format!("{counts:?}")))
    })
    .await
}

#[tokio::test]
async fn what_is_current_is_neither_fetched_nor_rendered_nor_written() {
    with_namespace(async |test| -> Result {
        let mut publishing = published(test).await?;
        let (before, fetches) = (writes(test)?, publishing.server.fetch_count());
        let reads =
            |request: &Request| request.verb == "get" && !request.object_ref.name.is_empty();
        let read_before = requests(test, reads)?.len();
        let asked = publishing.server.wait_for_ls_remotes(1);
        publishing.controller.start_again().await?;
        asked.await;
        reconciled(&publishing, 3).await?;
        assert_eq!(writes(test)?, before, "somebody wrote");
        assert_eq!(publishing.server.fetch_count(), fetches, "somebody fetched");
        // A text is read for each page that is rendered.
        assert_eq!(requests(test, reads)?.len(), read_before, "somebody rendered");

        // What changes from now on is noticed all the same.
        let name = publishing.note("Ferns").await?.name_any();
        let edit = Patch::Merge(json!({ "spec": { "title": "Weeds" } }));
        let notes = test.api::<TalkNote>();
        notes.patch(&name, &PatchParams::default(), &edit).await?;
        wait::for_existing(&notes, &name, "to be put right", |note| note.spec.title == "Ferns")
            .await?;
        publishing.push(&[("Ferns.md", &talk("Ferns", "They unfold."))], "Go on").await?;
        publishing.page_holds("Ferns", "They unfold.").await?;
        publishing.shows(&TITLES).await
    })
    .await;
}

#[tokio::test]
async fn what_others_did_while_no_controller_ran_is_put_right() {
    with_namespace(async |test| -> Result {
        let mut publishing = published(test).await?;
        let [ferns, moss, lichen] = [
            publishing.note("Ferns").await?,
            publishing.note("Moss").await?,
            publishing.note("Lichen").await?,
        ];
        let [ferns_page, moss_page, lichen_page] =
            [&ferns, &moss, &lichen].map(|note| names::note_config_map(&note.name_any()));
        let (maps, merge) = (test.api::<ConfigMap>(), PatchParams::default());
        let lie = json!({ "metadata": { "annotations": { names::SOURCE_DIGEST: "sha256:0" } } });
        maps.patch(&ferns_page, &merge, &Patch::Merge(&lie)).await?;
        let edit = json!({ "data": { "note.html": "<p>Theirs.</p>" } });
        maps.patch(&moss_page, &merge, &Patch::Merge(&edit)).await?;
        let theirs = json!({ "spec": { "markdown": "Theirs." } });
        test.api::<TalkNote>().patch(&lichen.name_any(), &merge, &Patch::Merge(&theirs)).await?;

        publishing.controller.start_again().await?;
        wait::for_existing(&maps, &ferns_page, "to be rendered again", |page| {
            let told = page.annotations().get(names::SOURCE_DIGEST);
            told.is_some_and(|told| told != "sha256:0")
        })
        .await?;
        publishing::page_holds(test, &moss_page, "Moss grow.").await?;
        publishing::page_holds(test, &lichen_page, "Lichen grow.").await?;
        let notes = test.api::<TalkNote>();
        wait::for_existing(&notes, &lichen.name_any(), "to be put right", |note| {
            note.spec == lichen.spec
        })
        .await?;
        publishing.shows(&TITLES).await
    })
    .await;
}

/// Makes pages those of another renderer.
async fn aged(test: &TestNamespace, pages: &[String]) -> Result {
    for page in pages {
        let older = json!({ "metadata": { "annotations": { names::RENDERER: "0" } } });
        let patch = Patch::Merge(&older);
        test.api::<ConfigMap>().patch(page, &PatchParams::default(), &patch).await?;
    }
    Ok(())
}

/// How many pages are of this renderer.
async fn renewed(test: &TestNamespace) -> Result<usize> {
    let pages = publishing::published(test).await?;
    let is_new = |page: &&ConfigMap| {
        page.annotations().get(names::RENDERER).is_some_and(|told| told == render::VERSION)
    };
    Ok(pages.iter().filter(is_new).count())
}

#[tokio::test]
async fn pages_of_another_renderer_are_rendered_again_and_a_killed_process_goes_on_with_the_rest() {
    const NOTES: usize = 30;
    with_namespace(async |test| -> Result {
        let texts: Vec<(String, String)> = (0..NOTES)
            .map(|n| (format!("{n}.md"), talk(&format!("Plant {n}"), "Green.")))
            .collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (&**path, &**text)).collect();
        let mut publishing = Publishing::start(test, &files).await?;
        let titles: Vec<String> = (0..NOTES).map(|n| format!("Plant {n}")).collect();
        publishing.shows(&titles.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        publishing::settled(test).await?;
        publishing.controller.stop().await?;
        let pages = publishing::published(test).await?;
        let pages: Vec<String> = pages.iter().map(kube::ResourceExt::name_any).collect();
        assert_eq!(pages.len(), NOTES + 1);
        aged(test, &pages).await?;

        publishing.controller.start_again().await?;
        wait::until("some pages to be rendered again", DEADLINE, async || {
            let renewed = renewed(test).await?;
            Ok(Look::at(renewed >= 3, || format!("{renewed} pages")))
        })
        .await?;
        publishing.controller.kill()?;
        let (done, before) = (renewed(test).await?, writes(test)?);
        assert!(done < NOTES, "all were rendered at once");
        publishing.controller.start_again().await?;
        wait::until("all pages to be rendered again", DEADLINE, async || {
            let (renewed, waiting) = (
                renewed(test).await?,
                publishing.controller.metric("talknotes_outdated_pages").await?,
            );
            let met = renewed == NOTES + 1 && waiting == 0.0;
            Ok(Look::at(met, || format!("{renewed} pages, {waiting} wait")))
        })
        .await?;
        let written = writes(test)? - before;
        assert!(written <= NOTES + 1 - done, "{written} writes for {} pages", NOTES + 1 - done);
        publishing::all_current(test).await
    })
    .await;
}

#[tokio::test]
async fn nothing_is_remembered_of_a_namespace_that_is_emptied() {
    with_namespace(async |test| -> Result {
        let mut publishing = published(test).await?;
        publishing.controller.start_again().await?;
        reconciled(&publishing, 3).await?;
        let kept = publishing.controller.metric("talknotes_remembered_objects").await?;
        assert!(kept > 5.0, "{kept} objects");
        request(test, NAME).await?;
        let all = ListParams::default();
        let now = kube::api::DeleteParams::default();
        test.api::<talknotes::api::NoteRepository>().delete_collection(&now, &all).await?;
        test.api::<TalkNote>().delete_collection(&now, &all).await?;
        test.api::<Summit>().delete_collection(&now, &all).await?;
        test.api::<ConfigMap>().delete_collection(&now, &all).await?;
        wait::until("nothing to be remembered", DEADLINE, async || {
            let kept = publishing.controller.metric("talknotes_remembered_objects").await?;
            let texts =
                publishing.controller.metric("talknotes_kept_bytes{what=\"texts\"}").await?;
            Ok(Look::at(kept + texts == 0.0, || format!("{kept} objects, {texts} bytes")))
        })
        .await
    })
    .await;
}
