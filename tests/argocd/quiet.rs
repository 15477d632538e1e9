//! A quiet time under Argo CD: nobody writes, and nothing is out of sync for a moment.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::{StreamExt as _, pin_mut};
use kube::runtime::watcher::{self, Event, watcher};

use crate::application::{Application, at};
use crate::support::Result;
use crate::support::audit::Request;
use crate::support::namespace::TestNamespace;
use crate::support::publishing;

/// How often Argo CD compares anew, with manifests made anew, in a quiet time that has no length.
const COMPARISONS: usize = 3;

/// How many minutes the quiet time lasts, for a person with patience.
const MINUTES: &str = "ARGOCD_QUIET_MINUTES";

/// Fails where anybody writes to the test's namespace, or where Argo CD shows the Application as
/// anything but synced and healthy, while it compares again and again.
///
/// # Errors
/// With what was written, or what was shown.
pub async fn nothing_happens(application: &Application<'_>, test: &TestNamespace) -> Result {
    // Whatever went on before is at its end after this.
    publishing::settled(test).await?;
    application.refresh("hard").await?;
    application.is_well().await?;
    let before = writes(test)?;
    let shown = Arc::<Mutex<Vec<String>>>::default();
    let watched =
        tokio::spawn(record(application.api.clone(), application.name.clone(), shown.clone()));
    for _ in 0..COMPARISONS {
        application.refresh("hard").await?;
    }
    let minutes: u64 =
        std::env::var(MINUTES).ok().map(|text| text.parse()).transpose()?.unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    // Argo CD compares by itself meanwhile. This is the measured time, not a wait for something.
    tokio::time::sleep_until(end.into()).await;
    if minutes > 0 {
        application.refresh("hard").await?;
    }
    watched.abort();
    let after = writes(test)?;
    let new: Vec<_> = after.iter().skip(before.len()).collect();
    assert!(new.is_empty(), "somebody wrote in a quiet time: {new:#?}");
    assert!(!before.is_empty(), "the audit log holds no writes at all");
    let shown = shown.lock().expect("not poisoned");
    assert!(shown.len() > COMPARISONS, "the Application was not watched: {shown:?}");
    let odd: Vec<_> = shown.iter().filter(|state| *state != "Synced Healthy").collect();
    assert!(odd.is_empty(), "the Application was {odd:?}");
    Ok(())
}

fn writes(test: &TestNamespace) -> Result<Vec<Request>> {
    test.control_plane
        .audit()
        .requests(|request| request.is_write() && request.object_ref.namespace == test.name())
}

/// Notes every state that Argo CD shows.
async fn record(
    api: kube::Api<kube::api::DynamicObject>,
    name: String,
    shown: Arc<Mutex<Vec<String>>>,
) {
    let only = watcher::Config::default().fields(&format!("metadata.name={name}"));
    let events = watcher(api, only);
    pin_mut!(events);
    while let Some(event) = events.next().await {
        let (Ok(Event::Apply(object)) | Ok(Event::InitApply(object))) = event else { continue };
        let Ok(object) = serde_json::to_value(object) else { continue };
        let state = [at(&object, "/status/sync/status"), at(&object, "/status/health/status")];
        shown.lock().expect("not poisoned").push(state.join(" "));
    }
}
