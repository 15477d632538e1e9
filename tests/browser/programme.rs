//! The official agenda: times and rooms of sessions come to the notes, and sessions without one are asked for.

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

const NOTES: &str = r#"apiVersion: talknotes.dev/v1alpha1
kind: Summit
metadata: {name: harbor-days}
spec:
  title: Harbor Days
  timeZone: Asia/Taipei
  agenda:
    startNoteUrl: https://git.example/notes/new/main?filename={id}.md&value={title}
    text: |
      {"sessions": [
        {"id": "fog", "title": "Keynote: Fog in the harbour", "startsAt": "2031-05-14T10:40:00", "endsAt": "2031-05-14T11:20:00", "room": "Beacon", "speakers": ["u1"]},
        {"id": "tides", "title": "Tides & <storage>", "startsAt": "2031-05-14T10:40:00", "endsAt": "2031-05-14T12:00:00", "room": "Drydock"},
        {"id": "ropes", "title": "Ropes", "startsAt": "2031-05-14T13:00:00", "endsAt": "2031-05-14T13:30:00", "room": "Beacon"}],
       "speakers": [{"id": "u1", "fullName": "Misty Lin"}]}
---
apiVersion: talknotes.dev/v1alpha1
kind: TalkNote
metadata: {name: fog}
spec: {title: Fog in the harbour, summitRef: {name: harbor-days}, markdown: Measure first.}
---
apiVersion: talknotes.dev/v1alpha1
kind: TalkNote
metadata: {name: stray}
spec: {title: Something that nobody announced, summitRef: {name: harbor-days}, markdown: A talk in the corridor.}
"#;

#[tokio::test]
async fn times_and_rooms_flow_in_and_sessions_without_notes_are_asked_for() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("notes.yaml", NOTES)]).await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.open(&preview.url("/preview/harbor-days")).await?;
        let rows: Vec<Vec<Option<String>>> = browser
            .run(
                "return [...document.querySelectorAll('.row')].map((row) => [
                    row.querySelector('h3').innerText, row.querySelector('time')?.innerText ?? null,
                    row.querySelector('.room')?.innerText ?? null, row.querySelector('.start')?.getAttribute('href') ?? null])",
            )
            .await?;
        let row = |title: &str, time: &str, room: &str, start: Option<&str>| {
            vec![Some(title.to_owned()), Some(time.to_owned()), Some(room.to_owned()), start.map(str::to_owned)]
        };
        let start = "https://git.example/notes/new/main?filename=";
        assert_eq!(
            rows,
            [
                row("Fog in the harbour", "10:40", "Beacon", None),
                row("Tides & <storage>", "10:40", "Drydock", Some(&format!("{start}tides.md&value=Tides%20%26%20%3Cstorage%3E"))),
                row("Ropes", "13:00", "Beacon", Some(&format!("{start}ropes.md&value=Ropes"))),
                vec![Some("Something that nobody announced".to_owned()), None, None, None],
            ]
        );
        browser.open(&preview.url("/preview/harbor-days?only=missing&view=grid")).await?;
        let cells: Vec<String> = browser.run("return [...document.querySelectorAll('.cell h3')].map((one) => one.innerText)").await?;
        assert_eq!(cells, ["Tides & <storage>", "Ropes"]);
        browser.open(&preview.url("/preview/harbor-days/-/coverage")).await?;
        let stray: Vec<String> = browser
            .run("return [...document.querySelectorAll('[aria-labelledby=stray] h3')].map((one) => one.innerText)")
            .await?;
        assert_eq!(stray, ["Something that nobody announced"]);
        browser.open(&preview.url("/preview/harbor-days/fog")).await?;
        let head: String = browser.run("return document.querySelector('.note-head').innerText").await?;
        for text in ["10:40", "Beacon", "Misty Lin", "14 May 2031"] {
            assert!(head.contains(text), "{text} in {head}");
        }
        Ok(())
    })
    .await
}
