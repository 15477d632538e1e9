//! What a browser complains about.

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

/// Runs before anything of a page does.
const LISTEN: &str = "
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
    window.addEventListener('error', (event) => violations.push(`error: ${event.message}`));
    window.addEventListener('unhandledrejection', (event) =>
        violations.push(`rejection: ${event.reason}`));";

#[tokio::test]
async fn no_page_breaks_the_content_security_policy_or_throws() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        let script = json!({ "source": LISTEN });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        preview
            .on_every_page(browser, async |path| {
                let violations: Vec<String> = browser.run("return window.violations").await?;
                assert!(violations.is_empty(), "{path}: {violations:#?}");
                // A page for what is missing is one, and no fault; nor is a picture that an author
                // names and that is not there.
                let is_missing = |entry: &String| {
                    let known = entry.contains(path) || entry.contains("/preview/hostile/x");
                    known && entry.contains("404")
                };
                let complaints = browser.log("browser").await?;
                let complaints: Vec<_> = complaints.iter().filter(|e| !is_missing(e)).collect();
                assert!(complaints.is_empty(), "{path}: {complaints:#?}");
                Ok(())
            })
            .await?;

        // The ears are open: a page that breaks the policy would be heard.
        let style = "const style = document.createElement('style');
            style.textContent = 'p { color: red }'; document.head.append(style)";
        browser.run::<()>(style).await?;
        browser.wait_for("window.violations.length > 0").await
    })
    .await
}
