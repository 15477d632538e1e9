use super::*;
use crate::api::Diagnostic;

const NOTE: &str = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: NAME\nspec:\n  title: Tides of Traffic\n  markdown: water\n";

fn note(name: &str) -> String {
    NOTE.replace("NAME", name)
}

/// The names of the notes and summits with their lines, and what was told.
fn found(text: &str) -> (Vec<(String, usize)>, Vec<Diagnostic>) {
    let (manifests, told) = read_in(text, None);
    let notes = manifests.notes.iter().map(|note| (note.name.clone(), note.line));
    let summits = manifests.summits.iter().map(|summit| (summit.name.clone(), summit.line));
    (notes.chain(summits).collect(), told)
}

fn read_in(text: &str, namespace: Option<&str>) -> (Manifests, Vec<Diagnostic>) {
    let mut report = Report::new("a.yaml");
    let manifests = read("a.yaml", text, namespace, &mut report);
    (manifests, report.into_diagnostics())
}

#[track_caller]
fn assert_found(text: &str, expected: &[(&str, usize)]) {
    let (names, told) = found(text);
    let expected: Vec<(String, usize)> =
        expected.iter().map(|(name, line)| ((*name).to_owned(), *line)).collect();
    assert_eq!(names, expected, "{text}\n{told:?}");
    assert_eq!(told, [], "{text}");
}

/// `text` as an item of a list.
fn item(text: &str) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(at, line)| format!("{}{line}\n", if at == 0 { "- " } else { "  " })).collect()
}

#[test]
fn lists_of_kubectl_are_read() {
    let summit = "apiVersion: talknotes.dev/v1alpha1\nkind: Summit\nmetadata:\n  name: pier\n  resourceVersion: \"7\"\n  uid: x\n  managedFields:\n  - manager: kubectl\n    fieldsV1:\n      f:spec: {}\nspec:\n  title: Pier\nstatus:\n  conditions: []\n";
    let other = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: \"apiVersion: talknotes.dev/v1alpha1\"\n";
    let list = format!(
        "apiVersion: v1\nitems:\n{}{}{}kind: List\nmetadata:\n  resourceVersion: \"\"\n",
        item(&note("a")),
        item(other),
        item(summit)
    );
    assert_found(&list, &[("a", 3), ("pier", 16)]);
    assert_found(&format!("# a backup\n\n---\n{list}...\n# end\n"), &[("a", 6), ("pier", 19)]);
    // What a typed list leaves out of its items, as the API server may.
    let typed = "kind: TalkNoteList\napiVersion: talknotes.dev/v1alpha1\nmetadata: {}\nitems:\n- metadata: {name: a}\n  spec: {title: A}\n- kind: TalkNote\n  metadata: {name: b}\n  spec: {title: B}\n";
    assert_found(typed, &[("a", 5), ("b", 7)]);
    let nested = format!(
        "kind: List\napiVersion: v1\nitems:\n- kind: List\n  apiVersion: v1\n  items:\n{}",
        item(&note("a")).replace("- ", "  - ").replace("\n  ", "\n    ")
    );
    assert_found(&nested, &[("a", 7)]);
    for empty in [
        "kind: List\napiVersion: v1\nitems: []\n",
        "kind: SummitList\napiVersion: talknotes.dev/v1alpha1\nitems: null\n",
    ] {
        assert_found(empty, &[]);
    }
}

#[test]
fn json_is_read_however_it_is_indented() {
    let object = |name: &str| {
        serde_json::json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": {"name": name},
            "spec": {"title": "Tides 🎉: \"a\"\\b", "markdown": "# one\n---\napiVersion: x\n\ttab\u{7f}\u{2028}"},
        })
    };
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": [object("a"), object("b")]});
    let pretty = serde_json::to_string_pretty(&list).unwrap();
    let tabs = pretty.replace("    ", "\t").replace("  ", "\t");
    let escaped =
        pretty.replace("🎉", "\\ud83c\\udf89").replace("talknotes.dev/", "talknotes.dev\\/");
    let lines = pretty.lines().enumerate();
    let items: Vec<usize> =
        lines.filter(|(_, line)| *line == "    {").map(|(index, _)| index + 1).collect();
    for text in [&pretty, &tabs, &escaped] {
        assert_found(text, &[("a", items[0]), ("b", items[1])]);
        let (manifests, _) = read_in(text, None);
        let spec = serde_json::to_value(&manifests.notes[1].spec).unwrap();
        assert_eq!(spec, object("b")["spec"], "{text}");
    }
    assert_found(&list.to_string(), &[("a", 1), ("b", 1)]);
    assert_found(&serde_json::to_string_pretty(&list["items"]).unwrap(), &[("a", 2), ("b", 13)]);
}

#[test]
fn documents_are_found_however_they_are_written() {
    let flow = "{kind: TalkNote, apiVersion: talknotes.dev/v1alpha1, metadata: {name: b}, spec: {title: B, markdown: x}}";
    let indented: String = note("a").lines().map(|line| format!("   {line}\n")).collect();
    let quoted = note("a")
        .replace("apiVersion:", "\"apiVersion\":")
        .replace("kind: TalkNote", "'kind' : \"TalkNote\"");
    let other = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, annotations: {a: talknotes.dev/x}}\n";
    for (text, expected) in [
        (format!("--- {flow}\n---\n{}", note("a")), &[("b", 1), ("a", 3)][..]),
        (format!("{flow}\n"), &[("b", 1)]),
        (indented, &[("a", 1)]),
        (quoted, &[("a", 1)]),
        (
            format!("---   # first\n# about\n\n{}--- \t# second\n{}", note("a"), note("b")),
            &[("a", 4), ("b", 12)],
        ),
        (
            format!("%YAML 1.2\n---\n{}...\n%YAML 1.2\n---\n{}...\n", note("a"), note("b")),
            &[("a", 3), ("b", 13)],
        ),
        (format!("{}---\n{other}---\n{}---\n", note("a"), note("b")), &[("a", 1), ("b", 13)]),
        (format!("{}---\n: [ broken\n---\n{}", note("a"), note("b")), &[("a", 1), ("b", 11)]),
        (format!("{}\n\u{feff}---\n{}", note("a"), note("b")), &[("a", 1), ("b", 10)]),
        (note("a").replace("kind: TalkNote", "kind:\tTalkNote\t# tab"), &[("a", 1)]),
        (
            note("a").replace(
                ": water\n",
                ": |\n    ---\n    apiVersion: talknotes.dev/v1alpha1\n    ...\n",
            ),
            &[("a", 1)],
        ),
        (note("a").replace("spec:", "spec: &spec") + "status: *spec\n", &[("a", 1)]),
        (note("a") + "status:\n  anything: [1, {a: b}]\n", &[("a", 1)]),
        ("{{ if .Values.x }}\napiVersion: v1 # talknotes.dev\n{{ end }}\n".to_owned(), &[]),
    ] {
        assert_found(&text, expected);
        let decoded = super::super::text::decode(
            format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes(),
            &mut Report::new("a.yaml"),
        );
        assert_found(&decoded.unwrap(), expected);
    }
}

#[test]
fn one_that_cannot_be_read_takes_no_other_with_it_and_is_named_at_its_place() {
    let bad = note("bad").replace("  title: Tides of Traffic\n", "  title: A\n  medal: Wood\n");
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n{}{}{}{}{}",
        item(&note("a")),
        item(&bad),
        item(&note("B")),
        item(&note("c").replace("TalkNote", "Talknote")),
        item(&note("d").replace("v1alpha1", "v1"))
    ) + &item(&note("e"));
    let (names, told) = found(&list);
    assert_eq!(names, [("a".to_owned(), 4), ("e".to_owned(), 40)]);
    let mut told: Vec<(i32, &str)> =
        told.iter().map(|said| (said.line.unwrap(), said.message.as_str())).collect();
    told.sort_unstable();
    let lines: Vec<i32> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [17, 19, 26, 33], "{told:?}");
    for ((_, message), word) in
        told.iter().zip(["Gold", "metadata.name", "\"Talknote\"", "talknotes.dev/v1alpha1"])
    {
        assert!(message.contains(word), "{message}");
    }
    assert!(read_in(&list, None).0.broken);
}

#[test]
fn many_faults_are_bounded_and_nothing_is_read_as_something_else() {
    let bad = item(&note("bad").replace("water\n", "water\n  medal: Wood\n"));
    let list =
        format!("apiVersion: v1\nkind: List\nitems:\n{}{}", item(&note("a")), bad.repeat(200));
    let (names, told) = found(&list);
    assert_eq!(names, [("a".to_owned(), 4)]);
    assert_eq!(told.len(), MAX_FAULTS + 1);
}

#[test]
fn bombs_are_refused() {
    let aliases: String =
        (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    let scalar = format!("a0: &a0 \"{}\"\nall: [{}]\n", "x".repeat(500_000), "*a0, ".repeat(90));
    for bomb in [
        format!("a0: &a0 x\n{aliases}{}", note("a")),
        format!("{scalar}{}", note("a")),
        format!("deep: {}{}\n{}", "[".repeat(5000), "]".repeat(5000), note("a")),
        format!("{}{}\n", note("a"), "  - ".repeat(2000)),
        format!("{{\"apiVersion\": \"talknotes.dev/v1alpha1\", \"items\": {}", "[".repeat(100_000)),
    ] {
        let (manifests, told) = read_in(&bomb, None);
        assert!(manifests.broken && manifests.notes.is_empty(), "{told:?}");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].message.len() < 400, "{told:?}");
    }
}

#[test]
fn labels_and_annotations_are_kept_and_what_tools_write_is_not() {
    let with = |labels: &str| note("a").replace("  name: a\n", &format!("  name: a\n{labels}"));
    let text = with(
        "  labels: {team: docks, app.kubernetes.io/managed-by: Helm, count: 7}\n  annotations:\n    argocd.argoproj.io/sync-wave: \"-1\"\n    argocd.argoproj.io/sync-options: Prune=false\n    argocd.argoproj.io/tracking-id: x\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {}\n    talknotes.dev/source-path: a.md\n    talknotes.dev/viewer-url: https://notes.example\n  ownerReferences: []\n",
    );
    let (manifests, told) = read_in(&text, None);
    assert_eq!(told, []);
    let metadata = &manifests.notes[0].metadata;
    let pairs = |map: &BTreeMap<String, String>| -> Vec<String> {
        map.iter().map(|(key, value)| format!("{key}={value}")).collect()
    };
    assert_eq!(pairs(&metadata.labels), ["count=7", "team=docks"]);
    assert_eq!(
        pairs(&metadata.annotations),
        [
            "argocd.argoproj.io/sync-options=Prune=false",
            "argocd.argoproj.io/sync-wave=-1",
            "talknotes.dev/viewer-url=https://notes.example"
        ]
    );
    for nothing in
        ["  labels: null\n  annotations:\n", "  labels: {}\n", "  annotations: {a: null}\n"]
    {
        let (manifests, told) = read_in(&with(nothing), None);
        assert!(told.is_empty() && manifests.notes[0].metadata.is_empty(), "{told:?}");
    }
    let (manifests, told) = read_in(&with("  labels: {\"a b\": x, team: docks}\n"), None);
    assert_eq!((told.len(), told[0].code.as_str(), told[0].line), (1, "TN1703", Some(1)));
    assert_eq!(pairs(&manifests.notes[0].metadata.labels), ["team=docks"]);
}

#[test]
fn another_namespace_is_told_once_a_file() {
    let text = |namespace: &str| {
        let one = |name: &str| {
            note(name).replace("metadata:\n", &format!("metadata:\n  namespace: {namespace}\n"))
        };
        format!("{}---\n{}", one("a"), one("b"))
    };
    let codes = |namespace: Option<&str>| {
        let (manifests, told) = read_in(&text("archive"), namespace);
        assert_eq!(manifests.notes.len(), 2);
        told.into_iter().map(|said| (said.code, said.line, said.message)).collect::<Vec<_>>()
    };
    assert_eq!(codes(Some("archive")), []);
    for namespace in [None, Some("summits")] {
        let told = codes(namespace);
        assert_eq!((told.len(), told[0].0.as_str(), told[0].1), (1, "TN1702", Some(1)), "{told:?}");
        assert!(told[0].2.contains("archive"), "{told:?}");
        assert!(namespace.is_none_or(|namespace| told[0].2.contains(namespace)), "{told:?}");
    }
}

#[test]
fn a_file_in_utf_16_is_looked_at() {
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(note("a").bytes().flat_map(|byte| [byte, 0])).collect();
    assert!(may_be_ours(&wide) && may_be_ours(note("a").as_bytes()));
    assert!(!may_be_ours(b"\xff\xfea\0b\0") && !may_be_ours(b"{}"));
}
