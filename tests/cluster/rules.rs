//! Rules in the spec of a `NoteRepository` and in the repository, and what the status says of them.

use serde_json::{Value, json};

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;
use crate::support::publishing::{self, NAME, Publishing, change_repository, repository};

/// A document that detection finds no talks in.
const DIARY: &str = "# Days by the sea\n\nWind.\n\n\
                     ## Morning walk\n\nSand.\n\n### Buoys that sing\n\nBells.\n";

fn rules(level: i32) -> Value {
    json!([{ "paths": ["*.md"], "talks": { "at": "Heading", "level": level } }])
}

fn readings(object: &Value) -> Vec<String> {
    let readings = object["status"]["readings"].as_array().cloned().unwrap_or_default();
    let words = readings.iter().map(|reading| {
        let text = |field: &str| reading[field].as_str().unwrap_or_default().to_owned();
        let (documents, talks) = (&reading["documents"], &reading["talks"]);
        format!("{} by {}: {talks} in {documents}", text("reading"), text("by"))
    });
    words.collect()
}

#[tokio::test]
async fn rules_of_the_spec_win_over_those_of_the_repository() {
    with_namespace(async |test| -> Result {
        // Globs that do not name the file of rules do not hide it.
        let spec = json!({ "include": ["*.md"], "maxDeletePercent": 100 });
        let publishing = Publishing::start_with(test, &[("a.md", DIARY)], spec).await?;
        publishing.shows(&[]).await?;
        let object = publishing::request(test, NAME).await?;
        assert_eq!(readings(&object), ["there are no talks by Detection: 0 in 1"]);

        let own = "rules:\n- talks: {at: Heading, level: 2}\n";
        publishing.push(&[(".talknotes.yaml", own)], "Say where talks stand").await?;
        publishing.shows(&["Morning walk"]).await?;
        let object = publishing::request(test, NAME).await?;
        assert_eq!(object["status"]["documents"], 1, "the rules are no note");
        assert_eq!(readings(&object), ["each heading of level 2 is a talk by Rule: 1 in 1"]);

        change_repository(test, NAME, json!({ "rules": rules(3) })).await?;
        publishing.shows(&["Buoys that sing"]).await?;
        let object = publishing::request(test, NAME).await?;
        assert_eq!(readings(&object), ["each heading of level 3 is a talk by Rule: 1 in 1"]);
        let described = test.kubectl().run(&["describe", "nrepo", NAME]).await?;
        assert!(described.contains("each heading of level 3 is a talk"), "{described}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rules_that_are_wrong_are_told_and_take_nothing_away() {
    with_namespace(async |test| -> Result {
        let own = "rules:\n- talks: {at: Heading, level: 2}\n";
        let files = [("a.md", DIARY), (".talknotes.yaml", own)];
        let spec = json!({ "maxDeletePercent": 100 });
        let publishing = Publishing::start_with(test, &files, spec).await?;
        publishing.shows(&["Morning walk"]).await?;

        let broken = "rules:\n- talk: {at: Heading, level: 2}\n";
        publishing.push(&[(".talknotes.yaml", broken)], "Mistype").await?;
        let object = publishing::request(test, NAME).await?;
        let told = &object["status"]["diagnostics"][0];
        assert_eq!((&told["path"], &told["line"]), (&json!(".talknotes.yaml"), &json!(2)));
        assert!(told["message"].to_string().contains("`talks`"), "{told}");
        publishing.shows(&["Morning walk"]).await?;

        let wrong = json!([{ "talks": { "at": "Heading" } }]);
        change_repository(test, NAME, json!({ "rules": wrong })).await?;
        let object = repository(test, NAME, "to be stalled", |object| {
            kstatus::status(object) == Status::Failed
        })
        .await?;
        let told = object["status"]["diagnostics"].to_string();
        assert!(told.contains("spec.rules[0].talks.level"), "{told}");
        publishing.note("Morning walk").await?;

        let unused = json!([{ "paths": ["gone/**"], "talks": { "at": "None" } }]);
        change_repository(test, NAME, json!({ "rules": unused })).await?;
        repository(test, NAME, "the rule for nothing to be told", |object| {
            kstatus::status(object) == Status::Current
                && object["status"]["diagnostics"].to_string().contains("TN1803")
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_schema_refuses_what_no_rule_can_say() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", DIARY)]).await?;
        for wrong in [
            json!([{ "talks": { "at": "Heading", "level": 7 } }]),
            json!([{ "talks": { "at": "Somewhere" } }]),
            json!([{ "days": { "day": "tomorrow" } }]),
        ] {
            let change = change_repository(test, NAME, json!({ "rules": wrong })).await;
            assert!(change.is_err(), "{wrong} was taken");
        }
        let explained =
            test.kubectl().run(&["explain", "noterepository.spec.rules.speakers"]).await?;
        assert!(explained.contains("AfterSeparator"), "{explained}");
        publishing.shows(&[]).await
    })
    .await;
}
