//! Pages are whole without JavaScript.

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

#[tokio::test]
async fn pages_work_without_javascript() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[(
            "harbour.md",
            "# Harbour Days\n\n## Tides - Mira Quell\n\nWater finds a way, \
             [says the table](https://tides.example/table).\n\n## Reefs - Otto Fathom\n\nSlow.\n",
        )])
        .await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        // The test's own scripts run from outside the page; the page's do not.
        let notes = preview.notes_of(browser, "harbour").await?;
        assert_eq!(notes.len(), 2, "{notes:?}");
        let agenda: String = browser.run("return document.querySelector('main').innerText").await?;
        for text in ["Tides", "Mira Quell", "Reefs", "Otto Fathom"] {
            assert!(agenda.contains(text), "{agenda}");
        }

        browser.open(&preview.url(&notes[0])).await?;
        let note: String = browser.run("return document.querySelector('main').innerText").await?;
        for text in ["Tides", "Mira Quell", "Water finds a way", "Next talk"] {
            assert!(note.contains(text), "{note}");
        }
        let links: Vec<String> = browser
            .run("return [...document.querySelectorAll('main a')].map((a) => a.href)")
            .await?;
        for link in ["https://tides.example/table", &preview.url(&notes[1])] {
            assert!(links.iter().any(|found| found == link), "{link} is not in {links:?}");
        }
        let requests = browser.requests().await?;
        assert!(!requests.iter().any(|url| url.contains("/-/events")), "scripts ran: {requests:?}");
        Ok(())
    })
    .await
}
