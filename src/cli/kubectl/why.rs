//! `kubectl talknotes why`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use k8s_openapi::api::core::v1::Event;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::api::{DynamicObject, ListParams};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::session::{Kind, Session, Target};
use super::status::in_words;
use crate::api::{Diagnostic, NoteRepository, Summit, condition, names};
use crate::cli::Failure;
use crate::cli::cluster::{list, refused};
use crate::cli::diagnostics::visible;

/// Events that are told at most.
const MAX_EVENTS: usize = 5;

#[derive(Args)]
#[command(after_help = "\
Examples:
  kubectl talknotes why level-triggered-70164052
  kubectl talknotes why noterepository/my-notes")]
pub(super) struct Arguments {
    /// Name of a note, or talknote/NAME, summit/NAME or noterepository/NAME
    target: Target,
}

/// The part of a status that all kinds have.
struct State {
    observed: Option<i64>,
    conditions: Vec<Condition>,
    diagnostics: Vec<Diagnostic>,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let target = &arguments.target;
    let resource = target.kind.resource();
    let found = session.dynamic(target.kind).get_opt(&target.name).await;
    let found = found.map_err(|error| refused("get", &resource.plural, error))?;
    let object = found.ok_or_else(|| {
        format!(
            "there is no {} {} in the namespace {}: `kubectl talknotes list -A` shows where notes are",
            resource.kind, target.name, session.namespace
        )
    })?;
    let state = state(&object);
    let mut lines = vec![format!(
        "{target}: {}",
        in_words(&object.metadata, state.observed, &state.conditions)
    )];
    lines.extend(about_conditions(&state, object.metadata.generation));
    lines.extend(about_diagnostics(&state.diagnostics));
    lines.extend(about_relations(session, target.kind, &object).await?);
    lines.extend(about_events(session, &object).await);
    lines.push(format!("next: {}", advice(target, &object, &state)));
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn state(object: &DynamicObject) -> State {
    State {
        observed: part(object, "/status/observedGeneration"),
        conditions: part(object, "/status/conditions").unwrap_or_default(),
        diagnostics: part(object, "/status/diagnostics").unwrap_or_default(),
    }
}

fn part<T: DeserializeOwned>(object: &DynamicObject, pointer: &str) -> Option<T> {
    serde_json::from_value(object.data.pointer(pointer)?.clone()).ok()
}

fn about_conditions(state: &State, generation: Option<i64>) -> Vec<String> {
    let mut lines: Vec<String> = state
        .conditions
        .iter()
        .map(|c| format!("  {} is {} ({}): {}", c.type_, c.status, c.reason, c.message))
        .collect();
    if state.observed.is_some_and(|seen| seen >= 0) && state.observed < generation {
        lines.push("  the spec has changed since; the controller has not seen that yet".to_owned());
    }
    lines
}

fn about_diagnostics(diagnostics: &[Diagnostic]) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let line = diagnostic.line.map(|line| format!(":{line}")).unwrap_or_default();
        let Diagnostic { path, severity, message, code, .. } = diagnostic;
        format!("  {path}{line}: {severity}: {message} [{code}]")
    };
    diagnostics.iter().map(line).collect()
}

/// The summit and the repository that an object belongs to.
async fn about_relations(
    session: &Session,
    kind: Kind,
    object: &DynamicObject,
) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    if let Some(name) =
        part::<String>(object, "/spec/summitRef/name").filter(|_| kind == Kind::TalkNote)
    {
        lines.push(match session.find::<Summit>(&name).await? {
            Some(_) => format!("  it stands on the agenda of summit/{name} when it is published"),
            None => format!("  summit/{name} does not exist, so that it stands on no agenda"),
        });
    }
    let label = object.metadata.labels.as_ref().and_then(|l| l.get(names::REPOSITORY_LABEL));
    let Some(name) = label else {
        if kind != Kind::NoteRepository {
            lines.push("  it comes from no NoteRepository: somebody applied it".to_owned());
        }
        return Ok(lines);
    };
    let annotation = |name| object.metadata.annotations.as_ref().and_then(|a| a.get(name));
    let others = annotation(names::OTHER_SOURCE_PATHS).into_iter().flat_map(|paths| paths.lines());
    let path = annotation(names::SOURCE_PATH).map(|path| {
        let paths: Vec<&str> = std::iter::once(path.as_str()).chain(others).collect();
        format!(" ({})", paths.join(" and "))
    });
    let path = path.unwrap_or_default();
    lines.push(match session.find::<NoteRepository>(name).await? {
        None => {
            format!("  noterepository/{name}, which it came from{path}, does not exist any more")
        }
        Some(repository) => {
            let status = repository.status.unwrap_or_default();
            let words =
                in_words(&repository.metadata, status.observed_generation, &status.conditions);
            let suspended = repository.spec.suspend.unwrap_or(false);
            let words = if suspended { "suspended".to_owned() } else { words };
            let ready =
                condition(&status.conditions, "Ready").filter(|ready| ready.status != "True");
            let why = ready.map(|ready| format!(": {}", ready.message)).unwrap_or_default();
            format!("  it comes from noterepository/{name}{path}, which is {words}{why}")
        }
    });
    Ok(lines)
}

/// What happened lately. Events may not be readable, and are gone after an hour.
async fn about_events(session: &Session, object: &DynamicObject) -> Vec<String> {
    let Some(uid) = &object.metadata.uid else { return Vec::new() };
    let of_object = ListParams::default().fields(&format!("involvedObject.uid={uid}"));
    let Ok(mut events) = list::<Event>(&session.api(), of_object).await else {
        return vec!["  its events cannot be read".to_owned()];
    };
    events.sort_by_key(|event| event.metadata.creation_timestamp.as_ref().map(|t| t.0));
    let latest = events.iter().rev().take(MAX_EVENTS);
    latest
        .map(|event| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("  event {}: {}", text(&event.reason), text(&event.message))
        })
        .collect()
}

/// What to do next.
fn advice(target: &Target, object: &DynamicObject, state: &State) -> String {
    let name = &target.name;
    let flag = |pointer| object.data.pointer(pointer) == Some(&Value::Bool(true));
    let reason = |kind: &str| {
        condition(&state.conditions, kind).filter(|c| c.status == "True").map(|c| c.reason.as_str())
    };
    if object.metadata.deletion_timestamp.is_some() {
        return "wait: it is being deleted".to_owned();
    }
    if flag("/spec/suspend") {
        return format!("kubectl talknotes resume {name}");
    }
    if state.observed.is_none_or(|seen| seen < 0) {
        return "no controller has seen it: `kubectl --namespace talknotes-system get pods` shows \
                whether one runs, and its --namespace flags which namespaces it watches"
            .to_owned();
    }
    let draft = part::<String>(object, "/spec/publication").as_deref() == Some("Draft");
    match (reason("Stalled"), reason("Ready")) {
        (Some("TooLarge"), _) => "split the note, or move large tables out of it".to_owned(),
        (Some("InvalidSpec"), _) => "correct the fields that are named above".to_owned(),
        (Some(_), _) => {
            "correct what is named above; it is tried again when the object changes".to_owned()
        }
        (None, _) if draft => {
            "take `draft` out of its document, or set spec.publication: Published".to_owned()
        }
        (None, Some("Scheduled")) => {
            "wait until spec.publishAt, or take that field away".to_owned()
        }
        (None, Some("Expired")) => {
            "set spec.unpublishAt to a later time, or take that field away".to_owned()
        }
        (None, Some(_)) if target.kind == Kind::NoteRepository => {
            "nothing: it is applied".to_owned()
        }
        (None, Some(_)) => format!("nothing: it is published; kubectl talknotes open {target}"),
        (None, None) => format!(
            "the controller tries again by itself; kubectl talknotes reconcile {target} --wait asks now"
        ),
    }
}
