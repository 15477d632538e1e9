//! What others' tools say about what people install.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::control_plane::ControlPlane;
use crate::support::tools::{kube_score, kubeconform, kubesec};
use crate::{CHART, DEPLOY, PLAIN, helm_template, kustomize, of_kind, output, schemas, text};

/// Every value that adds an object.
const EVERYTHING: [&str; 8] = [
    "--set",
    "viewer.ingress.enabled=true,viewer.ingress.className=nginx",
    "--set",
    "viewer.ingress.hosts[0].host=notes.example.org",
    "--set",
    "viewer.httpRoute.enabled=true,viewer.httpRoute.parentRefs[0].name=gateway",
    "--set",
    "monitoring.enabled=true",
];

/// Kinds of others, whose schemas the API server of the tests does not have.
const FOREIGN: [&str; 3] = ["HTTPRoute", "PodMonitor", "PrometheusRule"];

/// What kube-score would have otherwise, and why we do not.
const IGNORED: [(&str, &str); 2] = [
    (
        "container-image-pull-policy",
        "the image has a version: Always would ask the registry again for the same bytes",
    ),
    (
        "deployment-has-host-podantiaffinity",
        "topology spread does it, and leaves no viewer without a place on a cluster of one node",
    ),
];

/// What kubesec would have otherwise, and why we do not.
const NOT_TAKEN: [(&str, &str); 3] = [
    (
        "ApparmorAny",
        "it looks for an annotation that is deprecated; without it the runtime's profile holds where \
         there is AppArmor, and where there is none the Pod starts all the same",
    ),
    ("SeccompAny", "it looks for an annotation that Kubernetes gave up; the field is set"),
    (
        "AutomountServiceAccountToken",
        "both programs talk to the API server; the ServiceAccounts mount nothing by themselves",
    ),
];

#[tokio::test]
async fn kubeconform_knows_every_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = ControlPlane::shared().admin().client().await.expect("a client");
    schemas::write(&client, folder.path()).await.expect("schemas");
    let everything = helm_template(&EVERYTHING);
    let kinds: BTreeSet<String> = everything.iter().map(|object| text(object, "/kind")).collect();
    assert!(FOREIGN.iter().all(|kind| kinds.contains(*kind)), "{kinds:?}");
    for objects in [&*DEPLOY, &*PLAIN, &everything, &kustomize("deploy/overlays/single-namespace")]
    {
        let file = folder.path().join("objects.yaml");
        fs::write(&file, yaml(objects)).expect("a file");
        let report = output(
            Command::new(kubeconform().expect("kubeconform"))
                .args(["-strict", "-output", "json", "-summary", "-skip", &FOREIGN.join(",")])
                .arg("-schema-location")
                .arg(folder.path().join(schemas::LOCATION))
                .arg(&file),
        );
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let foreign = FOREIGN.iter().map(|kind| of_kind(objects, kind).count()).sum::<usize>();
        assert_eq!(report["summary"]["valid"], objects.len() - foreign, "{report}");
    }
}

/// It would be easy to pass a judge that looks at nothing.
#[tokio::test]
async fn kubeconform_refuses_a_field_that_there_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = ControlPlane::shared().admin().client().await.expect("a client");
    schemas::write(&client, folder.path()).await.expect("schemas");
    let mut deployment = of_kind(&DEPLOY, "Deployment").next().expect("a Deployment").clone();
    deployment["spec"]["template"]["spec"]["containers"][0]["memoryLimit"] = Value::from("1Gi");
    let file = folder.path().join("objects.yaml");
    fs::write(&file, yaml(&[deployment])).expect("a file");
    let run = Command::new(kubeconform().expect("kubeconform"))
        .arg("-strict")
        .arg("-schema-location")
        .arg(folder.path().join(schemas::LOCATION))
        .arg(&file)
        .output()
        .expect("kubeconform");
    assert!(!run.status.success());
    assert!(String::from_utf8_lossy(&run.stdout).contains("memoryLimit"), "{run:?}");
}

#[test]
fn kube_score_has_nothing_to_say() {
    for objects in [&*DEPLOY, &*CHART, &*PLAIN] {
        let findings = score(
            &objects.iter().filter(|object| object["kind"] != "Pod").cloned().collect::<Vec<_>>(),
        );
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}

/// What kube-score finds, but for [`IGNORED`].
fn score(objects: &[Value]) -> Vec<String> {
    let mut command = Command::new(kube_score().expect("kube-score"));
    command.args(["score", "--output-format", "json", "--kubernetes-version", "v1.33"]);
    for (check, _why) in IGNORED {
        command.args(["--ignore-test", check]);
    }
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("kube-score");
    child.stdin.take().expect("its input").write_all(yaml(objects).as_bytes()).expect("a pipe");
    let report = child.wait_with_output().expect("kube-score");
    let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
    let scored = report.as_array().expect("a list");
    assert!(scored.len() >= 4, "kube-score has seen {} objects", scored.len());
    let mut findings = Vec::new();
    for object in scored {
        for check in object["checks"].as_array().expect("checks") {
            if check["skipped"] != true && check["grade"].as_i64().is_some_and(|grade| grade < 10) {
                let (name, id) = (text(object, "/object_name"), text(check, "/check/id"));
                findings.push(format!("{name}: {id}: {}", check["comments"]));
            }
        }
    }
    findings
}

fn yaml(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("---\n{object}\n")).collect()
}

#[test]
fn kubesec_has_nothing_to_say() {
    for (objects, programs) in [(&*DEPLOY, 1), (&*CHART, 1), (&*PLAIN, 2)] {
        let reports = scan(&of_kind(objects, "Deployment").cloned().collect::<Vec<_>>());
        assert_eq!(reports.len(), programs);
        for report in &reports {
            assert_eq!(report["valid"], true, "{report}");
            assert_eq!(findings(report, "critical"), BTreeSet::new(), "{report}");
            let expected = NOT_TAKEN.map(|(rule, _why)| rule.to_owned());
            assert_eq!(findings(report, "advise"), BTreeSet::from(expected), "{report}");
        }
    }
}

#[test]
fn kubesec_finds_a_privileged_container() {
    let mut deployment = of_kind(&DEPLOY, "Deployment").next().expect("a Deployment").clone();
    let container = &mut deployment["spec"]["template"]["spec"]["containers"][0];
    container["securityContext"]["privileged"] = Value::from(true);
    let reports = scan(&[deployment]);
    assert!(findings(&reports[0], "critical").contains("Privileged"), "{reports:?}");
}

/// What kubesec says about Deployments. That their fields are right is for kubeconform: here every
/// schema is empty, for kubesec would fetch them.
fn scan(deployments: &[Value]) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("apps_v1_deployment.json"), "{}").expect("a file");
    let file = folder.path().join("deployments.yaml");
    fs::write(&file, yaml(deployments)).expect("a file");
    let run = Command::new(kubesec().expect("kubesec"))
        .args(["scan", "--schema-location"])
        .arg(folder.path().join(schemas::LOCATION))
        .arg(&file)
        .output()
        .expect("kubesec");
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// The rules under `list` of a report: `advise`, `critical` or `passed`.
fn findings(report: &Value, list: &str) -> BTreeSet<String> {
    let rules = report["scoring"][list].as_array().into_iter().flatten();
    rules.map(|rule| text(rule, "/id")).collect()
}
