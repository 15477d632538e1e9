//! The pages as files, below a path of a server that knows nothing but files.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::browser::{Browser, with_browser};
use crate::support::Result;
use crate::support::scratch::Scratch;

const HARBOUR: &str = "---\ntitle: Harbour Days\n---\n\n# 2031-05-14\n\n\
    ## 霧中節流 - Mira Quell\n\n### Personal\n\n先量，再節流。![drawn](a.gif)\n\n### 共筆\n\nclient-side throttling\n\n\
    ## Keynote: Tide tables - Otto Fathom\n\n### Personal\n\n[the corals](reef.md)\n";
const REEF: &str = "---\ntitle: Corals\nsummit: reef-week\nspeakers: [Ada Pier]\nday: 2031-06-01\ntags: [c++/go, 觀測]\n---\n\n慢慢節流。\n";
const IMAGE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
const PREFIX: &str = "/team";

/// A server of files, with the site of some notes. It ends with the value.
struct Files {
    _folder: Scratch,
    base: String,
    server: JoinHandle<()>,
}

impl Drop for Files {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Files {
    async fn start() -> Result<Self> {
        let folder = Scratch::new()?;
        let (notes, out) = (folder.path().join("notes"), folder.path().join("public"));
        std::fs::create_dir(&notes)?;
        for (name, content) in
            [("harbour.md", HARBOUR.as_bytes()), ("reef.md", REEF.as_bytes()), ("a.gif", IMAGE)]
        {
            std::fs::write(notes.join(name), content)?;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}{PREFIX}", listener.local_addr()?);
        let mut command = Command::new(env!("CARGO_BIN_EXE_talknotes"));
        command.arg("site").args([&notes, &out]).args(["--base-url", &base]);
        let run = command.output()?;
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let router = Router::new().fallback(file).with_state(out);
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the server of files serves");
        });
        Ok(Self { _folder: folder, base, server })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// As servers of files do: a folder is its index.html, the type is told by the name.
async fn file(State(root): State<PathBuf>, request: Request) -> Response {
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
    let inside = path.strip_prefix(PREFIX).and_then(|path| path.strip_prefix('/'));
    let file = inside
        .map(|path| root.join(path))
        .map(|file| if file.is_dir() { file.join("index.html") } else { file });
    let found = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let (status, file, content) = match (file, found) {
        (Some(file), Some(content)) => (StatusCode::OK, file, content),
        _ => {
            let file = root.join("404.html");
            let content = std::fs::read(&file).expect("there is a page for what is missing");
            (StatusCode::NOT_FOUND, file, content)
        }
    };
    let typed =
        [(header::CONTENT_TYPE, media_type(&file)), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (status, typed, content).into_response()
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("gif") => "image/gif",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

/// Addresses of the site on a page, without those of other things than pages.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')]
    .filter((a) => a.origin === location.origin && !a.closest('.exports'))
    .map((a) => a.origin + a.pathname)
    .filter((link) => link.endsWith('/'))";

#[tokio::test]
async fn every_page_is_there_and_complains_of_nothing() -> Result {
    with_browser(async |browser| {
        let files = Files::start().await?;
        let mut open = vec![files.url("/")];
        let mut seen = open.clone();
        while let Some(url) = open.pop() {
            browser.open(&url).await?;
            let title: String =
                browser.run("return document.querySelector('h1').innerText").await?;
            assert!(!title.contains("nothing at this address"), "{url}");
            let complaints = browser.log("browser").await?;
            assert!(complaints.is_empty(), "{url}: {complaints:#?}");
            let links: Vec<String> = browser.run(LINKS).await?;
            for link in links {
                assert!(link.starts_with(&files.base), "{link} on {url}");
                if !seen.contains(&link) {
                    seen.push(link.clone());
                    open.push(link);
                }
            }
        }
        for part in [
            "/-/zh-Hant/",
            "/-/tags/c~2b~2b~2fgo/",
            "/mindmap/",
            "/-/view%3Dcolumn/",
            "/-/kind%3Dkeynote/",
        ] {
            assert!(seen.iter().any(|url| url.contains(part)), "{part} in {seen:#?}");
        }
        let requests = browser.requests().await?;
        let foreign: Vec<_> = requests
            .iter()
            .filter(|url| url.starts_with("http") && !url.starts_with(&files.base))
            .collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert!(!requests.iter().any(|url| url.contains("/-/events")), "nobody would answer");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn images_links_between_notes_and_the_other_language_lead_to_files() -> Result {
    with_browser(async |browser| {
        let files = Files::start().await?;
        browser.open(&files.url("/notes/harbour/")).await?;
        let notes: Vec<String> = browser
            .run("return [...document.querySelectorAll('.row a')].map((a) => a.href)")
            .await?;
        browser.open(&notes[0]).await?;
        browser.wait_for("document.querySelector('img[alt=drawn]')?.naturalWidth === 1").await?;
        browser.run::<()>("document.querySelector('.switch').click()").await?;
        browser.wait_for("document.documentElement.lang === 'zh-Hant'").await?;
        browser.wait_for("document.querySelector('h1').innerText === '霧中節流'").await?;
        browser.open(&notes[1]).await?;
        browser.run::<()>("document.querySelector('.prose a').click()").await?;
        browser.wait_for("document.querySelector('h1')?.innerText === 'Corals'").await?;
        browser.open(&files.url("/notes/nothing/")).await?;
        browser
            .wait_for(
                "document.querySelector('h1').innerText === 'There is nothing at this address'",
            )
            .await
    })
    .await
}

/// What the palette shows for `query`.
async fn found(browser: &Browser, query: &str) -> Result<Vec<String>> {
    let script = "const field = document.activeElement;
        field.value = arguments[0];
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    let asked = "document.querySelector('.palette output').textContent";
    browser.run::<()>(&format!("{asked} = ''")).await?;
    browser.run_with::<()>(script, vec![json!(query)]).await?;
    browser.wait_for(&format!("{asked} !== ''")).await?;
    browser
        .run("return [...document.querySelectorAll('.palette-hit.note > span:nth-child(2)')].map((one) => one.innerText)")
        .await
}

#[tokio::test]
async fn the_browser_finds_what_the_server_finds() -> Result {
    with_browser(async |browser| {
        let files = Files::start().await?;
        browser.open(&files.url("/notes/harbour/")).await?;
        browser.run::<()>("document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))").await?;
        browser.wait_for("document.querySelector('.palette[open]')").await?;
        assert_eq!(found(browser, "節流").await?, ["霧中節流"], "in this summit");
        browser.run::<()>("document.querySelector('.palette-state button:nth-of-type(2)').click()").await?;
        browser.wait_for("document.querySelectorAll('.palette-hit.note').length === 2").await?;
        assert_eq!(found(browser, "節流").await?, ["霧中節流", "Corals"], "titles come first");
        assert_eq!(found(browser, "ＴＨＲＯＴＴＬＩＮＧ").await?, ["霧中節流"]);
        assert_eq!(found(browser, "\"再節流\" quell").await?, ["霧中節流"]);
        assert_eq!(found(browser, "節流 nowhere").await?, [] as [&str; 0]);
        let marks: (String, String) = {
            found(browser, "慢慢").await?;
            browser
                .run(
                    "const hit = document.querySelector('.palette-hit:not(.note)');
                    return [hit.querySelector('mark').innerText, hit.dataset.href]",
                )
                .await?
        };
        assert_eq!(marks.0, "慢慢");
        assert!(marks.1.contains("/team/notes/reef-week/") && marks.1.contains(":~:text="), "{}", marks.1);
        browser.open(&files.url("/search/?q=corals")).await?;
        browser.wait_for("document.querySelector('.palette[open] .palette-hit mark')?.innerText === 'Corals'").await
    })
    .await
}
