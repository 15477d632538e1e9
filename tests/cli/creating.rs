//! `talknotes new`.

use serde_json::{Value, json};

use crate::workspace::{Run, Workspace, of_kind};

const HOSTILE: &[&str] = &[
    "Why \"quotes\" & 'apostrophes'",
    "Colons: everywhere",
    "C# and #hashtags",
    "A - B",
    "🥇 Gold",
    "潮汐式調和：為什麼",
    "true",
    "1. Numbered",
    "[Company] Talk",
    "Keynote 1: Fog",
    "{{ braces }} ${X}",
    "../../etc/passwd",
    "a\nb",
];

fn imported(folder: &Workspace, kind: &str) -> Vec<Value> {
    let run = folder.run(&["import", ".", "-o", "json"]).exits(0).says_nothing();
    of_kind(&run.json(), kind).into_iter().cloned().collect()
}

fn created(run: &Run) -> String {
    run.stdout().trim_end().to_owned()
}

#[test]
fn what_new_talk_writes_is_read_back() {
    for style in ["file-a-talk", "hugo", "yaml"] {
        for title in HOSTILE {
            let folder = Workspace::new();
            let arguments = [
                "new",
                "talk",
                title,
                "--speaker",
                "Ada \"A\" Example: x",
                "--speaker",
                "林小舟",
                "--day",
                "2031-05-14",
                "--start",
                "09:30",
                "--summit",
                "moon",
                "--style",
                style,
            ];
            let path = created(&folder.run(&arguments).exits(0).says_nothing());
            assert!(folder.path().join(&path).is_file(), "{style} {title}: {path}");
            let notes = imported(&folder, "TalkNote");
            assert_eq!(notes.len(), 1);
            let mut spec = notes[0]["spec"].clone();
            let fields = spec.as_object_mut().unwrap();
            assert!(fields.remove("markdown").is_some());
            fields.remove("order");
            let wanted = json!({
                "title": title.trim(), "speakers": [{ "name": "Ada \"A\" Example: x" }, { "name": "林小舟" }],
                "day": "2031-05-14", "startTime": "09:30", "summitRef": { "name": "moon" },
            });
            assert_eq!(spec, wanted, "{style}");
        }
    }
}

#[test]
fn what_new_summit_writes_is_read_back() {
    for style in ["one-file", "hackmd", "file-a-talk", "hugo", "yaml"] {
        for title in HOSTILE {
            let folder = Workspace::new();
            let arguments = [
                "new",
                "summit",
                title,
                "--start",
                "2031-05-14",
                "--end",
                "2031-05-15",
                "--time-zone",
                "Asia/Taipei",
                "--location",
                "海: # \"x\"",
                "--style",
                style,
            ];
            folder.run(&arguments).exits(0).says_nothing();
            let summits = imported(&folder, "Summit");
            assert_eq!(summits.len(), 1, "{style} {title}");
            let wanted = json!({
                "title": title.trim(), "startDate": "2031-05-14", "endDate": "2031-05-15",
                "timeZone": "Asia/Taipei", "location": "海: # \"x\"",
            });
            assert_eq!(summits[0]["spec"], wanted, "{style}");
        }
    }
}

#[test]
fn a_talk_as_a_heading_is_read_back_or_refused() {
    let folder = Workspace::new();
    let arguments = |title| {
        [
            "new",
            "talk",
            title,
            "--speaker",
            "Mira Quell",
            "--day",
            "2031-05-14",
            "--style",
            "hackmd",
        ]
    };
    folder.run(&arguments("Tides of Traffic")).exits(0);
    let notes = imported(&folder, "TalkNote");
    assert_eq!(notes[0]["spec"]["title"], "Tides of Traffic");
    assert_eq!(notes[0]["spec"]["speakers"], json!([{ "name": "Mira Quell" }]));
    assert_eq!(notes[0]["spec"]["day"], "2031-05-14");
    for title in ["🥇 Gold", "1. Numbered", "a\nb"] {
        let run = folder.run(&arguments(title)).exits(1).prints_nothing();
        run.says(&["cannot be written as a heading", "--style file-a-talk"]);
    }
}

#[test]
fn talks_written_below_the_days_of_a_new_summit_are_found() {
    let folder = Workspace::new();
    let new = [
        "new",
        "summit",
        "Moon 2031",
        "--start",
        "2031-05-14",
        "--end",
        "2031-05-15",
        "-o",
        "moon.md",
    ];
    assert_eq!(folder.run(&new).exits(0).stdout(), "moon.md\n");
    let text = std::fs::read_to_string(folder.path().join("moon.md")).unwrap();
    folder.write("moon.md", format!("{text}\n## Tides of Traffic - Mira Quell\n\nWater.\n"));
    let notes = imported(&folder, "TalkNote");
    assert_eq!(notes[0]["spec"]["day"], "2031-05-15");
    assert_eq!(imported(&folder, "Summit")[0]["spec"]["startDate"], "2031-05-14");
}

#[test]
fn nothing_is_overwritten() {
    let folder = Workspace::new();
    let new = ["new", "talk", "潮汐式調和"];
    assert_eq!(folder.run(&new).exits(0).stdout(), "潮汐式調和.md\n");
    folder.write("潮汐式調和.md", "mine");
    folder.run(&new).exits(1).prints_nothing().says(&["潮汐式調和.md exists already", "--output"]);
    let text = std::fs::read_to_string(folder.path().join("潮汐式調和.md")).unwrap();
    assert_eq!(text, "mine");
    for flag in [&["--stdout"][..], &["-o", "-"]] {
        let run = folder.run(&[&new[..], flag].concat()).exits(0).says_nothing();
        assert!(
            run.stdout().starts_with("---\ntalknotes: talk\ntitle: 潮汐式調和\n"),
            "{}",
            run.stdout()
        );
    }
}

#[test]
fn wrong_values_are_refused() {
    let folder = Workspace::new();
    folder.run(&["new", "talk", " "]).exits(2).says(&["it is empty"]);
    folder.run(&["new", "talk", "x", "--day", "14.5."]).exits(2).says(&["--day"]);
    folder.run(&["new", "talk", "x", "--start", "noon"]).exits(2).says(&["09:30"]);
    let back = ["new", "summit", "x", "--start", "2031-05-14", "--end", "2031-05-13"];
    folder.run(&back).exits(1).says(&["--end 2031-05-13 is before --start 2031-05-14"]);
}
