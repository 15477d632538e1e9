//! What is folded: printed as plain blocks, and opened by links into it.

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

const NOTE: &str = "---
title: A handout
summit: harbor-days
speakers: [Mira Quell]
day: 2031-05-14
---

[To the log](#at-night)

:::spoiler Answers
Low tide is at seven.
:::

<details>
<summary>The log</summary>

### At night

21:07 the light went out.

</details>
";

/// How high what is folded is shown, and how many folds are open.
const LOOKS: &str = "
    const paragraphs = [...document.querySelectorAll('.prose details p')];
    return [
        paragraphs.map((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0),
        document.querySelectorAll('details[open]').length]";

#[tokio::test]
async fn what_is_folded_is_printed_and_stays_folded_on_the_screen() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("handout.md", NOTE)]).await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        let folded: (Vec<bool>, usize) = browser.run(LOOKS).await?;
        assert_eq!(folded, (vec![false, false], 0));
        let media = |media: &str| json!({ "media": media });
        browser.devtools("Emulation.setEmulatedMedia", media("print")).await?;
        let printed: (Vec<bool>, usize) = browser.run(LOOKS).await?;
        assert_eq!(printed, (vec![true, true], 0));
        browser.devtools("Page.printToPDF", json!({})).await?;
        browser.devtools("Emulation.setEmulatedMedia", media("")).await?;
        let after: (Vec<bool>, usize) = browser.run(LOOKS).await?;
        assert_eq!(after, folded);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_link_into_a_fold_opens_it() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("handout.md", NOTE)]).await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        let click = "document.querySelector('.prose a[href=\"#note-at-night\"]').click()";
        let _: serde_json::Value = browser.run(click).await?;
        browser.wait_for("document.getElementById('note-at-night').checkVisibility()").await?;
        let open: (Vec<bool>, usize) = browser.run(LOOKS).await?;
        assert_eq!(open, (vec![false, true], 1), "only the one around it");
        Ok(())
    })
    .await
}
