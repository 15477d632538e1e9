//! The operator against the bare client, in turns: what the API server costs drifts while it runs, so
//! only neighbours can be compared.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use kube::ResourceExt as _;
use serde::Serialize;
use serde_json::json;
use talknotes::api::TalkNote;
use talknotes::document::{self, ReadOptions};

use crate::bare::{self, BareClient, Publication};
use crate::stage::{Stage, list};
use crate::support::Result;
use crate::support::operator::Program;
use crate::watch::ReadyWatch;
use crate::{machine, notes, process};

/// One turn of each.
#[derive(Serialize)]
pub struct Round {
    /// Seconds that the operator took until every note was Ready.
    pub operator: f64,
    /// Seconds that the bare client took for the same.
    pub bare: f64,
    /// Processor time of everything (API server, etcd, controller and this benchmark) in the
    /// operator's turn, in milliseconds a note.
    pub operator_cpu: f64,
    /// The same in the bare client's turn.
    pub bare_cpu: f64,
    /// Processor time of the controller alone in milliseconds a note.
    pub controller_cpu: f64,
    /// Peak resident memory of the controller in MiB.
    pub memory: f64,
    /// Load of the machine afterwards.
    pub load: f64,
}

impl Round {
    /// The operator's speed as a part of the bare client's.
    pub fn ratio(&self) -> f64 {
        self.bare / self.operator
    }

    /// The same by processor time: what would be left of the bare client's speed if all cores were
    /// always busy. It depends less on what else the machine does.
    pub fn cpu_ratio(&self) -> f64 {
        self.bare_cpu / self.operator_cpu
    }
}

/// All rounds with one number of notes.
#[derive(Serialize)]
pub struct Comparison {
    /// Number of notes.
    pub notes: usize,
    /// The rounds in their order.
    pub rounds: Vec<Round>,
    /// What the operator wrote in its last round, agendas included.
    pub writes: BTreeMap<String, usize>,
}

/// The start of a turn.
struct Start {
    time: Instant,
    cpu: u64,
}

impl Start {
    fn now(stage: &Stage) -> Result<Self> {
        Ok(Self { time: Instant::now(), cpu: stage.cpu_milliseconds()? })
    }

    /// What it took until `end`, which was just now.
    fn until(self, end: Instant, stage: &Stage, notes: usize) -> Result<Cost> {
        let cpu = (stage.cpu_milliseconds()? - self.cpu) as f64 / notes as f64;
        Ok(Cost { seconds: end.duration_since(self.time).as_secs_f64(), cpu })
    }
}

/// What a turn took: seconds, and milliseconds of processor time a note outside of the controller.
struct Cost {
    seconds: f64,
    cpu: f64,
}

/// What the operator did in a turn.
struct Turn {
    cost: Cost,
    controller_cpu: f64,
    memory: f64,
}

impl Turn {
    fn of(cost: Cost, controller: &Program, notes: usize) -> Result<Self> {
        let pid = controller.pid();
        let controller_cpu = process::cpu_milliseconds(pid)? as f64 / notes as f64;
        Ok(Self { cost, controller_cpu, memory: process::peak_memory(pid)? })
    }

    fn against(self, bare: Cost) -> Round {
        Round {
            operator: self.cost.seconds,
            bare: bare.seconds,
            operator_cpu: self.cost.cpu + self.controller_cpu,
            bare_cpu: bare.cpu,
            controller_cpu: self.controller_cpu,
            memory: self.memory,
            load: machine::load(),
        }
    }
}

/// A controller that has published a repository, and where.
pub struct Published {
    /// The namespace.
    pub namespace: String,
    /// The controller, which still runs.
    pub controller: Program,
}

/// Publishes `notes` notes from the repository at `url` for the first time, `rounds` times. The
/// controller of the last round is left running.
///
/// # Errors
/// Where anything fails.
pub async fn first_publish(
    stage: &Stage,
    url: &str,
    notes: usize,
    rounds: usize,
) -> Result<(Comparison, Published)> {
    eprintln!("publishing {notes} notes once, to see what the operator writes");
    let (_, mut published) = publish(stage, url, notes).await?;
    let publications = bare::collect(&stage.admin, &published.namespace).await?;
    let mut measured = Vec::new();
    for round in 1..=rounds {
        published.controller.stop().await?;
        let bare = publish_bare(stage, publications.clone()).await?;
        let turn;
        (turn, published) = publish(stage, url, notes).await?;
        measured.push(told(round, rounds, notes, turn.against(bare)));
    }
    let writes = stage.writes(&published.namespace)?;
    Ok((Comparison { notes, rounds: measured, writes }, published))
}

/// From the repository's creation until every note is Ready.
async fn publish(stage: &Stage, url: &str, notes: usize) -> Result<(Turn, Published)> {
    let namespace = stage.namespace().await?;
    let controller = stage.start_controller(&namespace).await?;
    let watch = ReadyWatch::begin(stage.api(&namespace), notes).await?;
    let start = Start::now(stage)?;
    stage.create_repository(&namespace, json!({ "url": url, "interval": "1h" })).await?;
    let end = watch.finished().await?;
    let turn = Turn::of(start.until(end, stage, notes)?, &controller, notes)?;
    stage.settled(&namespace, notes, None).await?;
    Ok((turn, Published { namespace, controller }))
}

async fn publish_bare(stage: &Stage, publications: Vec<Publication>) -> Result<Cost> {
    let notes = publications.len();
    let namespace = stage.namespace().await?;
    let spec = json!({ "url": "http://127.0.0.1/none.git", "suspend": true });
    let owner = stage.create_repository(&namespace, spec).await?;
    let watch = ReadyWatch::begin(stage.api(&namespace), notes).await?;
    let client = BareClient::new(stage.writer().await?, &namespace);
    let start = Start::now(stage)?;
    client.publish(publications, &owner).await?;
    start.until(watch.finished().await?, stage, notes)
}

/// Reconciles `notes` notes that are in the cluster when the controller starts, `rounds` times.
///
/// # Errors
/// Where anything fails.
pub async fn reconcile(stage: &Stage, notes: usize, rounds: usize) -> Result<Comparison> {
    eprintln!("reconciling {notes} notes once, to see what the operator writes");
    let (_, mut namespace) = start_on_notes(stage, notes).await?;
    let publications = bare::collect(&stage.admin, &namespace).await?;
    let mut measured = Vec::new();
    for round in 1..=rounds {
        let bare = reconcile_bare(stage, publications.clone()).await?;
        let turn;
        (turn, namespace) = start_on_notes(stage, notes).await?;
        measured.push(told(round, rounds, notes, turn.against(bare)));
    }
    Ok(Comparison { notes, rounds: measured, writes: stage.writes(&namespace)? })
}

/// From the controller's start until every note is Ready.
async fn start_on_notes(stage: &Stage, notes: usize) -> Result<(Turn, String)> {
    let namespace = namespace_with_notes(stage, hand_written(notes)).await?;
    let watch = ReadyWatch::begin(stage.api(&namespace), notes).await?;
    let start = Start::now(stage)?;
    let mut controller = stage.start_controller(&namespace).await?;
    let end = watch.finished().await?;
    let turn = Turn::of(start.until(end, stage, notes)?, &controller, notes)?;
    controller.stop().await?;
    Ok((turn, namespace))
}

async fn reconcile_bare(stage: &Stage, publications: Vec<Publication>) -> Result<Cost> {
    let notes = publications.len();
    let written = publications.iter().map(|publication| publication.note.clone()).collect();
    let namespace = namespace_with_notes(stage, written).await?;
    let uids: HashMap<String, String> = list(&stage.api::<TalkNote>(&namespace))
        .await?
        .into_iter()
        .map(|note| (note.name_any(), note.uid().unwrap_or_default()))
        .collect();
    let watch = ReadyWatch::begin(stage.api(&namespace), notes).await?;
    let client = BareClient::new(stage.writer().await?, &namespace);
    let start = Start::now(stage)?;
    client.reconcile(publications, &uids).await?;
    start.until(watch.finished().await?, stage, notes)
}

async fn namespace_with_notes(stage: &Stage, notes: Vec<TalkNote>) -> Result<String> {
    let namespace = stage.namespace().await?;
    // As another user, so that these are not counted among the writes of the operator.
    BareClient::new(stage.admin.clone(), &namespace).write_notes(notes).await?;
    Ok(namespace)
}

/// Notes that name no summit, so that nothing is written but pages and statuses.
fn hand_written(count: usize) -> Vec<TalkNote> {
    let collection = document::read(&notes::documents(count), ReadOptions::default());
    let note = |imported: document::Imported<_>| {
        let mut note = TalkNote::new(&imported.name, imported.spec);
        note.spec.summit_ref = None;
        note
    };
    collection.notes.into_iter().map(note).collect()
}

fn told(number: usize, rounds: usize, notes: usize, round: Round) -> Round {
    eprintln!(
        "  round {number} of {rounds}, {notes} notes: operator {:.2} s, bare client {:.2} s, \
         ratio {:.2}; CPU {:.1} ms and {:.1} ms a note, ratio {:.2}; load {:.1}",
        round.operator,
        round.bare,
        round.ratio(),
        round.operator_cpu,
        round.bare_cpu,
        round.cpu_ratio(),
        round.load
    );
    round
}
