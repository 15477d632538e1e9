//! `kubectl talknotes reconcile`.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use clap::Args;
use kube::api::{DynamicObject, Patch, PatchParams};
use kube::runtime::wait::await_condition;
use serde_json::{Value, json};

use super::session::{Session, Target};
use super::suspend::MANAGER;
use crate::api::names;
use crate::cli::Failure;
use crate::cli::cluster::refused;
use crate::cli::diagnostics::visible;

#[derive(Args)]
#[command(after_help = "\
Examples:
  kubectl talknotes reconcile noterepository/my-notes --wait
  kubectl talknotes reconcile level-triggered-70164052")]
pub(super) struct Arguments {
    /// Name of a note, or talknote/NAME, summit/NAME or noterepository/NAME
    target: Target,
    /// Wait until it is done, and say what is going on
    #[arg(long)]
    wait: bool,
    /// How long to wait, such as 90s or 5m
    #[arg(long, default_value = "5m", value_parser = duration, requires = "wait")]
    timeout: Duration,
}

fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration =
        text.parse().map_err(|_| "it should be a time such as 90s or 5m".to_owned())?;
    Duration::try_from(span).map_err(|_| "it should not be negative".to_owned())
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Arguments { target, wait, timeout } = arguments;
    let api = session.dynamic(target.kind);
    let token = jiff::Timestamp::now().to_string();
    let patch = json!({ "metadata": { "annotations": { names::REQUESTED_AT: token } } });
    let params = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
    let resource = target.kind.resource();
    let before = api
        .patch(&target.name, &params, &Patch::Merge(&patch))
        .await
        .map_err(|error| refused("patch", &resource.plural, error))?;
    writeln!(std::io::stdout().lock(), "{target} is asked to reconcile")?;
    if before.data.pointer("/spec/suspend") == Some(&Value::Bool(true)) {
        return Err(format!("{target} is suspended: kubectl talknotes resume {target}").into());
    }
    if !wait {
        return Ok(ExitCode::SUCCESS);
    }
    let told = Mutex::new(String::new());
    let done = |object: Option<&DynamicObject>| {
        object.is_none_or(|object| {
            tell(object, &told);
            handled(object, &token)
        })
    };
    let waited = await_condition(api, &target.name, done);
    let outcome = tokio::time::timeout(*timeout, waited).await.map_err(|_| {
        format!(
            "{target} was not reconciled within {}s: is the controller running? `kubectl talknotes why \
             {target}` says more",
            timeout.as_secs()
        )
    })?;
    let object = outcome?.ok_or_else(|| format!("{target} was deleted"))?;
    let ready = condition(&object, "Ready");
    if ready.is_some_and(|ready| ready.get("status") == Some(&json!("True"))) {
        writeln!(std::io::stdout().lock(), "{target} is reconciled")?;
        return Ok(ExitCode::SUCCESS);
    }
    Err(format!("{target} is not ready: {}", message(ready)).into())
}

/// Whether the request was handled and nothing is under way.
fn handled(object: &DynamicObject, token: &str) -> bool {
    let handled = object.data.pointer("/status/lastHandledReconcileAt").and_then(Value::as_str);
    handled == Some(token) && condition(object, "Reconciling").is_none()
}

/// Says what the object says, when that is new.
fn tell(object: &DynamicObject, told: &Mutex<String>) {
    let kinds = ["Reconciling", "Stalled", "Ready"];
    let now = message(kinds.iter().find_map(|kind| condition(object, kind)));
    if let Ok(mut told) = told.lock()
        && *told != now
    {
        anstream::eprintln!("  {}", visible(&now));
        *told = now;
    }
}

fn condition<'o>(object: &'o DynamicObject, kind: &str) -> Option<&'o Value> {
    let all = object.data.pointer("/status/conditions")?.as_array()?;
    all.iter().find(|condition| condition.get("type").and_then(Value::as_str) == Some(kind))
}

fn message(condition: Option<&Value>) -> String {
    let text = condition.and_then(|condition| condition.get("message")).and_then(Value::as_str);
    text.unwrap_or("the controller has said nothing yet").to_owned()
}
