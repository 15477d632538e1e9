//! A git repository that a controller publishes, and what the cluster shows of it.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ListParams, ObjectMeta, Patch, PatchParams, PostParams};
use kube::{Api, ResourceExt as _};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, names};
use talknotes::render::{NoteDocument, SummitDocument};

use super::Result;
use super::git_server::{GitServer, Repository};
use super::kstatus::{self, Status};
use super::namespace::TestNamespace;
use super::operator::Program;
use super::wait::{self, DEADLINE, Look};

/// Name of the `NoteRepository`.
pub const NAME: &str = "notes";

/// The document of one talk.
pub fn talk(title: &str, body: &str) -> String {
    format!(
        "---\ntitle: {title}\nsummit: Moon Gardening Summit 2026\nspeakers: [Ada Example]\n\
         day: 2026-05-14\n---\n\n{body}\n"
    )
}

/// A git repository, its `NoteRepository` and a running controller.
pub struct Publishing<'a> {
    /// The test's namespace.
    pub test: &'a TestNamespace,
    /// The git server.
    pub server: GitServer,
    /// The git repository.
    pub git: Repository,
    /// The controller.
    pub controller: Program,
}

/// The titles that can be seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Titles {
    /// Of the `TalkNotes`.
    pub notes: BTreeSet<String>,
    /// Of the published pages.
    pub pages: BTreeSet<String>,
    /// On the agendas of the summits.
    pub agenda: BTreeSet<String>,
}

impl Titles {
    /// The same titles everywhere.
    pub fn everywhere(titles: &[&str]) -> Self {
        let all: BTreeSet<String> = titles.iter().map(ToString::to_string).collect();
        Self { notes: all.clone(), pages: all.clone(), agenda: all }
    }
}

impl<'a> Publishing<'a> {
    /// Pushes `files`, starts a controller and waits until the files are published.
    ///
    /// # Errors
    /// Where they are not published in time.
    pub async fn start(test: &'a TestNamespace, files: &[(&str, &str)]) -> Result<Self> {
        Self::start_with(test, files, json!({})).await
    }

    /// The same with more fields in the spec of the `NoteRepository`.
    ///
    /// # Errors
    /// Where they are not published in time.
    pub async fn start_with(
        test: &'a TestNamespace,
        files: &[(&str, &str)],
        spec: Value,
    ) -> Result<Self> {
        let server = GitServer::start();
        let git = server.create(NAME);
        let commit = git.commit(files, "Take notes");
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        let controller = test.start_controller().await?;
        let publishing = Self { test, server, git, controller };
        publishing.applied(&commit).await?;
        Ok(publishing)
    }

    /// Commits and pushes `files`, and waits until that commit is applied.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn push(&self, files: &[(&str, &str)], message: &str) -> Result<()> {
        self.pushed(&self.git.commit(files, message)).await
    }

    /// Waits until the pushed `commit` is applied, without waiting for the next interval.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn pushed(&self, commit: &str) -> Result<()> {
        request(self.test, NAME).await?;
        self.applied(commit).await
    }

    /// Waits until `commit` is applied and the repository is current.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn applied(&self, commit: &str) -> Result<()> {
        repository(self.test, NAME, &format!("{commit} to be applied"), |object| {
            let applied = object.pointer("/status/lastAppliedRevision").and_then(Value::as_str);
            applied.is_some_and(|revision| revision.ends_with(commit))
                && kstatus::status(object) == Status::Current
        })
        .await?;
        Ok(())
    }

    /// Waits until exactly `titles` can be seen everywhere and every object is current.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn shows(&self, titles: &[&str]) -> Result {
        shows(self.test, &Titles::everywhere(titles)).await?;
        all_current(self.test).await
    }

    /// The `TalkNote` with the title `title`.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn note(&self, title: &str) -> Result<TalkNote> {
        let notes = self.test.api::<TalkNote>().list(&ListParams::default()).await?;
        let found = notes.into_iter().find(|note| note.spec.title == title);
        found.ok_or_else(|| format!("there is no note {title}").into())
    }

    /// Waits until the page of the note `title` holds `text`.
    ///
    /// # Errors
    /// Where that does not happen in time.
    pub async fn page_holds(&self, title: &str, text: &str) -> Result<ConfigMap> {
        let name = names::note_config_map(&self.note(title).await?.name_any());
        page_holds(self.test, &name, text).await
    }
}

/// Creates a `NoteRepository` that is asked rarely, so that tests say when; `spec` has more fields.
///
/// # Errors
/// Where the API server refuses it.
pub async fn create_repository(
    test: &TestNamespace,
    name: &str,
    url: &str,
    spec: Value,
) -> Result<NoteRepository> {
    let mut whole = json!({ "url": url, "interval": "10m" });
    if let (Some(whole), Value::Object(more)) = (whole.as_object_mut(), spec) {
        whole.extend(more);
    }
    let mut object = NoteRepository::new(name, serde_json::from_value(whole)?);
    object.metadata = ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
    Ok(test.api().create(&PostParams::default(), &object).await?)
}

/// Asks for a reconciliation now and waits until it is over.
///
/// # Errors
/// Where that does not happen in time.
pub async fn request(test: &TestNamespace, name: &str) -> Result<Value> {
    let now = jiff::Timestamp::now().to_string();
    let patch = json!({ "metadata": { "annotations": { names::REQUESTED_AT: now } } });
    let api: Api<NoteRepository> = test.api();
    api.patch(name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    repository(test, name, "the requested visit to be over", |object| {
        object["status"]["lastHandledReconcileAt"] == now.as_str()
    })
    .await
}

/// Changes the spec of the `NoteRepository` `name` by a merge patch.
///
/// # Errors
/// Where the API server refuses it.
pub async fn change_repository(test: &TestNamespace, name: &str, spec: Value) -> Result {
    let patch = json!({ "spec": spec });
    let api: Api<NoteRepository> = test.api();
    api.patch(name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
    Ok(())
}

/// Waits until `holds` is true of the `NoteRepository` `name`, seen as tools see it.
///
/// # Errors
/// Where that does not happen in time.
pub async fn repository(
    test: &TestNamespace,
    name: &str,
    what: &str,
    holds: impl Fn(&Value) -> bool,
) -> Result<Value> {
    let found = wait::for_existing(&test.api::<NoteRepository>(), name, what, |object| {
        serde_json::to_value(object).is_ok_and(|object| holds(&object))
    })
    .await?;
    Ok(serde_json::to_value(found)?)
}

/// Waits until `holds` is true of the `TalkNote` `name`, seen as tools see it.
///
/// # Errors
/// Where that does not happen in time.
pub async fn note(
    test: &TestNamespace,
    name: &str,
    what: &str,
    holds: impl Fn(&Value) -> bool,
) -> Result<Value> {
    let found = wait::for_existing(&test.api::<TalkNote>(), name, what, |object| {
        serde_json::to_value(object).is_ok_and(|object| holds(&object))
    })
    .await?;
    Ok(serde_json::to_value(found)?)
}

/// Waits until the ConfigMap `name` has a page that holds `text`.
///
/// # Errors
/// Where that does not happen in time.
pub async fn page_holds(test: &TestNamespace, name: &str, text: &str) -> Result<ConfigMap> {
    wait::for_existing(&test.api::<ConfigMap>(), name, &format!("to hold `{text}`"), |map| {
        map.data.as_ref().and_then(|data| data.get("note.html")).is_some_and(|h| h.contains(text))
    })
    .await
}

/// Waits until exactly `wanted` can be seen.
///
/// # Errors
/// Where that does not happen in time.
pub async fn shows(test: &TestNamespace, wanted: &Titles) -> Result {
    wait::until(&format!("the cluster to show {wanted:?}"), DEADLINE, async || {
        let seen = titles(test).await?;
        Ok(Look::at(seen == *wanted, || format!("{seen:?}")))
    })
    .await
}

/// The titles that can be seen now.
///
/// # Errors
/// Where a published ConfigMap cannot be read.
pub async fn titles(test: &TestNamespace) -> Result<Titles> {
    let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
    let mut seen = Titles {
        notes: notes.into_iter().map(|note| note.spec.title).collect(),
        pages: BTreeSet::new(),
        agenda: BTreeSet::new(),
    };
    for map in published(test).await? {
        let data = map.data.unwrap_or_default();
        if let Some(note) = data.get("note.json") {
            seen.pages.insert(serde_json::from_str::<NoteDocument>(note)?.card.title);
        } else if let Some(summit) = data.get("summit.json") {
            let agenda = serde_json::from_str::<SummitDocument>(summit)?.agenda;
            seen.agenda.extend(agenda.into_iter().map(|card| card.title));
        }
    }
    Ok(seen)
}

/// The ConfigMaps that the operator published.
///
/// # Errors
/// Where they cannot be listed.
pub async fn published(test: &TestNamespace) -> Result<Vec<ConfigMap>> {
    let label = format!("{}={}", names::MANAGED_BY, names::MANAGED_BY_VALUE);
    let list = test.api::<ConfigMap>().list(&ListParams::default().labels(&label)).await?;
    Ok(list.items)
}

/// Waits until tools call every object of ours current.
///
/// # Errors
/// Where that does not happen in time.
pub async fn all_current(test: &TestNamespace) -> Result {
    wait::until("every object to be current", DEADLINE, async || {
        let mut states = Vec::new();
        for object in objects(test).await? {
            let status = kstatus::status(&object);
            if status != Status::Current {
                states
                    .push(format!("{} {}: {status:?}", object["kind"], object["metadata"]["name"]));
            }
        }
        Ok(Look::at(states.is_empty(), || states.join(", ")))
    })
    .await
}

/// Waits until nothing is left to write: each note is published, each summit has its notes on its
/// agenda and tells of the agenda that is published, and tools call every object of ours current. For
/// namespaces without drafts and faulty notes.
///
/// # Errors
/// Where that does not happen in time.
pub async fn settled(test: &TestNamespace) -> Result {
    wait::until("everything to be published and told", DEADLINE, async || {
        let objects = objects(test).await?;
        let published = digests_published(test).await?;
        let told: BTreeSet<String> = objects.iter().filter_map(digest_told).collect();
        let whole = objects.iter().all(|object| {
            let (status, name) = (&object["status"], &object["metadata"]["name"]);
            object["kind"] != "Summit" || status["notes"] == notes_of(name, &objects)
        });
        let even = whole && told == published;
        Ok(Look::at(even, || format!("told {told:?}, published {published:?}: {objects:?}")))
    })
    .await?;
    all_current(test).await
}

/// How many of the objects are notes of the summit.
fn notes_of(summit: &Value, objects: &[Value]) -> usize {
    objects.iter().filter(|object| object["spec"]["summitRef"]["name"] == *summit).count()
}

/// The digest of content that the status of a note or a summit tells.
fn digest_told(object: &Value) -> Option<String> {
    object["status"]["contentDigest"].as_str().map(str::to_owned)
}

/// The digests of content that the published ConfigMaps carry.
async fn digests_published(test: &TestNamespace) -> Result<BTreeSet<String>> {
    let maps = published(test).await?;
    let digests = maps.iter().filter_map(|map| map.annotations().get(names::CONTENT_DIGEST));
    Ok(digests.cloned().collect())
}

/// All objects of our kinds.
///
/// # Errors
/// Where they cannot be listed.
pub async fn objects(test: &TestNamespace) -> Result<Vec<Value>> {
    let all = ListParams::default();
    let mut objects = Vec::new();
    for object in test.api::<NoteRepository>().list(&all).await? {
        objects.push(serde_json::to_value(object)?);
    }
    for object in test.api::<Summit>().list(&all).await? {
        objects.push(serde_json::to_value(object)?);
    }
    for object in test.api::<TalkNote>().list(&all).await? {
        objects.push(serde_json::to_value(object)?);
    }
    Ok(objects)
}
