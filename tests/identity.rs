//! What names an object, and which edits of a document leave it what it is: the rule of `docs/names.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::{BTreeMap, BTreeSet};

use talknotes::api::Publication;
use talknotes::document::{Collection, ReadOptions, SourceFile, read};

/// The files of a repository by their paths.
type Files = Vec<(String, String)>;

/// A document in one style, and where its edits go.
struct Style {
    name: &'static str,
    files: Files,
    /// The titles of its talks.
    titles: &'static [&'static str],
    /// The title of the first talk as it is written, which gets a medal.
    first: &'static str,
    /// What is put in front of the first talk, as text of its file or as a file of its own.
    before: Before,
}

enum Before {
    /// `text` in front of `anchor`.
    Text {
        anchor: &'static str,
        text: &'static str,
    },
    File(&'static str, &'static str),
}

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const TITLES: &[&str] = &["Tides of Traffic", "Ropes and Knots Revisited", "招潮蟹與共識演算法"];

const DASH: &str = "---\ntitle: Harbor Days 2031\ndraft: true\n---\n\nTwo days by the water.\n\n# 2031-05-14\n\n## Tides of Traffic - Mira Quell\n\n* water finds a way\n* so do packets\n\n## Ropes and Knots Revisited - Bo Pier\n\n* tie it twice\n\n# 2031-05-15\n\n## 招潮蟹與共識演算法 - 林小舟\n\n* 先數有幾隻\n";

const LIST: &str = "---\ntitle: Harbor Days 2031 notes\ndraft: true\n---\n\n# 2031-05-14\n\n* [Tides of Traffic](https://days.example/session/1) - Mira Quell\n  * water finds a way\n* [Ropes and Knots Revisited](https://days.example/session/2) - Bo Pier\n  * tie it twice\n* [招潮蟹與共識演算法](https://days.example/session/3) - 林小舟\n  * 先數有幾隻\n";

const BOLD: &str = "---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n# 2031-05-14\n\n**Tides of Traffic**\nby Mira Quell\n\n* water finds a way\n\n**Ropes and Knots Revisited**\nby Bo Pier\n\n* tie it twice\n\n**招潮蟹與共識演算法**\nby 林小舟\n\n* 先數有幾隻\n";

const TABLE: &str = "---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n# 2031-05-14\n\n| Time | Talk | Speaker | Notes |\n|---|---|---|---|\n| 09:30 | Tides of Traffic | Mira Quell | * water finds a way |\n| 10:30 | Ropes and Knots Revisited | Bo Pier | * tie it twice |\n| 11:30 | 招潮蟹與共識演算法 | 林小舟 | * 先數有幾隻 |\n";

const LABELS: &str = "---\ntitle: Harbor Days 2031\ndraft: true\n---\n\n## Day 1 (2031-05-14)\n\n### Tides of Traffic\n\nSpeaker: Mira Quell\n\n* water finds a way\n\n### Ropes and Knots Revisited\n\nSpeaker: Bo Pier\n\n* tie it twice\n\n### 招潮蟹與共識演算法\n\n講者：林小舟\n\n* 先數有幾隻\n";

fn styles() -> Vec<Style> {
    let one = |name, text: &str, first, anchor, before| Style {
        name,
        files: files(&[("notes/harbor-days-2031.md", text)]),
        titles: TITLES,
        first,
        before: Before::Text { anchor, text: before },
    };
    vec![
        one(
            "days and dashes",
            DASH,
            "Tides",
            "## Tides",
            "## A Lamp for Every Pier - Nia Berth\n\n* light\n\n",
        ),
        one(
            "list",
            LIST,
            "Tides",
            "* [Tides",
            "* [A Lamp for Every Pier](https://days.example/session/9) - Nia Berth\n  * light\n",
        ),
        one(
            "bold",
            BOLD,
            "Tides",
            "**Tides",
            "**A Lamp for Every Pier**\nby Nia Berth\n\n* light\n\n",
        ),
        one(
            "table",
            TABLE,
            "Tides",
            "| 09:30",
            "| 09:00 | A Lamp for Every Pier | Nia Berth | * light |\n",
        ),
        one(
            "labels",
            LABELS,
            "Tides",
            "### Tides",
            "### A Lamp for Every Pier\n\nSpeaker: Nia Berth\n\n* light\n\n",
        ),
        Style {
            name: "a file a talk",
            files: files(&[
                (
                    "harbor-days-2031/tides.md",
                    "---\ntitle: \"Tides of Traffic\"\nspeakers: [Mira Quell]\nday: 2031-05-14\ndraft: true\n---\n\n* water finds a way\n",
                ),
                (
                    "harbor-days-2031/ropes.md",
                    "{\n  \"title\": \"Ropes and Knots Revisited\",\n  \"speakers\": [\"Bo Pier\"],\n  \"draft\": true\n}\n\n* tie it twice\n",
                ),
                (
                    "harbor-days-2031/crabs.md",
                    "# 招潮蟹與共識演算法\n\n講者：林小舟\n\n* 先數有幾隻\n",
                ),
            ]),
            titles: TITLES,
            first: "Tides",
            before: Before::File(
                "harbor-days-2031/a-lamp.md",
                "# A Lamp for Every Pier\n\nSpeaker: Nia Berth\n\n* light\n",
            ),
        },
    ]
}

fn read_all(files: &Files) -> Collection {
    let files: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile { path: path.clone(), content: text.clone().into_bytes() })
        .collect();
    read(&files, ReadOptions::default())
}

/// The names of the objects: of notes by their titles, of summits by their names.
fn names(collection: &Collection) -> BTreeMap<String, String> {
    let notes = collection.notes.iter().map(|note| (note.spec.title.clone(), note.name.clone()));
    let summits =
        collection.summits.iter().map(|summit| (summit.name.clone(), summit.name.clone()));
    notes.chain(summits).collect()
}

/// All texts changed by `change`.
fn each(files: &Files, change: impl Fn(&str) -> String) -> Files {
    files.iter().map(|(path, text)| (path.clone(), change(text))).collect()
}

/// The lines of notes, which are the items without a link and the last cells, changed by `change`.
fn bodies(files: &Files, change: impl Fn(&str) -> String) -> Files {
    each(files, |text| {
        let lines = text.lines().map(|line| {
            let item = line.trim_start().starts_with("* ") && !line.contains("](");
            match line.rsplit_once("| * ") {
                _ if item => change(line),
                Some((row, body)) => {
                    let body = change(&format!("* {}", body.trim_end_matches(['|', ' '])));
                    format!("{row}| {} |", body.replace('\n', "<br>"))
                }
                None => line.to_owned(),
            }
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    })
}

/// Edits that are none of a talk's title or of its summit.
fn edits(style: &Style) -> Vec<(&'static str, Files)> {
    let files = &style.files;
    let replace = |from: &str, to: &str| each(files, |text| text.replace(from, to));
    let text =
        "A paragraph instead, with *marks*, a [link](https://x.example/a) and a name: Cy Moorage.";
    let body = |indent: &str| format!("{indent}{text}\n\n{indent}1. one\n{indent}2. two");
    let indent = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
    vec![
        ("a medal", replace(style.first, &format!("🥇 {}", style.first))),
        ("another medal and a number", replace(style.first, &format!("🥉 1. {}", style.first))),
        ("a kind", replace(style.first, &format!("Keynote: {}", style.first))),
        ("draft is ticked off", replace("draft: true\n", "draft: false\n")),
        ("draft is gone", replace("draft: true\n", "")),
        ("other bullets", each(files, |text| text.replace("* ", "- "))),
        ("bullets of a third kind", each(files, |text| text.replace("* ", "+ "))),
        ("other bodies", bodies(files, |line| body(&indent(line)))),
        (
            "longer bodies",
            bodies(files, |line| format!("{line}\n{0}* more\n{0}* and more", indent(line))),
        ),
        ("no bodies", bodies(files, |line| indent(line))),
        ("boxes to tick", bodies(files, |line| line.replace("* ", "* [x] "))),
        ("links in the bodies", bodies(files, |line| format!("{line} [x](https://x.example/b)"))),
        ("Windows line ends", replace("\n", "\r\n")),
        ("another speaker", replace("Mira Quell", "Wren Harbor")),
        ("a company", replace("Mira Quell", "Mira Quell (Harbor Labs)")),
        ("another day", replace("2031-05-14", "2031-05-16")),
        ("the case of the title", replace("of Traffic", "OF traffic")),
    ]
}

#[test]
fn edits_that_are_no_other_title_keep_all_names() {
    let mut faults = Vec::new();
    for style in styles() {
        let collection = read_all(&style.files);
        let before = names(&collection);
        for title in style.titles {
            assert!(before.contains_key(*title), "{}: {title:?} of {before:?}", style.name);
        }
        assert_eq!(collection.notes.len(), style.titles.len(), "{}: {before:?}", style.name);
        let objects = |names: &BTreeMap<String, String>| -> Vec<String> {
            let mut objects: Vec<String> = names.values().cloned().collect();
            objects.sort();
            objects
        };
        for (edit, files) in edits(&style) {
            assert_ne!(files, style.files, "{}: {edit} changes nothing", style.name);
            let after = names(&read_all(&files));
            if objects(&after) != objects(&before) {
                faults.push(format!("{}, {edit}: {after:?}", style.name));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_talk_in_front_of_the_others_adds_one_object() {
    for style in styles() {
        let before = names(&read_all(&style.files));
        let mut edited = style.files.clone();
        match style.before {
            Before::Text { anchor, text } => {
                let put = |old: &str| old.replacen(anchor, &format!("{text}{anchor}"), 1);
                edited = each(&edited, put);
            }
            Before::File(path, text) => edited.push((path.to_owned(), text.to_owned())),
        }
        let mut after = names(&read_all(&edited));
        assert!(after.remove("A Lamp for Every Pier").is_some(), "{}: {after:?}", style.name);
        assert_eq!(after, before, "{}", style.name);
    }
}

#[test]
fn levels_of_headings_and_punctuation_at_the_ends_of_titles_do_not_count() {
    let before = names(&read_all(&files(&[("notes/harbor-days-2031.md", DASH)])));
    for text in [
        DASH.replace("\n## ", "\n### "),
        DASH.replace("\n## ", "\n#### "),
        DASH.replace("\n# ", "\n## ")
            .replace("\n## T", "\n### T")
            .replace("\n## R", "\n### R")
            .replace("\n## 招", "\n### 招"),
        DASH.replace("## Ropes", "##Ropes"),
        DASH.replace("of Traffic -", "of Traffic: -"),
        DASH.replace("# 2031-05-14", "# Day 1 (2031-05-14)"),
        DASH.replace("draft: true", "tags: [a, b]\nlang: en\ndate: 2031-05-14"),
        DASH.replace("* ", "### Personal\n\n").replace("draft: true", "draft: false"),
    ] {
        assert_ne!(text, DASH);
        let after = names(&read_all(&files(&[("notes/harbor-days-2031.md", &text)])));
        let objects =
            |names: &BTreeMap<String, String>| names.values().cloned().collect::<Vec<_>>();
        assert_eq!(objects(&after), objects(&before), "{text}");
    }
}

#[test]
fn a_file_about_one_talk_may_be_called_anything() {
    let style = styles().into_iter().find(|style| style.name == "a file a talk").unwrap();
    let before = names(&read_all(&style.files));
    let moved =
        style.files.iter().map(|(path, text)| (path.replace("tides", "0-flood"), text.clone()));
    assert_eq!(names(&read_all(&moved.collect())), before);
}

#[test]
fn talks_may_go_and_change_places() {
    for style in
        styles().iter().filter(|style| style.name == "labels" || style.name == "days and dashes")
    {
        let before = names(&read_all(&style.files));
        let mark = if style.name == "labels" { "\n### " } else { "\n## " };
        let text = style.files[0].1.replace("# 2031-05-15\n\n", "");
        let mut parts: Vec<&str> = text.split(mark).collect();
        parts[1..].reverse();
        let turned = vec![(style.files[0].0.clone(), parts.join(mark))];
        assert_eq!(names(&read_all(&turned)), before, "{}", style.name);
        parts.pop();
        let mut fewer = before.clone();
        fewer.remove(TITLES[0]);
        let shorter = vec![(style.files[0].0.clone(), parts.join(mark))];
        assert_eq!(names(&read_all(&shorter)), fewer, "{}", style.name);
    }
}

#[test]
fn another_title_or_another_summit_is_another_object() {
    for style in styles() {
        let before = names(&read_all(&style.files));
        let titled = each(&style.files, |text| text.replace("Tides of Traffic", "Tides of Data"));
        let after = names(&read_all(&titled));
        assert_ne!(after["Tides of Data"], before["Tides of Traffic"], "{}", style.name);
        assert_eq!(after[TITLES[1]], before[TITLES[1]], "{}", style.name);
        let moved: Files = style
            .files
            .iter()
            .map(|(path, text)| (path.replace("harbor-days-2031", "pier-days-2031"), text.clone()))
            .collect();
        let after = names(&read_all(&moved));
        for title in TITLES {
            assert_ne!(after[*title], before[*title], "{}: {title}", style.name);
        }
    }
}

#[test]
fn the_summit_keeps_its_notes_when_its_title_changes() {
    for style in styles() {
        let before = names(&read_all(&style.files));
        let titled = each(&style.files, |text| {
            text.replace("title: Harbor Days 2031", "title: Harbour Days 2031")
        });
        assert_eq!(names(&read_all(&titled)), before, "{}", style.name);
    }
}

// Titles, file names and summits that are nearly the same.

/// The names of the talks of a document by their titles.
fn names_of_titles(titles: &[&str]) -> BTreeMap<String, String> {
    let talks: String = titles
        .iter()
        .map(|title| {
            format!("## {title} - Mira Quell\n\nSpeaker: Mira Quell\n\n* about {title}\n\n")
        })
        .collect();
    let text = format!("# Harbor Days 2031\n\n# 2031-05-14\n\n{talks}");
    let collection = read_all(&files(&[("harbor.md", &text)]));
    let merged = collection.diagnostics.iter().any(|found| found.code == "TN1501");
    assert!(!merged, "{:?}", collection.diagnostics);
    collection.notes.into_iter().map(|note| (note.spec.title, note.name)).collect()
}

#[test]
fn titles_that_differ_in_signs_only_are_talks_of_their_own_with_names_that_stay() {
    let signs =
        ["Knots in C", "Knots in C++", "Knots in C#", "Knots in C*", ".DOCK at sea", "DOCK at sea"];
    let scripts = ["कला", "कल", "เรือไม", "เรือไม่", "سفن", "سُفن"];
    for titles in [&signs, &scripts] {
        let all = names_of_titles(titles);
        let wanted: BTreeSet<&str> = titles.iter().copied().collect();
        assert_eq!(all.keys().map(String::as_str).collect::<BTreeSet<_>>(), wanted);
        assert_eq!(all.values().collect::<BTreeSet<_>>().len(), titles.len(), "{all:?}");
        let mut turned = *titles;
        turned.reverse();
        assert_eq!(names_of_titles(&turned), all);
        for gone in titles {
            let left: Vec<&str> = titles.iter().copied().filter(|title| title != gone).collect();
            let mut expected = all.clone();
            expected.remove(*gone);
            assert_eq!(names_of_titles(&left), expected, "without {gone}");
        }
    }
}

#[test]
fn titles_that_differ_in_punctuation_are_talks_of_their_own() {
    let titles = ["Ropes", "Ropes!", "Ropes?", "Ropes…"];
    let all = names_of_titles(&titles);
    assert_eq!(all.len(), titles.len(), "{all:?}");
    assert_eq!(all.values().collect::<BTreeSet<_>>().len(), titles.len(), "{all:?}");
    // A title that is there alone has the name that it always had, with or without its mark.
    assert_eq!(names_of_titles(&["Ropes"])["Ropes"], all["Ropes"]);
    assert_eq!(names_of_titles(&["Ropes!"])["Ropes!"], all["Ropes"]);
}

#[test]
fn the_normal_form_of_a_title_its_case_and_spacing_make_no_other_talk() {
    let text = "# 2031-05-14\n\n## Caf\u{e9} on the Pier - Mira Quell\n\n* a\n\n## CAFE\u{301}  on the pier - Mira Quell\n\n* b\n";
    let collection = read_all(&files(&[("harbor.md", text)]));
    assert_eq!(collection.notes.len(), 1);
    assert!(collection.diagnostics.iter().any(|found| found.code == "TN1501"));
}

#[test]
fn files_whose_names_differ_in_signs_or_script_are_summits_of_their_own() {
    let summits = |paths: &[&str]| -> BTreeSet<String> {
        let files: Files = paths
            .iter()
            .map(|path| ((*path).to_owned(), DASH.replace("title: Harbor Days 2031\n", "")))
            .collect();
        let collection = read_all(&files);
        assert_eq!(collection.notes.len(), 3 * paths.len(), "{paths:?}");
        let refs = collection.notes.iter().filter_map(|note| note.spec.summit_ref.as_ref());
        let refs: BTreeSet<String> = refs.map(|summit| summit.name.clone()).collect();
        let names: BTreeSet<String> = collection.summits.into_iter().map(|s| s.name).collect();
        assert_eq!(refs, names);
        names
    };
    let both = summits(&["c-days.md", "c++-days.md", "c#-days.md"]);
    assert_eq!(both.len(), 3, "{both:?}");
    assert!(both.is_superset(&summits(&["c++-days.md"])) && both.contains("c-days"));
    let years = summits(&["雲端年會2031.md", "資安大會2031.md", "2031.md"]);
    assert_eq!(years.len(), 3, "{years:?}");
    assert!(years.contains("2031"));
    assert_eq!(summits(&["雲端年會2031.md"]), ["2031".to_owned()].into(), "as ever");
    assert_eq!(summits(&["caf\u{e9}.md"]), summits(&["cafe\u{301}.md"]));
}

// The same talk in several places.

fn places(collection: &Collection, title: &str) -> Vec<(String, usize)> {
    let found: Vec<_> = collection.notes.iter().filter(|note| note.spec.title == title).collect();
    assert_eq!(found.len(), 1, "{title}: {:?}", names(collection));
    let also = found[0].also.iter().map(|place| (place.path.clone(), place.line));
    let mut places: Vec<_> = also.chain([(found[0].path.clone(), found[0].line)]).collect();
    places.sort();
    places
}

fn at(places: &[(&str, usize)]) -> Vec<(String, usize)> {
    places.iter().map(|(path, line)| ((*path).to_owned(), *line)).collect()
}

#[test]
fn an_index_and_its_files_are_one_note_with_both_places() {
    let index = "# Harbor Days 2031\n\n## 2031-05-14\n\n| Talk | Speaker |\n|---|---|\n| [Tides of Traffic](talks/tides.md) | Mira Quell |\n| [Ropes & Knots Revisited](talks/ropes.md) | Bo Pier |\n";
    let collection = read_all(&files(&[
        ("README.md", index),
        ("talks/tides.md", "# Tides of Traffic\n\n* water\n"),
        ("talks/ropes.md", "# Ropes and Knots Revisited\n\n* tie\n"),
    ]));
    assert_eq!(collection.notes.len(), 2);
    assert_eq!(collection.summits.len(), 1, "{:?}", names(&collection));
    assert_eq!(places(&collection, TITLES[0]), at(&[("README.md", 7), ("talks/tides.md", 1)]));
    assert_eq!(places(&collection, TITLES[1]), at(&[("README.md", 8), ("talks/ropes.md", 1)]));
    assert!(collection.notes.iter().all(|note| note.other_paths().as_deref() == Some("README.md")));
}

#[test]
fn a_file_that_an_index_links_to_wins_over_the_index() {
    let index = "# Harbor Days 2031\n\n## 2031-05-14\n\n| Time | Talk | Speaker |\n|---|---|---|\n| 09:30 | [Tides](tides.md) | M. Quell |\n| 10:30 | [Ropes and Knots](ropes.md) | Bo Pier |\n";
    let collection = read_all(&files(&[
        ("harbor-2031/README.md", index),
        ("harbor-2031/tides.md", "# Tides of Traffic - Mira Quell\n\n* water\n"),
        ("harbor-2031/ropes.md", "# Ropes and Knots Revisited\n\n* tie\n"),
    ]));
    assert_eq!(collection.notes.len(), 2, "{:?}", names(&collection));
    let tides = collection.notes.iter().find(|note| note.spec.title == TITLES[0]).unwrap();
    assert_eq!(tides.spec.speakers[0].name, "Mira Quell");
    assert_eq!(tides.spec.start_time.as_deref(), Some("09:30"));
    assert_eq!(places(&collection, TITLES[1]).len(), 2);
}

#[test]
fn copies_are_one_note_with_all_places() {
    let collection = read_all(&files(&[
        ("harbor-2031.md", "# 2031-05-14\n\n## Tides of Traffic - Mira Quell\n\n* water\n"),
        ("harbor-2031 (1).md", "# 2031-05-14\n\n## Tides of Traffic - Mira Quell\n\n* water\n"),
        (
            "harbor-2031 copy.md",
            "# 2031-05-14\n\n## Tides of Traffic - Mira Quell (Harbor Labs)\n\n* more\n",
        ),
    ]));
    let found = [("harbor-2031 (1).md", 3), ("harbor-2031 copy.md", 3), ("harbor-2031.md", 3)];
    assert_eq!(places(&collection, TITLES[0]), at(&found));
    let note = &collection.notes[0];
    assert_eq!(note.other_paths().as_deref(), Some("harbor-2031 copy.md\nharbor-2031.md"));
    assert_eq!(note.spec.markdown.as_deref(), Some("* water\n\n* more"), "the same text once");
    assert_eq!(note.spec.speakers[0].organization.as_deref(), Some("Harbor Labs"));
    let told = collection.diagnostics.iter().filter(|found| found.code == "TN1501");
    assert_eq!(told.count(), 2);
    let summit = &collection.summits[0];
    assert_eq!((collection.summits.len(), summit.also.len()), (1, 2));
}

#[test]
fn two_talks_of_one_title_stay_two() {
    let day = |body: &str| format!("# Harbor Days 2031\n\n# 2031-05-14\n\n{body}");
    let two = [
        (
            "speakers",
            files(&[(
                "a.md",
                &day(
                    "## Lightning Talks Live - Mira Quell\n\n* one\n\n## Lightning Talks Live - Bo Pier\n\n* two\n",
                ),
            )]),
        ),
        (
            "days",
            files(&[(
                "a.md",
                &day(
                    "## Lightning Talks Live\n\n* one\n\n## Tides - Bo Pier\n\n* x\n\n# 2031-05-15\n\n## Lightning Talks Live\n\n* two\n",
                ),
            )]),
        ),
        (
            "an index with another speaker",
            files(&[
                (
                    "harbor-2031/README.md",
                    "# Harbor Days 2031\n\n## 2031-05-14\n\n| Talk | Speaker |\n|---|---|\n| Lightning Talks Live | Mira Quell |\n| Tides and Moons | Nia Berth |\n",
                ),
                ("harbor-2031/x.md", "# Lightning Talks Live - Bo Pier\n\n* two\n"),
            ]),
        ),
        (
            "summits",
            files(&[
                ("a-2031.md", "# 2031-05-14\n\n## Lightning Talks Live - Mira Quell\n\n* one\n"),
                ("b-2031.md", "# 2031-05-14\n\n## Lightning Talks Live - Mira Quell\n\n* one\n"),
            ]),
        ),
    ];
    for (what, files) in two {
        let collection = read_all(&files);
        let notes: Vec<_> = collection
            .notes
            .iter()
            .filter(|note| note.spec.title == "Lightning Talks Live")
            .collect();
        assert_eq!(notes.len(), 2, "{what}: {:?}", names(&collection));
        assert_ne!(notes[0].name, notes[1].name, "{what}");
        assert!(notes.iter().all(|note| note.also.is_empty()), "{what}");
    }
}

#[test]
fn what_one_place_keeps_back_the_other_does_not_publish() {
    let note = |draft: bool, text: &str| {
        format!(
            "---\ntitle: Tides of Traffic\nspeakers: [Mira Quell]\ndraft: {draft}\n---\n{text}\n"
        )
    };
    let published = |first: String, second: String| {
        let all = files(&[("h-2031/tides.md", &first), ("h-2031/tides (1).md", &second)]);
        let collection = read_all(&all);
        assert_eq!(collection.notes.len(), 1);
        collection.notes[0].spec.publication
    };
    assert_eq!(published(note(true, "a"), note(false, "b")), Some(Publication::Draft));
    assert_eq!(published(note(false, "a"), note(true, "b")), Some(Publication::Draft));
    assert_eq!(published(note(false, "a"), note(false, "b")), None);
}
