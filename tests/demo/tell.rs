//! What the demo says. Colours are left out where nobody sees them.

use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};

use crate::cluster::Cluster;
use crate::notes::{Notes, Place};
use crate::platform::TOGGLE;

const STEP: Style = AnsiColor::Cyan.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const HEADING: Style = Style::new().bold();
const COMMAND: Style = AnsiColor::Green.on_default();

/// What the demo does now.
pub fn step(text: &str) {
    anstream::println!("{STEP}demo:{STEP:#} {text}");
}

/// Why the demo ends.
pub fn error(text: &str) {
    anstream::eprintln!("{ERROR}demo:{ERROR:#} {text}");
}

/// Path of the page of a note.
pub fn page(place: &Place, namespace: &str) -> String {
    let summit = place.summit.as_deref().unwrap_or("-");
    format!("/{namespace}/{summit}/{}", place.note)
}

/// Objects, pages, and what to try.
pub fn what_there_is(cluster: &Cluster, viewer: &str, table: &str, notes: &Notes, place: &Place) {
    let namespace = cluster.namespace();
    let kubectl = kubectl(cluster);
    heading(&format!("$ kubectl get talknotes --namespace {namespace}"));
    anstream::println!("{}", table.trim_end());

    heading("The pages");
    anstream::println!("  http://{viewer}/");
    anstream::println!("  http://{viewer}{}", page(place, namespace));

    heading("Look around in the cluster");
    if !cluster.is_current() {
        command(&format!("export KUBECONFIG={}", cluster.access().kubeconfig.display()));
    }
    command(&format!("{kubectl} get talknotes --namespace {namespace}"));
    command(&format!("{kubectl} describe noterepository notes --namespace {namespace}"));
    command(&format!("{kubectl} explain talknote.spec"));

    heading(&format!("Push a change and see it arrive on the page of `{}`", place.title));
    command(&format!("cd \"$(mktemp -d)\" && git clone {} .", notes.url()));
    command(&format!("echo '* Written while you look' >> {}", place.path));
    command("git commit --all --message 'Take a note' && git push");

    let namespace = cluster.namespace_to_apply_in();
    heading(if namespace == cluster.namespace() {
        "Apply notes without git"
    } else {
        "Apply notes without git, in any namespace"
    });
    command(&format!("{kubectl} apply --namespace {namespace} -f {}", manifests().display()));
    anstream::println!("  http://{viewer}/{namespace}/{APPLIED}");
}

/// What people who run it see.
pub fn what_runs_it(cluster: &Cluster, controller: &str) {
    let (kubectl, namespace) = (kubectl(cluster), cluster.namespace());
    heading("Switch a part of the site off while a page is open, and see who did it");
    command(&format!("{kubectl} get viewers --namespace {namespace}"));
    let [verb, object, kind, flag, patch] = TOGGLE;
    command(&format!("{kubectl} --namespace {namespace} {verb} {object} {kind} {flag} '{patch}'"));
    command(&format!(
        "{kubectl} get events --namespace {namespace} --field-selector reason=FeaturesChanged"
    ));

    heading("What the alert TalkNotesResourceNotReady asks: which objects are not ready?");
    command(&format!(
        "curl --silent http://{controller}/metrics | grep talknotes_resource_info | grep -v 'ready=\"True\"'"
    ));

    heading("Notifications: a board hears of each push, as this demo says below");
    command(&format!(
        "{kubectl} get noterepository notes --namespace {namespace} -o jsonpath='{{.spec.notify}}'"
    ));
}

/// Notes and a summit as people apply them.
pub fn manifests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/manifests")
}

/// The page of one of them, below its namespace.
pub const APPLIED: &str = "lighthouse-days-2026/tides-of-reconciliation";

/// kubectl as people have it, else the one that the demo has.
fn kubectl(cluster: &Cluster) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|folder| folder.join("kubectl").is_file()) {
        "kubectl".to_owned()
    } else {
        cluster.access().kubectl.display().to_string()
    }
}

/// How the demo ends.
pub fn wait_for_the_end() {
    anstream::println!();
    step("running; a push arrives within ten seconds; Ctrl-C ends everything and cleans up");
}

fn heading(text: &str) {
    anstream::println!("\n{HEADING}{text}{HEADING:#}");
}

fn command(text: &str) {
    anstream::println!("  {COMMAND}{text}{COMMAND:#}");
}
