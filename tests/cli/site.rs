//! `talknotes site`: the pages as files.

use crate::workspace::{TALK, Workspace};

const DRAFT: &str =
    "---\ntitle: Secret tides\nsummit: harbour\nday: 2031-05-14\ndraft: true\n---\n\nNot yet.\n";
const SCHEDULED: &str = "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata:\n  name: later\nspec:\n  title: Later tides\n  publishAt: \"2999-01-01T00:00:00Z\"\n  markdown: Much later.\n";

fn start() -> Workspace {
    Workspace::with(&[
        ("notes/harbour.md", TALK),
        ("notes/draft.md", DRAFT),
        ("notes/later.yaml", SCHEDULED),
    ])
}

#[test]
fn the_pages_are_files_in_each_language_and_drafts_are_in_none() {
    let workspace = start();
    let run = workspace.run(&["site", "notes", "public", "--base-url", "https://x.example/team"]);
    let _run = run.exits(0);
    let files = files(&workspace);
    for file in
        ["index.html", "404.html", "-/zh-Hant/index.html", "-/search.json", "search/index.html"]
    {
        assert!(files.iter().any(|known| known == file), "{file} in {files:?}");
    }
    assert!(files.iter().any(|file| file.ends_with("/feed.xml")), "{files:?}");
    for file in &files {
        let text = String::from_utf8_lossy(&read(&workspace, file)).into_owned();
        assert!(!text.contains("Secret tides") && !text.contains("Later tides"), "{file}");
        if file.ends_with("feed.xml") {
            assert!(text.contains("https://x.example/team/notes/"), "{text}");
        }
    }
    let home = String::from_utf8(read(&workspace, "index.html")).unwrap();
    assert!(home.contains("<link rel=\"canonical\" href=\"https://x.example/team/\">"), "{home}");
    assert!(home.contains(" href=\"/team/notes/") && !home.contains(" href=\"/notes/"), "{home}");
}

#[test]
fn a_second_run_writes_what_changed_and_removes_what_is_gone() {
    let workspace = start();
    workspace.run(&["site", "notes", "public"]).exits(0);
    workspace.write("public/CNAME", "notes.example");
    workspace.run(&["site", "notes", "public"]).exits(0).says(&[": 0 written, 0 removed"]);
    workspace.write("notes/harbour.md", TALK.replace("Tides of Traffic", "Reefs"));
    let before = files(&workspace);
    workspace.run(&["site", "notes", "public"]).exits(0);
    let after = files(&workspace);
    assert!(after.iter().any(|file| file.contains("reefs")), "{after:?}");
    assert!(before.iter().any(|file| file.contains("tides-of-traffic")), "{before:?}");
    assert!(!after.iter().any(|file| file.contains("tides-of-traffic")), "{after:?}");
    assert!(!workspace.path().join("public/notes").read_dir().unwrap().any(|entry| {
        entry.unwrap().path().read_dir().is_ok_and(|mut folder| folder.next().is_none())
    }));
    assert!(after.iter().any(|file| file == "CNAME"), "what others put there stays");
}

#[test]
fn files_of_others_are_not_overwritten_and_nothing_is_emptied_by_mistake() {
    let workspace = start();
    workspace.write("public/index.html", "mine");
    let run = workspace.run(&["site", "notes", "public"]);
    run.exits(1).says(&["index.html is there, and talknotes did not write it"]);
    assert_eq!(read(&workspace, "index.html"), b"mine");
    workspace.write("empty/x.txt", "");
    workspace.run(&["site", "empty", "public"]).exits(1).says(&["no notes in empty"]);
    let run = workspace.run(&["site", "notes", "public", "--base-url", "notes.example"]);
    run.exits(2).says(&["is no address of a site"]);
    workspace.write("public/.talknotes-site", "../notes/harbour.md\n");
    std::fs::remove_file(workspace.path().join("public/index.html")).unwrap();
    workspace.run(&["site", "notes", "public"]).exits(0);
    assert!(
        workspace.path().join("notes/harbour.md").exists(),
        "a list that others wrote is believed"
    );
}

fn read(workspace: &Workspace, file: &str) -> Vec<u8> {
    std::fs::read(workspace.path().join("public").join(file)).unwrap()
}

/// The paths of all files of the site.
fn files(workspace: &Workspace) -> Vec<String> {
    let root = workspace.path().join("public");
    let mut open = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files
}
