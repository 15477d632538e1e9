//! Notes that attack their readers.

use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::preview::{HOSTILE, Preview};
use crate::support::Result;
use crate::support::wait::{self, DEADLINE, Look};

/// Clicks every link of the page. Those to ordinary pages are stopped on their way, and where they
/// lead is given back: what else there is, runs.
const CLICK_ALL: &str = "
    const stop = (event) => {
        const link = event.target.closest('a');
        if (link && /^(https?|mailto):$/.test(link.protocol)) event.preventDefault();
    };
    document.addEventListener('click', stop, true);
    const links = [...document.querySelectorAll('a, area, [role=link], summary, input, label')];
    links.forEach((link) => link.click());
    document.querySelectorAll('main *').forEach((one) => {
        for (const kind of ['focus', 'mouseover', 'toggle', 'load', 'animationstart'])
            one.dispatchEvent(new Event(kind));
    });
    document.removeEventListener('click', stop, true);
    return links.filter((link) => link.href).map((link) => link.href)";

/// Whatever an attack would leave behind.
const HACKED: &str = "return typeof window.hacked === 'undefined' ? null : String(window.hacked)";

/// Opens every page of hostile notes and touches whatever can be touched.
async fn attack(browser: &Browser) -> Result {
    let preview = Preview::start(&[("hostile.md", HOSTILE)]).await?;
    let mut paths = preview.notes_of(browser, "hostile").await?;
    assert!(paths.len() >= 8, "each heading is a note: {paths:?}");
    paths.extend(["/", "/preview/hostile", "/-/diagnostics"].map(str::to_owned));
    for path in &paths {
        browser.open(&preview.url(path)).await?;
        let links: Vec<String> = browser.run(CLICK_ALL).await?;
        let is_known = |link: &String| {
            ["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme))
        };
        assert!(links.iter().all(is_known), "{path}: {links:#?}");
        // Two frames and a turn of the event loop: what was to run, has.
        browser.run_async("requestAnimationFrame(() => setTimeout(done, 0))").await?;
        let hacked: Option<String> = browser.run(HACKED).await?;
        assert_eq!(hacked, None, "{path}");
        let shape: [usize; 3] = browser.run(SHAPE).await?;
        assert_eq!(shape, [1, 1, 1], "{path}: one main, one status, one h1");
        assert_eq!(browser.run::<String>("return location.pathname").await?, *path);
    }
    let requests = browser.requests().await?;
    // Chromium's own first page is its own affair.
    let known = [&preview.base, "data:", "chrome:"];
    let is_foreign = |url: &&String| !known.iter().any(|start| url.starts_with(start));
    let foreign: Vec<_> = requests.iter().filter(is_foreign).collect();
    let own = requests.iter().filter(|url| url.starts_with(&preview.base)).count();
    assert!(own > paths.len(), "requests are seen: {requests:?}");
    assert!(foreign.is_empty(), "{foreign:#?}");
    Ok(())
}

const SHAPE: &str =
    "return ['main', '[role=status]', 'h1'].map((one) => document.querySelectorAll(one).length)";

#[tokio::test]
async fn hostile_notes_run_nothing_and_ask_no_foreign_host() -> Result {
    with_browser(attack).await
}

/// The policy is the second wall: here the sanitizer stands alone.
#[tokio::test]
async fn hostile_notes_run_nothing_even_where_a_browser_knows_no_content_security_policy() -> Result
{
    with_browser(async |browser| {
        browser.devtools("Page.setBypassCSP", json!({ "enabled": true })).await?;
        attack(browser).await?;
        // The same text is dangerous where nobody sanitizes it, and the ears are open.
        let raw = "const frame = document.createElement('iframe'); frame.srcdoc = arguments[0];
            document.body.append(frame); return 0";
        browser.run_with::<u8>(raw, vec![json!(HOSTILE)]).await?;
        browser.wait_for("typeof frames[0].hacked === 'string'").await?;
        wait::until("requests of the raw text to be seen", DEADLINE, async || {
            let requests = browser.requests().await?;
            let foreign = requests.iter().any(|url| url.contains("evil.example"));
            Ok(Look::at(foreign, || format!("{requests:?}")))
        })
        .await
    })
    .await
}
