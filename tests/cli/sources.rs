//! What a command line may name: folders, files, git URLs, and things that are none of these.

use std::os::unix::fs::symlink;

use crate::support::git_server::GitServer;
use crate::support::ssh_server::SshServer;
use crate::workspace::{TALK, Workspace, of_kind, texts};

const READERS: [&str; 3] = ["import", "lint", "preview"];

#[test]
fn a_path_that_is_not_there_is_named() {
    let notes = Workspace::with(&[("file.md", TALK)]);
    for reader in READERS {
        notes.run(&[reader, "missing"]).exits(1).says(&["error: cannot read missing", "https://"]);
        notes.run(&[reader, "file.md/inside"]).exits(1).says(&["cannot read file.md/inside"]);
        symlink("nowhere", notes.path().join(format!("{reader}.md"))).unwrap();
        notes.run(&[reader, &format!("{reader}.md")]).exits(1).says(&["cannot read"]);
    }
}

#[test]
fn nothing_to_read_is_no_success() {
    let notes = Workspace::with(&[("other/photo.png", ""), ("other/LICENSE.md", TALK)]);
    std::fs::create_dir(notes.path().join("empty")).unwrap();
    for place in ["empty", "other", "other/photo.png"] {
        for reader in ["import", "lint"] {
            let expected = format!("no notes in {place}: ");
            notes.run(&[reader, place]).exits(1).says(&[&expected, ".md"]).prints_nothing();
        }
        notes.run(&["import", place, "--keep-going"]).exits(0).says(&["no notes in"]);
    }
    notes.run(&["lint", "other", "--include", "LICENSE.md"]).exits(0);
}

#[test]
fn a_binary_file_is_told_and_stops_nothing_else() {
    let notes = Workspace::with(&[("good.md", TALK)]);
    notes.write("photo.md", b"\x89PNG\r\n\x1a\n\0\0");
    let run = notes.run(&["import", "."]).exits(1).says(&["error[TN1001]: ", "--> photo.md"]);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

#[test]
fn a_document_that_is_too_large_is_told_and_stops_nothing_else() {
    let notes = Workspace::with(&[("good.md", TALK)]);
    notes.write("large.md", "a".repeat(3 << 20));
    let run = notes.run(&["import", "."]).exits(1).says(&["error[TN1002]: ", "--> large.md"]);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

/// The operator does not follow them in a repository, and what is tried here is what it will do.
#[test]
fn links_inside_of_a_folder_are_told_and_not_followed() {
    let notes = Workspace::with(&[("notes/good.md", TALK), ("secret.txt", TALK)]);
    symlink("../secret.txt", notes.path().join("notes/link.md")).unwrap();
    symlink("nowhere", notes.path().join("notes/dangling.md")).unwrap();
    symlink("..", notes.path().join("notes/loop")).unwrap();
    let run = notes.run(&["import", "notes"]).exits(0).says(&[
        "info[TN1013]",
        "--> notes/link.md",
        "--> notes/dangling.md",
        "symbolic link",
    ]);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

/// A path beyond the system's limit cannot be read, not even by root, whom no permission stops.
#[test]
fn a_folder_that_cannot_be_read_is_told_and_stops_nothing_else() {
    let notes = Workspace::with(&[
        ("notes/good.md", TALK),
        ("notes/deep/good.md", &TALK.replace("Tides of Traffic", "Rust at Sea")),
    ]);
    let half: Vec<String> = vec!["d".repeat(250); 9];
    let half = half.join("/");
    let lower = notes.path().join("lower");
    std::fs::create_dir_all(lower.join(&half)).unwrap();
    let upper = notes.path().join("notes/deep").join(&half);
    std::fs::create_dir_all(&upper).unwrap();
    std::fs::rename(lower, upper.join("lower")).unwrap();
    let run =
        notes.run(&["import", "notes"]).exits(1).says(&["--> notes/deep/ddd", "error[TN1006]"]);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 2);
}

#[test]
fn a_repository_in_the_folder_is_not_looked_into() {
    let notes = Workspace::with(&[("a.md", TALK), (".git/notes/b.md", TALK)]);
    let run = notes.run(&["import", "."]).exits(0).says_nothing();
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

#[test]
fn a_git_url_is_read_like_a_folder() {
    let server = GitServer::start();
    let repository = server.create("harbor");
    repository.commit(&[("2031/a.md", TALK), ("README.md", "# Readme\n")], "Notes");
    repository.branch("next");
    repository.commit(&[("2032/b.md", TALK)], "More notes");
    let notes = Workspace::new();
    let url = server.url("harbor");
    let read = |options: &[&str]| {
        let arguments = [&["import", &url], options].concat();
        let manifests = notes.run(&arguments).exits(0).says_nothing().yaml();
        texts(&of_kind(&manifests, "Summit"), "/metadata/annotations/talknotes.dev~1source-path")
    };
    assert_eq!(read(&[]), ["2031/a.md"]);
    assert_eq!(read(&["--branch", "next"]), ["2031/a.md", "2032/b.md"]);
    assert_eq!(read(&["--branch", "next", "--exclude", "2031/**"]), ["2032/b.md"]);
    notes.run(&["lint", &url]).exits(0).says(&["1 note and 1 summit in 2 documents: 0 errors"]);
}

#[test]
fn a_repository_behind_ssh_is_read_with_the_keys_of_the_user() {
    let server = GitServer::start();
    server.create("harbor").commit(&[("2031/a.md", TALK)], "Notes");
    let ssh = SshServer::start(server.repositories());
    let notes = Workspace::new();
    let read = |expected: i32| {
        let run = notes.run(&["import", &ssh.scp_like("harbor")]);
        run.exits(expected)
    };
    read(1).says(&["error: ", "known_hosts", "~/.ssh"]);
    notes.write("../home/.ssh/id_ed25519", ssh.identity());
    read(1).says(&["known_hosts has no key of [127.0.0.1]", &ssh.fingerprint()]);
    notes.write("../home/.ssh/known_hosts", ssh.hashed_known_hosts());
    assert_eq!(of_kind(&read(0).yaml(), "TalkNote").len(), 1);
}

#[test]
fn faults_of_a_repository_are_told_with_their_paths() {
    let server = GitServer::start();
    let repository = server.create("harbor");
    repository.commit(&[("good.md", TALK), ("bad.md", "---\ntitle: [\n---\n")], "Notes");
    repository.symlink("link.md", "good.md");
    let notes = Workspace::new();
    let run = notes.run(&["import", &server.url("harbor")]).exits(1).says(&[
        "error[TN1003]: ",
        "--> bad.md:2",
        "--> link.md",
        "symbolic link",
    ]);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

/// Whatever a link leads to is not what the repository has: a file of the machine, above all.
#[test]
fn symbolic_links_are_no_images() {
    let body = "![a](passwd.png) ![b](absolute.png) ![c](other.gif) ![d](linked/real.gif) \
                ![e](../../../../etc/passwd) ![f](images/real.gif)";
    let document = format!("Overview {body}\n\n{TALK}\n{body}\n");
    let links = [
        ("passwd.png", "../../../../../../../../etc/passwd"),
        ("absolute.png", "/etc/passwd"),
        ("other.gif", "images/real.gif"),
        ("linked", "images"),
    ];
    let server = GitServer::start();
    let repository = server.create("harbor");
    repository.write("images/real.gif", b"GIF89a");
    repository.commit(&[("2031.md", &document)], "Notes");
    let notes = Workspace::with(&[("notes/2031.md", &document)]);
    notes.write("notes/images/real.gif", "GIF89a");
    for (path, target) in links {
        repository.symlink(path, target);
        symlink(target, notes.path().join("notes").join(path)).unwrap();
    }
    for place in [server.url("harbor").as_str(), "notes"] {
        let missing = ["passwd.png", "absolute.png", "other.gif", "linked/real.gif"]
            .map(|path| format!("there is no image {path} in the repository"));
        let missing = missing.each_ref().map(String::as_str);
        let short = notes.run(&["lint", place, "--output", "short"]);
        for missing in missing {
            assert_eq!(short.stderr().matches(missing).count(), 2, "{place}: {}", short.stderr());
        }
        let manifests = notes.run(&["import", place, "--keep-going"]).exits(0).yaml();
        let images = of_kind(&manifests, "ConfigMap");
        assert_eq!(texts(&images, "/binaryData/image"), ["R0lGODlh"], "{place}");
        for kind in ["Summit", "TalkNote"] {
            let objects = of_kind(&manifests, kind);
            assert_eq!(texts(&objects, "/spec/images/0/source"), ["images/real.gif"], "{place}");
            assert!(objects.iter().all(|o| o.pointer("/spec/images/1").is_none()), "{place}");
        }
    }
}

#[test]
fn a_git_url_that_cannot_be_used_is_told_without_what_is_secret() {
    let server = GitServer::start();
    let notes = Workspace::new();
    let url = server.url("nothing");
    notes.run(&["import", &url]).exits(1).says(&["error: ", "repository"]).prints_nothing();
    server.create("harbor").commit(&[("a.md", TALK)], "Notes");
    let url = server.url("harbor");
    notes.run(&["import", &url, "--branch", "gone"]).exits(1).says(&["error: ", "gone"]);
    let secret = "https://mira:hunter2@git.example/notes.git";
    let run = notes.run(&["import", secret]).exits(1).says(&["error: ", "credentials"]);
    assert!(!run.stderr().contains("hunter2"), "{}", run.stderr());
    notes.run(&["import", "git@git.example:notes"]).exits(1).says(&["~/.ssh"]);
    notes.run(&["import", "gopher://git.example/notes"]).exits(1).says(&["https://"]);
}

#[test]
fn wrong_arguments_end_with_2_and_advice() {
    let notes = Workspace::new();
    notes.run(&["import", ".", "--fromat", "yaml"]).exits(2).says(&["--fromat", "'--format'"]);
    notes.run(&["import"]).exits(2).says(&["<PATH|URL>"]);
    notes.run(&["imprt", "."]).exits(2).says(&["imprt", "'import'"]);
    notes.run(&["import", ".", "-o", "toml"]).exits(2).says(&["toml", "yaml", "json"]);
    notes.run(&["import", ".", "--format", "docx"]).exits(2).says(&["docx", "hackmd", "hugo"]);
    notes.run(&["preview", ".", "--interval", "0"]).exits(2).says(&["--interval"]);
    notes.run(&["preview", ".", "--address", "8080"]).exits(2).says(&["--address"]);
    notes.run(&[]).exits(2).says(&["Usage: talknotes"]).prints_nothing();
}
