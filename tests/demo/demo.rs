//! `make demo`: notes that are pushed, and a page that changes by itself.
//!
//! It stands on the same harness as the tests: a control plane of its own (or the current cluster), a
//! git server with the notes of `examples/notes`, and the real programs under their RBAC.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "it stands on the harness"
)]

mod check;
mod cluster;
mod notes;
mod platform;
mod settings;
mod tell;

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use kube::api::{ListParams, PostParams};
use kube::{Api, Client};
use serde_json::json;
use talknotes::api::{NoteRepository, Summit, TalkNote};
use tokio_util::sync::CancellationToken;

use cluster::Cluster;
use notes::Notes;
use platform::Board;
use settings::Settings;
use support::operator::Program;
use support::wait::{self, DEADLINE, Look};
use support::{Result, kstatus};

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(Into::into).and_then(|runtime| {
        let outcome = runtime.block_on(run());
        // A build that goes on is not waited for.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell::error(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result {
    let settings = Settings::from_environment()?;
    let stop = stop_signal()?;
    let cluster = tokio::select! {
        cluster = Cluster::connect(settings.current_cluster) => cluster?,
        () = stop.cancelled() => return Ok(()),
    };
    let outcome = tokio::select! {
        outcome = show(&cluster, &settings, &stop) => outcome,
        () = stop.cancelled() => Ok(()),
    };
    tell::step("cleaning up");
    cluster.clean_up().await?;
    outcome
}

/// Cancelled at Ctrl-C and at SIGTERM.
fn stop_signal() -> Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        cancelled.cancel();
    });
    Ok(stop)
}

/// Everything between the cluster's beginning and its end.
async fn show(cluster: &Cluster, settings: &Settings, stop: &CancellationToken) -> Result {
    tell::step("starting a git server with the notes of examples/notes");
    let notes = Notes::serve(settings.git_port)?;
    let client = cluster.access().client().await?;
    let board = Board::listen();
    platform::set_up(cluster).await?;
    create_repository(&client, cluster.namespace(), &notes.url(), &board).await?;

    tell::step("starting the operator and the viewer");
    let (mut controller, mut viewer) = cluster.start_programs(settings.viewer_port).await?;
    let published = published(&client, cluster.namespace()).await?;
    let place = notes.place_to_write(&published)?;
    let table = cluster.kubectl().run(&["get", "talknotes"]).await?;
    tell::what_there_is(cluster, viewer.address(), &table, &notes, &place);
    tell::what_runs_it(cluster, controller.address());

    if settings.check {
        check::push_arrives(&notes, &place, cluster.namespace(), viewer.address()).await?;
        board.hears_of_a_change(&place.note).await;
        let page = tell::page(&place, cluster.namespace());
        platform::a_feature_is_switched_off(cluster, &page, viewer.address()).await?;
        return check::applied_note_arrives(cluster, viewer.address()).await;
    }
    tell::wait_for_the_end();
    watch_programs(&mut controller, &mut viewer, stop).await
}

async fn create_repository(client: &Client, namespace: &str, url: &str, board: &Board) -> Result {
    let api: Api<NoteRepository> = Api::namespaced(client.clone(), namespace);
    let spec =
        serde_json::from_value(json!({ "url": url, "interval": "10s", "notify": [board.sink()] }))?;
    api.create(&PostParams::default(), &NoteRepository::new("notes", spec)).await?;
    Ok(())
}

/// Waits until the repository and all its notes are ready, and returns the notes with a page.
async fn published(client: &Client, namespace: &str) -> Result<Vec<TalkNote>> {
    let repositories: Api<NoteRepository> = Api::namespaced(client.clone(), namespace);
    wait::for_existing(&repositories, "notes", "to be ready", |repository| {
        serde_json::to_value(repository).is_ok_and(|object| kstatus::is_true(&object, "Ready"))
    })
    .await?;
    let notes: Api<TalkNote> = Api::namespaced(client.clone(), namespace);
    let notes = wait::until("the notes to be ready", DEADLINE, async || {
        let mut waiting = Vec::new();
        let list = notes.list(&ListParams::default()).await?.items;
        for note in &list {
            if !kstatus::is_true(&serde_json::to_value(note)?, "Ready") {
                waiting.push(note.spec.title.clone());
            }
        }
        Ok(match waiting.as_slice() {
            [] => Look::Met(list),
            waiting => Look::NotYet(format!("waiting for {}", waiting.join(", "))),
        })
    })
    .await?;
    let has_page = |note: &TalkNote| note.status.as_ref().is_some_and(|s| s.config_map.is_some());
    let published: Vec<TalkNote> = notes.into_iter().filter(has_page).collect();
    on_agendas(client, namespace, &published).await?;
    Ok(published)
}

/// Waits until the summits have gathered all of their notes.
async fn on_agendas(client: &Client, namespace: &str, published: &[TalkNote]) -> Result {
    let summits: Api<Summit> = Api::namespaced(client.clone(), namespace);
    let expected = published.iter().filter(|note| note.spec.summit_ref.is_some()).count();
    wait::until("the agendas to be complete", DEADLINE, async || {
        let gathered = summits.list(&ListParams::default()).await?.into_iter();
        let gathered: i32 = gathered.filter_map(|summit| summit.status?.notes).sum();
        Ok(Look::at(usize::try_from(gathered) == Ok(expected), || {
            format!("{gathered} of {expected} notes")
        }))
    })
    .await
}

/// Runs until somebody stops it; ends early where one of the programs does.
async fn watch_programs(
    controller: &mut Program,
    viewer: &mut Program,
    stop: &CancellationToken,
) -> Result {
    let mut ticks = tokio::time::interval(std::time::Duration::from_secs(1));
    while !stop.is_cancelled() {
        ticks.tick().await;
        controller.check_running()?;
        viewer.check_running()?;
    }
    Ok(())
}
