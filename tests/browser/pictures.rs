//! Pictures of each kind of page. `UPDATE_DOCS=1` puts them into docs/pages, where the README shows them.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;
use crate::support::scratch::Scratch;

/// A programme with rooms and times, for the grid.
const PROGRAMME: &str = include_str!("notes/fog-days.md");

/// A page: its picture's name, its path, width and height, and whether it is dark and in Chinese.
const PICTURES: [(&str, &str, u32, u32, bool); 7] = [
    ("home", "/", 1280, 900, false),
    ("agenda", "/preview/fog-days-2031", 1280, 900, false),
    ("grid", "/preview/fog-days-2031?view=grid", 1280, 900, false),
    ("note", "NOTE", 1280, 900, false),
    ("note-dark-phone", "NOTE", 390, 800, true),
    ("search", "/search?q=節流", 1280, 700, false),
    ("map", "NOTE/mindmap", 1280, 700, true),
];

#[tokio::test]
async fn each_kind_of_page_has_its_picture() -> Result {
    with_browser(async |browser| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let harbor = fs::read_to_string(root.join("examples/notes/cloud-harbor-2031.md"))?;
        let preview =
            Preview::start(&[("cloud-harbor-2031.md", &harbor), ("fog-days-2031.md", PROGRAMME)])
                .await?;
        let notes = preview.notes_of(browser, "fog-days-2031").await?;
        let scratch = Scratch::new()?;
        let is_kept = std::env::var_os("UPDATE_DOCS").is_some();
        let folder =
            if is_kept { root.join("docs/pages") } else { scratch.path().join("pages") };
        fs::create_dir_all(&folder)?;
        browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await?;
        for (name, path, width, height, dark) in PICTURES {
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
            browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
            let scheme = if dark { "dark" } else { "light" };
            let features = json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] });
            browser.devtools("Emulation.setEmulatedMedia", features).await?;
            let note = notes.get(1).ok_or("there are talks")?;
            browser.open(&preview.url(&path.replace("NOTE", note))).await?;
            browser.wait_for("document.fonts.status === 'loaded' && document.querySelector('h1')").await?;
            let picture = browser.picture().await?;
            assert!(picture.len() > 5_000, "{name} is empty");
            fs::write(folder.join(format!("{name}.png")), picture)?;
        }
        Ok(())
    })
    .await
}
