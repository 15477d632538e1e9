//! Pages fit their window, and can be read in light and dark.

use serde::Deserialize;
use serde_json::json;

use crate::browser::{Browser, with_browser};
use crate::preview::Preview;
use crate::support::Result;

const WIDTHS: [u32; 5] = [320, 390, 820, 1280, 1440];

async fn set_width(browser: &Browser, width: u32) -> Result {
    let size =
        json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600 });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

async fn set_scheme(browser: &Browser, scheme: &str) -> Result {
    let features = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    browser.devtools("Emulation.setEmulatedMedia", features).await?;
    Ok(())
}

/// By how much the page is too wide, and what sticks out.
const OVERFLOW: &str = "
    const { scrollWidth, clientWidth } = document.documentElement;
    const scrolls = (one) => one && one !== document.body &&
        (['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX) ||
            scrolls(one.parentElement));
    const outside = [...document.body.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > clientWidth + 1 && !scrolls(one))
        .map((one) => one.outerHTML.slice(0, 120));
    return [Math.max(scrollWidth - clientWidth, 0), outside]";

#[tokio::test]
async fn pages_fit_phones_and_screens_without_scrolling_sideways() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        preview
            .on_every_page(browser, async |path| {
                for width in WIDTHS {
                    set_width(browser, width).await?;
                    let (excess, outside): (u32, Vec<String>) = browser.run(OVERFLOW).await?;
                    assert!(
                        excess == 0 && outside.is_empty(),
                        "{path} is {excess} px too wide at {width} px: {outside:#?}"
                    );
                }
                Ok(())
            })
            .await
    })
    .await
}

/// Text with the contrast to what is behind it. Colours are read from a canvas, which knows every way
/// to write one. Disabled controls and text that only programs read do not count.
const CONTRASTS: &str = "
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const over = (layers) => {
        context.clearRect(0, 0, 1, 1);
        for (const layer of layers) {
            context.fillStyle = layer;
            context.fillRect(0, 0, 1, 1);
        }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((value) => value / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const layers = (one) =>
        one ? [...layers(one.parentElement), getComputedStyle(one).backgroundColor] : ['Canvas'];
    const seen = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || one.closest('.visually-hidden')) continue;
        if (!one.checkVisibility({ visibilityProperty: true })) continue;
        const behind = layers(one);
        const front = [...behind, getComputedStyle(one).color];
        const key = front.join('|');
        if (seen.has(key)) continue;
        const [dark, light] = [luminance(over(behind)), luminance(over(front))].sort((a, b) => a - b);
        const contrast = (light + 0.05) / (dark + 0.05);
        const place = `${one.localName}.${one.className} in .${one.parentElement.className}`;
        seen.set(key, { contrast, place, text: walker.currentNode.data.trim().slice(0, 40) });
    }
    return [...seen.values()]";

#[derive(Debug, Deserialize)]
struct Text {
    contrast: f64,
    #[allow(dead_code, reason = "for the message")]
    place: String,
    #[allow(dead_code, reason = "for the message")]
    text: String,
}

#[tokio::test]
async fn all_text_has_contrast_in_light_and_dark() -> Result {
    with_browser(async |browser| {
        let preview = Preview::of_everything().await?;
        preview
            .on_every_page(browser, async |path| {
                let open =
                    "document.querySelectorAll('details').forEach((one) => (one.open = true))";
                browser.run::<()>(open).await?;
                for scheme in ["light", "dark"] {
                    set_scheme(browser, scheme).await?;
                    let texts: Vec<Text> = browser.run(CONTRASTS).await?;
                    assert!(texts.len() > 2, "{path}: text is seen");
                    let weak: Vec<_> = texts.iter().filter(|text| text.contrast < 4.5).collect();
                    assert!(weak.is_empty(), "{path} in {scheme}: {weak:#?}");
                }
                Ok(())
            })
            .await?;
        let is_dark = "matchMedia('(prefers-color-scheme: dark)').matches && \
            getComputedStyle(document.body).backgroundColor.startsWith('oklch(0.195 ')";
        browser.wait_for(is_dark).await
    })
    .await
}
