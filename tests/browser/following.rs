//! Open pages follow what is saved.

use std::fs;

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

/// Long enough to scroll, with links that can have the focus.
fn document(title: &str, word: &str) -> String {
    let filler = "A quiet line about the harbour.\n\n".repeat(60);
    format!(
        "---\ntitle: Harbour Days\n---\n\n# 2031-05-14\n\n## {title} - Mira Quell\n\n{word}\n\n{filler}\
         [The tide table](https://tides.example/table) and {filler}\n"
    )
}

/// Remembers in the page what a reload would lose, and everything that is announced.
const WATCH: &str = "
    window.marker = 'still here';
    window.announced = [];
    const status = document.querySelector('[role=status]');
    new MutationObserver(() => announced.push(status.textContent))
        .observe(status, { childList: true, characterData: true, subtree: true });";

async fn still_the_same_page(browser: &Browser) -> Result {
    let marker: Option<String> = browser.run("return window.marker ?? null").await?;
    assert_eq!(marker.as_deref(), Some("still here"), "the page was loaded again");
    browser.wait_for("announced.includes('This page was updated.')").await
}

#[tokio::test]
async fn an_open_note_changes_by_itself_and_keeps_focus_and_place() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", &document("Tides", "Before."))]).await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url(&notes[0])).await?;
        browser.run::<()>(WATCH).await?;
        let focus = "document.querySelector('.prose a[href*=tides]').focus(); \
            window.scrollTo(0, 700);";
        browser.run::<()>(focus).await?;
        browser.wait_for("window.scrollY === 700").await?;

        fs::write(preview.document("harbour.md"), document("Tides", "Afterwards."))?;
        browser
            .wait_for("document.querySelector('.prose').textContent.includes('Afterwards.')")
            .await?;
        still_the_same_page(browser).await?;
        let scroll: f64 = browser.run("return window.scrollY").await?;
        assert!((scroll - 700.0).abs() < 2.0, "the page moved to {scroll}");
        let focus: String = browser.run("return document.activeElement.textContent").await?;
        assert_eq!(focus, "The tide table");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_open_agenda_shows_a_new_title_by_itself() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", &document("Tides", "Water."))]).await?;
        browser.open(&preview.url("/preview/harbour")).await?;
        browser.run::<()>(WATCH).await?;
        fs::write(preview.document("harbour.md"), document("Currents", "Water."))?;
        browser.wait_for("document.querySelector('.row').textContent.includes('Currents')").await?;
        still_the_same_page(browser).await
    })
    .await
}

#[tokio::test]
async fn the_open_page_of_a_removed_note_says_so_and_keeps_its_text() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[
            ("harbour.md", &document("Tides", "Water finds a way.")),
            ("reef.md", &document("Corals", "Slow.")),
        ])
        .await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url(&notes[0])).await?;
        fs::remove_file(preview.document("harbour.md"))?;
        browser
            .wait_for(
                "document.querySelector('[role=status]').textContent.includes('no longer published')",
            )
            .await?;
        browser.wait_for("document.body.textContent.includes('Water finds a way.')").await?;
        fs::write(preview.document("harbour.md"), document("Tides", "Back again."))?;
        browser.wait_for("document.querySelector('.prose').textContent.includes('Back again.')").await
    })
    .await
}

#[tokio::test]
async fn the_page_of_a_missing_summit_becomes_the_summit_when_it_is_written() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("reef.md", &document("Corals", "Slow."))]).await?;
        browser.open(&preview.url("/preview/harbour")).await?;
        browser.wait_for("document.querySelector('h1').textContent.includes('nothing')").await?;
        browser.run::<()>(WATCH).await?;
        fs::write(preview.document("harbour.md"), document("Tides", "Water."))?;
        browser.wait_for("document.querySelector('h1').textContent.includes('Harbour')").await?;
        still_the_same_page(browser).await
    })
    .await
}

#[tokio::test]
async fn links_to_headings_that_hackmd_gave_still_lead_there() -> Result {
    with_browser(async |browser| {
        let text = document("Moorings", "### Personal\n\n### 問題：一、二");
        let preview = Preview::start(&[("harbour.md", &text)]).await?;
        let paths = preview.notes_of(browser, "harbour").await?;
        let [path] = paths.as_slice() else { return Err(format!("{paths:?}").into()) };
        for id in ["Personal", "問題：一、二"] {
            browser.open(&preview.url(&format!("{path}#{id}"))).await?;
            let is_there = format!(
                "decodeURIComponent(location.hash) === '#note-{id}' && document.querySelector(':target') !== null"
            );
            browser.wait_for(&is_there).await?;
        }
        Ok(())
    })
    .await
}
