//! What an author holds back stays back, in the words of every tool; and what stands there is said as it is
//! written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use talknotes::api::{
    DraftPolicy, EventStatus, LineBreaks, Publication, RobotsRule, SummitSpec, TalkNoteSpec,
};
use talknotes::document::{Collection, Imported, ReadOptions, SourceFile, read};

/// The time that it is in these tests.
const NOW: &str = "2031-06-01T00:00:00Z";
/// Two talks, as many people write them.
const TALKS: &str =
    "## Tides of traffic - Mira Quell\n- water\n\n## Ropes and routes - Bo Reef\n- knots\n";

fn options() -> ReadOptions {
    ReadOptions { now: Some(NOW.parse().unwrap()), ..ReadOptions::default() }
}

fn read_with(files: &[(&str, &str)], options: ReadOptions) -> Collection {
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        content: text.as_bytes().to_vec(),
    };
    read(&files.iter().map(file).collect::<Vec<_>>(), options)
}

fn read_all(files: &[(&str, &str)]) -> Collection {
    read_with(files, options())
}

fn post(fields: &str) -> String {
    format!("---\ntitle: Harbor Days 2031\n{fields}\n---\n\n{TALKS}")
}

fn codes(collection: &Collection) -> Vec<&str> {
    collection.diagnostics.iter().map(|found| found.code.as_str()).collect()
}

#[track_caller]
fn notes(collection: &Collection, count: usize) -> Vec<&TalkNoteSpec> {
    assert_eq!(collection.notes.len(), count, "{:?}", collection.diagnostics);
    collection.notes.iter().map(|note| &note.spec).collect()
}

fn summit<'a>(collection: &'a Collection, name: &str) -> &'a SummitSpec {
    let found = collection.summits.iter().find(|summit| summit.name == name);
    &found.unwrap_or_else(|| panic!("no {name} in {:?}", collection.summits)).spec
}

/// Whether nothing of a document is public at [`NOW`].
fn is_withheld(collection: &Collection) -> bool {
    let is_later = |time: &Option<String>| time.as_deref().is_some_and(|time| time > "2031-06-01");
    let draft = Some(Publication::Draft);
    let hidden = |note: &Imported<TalkNoteSpec>| {
        note.spec.publication == draft || is_later(&note.spec.publish_at)
    };
    let unlisted = |summit: &Imported<SummitSpec>| {
        summit.spec.publication == draft || is_later(&summit.spec.publish_at)
    };
    collection.notes.iter().all(hidden) && collection.summits.iter().all(unlisted)
}

#[test]
fn a_date_of_publication_to_come_is_waited_for_and_a_past_one_changes_nothing() {
    for key in [
        "publishDate",
        "publishdate",
        "pubDate",
        "published",
        "publish_date",
        "publishedAt",
        "embargo",
    ] {
        let later = read_all(&[("harbor-2031.md", &post(&format!("{key}: 2099-01-01T00:00:00Z")))]);
        for note in notes(&later, 2) {
            assert_eq!(note.publish_at.as_deref(), Some("2099-01-01T00:00:00Z"), "{key}");
            assert_eq!(note.publication, None, "{key}");
        }
        let agenda = summit(&later, "harbor-2031");
        assert_eq!(agenda.publish_at.as_deref(), Some("2099-01-01T00:00:00Z"), "{key}");
        assert_eq!(codes(&later), Vec::<&str>::new());

        let past = read_all(&[("harbor-2031.md", &post(&format!("{key}: 2031-05-20")))]);
        for note in notes(&past, 2) {
            assert_eq!((note.publish_at.as_deref(), note.publication), (None, None), "{key}");
        }
        assert_eq!(codes(&past), Vec::<&str>::new());
    }
}

#[test]
fn what_has_expired_is_withheld_and_told_and_what_will_expire_carries_its_time() {
    for key in ["expiryDate", "unpublishdate", "expires", "unpublishAt"] {
        for drafts in [DraftPolicy::Hide, DraftPolicy::Publish] {
            let text = post(&format!("{key}: 2031-01-01"));
            let expired =
                read_with(&[("harbor-2031.md", &text)], ReadOptions { drafts, ..options() });
            assert!(is_withheld(&expired), "{key}");
            assert_eq!(notes(&expired, 2)[0].unpublish_at.as_deref(), Some("2031-01-01T00:00:00Z"));
            assert_eq!(codes(&expired), ["TN1008"], "{key}");
        }
        let later = read_all(&[("harbor-2031.md", &post(&format!("{key}: 2099-01-01")))]);
        for note in notes(&later, 2) {
            assert_eq!(note.unpublish_at.as_deref(), Some("2099-01-01T00:00:00Z"), "{key}");
            assert_eq!(note.publication, None);
        }
        assert_eq!(codes(&later), Vec::<&str>::new());
    }
}

#[test]
fn the_date_of_an_event_to_come_holds_nothing_back() {
    let collection = read_all(&[("harbor-2033.md", &post("date: 2033-03-12T09:00:00+01:00"))]);
    for note in notes(&collection, 2) {
        assert_eq!((note.publication, note.publish_at.as_deref()), (None, None));
    }
}

#[test]
fn drafts_in_the_words_of_every_tool() {
    for fields in [
        "draft: true",
        "draft: True",
        "draft: 'true'",
        "draft: \"YES\"",
        "draft: on",
        "draft: 1",
        "Draft: y",
        "draft: maybe",
        "draft: [true]",
        "draft: {until: later}",
        "isDraft: true",
        "published: false",
        "publish: False",
        "published: no",
        "status: draft",
        "status: \"DRAFT\"",
        "Status: Private",
        "private: true",
        "hidden: yes",
        "unlisted: true",
        "visibility: private",
        "visibility: members only",
        "visibility: false",
        "params: {draft: true}",
        "extra:\n  private: true",
        "build: {render: never}",
        "permalink: false",
        "publication: draft",
        "publishAt: later",
        "publishDate: when I am back",
        "draft: true\ndraft: false",
        "Draft: true\ndraft: false",
        "draft: false\nparams: {draft: true}",
        "status: draft\nstatus: final",
        "expiryDate: soon",
        "草稿: true",
    ] {
        let collection = read_all(&[("harbor-2031.md", &post(fields))]);
        assert_eq!(notes(&collection, 2).len(), 2);
        assert!(is_withheld(&collection), "{fields}: {collection:?}");
    }
    for fields in [
        "draft: false",
        "draft: 'no'",
        "draft:",
        "draft: off",
        "published: true",
        "status: final",
        "visibility: Public",
        "private: false",
        "publication: Published",
        "permalink: /harbor/",
        "build: {list: never}",
        "publication: \"*Journal of Tides*\"",
    ] {
        let collection = read_all(&[("harbor-2031.md", &post(fields))]);
        assert!(
            notes(&collection, 2).iter().all(|note| note.publication != Some(Publication::Draft)),
            "{fields}"
        );
        assert!(collection.summits[0].spec.publication.is_none(), "{fields}");
    }
}

#[test]
fn drafts_in_toml_json_and_headers() {
    for text in [
        format!("+++\ntitle = 'Harbor Days 2031'\ndraft = true\n+++\n\n{TALKS}"),
        format!("+++\ntitle = 'Harbor Days 2031'\npublishDate = 2099-01-01\n+++\n\n{TALKS}"),
        format!("+++\ntitle = 'Harbor Days 2031'\n[extra]\ndraft = true\n+++\n\n{TALKS}"),
        format!("{{\"title\": \"Harbor Days 2031\", \"draft\": true}}\n\n{TALKS}"),
        format!(
            "{{\"title\": \"Harbor Days 2031\", \"draft\": true, \"draft\": false}}\n\n{TALKS}"
        ),
        format!("Title: Harbor Days 2031\nDraft: true\n\n{TALKS}"),
        format!("Status: draft\nTitle: Harbor Days 2031\n\n{TALKS}"),
        format!("---toml\ntitle = 'Harbor Days 2031'\ndraft = true\n---\n\n{TALKS}"),
        format!("---json\n{{\"title\": \"Harbor Days 2031\", \"draft\": true}}\n---\n\n{TALKS}"),
    ] {
        let collection = read_all(&[("harbor-2031.md", &text)]);
        assert_eq!(notes(&collection, 2).len(), 2, "{text}");
        assert!(is_withheld(&collection), "{text}");
    }
}

#[test]
fn front_matter_that_is_slightly_malformed_still_holds_back() {
    for text in [
        format!("\n\n---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n{TALKS}"),
        format!("\u{feff}---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n{TALKS}"),
        format!("\u{feff}\u{feff}\n---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n{TALKS}"),
        format!("<!-- lint off -->\n---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n{TALKS}"),
        format!("---\n  title: Harbor Days 2031\n  draft: true\n---\n\n{TALKS}"),
        format!("-----\ntitle: Harbor Days 2031\ndraft: true\n-----\n\n{TALKS}"),
        format!("--- \t\ntitle: Harbor Days 2031\ndraft: true\n---  \n\n{TALKS}"),
        format!("---\ntitle: Harbor Days 2031\ndraft: true\n ----\n\n{TALKS}"),
        format!(" ---\ntitle: Harbor Days 2031\ndraft: true\n ---\n\n{TALKS}"),
        format!("---\r\ntitle: Harbor Days 2031\r\ndraft: true\r\n---\r\n\r\n{TALKS}"),
        format!("---\n\n# a comment\n\ntitle: Harbor Days 2031\ndraft: true\n---\n\n{TALKS}"),
        format!("++++\ntitle = 'Harbor Days 2031'\ndraft = true\n++++\n\n{TALKS}"),
    ] {
        let collection = read_all(&[("harbor-2031.md", &text)]);
        assert_eq!(notes(&collection, 2).len(), 2, "{text}");
        assert!(is_withheld(&collection), "{text}");
    }
}

#[test]
fn what_seems_to_hold_back_and_cannot_be_read_is_withheld_with_a_diagnostic() {
    for text in [
        format!("---\ntitle: Harbor: Days\ndraft: true\n---\n\n{TALKS}"),
        format!("---\n\ttitle: Harbor Days\n\tdraft: true\n---\n\n{TALKS}"),
        format!("---\ntitle: Harbor Days\ndraft: true\n\n{TALKS}"),
        format!("\n---\ntitle: Harbor Days\ndraft: true\n\n{TALKS}"),
        format!("---\ndraft:true\n---\n\n{TALKS}"),
        format!("---\npublish date: 2099-01-01\ntitle: a: b\n---\n\n{TALKS}"),
        format!("+++\ntitle = Harbor\ndraft = true\n+++\n\n{TALKS}"),
        format!("{{\"title\": \"Harbor Days\", \"draft\": true\n\n{TALKS}"),
        format!("---js\nmodule.exports = {{ draft: true }}\n---\n\n{TALKS}"),
        "---\ntalknotes: talk\ntitle: [a]\ndraft: true\n---\ntext\n".to_owned(),
    ] {
        let collection = read_all(&[("harbor-2031.md", &text)]);
        assert!(collection.notes.is_empty() && collection.summits.is_empty(), "{text}");
        assert!(collection.withheld.contains("harbor-2031.md"), "{text}");
        assert_eq!(codes(&collection), ["TN1003"], "{text}");
    }
    let open = read_all(&[("harbor-2031.md", "---\ntitle: a: b\ndraft: false\n---\ntext\n")]);
    assert!(open.unreadable.contains("harbor-2031.md") && open.withheld.is_empty());
}

#[test]
fn rules_between_lines_are_no_front_matter() {
    for text in [
        format!("# Harbor Days 2031\n\n---\n\n{TALKS}"),
        format!("\n---\n\nWelcome to the harbor.\n\n---\n\n{TALKS}"),
        format!("-----\nNote: bring ropes\n\nto the pier\n\n-----\n\n{TALKS}"),
    ] {
        let collection = read_all(&[("harbor-days-2031.md", &text)]);
        assert_eq!(notes(&collection, 2).len(), 2, "{text}");
        assert!(collection.unreadable.is_empty(), "{text}");
    }
}

#[test]
fn folders_and_names_of_drafts_are_withheld_and_told() {
    let text = post("tags: [conference]");
    for path in
        ["_drafts/harbor.md", "site/Drafts/2031/harbor.md", "harbor.draft.md", "notes/_harbor.md"]
    {
        let collection = read_all(&[(path, &text)]);
        assert_eq!(notes(&collection, 2).len(), 2, "{path}");
        assert!(is_withheld(&collection), "{path}");
        assert_eq!(codes(&collection), ["TN1008"], "{path}");
        let published = ReadOptions { drafts: DraftPolicy::Publish, ..options() };
        let shown = read_with(&[(path, &text)], published);
        assert!(
            shown.notes.iter().all(|note| note.spec.publication == Some(Publication::Published))
        );
    }
    let stated = read_all(&[("_drafts/harbor.md", &post("publication: Published"))]);
    assert!(!is_withheld(&stated), "what is said in so many words counts");
    for path in ["_posts/harbor.md", "content/_index.md", "_talks/harbor.md"] {
        let collection = read_all(&[(path, &text)]);
        assert!(!is_withheld(&collection), "{path}");
    }
}

#[test]
fn manifests_and_documents_that_say_what_they_are_are_held_back_by_their_folder() {
    let manifest = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {name: tides}\nspec:\n  \
                    title: Tides\n  markdown: water\n";
    let said = "---\ntalknotes: talk\ntitle: Tides\n---\n\nwater\n";
    let event = "---\ntalknotes: summit\ntitle: Harbor Days\npublished: false\n---\n\nsecret\n";
    for (path, text) in [("drafts/a.yaml", manifest), ("_drafts/a.md", said), ("a.md", event)] {
        let collection = read_all(&[(path, text)]);
        assert_eq!(collection.notes.len() + collection.summits.len(), 1, "{path}");
        assert!(is_withheld(&collection), "{path}");
    }
    for text in ["draft: yes", "published: false", "publishAt: later"] {
        let front = format!("---\ntalknotes: talk\ntitle: Tides\n{text}\n---\n\nwater\n");
        let collection = read_all(&[("a.md", &front)]);
        assert!(is_withheld(&collection), "{text}");
        assert_eq!(collection.notes.len(), 1, "{text}");
    }
    let later = manifest.to_owned() + "  publishAt: someday\n";
    let collection = read_all(&[("a.yaml", &later)]);
    assert!(is_withheld(&collection) && codes(&collection) == ["TN1005"]);
}

#[test]
fn what_the_front_matter_says_holds_for_each_talk_wherever_talks_stand() {
    let front = "---\ntitle: Harbor Days 2031\npublishAt: 2099-01-01T09:00:00+08:00\nunpublishAt: 2100-01-01\nlang: \
                 nl\nbreaks: false\nrobots: noindex\n---\n\n";
    for body in [
        TALKS.to_owned(),
        "# Day 1\n\n## Tides of traffic - Mira Quell\nwater\n\n# Day 2\n\n## Ropes and routes - Bo Reef\nknots\n"
            .to_owned(),
        "## Talks\n\n- [Tides of traffic](https://h.example/1) - Mira Quell\n  - water\n- [Ropes and \
         routes](https://h.example/2) - Bo Reef\n  - knots\n"
            .to_owned(),
        "| Time | Title | Speaker |\n|---|---|---|\n| 09:00 | Tides of traffic | Mira Quell |\n| 10:00 | Ropes \
         and routes | Bo Reef |\n"
            .to_owned(),
        "**Tides of traffic** - Mira Quell\n\nwater\n\n**Ropes and routes** - Bo Reef\n\nknots\n".to_owned(),
    ] {
        let collection = read_all(&[("harbor-2031.md", &format!("{front}{body}"))]);
        for note in notes(&collection, 2) {
            assert_eq!(note.publish_at.as_deref(), Some("2099-01-01T09:00:00+08:00"), "{body}");
            assert_eq!(note.unpublish_at.as_deref(), Some("2100-01-01T00:00:00Z"), "{body}");
            assert_eq!(note.language.as_deref(), Some("nl"), "{body}");
            assert_eq!(note.rendering.unwrap().line_breaks, Some(LineBreaks::Soft), "{body}");
            assert_eq!(note.robots, [RobotsRule::NoIndex], "{body}");
        }
    }
}

#[test]
fn one_document_does_not_publish_what_another_holds_back() {
    let draft = "---\ntitle: Harbor Days 2031\ndraft: true\n---\n\nThe budget is 3 \
                 million.\n\n## Tides of traffic - Mira Quell\nwater\n\n## Ropes and routes - Bo Reef\nknots\n";
    let open =
        "---\nsummit: harbor-2031\nspeaker: Nia Pier\ntitle: Anchors as code\n---\n\nchains\n";
    for files in [
        [("harbor-2031.md", draft), ("tides.md", open)],
        [("anchors.md", open), ("harbor-2031.md", draft)],
    ] {
        let collection = read_all(&files);
        let found = summit(&collection, "harbor-2031");
        assert_eq!((found.publication, found.overview.as_deref()), (None, None));
        let drafts = collection.notes.iter().filter(|n| n.spec.publication.is_some()).count();
        assert_eq!((collection.notes.len(), drafts), (3, 2));
    }
    let alone = read_all(&[("harbor-2031.md", draft)]);
    let found = summit(&alone, "harbor-2031");
    assert_eq!(found.publication, Some(Publication::Draft));
    assert!(
        found.overview.as_deref().unwrap().contains("budget"),
        "it is there when it is published"
    );
}

#[test]
fn a_talk_in_two_places_waits_for_the_later_of_two_times() {
    let with = |time: &str, text: &str| {
        format!(
            "---\nsummit: harbor-2031\nspeaker: Mira Quell\ntitle: Tides of traffic\npublishAt: {time}\n---\n\n{text}\n"
        )
    };
    let (a, b) = (with("2098-01-01", "ebb"), with("2099-01-01", "flood"));
    for files in
        [[("a.md", a.as_str()), ("b.md", b.as_str())], [("a.md", b.as_str()), ("b.md", a.as_str())]]
    {
        let collection = read_all(&files);
        assert_eq!(notes(&collection, 1)[0].publish_at.as_deref(), Some("2099-01-01T00:00:00Z"));
    }
}

#[test]
fn texts_that_look_like_something_else_stay_as_they_are_written() {
    let yaml = "---\ntitle: 2.0\nsummit: Harbor Days 2031\nspeakers: [Null, {name: True, organization: 1.10}]\nday: \
                2031-10-04\nroom: 1.10\ntrack: 007\ntags: [1.30, 1.31, 2e3, 0755, 0x1F, 1_000, .nan, -.inf, .NaN, \
                yes, no, null, +5, 2031-05-14, 12e4567, 123456789012345678901234567890]\nstartTime: 09:00\n\
                endTime: 9:45\norder: 03\n---\n\nwater\n";
    let collection = read_all(&[("a.md", yaml)]);
    let note = notes(&collection, 1)[0];
    assert_eq!(
        (note.title.as_str(), note.room.as_deref(), note.track.as_deref()),
        ("2.0", Some("1.10"), Some("007"))
    );
    let expected = [
        "1.30",
        "1.31",
        "2e3",
        "0755",
        "0x1F",
        "1_000",
        ".nan",
        "-.inf",
        ".NaN",
        "yes",
        "no",
        "null",
        "+5",
        "2031-05-14",
        "12e4567",
        "123456789012345678901234567890",
    ];
    assert_eq!(note.tags, expected);
    assert_eq!(
        (note.start_time.as_deref(), note.end_time.as_deref()),
        (Some("09:00"), Some("09:45"))
    );
    let people: Vec<_> =
        note.speakers.iter().map(|s| (s.name.as_str(), s.organization.as_deref())).collect();
    assert_eq!(people, [("Null", None), ("True", Some("1.10"))]);
    assert_eq!((note.order, codes(&collection)), (Some(3), vec![]));
}

#[test]
fn numbers_are_texts_in_toml_json_and_in_documents_that_say_what_they_are() {
    let fields = "summit: Harbor Days 2031\nspeaker: Mira Quell\n";
    for text in [
        "+++\ntitle = 'Tides'\nsummit = 'Harbor Days 2031'\nroom = 1.10\ntrack = 2e3\ntags = [1.30, 0x1F, 1_000]\n+++\nx\n".to_owned(),
        "{\"title\": \"Tides\", \"summit\": \"Harbor Days 2031\", \"room\": 1.10, \"track\": 2e3, \"tags\": [1.30, \"0x1F\", \
         \"1_000\"]}\nx\n".to_owned(),
        format!("---\ntitle: Tides\n{fields}room: 1.10\ntrack: 2e3\ntags: [1.30, 0x1F, 1_000]\n---\nx\n"),
        "---\ntalknotes: talk\ntitle: Tides\nroom: 1.10\ntrack: 2e3\ntags: [1.30, 0x1F, 1_000]\n---\nx\n".to_owned(),
        "---\ntitle: &t Tides\nsummit: Harbor Days 2031\nroom: &r 1.10\nspeaker: Mira Quell\ntrack: 2e3\ntags: [1.30, 0x1F, \
         1_000]\nalias: *r\n---\nx\n".to_owned(),
    ] {
        let collection = read_all(&[("a.md", &text)]);
        let note = notes(&collection, 1)[0];
        assert_eq!((note.room.as_deref(), note.track.as_deref()), (Some("1.10"), Some("2e3")), "{text}");
        assert_eq!(note.tags, ["1.30", "0x1F", "1_000"], "{text}");
    }
    let manifest = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {name: tides}\nspec:\n  title: \
                    2.0\n  room: 1.10\n  tags: [1.30, 007, .nan]\n  markdown: x\n";
    let collection = read_all(&[("a.yaml", manifest)]);
    let note = notes(&collection, 1)[0];
    assert_eq!((note.title.as_str(), note.room.as_deref()), ("2.0", Some("1.10")));
    assert_eq!(note.tags, ["1.30", "007", ".nan"]);
}

#[test]
fn a_field_without_a_value_is_absent() {
    let text = "---\ntitle: Tides\nsummit: Harbor Days 2031\nspeaker: Mira Quell\nroom: null\ntrack: ~\nday:\n---\nx\n";
    let note = notes(&read_all(&[("a.md", text)]), 1)[0].clone();
    assert_eq!((note.room, note.track, note.day), (None, None, None));
}

#[test]
fn cancelled_talks_are_told_apart_and_keep_their_names() {
    let held = "# Harbor Days 2031\n\n## 2031-03-09\n\n### 09:30 Anchors as code - Bo Reef\n\n- chains\n\n### 10:30 Tides \
                of traffic - Mira Quell\n\nThe ferry.\n\n### 11:30 潮汐與交通 - 王小港\n\n### 13:30 Ropes and routes \
                - Nia Pier\n\n### 14:30 Buoys as code - Ilse Kay\n";
    let marked = "# Harbor Days 2031\n\n## 2031-03-09\n\n### 09:30 Anchors as code - Bo Reef\n\n- chains\n\n### 10:30 \
                  ~~Tides of traffic - Mira Quell~~ (cancelled)\n\nThe ferry.\n\n### 11:30 【取消】潮汐與交通 - \
                  王小港\n\n### 13:30 CANCELLED: Ropes and routes - Nia Pier\n\n### 14:30 ~~Lamps~~ Buoys as code \
                  - Ilse Kay\n";
    let (before, after) = (read_all(&[("a.md", held)]), read_all(&[("a.md", marked)]));
    let told = |collection: &Collection| -> Vec<(String, String, usize)> {
        let note = |note: &Imported<TalkNoteSpec>| {
            (note.name.clone(), note.spec.title.clone(), note.spec.speakers.len())
        };
        collection.notes.iter().map(note).collect()
    };
    assert_eq!(told(&before), told(&after), "a mark renames nothing");
    let cancelled: Vec<bool> = notes(&after, 5)
        .iter()
        .map(|note| note.event_status == Some(EventStatus::Cancelled))
        .collect();
    assert_eq!(cancelled, [false, true, true, true, false]);
    assert!(notes(&before, 5).iter().all(|note| note.event_status.is_none()));
}

#[test]
fn front_matter_lists_and_tables_cancel_talks_too() {
    for text in [
        "---\ntitle: Tides of traffic\nspeaker: Mira Quell\nsummit: Harbor Days 2031\ncancelled: true\n---\nx\n",
        "---\ntitle: Tides of traffic\nspeaker: Mira Quell\nsummit: Harbor Days 2031\nstatus: Canceled\n---\nx\n",
        "---\ntitle: Tides of traffic\nspeaker: Mira Quell\nsummit: Harbor Days 2031\neventStatus: Cancelled\n---\nx\n",
        "---\ntitle: 'CANCELLED: Tides of traffic'\nspeaker: Mira Quell\nsummit: Harbor Days 2031\n---\nx\n",
        "---\ntalknotes: talk\ntitle: Tides of traffic\neventStatus: Cancelled\n---\nx\n",
    ] {
        let collection = read_all(&[("a.md", text)]);
        let note = notes(&collection, 1)[0];
        assert_eq!(note.title, "Tides of traffic");
        assert_eq!(
            (note.event_status, note.publication),
            (Some(EventStatus::Cancelled), None),
            "{text}"
        );
    }
    for body in [
        "- [Tides of traffic](https://h.example/1) - Mira Quell\n- ~~[Ropes and routes](https://h.example/2) - Bo Reef~~\n- \
         [Anchors as code](https://h.example/3) - Nia Pier\n",
        "| Time | Title | Speaker |\n|---|---|---|\n| 09:00 | Tides of traffic | Mira Quell |\n| 10:00 | ~~Ropes and \
         routes~~ | Bo Reef |\n| 11:00 | Anchors as code | Nia Pier |\n",
    ] {
        let collection = read_all(&[("a.md", &format!("# Harbor Days 2031\n\n{body}"))]);
        let cancelled: Vec<&str> = notes(&collection, 3)
            .iter()
            .filter(|note| note.event_status.is_some())
            .map(|note| note.title.as_str())
            .collect();
        assert_eq!(cancelled, ["Ropes and routes"], "{body}");
    }
}

#[test]
fn what_is_found_does_not_hang_on_the_name_of_a_folder() {
    let files = |folder: &str| {
        let note = |name: &str, title: &str, text: &str| {
            (
                format!("{folder}/{name}.md"),
                format!("---\ntitle: {title}\n---\n\n# {title}\n\n{text}\n"),
            )
        };
        vec![
            note("tides", "Tides of traffic", "Speaker: Mira Quell\n\n- water"),
            note("ropes", "Ropes and routes", "Speaker: Bo Pier\n\n- knots\n- more knots"),
            note("anchors", "Anchors as code", "Speaker: Nia Berth\n\n- chains\n- links"),
        ]
    };
    let found = |folder: &str| {
        let owned = files(folder);
        let files: Vec<_> =
            owned.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let collection = read_all(&files);
        let mut titles: Vec<_> =
            collection.notes.iter().map(|note| note.spec.title.clone()).collect();
        titles.sort();
        titles
    };
    let talks = found("talks");
    assert_eq!(talks.len(), 3);
    for folder in ["notes", "note", "Notes", "sessions", "2031/notes", "harbor"] {
        assert_eq!(found(folder), talks, "{folder}");
    }
}
