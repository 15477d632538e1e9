//! In a quiet time nothing is written. This has a control plane of its own: the API server's metrics
//! count what everybody does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

#[path = "support/mod.rs"]
mod support;

use serde_json::json;
use support::namespace::with_namespace;
use support::publishing::{self, Publishing, talk};
use support::{Result, writes};

/// How many visits to the git server make a quiet time: a minute, at one in ten seconds.
const VISITS: u64 = 6;

#[tokio::test]
async fn nothing_is_written_while_nothing_changes() {
    with_namespace(async |test| -> Result {
        let texts: Vec<(String, String)> =
            (0..30).map(|n| (format!("{n}.md"), talk(&format!("Plant {n}"), "Green."))).collect();
        let mut files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("broken.md", "---\ntitle: [\n---\n"));
        let publishing = Publishing::start_with(test, &files, json!({ "interval": "10s" })).await?;
        let titles: Vec<String> = (0..30).map(|n| format!("Plant {n}")).collect();
        publishing.shows(&titles.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let _viewer = test.start_viewer().await?;
        // The first visit after everything is current ends what the publication began.
        publishing.server.wait_for_ls_remotes(2).await;
        publishing::settled(test).await?;
        // What was written a moment ago is counted by then.
        publishing.server.wait_for_ls_remotes(1).await;

        let before = writes::count(&test.client).await?;
        let fetches = publishing.server.fetch_count();
        for _ in 0..VISITS {
            publishing.server.wait_for_ls_remotes(1).await;
        }
        assert_eq!(writes::count(&test.client).await?, before, "somebody wrote");
        assert_eq!(publishing.server.fetch_count(), fetches, "somebody fetched");
        assert!(before.values().sum::<u64>() > 60, "the metrics do not count: {before:?}");
        Ok(())
    })
    .await;
}
