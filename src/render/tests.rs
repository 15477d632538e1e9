//! Notes and summits as a whole.

use super::*;
use crate::api::{Link, LinkKind, SummitReference};

fn spec(title: &str) -> TalkNoteSpec {
    TalkNoteSpec { title: title.into(), ..TalkNoteSpec::default() }
}

fn card(name: &str, day: Option<&str>, start: Option<&str>, order: Option<i32>) -> Card {
    let spec = TalkNoteSpec {
        day: day.map(Into::into),
        start_time: start.map(Into::into),
        order,
        ..spec(&format!("Title of {name}"))
    };
    Card::new(name, &spec)
}

#[test]
fn a_note_has_all_that_its_page_needs() {
    let spec = TalkNoteSpec {
        summit_ref: Some(SummitReference { name: "crab-summit".into() }),
        links: vec![
            Link {
                title: Some("投影片".into()),
                url: "https://slides.example/1".into(),
                kind: Some(LinkKind::Slides),
            },
            Link { url: "javascript:alert(1)".into(), ..Link::default() },
            Link { url: "https://files.example/a?signature=x".into(), ..Link::default() },
        ],
        ..spec("用控制迴圈養螃蟹")
    };
    let rendered = note("ferris", &spec, "### 筆記\n\n控制器每次都從頭看現況。\n");
    let document = &rendered.document;
    assert_eq!(document.card.name, "ferris");
    assert_eq!(document.summit.as_deref(), Some("crab-summit"));
    assert_eq!(document.language, "zh-Hant-TW");
    assert_eq!(document.links.len(), 1);
    assert_eq!(document.sections[0].anchor, "note-筆記");
    assert_eq!(document.excerpt, "控制器每次都從頭看現況。");
    assert_eq!(document.reading_minutes, 1);
    let found: Vec<_> =
        rendered.diagnostics.iter().map(|d| (d.code.as_str(), d.path.as_str())).collect();
    assert_eq!(found, [("TN2001", "spec.links[1].url"), ("TN2002", "spec.links[2].url")]);
    assert!(!format!("{rendered:?}").contains("signature=x"));
}

#[test]
fn the_language_of_the_spec_wins() {
    let spec = TalkNoteSpec { language: Some("nl".into()), ..spec("De krab") };
    assert_eq!(note("krab", &spec, "講者").document.language, "nl");
    assert_eq!(note("crab", &self::spec("The crab"), "").document.language, "en");
    assert_eq!(note("crab", &self::spec("The crab"), "").document.reading_minutes, 0);
}

#[test]
fn the_agenda_is_in_order_whatever_came_first() {
    let sorted = ["a", "b", "c", "d", "e", "f"];
    let cards = || {
        vec![
            card("f", None, None, None),
            card("e", Some("2026-05-15"), None, None),
            card("c", Some("2026-05-14"), None, Some(1)),
            card("a", Some("2026-05-14"), Some("09:00"), Some(9)),
            card("d", Some("2026-05-14"), None, None),
            card("b", Some("2026-05-14"), Some("10:00"), None),
        ]
    };
    let summit_spec = SummitSpec { title: "螃蟹年會".into(), ..SummitSpec::default() };
    let rendered = summit("crab-summit", &summit_spec, cards());
    let names: Vec<_> = rendered.document.agenda.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, sorted);
    assert_eq!(rendered.document.start_date.as_deref(), Some("2026-05-14"));
    assert_eq!(rendered.document.end_date.as_deref(), Some("2026-05-15"));
    let mut reversed = cards();
    reversed.reverse();
    assert_eq!(rendered, summit("crab-summit", &summit_spec, reversed));
}

#[test]
fn a_summit_keeps_its_own_dates_and_renders_its_overview() {
    let spec = SummitSpec {
        title: "螃蟹年會".into(),
        url: Some("ftp://crab.example".into()),
        start_date: Some("2026-05-01".into()),
        overview: Some("**歡迎**<script>alert(1)</script>".into()),
        ..SummitSpec::default()
    };
    let rendered = summit("crab-summit", &spec, vec![card("a", Some("2026-05-14"), None, None)]);
    assert_eq!(rendered.document.start_date.as_deref(), Some("2026-05-01"));
    assert_eq!(rendered.document.end_date.as_deref(), Some("2026-05-14"));
    assert_eq!(rendered.document.url, None);
    assert!(rendered.document.overview_html.contains("<strong>歡迎</strong>"));
    assert!(!rendered.document.overview_html.contains("script"));
    let found: Vec<_> = rendered.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(found, ["TN2007", "TN2001"]);
}

#[test]
fn an_overview_shows_its_images_and_lines_as_its_spec_says() {
    use crate::api::{LineBreaks, NoteImage, Rendering};
    let digest = "a".repeat(64);
    let shown =
        NoteImage { source: "map.png".into(), digest: Some(format!("sha256:{digest}")), url: None };
    let spec = SummitSpec {
        overview: Some("一\n二 ![a map](map.png) ![none](../../etc/passwd)".into()),
        images: vec![shown],
        rendering: Some(Rendering { line_breaks: Some(LineBreaks::Soft), ..Rendering::default() }),
        ..SummitSpec::default()
    };
    let rendered = summit("crab-summit", &spec, Vec::new());
    let html = &rendered.document.overview_html;
    assert!(html.contains(&format!("src=\"crab-summit/-/image-{digest}\"")), "{html}");
    assert!(html.contains("alt=\"none\"") && !html.contains("passwd"), "{html}");
    assert!(html.contains("一二") && !html.contains("<br>"), "{html}");
    assert_eq!(sanitize_published(html), *html);
    let found: Vec<_> = rendered.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(found, ["TN2030"]);
    let hard = SummitSpec { rendering: None, ..spec };
    let html = summit("crab-summit", &hard, Vec::new()).document.overview_html;
    assert!(html.contains("一<br>"), "{html}");
}

#[test]
fn publications_hold_the_keys_of_the_contract() {
    let rendered = note("ferris", &spec("蟹"), "一");
    let publication = rendered.publication().unwrap();
    assert_eq!(publication.data.keys().collect::<Vec<_>>(), [NOTE_HTML, NOTE_JSON]);
    let document: NoteDocument = serde_json::from_str(&publication.data[NOTE_JSON]).unwrap();
    assert_eq!(document, rendered.document);
    let rendered = summit("s", &SummitSpec::default(), Vec::new());
    let publication = rendered.publication().unwrap();
    let document: SummitDocument = serde_json::from_str(&publication.data[SUMMIT_JSON]).unwrap();
    assert_eq!(document, rendered.document);
}

#[test]
fn an_edit_of_the_text_leaves_the_card_alone() {
    let a = note("ferris", &spec("蟹"), "一").document.card;
    assert_eq!(a, note("ferris", &spec("蟹"), "二").document.card);
}

#[test]
fn a_withdrawn_note_leaves_the_agenda_and_the_others_stay() {
    let card = |name: &str| Card { name: name.to_owned(), ..Card::default() };
    let rendered = summit("s", &SummitSpec::default(), vec![card("a"), card("b")]);
    let published = rendered.publication().unwrap();
    assert_eq!(withdrawn(&published, |_| true), Ok(None));
    let rest = withdrawn(&published, |name| name == "b").unwrap().unwrap();
    let document: SummitDocument =
        serde_json::from_str(&rest.entry(SUMMIT_JSON).unwrap().unwrap()).unwrap();
    let names: Vec<&str> = document.agenda.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["b"]);
    assert_ne!(rest.digest, published.digest);
    assert_eq!(withdrawn(&Publication::default(), |_| false), Ok(None));
}

#[test]
fn a_logo_is_an_image_that_is_published_with_the_summit() {
    use crate::api::{NoteImage, SummitTheme};
    let logo = |images: Vec<NoteImage>| {
        let theme = Some(SummitTheme { logo: Some("logo.png".to_owned()), color: None });
        let spec = SummitSpec { theme, images, ..SummitSpec::default() };
        let rendered = summit("harbor", &spec, Vec::new());
        (
            rendered.document.logo,
            rendered.diagnostics.iter().map(|said| said.code.clone()).collect::<Vec<_>>(),
        )
    };
    let digest = "0a".repeat(32);
    let image = |digest: Option<&str>, url: Option<&str>| NoteImage {
        source: "logo.png".to_owned(),
        digest: digest.map(|digest| format!("sha256:{digest}")),
        url: url.map(str::to_owned),
    };
    let shown = (Some(format!("harbor/-/image-{digest}")), Vec::new());
    assert_eq!(logo(vec![image(Some(&digest), None)]), shown);
    let missing = (None, vec!["TN2030".to_owned()]);
    for images in [
        Vec::new(),
        vec![image(None, Some("https://elsewhere.example/logo.png"))],
        vec![image(Some("../../x"), None)],
    ] {
        assert_eq!(logo(images), missing);
    }
}
