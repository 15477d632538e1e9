//! `kubectl talknotes diff`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::ListParams;
use serde_json::Value;
use similar::TextDiff;

use super::session::{Kind, Session, Target};
use super::show::{body, config_map_text};
use crate::api::{Publication as Visibility, Summit, SummitSpec, TalkNote, names};
use crate::cli::Failure;
use crate::cli::cluster::list;
use crate::cli::diagnostics::steers;
use crate::render::{self, Card, NOTE_HTML, NOTE_JSON, OfficialAgenda, Publication, SUMMIT_JSON};

#[derive(Args)]
#[command(after_help = "\
The exit code is 0 where nothing would change, and 1 where something would.

Examples:
  kubectl talknotes diff level-triggered-70164052
  kubectl talknotes diff summit/cloud-harbor-2031")]
pub(super) struct Arguments {
    /// Name of a note, or talknote/NAME or summit/NAME
    target: Target,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let name = &arguments.target.name;
    let (config_map, keys, wanted) = match arguments.target.kind {
        Kind::TalkNote => {
            let keys = &[NOTE_JSON, NOTE_HTML][..];
            (names::note_config_map(name), keys, note(session, name).await?)
        }
        Kind::Summit => {
            (names::summit_config_map(name), &[SUMMIT_JSON][..], summit(session, name).await?)
        }
        Kind::NoteRepository => {
            return Err("a NoteRepository publishes no page; name a note or a summit".into());
        }
    };
    let live: Option<ConfigMap> = session.find(&config_map).await?;
    let live = live.map(published);
    let mut changed = false;
    let mut out = std::io::stdout().lock();
    for key in keys {
        let entry = |side: &Option<Publication>| -> Result<String, Failure> {
            let text = side.as_ref().map(|side| side.entry(key)).transpose()?.flatten();
            Ok(readable(&text.unwrap_or_default()))
        };
        let (before, after) = (entry(&live)?, entry(&wanted)?);
        let diff = TextDiff::from_lines(&before, &after);
        let title = |side| format!("{side}/configmap/{config_map}/{key}");
        let text = diff.unified_diff().header(&title("live"), &title("published")).to_string();
        changed |= !text.is_empty();
        out.write_all(harmless(&text).as_bytes())?;
    }
    Ok(if changed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What the note would publish; nothing, where it is kept back.
async fn note(session: &Session, name: &str) -> Result<Option<Publication>, Failure> {
    let note: TalkNote = session.get(name).await?;
    if is_kept_back(&note) {
        return Ok(None);
    }
    let markdown = body(session, &note.spec).await?;
    Ok(Some(render::note(name, &note.spec, &markdown).publication()?))
}

fn is_kept_back(note: &TalkNote) -> bool {
    let now = jiff::Timestamp::now();
    let time =
        |at: &Option<String>| at.as_deref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
    note.spec.publication == Some(Visibility::Draft)
        || time(&note.spec.publish_at).is_some_and(|time| time > now)
        || time(&note.spec.unpublish_at).is_some_and(|time| time <= now)
}

async fn summit(session: &Session, name: &str) -> Result<Option<Publication>, Failure> {
    let summit: Summit = session.get(name).await?;
    let of_summit = ListParams::default().fields(&format!("spec.summitRef.name={name}"));
    let notes: Vec<TalkNote> = list(&session.api(), of_summit).await?;
    // On the agenda stands what has a page.
    let on_agenda =
        |note: &&TalkNote| note.status.as_ref().is_some_and(|status| status.config_map.is_some());
    let notes: Vec<&TalkNote> = notes.iter().filter(on_agenda).collect();
    let cards = notes.iter().map(|note| Card::new(&note.name_any(), &note.spec)).collect();
    let text = agenda(session, &summit.spec).await?;
    let agenda = text.map(|text| OfficialAgenda {
        text: Ok(text.into()),
        links: notes.iter().map(|note| &*note.spec.links).collect(),
    });
    let rendered = render::joined_summit(name, &summit.spec, cards, agenda.as_ref());
    Ok(Some(rendered.publication()?))
}

/// The official agenda, wherever it is kept.
async fn agenda(session: &Session, spec: &SummitSpec) -> Result<Option<String>, Failure> {
    let Some(agenda) = &spec.agenda else { return Ok(None) };
    match (&agenda.text, &agenda.content_from) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(source)) => config_map_text(session, source).await.map(Some),
        (None, None) => Ok(None),
    }
}

fn published(config_map: ConfigMap) -> Publication {
    let binary = config_map.binary_data.unwrap_or_default().into_iter();
    let binary = binary.map(|(key, bytes)| (key, bytes.0)).collect();
    Publication::of(config_map.data.unwrap_or_default(), binary)
}

/// JSON with a line for each field; other text as it is.
fn readable(text: &str) -> String {
    let pretty = serde_json::from_str::<Value>(text).and_then(|v| serde_json::to_string_pretty(&v));
    match pretty {
        Ok(pretty) => format!("{pretty}\n"),
        Err(_) => text.to_owned(),
    }
}

/// Somebody else may have written the live object.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if steers(c) && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}
