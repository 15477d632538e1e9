//! What people install: `deploy/`, the Helm chart and the example manifests.
//!
//! `kubectl` renders `deploy/`, and `helm` (built once by `make tools`) renders the chart. Only the
//! judges need an API server: it knows the schemas of all kinds.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, Viewer, crds};

#[path = "../support/mod.rs"]
mod support;

mod archives;
mod compilers;
mod image;
mod judges;
mod references;
mod schemas;

use support::binaries::Binaries;
use support::tools::helm;

/// What the chart is rendered for, because a helm that `go install` built knows no version.
const KUBERNETES: &str = "1.36";

static DEPLOY: LazyLock<Vec<Value>> = LazyLock::new(|| kustomize("deploy"));
static CHART: LazyLock<Vec<Value>> = LazyLock::new(|| helm_template(&[]));
/// With the viewer as a plain Deployment.
static PLAIN: LazyLock<Vec<Value>> = LazyLock::new(|| helm_template(PLAIN_VALUES));
const PLAIN_VALUES: &[&str] = &["--set", "viewer.deployment=true"];

#[test]
fn chart_and_kustomize_hold_the_same_objects() {
    let chart = comparable(&CHART);
    agree(&chart, &comparable(&DEPLOY));
}

#[test]
fn chart_and_kustomize_agree_on_one_namespace() {
    let chart =
        helm_template(&["--set", "namespaces={talknotes-system}", "--set", "crds.install=false"]);
    let overlay = kustomize("deploy/overlays/single-namespace");
    agree(&comparable(&chart), &comparable(&overlay));
}

#[test]
fn chart_and_kustomize_agree_on_a_plain_deployment_of_the_viewer() {
    agree(&comparable(&PLAIN), &comparable(&kustomize("deploy/overlays/viewer-deployment")));
}

/// The Viewer that the controller makes.
fn default_viewer(objects: &[Value]) -> Value {
    let map = of_kind(objects, "ConfigMap").find(|map| map["data"]["viewer.yaml"].is_string());
    serde_saphyr::from_str(&text(map.expect("a ConfigMap"), "/data/viewer.yaml")).expect("YAML")
}

#[test]
fn the_default_viewer_holds_what_the_kind_has() {
    for objects in [&*DEPLOY, &*CHART, &kustomize("deploy/overlays/single-namespace")] {
        let viewer = default_viewer(objects);
        keeps_every_field::<Viewer>(&viewer);
        // The account that it names is there, and may read what it shows.
        let account = text(&viewer, "/spec/serviceAccountName");
        let mut accounts = of_kind(objects, "ServiceAccount");
        assert!(accounts.any(|found| text(found, "/metadata/name") == account), "{account}");
        let controller = of_kind(objects, "Deployment").next().expect("a Deployment");
        let flag = "--default-viewer=talknotes-default-viewer".to_owned();
        assert!(arguments(controller).contains(&flag));
    }
}

#[test]
fn values_reach_the_default_viewer() {
    let values = "viewer.replicas=3,viewer.spec.title=Harbour,viewer.spec.baseURL=https://n.example.org,\
                  imagePullSecrets[0].name=key,viewer.networkPolicy.ingressFrom[0].podSelector.matchLabels.a=b,\
                  namespaces={north,talknotes-system},commonLabels.team=notes,fullnameOverride=quay";
    let viewer = default_viewer(&helm_template(&["--set", values]));
    keeps_every_field::<Viewer>(&viewer);
    assert_eq!(viewer["metadata"], json!({ "name": "quay", "labels": { "team": "notes" } }));
    let spec = &viewer["spec"];
    assert_eq!((&spec["replicas"], &spec["title"]), (&json!(3), &json!("Harbour")));
    assert_eq!(spec["namespaces"], json!(["north", "talknotes-system"]));
    assert_eq!(spec["access"]["from"][0]["podSelector"]["matchLabels"], json!({ "a": "b" }));
    assert_eq!(spec["imagePullSecrets"], json!([{ "name": "key" }]));
    assert_eq!(spec["serviceAccountName"], "quay-viewer");
    let scaled =
        default_viewer(&helm_template(&["--set", "viewer.spec.autoscaling.maxReplicas=5"]));
    keeps_every_field::<Viewer>(&scaled);
    assert_eq!(scaled["spec"].get("replicas"), None);
}

/// Nothing that people have set is lost without a word.
#[test]
fn values_that_a_viewer_has_no_place_for_are_refused_or_keep_the_deployment() {
    for value in [
        "viewer.extraArgs={--title=a}",
        "viewer.extraEnv[0].name=RUST_LOG",
        "viewer.podAnnotations.a=b",
        "viewer.nodeSelector.a=b",
        "viewer.tolerations[0].key=a",
        "viewer.service.type=NodePort",
        "viewer.service.port=8080",
        "viewer.networkPolicy.egress[0].ports[0].port=53",
        "viewer.preStopSeconds=7",
        "viewer.podDisruptionBudget.enabled=false",
        "networkPolicy.enabled=false",
    ] {
        let refused = helm_command(&["--set", value]).output().expect("helm");
        let error = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success(), "{value}");
        assert!(error.contains("viewer.deployment=true"), "{value}: {error}");
        let named =
            error.split([' ', ',', ':']).any(|word| word.contains('.') && value.starts_with(word));
        assert!(named, "{value}: {error}");
        let kept = helm_template(&[&["--set", value], PLAIN_VALUES].concat());
        assert_eq!(of_kind(&kept, "Deployment").count(), 2, "{value}");
    }
    // The controller has no rights where it runs, and so could not make a Viewer there.
    let elsewhere = helm_template(&["--set", "namespaces={north}"]);
    assert_eq!(of_kind(&elsewhere, "Deployment").count(), 2);
    let controller = of_kind(&elsewhere, "Deployment").next().expect("a Deployment");
    assert!(arguments(controller).iter().all(|argument| !argument.contains("default-viewer")));
}

type Comparable = BTreeMap<(String, String), Value>;

/// Fails where the chart does not hold what a kustomization holds.
fn agree(chart: &Comparable, kustomization: &Comparable) {
    let mut kustomization = kustomization.clone();
    // Helm makes the namespace by --create-namespace.
    kustomization.retain(|(kind, _), _| kind != "Namespace");
    assert_eq!(chart.keys().collect::<Vec<_>>(), kustomization.keys().collect::<Vec<_>>());
    for (name, object) in chart {
        let other = &kustomization[name];
        assert_eq!(pretty(object), pretty(other), "{name:?}: chart left, kustomization right");
    }
}

#[test]
fn chart_has_no_faults() {
    output(Command::new(helm().expect("helm")).args([
        "lint",
        "--strict",
        "--kube-version",
        KUBERNETES,
        "charts/talknotes",
    ]));
}

#[test]
fn chart_with_namespaces_asks_for_nothing_outside_them() {
    let objects = helm_template(&["--set", "namespaces={north,south}"]);
    let names = |kind| -> BTreeSet<String> {
        of_kind(&objects, kind).map(|role| text(role, "/metadata/namespace")).collect()
    };
    let both = BTreeSet::from(["north".to_owned(), "south".to_owned()]);
    // Besides, replicas choose one of them where they run.
    let expected = both.iter().cloned().chain(["talknotes-system".to_owned()]).collect();
    assert_eq!(names("Role"), expected);
    assert_eq!(names("RoleBinding"), expected);
    let own = of_kind(&objects, "Role")
        .filter(|role| !both.contains(&text(role, "/metadata/namespace")))
        .flat_map(|role| role["rules"].as_array().expect("rules").clone())
        .flat_map(|rule| strings(&rule["resources"]));
    assert_eq!(own.collect::<BTreeSet<_>>(), BTreeSet::from(["leases".to_owned()]));
    assert_eq!(of_kind(&objects, "ClusterRole").count(), 0);
    assert_eq!(of_kind(&objects, "ClusterRoleBinding").count(), 0);
    for deployment in of_kind(&objects, "Deployment") {
        let arguments = arguments(deployment);
        assert!(arguments.contains(&"--namespace=north".to_owned()), "{arguments:?}");
        assert!(arguments.contains(&"--namespace=south".to_owned()), "{arguments:?}");
    }
}

#[test]
fn definitions_are_those_of_the_code() {
    let expected: BTreeSet<String> =
        crds::all().expect("definitions").into_iter().map(|crd| crd.file_name).collect();
    let kustomization = read("deploy/base/crds/kustomization.yaml");
    let listed: Value = serde_saphyr::from_str(&kustomization).expect("YAML");
    assert_eq!(strings(&listed["resources"]).into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(file_names("charts/talknotes/files/crds"), expected);
    for definition in crds::all().expect("definitions") {
        let fresh = definition.yaml().expect("YAML");
        for folder in ["crds", "deploy/base/crds", "charts/talknotes/files/crds"] {
            let path = format!("{folder}/{}", definition.file_name);
            assert!(read(&path) == fresh, "{path} is out of date: run `make generate`");
        }
    }
}

#[test]
fn chart_keeps_the_kinds_unless_told_otherwise() {
    let kinds = |arguments: &[&str]| -> Vec<Value> {
        of_kind(&helm_template(arguments), "CustomResourceDefinition").cloned().collect()
    };
    let policy = "/metadata/annotations/helm.sh~1resource-policy";
    let count = crds::all().expect("definitions").len();
    assert_eq!(kinds(&[]).len(), count);
    assert!(kinds(&[]).iter().all(|kind| text(kind, policy) == "keep"));
    let given_up = kinds(&["--set", "crds.keep=false"]);
    assert_eq!(given_up.len(), count);
    assert!(given_up.iter().all(|kind| kind.pointer(policy).is_none()));
    assert!(kinds(&["--set", "crds.install=false"]).is_empty());
}

#[test]
fn components_of_the_chart_are_switched_off_one_by_one() {
    for (off, left) in [("controller", "viewer"), ("viewer", "controller")] {
        let objects = helm_template(&["--set", &format!("{off}.enabled=false,crds.install=false")]);
        assert!(!objects.is_empty());
        for object in &objects {
            let name = text(object, "/metadata/name");
            assert!(name.starts_with(&format!("talknotes-{left}")), "{off} is off: {name}");
        }
    }
}

#[test]
fn rights_are_the_least_that_will_do() {
    for role in of_kind(&DEPLOY, "ClusterRole") {
        let name = text(role, "/metadata/name");
        for rule in role["rules"].as_array().expect("rules") {
            let (resources, verbs) = (strings(&rule["resources"]), strings(&rule["verbs"]));
            for field in [&strings(&rule["apiGroups"]), &resources, &verbs] {
                assert!(!field.iter().any(|value| value.contains('*')), "{name}: {rule}");
            }
            if resources.iter().any(|resource| resource == "secrets") {
                assert_eq!((resources.len(), verbs), (1, vec!["get".to_owned()]), "{name}");
            } else if name == "talknotes-viewer" {
                assert_eq!(
                    (resources, verbs.as_slice()),
                    (
                        vec!["configmaps".to_owned()],
                        ["list", "watch"].map(str::to_owned).as_slice()
                    )
                );
            }
        }
    }
}

#[test]
fn pods_are_restricted_and_bounded() {
    let namespace = of_kind(&DEPLOY, "Namespace").next().expect("a namespace");
    assert_eq!(
        text(namespace, "/metadata/labels/pod-security.kubernetes.io~1enforce"),
        "restricted"
    );
    for deployment in of_kind(&DEPLOY, "Deployment").chain(of_kind(&PLAIN, "Deployment")) {
        let pod = &deployment["spec"]["template"]["spec"];
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(text(pod, "/securityContext/seccompProfile/type"), "RuntimeDefault");
        for container in pod["containers"].as_array().expect("containers") {
            let security = &container["securityContext"];
            assert_eq!(security["allowPrivilegeEscalation"], false);
            assert_eq!(security["readOnlyRootFilesystem"], true);
            assert_eq!(strings(&security["capabilities"]["drop"]), ["ALL"]);
            for pointer in ["requests/cpu", "requests/memory", "limits/cpu", "limits/memory"] {
                text(container, &format!("/resources/{pointer}"));
            }
            assert_eq!(text(container, "/livenessProbe/httpGet/path"), "/healthz");
            assert_eq!(text(container, "/readinessProbe/httpGet/path"), "/readyz");
        }
    }
}

#[test]
fn containers_are_given_arguments_that_the_program_knows() {
    for deployment in of_kind(&DEPLOY, "Deployment").chain(of_kind(&PLAIN, "Deployment")) {
        let help = output(
            Command::new(env!("CARGO_BIN_EXE_talknotes")).args(arguments(deployment)).arg("--help"),
        );
        assert!(help.contains("Usage:"), "{help}");
    }
}

#[test]
fn versions_agree() {
    let version = env!("CARGO_PKG_VERSION");
    let chart: Value = serde_saphyr::from_str(&read("charts/talknotes/Chart.yaml")).expect("YAML");
    assert_eq!(text(&chart, "/version"), version);
    assert_eq!(text(&chart, "/appVersion"), version);
    for deployment in of_kind(&DEPLOY, "Deployment") {
        let image = text(deployment, "/spec/template/spec/containers/0/image");
        assert_eq!(image, format!("ghcr.io/talknotes/talknotes:{version}"));
    }
}

#[test]
fn example_manifests_hold_what_the_kinds_have() {
    let mut seen = BTreeSet::new();
    let manifests = file_names("examples/manifests").into_iter();
    let paths = manifests.map(|name| format!("examples/manifests/{name}"));
    let others = ["examples/noterepository.yaml", "examples/viewer.yaml"].map(str::to_owned);
    for path in paths.chain(others) {
        for object in objects(&read(&path)) {
            let kind = text(&object, "/kind");
            match kind.as_str() {
                "NoteRepository" => keeps_every_field::<NoteRepository>(&object),
                "Summit" => keeps_every_field::<Summit>(&object),
                "TalkNote" => keeps_every_field::<TalkNote>(&object),
                "Viewer" => keeps_every_field::<Viewer>(&object),
                other => panic!("{path}: unknown kind {other}"),
            }
            seen.insert(kind);
        }
    }
    for kind in ["NoteRepository", "Summit", "TalkNote", "Viewer"] {
        assert!(seen.contains(kind), "no example of {kind}");
    }
}

/// A field that the type does not have is lost on the way through it.
fn keeps_every_field<K: Serialize + DeserializeOwned>(object: &Value) {
    let typed: K = serde_json::from_value(object.clone()).expect("an object of the kind");
    assert_eq!(pretty(&serde_json::to_value(typed).expect("JSON")), pretty(object));
}

/// The objects by kind and name, without what Helm and kustomize each add: labels on objects, the
/// label that tells one release from another, Helm's annotation on kinds, and tests.
fn comparable(objects: &[Value]) -> Comparable {
    let mut found = BTreeMap::new();
    for object in objects.iter().filter(|object| object["kind"] != "Pod") {
        let mut object = object.clone();
        remove_key(&mut object, "helm.sh/resource-policy");
        object["metadata"].as_object_mut().expect("metadata").remove("labels");
        if let Some(viewer) = object.pointer_mut("/data/viewer.yaml") {
            *viewer = serde_saphyr::from_str(viewer.as_str().expect("text")).expect("YAML");
        }
        remove_key(&mut object, "app.kubernetes.io/instance");
        let name = (text(&object, "/kind"), text(&object, "/metadata/name"));
        assert!(found.insert(name.clone(), object).is_none(), "{name:?} twice");
    }
    found
}

fn remove_key(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(key);
            fields.values_mut().for_each(|field| remove_key(field, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove_key(item, key)),
        _ => {}
    }
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |object| object["kind"] == kind)
}

fn arguments(deployment: &Value) -> Vec<String> {
    strings(&deployment["spec"]["template"]["spec"]["containers"][0]["args"])
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().unwrap_or_else(|| panic!("not a list: {value}"));
    items.iter().map(|item| item.as_str().expect("a string").to_owned()).collect()
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no string at {pointer} of {}", pretty(value))).to_owned()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

/// The documents of a YAML stream.
fn objects(yaml: &str) -> Vec<Value> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(yaml).expect("YAML");
    documents.into_iter().filter(|document| !document.is_null()).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn file_names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect()
}

/// Runs a command in the root of the repository; what it prints on standard output.
fn output(command: &mut Command) -> String {
    let result = command.current_dir(root()).output();
    let result = result.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&result.stderr);
    let text = String::from_utf8(result.stdout).expect("UTF-8");
    assert!(result.status.success(), "{command:?} failed:\n{text}{error}");
    text
}

/// What kustomize makes of a folder.
fn kustomize(folder: &str) -> Vec<Value> {
    let kubectl = Binaries::find_or_build().expect("kubectl").kubectl;
    objects(&output(Command::new(kubectl).args(["kustomize", folder])))
}

fn helm_template(arguments: &[&str]) -> Vec<Value> {
    objects(&output(&mut helm_command(arguments)))
}

fn helm_command(arguments: &[&str]) -> Command {
    let mut command = Command::new(helm().expect("helm"));
    command.args(["template", "talknotes", "charts/talknotes"]).current_dir(root());
    command.args(["--namespace", "talknotes-system", "--kube-version", KUBERNETES]);
    command.args(arguments);
    command
}
