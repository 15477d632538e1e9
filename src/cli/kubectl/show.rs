//! `kubectl talknotes show`.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::Args;
use k8s_openapi::api::core::v1::ConfigMap;

use super::pager;
use super::session::Session;
use super::terminal::{Screen, heading, render};
use crate::api::{ConfigMapKeyReference, ContentSource, TalkNote, TalkNoteSpec};
use crate::cli::Failure;

#[derive(Args)]
#[command(after_help = "\
On a terminal long notes are shown in $PAGER.

Examples:
  kubectl talknotes show level-triggered-70164052
  kubectl talknotes show level-triggered-70164052 --raw > note.md")]
pub(super) struct Arguments {
    /// Name of the note
    name: String,
    /// Print the Markdown as it is written
    #[arg(long)]
    raw: bool,
    /// Do not use $PAGER
    #[arg(long)]
    no_pager: bool,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let note: TalkNote = session.get(&arguments.name).await?;
    let markdown = body(session, &note.spec).await?;
    if arguments.raw {
        let terminal = std::io::stdout().is_terminal();
        let shown = if terminal { harmless(&markdown) } else { markdown };
        std::io::stdout().lock().write_all(shown.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let screen = screen();
    let mut text = heading(&note.spec.title, screen);
    for line in about(&note.spec) {
        text.push_str(&heading_free(&line, screen));
    }
    text.push('\n');
    text.push_str(&render(&markdown, screen));
    pager::print(&text, arguments.no_pager)?;
    Ok(ExitCode::SUCCESS)
}

fn harmless(text: &str) -> String {
    let steers = |c: char| crate::cli::diagnostics::steers(c) && !matches!(c, '\n' | '\t');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// A line of fields, which are no Markdown.
fn heading_free(line: &str, screen: Screen) -> String {
    heading(line, Screen { styles: false, links: false, ..screen })
}

/// The text of a note, wherever it is kept.
pub(super) async fn body(session: &Session, spec: &TalkNoteSpec) -> Result<String, Failure> {
    if let Some(markdown) = &spec.markdown {
        return Ok(markdown.clone());
    }
    match &spec.content_from {
        Some(source) => config_map_text(session, source).await,
        None => Ok(String::new()),
    }
}

/// The text that is kept in a ConfigMap.
pub(super) async fn config_map_text(
    session: &Session,
    source: &ContentSource,
) -> Result<String, Failure> {
    let ConfigMapKeyReference { name, key } = &source.config_map_key_ref;
    let config_map: ConfigMap = session.get(name).await?;
    let text = config_map.data.unwrap_or_default().remove(key);
    text.ok_or_else(|| format!("the ConfigMap {name} has no text under the key {key}").into())
}

fn about(spec: &TalkNoteSpec) -> Vec<String> {
    let speakers = spec.speakers.iter().map(|speaker| {
        let more: Vec<&str> =
            speaker.alias.iter().chain(&speaker.organization).map(String::as_str).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        format!("{}{more}", speaker.name)
    });
    let speakers: Vec<String> = speakers.collect();
    let times = [&spec.start_time, &spec.end_time].into_iter().flatten().cloned();
    let times: Vec<String> = times.collect();
    let place = [spec.day.clone(), Some(times.join("–")), spec.room.clone(), spec.track.clone()];
    let summit = spec.summit_ref.as_ref().map(|summit| summit.name.clone());
    let place: Vec<String> =
        place.into_iter().chain([summit]).flatten().filter(|text| !text.is_empty()).collect();
    [speakers.join(", "), place.join(" · ")].into_iter().filter(|line| !line.is_empty()).collect()
}

fn screen() -> Screen {
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal();
    let variable = |name| std::env::var(name).ok();
    let styles = anstream::AutoStream::choice(&stdout) != ColorChoice::Never;
    let links = styles && terminal && knows_links(&variable);
    Screen { width: crate::cli::screen::width_of_text(), styles, links }
}

/// Terminals that are known to show hyperlinks; others might print their addresses as noise.
fn knows_links(variable: &impl Fn(&'static str) -> Option<String>) -> bool {
    let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"];
    let program = variable("TERM_PROGRAM").is_some_and(|name| programs.contains(&name.as_str()));
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let set = ["KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"];
    program
        || vte.is_some_and(|version| version >= 5000)
        || set.iter().any(|name| variable(name).is_some())
}
