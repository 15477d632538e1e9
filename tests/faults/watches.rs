//! Watches that end, lie or are forbidden: nothing that happens meanwhile is missed, and the other
//! watches go on (decision 0004).

use serde_json::json;

use crate::fake_api::FakeApi;
use crate::probes::Probes;
use crate::scene::{condition, note, scene};
use crate::state::{Fault, State};
use crate::support::Result;

fn one_note(api: &FakeApi) {
    api.put("talknotes", "a", &note("first"));
}

#[tokio::test]
async fn a_watch_that_is_cut_goes_on_where_it_was() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        let lists = scene.api.look(|state| state.count("list talknotes"));
        scene.api.cut("talknotes");
        scene.api.put("talknotes", "b", &note("in the gap"));
        scene.published("b", "in the gap").await?;
        scene.saw("list talknotes", lists..=lists);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_version_that_has_expired_is_listed_anew() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.api.put_silently("talknotes", "b", &note("in the gap"));
        scene.api.put_silently("talknotes", "a", &note("second"));
        scene.api.expire("talknotes");
        scene.published("b", "in the gap").await?;
        scene.published("a", "second").await
    })
    .await
}

#[tokio::test]
async fn a_list_that_fails_is_tried_again_and_forgets_nothing() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        for fault in [Fault::Refuse(500), Fault::Break] {
            scene.api.plan("list talknotes", 1, fault);
            scene.api.plan("list configmaps", 1, fault);
        }
        scene.api.put_silently("talknotes", "b", &note("in the gap"));
        scene.api.expire("talknotes");
        scene.api.expire("configmaps");
        scene.published("b", "in the gap").await?;
        scene.another_note_goes_through().await?;
        scene.saw("apply configmaps/talknote-a", 1..=1);
        scene.saw("delete configmaps/talknote-a", 0..=0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nonsense_in_a_watch_is_survived() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.api.garble("talknotes");
        scene.api.put("talknotes", "b", &note("after it"));
        scene.published("b", "after it").await
    })
    .await
}

#[tokio::test]
async fn a_forbidden_watch_stops_no_other() -> Result {
    for kind in ["noterepositories", "summits"] {
        let prepare = |api: &FakeApi| {
            one_note(api);
            api.plan(&format!("watch {kind}"), usize::MAX, Fault::Refuse(403));
        };
        scene(prepare, async |scene| {
            scene.published("a", "first").await?;
            let refused = |state: &State| state.count(&format!("watch {kind}")) > 1;
            scene.api.until("the watch to be tried again", refused).await?;
            scene.another_note_goes_through().await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_object_that_does_not_decode_stops_no_other() -> Result {
    let prepare = |api: &FakeApi| {
        api.put("talknotes", "odd", &json!({ "title": ["a list"], "markdown": 5 }));
        one_note(api);
    };
    scene(prepare, async |scene| {
        scene.published("a", "first").await?;
        scene.api.put("talknotes", "later", &json!("not even an object"));
        scene.another_note_goes_through().await?;
        scene.saw("apply configmaps/talknote-odd", 0..=0);
        for name in ["odd", "later"] {
            let told = |state: &State| {
                condition(state, name, "Stalled").is_some_and(|stalled| {
                    stalled["reason"] == "InvalidSpec" && stalled["status"] == "True"
                })
            };
            scene.api.until("the object to say that it cannot be read", told).await?;
        }
        let (_, metrics) = Probes::at(scene.probes())?.ask("/metrics").await?;
        assert!(metrics.contains("talknotes_unreadable_objects{kind=\"TalkNote\"} 2"), "{metrics}");
        scene.api.put("talknotes", "odd", &note("mended"));
        scene.published("odd", "mended").await
    })
    .await
}

#[tokio::test]
async fn an_object_that_does_not_decode_in_a_list_is_not_taken_for_deleted() -> Result {
    let on_agenda =
        |text: &str| json!({ "title": "Knots", "markdown": text, "summitRef": { "name": "moon" } });
    let prepare = |api: &FakeApi| {
        api.put("summits", "moon", &json!({ "title": "Moon Summit" }));
        api.put("talknotes", "a", &on_agenda("first"));
    };
    scene(prepare, async |scene| {
        scene.published("a", "first").await?;
        scene.api.put_silently("summits", "moon", &json!({ "title": ["a", "list"] }));
        scene.api.expire("summits");
        let stalled = |state: &State| {
            let moon = state.object("summits", "moon");
            moon.is_some_and(|moon| moon["status"]["conditions"].to_string().contains("Stalled"))
        };
        scene.api.until("the summit to say that it cannot be read", stalled).await?;
        scene.api.put("talknotes", "a", &on_agenda("second"));
        scene.published("a", "second").await?;
        scene.api.look(|state| {
            let note = state.object("talknotes", "a").unwrap();
            assert!(!note["status"]["diagnostics"].to_string().contains("TN3004"), "{note}");
            assert!(state.object("configmaps", "summit-moon").is_some());
        });
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_seems_to_be_held_back_and_does_not_decode_is_taken_down() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        let odd = json!({ "title": "Knots", "markdown": "first", "publication": "Embargoed" });
        scene.api.put("talknotes", "a", &odd);
        let gone = |state: &State| state.object("configmaps", "talknote-a").is_none();
        scene.api.until("the page to be taken down", gone).await
    })
    .await
}
