//! Git servers in odd but legal states, and what a repository may have that is no note.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{DeleteParams, ListParams};
use serde_json::{Value, json};
use talknotes::api::names::{CONTENT_IMAGE, CONTENT_LABEL};
use talknotes::api::{NoteRepository, TalkNote};

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{
    self, NAME, Publishing, change_repository, create_repository, repository, talk,
};
use crate::support::wait::{self, DEADLINE, Look};

const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn message<'a>(object: &'a Value, kind: &str) -> &'a str {
    kstatus::condition(object, kind).and_then(|found| found["message"].as_str()).unwrap_or_default()
}

async fn images_are(test: &TestNamespace, wanted: usize) -> Result {
    let chosen = ListParams::default().labels(&format!("{CONTENT_LABEL}={CONTENT_IMAGE}"));
    wait::until("the right number of images", DEADLINE, async || {
        let found = test.api::<ConfigMap>().list(&chosen).await?.items.len();
        Ok(Look::at(found == wanted, || format!("{found} and not {wanted}")))
    })
    .await
}

#[tokio::test]
async fn a_theme_that_is_a_submodule_stops_nothing() {
    with_namespace(async |test| -> Result {
        let shown = talk("Ferns", "![a fern](fern.gif)");
        let publishing = Publishing::start(test, &[("ferns.md", &shown)]).await?;
        publishing.git.write("fern.gif", GIF);
        let first = publishing.git.commit(&[], "Add an image");
        publishing.git.symlink("again.md", "ferns.md");
        let commit = publishing.git.submodule("themes/sand", &first);
        publishing.pushed(&commit).await?;
        publishing.shows(&["Ferns"]).await?;
        images_are(test, 1).await?;
        let object = publishing::request(test, NAME).await?;
        assert_eq!(object["status"]["errors"], 0);
        assert!(!message(&object, "Ready").contains("error"), "{object}");
        let told = object["status"]["diagnostics"].as_array().unwrap().iter();
        let told: Vec<_> = told.filter(|one| one["path"] == "themes/sand").collect();
        assert_eq!(told.len(), 1, "{object}");
        assert_eq!(told[0]["severity"], "Info");

        publishing.git.write("ferns.md", talk("Ferns", "Soft.").as_bytes());
        publishing.git.run(&["commit", "-q", "-m", "Hide the image", "ferns.md"]);
        publishing.git.run(&["push", "-q", "origin", "HEAD"]);
        publishing.pushed(&publishing.git.run(&["rev-parse", "HEAD"])).await?;
        images_are(test, 0).await?;

        change_repository(test, NAME, json!({ "include": ["*.md", "themes/sand/**"] })).await?;
        let named = repository(test, NAME, "an error about the submodule", |object| {
            object["status"]["errors"] == 1
        });
        assert!(
            named.await?["status"]["diagnostics"][0]["message"].to_string().contains("submodule")
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_that_becomes_a_pointer_stays_published() {
    with_namespace(async |test| -> Result {
        let files = [("ferns.md", &*talk("Ferns", "Soft.")), ("moss.md", &talk("Moss", "Green."))];
        let publishing = Publishing::start(test, &files).await?;
        publishing.shows(&["Ferns", "Moss"]).await?;
        let pointer = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 5120\n",
            "ab".repeat(32)
        );
        publishing.push(&[("moss.md", &pointer)], "Track by LFS").await?;
        let object = publishing::request(test, NAME).await?;
        let told = &object["status"]["diagnostics"][0];
        assert_eq!((&told["severity"], &told["path"]), (&json!("Error"), &json!("moss.md")));
        for word in ["Git LFS", "5120 bytes"] {
            assert!(told["message"].to_string().contains(word), "{told}");
        }
        publishing.page_holds("Moss", "Green.").await?;
        publishing.shows(&["Ferns", "Moss"]).await
    })
    .await;
}

#[tokio::test]
async fn what_git_lfs_keeps_is_published_once_the_repository_asks_for_it() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let kept = publishing.server.large_files();
        kept.store_at(&format!("http://127.0.0.1:{}", publishing.server.port()));
        let pointer = kept.keep(talk("Moss", "Green.").as_bytes());
        publishing.push(&[("moss.md", &pointer)], "Track by LFS").await?;
        publishing.shows(&["Ferns"]).await?;
        change_repository(test, NAME, json!({ "lfs": true })).await?;
        publishing.shows(&["Ferns", "Moss"]).await?;
        publishing.page_holds("Moss", "Green.").await?;
        let pointer = kept.keep(talk("Moss", "Greener.").as_bytes());
        publishing.push(&[("moss.md", &pointer)], "Change it").await?;
        publishing.page_holds("Moss", "Greener.").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_default_branch_that_is_gone_leaves_what_is_published() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        publishing.git.run(&["push", "-q", "origin", "HEAD:refs/heads/quay"]);
        publishing.git.at_server(&["update-ref", "-d", "refs/heads/main"]);
        let object = publishing::request(test, NAME).await?;
        assert_eq!(kstatus::status(&object), Status::Failed);
        assert_eq!(kstatus::reason(&object, "Stalled"), "RevisionNotFound");
        let told = message(&object, "Stalled");
        assert!(told.contains("the branch main") && told.contains("there are: quay"), "{told}");
        assert_eq!(publishing::titles(test).await?, publishing::Titles::everywhere(&["Ferns"]));
        change_repository(test, NAME, json!({ "ref": { "branch": "quay" } })).await?;
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

#[tokio::test]
async fn a_repository_of_sha256_is_published() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create_with_hash(NAME, "main", "sha256");
        let commit = git.commit(&[("ferns.md", &talk("Ferns", "Soft."))], "Take notes");
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;
        let _controller = test.start_controller().await?;
        let object = repository(test, NAME, "the commit to be applied", |object| {
            object["status"]["lastAppliedRevision"] == format!("main@sha256:{commit}")
        })
        .await?;
        assert_eq!(kstatus::status(&object), Status::Current);
        create_repository(
            test,
            "pinned",
            &server.url(NAME),
            json!({ "ref": { "commit": commit } }),
        )
        .await?;
        repository(test, "pinned", "the commit to be read", |object| {
            object["status"]["lastAttemptedRevision"] == format!("sha256:{commit}")
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_not_asked_again_by_anybody() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        for name in ["first", "second"] {
            server.create(name).commit(&[("a.md", &talk(name, "Soft."))], "Take notes");
        }
        server.fail_with(u32::MAX, 403, &[("retry-after", "1800")]);
        let visit = server.wait_for_ls_remotes(1);
        create_repository(test, "first", &server.url("first"), json!({ "interval": "10s" }))
            .await?;
        let _controller = test.start_controller().await?;
        visit.await;
        let held = |object: &Value| kstatus::reason(object, "Ready") == "RateLimited";
        let object = repository(test, "first", "to be told to wait", held).await?;
        assert_eq!(kstatus::status(&object), Status::InProgress);
        assert!(kstatus::condition(&object, "Stalled").is_none(), "{object}");
        let told = message(&object, "Reconciling");
        assert!(told.contains("asks to wait until") && told.contains("UTC"), "{told}");

        // Neither a wish for a visit nor another repository of that host breaks the wait.
        let object = publishing::request(test, "first").await?;
        assert!(held(&object), "{object}");
        create_repository(test, "second", &server.url("second"), json!({})).await?;
        repository(test, "second", "to be told to wait, too", held).await?;
        assert_eq!(server.ls_remote_count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn after_the_wait_everything_goes_on() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let commit = git.commit(&[("a.md", &talk("Ferns", "Soft."))], "Take notes");
        server.fail_with(1, 429, &[("retry-after", "2")]);
        create_repository(test, NAME, &server.url(NAME), json!({ "interval": "24h" })).await?;
        let _controller = test.start_controller().await?;
        repository(test, NAME, "the commit to be applied", |object| {
            object["status"]["lastAppliedRevision"] == format!("main@sha1:{commit}")
                && kstatus::status(object) == Status::Current
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_is_transferred_once() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let work = git.run(&["rev-parse", "--show-toplevel"]);
        let video = std::fs::File::create(std::path::Path::new(&work).join("video.bin"))?;
        video.set_len(129 << 20)?;
        git.commit(&[("a.md", &talk("Ferns", "Soft."))], "Add a video");
        create_repository(test, NAME, &server.url(NAME), json!({ "interval": "10s" })).await?;
        let _controller = test.start_controller().await?;
        repository(test, NAME, "to be told", |object| {
            kstatus::reason(object, "Stalled") == "TooLarge"
        })
        .await?;
        // By the third visit the second one has done all that it does.
        server.wait_for_ls_remotes(3).await;
        assert_eq!(server.fetch_count(), 1);

        let commit = git.remove(&["video.bin"], "Keep it elsewhere");
        repository(test, NAME, "the commit to be applied", |object| {
            object["status"]["lastAppliedRevision"] == format!("main@sha1:{commit}")
        })
        .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_revision_that_was_read_is_the_one_that_is_named() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let first = git.commit(&[("a.md", &talk("Ferns", "Soft."))], "Take notes");
        // Somebody pushes between the question for the revision and the fetch.
        server.hang_after(1);
        let fetch = server.wait_for_ls_remotes(2);
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;
        let _controller = test.start_controller().await?;
        fetch.await;
        let second = git.commit(&[("a.md", &talk("Moss", "Green."))], "Take other notes");
        assert_ne!(first, second);
        server.resume();
        let object = repository(test, NAME, "a revision to be applied", |object| {
            object["status"]["lastAppliedRevision"].is_string()
        })
        .await?;
        let revision = format!("main@sha1:{second}");
        for field in ["lastAppliedRevision", "lastAttemptedRevision"] {
            assert_eq!(object["status"][field], *revision, "{object}");
        }
        assert_eq!(object["status"]["history"][0]["revision"], *revision);
        assert!(message(&object, "Ready").contains(&revision), "{object}");
        let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
        assert_eq!(notes.items.len(), 1);
        assert_eq!(notes.items[0].spec.title, "Moss");
        Ok(())
    })
    .await;
}

/// Number of repositories in the folder of the git caches.
fn cached(test: &TestNamespace) -> Result<usize> {
    let mut number = 0;
    for entry in std::fs::read_dir(test.folder().join("git-cache"))? {
        number += usize::from(entry?.file_type()?.is_dir());
    }
    Ok(number)
}

async fn caches_are(test: &TestNamespace, wanted: usize) -> Result {
    wait::until("the right number of git caches", DEADLINE, async || {
        let found = cached(test)?;
        Ok(Look::at(found == wanted, || format!("{found} and not {wanted}")))
    })
    .await
}

#[tokio::test]
async fn caches_go_with_their_repositories() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("a.md", &talk("Ferns", "Soft."))]).await?;
        let server = &publishing.server;
        for name in ["moved", "deleted", "later"] {
            server.create(name).commit(&[("b.md", &talk(name, "Green."))], "Take notes");
            create_repository(test, name, &server.url(name), json!({})).await?;
            repository(test, name, "to be applied", |object| {
                kstatus::status(object) == Status::Current
            })
            .await?;
        }
        assert_eq!(cached(test)?, 4);
        let repositories: Api<NoteRepository> = test.api();
        repositories.delete("deleted", &DeleteParams::default()).await?;
        caches_are(test, 3).await?;
        change_repository(test, "moved", json!({ "url": server.url(NAME) })).await?;
        caches_are(test, 2).await?;

        // Nobody sees it go.
        let Publishing { controller, server: _server, .. } = publishing;
        drop(controller);
        repositories.delete("later", &DeleteParams::default()).await?;
        wait::for_absence(&repositories, "later").await?;
        assert_eq!(cached(test)?, 2);
        let _controller = test.start_controller().await?;
        caches_are(test, 1).await
    })
    .await;
}

#[tokio::test]
async fn repositories_that_ask_the_same_ask_once() {
    with_namespace(async |test| -> Result {
        let files = [("ferns.md", &*talk("Ferns", "Soft.")), ("moss.md", &*talk("Moss", "Wet."))];
        let spec = |file: &str| json!({ "interval": "10s", "include": [file] });
        let publishing = Publishing::start_with(test, &files, spec("ferns.md")).await?;
        let url = publishing.server.url(NAME);
        create_repository(test, "others", &url, spec("moss.md")).await?;
        publishing.shows(&["Ferns", "Moss"]).await?;
        publishing::settled(test).await?;

        let reconciled = async || {
            let series = "talknotes_reconcile_duration_seconds_count";
            let labels = "{kind=\"NoteRepository\",result=\"success\"}";
            publishing.controller.metric(&format!("{series}{labels}")).await
        };
        let (before, asked) = (reconciled().await?, publishing.server.ls_remote_count());
        wait::until("both to be looked at three times", DEADLINE, async || {
            let now = reconciled().await?;
            Ok(Look::at(now >= before + 6.0, || format!("{before}, then {now}")))
        })
        .await?;
        let asked = publishing.server.ls_remote_count() - asked;
        assert!(asked <= 4, "the server was asked {asked} times");

        // Whoever asks for it is told what is there now.
        publishing.push(&[("ferns.md", &talk("Ferns", "Softer."))], "Go on").await?;
        publishing.page_holds("Ferns", "Softer.").await?;
        Ok(())
    })
    .await;
}
