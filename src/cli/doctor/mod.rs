//! `talknotes doctor`: what is wrong with the TalkNotes of a cluster, in words, and what to do about it.

mod finding;
mod installation;
mod kinds;
mod objects;
mod quotas;
mod rights;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use kube::api::{DynamicObject, ListParams};
use kube::{Api, Client};

use self::finding::{Finding, Report};
use super::Failure;
use super::cluster::{Cluster, pages};
use super::diagnostics::visible;

#[derive(Args)]
#[command(after_help = "\
It reads and changes nothing. What you have no right to read is named and left out.
It ends with 0 where nothing is wrong (warnings may be told), and with 1 where something is.

Examples:
  talknotes doctor
  talknotes doctor --namespace summits --output json")]
pub(super) struct Arguments {
    #[command(flatten)]
    cluster: Cluster,
    /// Namespace whose objects are looked at; all namespaces, if not given
    #[arg(long, short, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// Namespace that the controller runs in
    #[arg(long, value_name = "NAMESPACE", default_value = "talknotes-system")]
    system_namespace: String,
    /// How the findings are written
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// One JSON object, for programs
    Json,
}

/// Where to look.
struct Patient {
    client: Client,
    /// Namespace of the objects; all where it is none.
    namespace: Option<String>,
    /// Namespace of the controller.
    system_namespace: String,
}

impl Patient {
    /// The objects of a kind, where they are to be looked at, page by page.
    ///
    /// # Errors
    /// Where the API server refuses.
    async fn all(
        &self,
        resource: &kube::api::ApiResource,
    ) -> Result<Vec<DynamicObject>, kube::Error> {
        let client = self.client.clone();
        let api: Api<DynamicObject> = match &self.namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, resource),
            None => Api::all_with(client, resource),
        };
        pages(&api, ListParams::default()).await
    }
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    super::runtime()?.block_on(examine(arguments))
}

async fn examine(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { cluster, namespace, system_namespace, output } = arguments;
    let patient = Patient { client: cluster.client().await?, namespace, system_namespace };
    let mut findings = kinds::server(&patient).await?;
    // Each looks at something of its own, and none stops the others.
    findings.extend(kinds::definitions(&patient).await?);
    findings.extend(installation::examine(&patient).await);
    findings.extend(rights::examine(&patient).await?);
    findings.extend(objects::examine(&patient).await);
    findings.extend(quotas::examine(&patient).await);
    let report = Report::of(findings);
    write(&report, output)?;
    Ok(if report.errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(report: &Report, output: Output) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if output == Output::Json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
        return Ok(());
    }
    for finding in &report.findings {
        for line in finding.lines() {
            writeln!(out, "{}", visible(&line))?;
        }
    }
    writeln!(out, "{}", report.summary())?;
    Ok(())
}

/// What could not be looked at, with the reason.
fn unseen(check: &'static str, what: &str, error: &kube::Error) -> Finding {
    let reason = match error {
        kube::Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    };
    Finding::info(check, format!("{what} could not be looked at: {reason}"))
        .advise("ask for the right to read them, or let somebody look who has it")
}
