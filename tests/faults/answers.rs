//! Answers that are none: refusals, hangs and broken connections.

use crate::fake_api::FakeApi;
use crate::scene::{condition, note, scene, shows};
use crate::state::{Fault, State};
use crate::support::Result;

const PAGE: &str = "apply configmaps/talknote-a";
const STATUS: &str = "status talknotes/a";

fn one_note(api: &FakeApi) {
    api.put("talknotes", "a", &note("first"));
}

#[tokio::test]
async fn without_a_fault_each_thing_is_written_once() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.another_note_goes_through().await?;
        scene.saw(PAGE, 1..=1);
        scene.saw(STATUS, 1..=1);
        scene.saw("create events", 0..=0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_conflict_is_tried_again() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.api.plan(PAGE, 1, Fault::Refuse(409));
        scene.api.plan(STATUS, 1, Fault::Refuse(409));
        scene.api.put("talknotes", "a", &note("second"));
        scene.published("a", "second").await?;
        scene.another_note_goes_through().await?;
        // One for the first text, and one or two for each refusal.
        scene.saw(PAGE, 3..=4);
        scene.saw(STATUS, 3..=4);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_refused_for_good_waits_for_a_change() -> Result {
    let prepare = |api: &FakeApi| {
        one_note(api);
        api.plan(PAGE, usize::MAX, Fault::Refuse(422));
        // That nobody can be told of it by an event changes nothing.
        api.plan("create events", usize::MAX, Fault::Refuse(403));
    };
    scene(prepare, async |scene| {
        let stalled = |state: &State| {
            condition(state, "a", "Stalled").is_some_and(|stalled| {
                stalled["status"] == "True"
                    && stalled["message"].as_str().is_some_and(|text| text.contains("test of 422"))
            })
        };
        scene.api.until("a to be stalled, with the server's words", stalled).await?;
        scene.another_note_goes_through().await?;
        scene.saw(PAGE, 1..=1);
        scene.saw(STATUS, 1..=1);
        scene.api.heal();
        scene.api.put("talknotes", "a", &note("second"));
        scene.published("a", "second").await?;
        let over = scene.api.look(|state| condition(state, "a", "Stalled").is_none());
        assert!(over, "Ready and Stalled at once");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() -> Result {
    let prepare = |api: &FakeApi| {
        one_note(api);
        api.plan(PAGE, 2, Fault::Later(429));
    };
    scene(prepare, async |scene| {
        scene.published("a", "first").await?;
        scene.saw(PAGE, 3..=3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_write_that_was_done_and_denied_is_found_done() -> Result {
    let prepare = |api: &FakeApi| {
        one_note(api);
        api.plan(PAGE, 1, Fault::DoneBut(500));
        api.plan(STATUS, 1, Fault::DoneBut(500));
    };
    scene(prepare, async |scene| {
        scene.published("a", "first").await?;
        scene.another_note_goes_through().await?;
        scene.saw(PAGE, 1..=2);
        scene.saw(STATUS, 1..=3);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_failing_server_keeps_what_was_published() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.api.plan(PAGE, 2, Fault::Refuse(500));
        scene.api.put("talknotes", "a", &note("second"));
        scene.published("a", "second").await?;
        scene.saw(PAGE, 4..=4);
        scene.saw("delete configmaps/talknote-a", 0..=0);
        let told = scene.api.look(|state| {
            state.ever("talknotes", "a", |note| note["status"].to_string().contains("Reconciling"))
        });
        assert!(told, "nobody was told that it is tried again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_broken_connection_is_tried_again() -> Result {
    let prepare = |api: &FakeApi| {
        one_note(api);
        api.plan(PAGE, 1, Fault::Break);
        api.plan(STATUS, 1, Fault::Break);
    };
    scene(prepare, async |scene| {
        scene.published("a", "first").await?;
        scene.saw(PAGE, 2..=2);
        scene.saw(STATUS, 2..=3);
        Ok(())
    })
    .await
}

/// The only slow test: it lasts as long as a request may take.
#[tokio::test]
async fn a_request_without_an_answer_stops_nothing_else_and_is_given_up() -> Result {
    let prepare = |api: &FakeApi| {
        one_note(api);
        api.plan(PAGE, 1, Fault::Hang);
    };
    scene(prepare, async |scene| {
        scene.api.until("the request", |state| state.count(PAGE) == 1).await?;
        for _ in 0..40 {
            scene.another_note_goes_through().await?;
        }
        scene.saw(PAGE, 1..=1);
        scene.published("a", "first").await?;
        scene.saw(PAGE, 2..=2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_deletion_that_fails_is_tried_again() -> Result {
    scene(one_note, async |scene| {
        scene.published("a", "first").await?;
        scene.api.plan("delete configmaps/talknote-a", 1, Fault::Refuse(500));
        let mut draft = note("first");
        draft["publication"] = "Draft".into();
        scene.api.put("talknotes", "a", &draft);
        scene.api.until("the page to go", |state| !shows(state, "a", "first")).await?;
        scene.saw("delete configmaps/talknote-a", 2..=2);
        Ok(())
    })
    .await
}
