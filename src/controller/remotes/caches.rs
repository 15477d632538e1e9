//! The git caches on this disk: those of repositories that are gone are removed, also of those that
//! went while no controller ran.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::runtime::reflector::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::api::NoteRepository;
use crate::controller::shared::kind::Kind;
use crate::controller::state::memory::{Key, key};
use crate::git::{self, Remote, Swept, UsedCaches};

/// Caches that were in use are looked at again after this.
const BUSY: Duration = Duration::from_secs(60);
/// All of them are looked at after this, whatever happened.
const EVERY: Duration = Duration::from_secs(3600);

/// The folder of the git caches, and who uses them. It may vanish at any time.
pub struct Caches {
    folder: PathBuf,
    /// The remote of each repository at its last visit, with the URL that it had then.
    visited: Mutex<HashMap<Key, (String, UsedCaches)>>,
    stores: Mutex<Vec<Store<NoteRepository>>>,
    changed: Notify,
}

impl Caches {
    /// Those in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        let (visited, stores, changed) = Default::default();
        Self { folder, visited, stores, changed }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The repositories of `store` use caches, too. To be said of all stores before [`Self::tidy`].
    pub fn serve(&self, store: Store<NoteRepository>) {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner).push(store);
    }

    /// The repository `key` with the address `url` is about to use the cache of `remote`.
    pub fn visited(&self, key: &Key, url: &str, remote: &Remote) {
        let mut used = UsedCaches::default();
        used.add(remote);
        self.of_visits().insert(key.clone(), (url.to_owned(), used));
    }

    /// A repository went or changed: its cache may be of no use any more.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// The repository `key` is gone.
    pub fn gone(&self, key: &Key) {
        self.of_visits().remove(key);
        self.changed();
    }

    /// Removes what is of no use, now and whenever something changed, until `shutdown`.
    pub async fn tidy(self: Arc<Self>, shutdown: CancellationToken) {
        let stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let filled = async {
            for store in &stores {
                let _ = store.wait_until_ready().await;
            }
        };
        tokio::select! {
            () = filled => {}
            () = shutdown.cancelled() => return,
        }
        loop {
            let busy = self.sweep(&stores).await;
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep(if busy { BUSY } else { EVERY }) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Whether some are in use that are to go.
    async fn sweep(&self, stores: &[Store<NoteRepository>]) -> bool {
        let used = self.used(stores);
        let folder = self.folder.clone();
        let swept = tokio::task::spawn_blocking(move || git::sweep(&folder, &used)).await;
        match swept {
            Ok(Ok(Swept { removed, busy })) => {
                if removed > 0 {
                    tracing::info!(removed, "removed git caches of repositories that are gone");
                }
                busy > 0
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot remove git caches of repositories that are gone");
                true
            }
            Err(_) => true,
        }
    }

    fn used(&self, stores: &[Store<NoteRepository>]) -> UsedCaches {
        let mut used = UsedCaches::default();
        let visits = self.of_visits();
        for repository in stores.iter().flat_map(Store::state) {
            let (namespace, name) = repository.address();
            let visited = visits.get(&key(NoteRepository::NAME, &namespace, &name));
            match visited.filter(|(url, _)| *url == repository.spec.url) {
                Some((_, own)) => used.extend(own.clone()),
                // Its credentials are not known yet.
                None => used.add_url(&repository.spec.url),
            }
        }
        used
    }

    fn of_visits(&self) -> MutexGuard<'_, HashMap<Key, (String, UsedCaches)>> {
        self.visited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
