//! Names that two repositories want: the second says so, and has them as soon as the first lets go.

use kube::ResourceExt as _;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, names};

use crate::support::Result;
use crate::support::git_server::{GitServer, Repository};
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::Program;
use crate::support::publishing::{
    all_current, create_repository, page_holds, repository, request, talk,
};
use crate::support::wait;

/// Two repositories of one summit, of which `first` has the objects that both want.
struct Two {
    _server: GitServer,
    first: Repository,
    _controller: Program,
}

impl Two {
    /// `first` has the notes Algae and Birch, `second` those of `files`.
    async fn start(test: &TestNamespace, files: &[(&str, &str)]) -> Result<Self> {
        let server = GitServer::start();
        let (first, second) = (server.create("first"), server.create("second"));
        first.commit(&[("a.md", &talk("Algae", "One.")), ("b.md", &talk("Birch", "One."))], "1");
        second.commit(files, "2");
        let spec = json!({ "maxDeletePercent": 100 });
        create_repository(test, "first", &server.url("first"), spec.clone()).await?;
        let controller = test.start_controller().await?;
        repository(test, "first", "to be ready", |object| kstatus::is_true(object, "Ready"))
            .await?;
        create_repository(test, "second", &server.url("second"), spec).await?;
        Ok(Self { _server: server, first, _controller: controller })
    }
}

/// Waits until `second` says who holds the name of a talk, in a way that every tool understands.
async fn told(test: &TestNamespace, words: &str) -> Result<Value> {
    repository(test, "second", &format!("to say `{words}`"), |object| {
        let stalled = kstatus::condition(object, "Stalled");
        let message = stalled.and_then(|stalled| stalled["message"].as_str()).unwrap_or_default();
        kstatus::status(object) == Status::Failed
            && kstatus::reason(object, "Ready") == "NameTaken"
            && message.contains(words)
    })
    .await
}

async fn name_of(test: &TestNamespace, title: &str) -> Result<String> {
    let notes = test.api::<TalkNote>().list(&Default::default()).await?;
    let found = notes.into_iter().find(|note| note.spec.title == title);
    Ok(found.ok_or("no such note")?.name_any())
}

async fn belongs_to(test: &TestNamespace, note: &str, repository: &str) -> Result {
    let what = format!("to belong to {repository}");
    wait::for_object(&test.api::<TalkNote>(), note, &what, |note| {
        note.is_some_and(|note| {
            note.owner_references().iter().any(|owner| owner.name == repository)
                && note.metadata.deletion_timestamp.is_none()
        })
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_talk_that_moves_is_made_anew_as_soon_as_its_name_is_free() {
    with_namespace(async |test| -> Result {
        let both = [("b.md", &*talk("Birch", "Two.")), ("c.md", &*talk("Clover", "Two."))];
        let two = Two::start(test, &both).await?;
        let birch = name_of(test, "Birch").await?;
        told(test, &format!("{birch} exists and belongs to the NoteRepository first")).await?;
        page_holds(test, &names::note_config_map(&birch), "One.").await?;

        // Nobody asks `second`, whose interval is ten minutes.
        two.first.remove(&["b.md"], "Birch moved");
        request(test, "first").await?;
        belongs_to(test, &birch, "second").await?;
        page_holds(test, &names::note_config_map(&birch), "Two.").await?;
        // The summit of both is as both say: it is no fault that one of them holds it.
        all_current(test).await
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_is_renamed_keeps_its_notes() {
    with_namespace(async |test| -> Result {
        let same = [("a.md", &*talk("Algae", "One.")), ("b.md", &*talk("Birch", "One."))];
        let _two = Two::start(test, &same).await?;
        told(test, "2 names").await?;
        let (algae, birch) = (name_of(test, "Algae").await?, name_of(test, "Birch").await?);
        test.api::<NoteRepository>().delete("first", &DeleteParams::default()).await?;
        belongs_to(test, &algae, "second").await?;
        belongs_to(test, &birch, "second").await?;
        wait::for_object(
            &test.api::<Summit>(),
            "moon-gardening-summit-2026",
            "to come back",
            |found| {
                found.is_some_and(|summit| {
                    summit.owner_references().iter().any(|owner| owner.name == "second")
                })
            },
        )
        .await?;
        all_current(test).await
    })
    .await;
}

#[tokio::test]
async fn what_an_orphaning_repository_left_is_handed_over_by_a_label() {
    with_namespace(async |test| -> Result {
        let _two = Two::start(test, &[("b.md", &talk("Birch", "Two."))]).await?;
        let birch = name_of(test, "Birch").await?;
        told(test, "belongs to the NoteRepository first").await?;
        let orphan = json!({ "spec": { "prunePolicy": "Orphan" } });
        let repositories = test.api::<NoteRepository>();
        repositories.patch("first", &PatchParams::default(), &Patch::Merge(&orphan)).await?;
        wait::for_existing(&test.api::<TalkNote>(), &birch, "to have no owner", |note| {
            note.owner_references().is_empty()
        })
        .await?;
        repositories.delete("first", &DeleteParams::default()).await?;
        let said = told(test, &format!("{}=second", names::REPOSITORY_LABEL)).await?;
        page_holds(test, &names::note_config_map(&birch), "One.").await?;

        let notes = test.api::<TalkNote>();
        let label = json!({ "metadata": { "labels": { names::REPOSITORY_LABEL: "second" } } });
        notes.patch(&birch, &PatchParams::default(), &Patch::Merge(&label)).await?;
        belongs_to(test, &birch, "second").await?;
        page_holds(test, &names::note_config_map(&birch), "Two.").await?;
        assert!(said["status"]["diagnostics"].to_string().contains("TN3003"), "{said}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_name_that_is_let_go_slowly_is_waited_for() {
    with_namespace(async |test| -> Result {
        let two = Two::start(test, &[("b.md", &talk("Birch", "Two."))]).await?;
        let birch = name_of(test, "Birch").await?;
        told(test, "belongs to the NoteRepository first").await?;
        let notes = test.api::<TalkNote>();
        let held = json!({ "metadata": { "finalizers": ["example.org/later"] } });
        notes.patch(&birch, &PatchParams::default(), &Patch::Merge(&held)).await?;
        two.first.remove(&["b.md"], "Birch moved");
        request(test, "first").await?;
        repository(test, "second", "to wait for a finalizer", |object| {
            let going = kstatus::condition(object, "Reconciling");
            kstatus::status(object) == Status::InProgress
                && kstatus::condition(object, "Ready")
                    .is_some_and(|ready| ready["status"] == "False")
                && going
                    .is_some_and(|going| going["message"].to_string().contains("example.org/later"))
        })
        .await?;
        let free = json!({ "metadata": { "finalizers": null } });
        notes.patch(&birch, &PatchParams::default(), &Patch::Merge(&free)).await?;
        belongs_to(test, &birch, "second").await?;
        page_holds(test, &names::note_config_map(&birch), "Two.").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_label_on_somebody_elses_note_makes_it_nobodys_else() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let server = GitServer::start();
        let git = server.create("second");
        git.commit(&[("b.md", &talk("Birch", "Git."))], "1");
        create_repository(test, "second", &server.url("second"), json!({})).await?;
        repository(test, "second", "to be ready", |object| kstatus::is_true(object, "Ready"))
            .await?;
        let birch = name_of(test, "Birch").await?;
        let repositories = test.api::<NoteRepository>();
        repositories.delete("second", &DeleteParams::default()).await?;
        wait::for_absence(&test.api::<TalkNote>(), &birch).await?;

        // Whatever it says of itself, nobody but a person made it.
        let manifest = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
            "metadata": { "name": birch, "labels": {
                names::REPOSITORY_LABEL: "second", names::MANAGED_BY: names::MANAGED_BY_VALUE } },
            "spec": { "title": "Birch", "markdown": "Hand." },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
        page_holds(test, &names::note_config_map(&birch), "Hand.").await?;
        create_repository(test, "second", &server.url("second"), json!({})).await?;
        told(test, "was not made by a NoteRepository").await?;
        page_holds(test, &names::note_config_map(&birch), "Hand.").await?;
        test.api::<TalkNote>().delete(&birch, &DeleteParams::default()).await?;
        page_holds(test, &names::note_config_map(&birch), "Git.").await?;
        all_current(test).await
    })
    .await;
}
