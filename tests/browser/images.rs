//! Images that lie beside the notes are really drawn.

use std::fs;

use crate::browser::with_browser;
use crate::preview::Preview;
use crate::support::Result;

/// One pixel.
const IMAGE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn document(body: &str) -> String {
    format!("---\ntitle: Harbour Days\n---\n\n# 2031-05-14\n\n## Tides - Mira Quell\n\n{body}\n")
}

#[tokio::test]
async fn an_image_of_an_overview_is_drawn() -> Result {
    with_browser(async |browser| {
        let overview =
            document("Soon.").replace("---\n\n# 2031", "---\n\n![drawn](a.gif)\n\n# 2031");
        let preview = Preview::start(&[("harbour.md", "")]).await?;
        fs::write(preview.document("a.gif"), IMAGE)?;
        fs::write(preview.document("harbour.md"), overview)?;
        preview.notes_of(browser, "harbour").await?;
        browser
            .wait_for("document.querySelector('.prose img[alt=drawn]')?.naturalWidth === 1")
            .await
    })
    .await
}

#[tokio::test]
async fn an_image_beside_the_notes_is_drawn_and_others_are_not_asked_for() -> Result {
    with_browser(async |browser| {
        let preview = Preview::start(&[("harbour.md", &document("Soon."))]).await?;
        let folder = preview.document("harbour.md").with_file_name("images 圖");
        fs::create_dir(&folder)?;
        fs::write(folder.join("a b.gif"), IMAGE)?;
        fs::write(folder.join("c.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>")?;
        let body = "![drawn](images%20圖/a%20b.gif) <img src='./images 圖/a b.gif' alt='drawn'> \
            ![](<images 圖/c.svg>) ![secret](../../../../etc/passwd)";
        fs::write(preview.document("harbour.md"), document(body))?;
        let notes = preview.notes_of(browser, "harbour").await?;
        browser.open(&preview.url(&notes[0])).await?;
        browser.wait_for("document.querySelectorAll('.prose img').length === 4").await?;
        browser
            .wait_for(
                "[...document.querySelectorAll('img[alt=drawn]')].every(i => i.naturalWidth === 1)",
            )
            .await?;
        let sources: usize =
            browser.run("return document.querySelectorAll('.prose img[src]').length").await?;
        assert_eq!(sources, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_logo_of_a_summit_stands_for_it_on_its_pages_and_on_the_first_one() -> Result {
    const LOGO: &str =
        "[...document.querySelectorAll('img.logo')].some((logo) => logo.naturalWidth === 1)";
    with_browser(async |browser| {
        let summit = |logo: &str| {
            format!("---\ntalknotes: summit\nname: harbour\ntitle: Harbour Days\ntheme: {{logo: {logo}}}\n---\n")
        };
        let preview = Preview::start(&[("harbour.md", &summit("'https://elsewhere.example/a.gif'"))]).await?;
        let talk = "---\ntalknotes: talk\ntitle: Tides\nsummit: harbour\n---\nWater.\n";
        fs::write(preview.document("tides.md"), talk)?;
        fs::write(preview.document("a.gif"), IMAGE)?;
        browser.open(&preview.url("/preview/harbour")).await?;
        browser.wait_for("document.querySelector('.row') && !document.querySelector('img.logo')").await?;
        fs::write(preview.document("harbour.md"), summit("a.gif"))?;
        browser.wait_for(LOGO).await?;
        for path in ["/preview/harbour/-/coverage", "/"] {
            browser.open(&preview.url(path)).await?;
            browser.wait_for(LOGO).await?;
        }
        let foreign = browser.requests().await?;
        assert!(foreign.iter().all(|url| !url.contains("elsewhere.example")), "{foreign:?}");
        Ok(())
    })
    .await
}
