//! The references that kustomize has to know, so that names which it changes stay what they refer to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use talknotes::api::crds;

use super::{Binaries, objects, of_kind, output, read, text};

const COMPONENT: &str = "deploy/components/name-references";

const OBJECTS: &str = "\
apiVersion: talknotes.dev/v1alpha1
kind: Summit
metadata: {name: pier-days-2031}
spec: {title: Pier Days 2031}
---
apiVersion: talknotes.dev/v1alpha1
kind: TalkNote
metadata: {name: ropes}
spec:
  title: Ropes
  summitRef: {name: pier-days-2031}
  contentFrom: {configMapKeyRef: {name: ropes-text, key: ropes.md}}
---
apiVersion: talknotes.dev/v1alpha1
kind: TalkNote
metadata: {name: elsewhere}
spec: {title: Elsewhere, markdown: x, summitRef: {name: made-by-others}}
---
apiVersion: talknotes.dev/v1alpha1
kind: NoteRepository
metadata: {name: notes}
spec:
  url: https://git.example.org/notes.git
  secretRef: {name: access}
  proxySecretRef: {name: proxy}
  verify: {mode: HEAD, secretRef: {name: keys}}
  webhook: {secretRef: {name: hook}}
  notify: [{name: board, url: 'https://events.example.org', secretRef: {name: sink}}]
";

const KUSTOMIZATION: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namePrefix: north-
nameSuffix: -b
namespace: harbor
labels: [{pairs: {team: docks}, includeSelectors: true}]
resources: [objects.yaml]
configMapGenerator: [{name: ropes-text, files: [ropes.md]}]
secretGenerator:
  - {name: access, literals: [a=b]}
  - {name: proxy, literals: [a=c]}
  - {name: keys, literals: [a=d]}
  - {name: hook, literals: [a=e]}
  - {name: sink, literals: [a=f]}
";

/// What kustomize makes of the objects above with `more` in the kustomization.
fn built(more: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("app/objects.yaml", OBJECTS);
    write("app/ropes.md", "- tie it twice\n");
    write("app/kustomization.yaml", &format!("{KUSTOMIZATION}{more}"));
    for file in ["kustomization.yaml", "name-references.yaml"] {
        write(&format!("component/{file}"), &read(&format!("{COMPONENT}/{file}")));
    }
    write("app/name-references.yaml", &read(&format!("{COMPONENT}/name-references.yaml")));
    kustomized(&folder.path().join("app"))
}

fn kustomized(folder: &Path) -> Vec<Value> {
    let kubectl = Binaries::find_or_build().expect("kubectl").kubectl;
    objects(&output(std::process::Command::new(kubectl).arg("kustomize").arg(folder)))
}

/// The names that references have, and those that objects have.
fn names(objects: &[Value]) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut referred = BTreeSet::new();
    for note in of_kind(objects, "TalkNote").filter(|note| note["spec"]["title"] == "Ropes") {
        referred.insert(text(note, "/spec/summitRef/name"));
        referred.insert(text(note, "/spec/contentFrom/configMapKeyRef/name"));
    }
    for repository in of_kind(objects, "NoteRepository") {
        for path in [
            "secretRef",
            "proxySecretRef",
            "verify/secretRef",
            "webhook/secretRef",
            "notify/0/secretRef",
        ] {
            referred.insert(text(repository, &format!("/spec/{path}/name")));
        }
    }
    let kinds = ["Summit", "ConfigMap", "Secret"].into_iter();
    let made = kinds.flat_map(|kind| of_kind(objects, kind).map(|o| text(o, "/metadata/name")));
    (referred, made.collect())
}

#[test]
fn references_follow_the_names_that_kustomize_makes() {
    let (referred, made) = names(&built(""));
    assert!(referred.is_disjoint(&made), "without the file nothing follows");
    for more in ["configurations: [name-references.yaml]\n", "components: [../component]\n"] {
        let built = built(more);
        let (referred, made) = names(&built);
        assert_eq!(referred, made, "{more}");
        assert_eq!(made.len(), 7);
        assert!(made.iter().all(|name| name.starts_with("north-")), "{made:?}");
        assert!(built.iter().all(|object| object["metadata"]["namespace"] == "harbor"));
        let elsewhere =
            of_kind(&built, "TalkNote").find(|note| note["spec"]["title"] == "Elsewhere");
        let summit = &elsewhere.expect("the note")["spec"]["summitRef"]["name"];
        assert_eq!(summit, "made-by-others", "what is not in the kustomization stays");
    }
}

/// A reference that the kinds get later is not forgotten.
#[test]
fn every_reference_of_the_kinds_is_known() {
    let mut expected = BTreeSet::new();
    for definition in crds::all().expect("definitions") {
        let crd: Value = serde_saphyr::from_str(&definition.yaml().expect("YAML")).expect("YAML");
        let kind = text(&crd, "/spec/names/kind");
        let spec = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
        references(crd.pointer(spec).expect("a schema"), &format!("{kind} spec"), &mut expected);
    }
    let file: Value =
        serde_saphyr::from_str(&read(&format!("{COMPONENT}/name-references.yaml"))).expect("YAML");
    let targets = file["nameReference"].as_array().expect("references").iter();
    let specs = targets.flat_map(|target| target["fieldSpecs"].as_array().expect("fields"));
    let known: BTreeSet<String> =
        specs.map(|spec| format!("{} {}", text(spec, "/kind"), text(spec, "/path"))).collect();
    assert_eq!(known, expected);
    assert!(known.len() >= 6);
}

fn references(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    // A path leads through lists.
    if schema["items"].is_object() {
        references(&schema["items"], path, found);
    }
    for (field, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}/{field}");
        if field.to_lowercase().ends_with("ref") && below["properties"].get("name").is_some() {
            let is_git = field == "ref";
            found.extend((!is_git).then(|| format!("{path}/name")));
        }
        references(below, &path, found);
    }
}
