//! Pages run in the direction of their text, from the front matter of a document to the screen.

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

const NOTE: &str = "---
title: أمواج الميناء
summit: harbor-days
speakers: [Mira Quell]
day: 2031-05-14
startTime: '09:30'
endTime: '10:15'
lang: ar
dir: rtl
robots: 'noindex, \"><script>document.title=1</script>'
---

## المد

> نص

```
let a = 1;
```
";

/// Direction of the article, of its code, of the time, and at which side a quote has its line.
const LOOKS: &str = "
    const look = (selector) => getComputedStyle(document.querySelector(selector));
    const quote = look('.prose blockquote');
    const side = parseFloat(quote.borderRightWidth) > 0 && parseFloat(quote.borderLeftWidth) === 0;
    return [look('article').direction, look('.prose pre').direction,
        look('.when .time').direction, String(side)]";

#[tokio::test]
async fn a_note_from_right_to_left_is_laid_out_so_and_robots_are_told() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("tides.md", NOTE)]).await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        browser.wait_for("document.querySelector('.prose blockquote')").await?;
        let looks: [String; 4] = browser.run(LOOKS).await?;
        assert_eq!(looks, ["rtl", "ltr", "ltr", "true"]);
        let head: (String, String, String) = browser
            .run(
                "return [document.querySelector('meta[name=robots]').content,
                    document.querySelector('.prose').lang, document.title]",
            )
            .await?;
        assert_eq!((&*head.0, &*head.1), ("noindex", "ar"), "known words only");
        assert!(head.2.contains("أمواج"), "{}", head.2);
        Ok(())
    })
    .await
}

const TWO: &str = "---
title: Two directions
summit: harbor-days
speakers: [Mira Quell]
day: 2031-05-14
---

The first line.

שורה שנייה.

- שלישית
- fourth

> ציטוט

```
code // הערה
```
";

/// The direction of each block, and at which side the quote has its line.
const BLOCKS: &str = "
    const look = (one) => getComputedStyle(one);
    const of = (selector) => [...document.querySelectorAll('.prose ' + selector)];
    const quote = look(of('blockquote')[0]);
    const side = parseFloat(quote.borderRightWidth) > 0 && parseFloat(quote.borderLeftWidth) === 0;
    return [[...of('p'), ...of('li'), ...of('pre')].map((one) => look(one).direction), side]";

#[tokio::test]
async fn each_block_of_a_note_finds_its_own_direction() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("two.md", TWO)]).await?;
        let notes = preview.notes_of(browser, "harbor-days").await?;
        browser.open(&preview.url(&notes[0])).await?;
        let (blocks, side): (Vec<String>, bool) = browser.run(BLOCKS).await?;
        assert_eq!(blocks, ["ltr", "rtl", "rtl", "rtl", "ltr", "ltr"]);
        assert!(side, "a quote has its line where its text begins");
        Ok(())
    })
    .await
}
