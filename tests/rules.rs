//! Rules: what an author or an administrator says wins over detection, and what detection would have
//! written reads the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use talknotes::api::{
    Direction, LineBreaks, Nesting, ReadingDecider, ReadingRule, Rendering, Severity, TalkKind,
};
use talknotes::document::{
    Collection, RULES_FILE, ReadOptions, SourceFile, explain, left_out, read, rules as written,
};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), content: text.as_bytes().to_vec() }
}

/// What one document gives under the rules `yaml`.
fn under(yaml: &str, document: &str) -> Collection {
    let collection = read(&[file("2031/harbor.md", document), rules(yaml)], ReadOptions::default());
    assert!(!codes(&collection).iter().any(|code| ["TN1801", "TN1802"].contains(&code.as_str())));
    collection
}

fn rules(yaml: &str) -> SourceFile {
    file(RULES_FILE, &format!("rules:\n{yaml}\n"))
}

fn spec_rules(yaml: &str) -> ReadOptions {
    let rules: Vec<ReadingRule> = serde_saphyr::from_str(yaml).unwrap();
    ReadOptions { rules, ..ReadOptions::default() }
}

fn codes(collection: &Collection) -> Vec<String> {
    collection.diagnostics.iter().map(|diagnostic| diagnostic.code.clone()).collect()
}

fn titles(collection: &Collection) -> Vec<&str> {
    collection.notes.iter().map(|note| note.spec.title.as_str()).collect()
}

/// `title: names: day` of each note.
fn talks(collection: &Collection) -> Vec<String> {
    let talk = |note: &talknotes::document::Imported<talknotes::api::TalkNoteSpec>| {
        let spec = &note.spec;
        let names: Vec<&str> = spec.speakers.iter().map(|s| s.name.as_str()).collect();
        format!("{}: {}: {}", spec.title, names.join("+"), spec.day.as_deref().unwrap_or("-"))
    };
    collection.notes.iter().map(talk).collect()
}

#[test]
fn speakers_are_the_headings_above_where_a_rule_says() {
    let document = "# Harbor Summit 2031\n\n## The Night Watch\n\n### Buoys that sing\n\nBells.\n\n\
                    ## Bo Pier\n\n### Nets that count\n\nKnots.\n\n### Ropes that talk\n\nFibres.\n";
    let rule = "- talks: {at: Heading, level: 3}\n  speakers: {at: [HeadingAbove]}";
    assert_eq!(
        talks(&under(rule, document)),
        [
            "Buoys that sing: The Night Watch: -",
            "Nets that count: Bo Pier: -",
            "Ropes that talk: Bo Pier: -"
        ]
    );
    let people = document.replace("The Night Watch", "Mira Quell");
    let files = [file("harbor.md", &people)];
    let found = read(&files, ReadOptions::default());
    assert_eq!(talks(&found).len(), 3);
    let text = written(&files, talknotes::api::Format::Auto).unwrap();
    assert!(text.contains("HeadingAbove") && !text.contains("left to detection: they"), "{text}");
}

const DIARY: &str = "# My days by the sea\n\n## Morning walk\n\nWind.\n\n### Buoys that sing\n\nOf bells.\n\n### Nets that count\n\nOf knots.\n";

#[test]
fn talks_stand_where_a_rule_says() {
    assert!(titles(&read(&[file("a.md", DIARY)], ReadOptions::default())).is_empty());
    for (rule, expected) in [
        ("- talks: {at: Heading, level: 3}", vec!["Buoys that sing", "Nets that count"]),
        ("- talks: {at: Heading, level: 2}", vec!["Morning walk"]),
        ("- talks: {at: Heading, level: 1}", vec!["My days by the sea"]),
        ("- talks: {at: Document}", vec!["My days by the sea"]),
        ("- talks: {at: None}", vec![]),
    ] {
        assert_eq!(titles(&under(rule, DIARY)), expected, "{rule}");
    }
    let bold = "Notes\n\n**Buoys that sing**\n\nBells.\n\n**Nets that count**\n\nKnots.\n";
    let found = under("- talks: {at: BoldLine}", bold);
    assert_eq!(titles(&found), ["Buoys that sing", "Nets that count"]);
    let list = "# Links\n\n- [Buoys that sing](https://talks.example/1)\n";
    assert_eq!(titles(&under("- talks: {at: ListItem}", list)), ["Buoys that sing"]);
    let headless = "just some words\nand more\n";
    assert_eq!(under("- talks: {at: Document}", headless).notes.len(), 1);
}

#[test]
fn speakers_stand_where_a_rule_says() {
    let in_title = |rule: &str, title: &str| {
        let document = format!("# Harbor Summit 2031\n\n## {title}\n\ntext\n");
        let rule = format!("- talks: {{at: Heading, level: 2}}\n  speakers: {rule}");
        talks(&under(&rule, &document)).remove(0)
    };
    for (rule, title, expected) in [
        (
            "{at: [AfterSeparator], separators: [' ~ ']}",
            "Sails ~ dj tide 42",
            "Sails: dj tide 42: -",
        ),
        ("{at: [AfterSeparator]}", "Frameworks - and more, really", "Frameworks: more+really: -"),
        (
            "{at: [BeforeSeparator], separators: [' » ']}",
            "kelp crew » Sails",
            "Sails: kelp crew: -",
        ),
        ("{at: [BeforeSeparator]}", "Sails: of the moon", "of the moon: Sails: -"),
        ("{at: [Parentheses]}", "Sails (the kelp crew)", "Sails: the kelp crew: -"),
        ("{at: [None]}", "Sails - Nora Quill", "Sails - Nora Quill: : -"),
        (
            "{at: [AfterSeparator], separators: ['~']}",
            "Sails - Nora Quill",
            "Sails - Nora Quill: : -",
        ),
    ] {
        assert_eq!(in_title(rule, title), expected, "{rule}");
    }
    let below = |place: &str, line: &str| {
        let document = format!("# Harbor Summit 2031\n\n## Sails\n\n{line}\n\ntext\n");
        let rule = format!("- talks: {{at: Heading, level: 2}}\n  speakers: {{at: [{place}]}}");
        talks(&under(&rule, &document)).remove(0)
    };
    for (place, line) in [
        ("Bold", "**kelp crew 9**"),
        ("Italic", "*kelp crew 9*"),
        ("Quote", "> kelp crew 9"),
        ("Line", "kelp crew 9"),
        ("ListItem", "- kelp crew 9"),
        ("Link", "[kelp crew 9](https://kelp.example)"),
        ("Label", "Speaker: kelp crew 9"),
        ("Heading", "### kelp crew 9"),
        ("Label, Bold", "**kelp crew 9**"),
    ] {
        assert_eq!(below(place, line), "Sails: kelp crew 9: -", "{place}");
    }
    let front = "---\nspeakers: [Ada Example]\n---\n# Sails - Nora Quill\n\ntext\n";
    let by = |at: &str| {
        let rule = format!("- talks: {{at: Document}}\n  speakers: {{at: [{at}]}}");
        talks(&under(&rule, front)).remove(0)
    };
    assert_eq!(by("FrontMatter"), "Sails - Nora Quill: Ada Example: -");
    assert_eq!(by("AfterSeparator"), "Sails: Nora Quill: -");
    assert_eq!(by("None"), "Sails - Nora Quill: : -");
}

#[test]
fn no_address_of_a_person_is_copied_by_a_rule() {
    let document = "# Summit 2031\n\n## Sails ~ kelp <kelp@crew.example>\n\ntext\n";
    let rule =
        "- talks: {at: Heading, level: 2}\n  speakers: {at: [AfterSeparator], separators: ['~']}";
    let found = under(rule, document);
    assert!(!format!("{:?}", found.notes[0].spec.speakers).contains("crew.example"));
    assert!(codes(&found).contains(&"TN1402".to_owned()));
}

#[test]
fn days_stand_where_a_rule_says() {
    let document = "# Harbor Summit 2031\n\n2031-05-13\n\n# Day 2\n\n## 2031-06-01 Sails of the moon - Nora Quill\n\n\
                    Date: 2031-07-01\n\ntext\n";
    let day = |rule: &str| {
        let rule = format!("- talks: {{at: Heading, level: 2}}\n  days: {rule}");
        under(&rule, document).notes[0].spec.day.clone().unwrap_or_default()
    };
    for (rule, expected) in [
        ("{at: [HeadingAbove]}", "2031-05-14"),
        ("{at: [HeadingAbove], startDate: 2031-08-01}", "2031-08-02"),
        ("{at: [Title]}", "2031-06-01"),
        ("{at: [Line]}", "2031-07-01"),
        ("{at: [Document]}", "2031-05-13"),
        ("{at: [FrontMatter], day: 2031-09-09}", "2031-09-09"),
        ("{day: 2031-09-09}", "2031-09-09"),
        ("{at: [None]}", ""),
    ] {
        assert_eq!(day(rule), expected, "{rule}");
    }
    let files = [
        file("monday/1.md", "# Sails of the moon - Nora Quill\n"),
        rules("- days: {startDate: 2031-05-13, at: [Path]}"),
    ];
    // The Monday after a Tuesday.
    assert_eq!(
        read(&files, ReadOptions::default()).notes[0].spec.day.as_deref(),
        Some("2031-05-19")
    );
}

#[test]
fn a_stated_day_silences_what_is_said_of_days_that_are_not_known() {
    let document = "# Harbor Summit\n\n# Day 1\n\n## Sails of the moon - Nora Quill\n\ntext\n";
    assert!(
        codes(&read(&[file("a.md", document)], ReadOptions::default())).contains(&"TN1302".into())
    );
    let found = under("- days: {day: 2031-05-13}", document);
    assert_eq!(codes(&found), Vec::<String>::new());
    assert_eq!(found.summits[0].spec.start_date.as_deref(), Some("2031-05-13"));
    let counted = under("- days: {startDate: 2031-05-13}", document);
    assert_eq!(counted.notes[0].spec.day.as_deref(), Some("2031-05-13"));
}

#[test]
fn summit_kind_and_language_can_be_stated() {
    let document = "---\nlang: en\n---\n# Tide Days\n\n## Keynote: Sails - Nora Quill\n\ntext\n";
    let found = under("- {summit: Harbor Days 2031, kind: Workshop, language: fr}", document);
    assert_eq!(found.summits[0].spec.title, "Harbor Days 2031");
    let note = &found.notes[0].spec;
    assert_eq!(note.summit_ref.as_ref().unwrap().name, found.summits[0].name);
    assert_eq!((note.kind, note.language.as_deref()), (Some(TalkKind::Workshop), Some("fr")));
}

#[test]
fn how_texts_are_shown_can_be_stated() {
    let document = "---\nnesting: AsWritten\n---\n# Tide Days\n\nOverview.\n\n\
                    ## Keynote: Sails - Nora Quill\n\ntext\n";
    let found = under("- {rendering: {lineBreaks: Soft, direction: RTL}}", document);
    let wanted = Rendering {
        line_breaks: Some(LineBreaks::Soft),
        nesting: Some(Nesting::AsWritten),
        direction: Some(Direction::RTL),
        ..Rendering::default()
    };
    assert_eq!(found.notes[0].spec.rendering, Some(wanted));
    assert_eq!(found.summits[0].spec.rendering, Some(wanted), "the overview, too");
    let found = under("- {rendering: {nesting: Inferred}}", document);
    let wanted = Rendering { nesting: Some(Nesting::Inferred), ..Rendering::default() };
    assert_eq!(found.notes[0].spec.rendering, Some(wanted), "a rule wins over the document");
    let files = [file("a.md", document), rules("- {rendering: {nesting: asWritten}}")];
    let wrong = read(&files, ReadOptions::default());
    assert!(wrong.diagnostics[0].message.contains("did you mean `AsWritten`?"));
}

#[test]
fn rules_of_the_spec_win_over_the_file_and_the_first_over_the_next() {
    let files = [
        file("a.md", DIARY),
        rules("- talks: {at: Heading, level: 2}\n  kind: Panel\n- kind: Other\n  language: fr"),
    ];
    let found = read(&files, spec_rules("- talks: {at: Heading, level: 3}"));
    assert_eq!(titles(&found), ["Buoys that sing", "Nets that count"]);
    let note = &found.notes[0].spec;
    assert_eq!((note.kind, note.language.as_deref()), (Some(TalkKind::Panel), Some("fr")));
    let explained = explain(&files, spec_rules("- talks: {at: Heading, level: 3}"));
    let decided: Vec<String> =
        explained[0].decided.iter().map(|(part, rule)| format!("{part}: {rule}")).collect();
    let expected = [
        "talks: spec.rules[0]",
        "kind: rule 1 of .talknotes.yaml, line 2",
        "language: rule 2 of .talknotes.yaml, line 4",
    ];
    assert_eq!(decided, expected);
    assert_eq!(explained.len(), 1, "the rules are no note");
}

#[test]
fn rules_that_do_nothing_are_told() {
    let files = [
        file("a.md", DIARY),
        file("b/c.md", "words\n"),
        rules(
            "- paths: [b/**]\n  talks: {at: Heading, level: 2}\n- paths: [gone/**]\n  talks: {at: None}",
        ),
    ];
    let found = read(&files, spec_rules("- paths: [nowhere.md]\n  kind: Panel"));
    let told: Vec<_> =
        found.diagnostics.iter().map(|d| (d.path.as_str(), d.line, d.code.as_str())).collect();
    let expected = [
        (RULES_FILE, Some(4), "TN1803"),
        ("a.md", None, "TN1201"),
        ("b/c.md", None, "TN1804"),
        ("spec.rules[0]", None, "TN1803"),
    ];
    assert_eq!(told, expected);
    // What is meant is not remarked upon.
    let quiet = read(&[file("a.md", DIARY), rules("- talks: {at: None}")], ReadOptions::default());
    assert!(quiet.diagnostics.is_empty() && quiet.notes.is_empty());
}

#[test]
fn a_broken_file_leaves_the_rest_and_deletes_nothing() {
    let talk = "# 2031-05-14\n\n## Sails of the moon - Nora Quill\n\ntext\n";
    let broken = "rules:\n  - paths: [b.md]\n    talks: {at: Heading, level: 3}\n  - speaker: {at: [Bold]}\n";
    let files = [file("a.md", talk), file("b.md", DIARY), file(RULES_FILE, broken)];
    let found = read(&files, ReadOptions::default());
    assert_eq!(titles(&found), ["Sails of the moon", "Buoys that sing", "Nets that count"]);
    let error = &found.diagnostics[0];
    assert_eq!((error.path.as_str(), error.line, error.column), (RULES_FILE, Some(4), Some(5)));
    assert_eq!(error.severity, Severity::Error);
    assert!(error.message.contains("`speakers`"), "{}", error.message);
    assert!(found.unreadable.contains("a.md") && found.unreadable.contains("b.md"));
}

#[test]
fn readings_are_counted_the_most_frequent_first() {
    let talk = "# 2031-05-14\n\n## Sails of the moon - Nora Quill\n\n## Kelp - Bo Pier\n\ntext\n";
    let said = "---\ntalknotes: talk\ntitle: Kelp\n---\n\ntext\n";
    let broken = "---\ntalknotes: poem\n---\n\ntext\n";
    let summit = "{\"talknotes\": \"summit\", \"title\": \"Harbor\"}\n";
    let files = [
        file("a.md", DIARY),
        file("b.md", talk),
        file("c.md", DIARY),
        file("d.md", DIARY),
        file("e.md", said),
        file("f.md", said),
        file("g.md", broken),
        file("h.md", summit),
    ];
    let found = read(&files, spec_rules("- paths: [c.md]\n  talks: {at: Heading, level: 3}"));
    let readings: Vec<_> =
        found.readings.iter().map(|r| (r.reading.as_str(), r.by, r.documents, r.talks)).collect();
    let expected = [
        ("it is what it says, byte for byte", ReadingDecider::Document, 3, 2),
        ("there are no talks", ReadingDecider::Detection, 2, 0),
        ("each heading of level 2 is a talk", ReadingDecider::Detection, 1, 2),
        ("each heading of level 3 is a talk", ReadingDecider::Rule, 1, 2),
    ];
    assert_eq!(readings, expected);
}

/// Reads `files` by the rules that detection would have written; the same must come out. Gives the
/// number of talks, and how many parts were left to detection.
fn round_trip(name: &str, files: &[SourceFile]) -> (usize, usize) {
    let plain = read(files, ReadOptions::default());
    let yaml = written(files, ReadOptions::default().format).unwrap();
    let mut with = files.to_vec();
    with.push(file(RULES_FILE, &yaml));
    let again = read(&with, ReadOptions::default());
    let of_rules = |d: &&talknotes::api::Diagnostic| d.code.starts_with("TN18");
    assert_eq!(again.diagnostics.iter().find(of_rules), None, "{name}\n{yaml}");
    assert_eq!(again.notes, plain.notes, "{name}\n{yaml}");
    assert_eq!(again.summits, plain.summits, "{name}\n{yaml}");
    (plain.notes.len(), yaml.matches("is left to detection").count())
}

#[test]
fn reading_by_the_written_rules_gives_the_same_talks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let (mut talks, mut left, mut cases) = (0, 0, 0);
    let mut all = Vec::new();
    for style in entries(&root) {
        for case in entries(&style) {
            let base = if case.is_dir() { case.clone() } else { style.clone() };
            let files = documents(&base, &case);
            all.extend(documents(&root, &case));
            let (found, parts) = round_trip(&case.display().to_string(), &files);
            talks += found;
            left += parts;
            cases += usize::from(!files.is_empty());
        }
    }
    println!("{cases} cases, {talks} talks; {left} parts are left to detection");
    assert!(cases > 60 && talks > 200, "the corpus is gone");
    assert!(left * 10 < cases, "{left} parts of {cases} cases are left to detection");
    round_trip("all of the corpus", &all);
}

#[test]
fn so_it_is_with_the_shared_documents() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/notes");
    let folder = std::env::var_os("TALKNOTES_SHARED_NOTES").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let files = documents(&folder, &folder);
    let (talks, left) = round_trip("shared", &files);
    assert!(talks > 0);
    println!("{talks} talks; {left} parts are left to detection");
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The Markdown files at and below `path`, with their paths from `base`.
fn documents(base: &Path, path: &Path) -> Vec<SourceFile> {
    if path.is_dir() {
        return entries(path).iter().flat_map(|inner| documents(base, inner)).collect();
    }
    let is_markdown = path.extension().is_some_and(|extension| extension == "md");
    let relative = path.strip_prefix(base).unwrap().to_string_lossy().into_owned();
    let content = std::fs::read(path).unwrap();
    is_markdown.then_some(SourceFile { path: relative, content }).into_iter().collect()
}

/// Nothing that rules found is to be deleted because they were not read.
#[test]
fn without_the_rules_no_document_is_read_as_it_is_meant() {
    let files = [file("a.md", DIARY), file("b.yaml", "a: 1\n")];
    let mut collection = read(&files, ReadOptions::default());
    let paths = || files.iter().map(|file| file.path.as_str());
    collection.leave_out(&[left_out("c.md", "it is a symbolic link")], paths());
    assert_eq!(collection.unreadable.iter().collect::<Vec<_>>(), ["c.md"]);
    collection.leave_out(&[left_out(RULES_FILE, "it is a symbolic link")], paths());
    let unreadable: Vec<&str> = collection.unreadable.iter().map(String::as_str).collect();
    assert_eq!(unreadable, [RULES_FILE, "a.md", "c.md"]);
}
