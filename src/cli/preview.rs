//! `talknotes preview`.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use super::source::Source;
use super::{Failure, diagnostics, source};
use crate::api::DraftPolicy;
use crate::viewer::{self, Library, Options, SourceHealth, sources};

/// Editors write a file in several steps; what comes within this time is one change.
const SETTLE: Duration = Duration::from_millis(50);

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
    let follow = async {
        loop {
            match &watcher {
                Some(_) => changed.notified().await,
                None => tokio::time::sleep(Duration::from_secs(interval)).await,
            }
            tokio::time::sleep(SETTLE).await;
            if let Err(failure) = show(&source, &library).await {
                anstream::eprintln!("{}", diagnostics::failure(failure.as_ref()));
            }
        }
    };
    tokio::select! {
        served = viewer::serve(listener, router, shutdown) => Ok(served?),
        () = follow => Ok(()),
    }
}

/// Reads everything and shows it; gives the number of documents. Drafts are shown: their author is
/// looking.
async fn show(source: &Source, library: &Library) -> Result<usize, Failure> {
    let source = source.clone();
    let library = library.clone();
    tokio::task::spawn_blocking(move || {
        let (collection, files) = source.read_with_files(DraftPolicy::Publish)?;
        sources::collection::show(&collection, &files, &library);
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
