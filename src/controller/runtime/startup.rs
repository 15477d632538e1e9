//! What has to be true before the controllers start: the API server answers, and knows our kinds.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kube::Client;

use crate::api::{NoteRepository, Summit, TalkNote, Viewer};
use crate::controller::runtime::error::RunError;
use crate::controller::runtime::scope;
use crate::controller::shared::kind::Kind;

/// Pause between attempts to reach an API server that is away.
const PAUSE: Duration = Duration::from_secs(2);

/// What keeps the process from its start, in words. Clones share it.
#[derive(Clone, Debug)]
pub struct Startup(Arc<Mutex<Option<String>>>);

impl Default for Startup {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some("the API server has not answered yet".to_owned()))))
    }
}

impl Startup {
    /// What it waits for; none once it has started.
    pub fn problem(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It has started.
    pub fn done(&self) {
        self.set(None);
    }

    fn set(&self, problem: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }

    /// Waits until the API server lists our kinds in all `scopes`. A service is patient with an API
    /// server that is away; a person is told.
    ///
    /// # Errors
    /// Where a kind is missing, and where a person should be told that the API server does not answer.
    pub async fn wait(
        &self,
        client: &Client,
        scopes: &[Option<String>],
        patient: bool,
    ) -> Result<(), RunError> {
        for scope in scopes {
            loop {
                match check_kinds(client, scope.as_deref()).await {
                    Err(error @ RunError::Unreachable { .. }) if patient => {
                        tracing::warn!(%error, "trying again");
                        self.set(Some(in_words(&error)));
                        tokio::time::sleep(PAUSE).await;
                    }
                    result => break result?,
                }
            }
        }
        Ok(())
    }
}

async fn check_kinds(client: &Client, scope: Option<&str>) -> Result<(), RunError> {
    check_kind::<NoteRepository>(client, scope).await?;
    check_kind::<Summit>(client, scope).await?;
    check_kind::<TalkNote>(client, scope).await?;
    check_kind::<Viewer>(client, scope).await
}

/// An unknown kind is told apart from an API server that is away: the one needs a person.
async fn check_kind<K: Kind>(client: &Client, scope: Option<&str>) -> Result<(), RunError> {
    let api = scope::api::<K>(client, scope);
    match api.list_metadata(&kube::api::ListParams::default().limit(1)).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => {
            Err(RunError::KindMissing { kind: K::NAME })
        }
        Err(source) => Err(RunError::Unreachable { kind: K::NAME, source: Box::new(source) }),
    }
}

/// An API server that says no is not away, and whoever looks at `/readyz` has to know.
fn in_words(error: &RunError) -> String {
    if let RunError::Unreachable { kind, source } = error
        && let kube::Error::Api(status) = source.as_ref()
    {
        let (code, message) = (status.code, &status.message);
        return format!("cannot list {kind} objects: the API server answers {code}: {message}");
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !words.contains(&said) {
            words.push_str(": ");
            words.push_str(&said);
        }
        cause = next.source();
    }
    format!("the API server has not answered yet: {words}")
}
