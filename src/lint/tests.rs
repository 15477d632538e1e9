//! Findings at their places.

use super::*;
use crate::document::ReadOptions;

fn found(documents: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let files: Vec<SourceFile> = documents
        .iter()
        .map(|(path, text)| SourceFile { path: (*path).into(), content: text.as_bytes().to_vec() })
        .collect();
    let collection = document::read(&files, ReadOptions::default());
    let texts = texts(&files);
    let place = |finding: Finding| {
        let Diagnostic { path, line, column, code, .. } = finding.diagnostic;
        let place = format!("{path}:{}:{}", line.unwrap_or(0), column.unwrap_or(0));
        let marked = finding.marks.first().map(|mark| texts[path.as_str()].slice(mark.range()));
        (code, place, marked.unwrap_or_default().to_owned())
    };
    findings(&collection, &texts).into_iter().map(place).collect()
}

/// The findings in the second talk of a document.
fn in_talk(text: &str) -> Vec<(String, String, String)> {
    let document = format!(
        "# Harbor Days 2031\n\n## 2031-05-14\n\n### Tides - Mira Quell\n\nWater.\n\n### Ropes - Bo Pier\n\n{text}\n"
    );
    found(&[("a.md", &document)])
}

#[track_caller]
fn one(text: &str, code: &str, place: &str, marked: &str) {
    assert_eq!(in_talk(text), [(code.into(), place.into(), marked.into())]);
}

#[test]
fn what_is_underlined_is_what_is_meant() {
    one("  above\n---", "TN1101", "a.md:11:3", "above");
    one(
        "see [這裡](https://a.example/?token=x) now",
        "TN1401",
        "a.md:11:10",
        "https://a.example/?token=x",
    );
    one("x\n\n```rust", "TN1103", "a.md:13:1", "```rust");
    one("x\n\n<!-- y", "TN1104", "a.md:13:1", "<!-- y");
}

#[test]
fn what_rendering_says_is_told_of_the_line_of_the_document() {
    one("text\n\n:::poem\nx\n:::", "TN2005", "a.md:13:1", ":::poem");
    one("講 <script>x</script>", "TN2007", "a.md:11:3", "<script>");
    one("> q\n> ---", "TN2003", "a.md:11:3", "q");
    one("* a\n\n  [^x]: never", "TN2006", "a.md:13:3", "[^x]:");
}

#[test]
fn a_url_with_a_long_number_is_no_address_of_a_person() {
    assert_eq!(in_talk("https://a.example/talks?number=0123456789\n\nText."), []);
    let found = in_talk("Speaker: Bo Pier, +886 2 1234-5678\n\nText.");
    assert_eq!(found, [("TN1402".into(), "a.md:11:26".into(), "1234-5678".into())]);
}

#[test]
fn dates_and_versions_beside_a_speaker_are_no_addresses() {
    assert_eq!(in_talk("2031/05/08-10 at the pier\n\nVersion 66.0.3359.139.\n\nText."), []);
}

#[test]
fn fields_are_underlined_at_their_values() {
    let text = "---\ntitle: Ropes\nspeaker: Bo Pier\nday:  soon\n---\n\nText.\n";
    assert_eq!(
        found(&[("talk.md", text)]),
        [("TN1005".into(), "talk.md:4:7".into(), "soon".into())]
    );
}

#[test]
fn misnamed_keys_are_underlined_and_told_of_notes_only() {
    let text = "---\ntitle: Ropes\nspeaker: Bo Pier\n  # x\nstrat-time: '09:30'\n---\n\nText.\n";
    let told = ("TN1007".into(), "talk.md:5:1".into(), "strat-time".into());
    assert_eq!(found(&[("talk.md", text)]), [told]);
    let diary = "---\nlocaton: pier\n---\n\nWe went home.\n";
    let codes: Vec<String> = found(&[("a.md", diary)]).into_iter().map(|one| one.0).collect();
    assert_eq!(codes, ["TN1201"]);
}

#[test]
fn fields_of_json_are_underlined_at_their_values_and_fixes_leave_them_alone() {
    let lines = "{\n  \"title\": \"Ropes: a \\\"talk\\\"\",\n  \"speaker\": \"Bo Pier\",\n  \"day\":  \"soon\",\n  \"kind\": 3\n}\n";
    let line =
        "{\"標題\": \"Ropes\", \"speaker\": \"Bo Pier\", \"day\": \"soon\", \"order\": true}\n";
    let told = |place: &str, marked: &str| ("TN1005".into(), place.into(), marked.into());
    let setext = |place: &str| ("TN1101".into(), place.into(), "above".into());
    let text = "\nText.\n\nabove\n---\n";
    for (front, expected) in [
        (
            lines,
            [told("talk.md:4:11", "\"soon\""), told("talk.md:5:11", "3"), setext("talk.md:10:1")],
        ),
        (
            line,
            [told("talk.md:1:46", "\"soon\""), told("talk.md:1:63", "true"), setext("talk.md:5:1")],
        ),
    ] {
        let document = format!("{front}{text}");
        assert_eq!(found(&[("talk.md", &document)]), expected);
        let files = [SourceFile { path: "talk.md".into(), content: document.clone().into_bytes() }];
        let collection = document::read(&files, ReadOptions::default());
        let fixed = fixed(document.as_bytes(), &findings(&collection, &texts(&files))).unwrap();
        let wanted = document.replace("above\n---", "above\n\n---");
        assert_eq!(String::from_utf8(fixed).unwrap(), wanted, "the front matter is as it was");
    }
}

#[test]
fn broken_json_is_told_at_its_place() {
    let text = "{\n  \"title\": \"Ropes\"\n  \"speaker\": \"Bo Pier\"\n}\nText.\n";
    assert_eq!(
        found(&[("talk.md", text)]),
        [("TN1003".into(), "talk.md:3:3".into(), "\"speaker\": \"Bo Pier\"".into())]
    );
}

#[test]
fn words_of_rules_are_underlined() {
    let text = "rules:\n- talk: {at: None}\n- kind: Panels # which\n- paths: ['a[']\n";
    let told = |place: &str, marked: &str| ("TN1802".into(), place.into(), marked.into());
    assert_eq!(
        found(&[(document::RULES_FILE, text)]),
        [
            told(".talknotes.yaml:2:3", "talk"),
            told(".talknotes.yaml:3:9", "Panels"),
            told(".talknotes.yaml:4:11", "'a[']")
        ]
    );
}

#[test]
fn links_of_manifests_are_found_by_what_they_say() {
    let text = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: a\nspec:\n  \
                title: A\n  markdown: hello\n  links:\n    - url: https://a.example/?token=x\n    - url: ftp://b.example\n";
    assert_eq!(
        found(&[("a.yaml", text)]),
        [
            ("TN2002".into(), "a.yaml:9:12".into(), "https://a.example/?token=x".into()),
            ("TN2001".into(), "a.yaml:10:12".into(), "ftp://b.example".into())
        ]
    );
}

#[test]
fn fixes_are_made_once_and_change_no_talk() {
    let text =
        "\u{feff}# Harbor Days 2031\r\n\r\n##Tides - Mira Quell\r\n\r\nabove\r\n---\r\nunder\r\n";
    let file = |content: Vec<u8>| vec![SourceFile { path: "a.md".into(), content }];
    let files = file(text.as_bytes().to_vec());
    let before = document::read(&files, ReadOptions::default());
    let once = fixed(text.as_bytes(), &findings(&before, &texts(&files))).unwrap();
    let expected = "\u{feff}# Harbor Days 2031\r\n\r\n## Tides - Mira Quell\r\n\r\nabove\r\n\r\n---\r\nunder\r\n";
    assert_eq!(String::from_utf8(once.clone()).unwrap(), expected);
    let files = file(once.clone());
    let after = document::read(&files, ReadOptions::default());
    assert_eq!(findings(&after, &texts(&files)), []);
    assert_eq!(fixed(&once, &findings(&after, &texts(&files))), None);
    let talks = |c: &Collection| {
        c.notes.iter().map(|n| (n.name.clone(), n.spec.title.clone())).collect::<Vec<_>>()
    };
    assert_eq!(talks(&before), talks(&after));
    assert_eq!(talks(&after).len(), 1);
}

#[test]
fn hostile_places_are_no_panic() {
    let text = "a\u{301}\u{202e}講🎤\n\n<script>";
    let files = [SourceFile { path: "a.md".into(), content: text.as_bytes().to_vec() }];
    let texts = texts(&files);
    for code in document::Code::ALL
        .iter()
        .map(|code| code.code())
        .chain(render::Code::ALL.map(|code| code.code()))
    {
        for (line, column) in [
            (None, None),
            (Some(0), Some(0)),
            (Some(1), Some(99)),
            (Some(2), Some(1)),
            (Some(99), Some(1)),
            (Some(-1), Some(-1)),
            (Some(3), None),
        ] {
            let diagnostic = Diagnostic {
                path: "a.md".into(),
                line,
                column,
                severity: crate::api::Severity::Warning,
                code: code.into(),
                message: "`".into(),
            };
            for mark in from_reading(diagnostic, &texts).marks {
                assert!(text.get(mark.range()).is_some(), "{code} {line:?} {column:?}");
            }
        }
    }
}
