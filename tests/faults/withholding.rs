//! What is held back is taken down although an API server without our validation let it pass, and
//! although that fails at first.

use serde_json::{Value, json};

use crate::scene::{Scene, condition, note, scene};
use crate::state::{Fault, State};
use crate::support::Result;

async fn is_taken_down(scene: &Scene, what: &str) -> Result {
    let gone = |state: &State| state.object("configmaps", "talknote-a").is_none();
    scene.api.until(&format!("the page to be taken down: {what}"), gone).await
}

fn with(more: Value) -> Value {
    let mut spec = note("first");
    if let (Some(spec), Value::Object(more)) = (spec.as_object_mut(), more) {
        spec.extend(more);
    }
    spec
}

#[tokio::test]
async fn a_withheld_note_with_a_fault_is_taken_down_and_the_fault_is_told() -> Result {
    let faulty = [
        json!({ "publication": "Draft", "day": "2026-02-31" }),
        json!({ "publishAt": "soon" }),
        json!({ "publication": "Published", "publishAt": "" }),
        json!({ "publishAt": "2099-01-01T00:00:00Z", "day": "someday" }),
    ];
    scene(
        |api| api.put("talknotes", "a", &note("first")),
        async |scene| {
            for spec in faulty {
                scene.api.put("talknotes", "a", &note("first"));
                scene.published("a", "first").await?;
                scene.api.put("talknotes", "a", &with(spec.clone()));
                is_taken_down(scene, &spec.to_string()).await?;
                let told = |state: &State| {
                    let note = state.object("talknotes", "a");
                    let stalled = condition(state, "a", "Stalled");
                    stalled.is_some_and(|stalled| stalled["reason"] == "InvalidSpec")
                        && note.is_some_and(|note| note["status"]["configMap"].is_null())
                };
                scene.api.until("the fault to be told", told).await?;
            }
            Ok(())
        },
    )
    .await
}

#[tokio::test]
async fn a_page_that_cannot_be_deleted_at_first_is_deleted_later() -> Result {
    for code in [403, 409, 500] {
        scene(
            |api| api.put("talknotes", "a", &note("first")),
            async |scene| {
                scene.published("a", "first").await?;
                scene.api.plan("delete configmaps/talknote-a", 2, Fault::Refuse(code));
                scene.api.put("talknotes", "a", &with(json!({ "publication": "Draft" })));
                is_taken_down(scene, &code.to_string()).await
            },
        )
        .await?;
    }
    Ok(())
}
