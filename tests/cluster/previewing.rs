//! A pull request is read as a page before it is merged.

use serde_json::json;
use talknotes::api::{Summit, TalkNote, names};

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;
use crate::support::publishing::{self, NAME, create_repository, page_holds, repository, talk};

#[tokio::test]
async fn a_pull_request_has_a_summit_of_its_own_beside_the_real_one_and_goes_with_its_repository() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        git.commit(&[("a.md", &talk("A", "As it is."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;
        let ready = |object: &serde_json::Value| kstatus::status(object) == Status::Current;
        repository(test, NAME, "to be ready", ready).await?;
        publishing::settled(test).await?;
        let before: Vec<TalkNote> = test.api().list(&Default::default()).await?.items;

        git.branch("change");
        let head = git.commit(
            &[("a.md", &talk("A", "As it will be.")), ("b.md", &talk("B", "New."))],
            "Change",
        );
        git.reference("refs/pull/42/head", &head);
        let preview = json!({
            "ref": { "name": "refs/pull/42/head" },
            "preview": { "suffix": "pr-42", "banner": "Preview of #42" },
        });
        create_repository(test, "notes-pr-42", &server.url(NAME), preview).await?;
        let object = repository(test, "notes-pr-42", "to be ready", ready).await?;
        assert_eq!(object["status"]["notes"], 2);
        assert_eq!(
            object["status"]["lastAppliedRevision"],
            format!("refs/pull/42/head@sha1:{head}")
        );

        let summit: Summit = test.api().get("moon-gardening-summit-2026-pr-42").await?;
        assert_eq!(summit.spec.unlisted, Some(true));
        assert_eq!(summit.spec.banner.as_deref(), Some("Preview of #42"));
        let notes: Vec<TalkNote> = test.api().list(&Default::default()).await?.items;
        let of_preview: Vec<&TalkNote> =
            notes.iter().filter(|note| note.spec.unlisted == Some(true)).collect();
        assert_eq!((notes.len(), of_preview.len()), (3, 2));
        for note in of_preview {
            let name = note.metadata.name.as_deref().unwrap();
            assert!(name.ends_with("-pr-42"), "{name}");
            let text = if note.spec.title == "A" { "As it will be." } else { "New." };
            let page = page_holds(test, &names::note_config_map(name), text).await?;
            assert!(page.data.unwrap()["note.json"].contains("\"unlisted\":true"));
        }
        // The real one is what it was.
        let now: TalkNote = test.api().get(before[0].metadata.name.as_deref().unwrap()).await?;
        assert_eq!(now.metadata.resource_version, before[0].metadata.resource_version);

        test.kubectl().run(&["delete", "noterepository", "notes-pr-42", "--wait"]).await?;
        publishing::shows(test, &publishing::Titles::everywhere(&["A"])).await
    })
    .await;
}
