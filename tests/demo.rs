//! `make demo` does what it says: here it looks for itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use support::control_plane::ControlPlane;
use support::ports::free_port;
use support::{Result, operator};
use tokio::process::Command;

/// The demo; cargo builds examples before it runs tests.
fn demo() -> Result<PathBuf> {
    let binary = operator::binary()?;
    let demo = binary.parent().unwrap_or(Path::new("")).join("examples/demo");
    assert!(demo.is_file(), "{} is missing: cargo build --example demo", demo.display());
    Ok(demo)
}

async fn run(environment: &[(&str, &str)]) -> Result<Output> {
    let mut command = Command::new(demo()?);
    for name in ["DEMO_CLUSTER", "DEMO_GIT_PORT", "KUBECONFIG"] {
        command.env_remove(name);
    }
    Ok(command.env("DEMO_CHECK", "1").envs(environment.iter().copied()).output().await?)
}

fn text(output: &Output) -> String {
    let (stdout, stderr) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr))
}

#[tokio::test]
async fn the_demo_shows_a_push_and_cleans_up() -> Result {
    let port = free_port()?.to_string();
    let output = run(&[("DEMO_PORT", &port)]).await?;
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the push arrived"), "{said}");
    assert!(said.contains("the board heard of the push"), "{said}");
    assert!(said.contains("the mind map is switched off without a restart"), "{said}");
    assert!(said.contains("kubectl get talknotes"), "{said}");
    assert!(said.contains("the note that was applied in default is on its page"), "{said}");
    assert!(said.contains(&format!("http://127.0.0.1:{port}/")), "{said}");
    assert!(!said.contains('\u{1b}'), "colours without a terminal: {said}");
    let kubeconfig = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("export KUBECONFIG="))
        .unwrap_or_else(|| panic!("no kubeconfig is named: {said}"));
    assert!(!Path::new(kubeconfig).exists(), "{kubeconfig} is left behind");
    Ok(())
}

#[tokio::test]
async fn the_demo_leaves_a_cluster_of_somebody_else_as_it_was() -> Result {
    let control_plane = ControlPlane::start().await?;
    let kubeconfig = control_plane.admin().kubeconfig.to_string_lossy().into_owned();
    let kubectl = control_plane.admin().kubectl();
    let namespaces = ["get", "namespaces", "-o", "name"];
    let before = kubectl.run(&namespaces).await?;
    let port = free_port()?.to_string();
    let environment =
        [("DEMO_PORT", &*port), ("DEMO_CLUSTER", "current"), ("KUBECONFIG", &kubeconfig)];
    let output = run(&environment).await?;
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the push arrived"), "{said}");
    assert!(said.contains("looks after all namespaces"), "{said}");
    assert!(said.contains("the note that was applied in default is on its page"), "{said}");
    assert_eq!(kubectl.run(&namespaces).await?, before);

    // Somebody has notes now, and an operator that keeps them.
    kubectl.succeed(&["create", "namespace", "theirs"], "").await?;
    kubectl.in_namespace("theirs").succeed(&["apply", "-f", "-"], THEIR_NOTE).await?;
    let before = kubectl.run(&namespaces).await?;
    let output = run(&environment).await?;
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("others have notes here, in theirs"), "{said}");
    let applied = "the note that was applied in talknotes-demo is on its page";
    assert!(said.contains(applied), "{said}");
    let note =
        kubectl.in_namespace("theirs").run(&["get", "talknote", "kept", "-o", "yaml"]).await?;
    assert!(!note.contains("type: Ready"), "somebody else's note was looked after: {note}");
    assert_eq!(kubectl.run(&namespaces).await?, before);
    Ok(())
}

const THEIR_NOTE: &str = "{apiVersion: talknotes.dev/v1alpha1, kind: TalkNote, metadata: {name: kept}, \
                          spec: {title: Kept, markdown: By somebody else.}}";

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() -> Result {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();
    for name in ["DEMO_PORT", "DEMO_GIT_PORT"] {
        let output = run(&[(name, &port)]).await?;
        let said = text(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains(&port) && said.contains(name), "{said}");
    }
    Ok(())
}
