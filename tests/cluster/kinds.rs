//! The kinds as the API server and kubectl see them, without an operator.

use serde_json::{Value, json};
use talknotes::api::crds;

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;

/// What a person writes by hand: a title and a body, nothing more.
const NOTE: &str = "
apiVersion: talknotes.dev/v1alpha1
kind: TalkNote
metadata:
  name: by-hand
spec:
  title: Growing ferns on the moon
  markdown: |
    ## Notes

    Ferns **do** like ${dust} and `$(dust)`.
";

#[tokio::test]
async fn crds_install_without_a_warning() {
    with_namespace(async |test| -> Result {
        let output = test.control_plane.crd_installation();
        assert_eq!(output.stderr, "", "kubectl apply warned");
        assert_eq!(output.stdout.lines().count(), crds::all()?.len(), "{}", output.stdout);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn kubectl_explains_every_field() {
    with_namespace(async |test| -> Result {
        let mut looked_at = 0;
        for definition in crds::all()? {
            let names = &definition.manifest["spec"]["names"];
            let schema = &definition.manifest["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
            let mut paths = Vec::new();
            object_paths(names["plural"].as_str().unwrap(), schema, &mut paths);
            for (path, fields) in paths {
                let text = test.kubectl().run(&["explain", &path]).await?;
                for field in fields {
                    assert_explained(&text, &path, &field);
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 100, "only {looked_at} fields were looked at");
        Ok(())
    })
    .await;
}

/// The paths of all objects in a schema with the names of their fields, but for Kubernetes' own.
fn object_paths(path: &str, schema: &Value, paths: &mut Vec<(String, Vec<String>)>) {
    let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
    let Some(fields) = schema["properties"].as_object() else { return };
    paths.push((path.to_owned(), fields.keys().cloned().collect()));
    for (name, field) in fields {
        object_paths(&format!("{path}.{name}"), field, paths);
    }
}

/// A field is explained where a line names it with its type and the lines below describe it.
fn assert_explained(text: &str, path: &str, field: &str) {
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&format!("  {field}\t<")));
    let heading = lines.next().unwrap_or_else(|| panic!("{path}.{field} is missing:\n{text}"));
    assert!(!heading.contains("<>"), "{path}.{field} has no type: {heading}");
    let description = lines.find(|line| !line.starts_with("  enum:")).unwrap_or_default();
    assert!(
        description.starts_with("    ") && !description.contains("<no description>"),
        "{path}.{field} is not described:\n{text}"
    );
}

#[tokio::test]
async fn kubectl_get_shows_the_columns_that_were_promised() {
    with_namespace(async |test| -> Result {
        let kubectl = test.kubectl();
        let objects = json!({ "apiVersion": "v1", "kind": "List", "items": [
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "a" },
              "spec": { "title": "A" } },
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit", "metadata": { "name": "a" },
              "spec": { "title": "A" } },
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "NoteRepository", "metadata": { "name": "a" },
              "spec": { "url": "https://git.example/notes.git", "suspend": true } },
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "Viewer", "metadata": { "name": "a" },
              "spec": {} },
        ]});
        kubectl.succeed(&["apply", "-f", "-"], &objects.to_string()).await?;
        let columns = [
            ("talknotes", "", "NAME SUMMIT DAY SPEAKERS READY STATUS TITLE AGE"),
            ("tn", "wide", "NAME SUMMIT DAY SPEAKERS READY STATUS TITLE KIND MEDAL LINKS MESSAGE AGE"),
            ("summits", "", "NAME TITLE DATES NOTES READY STATUS AGE"),
            ("smt", "wide", "NAME TITLE DATES NOTES READY STATUS MESSAGE AGE"),
            ("noterepositories", "", "NAME URL REVISION NOTES READY STATUS AGE"),
            ("nrepo", "wide", "NAME URL REVISION NOTES READY STATUS MESSAGE AGE"),
            ("viewers", "", "NAME URL REPLICAS READY STATUS AGE"),
            ("tnv", "wide", "NAME URL REPLICAS READY STATUS MESSAGE AGE"),
        ];
        for (kind, format, expected) in columns {
            let text = kubectl.run(&["get", kind, "-o", format]).await?;
            let heading: Vec<&str> =
                text.lines().next().unwrap_or_default().split_whitespace().collect();
            assert_eq!(heading.join(" "), expected, "kubectl get {kind} -o {format}");
        }
        let category = kubectl.run(&["get", "talknotes-all", "-o", "name"]).await?;
        assert_eq!(category.lines().count(), 4, "{category}");
        // A category of this name would make all kinds of it, also for `delete --all`.
        let notes = kubectl.run(&["get", "talknotes", "-o", "name"]).await?;
        assert_eq!(notes.trim(), "talknote.talknotes.dev/a");
        kubectl.run(&["describe", "talknotes", "a"]).await?;
        let all = kubectl.run(&["get", "all", "-o", "name"]).await?;
        assert_eq!(all, "", "notes are not in `all`");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_note_by_hand_is_stored_as_it_was_written() {
    with_namespace(async |test| -> Result {
        for mode in ["--server-side=false", "--server-side=true"] {
            let kubectl = test.kubectl();
            let first = kubectl.succeed(&["apply", mode, "-f", "-"], NOTE).await?;
            assert_eq!(first.stderr, "", "{mode}");
            // The second time the server also stores the status that its schema defaults to.
            kubectl.succeed(&["apply", mode, "-f", "-"], NOTE).await?;
            let before = stored(&kubectl).await?;
            let again = kubectl.succeed(&["apply", mode, "-f", "-"], NOTE).await?;
            assert_eq!(again.stderr, "", "{mode}");
            let after = stored(&kubectl).await?;

            let written: Value = serde_saphyr::from_str(NOTE)?;
            assert_eq!(after["spec"], written["spec"], "the server added or took something");
            assert_eq!(
                before["metadata"]["resourceVersion"], after["metadata"]["resourceVersion"],
                "applying the same again with {mode} is a change"
            );
            assert_eq!(after["metadata"]["generation"], 1, "{mode}");
            kubectl.run(&["delete", "talknote", "by-hand"]).await?;
        }
        Ok(())
    })
    .await;
}

async fn stored(kubectl: &crate::support::kubectl::Kubectl) -> Result<Value> {
    Ok(serde_json::from_str(&kubectl.run(&["get", "talknote", "by-hand", "-o", "json"]).await?)?)
}

#[tokio::test]
async fn nobody_calls_an_object_ready_that_the_operator_has_not_seen() {
    with_namespace(async |test| -> Result {
        let kubectl = test.kubectl();
        kubectl.succeed(&["apply", "-f", "-"], NOTE).await?;
        let note = stored(&kubectl).await?;
        assert_eq!(note["status"]["observedGeneration"], -1, "{note}");
        assert_eq!(kstatus::status(&note), Status::InProgress);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn notes_are_selected_by_their_summit() {
    with_namespace(async |test| -> Result {
        let note = |name: &str, summit: Option<&str>| {
            let reference = summit.map(|name| json!({ "name": name }));
            let mut spec = json!({ "title": name, "markdown": "text" });
            if let Some(reference) = reference {
                spec["summitRef"] = reference;
            }
            json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
                    "metadata": { "name": name }, "spec": spec })
        };
        let items = [note("one", Some("moon")), note("two", Some("mars")), note("three", None)];
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string();
        let kubectl = test.kubectl();
        kubectl.succeed(&["apply", "-f", "-"], &list).await?;
        let selector = "--field-selector=spec.summitRef.name=moon";
        let found = kubectl.run(&["get", "tn", selector, "-o", "name"]).await?;
        assert_eq!(found, "talknote.talknotes.dev/one\n");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_schema_refuses_is_named() {
    with_namespace(async |test| -> Result {
        let cases = [
            (json!({ "markdown": "no title" }), "spec.title"),
            (json!({ "title": "A", "day": "tomorrow" }), "spec.day"),
            (json!({ "title": "A", "startTime": "9 o'clock" }), "spec.startTime"),
            (json!({ "title": "A", "medal": "Tin" }), "spec.medal"),
            (json!({ "title": "A".repeat(501) }), "spec.title"),
            (json!({ "title": "A", "order": -1 }), "spec.order"),
            (json!({ "title": "A", "speakers": [{ "alias": "nobody" }] }), "spec.speakers[0].name"),
        ];
        for (spec, field) in cases {
            let note = json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
                               "metadata": { "name": "odd" }, "spec": spec });
            let (kubectl, note) = (test.kubectl(), note.to_string());
            let output = kubectl.attempt(&["apply", "--server-side", "-f", "-"], &note).await?;
            assert!(!output.status.success(), "accepted: {note}");
            assert!(output.stderr.contains(field), "{field}: {}", output.stderr);
        }
        Ok(())
    })
    .await;
}

#[test]
fn definitions_fit_into_the_annotation_of_kubectl_apply() {
    for definition in crds::all().unwrap() {
        let yaml = serde_saphyr::to_string(&definition.manifest).unwrap();
        assert!(yaml.len() < 200 * 1024, "{}: {} bytes", definition.file_name, yaml.len());
    }
}
