//! `kubectl talknotes suspend` and `resume`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::session::{Kind, Session, Target};
use crate::api::{NoteRepository, TalkNote, names};
use crate::cli::Failure;
use crate::cli::cluster::refused;

/// The field manager of what people do with the plugin.
pub(super) const MANAGER: &str = "kubectl-talknotes";

#[derive(Args)]
pub(super) struct Arguments {
    /// Name of the NoteRepository, or noterepository/NAME
    #[arg(value_name = "NAME")]
    name: String,
}

pub(super) async fn run(
    session: &Session,
    arguments: &Arguments,
    suspend: bool,
) -> Result<ExitCode, Failure> {
    let text = &arguments.name;
    let target: Target = if text.contains('/') {
        text.parse()?
    } else {
        format!("noterepository/{text}").parse()?
    };
    let name = &target.name;
    match target.kind {
        Kind::NoteRepository => {}
        Kind::TalkNote => return Err(instead(session, name).await?.into()),
        Kind::Summit => {
            return Err(format!(
                "a Summit cannot be suspended; suspend the NoteRepository that it came from, or keep \
                 notes back one by one with spec.publication: Draft ({target})"
            )
            .into());
        }
    }
    let before: NoteRepository = session.get(name).await?;
    let word = if suspend { "suspended" } else { "resumed" };
    let mut out = std::io::stdout().lock();
    if before.spec.suspend.unwrap_or(false) == suspend {
        let state = if suspend { "suspended already" } else { "not suspended" };
        writeln!(out, "{target} is {state}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let value = if suspend { json!(true) } else { json!(null) };
    let patch = json!({ "spec": { "suspend": value } });
    let params = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
    let api = session.api::<NoteRepository>();
    api.patch(name, &params, &Patch::Merge(&patch))
        .await
        .map_err(|error| refused("patch", "noterepositories", error))?;
    writeln!(out, "{target} {word}")?;
    Ok(ExitCode::SUCCESS)
}

/// What to do where a note is meant.
async fn instead(session: &Session, name: &str) -> Result<String, Failure> {
    let note: TalkNote = session.get(name).await?;
    let repository = note.metadata.labels.as_ref().and_then(|l| l.get(names::REPOSITORY_LABEL));
    let keep_back = "set spec.publication: Draft to take its page back";
    Ok(match repository {
        Some(repository) => format!(
            "a TalkNote cannot be suspended; suspend noterepository/{repository}, which it comes from, \
             or mark its document as a draft"
        ),
        None => format!("a TalkNote cannot be suspended; {keep_back}"),
    })
}
