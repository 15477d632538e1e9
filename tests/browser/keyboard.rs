//! Pages for people who use a keyboard or listen to them.

use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

/// Writes down every stop of the focus, and how it is shown.
const LISTEN: &str = "
    window.stops = [];
    document.addEventListener('focusin', (event) => {
        // A row shows the focus of its link around all of it.
        const looks = [null, '::after'].map((part) => getComputedStyle(event.target, part));
        const isOutlined = ({ outlineStyle, outlineWidth }) =>
            outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        const { top, bottom } = event.target.getBoundingClientRect();
        stops.push({
            name: event.target.outerHTML.slice(0, 100),
            outlined: looks.some(isOutlined),
            seen: bottom > 0 && top < innerHeight,
        });
        event.target.reached = true;
    });
    return document.querySelectorAll('a[href], summary, button, input, [tabindex=\"0\"]').length";

/// What can have the focus and did not get it.
const UNREACHED: &str = "
    return [...document.querySelectorAll('a[href], summary, button, [tabindex=\"0\"]')]
        .filter((one) => one.checkVisibility() && !one.reached)
        .map((one) => one.outerHTML.slice(0, 100))";

#[derive(Debug, Deserialize)]
struct Stop {
    name: String,
    outlined: bool,
    seen: bool,
}

#[tokio::test]
async fn every_link_is_reached_with_the_tab_key_and_shows_its_focus() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        let mut paths = vec!["/", "/-/diagnostics", "/preview/everythink", "/preview/everything"];
        let notes = preview.notes_of(browser, "everything").await?;
        paths.extend(notes.iter().map(String::as_str));
        for path in paths {
            browser.open(&preview.url(path)).await?;
            let count: usize = browser.run(LISTEN).await?;
            browser.tab(count).await?;
            let stops: Vec<Stop> = browser.run("return window.stops").await?;
            let first = stops.first().ok_or("nothing can have the focus")?;
            assert!(first.name.contains("class=\"skip\""), "{path}: {first:?}");
            let unseen: Vec<_> = stops.iter().filter(|s| !(s.outlined && s.seen)).collect();
            assert!(unseen.is_empty(), "{path}: {unseen:#?}");
            let unreached: Vec<String> = browser.run(UNREACHED).await?;
            assert!(unreached.is_empty(), "{path}: {unreached:#?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_skip_link_leads_past_the_header() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        browser.open(&preview.url("/preview/everything")).await?;
        browser.tab(1).await?;
        browser.press(Key::Enter, 1).await?;
        browser.wait_for("document.activeElement.localName === 'main'").await?;
        browser.tab(1).await?;
        browser.wait_for("document.querySelector('main').contains(document.activeElement)").await
    })
    .await
}

/// A node of the tree that screen readers get.
#[derive(Debug)]
struct Node {
    role: String,
    name: String,
    level: Option<u64>,
}

async fn accessible_nodes(browser: &Browser) -> Result<Vec<Node>> {
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = tree["nodes"].as_array().ok_or("no tree")?.iter();
    let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    let level = |node: &Value| {
        let properties = node["properties"].as_array()?;
        properties.iter().find(|one| one["name"] == "level")?["value"]["value"].as_u64()
    };
    Ok(nodes
        .filter(|node| node["ignored"] != true)
        .map(|node| Node {
            role: text(&node["role"]),
            name: text(&node["name"]),
            level: level(node),
        })
        .collect())
}

/// Roles that say nothing without a name.
const NAMED: [&str; 6] = ["navigation", "region", "link", "image", "button", "heading"];

#[tokio::test]
async fn pages_have_landmarks_names_and_one_title_for_screen_readers() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        preview
            .on_every_page(browser, async |path| {
                let nodes = accessible_nodes(browser).await?;
                for role in ["banner", "main", "contentinfo", "status"] {
                    let count = nodes.iter().filter(|node| node.role == role).count();
                    assert_eq!(count, 1, "{path}: {role}");
                }
                // Who attacks writes no alternative texts; Markdown's pictures always have one.
                let is_exempt = |node: &Node| node.role == "image" && path.contains("/hostile");
                let nameless: Vec<_> = nodes
                    .iter()
                    .filter(|node| NAMED.contains(&&*node.role) && node.name.trim().is_empty())
                    .filter(|node| !is_exempt(node))
                    .collect();
                assert!(nameless.is_empty(), "{path}: {nameless:#?}");
                check_headings(path, &nodes);
                Ok(())
            })
            .await
    })
    .await
}

/// One title, and no level is left out on the way down.
fn check_headings(path: &str, nodes: &[Node]) {
    let headings: Vec<_> = nodes.iter().filter(|node| node.role == "heading").collect();
    let titles = headings.iter().filter(|heading| heading.level == Some(1)).count();
    assert_eq!(titles, 1, "{path}: {headings:#?}");
    let mut above = 0;
    for heading in &headings {
        let level = heading.level.unwrap();
        assert!(level <= above + 1, "{path}: {heading:?} below level {above}: {headings:#?}");
        above = level;
    }
}
