//! What a repository as a whole says of its documents, and what an author is asked where that is not sure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

use talknotes::document::{Collection, RULES_FILE, ReadOptions, SourceFile, read, rules};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), content: text.into() }
}

fn read_all(files: &[SourceFile]) -> Collection {
    read(files, ReadOptions::default())
}

fn titles(collection: &Collection) -> Vec<&str> {
    collection.notes.iter().map(|note| note.spec.title.as_str()).collect()
}

fn speakers<'c>(collection: &'c Collection, title: &str) -> Vec<&'c str> {
    let note = collection.notes.iter().find(|note| note.spec.title == title);
    let note = note.unwrap_or_else(|| panic!("{title:?} is not among {:?}", titles(collection)));
    note.spec.speakers.iter().map(|speaker| speaker.name.as_str()).collect()
}

/// A document that may be about talks or about anything else.
const UNSURE: &str = "# Sailors Meetup 2031\n\n## Mending a torn sail\n\n- thread\n- wax\n\n## Reading the wind at night\n\n- stars\n- flags\n\n## Anchors that hold in mud\n\n- weight\n";

#[test]
fn what_is_not_sure_is_asked_and_a_rule_answers() {
    let mut files = vec![file("sails.md", UNSURE)];
    let collection = read_all(&files);
    assert_eq!(titles(&collection), [""; 0]);
    let [told] = collection.diagnostics.as_slice() else { panic!("{:?}", collection.diagnostics) };
    assert_eq!(told.code, "TN1204");
    assert!(
        told.message.contains("3 talks, the first of them \"Mending a torn sail\""),
        "{}",
        told.message
    );
    assert!(collection.unreadable.contains("sails.md"), "what was published of it stays");

    let (_, rule) = told.message.split_once(": - ").unwrap();
    files.push(file(RULES_FILE, &format!("rules:\n- {rule}\n")));
    let collection = read_all(&files);
    assert_eq!(collection.diagnostics, []);
    assert_eq!(collection.notes.len(), 3);
    assert!(collection.unreadable.is_empty());
}

#[test]
fn rules_that_detection_writes_say_what_may_be_talks() {
    let text = rules(&[file("sails.md", UNSURE)], Default::default()).unwrap();
    assert!(text.contains("talks: {at: Heading, level: 2}"), "{text}");
    let collection = read_all(&[file("sails.md", UNSURE), file(RULES_FILE, &text)]);
    assert_eq!(titles(&collection), [""; 0], "it is a remark, until somebody confirms it");
}

#[test]
fn a_site_about_something_else_gives_the_talks_of_its_events_alone() {
    let recipe = |number: usize| {
        let text = format!(
            "---\ntitle: Soup number {number} of 2031\n---\n\n## Preparation of the broth\n\n- boil\n\n## Five herbs to try - Thyme\n\n- cut\n\n## Task 1: peel - Carrots\n\n- peel\n"
        );
        file(&format!("posts/soup-{number}.md"), &text)
    };
    let mut files: Vec<SourceFile> = (0..10).map(recipe).collect();
    let event = "---\ntitle: Notes from Harbor Summit 2031\n---\n\n## Tides of Traffic - Mira Quell\n\n- water\n\n## Ropes and Routes - Bo Pier\n\n- knots\n";
    files.push(file("posts/harbor-summit.md", event));
    assert_eq!(titles(&read_all(&files)), ["Tides of Traffic", "Ropes and Routes"]);
}

#[test]
fn a_folder_that_gathers_the_events_says_that_the_others_do_not() {
    let talk = |title: &str| format!("# {title}\n\nSpeaker: Mira Quell\n\n- water\n");
    let chapter = |title: &str| {
        format!(
            "# {title}\n\n## The first of two ways\n\n- row\n\n## The second of two ways\n\n- sail\n"
        )
    };
    let files = [
        file("conference/tides.md", &talk("Tides of Traffic")),
        file("conference/ropes.md", &talk("Ropes and Routes")),
        file("conference/gulls.md", &talk("Gulls on Call")),
        file("book/16-2031.md", &chapter("Ways across the water 2031")),
    ];
    assert_eq!(
        titles(&read_all(&files)),
        ["Gulls on Call", "Ropes and Routes", "Tides of Traffic"]
    );
}

#[test]
fn where_most_documents_of_a_folder_have_a_speaker_others_have_one_too() {
    let talk = |heading: &str| format!("# {heading}\n\n- water\n");
    let files = [
        file("harbor-summit-2031/1.md", &talk("Tides of Traffic - Mira Quell")),
        file("harbor-summit-2031/2.md", &talk("Ropes and Routes - Peter Pier")),
        file("harbor-summit-2031/3.md", &talk("Gulls on Call - Anna Berth")),
        file("harbor-summit-2031/4.md", &talk("Lamps at Low Tide - Wren Ashgrove")),
    ];
    let collection = read_all(&files);
    assert_eq!(speakers(&collection, "Lamps at Low Tide"), ["Wren Ashgrove"]);
}

#[test]
fn what_a_title_speaks_of_is_no_speaker() {
    let files = [
        file(
            "harbor-summit-2031/1.md",
            "# Forecasts at scale with Apache Anemone\n\nhttps://harbor.example/session/forecasts\n\n- wind\n",
        ),
        file("harbor-summit-2031/2.md", "# Tides of Traffic\n\nSpeaker: Mira Quell\n\n- water\n"),
        file("harbor-summit-2031/3.md", "# Ropes and Routes\n\nSpeaker: Bo Pier\n\n- knots\n"),
    ];
    let collection = read_all(&files);
    assert_eq!(speakers(&collection, "Forecasts at scale with Apache Anemone"), [""; 0]);
}

#[test]
fn a_file_is_named_after_its_talk_and_begins_with_something_else() {
    let text = "Works at Harbor Labs.\n\n- boats\n\n## Where harbors fail\n\n- mud\n";
    let collection = read_all(&[
        file("Harbor Summit 2031/Sailing by the stars alone.md", text),
        file(
            "Harbor Summit 2031/Tides of Traffic.md",
            "# Tides of Traffic - Mira Quell\n\n- water\n",
        ),
        file("Harbor Summit 2031/Ropes and Routes.md", "# Ropes and Routes\n\n- knots\n"),
    ]);
    let mut titles = titles(&collection);
    titles.retain(|title| *title != "Ropes and Routes");
    assert_eq!(titles, ["Sailing by the stars alone", "Tides of Traffic"]);
}

#[test]
fn names_that_are_links_begin_the_first_sentence_of_each_talk() {
    let talk = |title: &str, name: &str| {
        format!(
            "## {title}\n\n[{name}](https://people.example/x) has been at Harbor Labs for years.\n\n- water\n\n"
        )
    };
    let text = format!(
        "# Harbor Summit 2031\n\n{}{}{}",
        talk("Tides of Traffic", "Mira Quell"),
        talk("Ropes and Routes", "Peter Pier"),
        talk("Gulls on Call", "Anna Berth")
    );
    let collection = read_all(&[file("harbor.md", &text)]);
    assert_eq!(speakers(&collection, "Ropes and Routes"), ["Peter Pier"]);
}
