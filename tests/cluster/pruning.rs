//! What leaves the repository leaves the cluster, but never by accident.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams};
use kube::{Api, ResourceExt as _};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, names};

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{
    self, NAME, Publishing, change_repository, published, repository, talk,
};
use crate::support::wait::{self, DEADLINE, Look};

const TITLES: [&str; 6] = ["Algae", "Birch", "Clover", "Daisy", "Elder", "Ferns"];

async fn six<'a>(test: &'a TestNamespace, spec: Value) -> Result<Publishing<'a>> {
    let texts: Vec<(String, String)> =
        TITLES.iter().map(|title| (format!("{title}.md"), talk(title, "Green."))).collect();
    let files: Vec<(&str, &str)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let publishing = Publishing::start_with(test, &files, spec).await?;
    publishing.shows(&TITLES).await?;
    Ok(publishing)
}

async fn guarded(test: &TestNamespace, commit: &str) -> Result<Value> {
    publishing::request(test, NAME).await?;
    repository(test, NAME, "the delete guard", |object| {
        let attempted = object["status"]["lastAttemptedRevision"].as_str().unwrap_or_default();
        attempted.ends_with(commit)
            && kstatus::reason(object, "Stalled") == "DeleteGuard"
            && kstatus::status(object) == Status::Failed
    })
    .await
}

#[tokio::test]
async fn a_shrunken_repository_waits_for_permission() {
    with_namespace(async |test| -> Result {
        let publishing = six(test, json!({})).await?;
        let gone = ["Algae.md", "Birch.md", "Clover.md", "Daisy.md", "Elder.md"];
        let commit = publishing.git.remove(&gone, "Oops");
        let stalled = guarded(test, &commit).await?;
        assert_eq!(publishing::titles(test).await?.notes.len(), TITLES.len());
        assert_eq!(publishing::titles(test).await?.pages.len(), TITLES.len());

        let revision = stalled["status"]["lastAttemptedRevision"].as_str().unwrap();
        let message = kstatus::condition(&stalled, "Stalled").unwrap()["message"].to_string();
        assert!(message.contains(names::ALLOW_PRUNE) && message.contains(revision), "{message}");

        let allow = |revision: &str| {
            json!({ "metadata": { "annotations": { names::ALLOW_PRUNE: revision } } })
        };
        let api: Api<NoteRepository> = test.api();
        let other = "main@sha1:0123456789012345678901234567890123456789";
        api.patch(NAME, &PatchParams::default(), &Patch::Merge(&allow(other))).await?;
        guarded(test, &commit).await?;
        assert_eq!(publishing::titles(test).await?.notes.len(), TITLES.len(), "another revision");

        api.patch(NAME, &PatchParams::default(), &Patch::Merge(&allow(revision))).await?;
        publishing.applied(&commit).await?;
        publishing.shows(&["Ferns"]).await
    })
    .await;
}

#[tokio::test]
async fn an_emptied_repository_wipes_nothing() {
    with_namespace(async |test| -> Result {
        let publishing = six(test, json!({})).await?;
        let commit = publishing.git.remove(&["."], "Delete everything");
        guarded(test, &commit).await?;
        assert_eq!(publishing::titles(test).await?.pages.len(), TITLES.len());

        // The next revision is a whole one again: nobody has to do anything.
        publishing.git.run(&["checkout", "-q", "HEAD~1", "--", "."]);
        publishing.push(&[("Ferns.md", &talk("Ferns", "Back."))], "Restore").await?;
        publishing.shows(&TITLES).await?;
        publishing.page_holds("Ferns", "Back.").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_may_delete_all_does() {
    with_namespace(async |test| -> Result {
        let publishing = six(test, json!({ "maxDeletePercent": 100 })).await?;
        publishing.pushed(&publishing.git.remove(&["."], "Delete everything")).await?;
        publishing.shows(&[]).await?;
        wait::until("no page to be left", DEADLINE, async || {
            let left = published(test).await?.len();
            Ok(Look::at(left == 0, || format!("{left} left")))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn a_deleted_repository_takes_its_objects_along() {
    with_namespace(async |test| -> Result {
        let _publishing = six(test, json!({})).await?;
        let repositories: Api<NoteRepository> = test.api();
        repositories.delete(NAME, &DeleteParams::default()).await?;
        wait::for_absence(&repositories, NAME).await?;
        wait::until("the garbage collector to remove everything", DEADLINE, async || {
            let left = (publishing::objects(test).await?.len(), published(test).await?.len());
            Ok(Look::at(left == (0, 0), || format!("{left:?} left")))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn an_orphaning_repository_leaves_everything() {
    with_namespace(async |test| -> Result {
        let publishing = six(test, json!({})).await?;
        change_repository(test, NAME, json!({ "prunePolicy": "Orphan" })).await?;
        wait::until("the notes to have no owner", DEADLINE, async || {
            let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
            let owned = notes.iter().filter(|note| !note.owner_references().is_empty()).count();
            let summits = test.api::<Summit>().list(&ListParams::default()).await?;
            let owned = owned + summits.iter().filter(|s| !s.owner_references().is_empty()).count();
            Ok(Look::at(owned == 0, || format!("{owned} have")))
        })
        .await?;

        publishing.pushed(&publishing.git.remove(&["Algae.md"], "Delete")).await?;
        publishing.shows(&TITLES).await?;

        let uids = uids(test).await?;
        let repositories: Api<NoteRepository> = test.api();
        let foreground = DeleteParams::foreground();
        repositories.delete(NAME, &foreground).await?;
        wait::for_absence(&repositories, NAME).await?;
        // Asked for in the foreground, it is gone after what the collector takes with it.
        assert_eq!(uids, self::uids(test).await?);
        publishing.shows(&TITLES).await
    })
    .await;
}

async fn uids(test: &TestNamespace) -> Result<Vec<Option<String>>> {
    let all = ListParams::default();
    let mut uids: Vec<Option<String>> =
        test.api::<TalkNote>().list(&all).await?.iter().map(|note| note.uid()).collect();
    uids.extend(test.api::<Summit>().list(&all).await?.iter().map(|summit| summit.uid()));
    let maps = published(test).await?;
    uids.extend(maps.iter().map(|map: &ConfigMap| map.uid()));
    uids.sort();
    Ok(uids)
}
