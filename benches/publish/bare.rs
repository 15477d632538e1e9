//! A client that does nothing but write what the operator wrote: the same bytes, as the same user,
//! with the same number of requests under way. Nothing that publishes these objects can be faster.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderValue;
use http::header::ACCEPT;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{PartialObjectMeta, Patch, PatchParams, Request, ValidationDirective};
use kube::{Api, Client, Resource, ResourceExt as _};
use serde_json::json;
use talknotes::api::names::{
    API_VERSION, MANAGER_NOTE_REPOSITORY, MANAGER_TALK_NOTE, note_config_map,
};
use talknotes::api::{TalkNote, TalkNoteStatus};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::stage::list;
use crate::support::Result;

/// As many notes as the repository controller writes at once.
const WRITES: usize = 16;
/// As many notes as the note controller visits at once.
const VISITS: usize = 32;

/// Like the operator, it wants no whole objects back.
const METADATA_ONLY: HeaderValue =
    HeaderValue::from_static("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");

/// All that the operator wrote for one note.
#[derive(Clone)]
pub struct Publication {
    /// The note as it was applied.
    pub note: TalkNote,
    /// The page as it was applied.
    page: ConfigMap,
    status: TalkNoteStatus,
}

/// What the operator wrote for the notes of `namespace`.
///
/// # Errors
/// Where a note has no page.
pub async fn collect(client: &Client, namespace: &str) -> Result<Vec<Publication>> {
    let pages = list(&Api::<ConfigMap>::namespaced(client.clone(), namespace)).await?;
    let mut pages: HashMap<String, ConfigMap> =
        pages.into_iter().map(|page| (page.name_any(), page)).collect();
    let mut publications = Vec::new();
    for mut note in list(&Api::<TalkNote>::namespaced(client.clone(), namespace)).await? {
        let name = note.name_any();
        let page = pages.remove(&note_config_map(&name));
        let mut page = page.ok_or_else(|| format!("the note {name} has no page"))?;
        let status = note.status.take().ok_or_else(|| format!("the note {name} has no status"))?;
        applied(note.meta_mut());
        applied(page.meta_mut());
        publications.push(Publication { note, page, status });
    }
    Ok(publications)
}

/// Leaves of `meta` what is applied; the namespace is where it goes.
fn applied(meta: &mut ObjectMeta) {
    *meta = ObjectMeta {
        name: meta.name.take(),
        labels: meta.labels.take(),
        annotations: meta.annotations.take(),
        owner_references: meta.owner_references.take(),
        ..ObjectMeta::default()
    };
}

/// A namespace to write to.
#[derive(Clone)]
pub struct BareClient {
    client: Client,
    namespace: String,
    writes: Arc<Semaphore>,
    visits: Arc<Semaphore>,
}

impl BareClient {
    /// Writes to `namespace` with `client`.
    pub fn new(client: Client, namespace: &str) -> Self {
        Self {
            client,
            namespace: namespace.to_owned(),
            writes: Arc::new(Semaphore::new(WRITES)),
            visits: Arc::new(Semaphore::new(VISITS)),
        }
    }

    /// Writes notes, pages and statuses. The notes belong to the repository `owner`.
    ///
    /// # Errors
    /// Where the API server refuses a write.
    pub async fn publish(&self, publications: Vec<Publication>, owner: &str) -> Result {
        self.each(publications, owner, |bare, publication, owner| async move {
            let uid = bare.write_note(publication.note.clone(), &owner).await?;
            bare.write_page_and_status(publication, &uid).await
        })
        .await
    }

    /// Writes notes alone, as people do who write them by hand.
    ///
    /// # Errors
    /// Where the API server refuses a write.
    pub async fn write_notes(&self, notes: Vec<TalkNote>) -> Result {
        self.each(notes, "", |bare, note, _| async move {
            bare.write_note(note, "").await?;
            Ok(())
        })
        .await
    }

    /// Writes pages and statuses of notes whose uids are in `uids` by name.
    ///
    /// # Errors
    /// Where the API server refuses a write.
    pub async fn reconcile(
        &self,
        publications: Vec<Publication>,
        uids: &HashMap<String, String>,
    ) -> Result {
        let found = |publication: Publication| {
            let uid = uids.get(&publication.note.name_any()).cloned().unwrap_or_default();
            (publication, uid)
        };
        let work = publications.into_iter().map(found).collect();
        self.each(work, "", |bare, (publication, uid), _| async move {
            bare.write_page_and_status(publication, &uid).await
        })
        .await
    }

    /// Does `work` for all `items`, each in a task of its own.
    async fn each<T, F>(
        &self,
        items: Vec<T>,
        owner: &str,
        work: impl Fn(Self, T, String) -> F,
    ) -> Result
    where
        F: Future<Output = Result> + Send + 'static,
    {
        let mut tasks = JoinSet::new();
        for item in items {
            tasks.spawn(work(self.clone(), item, owner.to_owned()));
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome??;
        }
        Ok(())
    }

    /// Writes a note and returns its uid.
    async fn write_note(&self, mut note: TalkNote, owner: &str) -> Result<String> {
        let _permit = self.writes.acquire().await?;
        own(note.meta_mut(), owner);
        let api: Api<TalkNote> = Api::namespaced(self.client.clone(), &self.namespace);
        let params = params(MANAGER_NOTE_REPOSITORY, false);
        let written = api.patch_metadata(&note.name_any(), &params, &Patch::Apply(&note)).await?;
        Ok(written.uid().unwrap_or_default())
    }

    async fn write_page_and_status(&self, publication: Publication, uid: &str) -> Result {
        let _permit = self.visits.acquire().await?;
        let Publication { note, mut page, status } = publication;
        own(page.meta_mut(), uid);
        let pages: Api<ConfigMap> = Api::namespaced(self.client.clone(), &self.namespace);
        let create = params(MANAGER_TALK_NOTE, false);
        pages.patch_metadata(&page.name_any(), &create, &Patch::Apply(&page)).await?;
        let name = note.name_any();
        let status = json!({
            "apiVersion": API_VERSION,
            "kind": "TalkNote",
            "metadata": { "name": name, "uid": uid },
            "status": status,
        });
        let update = params(MANAGER_TALK_NOTE, true);
        let mut request = Request::new(TalkNote::url_path(&(), Some(&self.namespace)))
            .patch_subresource("status", &name, &update, &Patch::Apply(status))?;
        request.headers_mut().insert(ACCEPT, METADATA_ONLY);
        self.client.request::<PartialObjectMeta<TalkNote>>(request).await?;
        Ok(())
    }
}

/// Puts the uid of the real owner into the owner references: the garbage collector would delete what
/// belongs to somebody in another namespace.
fn own(meta: &mut ObjectMeta, uid: &str) {
    for owner in meta.owner_references.iter_mut().flatten() {
        uid.clone_into(&mut owner.uid);
    }
}

/// As the operator applies.
fn params(manager: &str, force: bool) -> PatchParams {
    PatchParams {
        force,
        field_manager: Some(manager.to_owned()),
        field_validation: Some(ValidationDirective::Ignore),
        ..PatchParams::default()
    }
}
