//! `talknotes preview`: pages that follow what is saved.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::StatusCode;

use crate::support::child::Child;
use crate::support::git_server::GitServer;
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, http_client};
use crate::workspace::{TALK, Workspace};

/// A running preview.
struct Preview {
    workspace: Workspace,
    child: Child,
    base: String,
}

impl Preview {
    /// Starts it and waits until it says where it is.
    async fn start(workspace: Workspace, place: &str, options: &[&str]) -> Result<Self> {
        let log = workspace.path().join("../log");
        let arguments = [&["preview", place, "--address", "127.0.0.1:0"], options].concat();
        let mut child = Child::spawn(&workspace.command(&arguments), &log)?;
        let base = wait::until("the preview to say its address", DEADLINE, async || {
            child.check_running()?;
            Ok(address(&log))
        })
        .await?;
        Ok(Self { workspace, child, base })
    }

    async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = http_client()?.get(format!("{}{path}", self.base)).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// Waits until the page at `path` is as `holds` wants it.
    async fn page(
        &mut self,
        what: &str,
        path: &str,
        holds: impl Fn(StatusCode, &str) -> bool,
    ) -> Result {
        let look = async || {
            let (status, page) = self.get(path).await?;
            Ok(Look::at(holds(status, &page), || format!("{status}: {page}")))
        };
        let outcome = wait::until(what, DEADLINE, look).await;
        self.child.check_running()?;
        outcome
    }

    async fn shows(&mut self, path: &str, text: &str) -> Result {
        let what = format!("{path} to show {text}");
        self.page(&what, path, |status, page| status == StatusCode::OK && page.contains(text)).await
    }

    async fn hides(&mut self, path: &str, text: &str) -> Result {
        let what = format!("{path} not to show {text}");
        self.page(&what, path, |_, page| !page.contains(text)).await
    }
}

/// The address in `… is shown at http://127.0.0.1:41234/ (…`.
fn address(log: &Path) -> Look<String> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let url = text.split_once(" is shown at ").and_then(|(_, rest)| rest.split_once("/ ("));
    match url {
        Some((url, _)) => Look::Met(url.to_owned()),
        None => Look::NotYet(text),
    }
}

/// Paths are absolute: the child runs where the tests do.
fn place(workspace: &Workspace, path: &str) -> String {
    workspace.path().join(path).to_string_lossy().into_owned()
}

/// Two documents in the folder `notes`.
async fn two_documents() -> Result<Preview> {
    let other = TALK.replace("Tides of Traffic", "Rust at Sea");
    let workspace = Workspace::with(&[("notes/harbor.md", TALK), ("notes/reef.md", &other)]);
    let place = place(&workspace, "notes");
    Preview::start(workspace, &place, &[]).await
}

/// The path of the first note on the page at `path`.
fn first_note(page: &str, summit: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("<h3><a href=\"{summit}/"))?;
    Some(format!("{summit}/{}", rest.split_once('"')?.0))
}

/// The path of the summit of the document `name`.
async fn summit(preview: &Preview, name: &str) -> Result<String> {
    let (_, page) = preview.get("/").await?;
    let path = page.split("<h3><a href=\"").filter_map(|rest| Some(rest.split_once('"')?.0));
    let found = path.into_iter().find(|path| path.ends_with(&format!("/{name}")));
    Ok(found.ok_or_else(|| format!("no summit {name} in {page}"))?.to_owned())
}

#[tokio::test]
async fn pages_lead_from_the_summits_to_the_notes() -> Result {
    let preview = two_documents().await?;
    assert!(preview.base.starts_with("http://127.0.0.1:"), "{}", preview.base);
    let summit = summit(&preview, "harbor").await?;
    let (status, agenda) = preview.get(&summit).await?;
    assert_eq!(status, StatusCode::OK);
    let note = first_note(&agenda, &summit).ok_or("no note on the agenda")?;
    let (status, page) = preview.get(&note).await?;
    assert_eq!(status, StatusCode::OK);
    for text in ["Tides of Traffic", "Mira Quell", "Water finds a way."] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let (status, _) = preview.get("/preview/nothing").await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn a_saved_change_a_new_file_and_a_removed_one_are_seen() -> Result {
    let mut preview = two_documents().await?;
    let summit = summit(&preview, "harbor").await?;
    preview.workspace.write("notes/harbor.md", TALK.replace("Tides", "Currents"));
    preview.shows(&summit, "Currents of Traffic").await?;
    preview.workspace.write("notes/new/atoll.md", TALK.replace("Tides", "Corals"));
    preview.shows("/", "/atoll\"").await?;
    fs::remove_file(preview.workspace.path().join("notes/reef.md"))?;
    preview.hides("/", "/reef\"").await?;
    preview.shows(&summit, "Currents of Traffic").await
}

#[tokio::test]
async fn an_open_page_is_told_of_a_change() -> Result {
    let preview = two_documents().await?;
    let summit = summit(&preview, "harbor").await?;
    let url = format!("{}/-/events?page={summit}", preview.base);
    let client = reqwest::Client::builder().timeout(DEADLINE).build()?;
    let mut events = client.get(url).send().await?.error_for_status()?;
    let mut heard = String::new();
    // The first words say that the server listens; changes before them are not told.
    while !heard.contains("\n\n") {
        heard += &String::from_utf8_lossy(&events.chunk().await?.ok_or("the stream ended")?);
    }
    assert!(!heard.contains("event: changed"), "{heard}");
    preview.workspace.write("notes/harbor.md", TALK.replace("Tides", "Currents"));
    while !heard.contains("event: changed") {
        heard += &String::from_utf8_lossy(&events.chunk().await?.ok_or("the stream ended")?);
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_file_keeps_the_others_and_is_told() -> Result {
    let mut preview = two_documents().await?;
    preview.workspace.write("notes/reef.md", "---\ntitle: [\n---\n");
    preview.shows("/-/diagnostics", "TN1003").await?;
    preview.shows("/", "/harbor\"").await?;
    let summit = summit(&preview, "harbor").await?;
    preview.shows(&summit, "Tides of Traffic").await?;
    preview.workspace.write("notes/reef.md", TALK.replace("Tides", "Waves"));
    preview.hides("/-/diagnostics", "TN1003").await?;
    preview.shows("/", "/reef\"").await
}

/// Editors write a new file beside the old one and put it into its place.
#[tokio::test]
async fn a_single_file_is_followed_through_replacements() -> Result {
    let workspace = Workspace::with(&[("harbor.md", TALK)]);
    let place = place(&workspace, "harbor.md");
    let mut preview = Preview::start(workspace, &place, &[]).await?;
    let summit = summit(&preview, "harbor").await?;
    for word in ["Currents", "Waves", "Storms"] {
        preview.workspace.write("harbor.md.tmp", TALK.replace("Tides", word));
        let folder: PathBuf = preview.workspace.path();
        fs::rename(folder.join("harbor.md.tmp"), folder.join("harbor.md"))?;
        preview.shows(&summit, &format!("{word} of Traffic")).await?;
    }
    fs::remove_file(preview.workspace.path().join("harbor.md"))?;
    preview.workspace.write("harbor.md", TALK.replace("Tides", "Calms"));
    preview.shows(&summit, "Calms of Traffic").await
}

#[tokio::test]
async fn rules_are_followed_as_soon_as_they_are_saved() -> Result {
    let mut preview = two_documents().await?;
    let rule = |at: &str| format!("rules:\n- paths: [harbor.md]\n  talks: {{at: {at}}}\n");
    preview.shows("/", "/harbor\"").await?;
    preview.workspace.write("notes/.talknotes.yaml", rule("None"));
    preview.hides("/", "/harbor\"").await?;
    preview.shows("/", "/reef\"").await?;
    preview.workspace.write("notes/.talknotes.yaml", rule("Nowhere"));
    preview.shows("/-/diagnostics", "TN1802").await?;
    preview.shows("/", "/harbor\"").await?;
    fs::remove_file(preview.workspace.path().join("notes/.talknotes.yaml"))?;
    preview.hides("/-/diagnostics", "TN1802").await
}

#[tokio::test]
async fn drafts_are_shown_to_their_author() -> Result {
    let workspace = Workspace::with(&[("harbor.md", &format!("---\ndraft: true\n---\n{TALK}"))]);
    let place = place(&workspace, "harbor.md");
    let mut preview = Preview::start(workspace, &place, &[]).await?;
    let summit = summit(&preview, "harbor").await?;
    preview.shows(&summit, "Tides of Traffic").await
}

#[tokio::test]
async fn an_empty_folder_waits_for_its_first_note() -> Result {
    let workspace = Workspace::new();
    let place = place(&workspace, "");
    let mut preview = Preview::start(workspace, &place, &[]).await?;
    preview.shows("/", "<main").await?;
    let log = fs::read_to_string(preview.child.log())?;
    assert!(log.contains("no notes in"), "{log}");
    preview.workspace.write("harbor.md", TALK);
    preview.shows("/", "/harbor\"").await
}

#[tokio::test]
async fn a_push_to_a_git_url_is_seen() -> Result {
    let server = GitServer::start();
    let repository = server.create("harbor");
    repository.commit(&[("harbor.md", TALK)], "Notes");
    let url = server.url("harbor");
    let mut preview = Preview::start(Workspace::new(), &url, &["--interval", "1"]).await?;
    let summit = summit(&preview, "harbor").await?;
    preview.shows(&summit, "Tides of Traffic").await?;
    repository.commit(&[("harbor.md", &TALK.replace("Tides", "Currents"))], "Better");
    preview.shows(&summit, "Currents of Traffic").await?;
    // A server that is away takes nothing from the pages.
    server.fail_next(1, 500);
    server.wait_for_ls_remotes(2).await;
    preview.shows(&summit, "Currents of Traffic").await
}

#[tokio::test]
async fn an_interrupt_ends_it_well_even_with_an_open_page() -> Result {
    for signal in ["INT", "TERM"] {
        let mut preview = two_documents().await?;
        let url = format!("{}/-/events?page=/", preview.base);
        let mut events = reqwest::Client::new().get(url).send().await?.error_for_status()?;
        assert!(events.chunk().await?.is_some(), "the page listens");
        preview.child.signal(signal)?;
        assert_eq!(preview.child.ended().await?.code(), Some(0), "{signal}");
    }
    Ok(())
}

#[test]
fn a_port_in_use_is_named_with_the_option_that_chooses_another() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let notes = Workspace::with(&[("harbor.md", TALK)]);
    notes.run(&["preview", ".", "--address", &address]).exits(1).says(&[
        "error: cannot listen on",
        &address,
        "--address",
    ]);
}
