//! What a reader's browser keeps: favourites, and what was read.

use std::fs;

use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

const HARBOUR: &str = "---\ntitle: Harbour Days\n---\n\n# 2031-05-14\n\n\
    ## Tides - Mira Quell\n\n### Personal\n\nMeasure first.\n\n* one\n* two\n\n\
    ## Reefs - Otto Fathom\n\nSlow.\n\n## Ropes - Ada Pier\n\nTie.\n";

const TITLES: &str = "return [...document.querySelectorAll('.row h3')].map((one) => one.innerText)";
const FRESH: &str = "return [...document.querySelectorAll('.row')].map((row) => row.querySelector('.fresh')?.innerText ?? '')";

async fn agenda(preview: &Preview, browser: &Browser) -> Result {
    browser.open(&preview.url("/preview/harbour")).await
}

#[tokio::test]
async fn favourites_stay_in_the_browser_and_are_shared_by_a_link_and_as_a_calendar() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", HARBOUR)]).await?;
        agenda(&preview, browser).await?;
        let names: Vec<String> = browser
            .run("return [...document.querySelectorAll('.row .star')].map((one) => one.getAttribute('aria-label'))")
            .await?;
        assert_eq!(names, ["Favourite: Tides", "Favourite: Reefs", "Favourite: Ropes"]);
        browser.run::<()>("document.querySelectorAll('.row .star')[0].focus()").await?;
        browser.press(fantoccini::key::Key::Enter, 1).await?;
        browser.run::<()>("document.querySelectorAll('.row .star')[2].click()").await?;
        agenda(&preview, browser).await?;
        let pressed: Vec<String> = browser
            .run("return [...document.querySelectorAll('.row .star')].map((one) => one.getAttribute('aria-pressed'))")
            .await?;
        assert_eq!(pressed, ["true", "false", "true"]);
        browser.run::<()>("document.querySelector('.own a').click()").await?;
        browser.wait_for("document.querySelectorAll('.row').length === 2").await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Tides", "Ropes"]);
        let calendar: String =
            browser.run("return document.querySelector('.filters a[href*=\"calendar.ics\"]').href").await?;
        let shared: String = browser.run("return location.href").await?;
        let text = reqwest::get(&calendar).await?.text().await?;
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
        assert!(text.contains("SUMMARY:Tides") && !text.contains("Reefs"), "{text}");

        // Somebody else, who has only the link.
        browser.run::<()>("localStorage.clear()").await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.open(&shared).await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Tides", "Ropes"], "without a script, too");
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await?;
        browser.open(&shared).await?;
        browser.run::<()>("document.querySelector('.own button').click()").await?;
        browser.wait_for("document.querySelectorAll('.row .star[aria-pressed=true]').length === 2").await
    })
    .await
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_marked_on_the_agenda_and_in_the_note() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", HARBOUR)]).await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        assert_eq!(browser.run::<Vec<String>>(FRESH).await?, ["", "", ""], "not everything is news");
        browser.open(&preview.url(&notes[0])).await?;
        browser.wait_for("document.querySelector('.note-head .star')").await?;
        assert_eq!(browser.run::<usize>("return document.querySelectorAll('.changed').length").await?, 0);

        let changed = HARBOUR.replace("* two", "* two and a half")
            + "\n## Kelp - Ada Pier\n\nGreen.\n";
        fs::write(preview.document("harbour.md"), changed)?;
        // The open page is changed in place, and says where.
        browser.wait_for("document.querySelector('.prose li.changed')?.innerText === 'two and a half'").await?;
        let bar: String = browser.run("return document.querySelector('.changes mark').innerText").await?;
        assert_eq!(bar, "1 place changed since you read this");
        browser.run::<()>("document.querySelector('.changes button').click()").await?;
        browser.wait_for("document.activeElement.classList.contains('changed')").await?;

        agenda(&preview, browser).await?;
        browser.wait_for("document.querySelectorAll('.row').length === 4").await?;
        assert_eq!(browser.run::<Vec<String>>(FRESH).await?, ["", "", "", "New to you"]);
        fs::write(preview.document("harbour.md"), HARBOUR.replace("Slow.", "Slower."))?;
        browser.wait_for("document.querySelectorAll('.row').length === 3").await?;
        browser.wait_for("document.querySelectorAll('.row')[1].querySelector('.fresh')?.innerText === 'Changed since you read it'").await?;
        browser.open(&preview.url(&notes[1])).await?;
        browser.wait_for("document.querySelector('.prose .changed, .note-head .star')").await?;
        agenda(&preview, browser).await?;
        browser.wait_for("document.querySelectorAll('.row .star').length === 3").await?;
        assert_eq!(browser.run::<Vec<String>>(FRESH).await?[1], "", "it was read");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_breaks_where_storage_holds_something_else() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", HARBOUR)]).await?;
        agenda(&preview, browser).await?;
        for value in ["{", "3", "{\"a\": 1}", "[1, null]", "\"x\""] {
            let fill = "for (const key of ['favourites', 'visited', 'read', 'blocks:preview/harbour/x']) localStorage.setItem(`talknotes-${key}`, arguments[0])";
            browser.run_with::<()>(fill, vec![json!(value)]).await?;
            agenda(&preview, browser).await?;
            browser.wait_for("document.querySelectorAll('.row .star').length === 3").await?;
            let complaints = browser.log("browser").await?;
            assert!(complaints.is_empty(), "{value}: {complaints:?}");
        }
        Ok(())
    })
    .await
}
