//! `talknotes preview`.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use super::source::Source;
use super::{Failure, diagnostics, source};
use crate::api::DraftPolicy;
use crate::git::GitError;
use crate::preview;
use crate::viewer::{self, Library, Options, SourceHealth};

/// Editors write a file in several steps; what comes within this time is one change.
const SETTLE: Duration = Duration::from_millis(50);
/// Growing pauses after failures stay below this.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

#[derive(Args)]
#[command(after_help = "\
A folder or file is watched: open pages change as soon as you save. Drafts are shown too. What is \
wrong with the documents stands beside the blocks concerned, and all of it on the page /-/diagnostics.

Examples:
  talknotes preview notes/
  talknotes preview summit.md --address 127.0.0.1:0
  talknotes preview https://git.example/summit-notes.git --interval 10")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Address of the pages; port 0 takes any free one
    #[arg(long, env = "TALKNOTES_ADDRESS", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// How often a git URL is read again, in seconds
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { source, address, interval } = arguments;
    let shutdown = super::shutdown()?;
    let (library, health) = (Library::default(), SourceHealth::default());
    // Before the first reading, so that no change falls between the two.
    let changed = Arc::new(Notify::new());
    let watcher = source.path().map(|path| watch(path, changed.clone())).transpose()?;
    if show(&source, &library).await? == 0 {
        anstream::eprintln!("{}", source.nothing_found());
    }
    health.complete();
    let listener = super::viewer::listen(address).await?;
    let address = listener.local_addr()?;
    anstream::eprintln!("{} is shown at http://{address}/ (Ctrl-C ends it)", source.location());
    let options = Options { health, shutdown: shutdown.clone(), ..Options::default() };
    let router = viewer::router(library.clone(), options);
    let interval = Duration::from_secs(interval);
    let follow = async {
        let mut pause = interval;
        loop {
            match &watcher {
                Some(_) => changed.notified().await,
                None => tokio::time::sleep(pause).await,
            }
            tokio::time::sleep(SETTLE).await;
            pause = match show(&source, &library).await {
                Ok(_) => interval,
                Err(failure) => {
                    anstream::eprintln!("{}", diagnostics::failure(failure.as_ref()));
                    longer(pause, &failure, Timestamp::now())
                }
            };
        }
    };
    tokio::select! {
        served = viewer::serve(listener, router, shutdown) => Ok(served?),
        () = follow => Ok(()),
    }
}

/// A server that fails is asked less and less often, and not before the time that it says.
fn longer(pause: Duration, failure: &Failure, now: Timestamp) -> Duration {
    let asked = failure.downcast_ref::<GitError>().and_then(GitError::wait_until);
    let asked = asked.and_then(|until| Duration::try_from(until.duration_since(now)).ok());
    asked.unwrap_or_default().max(pause.saturating_mul(2).min(LONGEST_PAUSE).max(pause))
}

/// Reads everything and shows it; gives the number of documents. Drafts are shown: their author is
/// looking.
async fn show(source: &Source, library: &Library) -> Result<usize, Failure> {
    let source = source.clone();
    let library = library.clone();
    tokio::task::spawn_blocking(move || {
        let (collection, files) = source.read_with_files(DraftPolicy::Publish)?;
        preview::show(&collection, &files, &library);
        Ok(collection.documents)
    })
    .await?
}

/// Tells `changed` of every change below `path`. It watches as long as it lives.
fn watch(path: &Path, changed: Arc<Notify>) -> Result<RecommendedWatcher, Failure> {
    let is_file = source::metadata(path)?.is_file();
    let advice = |error| format!("cannot watch {} for changes: {error}", path.display());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the notes is an event too, and must not lead to the next reading.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            changed.notify_one();
        }
    })
    .map_err(advice)?;
    // Many editors replace the file, so that a watch of the file itself would end at the first save.
    let folder = match path.parent() {
        Some(parent) if is_file && parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) if is_file => parent,
        _ => path,
    };
    let mode = if is_file { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
    watcher.watch(folder, mode).map_err(advice)?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_fails_is_asked_less_often_and_when_it_says() {
        let (now, seconds) = (Timestamp::UNIX_EPOCH, Duration::from_secs);
        let away: Failure = "the disk is full".into();
        assert_eq!(longer(seconds(30), &away, now), seconds(60));
        assert_eq!(longer(seconds(500), &away, now), LONGEST_PAUSE);
        assert_eq!(longer(seconds(900), &away, now), seconds(900));
        let until = Timestamp::from_second(1800).ok();
        let limited: Failure = Box::new(GitError::RateLimited { status: 429, until });
        assert_eq!(longer(seconds(30), &limited, now), seconds(1800));
        assert_eq!(
            longer(seconds(30), &limited, Timestamp::from_second(1790).unwrap()),
            seconds(60)
        );
    }
}
