//! `talknotes export`, from manifests.

use serde_json::{Value, json};

use crate::workspace::{Run, Workspace};

fn manifest(kind: &str, name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "talknotes.dev/v1alpha1", "kind": kind,
        "metadata": {
            "name": name, "namespace": "summits", "uid": "secret-uid",
            "managedFields": [{ "manager": "x" }], "labels": { "talknotes.dev/repository": "r" },
        },
        "spec": spec, "status": { "observedGeneration": 3 },
    })
}

fn list() -> Value {
    let talk = json!({
        "title": "Tides: of \"Traffic\" #1", "summitRef": { "name": "moon" },
        "markdown": "Water finds a way.\n",
    });
    json!({ "apiVersion": "v1", "kind": "List", "items": [
        manifest("Summit", "moon", &json!({ "title": "Moon Summit", "overview": "All of it." })),
        manifest("TalkNote", "tides", &talk),
        manifest("TalkNote", "alone", &json!({ "title": "Alone", "markdown": "---\nx" })),
        { "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "s" }, "data": { "p": "aHVudGVyMg==" } },
    ] })
}

fn exported(arguments: &[&str]) -> (Workspace, Run) {
    let folder = Workspace::with(&[("all.json", &list().to_string())]);
    let run = folder.run(&[&["export", "-f", "all.json"], arguments].concat());
    (folder, run)
}

fn specs(run: &Run) -> Vec<(Value, Value)> {
    let mut all: Vec<(Value, Value)> = run
        .json()
        .into_iter()
        .map(|object| (object["metadata"]["name"].clone(), object["spec"].clone()))
        .collect();
    all.sort_by_key(|(name, _)| name.to_string());
    all
}

#[test]
fn import_after_export_gives_the_same_objects() {
    for form in ["markdown", "yaml"] {
        let (folder, run) = exported(&["--output-dir", "out", "--format", form]);
        let run = run.exits(0).says(&["3 files written to out"]);
        assert_eq!(run.stdout().lines().count(), 3);
        let import = folder.run(&["import", "out", "-o", "json"]).exits(0);
        let mut wanted: Vec<(Value, Value)> = list()["items"].as_array().unwrap()[..3]
            .iter()
            .map(|object| (object["metadata"]["name"].clone(), object["spec"].clone()))
            .collect();
        wanted.sort_by_key(|(name, _)| name.to_string());
        assert_eq!(specs(&import), wanted, "{form}");
        for path in run.stdout().lines() {
            let text = std::fs::read_to_string(folder.path().join(path)).unwrap();
            for word in ["uid", "managedFields", "status", "aHVudGVyMg", "talknotes.dev/repository"]
            {
                assert!(!text.contains(word), "{path} has {word}:\n{text}");
            }
        }
    }
}

#[test]
fn the_layout_is_that_of_a_repository() {
    let (folder, run) = exported(&["--output-dir", "out"]);
    assert_eq!(run.exits(0).stdout(), "out/moon/index.md\nout/alone.md\nout/moon/tides.md\n");
    let text = std::fs::read_to_string(folder.path().join("out/moon/tides.md")).unwrap();
    let (front, body) = text.rsplit_once("---\n").unwrap();
    assert!(front.starts_with("---\ntalknotes: talk\nname: tides\n"), "{front}");
    assert_eq!(body, "\nWater finds a way.\n\n");
}

#[test]
fn a_second_export_changes_nothing_and_other_files_stay() {
    let (folder, run) = exported(&["--output-dir", "out"]);
    run.exits(0);
    folder.write("out/moon/gone.md", "---\ntalknotes: talk\nname: gone\ntitle: Gone\n---\n\nx\n");
    folder.write("out/moon/own.md", "# My own file\n");
    let again = ["export", "-f", "all.json", "--output-dir", "out"];
    let run = folder.run(&again).exits(0).prints_nothing();
    let run = run.says(&["0 files written", "3 unchanged", "out/moon/gone.md: left as it is"]);
    assert!(!run.stderr().contains("own.md"), "{}", run.stderr());

    folder.write("out/moon/tides.md", "# Somebody else's\n");
    let run = folder.run(&again).exits(1).says(&["out/moon/tides.md: left as it is"]);
    run.prints_nothing();
    let text = std::fs::read_to_string(folder.path().join("out/moon/tides.md")).unwrap();
    assert_eq!(text, "# Somebody else's\n");
}

#[test]
fn one_summit_can_be_chosen_and_nothing_is_an_error() {
    let (_folder, run) = exported(&["--output-dir", "out", "--summit", "moon"]);
    assert_eq!(run.exits(0).stdout(), "out/moon/index.md\nout/moon/tides.md\n");
    let (_folder, run) = exported(&["--output-dir", "out", "--summit", "mars"]);
    run.exits(1).says(&["error: there is no Summit and no TalkNote to export"]);
}

#[test]
fn what_is_no_manifest_is_said() {
    let folder = Workspace::with(&[
        ("broken.yaml", "a: [\n"),
        (
            "wrong.yaml",
            "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {name: x}\nspec: {}\n",
        ),
    ]);
    folder.run(&["export", "-f", "broken.yaml"]).exits(1).says(&["broken.yaml is no YAML"]);
    folder.run(&["export", "-f", "wrong.yaml"]).exits(1).says(&["manifest x", "title"]);
    folder.run(&["export", "-f", "missing.yaml"]).exits(1).says(&["cannot read missing.yaml"]);
}

#[test]
fn labels_and_annotations_come_along_but_those_that_say_whose_an_object_is() {
    let mut all = list();
    for item in all["items"].as_array_mut().unwrap() {
        item["metadata"]["labels"] = json!({
            "crew": "north", "talknotes.dev/repository": "r", "app.kubernetes.io/instance": "app",
        });
        item["metadata"]["annotations"] = json!({
            "argocd.argoproj.io/sync-options": "Prune=false",
            "argocd.argoproj.io/tracking-id": "app:x",
            "talknotes.dev/source-path": "elsewhere.md",
        });
    }
    for form in ["markdown", "yaml"] {
        let folder = Workspace::with(&[("all.json", &all.to_string())]);
        folder.run(&["export", "-f", "all.json", "--output-dir", "out", "--format", form]).exits(0);
        let import = folder.run(&["import", "out", "-o", "json"]).exits(0).says_nothing();
        for object in import.json() {
            let labels = json!({ "app.kubernetes.io/part-of": "talknotes", "crew": "north" });
            assert_eq!(object["metadata"]["labels"], labels, "{form}");
            let annotations = object["metadata"]["annotations"].as_object().unwrap();
            assert_eq!(annotations["argocd.argoproj.io/sync-options"], "Prune=false", "{form}");
            assert!(!annotations.contains_key("argocd.argoproj.io/tracking-id"), "{form}");
            assert_ne!(annotations["talknotes.dev/source-path"], "elsewhere.md", "{form}");
        }
        let again =
            folder.run(&["export", "-f", "all.json", "--output-dir", "out", "--format", form]);
        assert_eq!(again.exits(0).stdout(), "", "{form}: as it is");
    }
}
