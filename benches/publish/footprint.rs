//! What controller and viewer need, by the number of notes: requests and limits of the manifests follow
//! from it (`make footprint`).

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use kube::ResourceExt as _;
use serde_json::json;
use talknotes::api::TalkNote;

use crate::machine::Machine;
use crate::process::{cpu_milliseconds, peak_memory, resident_memory};
use crate::stage::{Stage, list};
use crate::support::git_server::GitServer;
use crate::support::operator::Program;
use crate::support::page::Reader;
use crate::support::wait::{self, Look};
use crate::support::{Result, operator};
use crate::watch::patience;
use crate::{edits, notes, push_notes};

/// Numbers of notes: those of one summit's author, of a community, and more than anybody has.
const NOTES: [usize; 3] = [28, 1_000, 10_000];

/// Edits that are pushed one after the other.
const PUSHES: usize = 20;

/// How many pages are asked for.
const PAGES: usize = 2_000;

/// How long a time of rest is; it has a visit to the git server in it.
const REST: Duration = Duration::from_secs(60);

/// What the figures were taken of, and the figures.
pub struct Footprint {
    machine: Machine,
    program: String,
    columns: Vec<Column>,
}

/// The figures with one number of notes: memory in MiB, processor time in milliseconds.
struct Column {
    notes: usize,
    first: f64,
    first_cpu: u64,
    edit_cpu: u64,
    pushed: f64,
    pushed_cpu: u64,
    again: f64,
    again_cpu: u64,
    controller: f64,
    controller_cpu: u64,
    viewer: f64,
    viewer_most: f64,
    viewer_cpu: u64,
    pages_cpu: u64,
}

/// Measures the program that cargo built, or that `TALKNOTES_BINARY` names, with so many notes as
/// `FOOTPRINT_NOTES` says, or with all of [`NOTES`].
///
/// # Errors
/// Where anything fails.
pub async fn measure() -> Result<Footprint> {
    let stage = Stage::start().await?;
    let machine = Machine::look(&stage.admin).await?;
    let server = GitServer::start();
    let mut columns = Vec::new();
    for notes in numbers()? {
        columns.push(column(&stage, &server, notes).await?);
    }
    let program = operator::binary()?;
    let bytes = std::fs::metadata(&program)?.len();
    let program = format!("{} ({} MiB)", program.display(), bytes / (1024 * 1024));
    Ok(Footprint { machine, program, columns })
}

async fn column(stage: &Stage, server: &GitServer, count: usize) -> Result<Column> {
    let name = format!("footprint-{count}");
    let git = push_notes(server, &name, count);
    let namespace = stage.namespace().await?;
    let viewer = stage.start_viewer(&namespace).await?;
    let mut controller = stage.start_controller(&namespace).await?;

    eprintln!("publishing {count} notes");
    let spec = json!({ "url": server.url(&name), "interval": "1m" });
    stage.create_repository(&namespace, spec).await?;
    stage.settled(&namespace, count, None).await?;
    at_rest(&controller, count).await?;
    let (first, first_cpu) = (peak_memory(controller.pid())?, cpu(&controller)?);

    let (path, text) = notes::edited(count, "edited");
    git.write(&path, text.as_bytes());
    let commit = git.commit(&[], "Edit one note");
    edits::request(stage, &namespace).await?;
    stage.settled(&namespace, count, Some(&commit)).await?;
    at_rest(&controller, count).await?;
    let edit_cpu = cpu(&controller)? - first_cpu;
    let first = first.max(peak_memory(controller.pid())?);

    eprintln!("pushing {PUSHES} edits");
    let before = cpu(&controller)?;
    for push in 0..PUSHES {
        let (path, text) = notes::edited(count, &format!("edited for the {push}th time"));
        git.write(&path, text.as_bytes());
        let commit = git.commit(&[], "Edit one note again");
        edits::request(stage, &namespace).await?;
        stage.settled(&namespace, count, Some(&commit)).await?;
    }
    at_rest(&controller, count).await?;
    let (pushed, pushed_cpu) = (resident_memory(controller.pid())?, cpu(&controller)? - before);

    eprintln!("starting the controller again with {count} notes");
    controller.stop().await?;
    controller.start_again().await?;
    at_rest(&controller, count).await?;
    let (again, again_cpu) = (peak_memory(controller.pid())?, cpu(&controller)?);

    eprintln!("asking for {PAGES} pages");
    at_rest(&viewer, count).await?;
    let before = cpu(&viewer)?;
    read_pages(stage, &namespace, viewer.address()).await?;
    let pages_cpu = cpu(&viewer)? - before;

    eprintln!("doing nothing for {} s", REST.as_secs());
    let before = [cpu(&controller)?, cpu(&viewer)?];
    tokio::time::sleep(REST).await;
    Ok(Column {
        notes: count,
        first,
        first_cpu,
        edit_cpu,
        pushed,
        pushed_cpu: pushed_cpu / PUSHES as u64,
        again,
        again_cpu,
        controller: resident_memory(controller.pid())?,
        controller_cpu: cpu(&controller)? - before[0],
        viewer: resident_memory(viewer.pid())?,
        viewer_most: peak_memory(viewer.pid())?,
        viewer_cpu: cpu(&viewer)? - before[1],
        pages_cpu,
    })
}

fn numbers() -> Result<Vec<usize>> {
    match std::env::var("FOOTPRINT_NOTES") {
        Ok(text) => {
            Ok(text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?)
        }
        Err(_) => Ok(NOTES.to_vec()),
    }
}

fn cpu(program: &Program) -> Result<u64> {
    cpu_milliseconds(program.pid())
}

/// Waits until a program has next to nothing to do.
async fn at_rest(program: &Program, notes: usize) -> Result {
    wait::until("the program to be at rest", patience(notes), async || {
        let before = cpu(program)?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let used = cpu(program)? - before;
        Ok(Look::at(used <= 20, || format!("{used} ms in two seconds")))
    })
    .await
}

/// Reads the pages of notes one after another, again and again where there are few.
async fn read_pages(stage: &Stage, namespace: &str, viewer: &str) -> Result {
    let reader = Reader::new(viewer)?;
    let mut paths = Vec::new();
    for note in list(&stage.api::<TalkNote>(namespace)).await? {
        let summit = note.spec.summit_ref.as_ref().ok_or("a note names no summit")?;
        paths.push(format!("/{namespace}/{}/{}", summit.name, note.name_any()));
    }
    for path in paths.iter().cycle().take(PAGES) {
        let (status, _) = reader.get(path).await?;
        if !status.is_success() {
            return Err(format!("{path}: {status}").into());
        }
    }
    Ok(())
}

impl Display for Footprint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n", self.machine, self.program)?;
        let seconds = |milliseconds: u64| format!("{:.1} s", milliseconds as f64 / 1000.0);
        let mebibytes = |memory: f64| format!("{memory:.0} MiB");
        let cores = |milliseconds: u64| {
            format!("{:.4} cores", milliseconds as f64 / 1000.0 / REST.as_secs_f64())
        };
        let page = |milliseconds: u64| format!("{:.2} ms", milliseconds as f64 / PAGES as f64);
        self.row(f, "notes", |it| it.notes.to_string())?;
        writeln!(f, "|---|{}", "---|".repeat(self.columns.len()))?;
        self.row(f, "controller, most memory: first publication, one edit", |it| {
            mebibytes(it.first)
        })?;
        self.row(f, &format!("controller, memory after {PUSHES} pushes"), |it| {
            mebibytes(it.pushed)
        })?;
        self.row(f, "controller, most memory: started again", |it| mebibytes(it.again))?;
        self.row(f, "controller, memory at rest", |it| mebibytes(it.controller))?;
        self.row(f, "controller, processor: first publication", |it| seconds(it.first_cpu))?;
        self.row(f, "controller, processor: one edit", |it| seconds(it.edit_cpu))?;
        self.row(f, "controller, processor: each of these pushes", |it| seconds(it.pushed_cpu))?;
        self.row(f, "controller, processor: started again", |it| seconds(it.again_cpu))?;
        self.row(f, "controller, processor at rest", |it| cores(it.controller_cpu))?;
        self.row(f, "viewer, most memory", |it| mebibytes(it.viewer_most))?;
        self.row(f, "viewer, memory at rest", |it| mebibytes(it.viewer))?;
        self.row(f, "viewer, processor: one page", |it| page(it.pages_cpu))?;
        self.row(f, "viewer, processor at rest", |it| cores(it.viewer_cpu))
    }
}

impl Footprint {
    fn row(
        &self,
        f: &mut Formatter<'_>,
        title: &str,
        cell: impl Fn(&Column) -> String,
    ) -> fmt::Result {
        let cells: Vec<String> = self.columns.iter().map(cell).collect();
        writeln!(f, "| {title} | {} |", cells.join(" | "))
    }
}
