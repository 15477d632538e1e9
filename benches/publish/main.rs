//! What TalkNotes costs beside a client that only writes: `make bench`, explained in
//! `docs/benchmarks.md`. With the argument `footprint`, what memory and processor time it needs.
//!
//! Progress goes to standard error, figures to standard output. Nothing here judges: a busy machine is
//! no fault of the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]
#![allow(clippy::indexing_slicing, missing_docs, reason = "a benchmark")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod bare;
mod edits;
mod footprint;
mod machine;
mod notes;
mod process;
mod quiet;
mod report;
mod rounds;
mod settings;
mod stage;
mod watch;

use machine::Machine;
use report::Report;
use settings::Settings;
use stage::Stage;
use support::Result;
use support::git_server::{GitServer, Repository};

#[tokio::main]
async fn main() -> Result {
    // `cargo test --benches` runs benchmarks, too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        eprintln!("this is a benchmark: run it with make bench");
        return Ok(());
    }
    if std::env::args().any(|argument| argument == "footprint") {
        print!("{}", footprint::measure().await?);
        return Ok(());
    }
    let settings = Settings::from_environment()?;
    let report = measure(&settings).await?;
    print!("{report}");
    if let Some(path) = &settings.output {
        std::fs::write(path, serde_json::to_vec_pretty(&report)?)?;
        eprintln!("the figures are in {}, too", path.display());
    }
    Ok(())
}

async fn measure(settings: &Settings) -> Result<Report> {
    let stage = Stage::start().await?;
    let machine = Machine::look(&stage.admin).await?;
    let mut reconcile = Vec::new();
    for notes in settings.reconciled.iter().copied() {
        reconcile.push(rounds::reconcile(&stage, notes, settings.rounds(notes)).await?);
    }
    let server = GitServer::start();
    let mut first_publish = Vec::new();
    let mut last = None;
    for notes in settings.published.iter().copied() {
        let name = format!("notes-{notes}");
        let git = push_notes(&server, &name, notes);
        let rounds = settings.rounds(notes);
        let (comparison, published) =
            rounds::first_publish(&stage, &server.url(&name), notes, rounds).await?;
        first_publish.push(comparison);
        last = Some((notes, git, published));
    }
    let (notes, git, published) = last.ok_or("nothing was published")?;
    let viewer = stage.start_viewer(&published.namespace).await?;
    eprintln!("pushing edits of one note of {notes}");
    let address = viewer.address();
    let edits = edits::measure(&stage, &published, &git, address, notes, settings.pushes).await?;
    let quiet = quiet::measure(&stage, &published, &viewer, &server, notes, settings.quiet).await?;
    Ok(Report { machine, first_publish, reconcile, edits, quiet })
}

/// Makes a repository with generated notes.
fn push_notes(server: &GitServer, name: &str, count: usize) -> Repository {
    let git = server.create(name);
    for document in notes::documents(count) {
        git.write(&document.path, &document.content);
    }
    git.commit(&[], "Take notes");
    git
}
