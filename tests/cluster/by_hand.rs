//! Notes that people write as manifests.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{TalkNote, names};

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, Titles, note, page_holds};
use crate::support::wait;

const PAGE: &str = "talknote-ferns";

async fn apply(test: &TestNamespace, flag: &str, spec: Value) -> Result {
    let manifest = json!({
        "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
        "metadata": { "name": "ferns" }, "spec": spec,
    });
    test.kubectl().succeed(&["apply", flag, "-f", "-"], &manifest.to_string()).await?;
    Ok(())
}

/// `kubectl wait` as scripts use it.
async fn kubectl_wait(test: &TestNamespace, condition: &str) -> Result {
    let condition = format!("--for=condition={condition}");
    let arguments = ["wait", &condition, "--timeout=90s", "talknote/ferns"];
    test.kubectl().run(&arguments).await?;
    Ok(())
}

async fn now(test: &TestNamespace) -> Result<Value> {
    Ok(serde_json::to_value(test.api::<TalkNote>().get("ferns").await?)?)
}

#[tokio::test]
async fn a_note_is_published_however_it_is_applied() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        for flag in ["--server-side=false", "--server-side=true"] {
            apply(test, flag, json!({ "title": "Ferns", "markdown": "Very *soft*." })).await?;
            kubectl_wait(test, "Ready").await?;
            page_holds(test, PAGE, "<em>soft</em>").await?;
            assert_eq!(kstatus::status(&now(test).await?), Status::Current);

            apply(test, flag, json!({ "title": "Ferns", "markdown": "Rather *hard*." })).await?;
            kubectl_wait(test, "Ready").await?;
            page_holds(test, PAGE, "<em>hard</em>").await?;

            test.kubectl().run(&["delete", "talknote", "ferns"]).await?;
            wait::for_absence(&test.api::<ConfigMap>(), PAGE).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_stands_on_the_agenda_of_its_summit() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let summit = json!({ "name": "moon" });
        let spec = json!({ "title": "Ferns", "markdown": "Soft.", "summitRef": summit });
        apply(test, "--server-side", spec).await?;
        kubectl_wait(test, "Ready").await?;
        let mut wanted = Titles::everywhere(&["Ferns"]);
        wanted.agenda.clear();
        publishing::shows(test, &wanted).await?;

        let summit = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit",
            "metadata": { "name": "moon" }, "spec": { "title": "Moon Summit" },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &summit.to_string()).await?;
        publishing::shows(test, &Titles::everywhere(&["Ferns"])).await?;
        publishing::all_current(test).await
    })
    .await;
}

#[tokio::test]
async fn a_draft_has_no_page_until_it_is_published_and_after_it_is_withdrawn() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let spec = |publication: &str| {
            json!({ "title": "Ferns", "markdown": "Soft.", "publication": publication })
        };
        let maps = test.api::<ConfigMap>();
        apply(test, "--server-side", spec("Draft")).await?;
        note(test, "ferns", "to be seen", |object| kstatus::status(object) == Status::Current)
            .await?;
        assert!(maps.get_opt(PAGE).await?.is_none(), "a draft has a page");

        apply(test, "--server-side", spec("Published")).await?;
        page_holds(test, PAGE, "Soft.").await?;
        apply(test, "--server-side", spec("Draft")).await?;
        wait::for_absence(&maps, PAGE).await
    })
    .await;
}

#[tokio::test]
async fn a_note_appears_at_its_time() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let at = |time: jiff::Timestamp| {
            json!({ "title": "Ferns", "markdown": "Soft.", "publishAt": time.to_string() })
        };
        let now = jiff::Timestamp::now();
        apply(test, "--server-side", at(now + jiff::SignedDuration::from_hours(24))).await?;
        let waiting = note(test, "ferns", "to be seen", |object| {
            kstatus::status(object) == Status::Current
        })
        .await?;
        assert!(test.api::<ConfigMap>().get_opt(PAGE).await?.is_none(), "it has a page already");
        assert_eq!(kstatus::reason(&waiting, "Ready"), "Scheduled", "{waiting}");

        // Nothing but the clock makes the operator look again.
        let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
        apply(test, "--server-side", at(soon)).await?;
        page_holds(test, PAGE, "Soft.").await?;
        assert!(jiff::Timestamp::now() >= soon, "it appeared before its time");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_text_may_lie_in_a_config_map() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let reference = json!({ "configMapKeyRef": { "name": "texts", "key": "ferns.md" } });
        let spec = json!({ "title": "Ferns", "contentFrom": reference });
        apply(test, "--server-side", spec).await?;
        let missing = note(test, "ferns", "to miss its text", |object| {
            kstatus::condition(object, "Ready").is_some_and(|ready| ready["status"] == "False")
        })
        .await?;
        let message = kstatus::condition(&missing, "Ready").unwrap()["message"].to_string();
        assert!(message.contains("texts"), "{message}");
        assert_ne!(kstatus::status(&missing), Status::Current);

        let kubectl = test.kubectl();
        kubectl
            .run(&["create", "configmap", "texts", "--from-literal=ferns.md=Very *soft*."])
            .await?;
        page_holds(test, PAGE, "<em>soft</em>").await?;
        kubectl_wait(test, "Ready").await?;

        let edit = json!({ "data": { "ferns.md": "Rather *hard*." } });
        let maps = test.api::<ConfigMap>();
        maps.patch("texts", &PatchParams::default(), &Patch::Merge(&edit)).await?;
        page_holds(test, PAGE, "<em>hard</em>").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_fault_in_a_spec_is_told_and_the_last_good_page_stays() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        apply(test, "--server-side", json!({ "title": "Ferns", "markdown": "Soft." })).await?;
        kubectl_wait(test, "Ready").await?;

        apply(test, "--server-side", json!({ "title": "Ferns" })).await?;
        kubectl_wait(test, "Stalled").await?;
        let stalled = now(test).await?;
        assert_eq!(kstatus::status(&stalled), Status::Failed);
        assert_eq!(kstatus::reason(&stalled, "Stalled"), "InvalidSpec");
        assert!(
            stalled["status"]["diagnostics"].to_string().contains("spec.markdown"),
            "{stalled}"
        );
        // Others do not take it from view meanwhile.
        let maps = test.api::<ConfigMap>();
        let page = page_holds(test, PAGE, "Soft.").await?;
        let unlabelled = json!({ "metadata": { "labels": null } });
        maps.patch(PAGE, &PatchParams::default(), &Patch::Merge(&unlabelled)).await?;
        wait::for_existing(&maps, PAGE, "to have its labels", |found| {
            found.metadata.labels == page.metadata.labels && found.data == page.data
        })
        .await?;

        apply(test, "--server-side", json!({ "title": "Ferns", "markdown": "Mended." })).await?;
        kubectl_wait(test, "Ready").await?;
        page_holds(test, PAGE, "Mended.").await?;
        assert_eq!(kstatus::status(&now(test).await?), Status::Current);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_odd_note_does_not_hold_up_the_others() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let odd = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
            "metadata": { "name": "odd" },
            "spec": {
                "title": "\u{202e}odd", "day": "2026-05-14", "startTime": "23:59", "endTime": "00:00",
                "links": [{ "url": "javascript:alert(1)" }],
                "markdown": "<script>alert(1)</script>\n\n[click](javascript:alert(1))",
            },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &odd.to_string()).await?;
        apply(test, "--server-side", json!({ "title": "Ferns", "markdown": "Soft." })).await?;
        kubectl_wait(test, "Ready").await?;
        let odd = names::note_config_map("odd");
        let page = wait::for_existing(&test.api::<ConfigMap>(), &odd, "to be there", |_| true).await?;
        let html = page.data.unwrap_or_default().remove("note.html").unwrap_or_default();
        assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_that_does_not_fit_says_so_and_the_last_good_page_stays() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        apply(test, "--server-side", json!({ "title": "Ferns", "markdown": "Soft." })).await?;
        kubectl_wait(test, "Ready").await?;

        // Random characters, of which gzip makes little.
        let mut random = fastrand::Rng::with_seed(7);
        let huge: String = (0..390_000).map(|_| random.char('\u{4e00}'..='\u{9fff}')).collect();
        apply(test, "--server-side", json!({ "title": "Ferns", "markdown": huge })).await?;
        kubectl_wait(test, "Stalled").await?;
        let stalled = now(test).await?;
        assert_eq!(kstatus::reason(&stalled, "Stalled"), "TooLarge");
        let message = kstatus::condition(&stalled, "Stalled").unwrap()["message"].to_string();
        assert!(message.contains("bytes"), "{message}");
        page_holds(test, PAGE, "Soft.").await?;
        Ok(())
    })
    .await;
}
