//! What stands otherwise on a narrow screen: sections as tabs, and short talks one below the other.

use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

const SECTIONS: &str = "---
talknotes: talk
title: Tugs
---

## Personal

Ropes.

## 共筆

纜繩。
";

async fn width(browser: &Browser, width: u32) -> Result {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

#[tokio::test]
async fn sections_are_tabs_on_a_narrow_screen_without_a_script() -> Result {
    const SHOWN: &str = "return [...document.querySelectorAll('.segments a')]
        .filter((tab) => tab.getClientRects().length)
        .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
        .map((tab) => [tab.innerText, getComputedStyle(tab).fontWeight === '700', tab.getBoundingClientRect().height >= 44])";
    with_browser(async |browser| {
        let preview = Preview::start(&[("tugs.md", SECTIONS)]).await?;
        let page = preview.url(&preview.note_on_first_page(browser, "tugs").await?);
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        for (wide, expected) in [
            (390, vec![("One column", true), ("Personal", false), ("共筆", false)]),
            (820, vec![("One column", true), ("Personal", false), ("共筆", false)]),
            (
                1280,
                vec![
                    ("Side by side", true),
                    ("Personal", false),
                    ("共筆", false),
                    ("One column", false),
                ],
            ),
        ] {
            width(browser, wide).await?;
            browser.open(&page).await?;
            let tabs: Vec<(String, bool, bool)> = browser.run(SHOWN).await?;
            let seen: Vec<_> = tabs.iter().map(|(text, on, _)| (text.as_str(), *on)).collect();
            assert_eq!(seen, expected, "at {wide}");
            assert!(wide > 820 || tabs.iter().all(|(_, _, tall)| *tall), "{tabs:?}");
        }
        width(browser, 390).await?;
        browser.open(&format!("{page}?view=2")).await?;
        let text: String = browser.run("return document.querySelector('.prose').innerText").await?;
        assert!(text.contains("纜繩") && !text.contains("Ropes"), "{text}");
        let tabs: Vec<(String, bool, bool)> = browser.run(SHOWN).await?;
        let on: Vec<_> = tabs.iter().filter(|(_, on, _)| *on).map(|(text, ..)| text).collect();
        assert_eq!(on, ["共筆"]);
        Ok(())
    })
    .await
}

fn quick(name: &str, time: &str, kind: &str) -> String {
    format!(
        "---\ntitle: {name}\nsummit: reef-week\nday: 2031-05-14\nstartTime: '{time}'\nkind: {kind}\nspeakers: [Otto Fathom]\n---\nWater.\n"
    )
}

#[tokio::test]
async fn short_talks_in_a_row_stand_together_in_two_columns_with_their_times() -> Result {
    with_browser(async |browser| {
        let talks = [
            ("a.md", quick("Buoys", "15:00", "Session")),
            ("b.md", quick("Tides", "16:00", "Lightning")),
            ("c.md", quick("Knots", "16:05", "Lightning")),
            ("d.md", quick("Fog", "16:10", "Lightning")),
            ("e.md", quick("Reefs", "16:15", "Lightning")),
            ("f.md", quick("Quays", "17:00", "Session")),
            ("g.md", quick("Oars", "17:30", "Lightning")),
        ];
        let talks = talks.each_ref().map(|(file, text)| (*file, text.as_str()));
        let preview = Preview::start(&talks).await?;
        for (wide, columns) in [(1280, 2), (390, 1)] {
            width(browser, wide).await?;
            browser.open(&preview.url("/preview/reef-week")).await?;
            let times: Vec<String> = browser
                .run("return [...document.querySelectorAll('.margin.time')].map((one) => one.innerText.trim())")
                .await?;
            assert_eq!(times, ["15:00", "16:00", "17:00", "17:30"], "at {wide}");
            let found: Vec<(String, String, i32)> = browser
                .run(
                    "return [...document.querySelectorAll('.quick .row')].map((row) =>
                        [row.querySelector('h3').innerText, row.querySelector('.at').innerText, Math.round(row.getBoundingClientRect().left)])",
                )
                .await?;
            let seen: Vec<_> = found.iter().map(|(title, at, _)| (title.as_str(), at.as_str())).collect();
            assert_eq!(seen, [("Tides", "16:00"), ("Knots", "16:05"), ("Fog", "16:10"), ("Reefs", "16:15")]);
            let mut lefts: Vec<i32> = found.iter().map(|(_, _, left)| *left).collect();
            lefts.dedup();
            assert_eq!(lefts.len(), columns, "at {wide}: {found:?}");
        }
        Ok(())
    })
    .await
}
