//! Notes are found: with the keyboard as one types, and without JavaScript.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

const HARBOUR: &str = "---\ntitle: Harbour Days\n---\n\n# 2031-05-14\n\n\
    ## 霧中節流 - Mira Quell\n\n### Personal\n\n先量，再節流。\n\n### 共筆\n\nclient-side throttling\n\n\
    ## Tide tables - Otto Fathom\n\n### Personal\n\n限流、節流、丟棄 <b>x</b>\n";
const REEF: &str =
    "---\ntitle: Reef Week\n---\n\n# 2031-06-01\n\n## Corals - Ada Pier\n\n慢慢節流。\n";

async fn start() -> Result<Preview> {
    Preview::start(&[("harbour.md", HARBOUR), ("reef.md", REEF)]).await
}

/// Types into what has the focus as a keyboard does.
const TYPE: &str = "
    const field = document.activeElement;
    field.value = arguments[0];
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))";

#[tokio::test]
async fn a_page_of_results_needs_no_javascript_and_leads_to_the_place() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.open(&preview.url("/search?q=節流")).await?;
        let found: (Vec<String>, Vec<String>, String) = browser
            .run(
                "return [[...document.querySelectorAll('.found h3')].map((one) => one.innerText),
                    [...new Set([...document.querySelectorAll('.found mark')].map((m) => m.innerText))],
                    document.querySelector('.found li li a').getAttribute('href')]",
            )
            .await?;
        assert_eq!(found.0.len(), 3, "{:?}", found.0);
        assert_eq!(found.0[0], "霧中節流", "a title comes first");
        assert_eq!(found.1, ["節流"]);
        browser.open(&preview.url(&found.2)).await?;
        // The browser takes what it looks for off the address.
        browser
            .wait_for("location.hash === '#note-personal' && document.getElementById('note-personal')")
            .await?;

        browser.open(&preview.url("/search?q=throtling")).await?;
        let text: String = browser.run("return document.querySelector('.found').innerText").await?;
        assert!(text.contains("throttling") && text.contains("throtling"), "{text}");
        browser.open(&preview.url("/search?q=%3Cb%3Ex&in=preview%2Fharbour")).await?;
        let text: String = browser.run("return document.querySelector('main').innerText").await?;
        assert!(text.contains("<b>x") && text.contains("Harbour Days"), "{text}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn slash_and_ctrl_k_open_the_palette_and_arrows_and_enter_lead_to_a_hit() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url("/preview/harbour")).await?;
        let slash = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))";
        browser.run::<()>(slash).await?;
        browser.wait_for("document.querySelector('dialog.palette[open]')").await?;
        browser.wait_for("document.activeElement.getAttribute('role') === 'combobox'").await?;
        browser.run_with::<()>(TYPE, vec![json!("節流")]).await?;
        // The summit of the page is searched first.
        browser.wait_for("document.querySelectorAll('.palette-hit.note').length === 2").await?;
        browser.wait_for("document.querySelectorAll('.palette-hit mark').length >= 3").await?;
        let chosen = "document.querySelector('[aria-selected=true]')";
        browser.wait_for(&format!("{chosen}.id === document.activeElement.getAttribute('aria-activedescendant')")).await?;
        browser.press(Key::Down, 1).await?;
        browser.wait_for(&format!("{chosen}.dataset.href.includes('#note-personal')")).await?;
        browser.press(Key::Enter, 1).await?;
        browser.wait_for(&format!("location.pathname === '{}'", notes[0])).await?;

        let ctrl_k = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }))";
        browser.run::<()>(ctrl_k).await?;
        browser.wait_for("document.querySelector('dialog.palette[open]')").await?;
        browser.press(Key::Escape, 1).await?;
        browser.wait_for("!document.querySelector('dialog.palette[open]')").await
    })
    .await
}

#[tokio::test]
async fn nothing_is_asked_for_and_enter_is_left_alone_while_an_input_method_composes() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        browser.open(&preview.url("/")).await?;
        browser.run::<()>("document.querySelector('.find').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, cancelable: true }))").await?;
        browser.wait_for("document.querySelector('dialog.palette[open]')").await?;
        browser.run::<()>("window.asked = []; const real = fetch; window.fetch = (...all) => { asked.push(all[0]); return real(...all); }").await?;
        // As Chromium has it: composing text, Enter to commit it, then the text as it is.
        browser
            .run::<()>(
                "const field = document.activeElement;
                field.dispatchEvent(new CompositionEvent('compositionstart'));
                field.value = 'ㄐㄧㄝˊ';
                field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
                window.left = field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }));
                field.value = '節流';
                field.dispatchEvent(new CompositionEvent('compositionend'));",
            )
            .await?;
        browser.wait_for("document.querySelectorAll('.palette-hit.note').length === 3").await?;
        let (left, asked): (bool, Vec<String>) = browser.run("return [window.left, window.asked]").await?;
        assert!(left, "Enter belongs to the input method");
        let words: Vec<_> = asked.iter().filter(|one| !one.contains("%E7%AF%80%E6%B5%81")).collect();
        assert!(words.is_empty(), "{asked:?}");
        assert!(browser.run::<bool>("return location.pathname === '/'").await?);
        Ok(())
    })
    .await
}
