//! Notes that are pushed are published, whatever the push does.

use std::fmt::Write as _;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::ListParams;
use serde_json::{Value, json};
use talknotes::api::{TalkNote, names};

use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;
use crate::support::publishing::{
    self, NAME, Publishing, Titles, create_repository, repository, talk,
};
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, rbac};

#[tokio::test]
async fn a_push_arrives_by_itself() {
    with_namespace(async |test| -> Result {
        let files = [("ferns.md", &*talk("Growing ferns", "They like **dust**."))];
        let publishing = Publishing::start_with(test, &files, json!({ "interval": "10s" })).await?;
        publishing.shows(&["Growing ferns"]).await?;
        publishing.page_holds("Growing ferns", "<strong>dust</strong>").await?;

        let commit = publishing.git.commit(&[("moss.md", &talk("Moss", "Green."))], "Add moss");
        publishing.applied(&commit).await?;
        publishing.shows(&["Growing ferns", "Moss"]).await
    })
    .await;
}

#[tokio::test]
async fn talks_are_edited_added_renamed_and_deleted_by_push() {
    with_namespace(async |test| -> Result {
        let (ferns, moss) = (talk("Ferns", "First words."), talk("Moss", "Moss is soft."));
        let reeds = talk("Reeds", "Reeds are tall.");
        let files = [("ferns.md", &*ferns), ("moss.md", &moss), ("reeds.md", &reeds)];
        let publishing = Publishing::start(test, &files).await?;
        publishing.shows(&["Ferns", "Moss", "Reeds"]).await?;
        let before = publishing.note("Ferns").await?;

        publishing.push(&[("ferns.md", &talk("Ferns", "Other words."))], "Edit").await?;
        publishing.page_holds("Ferns", "Other words.").await?;
        let after = publishing.note("Ferns").await?;
        assert_eq!(before.uid(), after.uid(), "an edit of the body is no other object");

        publishing.push(&[("algae.md", &talk("Algae", "They glow."))], "Add").await?;
        publishing.shows(&["Algae", "Ferns", "Moss", "Reeds"]).await?;

        let commit = publishing.git.rename("moss.md", "plants/soft-moss.md", "Rename");
        publishing.pushed(&commit).await?;
        publishing.shows(&["Algae", "Ferns", "Moss", "Reeds"]).await?;
        let source = publishing.note("Moss").await?.annotations()[names::SOURCE_PATH].clone();
        assert_eq!(source, "plants/soft-moss.md");

        publishing.push(&[("reeds.md", &talk("Tall reeds", "Reeds."))], "Retitle").await?;
        publishing.shows(&["Algae", "Ferns", "Moss", "Tall reeds"]).await?;

        publishing.pushed(&publishing.git.remove(&["algae.md"], "Delete")).await?;
        publishing.shows(&["Ferns", "Moss", "Tall reeds"]).await
    })
    .await;
}

#[tokio::test]
async fn a_rewritten_history_is_followed() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "One."))]).await?;
        publishing.push(&[("ferns.md", &talk("Ferns", "Two."))], "Second").await?;
        publishing.page_holds("Ferns", "Two.").await?;
        let rewritten = [("ferns.md", &*talk("Ferns", "Three."))];
        let commit = publishing.git.force_push_rewritten(&rewritten, "Instead of the second");
        publishing.pushed(&commit).await?;
        publishing.page_holds("Ferns", "Three.").await?;
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

#[tokio::test]
async fn children_name_their_origin() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "One."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let note = publishing.note("Ferns").await?;
        assert_eq!(note.owner_references()[0].kind, "NoteRepository");
        assert_eq!(note.labels()[names::REPOSITORY_LABEL], NAME);
        assert_eq!(note.annotations()[names::FLUX_SUBSTITUTE], "disabled");
        assert_eq!(note.annotations()[names::SOURCE_PATH], "ferns.md");

        let page = publishing.page_holds("Ferns", "One.").await?;
        let owner = &page.owner_references()[0];
        assert_eq!((owner.kind.as_str(), owner.controller), ("TalkNote", Some(true)));
        assert_eq!(page.labels()[names::TALK_LABEL], note.name_any());
        assert_eq!(page.labels()[names::CONTENT_LABEL], names::CONTENT_NOTE);
        assert_eq!(page.annotations()[names::CONTRACT], names::CONTRACT_VERSION);
        let status = note.status.unwrap_or_default();
        assert_eq!(status.config_map, Some(page.name_any()));
        assert_eq!(status.content_digest, page.annotations().get(names::CONTENT_DIGEST).cloned());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_broken_file_stops_no_other_and_keeps_what_was_published() {
    with_namespace(async |test| -> Result {
        let files = [("good.md", &*talk("Good", "Fine.")), ("later.md", &talk("Later", "Whole."))];
        let publishing = Publishing::start(test, &files).await?;
        publishing.shows(&["Good", "Later"]).await?;

        publishing.git.write("never.md", b"# Never\n\n## A talk \xff\xfe\n");
        publishing.git.write("later.md", b"---\ntitle: [unclosed\nsummit: {\n---\n\nBroken.\n");
        publishing.push(&[("new.md", &talk("New", "Also fine."))], "Break two files").await?;
        publishing.shows(&["Good", "Later", "New"]).await?;
        publishing.page_holds("Later", "Whole.").await?;

        let told = repository(test, NAME, "the broken files to be named", |object| {
            let diagnostics = object["status"]["diagnostics"].to_string();
            diagnostics.contains("never.md") && diagnostics.contains("later.md")
        })
        .await?;
        assert_eq!(kstatus::status(&told), Status::Current, "the others are published: {told}");

        publishing.git.write("never.md", talk("At last", "Readable.").as_bytes());
        publishing.push(&[("later.md", &talk("Later", "Mended."))], "Mend").await?;
        publishing.page_holds("Later", "Mended.").await?;
        publishing.shows(&["At last", "Good", "Later", "New"]).await
    })
    .await;
}

#[tokio::test]
async fn drafts_are_notes_without_a_page() {
    with_namespace(async |test| -> Result {
        let draft = talk("Secret", "Not yet.").replacen("---\n", "---\ndraft: true\n", 1);
        let files = [("open.md", &*talk("Open", "Yes.")), ("secret.md", &draft)];
        let publishing = Publishing::start(test, &files).await?;
        let mut wanted = Titles::everywhere(&["Open"]);
        wanted.notes.insert("Secret".to_owned());
        publishing::shows(test, &wanted).await?;
        publishing::all_current(test).await?;

        publishing::change_repository(test, NAME, json!({ "drafts": "Publish" })).await?;
        publishing.shows(&["Open", "Secret"]).await
    })
    .await;
}

const MANY: usize = 200;

/// Killed at its first note, then at its first page: what was begun is finished by the next one.
#[tokio::test]
async fn a_controller_that_is_killed_at_any_moment_converges() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let texts: Vec<(String, String)> = (0..MANY).map(numbered).collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let commit = git.commit(&files, "Many notes");
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;

        let mut controller = test.start_controller().await?;
        let notes = test.api::<TalkNote>();
        let all = ListParams::default();
        wait::until("the first note", DEADLINE, async || {
            Ok(Look::at(!notes.list_metadata(&all).await?.items.is_empty(), String::new))
        })
        .await?;
        controller.kill()?;
        let pages = published_pages(test).await?;
        assert!(pages < MANY, "it was faster than the kill: {pages} pages");

        controller.start_again().await?;
        wait::until("more pages", DEADLINE, async || {
            let now = published_pages(test).await?;
            Ok(Look::at(now > pages, || format!("{now} pages")))
        })
        .await?;
        controller.kill()?;
        controller.start_again().await?;

        let publishing = Publishing { test, server, git, controller };
        publishing.applied(&commit).await?;
        let titles: Vec<String> = (0..MANY).map(title).collect();
        publishing.shows(&titles.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        assert_eq!(notes.list_metadata(&all).await?.items.len(), MANY);
        assert_eq!(published_pages(test).await?, MANY);
        Ok(())
    })
    .await;
}

fn title(number: usize) -> String {
    format!("Plant {number:03}")
}

fn numbered(number: usize) -> (String, String) {
    let mut body = String::new();
    for line in 0..20 {
        let _ = writeln!(body, "* leaf {line} of plant {number} is **green**");
    }
    (format!("plants/{number:03}.md"), talk(&title(number), &body))
}

async fn published_pages(test: &crate::support::namespace::TestNamespace) -> Result<usize> {
    let label = format!("{}={}", names::CONTENT_LABEL, names::CONTENT_NOTE);
    let list = ListParams::default().labels(&label);
    Ok(test.api::<ConfigMap>().list_metadata(&list).await?.items.len())
}

#[tokio::test]
async fn what_has_not_changed_is_not_written() {
    with_namespace(async |test| -> Result {
        let files = [("a.md", &*talk("A", "One.")), ("b.md", &talk("B", "Two."))];
        let mut publishing = Publishing::start(test, &files).await?;
        publishing.shows(&["A", "B"]).await?;
        let writes = async || -> Result<Vec<Value>> {
            let audit = test.control_plane.audit();
            let writes = audit.writes(&rbac::user(rbac::CONTROLLER), &test.name)?;
            let events = |resource: &str| resource == "events";
            Ok(writes
                .into_iter()
                .filter(|write| !events(&write.object_ref.resource))
                .map(|write| json!([write.verb, write.object_ref.resource, write.object_ref.name]))
                .collect())
        };
        // A commit that changes no note, and then a controller that remembers nothing.
        publishing.push(&[("README.md", "# Nothing to see")], "Explain").await?;
        publishing::settled(test).await?;
        let before = writes().await?;
        publishing.controller.stop().await?;
        publishing.controller.start_again().await?;
        publishing::request(test, NAME).await?;
        publishing.shows(&["A", "B"]).await?;
        let after = writes().await?;
        let own_status = json!(["patch", "noterepositories", NAME]);
        let new: Vec<_> = after[before.len()..].iter().filter(|w| **w != own_status).collect();
        assert!(new.is_empty(), "written again after a restart: {new:?}");
        Ok(())
    })
    .await;
}
