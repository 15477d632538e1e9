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
use crate::support::git_server::{GitServer, Repository};
use crate::support::operator::Program;
use crate::support::page::Reader;
use crate::support::wait::{self, Look};
use crate::support::{Result, operator};
use crate::watch::patience;
use crate::{edits, notes, push_notes};

/// Numbers of notes: those of one summit's author, of a community, and more than anybody has.
const NOTES: [usize; 3] = [28, 1_000, 10_000];

/// Edits that are pushed one after the other (`FOOTPRINT_PUSHES`).
const PUSHES: usize = 20;

/// How many pages are asked for.
const PAGES: usize = 2_000;

/// How many seconds a time of rest is (`FOOTPRINT_REST`); it has a visit to the git server in it.
const REST: usize = 60;

/// What the figures were taken of, and the figures.
pub struct Footprint {
    machine: Machine,
    program: String,
    pushes: usize,
    columns: Vec<Column>,
}

/// How much is measured.
struct Extent {
    notes: Vec<usize>,
    pushes: usize,
    rest: Duration,
}

/// The figures with one number of notes: memory in MiB, processor time in milliseconds.
struct Column {
    notes: usize,
    first: Spent,
    pushed: Spent,
    pushes: usize,
    again: Spent,
    /// Processor time from the start to the answer that it is ready.
    ready: u64,
    controller: Rest,
    viewer: Rest,
    viewer_most: f64,
    pages: u64,
}

/// What a process has needed for something.
struct Spent {
    processor: u64,
    /// The most memory so far.
    most: f64,
    /// Memory when all was done.
    after: f64,
}

/// What a process needs while there is nothing to do.
struct Rest {
    memory: f64,
    /// Cores, of which it needs a small part.
    cores: f64,
}

/// Measures the program that cargo built, or that `TALKNOTES_BINARY` names, with so many notes as
/// `FOOTPRINT_NOTES` says, or with all of [`NOTES`].
///
/// # Errors
/// Where anything fails.
pub async fn measure() -> Result<Footprint> {
    let extent = Extent::from_environment()?;
    let stage = Stage::start().await?;
    let machine = Machine::look(&stage.admin).await?;
    let server = GitServer::start();
    let mut columns = Vec::new();
    for notes in extent.notes.iter().copied() {
        columns.push(column(&stage, &server, notes, &extent).await?);
    }
    let program = operator::binary()?;
    let bytes = std::fs::metadata(&program)?.len();
    let program = format!("{} ({} MiB)", program.display(), bytes / (1024 * 1024));
    Ok(Footprint { machine, program, pushes: extent.pushes, columns })
}

impl Extent {
    fn from_environment() -> Result<Self> {
        let numbers = |name: &str, default: &[usize]| -> Result<Vec<usize>> {
            let Ok(text) = std::env::var(name) else { return Ok(default.to_vec()) };
            let numbers = text.split_whitespace().map(str::parse);
            numbers
                .collect::<std::result::Result<_, _>>()
                .map_err(|why| format!("{name}: {why}").into())
        };
        let number = |name, default| -> Result<usize> {
            let found = numbers(name, &[default])?;
            found.first().copied().ok_or_else(|| format!("{name} is empty").into())
        };
        let rest = Duration::from_secs(number("FOOTPRINT_REST", REST)?.max(1) as u64);
        let pushes = number("FOOTPRINT_PUSHES", PUSHES)?.max(1);
        Ok(Self { notes: numbers("FOOTPRINT_NOTES", &NOTES)?, pushes, rest })
    }
}

async fn column(
    stage: &Stage,
    server: &GitServer,
    count: usize,
    extent: &Extent,
) -> Result<Column> {
    let name = format!("footprint-{count}");
    let git = push_notes(server, &name, count);
    let namespace = stage.namespace().await?;
    let viewer = stage.start_viewer(&namespace).await?;
    let mut controller = stage.start_controller(&namespace).await?;

    eprintln!("publishing {count} notes");
    let spec = json!({ "url": server.url(&name), "interval": "1m" });
    stage.create_repository(&namespace, spec).await?;
    stage.settled(&namespace, count, None).await?;
    let first = spent(&controller, count, 0).await?;

    let before = cpu(&controller)?;
    for push in 1..=extent.pushes {
        push_edit(stage, &git, &namespace, count, push).await?;
    }
    let pushed = spent(&controller, count, before).await?;

    controller.stop().await?;
    controller.start_again().await?;
    let ready = cpu(&controller)?;
    eprintln!("  started again: ready after {ready} ms of processor time");
    let again = spent(&controller, count, 0).await?;

    eprintln!("  asking for {PAGES} pages");
    at_rest(&viewer, count).await?;
    let before = cpu(&viewer)?;
    read_pages(stage, &namespace, viewer.address()).await?;
    let pages = cpu(&viewer)? - before;

    eprintln!("  doing nothing for {} s", extent.rest.as_secs());
    let (controller, viewer_rest) =
        tokio::join!(rest(&controller, extent.rest), rest(&viewer, extent.rest));
    Ok(Column {
        notes: count,
        first,
        pushed,
        pushes: extent.pushes,
        again,
        ready,
        controller: controller?,
        viewer: viewer_rest?,
        viewer_most: peak_memory(viewer.pid())?,
        pages,
    })
}

/// Pushes an edit of one note, and waits until it is published.
async fn push_edit(
    stage: &Stage,
    git: &Repository,
    namespace: &str,
    count: usize,
    push: usize,
) -> Result {
    let (path, text) = notes::edited(count, &format!("edited for the {push}th time"));
    git.write(&path, text.as_bytes());
    let commit = git.commit(&[], "Edit one note again");
    edits::request(stage, namespace).await?;
    stage.settled(namespace, count, Some(&commit)).await
}

/// Waits until the program has nothing to do, and says what it has needed since it had spent `before`.
async fn spent(program: &Program, notes: usize, before: u64) -> Result<Spent> {
    at_rest(program, notes).await?;
    let spent = Spent {
        processor: cpu(program)? - before,
        most: peak_memory(program.pid())?,
        after: resident_memory(program.pid())?,
    };
    let Spent { processor, most, after } = &spent;
    eprintln!("  {processor} ms of processor time, {after:.0} MiB, {most:.0} at most");
    Ok(spent)
}

async fn rest(program: &Program, rest: Duration) -> Result<Rest> {
    let before = cpu(program)?;
    tokio::time::sleep(rest).await;
    let used = (cpu(program)? - before) as f64 / 1000.0;
    Ok(Rest { memory: resident_memory(program.pid())?, cores: used / rest.as_secs_f64() })
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

/// A line of the table: what it says, and what is wished of the last two numbers of notes.
type Row = (&'static str, &'static str, fn(&Column) -> String);

const ROWS: [Row; 14] = [
    ("controller, processor: first publication, a note", "2.5 ms", |it| {
        format!("{:.2} ms", it.first.processor as f64 / it.notes as f64)
    }),
    ("controller, processor: one edited note", "50, 150 ms", |it| {
        format!("{:.0} ms", it.pushed.processor as f64 / it.pushes as f64)
    }),
    ("controller, processor: started again, until ready", "", |it| format!("{} ms", it.ready)),
    ("controller, processor: started again, until at rest", "1.5 s", |it| {
        format!("{:.2} s", it.again.processor as f64 / 1000.0)
    }),
    ("controller, processor at rest", "", |it| cores(&it.controller)),
    ("controller, most memory: first publication", "150 MiB", |it| mebibytes(it.first.most)),
    ("controller, memory after it", "80 MiB", |it| mebibytes(it.first.after)),
    ("controller, memory after all edits", "80 MiB", |it| mebibytes(it.pushed.after)),
    ("controller, most memory: started again", "150 MiB", |it| mebibytes(it.again.most)),
    ("controller, memory at rest after that", "80 MiB", |it| mebibytes(it.controller.memory)),
    ("viewer, processor: one page", "", |it| format!("{:.2} ms", it.pages as f64 / PAGES as f64)),
    ("viewer, processor at rest", "", |it| cores(&it.viewer)),
    ("viewer, most memory", "", |it| mebibytes(it.viewer_most)),
    ("viewer, memory at rest", "150 MiB", |it| mebibytes(it.viewer.memory)),
];

fn mebibytes(memory: f64) -> String {
    format!("{memory:.0} MiB")
}

fn cores(rest: &Rest) -> String {
    format!("{:.4} cores", rest.cores)
}

impl Display for Footprint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{} edits were pushed\n", self.machine, self.program, self.pushes)?;
        self.row(f, "notes", "goal", |it| it.notes.to_string())?;
        writeln!(f, "|---|{}---|", "---|".repeat(self.columns.len()))?;
        ROWS.iter().try_for_each(|(title, goal, cell)| self.row(f, title, goal, cell))
    }
}

impl Footprint {
    fn row(
        &self,
        f: &mut Formatter<'_>,
        title: &str,
        goal: &str,
        cell: impl Fn(&Column) -> String,
    ) -> fmt::Result {
        let cells: Vec<String> = self.columns.iter().map(cell).collect();
        writeln!(f, "| {title} | {} | {goal} |", cells.join(" | "))
    }
}
