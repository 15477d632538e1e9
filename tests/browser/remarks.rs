//! What is wrong with a document stands beside its blocks.

use std::fs;

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

const FAULTY: &str = "# 2031-05-14\n\n## Tides - Mira Quell\n\nA quiet line.\n\n\
    * one\n* two <script>x</script>\n\nabove\n---\nunder\n\n[^tide]: never referred to\n";

/// Where each remark stands: its code and the text of the block that follows it.
const PLACES: &str = "return [...document.querySelectorAll('.prose .remark')].map((one) => [
    one.querySelector('summary').textContent.trim(),
    (one.nextElementSibling ?? one.nextSibling).textContent.trim()])";

#[tokio::test]
async fn remarks_stand_at_their_blocks_and_can_be_read_without_javascript() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", FAULTY)]).await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url(&notes[0])).await?;
        let places: Vec<(String, String)> = browser.run(PLACES).await?;
        let places: Vec<(&str, &str)> = places.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            places[1..],
            [("warning TN1101", "above"), ("info TN2006", "[^tide]: never referred to")]
        );
        assert_eq!(places[0].0, "warning TN2007");
        let text: String = browser.run("return document.querySelector('.prose').innerText").await?;
        assert!(text.contains("put a blank line between them"), "{text}");
        // A hint waits until it is asked for, with the keyboard, too.
        assert!(!text.contains("nothing refers to the footnote"), "{text}");
        let reachable: bool = browser
            .run(
                "const hint = document.querySelector('.remark-info > summary');
                hint.focus(); hint.click();
                return document.activeElement === hint && hint.parentElement.open",
            )
            .await?;
        assert!(reachable);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_remark_goes_as_soon_as_the_document_is_corrected() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", FAULTY)]).await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url(&notes[0])).await?;
        let count = "document.querySelectorAll('.prose .remark').length";
        browser.wait_for(&format!("{count} === 3")).await?;
        fs::write(preview.document("harbour.md"), FAULTY.replace("above\n---", "above\n\n---"))?;
        browser.wait_for(&format!("{count} === 2")).await
    })
    .await
}
