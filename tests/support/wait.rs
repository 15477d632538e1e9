//! Waiting for conditions, always with a deadline and a name for what is waited for.

use std::fmt::Debug;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::watch_object;
use kube::{Api, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Result;

/// Long enough for a busy machine: only a failing test waits so long.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// How often a condition that cannot be watched is looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// What a look at a condition found.
pub enum Look<T> {
    /// The condition holds.
    Met(T),
    /// It does not yet; what is the case instead.
    NotYet(String),
}

impl Look<()> {
    /// Met where `holds`, else `state` is what is the case instead.
    pub fn at(holds: bool, state: impl FnOnce() -> String) -> Self {
        if holds { Self::Met(()) } else { Self::NotYet(state()) }
    }
}

/// Looks again and again until the condition is met.
///
/// # Errors
/// The error of `look`, at once; after `deadline` one that names `what` and the last state.
pub async fn until<T>(
    what: &str,
    deadline: Duration,
    mut look: impl AsyncFnMut() -> Result<Look<T>>,
) -> Result<T> {
    let end = Instant::now() + deadline;
    loop {
        let state = match look().await? {
            Look::Met(value) => return Ok(value),
            Look::NotYet(state) => state,
        };
        if Instant::now() > end {
            let seconds = deadline.as_secs();
            return Err(format!("not within {seconds} s: {what}; last seen: {state}").into());
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Watches the object `name` until `holds` is true of it (`None` while it does not exist).
///
/// # Errors
/// After [`DEADLINE`] one that names `what` and shows the object as it is then.
pub async fn for_object<K>(
    api: &Api<K>,
    name: &str,
    what: &str,
    holds: impl Fn(Option<&K>) -> bool,
) -> Result<Option<K>>
where
    K: Resource + Clone + Debug + Send + Serialize + DeserializeOwned + 'static,
{
    let mut failure = String::new();
    match tokio::time::timeout(DEADLINE, first_that(api, name, holds, &mut failure)).await {
        Ok(found) => Ok(found),
        Err(_) => {
            let seconds = DEADLINE.as_secs();
            let object = serde_saphyr::to_string(&api.get_opt(name).await?)?;
            Err(format!("not within {seconds} s: {name}: {what}; {failure}it is now:\n{object}")
                .into())
        }
    }
}

/// The first version for which `holds`. A watch that fails is begun again, and lists what there is then:
/// API servers end watches when they like. `failure` is the last such fault.
async fn first_that<K>(
    api: &Api<K>,
    name: &str,
    holds: impl Fn(Option<&K>) -> bool,
    failure: &mut String,
) -> Option<K>
where
    K: Resource + Clone + Debug + Send + DeserializeOwned + 'static,
{
    let mut versions = pin!(watch_object(api.clone(), name).default_backoff());
    while let Some(version) = versions.next().await {
        match version {
            Ok(version) if holds(version.as_ref()) => return version,
            Ok(_) => {}
            Err(error) => *failure = format!("the watch failed with {error}; "),
        }
    }
    unreachable!("a watch is begun again and again")
}

/// Like [`for_object`], for a condition under which the object exists.
///
/// # Errors
/// As there.
pub async fn for_existing<K>(
    api: &Api<K>,
    name: &str,
    what: &str,
    holds: impl Fn(&K) -> bool,
) -> Result<K>
where
    K: Resource + Clone + Debug + Send + Serialize + DeserializeOwned + 'static,
{
    let found = for_object(api, name, what, |object| object.is_some_and(&holds)).await?;
    found.ok_or_else(|| format!("{name} vanished while waiting for: {what}").into())
}

/// Watches until there is no object `name`.
///
/// # Errors
/// As with [`for_object`].
pub async fn for_absence<K>(api: &Api<K>, name: &str) -> Result
where
    K: Resource + Clone + Debug + Send + Serialize + DeserializeOwned + 'static,
{
    for_object(api, name, "to be gone", |object| object.is_none()).await?;
    Ok(())
}
