//! `talknotes import`: manifests on standard output and nothing else.

use serde_json::json;

use crate::workspace::{Run, TALK, Workspace, of_kind, texts};

/// What shells, templates, YAML and editors like to change.
const NASTY: &str = "### Personal

trailing  \n\ttab at both ends\t
${VAR} $(command) $$ {{ template }} \\n \\\\ %s
'single' \"double\" & *alias !tag @at `tick` | > ? : - , [x] {y}

```sh
# a comment
## another
---
key: value
```

---

#hashtag 講者說：「潮汐」 🎉👩‍💻 e\u{301} \u{200b}\u{2028}\u{feff}x
null
~
2031-05-14
    four spaces
end";

fn both(workspace: &Workspace, path: &str) -> (Run, Run) {
    (
        workspace.run(&["import", path, "-o", "json"]).exits(0),
        workspace.run(&["import", path]).exits(0),
    )
}

#[test]
fn a_folder_becomes_manifests_in_yaml_and_json() {
    let other = TALK.replace("Tides of Traffic", "Rust at Sea");
    let notes = Workspace::with(&[("notes/harbor.md", TALK), ("notes/2032/reef.md", &other)]);
    let (json, yaml) = both(&notes, "notes");
    let manifests = json.json();
    assert_eq!(yaml.yaml(), manifests, "the same objects");
    let talks = of_kind(&manifests, "TalkNote");
    assert_eq!(of_kind(&manifests, "Summit").len(), 2);
    assert_eq!(texts(&talks, "/spec/title"), ["Rust at Sea", "Tides of Traffic"]);
    assert_eq!(texts(&talks, "/spec/speakers/0/name"), ["Mira Quell"; 2]);
    assert_eq!(texts(&talks, "/spec/day"), ["2031-05-14"; 2]);
    let source = "/metadata/annotations/talknotes.dev~1source-path";
    assert_eq!(texts(&talks, source), ["2032/reef.md", "harbor.md"]);
    for manifest in &manifests {
        assert_eq!(manifest["apiVersion"], "talknotes.dev/v1alpha1");
        assert_eq!(manifest.get("status"), None);
        assert_eq!(manifest["metadata"].get("namespace"), None);
        // Flux would otherwise replace what looks like a variable.
        let annotation = "/metadata/annotations/kustomize.toolkit.fluxcd.io~1substitute";
        assert_eq!(manifest.pointer(annotation), Some(&json!("disabled")));
    }
}

#[test]
fn a_file_alone_gives_what_it_gives_in_its_folder() {
    let notes = Workspace::with(&[("notes/harbor.md", TALK)]);
    let folder = notes.run(&["import", "notes"]).exits(0).says_nothing();
    let file = notes.run(&["import", "notes/harbor.md"]).exits(0).says_nothing();
    assert_eq!(folder.stdout(), file.stdout());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let notes = Workspace::with(&[("a.md", TALK), ("b.md", &TALK.replace("Tides", "Waves"))]);
    assert_eq!(notes.run(&["import", "."]).stdout(), notes.run(&["import", "."]).stdout());
}

#[test]
fn markdown_survives_byte_for_byte() {
    let document = format!("# 2031-05-14\n\n## Knots - Mira Quell\n\n{NASTY}\n");
    let notes = Workspace::with(&[("knots.md", &document)]);
    let (json, yaml) = both(&notes, "knots.md");
    for manifests in [json.json(), yaml.yaml()] {
        assert_eq!(texts(&of_kind(&manifests, "TalkNote"), "/spec/markdown"), [NASTY]);
    }
}

#[test]
fn manifests_survive_byte_for_byte() {
    let markdown =
        format!("\n \u{feff}{NASTY}\r\nWindows\r\nlone\rreturn \u{7f}\u{85}\u{9b}\n\n\n");
    let manifest = json!({
        "apiVersion": "talknotes.dev/v1alpha1",
        "kind": "TalkNote",
        "metadata": { "name": "knots" },
        "spec": { "title": "Knots: a #tag, \"quoted\"", "markdown": markdown, "tags": ["no", "1.0"] },
    });
    let text = serde_saphyr::to_string(&manifest).unwrap();
    let notes = Workspace::with(&[("knots.yaml", &text)]);
    let (json, yaml) = both(&notes, "knots.yaml");
    for (run, manifests) in [(&json, json.json()), (&yaml, yaml.yaml())] {
        assert_eq!(manifests.len(), 1);
        if manifests[0]["spec"] != manifest["spec"] {
            run.fail(&format!("expected the spec {:#}", manifest["spec"]));
        }
    }
}

const LABELLED: &str = "apiVersion: talknotes.dev/v1alpha1\nkind: Summit\nmetadata:\n  name: pier-days\n  namespace: archive\n  labels: {crew: north}\n  annotations:\n    argocd.argoproj.io/sync-wave: \"-2\"\n    argocd.argoproj.io/tracking-id: x\n    talknotes.dev/viewer-url: https://pier.example\nspec: {title: Pier Days}\n---\napiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: ropes\n  annotations: {argocd.argoproj.io/sync-options: Prune=false}\nspec: {title: Ropes, markdown: tie, summitRef: {name: pier-days}}\n";

#[test]
fn labels_and_annotations_of_manifests_come_along() {
    let notes = Workspace::with(&[("all.yaml", LABELLED)]);
    let run = notes.run(&["import", "all.yaml", "-n", "pier"]).exits(0);
    let run = run.says(&["info[TN1702]", "archive", "all.yaml:1:"]);
    for manifests in [run.yaml(), notes.run(&["import", ".", "-o", "json", "-n", "pier"]).json()] {
        let metadata: Vec<_> = manifests.iter().map(|m| m["metadata"].clone()).collect();
        let of_kind = "app.kubernetes.io/part-of";
        assert_eq!(metadata[0]["labels"], json!({ of_kind: "talknotes", "crew": "north" }));
        assert_eq!(metadata[0]["namespace"], "pier");
        assert_eq!(
            metadata[0]["annotations"],
            json!({
                "argocd.argoproj.io/sync-wave": "-2",
                "kustomize.toolkit.fluxcd.io/substitute": "disabled",
                "talknotes.dev/source-path": "all.yaml",
                "talknotes.dev/viewer-url": "https://pier.example",
            })
        );
        let pointer = "/annotations/argocd.argoproj.io~1sync-options";
        assert_eq!(metadata[1].pointer(pointer), Some(&json!("Prune=false")));
        assert_eq!(metadata[1]["labels"], json!({ of_kind: "talknotes" }));
    }
    notes.run(&["import", ".", "-n", "archive"]).exits(0).says_nothing();
    notes.run(&["lint", "."]).exits(0);
    assert!(notes.run(&["lint", "."]).stderr().contains("TN1702"));
}

#[test]
fn what_kubectl_prints_is_read() {
    let notes = Workspace::with(&[("all.yaml", LABELLED)]);
    let plain = notes.run(&["import", "all.yaml", "-n", "archive"]).exits(0).yaml();
    let mut items = plain.clone();
    for item in &mut items {
        item["metadata"]["uid"] = json!("5");
        item["metadata"]["managedFields"] = json!([{ "fieldsV1": { "f:spec": {} } }]);
        item["metadata"]["ownerReferences"] = json!([{ "name": "x", "uid": "y" }]);
        item["status"] = json!({ "conditions": [{ "type": "Ready" }] });
    }
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": items, "metadata": {} });
    let specs = |manifests: &[serde_json::Value]| -> Vec<serde_json::Value> {
        manifests.iter().map(|m| json!([m["kind"], m["spec"], m["metadata"]["labels"]])).collect()
    };
    for (path, text) in [
        ("json/backup.json", serde_json::to_string_pretty(&list).unwrap()),
        ("yaml/backup.yaml", format!("\u{feff}{}", serde_saphyr::to_string(&list).unwrap())),
        ("yml/backup.yml", serde_saphyr::to_string(&list).unwrap().replace('\n', "\r\n")),
    ] {
        notes.write(path, text);
        let folder = path.split('/').next().unwrap();
        let read = notes.run(&["import", folder, "-n", "archive"]).exits(0).says_nothing().yaml();
        assert_eq!(specs(&read), specs(&plain), "{path}");
    }
    // JSON of others is nobody's business here.
    notes.write("others/package.json", "{\"name\": \"talknotes.dev\", \"version\": [}");
    notes.run(&["import", "others"]).exits(1).says(&["no notes in others"]);
    notes.write("json/broken.json", "{\"apiVersion\": \"talknotes.dev/v1alpha1\",\n \"kind\": [}");
    notes.run(&["import", "json"]).exits(1).says(&["error[TN1701]", "json/broken.json:2:"]);
}

#[test]
fn objects_that_plain_apply_refuses_are_named() {
    let image = |bytes: usize| [b"GIF89a".as_slice(), &vec![7; bytes]].concat();
    let talk = TALK.replace("\n\n", "\n\n![tides](a.gif)\n\n");
    let notes = Workspace::with(&[("notes/harbor.md", &talk)]);
    for (bytes, large) in [(190_000, false), (200_000, true)] {
        notes.write("notes/a.gif", image(bytes));
        for output in ["yaml", "json"] {
            let run = notes.run(&["import", "notes", "-o", output]).exits(0);
            assert_eq!(run.stderr().contains("--server-side"), large, "{bytes}: {}", run.stderr());
            assert_eq!(run.stderr().contains("ConfigMap image-"), large);
            assert!(!run.stdout().contains("warning"));
        }
    }
}

#[test]
fn what_import_prints_it_also_reads() {
    let document = format!("# 2031-05-14\n\n## Knots - Mira Quell\n\n{NASTY}\n");
    let notes = Workspace::with(&[("notes/knots.md", &document)]);
    let first = notes.run(&["import", "notes"]).exits(0);
    notes.write("manifests/all.yaml", first.stdout());
    let second = notes.run(&["import", "manifests"]).exits(0);
    let specs = |run: &Run| run.yaml().iter().map(|m| m["spec"].clone()).collect::<Vec<_>>();
    assert_eq!(specs(&second), specs(&first));
}

#[test]
fn windows_line_ends_are_read_as_line_ends() {
    let notes =
        Workspace::with(&[("a.md", &TALK.replace("way.", "way.\nAlways.").replace('\n', "\r\n"))]);
    let manifests = notes.run(&["import", ".", "-o", "json"]).exits(0).json();
    let bodies = texts(&of_kind(&manifests, "TalkNote"), "/spec/markdown");
    assert_eq!(bodies, ["Water finds a way.\nAlways."]);
}

#[test]
fn diagnostics_name_path_line_and_column_and_keep_out_of_the_output() {
    let trap =
        TALK.replace("a way.", "a way.\n\n[slides](https://files.example/a?X-Amz-Signature=0)");
    let notes = Workspace::with(&[("notes/trap.md", &trap)]);
    let run = notes.run(&["import", "notes", "-o", "json"]).exits(0);
    assert_eq!(of_kind(&run.json(), "TalkNote").len(), 1);
    let lint = notes.run(&["lint", "notes"]).exits(0);
    assert!(lint.stderr().starts_with(run.stderr()), "as lint tells it: {}", run.stderr());
    run.says(&["warning[TN1401]: ", "--> notes/trap.md:7:10"]);
}

#[test]
fn a_broken_document_fails_the_run_and_not_the_others() {
    let notes = Workspace::with(&[("bad.md", "---\ntitle: [\n---\n"), ("good.md", TALK)]);
    let run =
        notes.run(&["import", ".", "-o", "json"]).exits(1).says(&["error[TN1003]", "bad.md:"]);
    assert_eq!(of_kind(&run.json(), "TalkNote").len(), 1);
    let run = notes.run(&["import", ".", "-o", "json", "--keep-going"]).exits(0);
    assert_eq!(of_kind(&run.json(), "TalkNote").len(), 1);
    assert!(run.stderr().contains("TN1003"), "keep going is not keep quiet");
}

#[test]
fn a_namespace_is_written_into_every_manifest() {
    let notes = Workspace::with(&[("a.md", TALK)]);
    for option in ["--namespace=harbor", "-nharbor"] {
        let manifests = notes.run(&["import", ".", option]).exits(0).yaml();
        assert_eq!(manifests.len(), 2);
        assert!(manifests.iter().all(|manifest| manifest["metadata"]["namespace"] == "harbor"));
    }
}

#[test]
fn drafts_are_hidden_unless_they_are_to_be_published() {
    let notes = Workspace::with(&[("a.md", &format!("---\ndraft: true\n---\n{TALK}"))]);
    let publication = |option: &str| {
        let manifests = notes.run(&["import", ".", option]).exits(0).yaml();
        texts(&of_kind(&manifests, "TalkNote"), "/spec/publication")
    };
    assert_eq!(publication("--output=yaml"), ["Draft"]);
    assert_eq!(publication("--drafts=hide"), ["Draft"]);
    assert_eq!(publication("--drafts=publish"), ["Published"]);
}

#[test]
fn globs_choose_what_is_read() {
    let notes = Workspace::with(&[("2031/a.md", TALK), ("2032/b.md", TALK), ("2032/c.md", TALK)]);
    let read = |options: &[&str]| {
        let arguments = [&["import", "."], options].concat();
        let manifests = notes.run(&arguments).exits(0).yaml();
        texts(&of_kind(&manifests, "Summit"), "/metadata/annotations/talknotes.dev~1source-path")
    };
    assert_eq!(read(&["--include", "2031/**"]), ["2031/a.md"]);
    assert_eq!(read(&["--include", "2031/**", "--include", "**/c.md"]), ["2031/a.md", "2032/c.md"]);
    assert_eq!(read(&["--exclude", "2031/**", "--exclude", "**/c.md"]), ["2032/b.md"]);
    notes.run(&["import", ".", "--include", "["]).exits(1).says(&["\"[\"", "]"]).prints_nothing();
}

#[test]
fn a_format_can_be_asked_for() {
    let manifest = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {name: solo}\n\
                    spec: {title: Solo, markdown: text}\n";
    let post = "---\ntitle: A Post\nspeakers: [Bo Ring]\ndate: 2031-05-14\n---\n\n\
                ## Knots - Mira Quell\n\ntext\n\n## Sails - Bo Ring\n\ntext\n";
    let notes = Workspace::with(&[("a.yaml", manifest), ("b.md", post)]);
    let titles = |format: &str| {
        let manifests = notes.run(&["import", ".", "--format", format]).exits(0).yaml();
        texts(&of_kind(&manifests, "TalkNote"), "/spec/title")
    };
    assert_eq!(titles("yaml"), ["Solo"]);
    assert_eq!(titles("hugo"), ["A Post"], "no manifests");
    assert_eq!(titles("hackmd"), ["A Post"], "no manifests");
    assert_eq!(titles("auto"), ["Solo", "A Post"]);
    let taken_for_a_post = |format: &str| {
        let run = notes.run(&["import", "--explain", ".", "--format", format]).exits(0);
        run.stdout().contains(" a post\n")
    };
    assert!(taken_for_a_post("hugo") && !taken_for_a_post("hackmd"));
}

#[test]
fn a_reading_is_explained_with_its_evidence() {
    let notes = Workspace::with(&[("notes/a.md", TALK), ("notes/b.md", "Just a diary.\n")]);
    let run = notes.run(&["import", "--explain", "notes"]).exits(0);
    let text = run.stdout();
    assert!(text.starts_with("notes/a.md\n  read as: "), "{text}");
    assert!(text.contains("\n    +"), "{text}");
    assert!(text.contains("\nnotes/b.md\n  no talks: "), "{text}");
}

#[test]
fn a_talk_of_two_places_names_both() {
    let agenda = "# Harbor Days 2031\n\n## 2031-05-14\n\n| Talk | Speaker |\n|---|---|\n| [Tides of Traffic](tides.md) | Mira Quell |\n| [Rust at Sea](rust.md) | Bo Pier |\n";
    let tides = "# Tides of Traffic - Mira Quell\n\nWater finds a way.\n";
    let notes = Workspace::with(&[
        ("notes/harbor-2031/README.md", agenda),
        ("notes/harbor-2031/tides.md", tides),
    ]);
    let (json, yaml) = both(&notes, "notes");
    assert_eq!(yaml.yaml(), json.json());
    let manifests = json.json();
    let talks = of_kind(&manifests, "TalkNote");
    assert_eq!(texts(&talks, "/spec/title"), ["Rust at Sea", "Tides of Traffic"]);
    let annotation =
        |name: &str| texts(&talks, &format!("/metadata/annotations/talknotes.dev~1{name}"));
    assert_eq!(annotation("source-path"), ["harbor-2031/README.md", "harbor-2031/tides.md"]);
    assert_eq!(annotation("other-source-paths"), ["harbor-2031/README.md"]);
    let run = notes.run(&["import", "--explain", "notes"]).exits(0);
    for line in [
        "\n  line 7, \"Tides of Traffic\": one note with line 1 of notes/harbor-2031/tides.md\n",
        "\n  line 1, \"Tides of Traffic\": one note with line 7 of notes/harbor-2031/README.md\n",
    ] {
        assert!(run.stdout().contains(line), "{}", run.stdout());
    }
}

#[test]
fn images_come_along_as_config_maps() {
    let talk = TALK.replace("\n\n", "\n\n![tides](images/a.gif)\n\n");
    let notes = Workspace::with(&[("notes/harbor.md", &talk), ("notes/images/a.gif", "GIF89a")]);
    let manifests = notes.run(&["import", "notes", "-o", "json", "-n", "pier"]).exits(0).json();
    let images = of_kind(&manifests, "ConfigMap");
    assert_eq!(texts(&images, "/binaryData/image"), ["R0lGODlh"]);
    assert_eq!(texts(&images, "/metadata/namespace"), ["pier"]);
    let digest = format!("sha256:{}", talknotes::api::names::hex_digest(b"GIF89a"));
    let talks = of_kind(&manifests, "TalkNote");
    assert_eq!(texts(&talks, "/spec/images/0/digest"), [digest]);
    assert_eq!(texts(&talks, "/spec/images/0/source"), ["images/a.gif"]);
}
