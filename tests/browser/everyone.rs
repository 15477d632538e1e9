//! Pages that everybody can use (WCAG 2.2 AA), as far as a program can tell, and that are light.

use std::fs;

use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::driver;
use crate::preview::Preview;
use crate::support::{Result, tools};

/// Bytes over the wire: the first view, its style, and its scripts.
const FIRST_VIEW: u64 = 60 * 1024;
const STYLE: u64 = 10 * 1024;
const SCRIPT: u64 = 25 * 1024;

/// What axe finds on the page as it is now, a line each.
async fn faults(browser: &Browser, axe: &str) -> Result<Vec<String>> {
    browser.run::<()>(&format!("if (!window.axe) {{ {axe} }}")).await?;
    browser
        .run_async(
            "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                .then((found) => { window.faults = found.violations; done(); }, (error) => { window.faults = [{ id: String(error), nodes: [] }]; done(); })",
        )
        .await?;
    browser
        .run("return window.faults.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`)")
        .await
}

#[tokio::test]
async fn no_page_keeps_anybody_out() -> Result {
    if !driver::are_installed(&["npm"], "npm")? {
        return Ok(());
    }
    with_browser(async |browser| {
        let axe = fs::read_to_string(tools::axe()?)?;
        let preview = Preview::of_everything().await?;
        let mut found = Vec::new();
        for (scheme, width) in [("light", 1280), ("dark", 390)] {
            let features = json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] });
            browser.devtools("Emulation.setEmulatedMedia", features).await?;
            let size =
                json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
            browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
            preview
                .on_every_page(browser, async |path| {
                    let faults = faults(browser, &axe).await?;
                    found.extend(
                        faults.into_iter().map(|fault| format!("{scheme} {path}: {fault}")),
                    );
                    Ok(())
                })
                .await?;
        }
        assert!(found.is_empty(), "{found:#?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_first_view_is_light() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        let notes = preview.notes_of(browser, "cloud-harbor-2031").await?;
        for path in ["/", "/preview/cloud-harbor-2031", &notes[0]] {
            browser.devtools("Network.clearBrowserCache", json!({})).await?;
            browser.open(&preview.url(path)).await?;
            let sizes: Vec<(String, u64)> = browser
                .run(
                    "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                        .filter((one) => new URL(one.name).origin === location.origin && !one.name.includes('/-/events'))
                        .map((one) => [new URL(one.name).pathname, one.encodedBodySize])",
                )
                .await?;
            let sum = |end: &str| -> u64 {
                sizes.iter().filter(|(name, _)| name.ends_with(end)).map(|(_, size)| size).sum()
            };
            assert!(sizes.len() > 5 && sizes.iter().all(|(_, size)| *size > 0), "{path}: {sizes:?}");
            assert!(sum("") <= FIRST_VIEW, "{path}: {} bytes of {sizes:?}", sum(""));
            assert!(sum(".css") <= STYLE, "{path}: {} bytes of style in {sizes:?}", sum(".css"));
            assert!(sum(".js") <= SCRIPT, "{path}: {} bytes of script in {sizes:?}", sum(".js"));
        }
        Ok(())
    })
    .await
}
