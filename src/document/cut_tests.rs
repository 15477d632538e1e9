//! Documents that are cut into talks: nothing that stands in one place hides or misses what is in another.

use super::*;

fn read_one(text: &str) -> Collection {
    let files = [SourceFile { path: "pier-days-2033.md".to_owned(), content: text.into() }];
    super::read(&files, ReadOptions::default())
}

fn titles(collection: &Collection) -> Vec<&str> {
    collection.notes.iter().map(|note| note.spec.title.as_str()).collect()
}

fn codes(collection: &Collection) -> Vec<&str> {
    collection.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

const NOTES: &str = "# Pier Days 2033\n\n# 2033-06-02\n\n## Moorings - Mira Quell\n\n- Retry\n  BUDGET[^Budget]\n- TTL of the rope[^ttl]\n\n## Ropes - Bo Pier\n\n- Knots first\n\n## Lights - Lin Ropes\n\n- Hand over[^budget]\n\n[^budget]: Ten of a hundred.\n\n    Measured daily.\n[^ttl]: Half an hour.\n\n*[TTL]: time to live";

#[test]
fn each_talk_has_the_footnotes_and_abbreviations_that_it_refers_to() {
    let read = read_one(NOTES);
    let bodies: Vec<&str> =
        read.notes.iter().map(|note| note.spec.markdown.as_deref().unwrap()).collect();
    assert_eq!(
        bodies,
        [
            "- Retry\n  BUDGET[^Budget]\n- TTL of the rope[^ttl]\n\n[^budget]: Ten of a hundred.\n\n    Measured daily.\n[^ttl]: Half an hour.\n\n*[TTL]: time to live",
            "- Knots first",
            "- Hand over[^budget]\n\n[^budget]: Ten of a hundred.\n\n    Measured daily.",
        ]
    );
    assert!(codes(&read).is_empty(), "{:?}", read.diagnostics);
}

#[test]
fn an_edited_footnote_changes_the_talks_that_show_it_alone() {
    let (before, after) = (read_one(NOTES), read_one(&NOTES.replace("Half an hour", "An hour")));
    let same: Vec<bool> = before.notes.iter().zip(&after.notes).map(|(a, b)| a == b).collect();
    assert_eq!(same, [false, true, true]);
}

#[test]
fn definitions_above_the_first_talk_count_for_all() {
    let text = "# Pier Days 2033\n\n[^a]: One.\n\n[home]:\n  https://pier.example\n\n# 2033-06-02\n\n## Moorings - Mira Quell\n\nx[^a] [home]\n\n## Ropes - Bo Pier\n\ny\n";
    let read = read_one(text);
    assert_eq!(
        read.notes[0].spec.markdown.as_deref(),
        Some("x[^a] [home]\n\n[^a]: One.\n\n[home]: https://pier.example")
    );
    assert_eq!(read.notes[1].spec.markdown.as_deref(), Some("y"));
    let overview = read.summits[0].spec.overview.as_deref().unwrap_or_default();
    assert!(!overview.contains("[^a]"), "{overview}");
}

#[test]
fn html_in_an_item_hides_no_talk_below_it() {
    for open in ["<details>", "<!-- not closed", "<pre>", "<script>", "<div>"] {
        for item in [
            format!("- a note\n  {open}"),
            format!("- {open}"),
            format!("1. a\n   - b\n     {open}"),
            format!("> {open}"),
            format!(":::info\n{open}\n:::"),
        ] {
            let text = format!(
                "# 2033-06-02\n\n## Moorings - Mira Quell\n\n{item}\n## Ropes - Bo Pier\n\nKnots.\n"
            );
            assert_eq!(titles(&read_one(&text)), ["Moorings", "Ropes"], "{text}");
        }
    }
}

#[test]
fn html_that_nothing_ends_is_told() {
    let read =
        read_one("# 2033-06-02\n\n## Moorings - Mira Quell\n\nx\n\n<!-- y\n\n## Ropes - Bo Pier\n");
    assert_eq!(titles(&read), ["Moorings"]);
    assert_eq!(codes(&read), ["TN1104"]);
    assert_eq!(read.diagnostics[0].line, Some(7));
}

#[test]
fn talks_in_a_fold_are_found() {
    let text = "# 2033-06-02\n\n<details>\n<summary>All</summary>\n\n## Moorings - Mira Quell\n\nx\n\n## Ropes - Bo Pier\n\ny\n\n</details>\n";
    assert_eq!(titles(&read_one(text)), ["Moorings", "Ropes"]);
}

#[test]
fn an_index_at_the_root_names_the_summit_of_a_folder_of_talks() {
    let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), content: text.into() };
    let days = "Notes of a day.\n\n## 2033-06-02\n\n- 09:30 [Moorings](talks/moorings.md) - Mira Quell\n- 10:30 [Ropes](talks/ropes.md) - Bo Pier\n";
    for title in ["Pier Days 2033", "Pier Ops 2033"] {
        let files = [
            file("README.md", &format!("# {title}\n\n{days}")),
            file("talks/moorings.md", "---\ntitle: Moorings\n---\nx\n"),
            file("talks/ropes.md", "---\ntitle: Ropes\n---\ny\n"),
        ];
        let read = super::read(&files, ReadOptions::default());
        let summits: Vec<&str> =
            read.summits.iter().map(|summit| summit.spec.title.as_str()).collect();
        assert_eq!(summits, [title]);
        let overview = read.summits[0].spec.overview.as_deref().unwrap_or_default();
        assert!(overview.contains("Notes of a day."), "{overview}");
        assert_eq!(titles(&read), ["Moorings", "Ropes"]);
        assert!(read.notes.iter().all(|note| note.spec.day.as_deref() == Some("2033-06-02")));
    }
}
