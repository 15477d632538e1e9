//! `kubectl talknotes list`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use kube::api::ListParams;
use kube::{Api, ResourceExt};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::session::Session;
use super::status;
use crate::api::{TalkNote, TalkNoteSpec};
use crate::cli::Failure;
use crate::cli::cluster::list;
use crate::cli::diagnostics::{escaped, visible};

#[derive(Args)]
#[command(after_help = "\
Examples:
  kubectl talknotes list --summit cloud-harbor-2031 --day 2031-05-14
  kubectl talknotes list --all-namespaces --speaker ada -o wide
  kubectl talknotes list -l talknotes.dev/repository=my-notes -o name")]
pub(super) struct Arguments {
    /// List the notes of all namespaces
    #[arg(long, short = 'A')]
    all_namespaces: bool,
    /// Only notes with these labels
    #[arg(long, short = 'l', value_name = "SELECTOR")]
    selector: Option<String>,
    /// Only notes with these fields, such as spec.summitRef.name=NAME
    #[arg(long, value_name = "SELECTOR")]
    field_selector: Option<String>,
    /// Only notes of this summit
    #[arg(long, value_name = "NAME")]
    summit: Option<String>,
    /// Only notes of this day, such as 2031-05-14
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// Only notes of talks by somebody whose name, alias or organization holds this
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Output format
    #[arg(long, short, value_enum, default_value = "table")]
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// Columns
    Table,
    /// More columns
    Wide,
    /// One JSON List
    Json,
    /// One YAML List
    Yaml,
    /// Names that kubectl takes
    Name,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let api: Api<TalkNote> =
        if arguments.all_namespaces { Api::all(session.client.clone()) } else { session.api() };
    let mut fields: Vec<String> = arguments.field_selector.iter().cloned().collect();
    fields.extend(arguments.summit.iter().map(|summit| format!("spec.summitRef.name={summit}")));
    let mut params = ListParams::default();
    params.label_selector.clone_from(&arguments.selector);
    params.field_selector = Some(fields.join(",")).filter(|fields| !fields.is_empty());
    let mut notes = list(&api, params).await?;
    notes.retain(|note| arguments.wants(&note.spec));
    notes.sort_by_cached_key(place);
    let text = print(&notes, arguments)?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    if notes.is_empty() {
        let place = format!("the namespace {}", session.namespace);
        let place = if arguments.all_namespaces { "any namespace" } else { &place };
        anstream::eprintln!("no such notes in {}", visible(place));
    }
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn wants(&self, spec: &TalkNoteSpec) -> bool {
        let named = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            let holds = |text: &str| text.to_lowercase().contains(&wanted);
            spec.speakers.iter().any(|speaker| {
                let more = speaker.alias.iter().chain(&speaker.organization);
                holds(&speaker.name) || more.into_iter().any(|text| holds(text))
            })
        };
        self.day.as_ref().is_none_or(|day| spec.day.as_ref() == Some(day))
            && self.speaker.as_ref().is_none_or(named)
    }
}

/// The order of the programme.
fn place(note: &TalkNote) -> impl Ord + use<> {
    let spec = &note.spec;
    let summit = spec.summit_ref.as_ref().map(|summit| summit.name.clone());
    // What has no day or time stands last.
    let day = spec.day.clone().unwrap_or_else(|| "~".to_owned());
    let time = spec.start_time.clone().unwrap_or_else(|| "~".to_owned());
    (note.namespace(), summit, day, time, spec.order.unwrap_or(i32::MAX), note.name_any())
}

fn print(notes: &[TalkNote], arguments: &Arguments) -> Result<String, Failure> {
    Ok(match arguments.output {
        Output::Name => {
            notes.iter().map(|n| format!("talknote.talknotes.dev/{}\n", n.name_any())).collect()
        }
        Output::Json | Output::Yaml => {
            let list = json!({ "apiVersion": "v1", "kind": "List", "items": notes });
            if arguments.output == Output::Json {
                format!("{}\n", escaped(&serde_json::to_string_pretty(&list)?))
            } else {
                serde_saphyr::to_string(&list)?
            }
        }
        Output::Table | Output::Wide if notes.is_empty() => String::new(),
        Output::Table | Output::Wide => table(notes, arguments),
    })
}

fn table(notes: &[TalkNote], arguments: &Arguments) -> String {
    let wide = arguments.output == Output::Wide;
    let mut head = Vec::new();
    if arguments.all_namespaces {
        head.push("NAMESPACE");
    }
    head.extend(["NAME", "DAY", "TIME", "SPEAKERS", "MEDAL", "STATUS", "DIAGNOSTICS"]);
    if wide {
        head.extend(["SUMMIT", "KIND", "ROOM"]);
    }
    head.push("TITLE");
    let mut rows = vec![head.into_iter().map(str::to_owned).collect()];
    rows.extend(notes.iter().map(|note| row(note, arguments.all_namespaces, wide)));
    aligned(&rows)
}

fn row(note: &TalkNote, with_namespace: bool, wide: bool) -> Vec<String> {
    let (spec, state) = (&note.spec, note.status.as_ref());
    let speakers: Vec<&str> = spec.speakers.iter().map(|speaker| speaker.name.as_str()).collect();
    let conditions = state.map_or(&[][..], |state| &state.conditions);
    let observed = state.and_then(|state| state.observed_generation);
    let mut cells: Vec<String> = note.namespace().filter(|_| with_namespace).into_iter().collect();
    cells.extend([
        note.name_any(),
        spec.day.clone().unwrap_or_default(),
        spec.start_time.clone().unwrap_or_default(),
        speakers.join(", "),
        spec.medal.map(|medal| format!("{medal:?}")).unwrap_or_default(),
        status::in_words(&note.metadata, observed, conditions),
        state.map_or(0, |state| state.diagnostics.len()).to_string(),
    ]);
    if wide {
        cells.push(spec.summit_ref.as_ref().map(|s| s.name.clone()).unwrap_or_default());
        cells.push(format!("{:?}", spec.kind.unwrap_or(crate::api::TalkKind::Session)));
        cells.push(spec.room.clone().unwrap_or_default());
    }
    cells.push(spec.title.clone());
    cells.iter().map(|cell| visible(cell)).collect()
}

/// Columns as wide as their widest cell on a terminal, where a Chinese character takes two places.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let width = |at| rows.iter().map(|row| cell(row, at).width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, width) in widths.iter().enumerate() {
            let cell = cell(row, at);
            let gap = width.saturating_sub(cell.width()) + 3;
            let _ = write!(line, "{cell}{:gap$}", "");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_whatever_the_script() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = aligned(&[row(["NAME", "TITLE"]), row(["林小舟", "a"]), row(["Ada", "b"])]);
        assert_eq!(text, "NAME     TITLE\n林小舟   a\nAda      b\n");
    }
}
