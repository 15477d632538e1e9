//! Watches that end, lie or are forbidden: nothing that happens meanwhile is missed, and the other
//! watches go on (decision 0004).

use serde_json::json;

use crate::fake_api::FakeApi;
use crate::scene::{note, scene};
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
        scene.saw("status talknotes/odd", 0..=0);
        scene.api.put("talknotes", "odd", &note("mended"));
        scene.published("odd", "mended").await
    })
    .await
}
