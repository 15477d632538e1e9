//! Readers find their way: languages, filters, days and rooms, people, tags, the way to the next talk.

use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

const FOG: &str = "---
title: Fog in the harbour
summit: harbor-days
speakers: [{name: 林霧燈, alias: Misty Lin}]
day: 2031-05-14
startTime: '10:40'
endTime: '11:20'
room: Beacon
kind: Keynote
medal: Gold
tags: [throttling, 觀測]
links: [{url: 'https://slides.example/1', kind: Slides}]
---

## Personal

Measure first.

## 共筆

先量。
";
const TIDES: &str = "---
title: Tides
summit: harbor-days
speakers: [Otto Fathom]
day: 2031-05-14
startTime: '10:40'
endTime: '12:00'
room: Drydock
tags: [storage]
---

Water.
";
const LATER: &str = "---
title: Later
summit: reef-week
speakers: [Misty Lin]
day: 2032-05-14
tags: [Throttling]
---

";

async fn start() -> Result<Preview> {
    Preview::start(&[("fog.md", FOG), ("tides.md", TIDES), ("later.md", LATER)]).await
}

const TITLES: &str =
    "return [...document.querySelectorAll('.row h3, .cell h3')].map((one) => one.innerText)";

/// The chip with this text.
async fn follow(browser: &Browser, selector: &str, text: &str) -> Result {
    let script = "const one = [...document.querySelectorAll(arguments[0])]
            .find((one) => one.textContent.includes(arguments[1]));
        return one ? one.href : null";
    let href: Option<String> = browser.run_with(script, vec![json!(selector), json!(text)]).await?;
    browser.open(&href.ok_or_else(|| format!("no {selector} says {text}"))?).await
}

#[tokio::test]
async fn filters_are_links_that_count_and_leave_the_rest_without_javascript() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        browser.open(&preview.url("/preview/harbor-days")).await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Fog in the harbour", "Tides"]);
        for (chip, address) in
            [("Recommended", "only=recommended"), ("Slides", "only=slides"), ("Keynote", "kind=keynote"), ("throttling", "tag=throttling")]
        {
            browser.open(&preview.url("/preview/harbor-days")).await?;
            follow(browser, ".filters .chip", chip).await?;
            let search: String = browser.run("return location.search").await?;
            assert_eq!(search, format!("?{address}"));
            assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Fog in the harbour"], "{chip}");
            let on: Vec<String> = browser
                .run("return [...document.querySelectorAll('.filters .chip.on')].map((one) => one.textContent.trim())")
                .await?;
            assert_eq!(on, [format!("{chip} 1")]);
        }
        follow(browser, ".filters .clear", "Clear").await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?.len(), 2);
        browser.open(&preview.url("/preview/harbor-days?only=recommended&tag=storage")).await?;
        browser.wait_for("document.querySelector('main').innerText.includes('No talk is left')").await
    })
    .await
}

#[tokio::test]
async fn a_grid_places_talks_by_room_and_time_in_the_order_of_the_list() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        browser.open(&preview.url("/preview/harbor-days")).await?;
        follow(browser, ".segments a", "Grid").await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Fog in the harbour", "Tides"]);
        let places: (bool, bool, Vec<String>) = browser
            .run(
                "const [fog, tides] = [...document.querySelectorAll('.cell')].map((one) => one.getBoundingClientRect());
                return [Math.abs(fog.top - tides.top) < 3 && fog.right <= tides.left + 1,
                    tides.height > fog.height,
                    [...document.querySelectorAll('.grid-room')].map((one) => one.innerText)]",
            )
            .await?;
        assert_eq!(places, (true, true, vec!["Beacon".to_owned(), "Drydock".to_owned()]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_person_has_one_page_across_summits_whatever_the_programme_calls_them() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        follow(browser, ".speakers a", "林霧燈").await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Later", "Fog in the harbour"]);
        let years: Vec<String> = browser
            .run("return [...document.querySelectorAll('.year')].map((one) => one.innerText)")
            .await?;
        assert_eq!(years, ["2032", "2031"]);
        browser.open(&preview.url("/-/speakers/misty-lin")).await?;
        let path: String = browser.run("return decodeURIComponent(location.pathname)").await?;
        assert_eq!(path, "/-/speakers/林霧燈", "the other name leads to the same page");
        browser.open(&preview.url(&notes[0])).await?;
        follow(browser, ".tags a", "throttling").await?;
        assert_eq!(browser.run::<Vec<String>>(TITLES).await?, ["Later", "Fog in the harbour"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_language_is_switched_for_all_pages_and_dates() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        browser.open(&preview.url("/preview/harbor-days?only=recommended")).await?;
        follow(browser, ".switch", "中文").await?;
        let page: (String, String, String) = browser
            .run("return [document.documentElement.lang, location.search, document.querySelector('main').innerText]")
            .await?;
        assert_eq!((&*page.0, &*page.1), ("zh-Hant", "?only=recommended"));
        assert!(page.2.contains("2031年5月14日") && page.2.contains("主題演講"), "{}", page.2);
        assert!(!page.2.contains("Keynote") && !page.2.contains("May"), "{}", page.2);
        browser.open(&preview.url("/nowhere")).await?;
        browser.wait_for("document.querySelector('h1').innerText === '這個網址沒有東西'").await?;
        follow(browser, ".switch", "EN").await?;
        browser.wait_for("document.documentElement.lang === 'en'").await
    })
    .await
}

#[tokio::test]
async fn a_note_leads_to_its_neighbours_and_shows_one_section_or_both() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        let wide = json!({ "width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", wide).await?;
        browser.open(&preview.url(&notes[0])).await?;
        let side: bool = browser
            .run(
                "const [own, shared] = [...document.querySelectorAll('.note-section')].map((one) => one.getBoundingClientRect());
                return own.right <= shared.left + 40 && Math.abs(own.top - shared.top) < 40",
            )
            .await?;
        assert!(side, "sections stand side by side");
        browser.wait_for("document.querySelector('.beside a').innerText === 'Tides'").await?;
        follow(browser, ".segments a", "共筆").await?;
        let text: String = browser.run("return document.querySelector('.prose').innerText").await?;
        assert!(text.contains("先量。") && !text.contains("Measure first"), "{text}");
        follow(browser, ".pager .after", "Tides").await?;
        browser.wait_for("document.querySelector('h1').innerText === 'Tides'").await?;
        follow(browser, ".pager .before", "Fog").await?;
        browser.wait_for("document.querySelector('h1').innerText === 'Fog in the harbour'").await
    })
    .await
}

#[tokio::test]
async fn a_map_is_a_tree_that_arrows_walk_and_fold() -> Result {
    with_browser(async |browser| {
        let preview = start().await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        follow(browser, ".tool-row .tool", "Mind map").await?;
        let text: String = browser.run("return document.querySelector('.tree').innerText").await?;
        assert!(text.contains("Measure first.") && text.contains("先量。"), "{text}");
        browser.run::<()>("document.querySelector('.tree a').focus()").await?;
        browser.press(fantoccini::key::Key::Left, 1).await?;
        browser.wait_for("!document.querySelector('.tree details').open").await?;
        browser.press(fantoccini::key::Key::Down, 1).await?;
        browser.wait_for("document.activeElement.innerText.includes('共筆')").await?;
        browser.press(fantoccini::key::Key::Enter, 1).await?;
        browser.wait_for("decodeURIComponent(location.hash) === '#note-共筆'").await
    })
    .await
}

const WRITTEN: &str = "---
talknotes: talk
title: Knots
source: {repository: 'https://github.com/harbor/notes', path: days/knots.md, branch: main, revision: c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff, line: 3, changedAt: '2031-05-14T10:00:00Z'}
---

```yaml
kind: Knot # hemp
```
";

#[tokio::test]
async fn a_note_leads_to_its_source_on_wide_and_narrow_screens_and_its_code_has_colours() -> Result
{
    with_browser(async |browser| {
        let preview = Preview::start(&[("knots.md", WRITTEN)]).await?;
        let note = preview.note_on_first_page(browser, "knots").await?;
        for width in [1280, 390] {
            let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
            browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
            browser.open(&preview.url(&note)).await?;
            let links: Vec<(String, String, bool)> = browser
                .run(
                    "return [...document.querySelectorAll('.tool-row .tool, .provenance a')].map((link) => {
                        const box = link.getBoundingClientRect();
                        link.focus();
                        return [link.innerText.trim(), link.href, box.height >= 24 && document.activeElement === link];
                    })",
                )
                .await?;
            let at = "https://github.com/harbor/notes";
            let commit = "c0ffee".repeat(7);
            let expected = [
                ("Edit this note", format!("{at}/edit/main/days/knots.md")),
                ("History", format!("{at}/commits/main/days/knots.md")),
                ("days/knots.md", format!("{at}/blob/{}/days/knots.md?plain=1#L3", &commit[..40])),
            ];
            let expected = expected.map(|(text, url)| (text.to_owned(), url, true));
            assert_eq!(links, expected, "at {width}");
            assert!(browser.run::<bool>("return document.documentElement.scrollWidth <= innerWidth").await?);
        }
        let colours: Vec<String> = browser
            .run(
                "return ['.prose pre', '.code-key', '.code-comment']
                    .map((one) => getComputedStyle(document.querySelector(one)).color)",
            )
            .await?;
        assert!(colours[0] != colours[1] && colours[1] != colours[2], "{colours:?}");
        Ok(())
    })
    .await
}
