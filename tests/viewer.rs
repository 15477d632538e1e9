//! The viewer over HTTP, with a library filled by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use reqwest::{Client, Response, redirect};
use talknotes::api::{Direction, Link, LinkKind, Medal, RobotsRule, Speaker, TalkKind};
use talknotes::render::{Card, NoteDocument, NoteOrigin, Section, SummitDocument};
use talknotes::viewer::{
    Key, Library, Options, PublishedImage, PublishedNote, PublishedSummit, router, serve,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long a test waits for what has to happen.
const DEADLINE: Duration = Duration::from_secs(20);

struct Site {
    url: String,
    library: Library,
    options: Options,
    client: Client,
    server: JoinHandle<std::io::Result<()>>,
}

impl Site {
    async fn start() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        // Fails where another test was faster, and then there is a provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let library = library();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let pages = router(library.clone(), options.clone());
        let server = tokio::spawn(serve(listener, pages, options.shutdown.clone()));
        let client =
            Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Self { url, library, options, client, server }
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        within(request.send()).await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, &[]).await
    }

    async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// Ends the server and says what the stream of events held until then.
    async fn stop_and_drain(self, mut events: Response) -> String {
        self.options.shutdown.cancel();
        let mut text = Vec::new();
        while let Some(chunk) = within(events.chunk()).await.unwrap() {
            text.extend_from_slice(&chunk);
        }
        within(self.server).await.unwrap().unwrap();
        String::from_utf8(text).unwrap()
    }
}

async fn within<T>(future: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it did not happen in time")
}

fn card(name: &str, title: &str, day: &str) -> Card {
    Card {
        name: name.to_owned(),
        title: title.to_owned(),
        kind: Some(TalkKind::Session),
        day: Some(day.to_owned()),
        ..Card::default()
    }
}

fn agenda() -> Vec<Card> {
    let reconcile = Card {
        kind: Some(TalkKind::Keynote),
        medal: Some(Medal::Gold),
        speakers: vec![Speaker {
            name: "杜若溪".to_owned(),
            alias: Some("Rosie".to_owned()),
            organization: Some("霧港科技".to_owned()),
        }],
        start_time: Some("10:30".to_owned()),
        room: Some("R1".to_owned()),
        tags: vec!["operator".to_owned()],
        ..card("reconcile", "調和迴圈的一生", "2026-05-14")
    };
    vec![reconcile, card("quiet", "A quiet minute", "2026-05-15")]
}

fn summit() -> PublishedSummit {
    let document = SummitDocument {
        name: "island-2026".to_owned(),
        title: "島嶼高峰會 2026".to_owned(),
        start_date: Some("2026-05-14".to_owned()),
        end_date: Some("2026-05-15".to_owned()),
        agenda: agenda(),
        ..SummitDocument::default()
    };
    PublishedSummit::new("community", document)
}

fn note(card: Card, summit: Option<&str>, html: &str) -> PublishedNote {
    let section = |title: &str, level, anchor: &str| Section {
        title: title.to_owned(),
        level,
        anchor: anchor.to_owned(),
        empty: false,
    };
    let document = NoteDocument {
        card,
        summit: summit.map(str::to_owned),
        language: "zh-Hant-TW".to_owned(),
        links: vec![Link {
            title: Some("投影片".to_owned()),
            url: "https://slides.example.org/1".to_owned(),
            kind: Some(LinkKind::Slides),
        }],
        sections: vec![section("Personal", 2, "personal"), section("共筆", 2, "共筆")],
        reading_minutes: 3,
        ..NoteDocument::default()
    };
    PublishedNote::new("community", document, html)
}

fn library() -> Library {
    let library = Library::default();
    library.upsert_summit(summit());
    for card in agenda() {
        library.upsert_note(note(card, Some("island-2026"), "<p>現在的樣子</p>"));
    }
    library.upsert_note(note(card("solo", "Heard at home", "2026-03-02"), None, "<p>alone</p>"));
    library
}

const NOTE: &str = "/community/island-2026/reconcile";

#[tokio::test]
async fn the_first_page_lists_summits_and_notes_without_one() {
    let site = Site::start().await;
    let page = site.text("/").await;
    assert!(page.contains(r#"<a href="/community/island-2026">"#), "{page}");
    assert!(page.contains("14–15 May 2026") && page.contains("2 talks"), "{page}");
    assert!(page.contains(r#"<a href="/community/-/solo">"#), "{page}");
    assert!(site.text("/community/-/solo").await.contains("<p>alone</p>"));
}

#[tokio::test]
async fn a_page_has_one_language_with_its_dates_and_numbers() {
    let site = Site::start().await;
    let english = site.text("/community/island-2026").await;
    for text in ["<html lang=\"en\"", "14–15 May 2026", "Day 1", "Thursday, 1 talk", "Keynote"] {
        assert!(english.contains(text), "{text}: {english}");
    }
    assert!(!english.contains("星期") && !english.contains("年5月"), "{english}");
    let asked = [("accept-language", "zh-TW,zh;q=0.9,en;q=0.8")];
    let chinese = site.send(Method::GET, "/community/island-2026", &asked).await;
    assert!(chinese.headers()["vary"].to_str().unwrap().contains("accept-language"));
    let chinese = chinese.text().await.unwrap();
    for text in [
        "<html lang=\"zh-Hant\"",
        "2026年5月14–15日",
        "第一天",
        "星期四，1 場",
        "主題演講",
        "3 分鐘",
    ] {
        assert!(chinese.contains(text), "{text}: {chinese}");
    }
    assert!(!chinese.contains("Thursday") && !chinese.contains("Day 1"), "{chinese}");
}

#[tokio::test]
async fn a_reader_can_choose_the_language_and_comes_back_to_the_same_page() {
    let site = Site::start().await;
    let page = site.text("/community/island-2026?only=recommended").await;
    let switch = page.split('"').find(|part| part.starts_with("/-/language/")).unwrap();
    assert_eq!(switch, "/-/language/zh-Hant?to=%2Fcommunity%2Fisland-2026%3Fonly%3Drecommended");
    let answer = site.get(switch).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/community/island-2026?only=recommended");
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("talknotes-language=zh-Hant;"), "{cookie}");
    let chosen = [("cookie", "talknotes-language=zh-Hant"), ("accept-language", "en")];
    let page = site.send(Method::GET, "/", &chosen).await.text().await.unwrap();
    assert!(page.contains("<html lang=\"zh-Hant\""), "{page}");
    for hostile in ["//evil.example", "https://evil.example", "/%5Cevil.example", "\\evil"] {
        let answer = site.get(&format!("/-/language/en?to={hostile}")).await;
        assert_eq!(answer.headers()["location"], "/", "{hostile}");
    }
}

#[tokio::test]
async fn an_agenda_shows_what_is_published_and_no_more() {
    let site = Site::start().await;
    site.library.remove_note(&Key::new("community", "quiet"));
    let page = site.text("/community/island-2026").await;
    assert!(page.contains(r#"<bdi lang="zh-Hant-TW">調和迴圈的一生</bdi>"#), "{page}");
    assert!(page.contains("Recommended by the author: Gold"), "{page}");
    assert!(page.contains("10:30") && page.contains("Keynote") && page.contains("R1"), "{page}");
    // An index may be older than the wish to withhold a note.
    assert!(!page.contains("A quiet minute") && page.contains("1 talk"), "{page}");
    let first = site.text("/").await;
    assert!(first.contains("1 talk") && !first.contains("2 talks"), "{first}");
    let beside = site.text(NOTE).await;
    assert!(!beside.contains("A quiet minute"), "{beside}");
}

#[tokio::test]
async fn a_note_is_readable_without_scripts() {
    let site = Site::start().await;
    let page = site.text(NOTE).await;
    assert!(page.contains("<p>現在的樣子</p>"), "{page}");
    assert!(page.contains(r#"lang="zh-Hant-TW">"#) && page.contains("columns-2"), "{page}");
    assert!(page.contains("杜若溪") && page.contains("Rosie") && page.contains("霧港科技"));
    assert!(page.contains("14 May 2026") && page.contains("3 min read"), "{page}");
    assert!(page.contains("Slides") && page.contains("https://slides.example.org/1"), "{page}");
    assert!(page.contains("href=\"#%E5%85%B1%E7%AD%86\""), "{page}");
    assert!(page.contains(r#"rel="next" href="/community/island-2026/quiet""#), "{page}");
    assert!(!page.contains(r#"rel="prev""#), "{page}");
}

#[tokio::test]
async fn a_note_leads_to_its_lines_its_history_and_an_editor() {
    let site = Site::start().await;
    assert!(!site.text(NOTE).await.contains("provenance"), "nothing is known of it");
    let mut document = note(agenda().remove(0), Some("island-2026"), "").document().clone();
    document.source = Some(NoteOrigin {
        url: Some("https://github.com/harbor/notes/blob/c0ffee42/a.md?plain=1#L3".to_owned()),
        edit_url: Some("https://github.com/harbor/notes/edit/main/a.md".to_owned()),
        history_url: Some("https://github.com/harbor/notes/commits/main/a.md".to_owned()),
        path: Some("days/\"<一>\".md".to_owned()),
        revision: Some("c0ffee42".to_owned()),
        changed_at: Some("2031-05-14T10:00:00Z".to_owned()),
    });
    site.library.upsert_note(PublishedNote::new("community", document, "<p>a</p>"));
    let page = site.text(NOTE).await;
    for part in [
        "href=\"https://github.com/harbor/notes/edit/main/a.md\" rel=\"noopener noreferrer\">",
        "Edit this note</a>",
        "href=\"https://github.com/harbor/notes/commits/main/a.md\"",
        "blob/c0ffee42/a.md?plain=1#L3",
        "<time datetime=\"2031-05-14T10:00:00Z\">14 May 2031</time>",
        "<code>c0ffee4</code>",
        "days/&#34;&#60;一&#62;&#34;.md",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn pages_have_the_direction_of_their_text_and_rules_for_search_engines() {
    const META: &str = r#"<meta name="robots" content="noindex, nofollow">"#;
    let site = Site::start().await;
    let image = PublishedImage::new("community", b"GIF89a".to_vec()).unwrap();
    let name = format!("image-{}", image.key().name);
    site.library.upsert_image(Arc::new(image));
    let open = site.get(NOTE).await;
    assert!(!open.headers().contains_key("x-robots-tag"));
    let open = open.text().await.unwrap();
    assert!(!open.contains("robots") && !open.contains(" dir="), "{open}");

    let rules = || vec![RobotsRule::NoIndex, RobotsRule::NoFollow];
    let shown = format!("<p>مد</p><img src=\"x/{name}\" alt=\"\">");
    let hidden = note(agenda().remove(0), Some("island-2026"), &shown);
    let mut hidden_document = hidden.document().clone();
    hidden_document.robots = rules();
    for (direction, article, prose) in [
        (Direction::RTL, r#"class="note" dir="rtl">"#, r#"lang="zh-Hant-TW">"#),
        (Direction::LTR, r#"class="note" dir="ltr">"#, r#"lang="zh-Hant-TW">"#),
        (Direction::Auto, r#"class="note" dir="auto">"#, r#"lang="zh-Hant-TW" dir="auto">"#),
    ] {
        hidden_document.direction = Some(direction);
        let note = PublishedNote::new("community", hidden_document.clone(), &*shown);
        site.library.upsert_note(note);
        let answer = site.get(NOTE).await;
        assert_eq!(answer.headers()["x-robots-tag"], "noindex, nofollow");
        let page = answer.text().await.unwrap();
        for part in [META, article, prose] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    let rules_of_image = async |path: &str| {
        let answer = site.get(&format!("{path}/{name}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.headers().get("x-robots-tag").cloned()
    };
    assert_eq!(rules_of_image(NOTE).await.unwrap(), "noindex, nofollow");
    let mut document = summit().document().clone();
    document.overview_html = shown;
    site.library.upsert_summit(PublishedSummit::new("community", document.clone()));
    assert_eq!(rules_of_image("/community/island-2026/-").await, None);
    (document.direction, document.robots) = (Some(Direction::RTL), rules());
    site.library.upsert_summit(PublishedSummit::new("community", document));
    let page = site.text("/community/island-2026").await;
    assert!(page.contains(META) && page.contains(r#" dir="rtl">"#), "{page}");
    assert_eq!(rules_of_image("/community/island-2026/-").await.unwrap(), "noindex, nofollow");
}

#[tokio::test]
async fn hostile_words_stay_words_and_hostile_links_are_dropped() {
    let site = Site::start().await;
    let evil = r#""><script>alert(1)</script>"#;
    let link = |url: &str| Link { url: url.to_owned(), ..Link::default() };
    let mut hostile = note(card("evil", evil, evil), None, "").document().clone();
    hostile.card.tags = vec![evil.to_owned()];
    hostile.card.room = Some(evil.to_owned());
    hostile.language = evil.to_owned();
    hostile.excerpt = evil.to_owned();
    hostile.sections[0].anchor = evil.to_owned();
    hostile.sections[0].title = evil.to_owned();
    hostile.links = vec![link("javascript:alert(1)"), link("data:text/html,x")];
    hostile.card.speakers = vec![Speaker {
        name: evil.to_owned(),
        alias: Some(evil.to_owned()),
        organization: Some(evil.to_owned()),
    }];
    site.library.upsert_note(PublishedNote::new("community", hostile, ""));
    for path in ["/", "/community/-/evil", "/community/-/evi%3Cscript%3Ealert(1)"] {
        let page = site.get(path).await.text().await.unwrap();
        assert!(!page.contains("<script>") && !page.contains(r#""><script"#), "{page}");
        assert!(!page.contains("javascript:") && !page.contains("data:text"), "{page}");
    }
    let page = site.text("/community/-/evil").await;
    assert!(page.contains("&#60;script&#62;alert(1)"), "the words are shown: {page}");
}

#[tokio::test]
async fn what_is_not_there_is_404_and_near_names_are_offered() {
    let site = Site::start().await;
    for path in ["/community/island-2026/reconcil", "/community/islands-2026"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let page = answer.text().await.unwrap();
        assert!(page.contains("Did you mean") && page.contains("/community/island-2026"), "{page}");
    }
    for path in [
        "/x",
        "/%E7%AD%86/%E8%A8%98",
        "/a/%ff",
        "/a/b/c/d",
        "/-/diagnostics",
        "/-/assets/x",
        "/-/tags/x",
    ] {
        assert_eq!(site.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn pages_have_one_address() {
    let site = Site::start().await;
    for (path, canonical) in [
        ("/community/island-2026/", "/community/island-2026"),
        ("/community/-/reconcile", NOTE),
        ("/community/elsewhere/solo", "/community/-/solo"),
    ] {
        let answer = site.get(path).await;
        assert!(answer.status().is_redirection(), "{path}: {}", answer.status());
        assert_eq!(answer.headers()["location"], canonical);
    }
}

#[tokio::test]
async fn pages_are_sent_again_only_when_they_changed() {
    let site = Site::start().await;
    let etag = site.get(NOTE).await.headers()["etag"].to_str().unwrap().to_owned();
    let asked = [("if-none-match", etag.as_str())];
    let answer = site.send(Method::GET, NOTE, &asked).await;
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(answer.text().await.unwrap(), "");
    let card = agenda().remove(0);
    site.library.upsert_note(note(card, Some("island-2026"), "<p>edited</p>"));
    let answer = site.send(Method::GET, NOTE, &asked).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("edited"));
}

#[tokio::test]
async fn assets_are_kept_for_ever() {
    let site = Site::start().await;
    let page = site.text("/").await;
    let paths: Vec<&str> = page.split('"').filter(|part| part.starts_with("/-/assets/")).collect();
    assert!(paths.len() >= 3, "style, script and icon: {paths:?}");
    for path in paths {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let etag = answer.headers()["etag"].to_str().unwrap();
        let again = site.send(Method::GET, path, &[("if-none-match", etag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn images_are_served_by_their_digest_with_the_type_of_their_bytes() {
    let site = Site::start().await;
    let image = PublishedImage::new("community", b"GIF89a and <script>".to_vec()).unwrap();
    let path = format!("{NOTE}/image-{}", image.key().name);
    let elsewhere = path.replace("/community/", "/elsewhere/");
    site.library.upsert_image(Arc::new(image.clone()));
    // A draft may show it, or a note whose time has not come.
    assert_eq!(site.get(&path).await.status(), StatusCode::NOT_FOUND, "nothing shows it");
    let shown = format!("<img src=\"reconcile/image-{}\" alt=\"\">", image.key().name);
    site.library.upsert_note(note(agenda().remove(0), Some("island-2026"), &shown));
    let mut document = summit().document().clone();
    document.overview_html = shown;
    site.library.upsert_summit(PublishedSummit::new("community", document));
    let answer = site.get(&path).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "image/gif");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(answer.bytes().await.unwrap(), image.content());
    let again = site.send(Method::GET, &path, &[("if-none-match", &etag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let of_summit =
        path.rsplitn(3, '/').nth(2).unwrap().to_owned() + "/-/image-" + &image.key().name;
    assert_eq!(site.get(&of_summit).await.status(), StatusCode::OK, "{of_summit}");

    let other = format!("{NOTE}/image-{}", "0".repeat(64));
    for missing in [&elsewhere, &other, &format!("{NOTE}/image-.."), &format!("{NOTE}/x.png")] {
        assert_eq!(site.get(missing).await.status(), StatusCode::NOT_FOUND, "{missing}");
    }
    site.library.remove_image(&image.key());
    assert_eq!(site.get(&path).await.status(), StatusCode::NOT_FOUND);
    assert!(PublishedImage::new("community", b"<svg onload=x()>".to_vec()).is_none());
}

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_scripts_out() {
    let site = Site::start().await;
    for path in ["/", NOTE, "/missing", "/healthz", "/-/events?page=/", "/-/assets/none"] {
        let answer = site.get(path).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn pages_are_compressed_and_events_are_not() {
    let site = Site::start().await;
    for encoding in ["br", "gzip"] {
        let asked = [("accept-encoding", encoding)];
        let page = site.send(Method::GET, NOTE, &asked).await;
        assert_eq!(page.headers()["content-encoding"], encoding);
        let events = site.send(Method::GET, "/-/events?page=/", &asked).await;
        assert!(!events.headers().contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn pages_can_only_be_read() {
    let site = Site::start().await;
    let head = site.send(Method::HEAD, NOTE, &[]).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.text().await.unwrap(), "");
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let answer = site.send(method, NOTE, &[]).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert!(answer.headers()["allow"].to_str().unwrap().contains("GET"));
    }
}

#[tokio::test]
async fn it_is_ready_when_the_first_list_is_in() {
    let site = Site::start().await;
    assert_eq!(site.get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(site.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    site.options.health.complete();
    assert_eq!(site.get("/readyz").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_open_page_is_told_of_its_changes_and_of_no_others() {
    let site = Site::start().await;
    let events = site.get(&format!("/-/events?page={NOTE}")).await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let edit = |index: usize, html: &str| {
        site.library.upsert_note(note(agenda().remove(index), Some("island-2026"), html));
    };
    edit(0, "<p>現在的樣子</p>");
    edit(1, "<p>another note</p>");
    edit(0, "<p>edited</p>");
    let mut events = events;
    let mut seen = String::new();
    while !seen.contains("event: changed") {
        let chunk = within(events.chunk()).await.unwrap().expect("the stream goes on");
        seen.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    seen.push_str(&site.stop_and_drain(events).await);
    assert_eq!(seen.matches("event: changed").count(), 1, "{seen}");
}

#[tokio::test]
async fn a_page_that_changed_before_it_was_followed_is_told_at_once() {
    let site = Site::start().await;
    let page = site.text(NOTE).await;
    let version = page.split_once("data-version=\"").unwrap().1.split_once('"').unwrap().0;
    let current = site.get(&format!("/-/events?page={NOTE}&version={version}")).await;
    let stale = site.get(&format!("/-/events?page={NOTE}&version=0123456789abcdef")).await;
    let missing = site.get("/-/events?page=/community/island-2026/soon&version=").await;
    assert_eq!(site.get("/-/events?page=nowhere").await.status(), StatusCode::BAD_REQUEST);
    site.options.shutdown.cancel();
    let text = async |events: Response| within(events.text()).await.unwrap();
    assert!(!text(current).await.contains("event: changed"));
    assert!(text(stale).await.contains("event: changed"));
    assert!(!text(missing).await.contains("event: changed"));
    within(site.server).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_summit_a_person_and_a_tag_are_taken_along() {
    let site = Site::start().await;
    let host = site.url.clone();
    for (path, media_type, text) in [
        ("/community/island-2026/-/calendar.ics", "text/calendar; charset=utf-8", "BEGIN:VEVENT"),
        ("/community/island-2026/-/feed.xml", "application/atom+xml; charset=utf-8", "<entry>"),
        ("/community/island-2026/-/schedule.json", "application/json", "\"island_2026\""),
        ("/community/island-2026/-/session.json", "application/json", "\"sessions\""),
        ("/community/island-2026/-/mindmap.md", "text/markdown; charset=utf-8", "# 島嶼高峰會"),
        (
            "/-/speakers/%E6%9D%9C%E8%8B%A5%E6%BA%AA/calendar.ics",
            "text/calendar; charset=utf-8",
            "VEVENT",
        ),
        ("/-/tags/operator/feed.xml", "application/atom+xml; charset=utf-8", "<entry>"),
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], media_type, "{path}");
        let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
        let body = answer.text().await.unwrap();
        assert!(body.contains(text), "{path}: {body}");
        let again = site.send(Method::GET, path, &[("if-none-match", &etag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    let calendar = site.text("/community/island-2026/-/calendar.ics").await.replace("\r\n ", "");
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2);
    assert!(calendar.contains(&format!("URL:{host}{NOTE}")), "{calendar}");
    for filter in ["only=recommended", "day=2026-05-14", "tag=operator"] {
        let some = site.text(&format!("/community/island-2026/-/calendar.ics?{filter}")).await;
        assert_eq!(some.matches("BEGIN:VEVENT").count(), 1, "{filter}: {some}");
    }
    for missing in [
        "/-/tags/nothing/calendar.ics",
        "/-/speakers/nobody/feed.xml",
        "/community/islands/-/calendar.ics",
        "/community/island-2026/-/poem.txt",
    ] {
        assert_eq!(site.get(missing).await.status(), StatusCode::NOT_FOUND, "{missing}");
    }
    site.library.remove_note(&Key::new("community", "quiet"));
    let calendar = site.text("/community/island-2026/-/calendar.ics").await;
    assert!(!calendar.contains("A quiet minute"), "what is withheld is in no calendar");
}

#[tokio::test]
async fn a_search_answers_as_json_with_places_and_repairs() {
    let site = Site::start().await;
    let html = "<h2 id=\"note-q\">Questions</h2><p>client-side throttling</p>";
    site.library.upsert_note(note(agenda().remove(0), Some("island-2026"), html));
    let search = async |query: &str| -> serde_json::Value {
        let answer = site.get(&format!("/search?format=json&{query}")).await;
        assert_eq!(answer.headers()["content-type"], "application/json");
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let found = search("q=throtling").await;
    assert_eq!(found["total"], 1, "{found}");
    assert!(found["repairs"][0].as_str().unwrap().contains("throttling"), "{found}");
    let place = &found["notes"][0]["places"][0];
    assert_eq!(place["path"], "Questions");
    assert!(place["href"].as_str().unwrap().starts_with(&format!("{NOTE}#note-q")), "{place}");
    assert_eq!(place["snippet"][1], serde_json::json!({"text": "throttling", "hit": true}));
    assert_eq!(search("q=%E6%9D%9C").await["total"], 1, "a name of one Han character more");
    assert_eq!(search("q=throttling&in=community%2Fnone").await["total"], 0);
    assert_eq!(search("q=").await["total"], 0);
}

#[tokio::test]
async fn each_encoding_of_a_page_has_its_own_strong_tag() {
    let site = Site::start().await;
    let mut tags = Vec::new();
    for encoding in ["identity", "gzip", "br"] {
        let answer = site.send(Method::GET, NOTE, &[("accept-encoding", encoding)]).await;
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        let asked = [("accept-encoding", encoding), ("if-none-match", &*tag)];
        let again = site.send(Method::GET, NOTE, &asked).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()["etag"], *tag);
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn what_is_unlisted_is_found_by_its_address_alone_and_says_what_it_is() {
    let site = Site::start().await;
    let document = SummitDocument {
        name: "island-2026-pr-42".to_owned(),
        title: "Island of tomorrow".to_owned(),
        unlisted: true,
        banner: Some("Preview of #42 <b>".to_owned()),
        robots: vec![RobotsRule::NoIndex],
        agenda: vec![card("tomorrow-pr-42", "Zebrafish tomorrow", "2026-05-14")],
        ..SummitDocument::default()
    };
    site.library.upsert_summit(PublishedSummit::new("community", document.clone()));
    let speaker = Speaker { name: "Zoe Example".to_owned(), alias: None, organization: None };
    let hidden = Card {
        speakers: vec![speaker],
        tags: vec!["zebra".to_owned()],
        ..document.agenda[0].clone()
    };
    let note_of = NoteDocument {
        card: hidden,
        summit: Some(document.name.clone()),
        language: "en".to_owned(),
        unlisted: true,
        ..NoteDocument::default()
    };
    site.library.upsert_note(PublishedNote::new("community", note_of, "<p>zebrafish</p>"));

    let page = site.text("/community/island-2026-pr-42").await;
    assert!(page.contains("Preview of #42 &#60;b&#62;") && page.contains("Zebrafish"), "{page}");
    assert!(page.contains("noindex") && !page.contains("feed.xml"), "{page}");
    let note = site.text("/community/island-2026-pr-42/tomorrow-pr-42").await;
    assert!(note.contains("Preview of #42") && note.contains("<p>zebrafish</p>"), "{note}");
    for list in ["/", "/-/speakers", "/-/tags", "/search?q=zebrafish"] {
        let text = site.text(list).await;
        assert!(!text.contains("tomorrow") && !text.contains("Zoe"), "{list}: {text}");
    }
    let of = "/community/island-2026-pr-42/-/";
    for feed in ["feed.xml", "feed.json"] {
        let status = site.get(&format!("{of}{feed}")).await.status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{feed}");
    }
    assert_eq!(site.get(&format!("{of}calendar.ics")).await.status(), StatusCode::OK);
    let subscribe = site.text(&format!("{of}subscribe")).await;
    assert!(!subscribe.contains("feed.xml") && subscribe.contains("calendar.ics"), "{subscribe}");
    // A listed one has its feed.
    assert!(site.text("/community/island-2026").await.contains("feed.xml"));
}

#[tokio::test]
async fn pages_below_a_path_lead_there_with_the_path_and_without() {
    let base = "https://example.org/team".parse().unwrap();
    let site = Site::with(Options { base, ..Options::default() }).await;
    for path in ["/team/community/island-2026", "/community/island-2026"] {
        let page = site.text(path).await;
        assert!(page.contains(
            "<link rel=\"canonical\" href=\"https://example.org/team/community/island-2026\">"
        ));
        assert!(
            page.contains(" href=\"/team/community/island-2026/")
                && page.contains(" action=\"/team/search\"")
        );
        assert!(!page.contains(" href=\"/community/") && !page.contains(" src=\"/-/"), "{page}");
    }
    let home = site.text("/team").await;
    assert_eq!(home, site.text("/").await);
    let moved = site.get("/team/community/island-2026/").await;
    assert_eq!(moved.headers()["location"], "/team/community/island-2026");
    let chosen = site.get("/team/-/language/zh-Hant?to=%2Fcommunity%2Fisland-2026").await;
    assert_eq!(chosen.headers()["location"], "/team/community/island-2026");
    assert!(chosen.headers()["set-cookie"].to_str().unwrap().contains("; Path=/team/;"));
    let feed = site.text("/team/community/island-2026/-/feed.xml").await;
    assert!(feed.contains("https://example.org/team/community/island-2026"), "{feed}");
    let found: serde_json::Value =
        serde_json::from_str(&site.text("/team/search?q=a&format=json").await).unwrap();
    assert!(found["href"].as_str().unwrap().starts_with("/team/search?"), "{found}");
    assert_eq!(site.text("/healthz").await, "ok\n");
    let missing = site.get("/team/community/island-2027").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert!(missing.text().await.unwrap().contains(" href=\"/team/community/island-2026\""));
    let page = site
        .client
        .get(format!("{}/-/events?page=/team/community/island-2026&version=x", site.url));
    let mut events = within(page.send()).await.unwrap();
    let first = within(events.chunk()).await.unwrap().unwrap();
    assert!(!first.is_empty() && events.status() == StatusCode::OK);
}

#[tokio::test]
async fn trees_and_schedules_have_their_types_and_a_selection_is_exactly_that() {
    let site = Site::start().await;
    let summit = "/community/island-2026";
    for (path, media_type, start) in [
        ("/-/feed.json", "application/feed+json", "{"),
        ("/-/mindmap.opml", "text/x-opml; charset=utf-8", "<?xml"),
        ("/reconcile/mindmap.opml", "text/x-opml; charset=utf-8", "<?xml"),
        ("/reconcile/mindmap.md", "text/markdown; charset=utf-8", "---\n"),
        ("/reconcile/mindmap.svg", "image/svg+xml", "<svg"),
    ] {
        let answer = site.get(&format!("{summit}{path}")).await;
        assert_eq!(answer.headers()["content-type"], media_type, "{path}");
        assert!(answer.headers().contains_key("content-security-policy"));
        let text = answer.text().await.unwrap();
        assert!(text.starts_with(start), "{path}: {text}");
    }
    let missing = site.get(&format!("{summit}/-/schedule.xml")).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND, "no talk has both its times");
    assert_eq!(
        site.get("/community/-/reconcile/mindmap.svg").await.status(),
        StatusCode::NOT_FOUND
    );
    let chosen = site.text(&format!("{summit}/-/calendar.ics?talks=quiet,nothing")).await;
    assert!(chosen.contains("A quiet minute") && chosen.matches("BEGIN:VEVENT").count() == 1);
    let page = site.text(&format!("{summit}?talks=quiet")).await;
    assert!(
        page.contains("A quiet minute")
            && !page.contains("data-talk=\"community/island-2026/reconcile\"")
    );
    let note = site.text(&format!("{summit}/reconcile")).await;
    assert!(
        note.contains("<script type=\"application/ld+json\">{") && note.contains("EducationEvent")
    );
}
