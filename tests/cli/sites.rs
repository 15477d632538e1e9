//! Repositories as site generators and forges leave them: what is no note makes no fault, and servers
//! in odd states are told with what to do.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::support::git_server::{GitServer, Repository};
use crate::workspace::{TALK, Workspace, of_kind};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:\
    5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8\nsize 31415\n";

/// What is no note in a site.
const BESIDE: [(&str, &str); 12] = [
    ("archetypes/default.md", "+++\ntitle = '{{ .Name }}'\ndate = {{ .Date }}\n+++\n"),
    ("templates/talk.md", "---\ntitle: {{ title }}\nspeaker: <% tp.file.title %>\n---\n"),
    ("_layouts/post.md", "---\nlayout: {% if x %}\n---\n"),
    ("_includes/by.md", "---\n[\n---\n"),
    ("content/_index.md", "---\ntitle: Notes of the harbour\n---\n"),
    ("themes/sand/exampleSite/content/posts/demo.md", "---\ntitle: [\n---\n"),
    ("themes/sand/README.md", "# Sand\n\nA theme.\n"),
    ("node_modules/left/README.md", "---\n[\n---\n"),
    ("LICENSE.md", "All of it is yours.\n"),
    ("CODE_OF_CONDUCT.md", "---\n[\n---\n"),
    ("config.yaml", "baseURL: https://notes.example/\ntheme: sand\n"),
    (".github/ISSUE_TEMPLATE.md", "---\n[\n---\n"),
];

fn site() -> Vec<(&'static str, &'static str)> {
    [&BESIDE[..], &[("content/posts/2031.md", TALK)]].concat()
}

/// More than is read of a document.
fn large_data() -> String {
    "- [1, 2, 3, 4, 5, 6, 7, 8]\n".repeat(60_000)
}

#[test]
fn what_is_no_note_is_no_fault_in_a_folder() {
    let notes = Workspace::with(&site());
    notes.write("data/tides.yaml", large_data());
    // A theme that is checked out as a submodule.
    notes.write("themes/pier/.git", "gitdir: ../../.git/modules/themes/pier\n");
    notes.write("themes/pier/broken.md", "---\n[\n---\n");
    for (link, target) in [("latest.md", "content/posts/2031.md"), ("lost.md", "nowhere.md")] {
        symlink(target, notes.path().join(link)).unwrap();
    }
    symlink("/etc", notes.path().join("outside")).unwrap();
    let note = notes.path().join("content/posts/2031.md");
    std::fs::set_permissions(note, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = notes.run(&["lint", ".", "--output", "short"]).exits(0);
    let run = run.says(&["1 note and 1 summit", "0 errors, 0 warnings"]);
    for path in ["themes/pier", "latest.md", "lost.md"] {
        let told = run
            .stderr()
            .lines()
            .filter(|line| line.starts_with(&format!("./{path}")) || line.starts_with(path));
        assert_eq!(told.count(), 1, "{path}: {}", run.stderr());
    }
    let run = notes.run(&["import", "."]).exits(0);
    assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
}

fn pushed() -> (GitServer, Repository) {
    let server = GitServer::start();
    let repository = server.create("site");
    repository.write("data/tides.yaml", large_data().as_bytes());
    let first = repository.commit(&site(), "A site");
    repository.symlink("latest.md", "content/posts/2031.md");
    repository.symlink("lost.md", "/etc/nowhere.md");
    repository.submodule("themes/pier", &first);
    (server, repository)
}

#[test]
fn what_is_no_note_is_no_fault_in_a_repository() {
    let (server, repository) = pushed();
    let local = format!("file://{}", repository.path().display());
    let notes = Workspace::new();
    for url in [server.url("site"), local] {
        let run = notes.run(&["lint", &url, "--output", "short"]).exits(0);
        let run = run.says(&["1 note and 1 summit", "0 errors, 0 warnings"]);
        assert_eq!(run.stderr().matches("themes/pier").count(), 1, "{}", run.stderr());
        assert!(run.stderr().contains("not fetched"), "{}", run.stderr());
        let run = notes.run(&["import", &url]).exits(0);
        assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
    }
}

#[test]
fn a_submodule_is_a_fault_only_where_it_is_asked_for() {
    let (server, _repository) = pushed();
    let (notes, url) = (Workspace::new(), server.url("site"));
    for glob in ["themes/pier/**", "themes/pier/docs/a.md"] {
        let run = notes.run(&["lint", &url, "--include", glob, "--include", "content/**"]);
        run.exits(1).says(&["error[TN1006]", "themes/pier", "submodules are not fetched"]);
    }
    for options in [["--include", "content/**"], ["--exclude", "themes/**"]] {
        let run = notes.run(&[&["lint", &url], &options[..]].concat()).exits(0);
        assert!(!run.stderr().contains("themes/pier"), "{}", run.stderr());
    }
    notes.run(&["lint", &url, "--include", "**/*.md"]).exits(0).says(&["info[TN1013]"]);
}

#[test]
fn what_is_kept_in_lfs_is_told_with_its_size() {
    let shows = format!("{TALK}\n![The tide](images/tide.png)\n");
    let files = [("2031.md", &*shows), ("talks/cranes.md", POINTER), ("images/tide.png", POINTER)];
    let notes = Workspace::with(&files.map(|(path, text)| (path, text)));
    let server = GitServer::start();
    server.create("harbor").commit(&files, "Notes");
    for place in [".", &server.url("harbor")] {
        let run = notes.run(&["lint", place, "--output", "short"]).exits(1);
        for (code, path) in [("TN1011", "talks/cranes.md"), ("TN1911", "2031.md")] {
            let line = run.stderr().lines().find(|line| line.contains(code));
            let line = line.unwrap_or_else(|| run.fail(code));
            assert!(line.contains(path) && line.contains("Git LFS (31415 bytes)"), "{line}");
        }
        assert!(run.stderr().contains("1 error, 1 warning"), "{}", run.stderr());
    }
}

#[test]
fn a_repository_of_sha256_is_read_like_another() {
    let server = GitServer::start();
    let repository = server.create_with_hash("harbor", "main", "sha256");
    repository.commit(&[("2031.md", TALK)], "Notes");
    let local = format!("file://{}", repository.path().display());
    for url in [server.url("harbor"), local] {
        let run = Workspace::new().run(&["import", &url]).exits(0).says_nothing();
        assert_eq!(of_kind(&run.yaml(), "TalkNote").len(), 1);
    }
}

#[test]
fn a_repository_without_its_default_branch_is_told_with_the_others() {
    let server = GitServer::start();
    let repository = server.create("harbor");
    repository.commit(&[("2031.md", TALK)], "Notes");
    repository.point_head("refs/heads/gone");
    let (notes, url) = (Workspace::new(), server.url("harbor"));
    let told = ["the branch gone, which does not exist; there are: main", "--branch"];
    notes.run(&["lint", &url]).exits(1).says(&told);
    notes.run(&["lint", &url, "--branch", "main"]).exits(0);
    notes
        .run(&["lint", &url, "--branch", "mian"])
        .exits(1)
        .says(&["no branch mian; there are: main"]);
}

#[test]
fn a_server_that_asks_to_wait_is_asked_once() {
    let server = GitServer::start();
    server.create("harbor").commit(&[("2031.md", TALK)], "Notes");
    let notes = Workspace::new();
    for (visits, status) in [(1, 403), (2, 429), (3, 503)] {
        server.fail_with(1, status, &[("retry-after", "600")]);
        let run = notes.run(&["import", &server.url("harbor")]).exits(1).prints_nothing();
        run.says(&["error: ", "asks to wait until ", " UTC", &status.to_string()]);
        assert_eq!(server.ls_remote_count(), visits);
    }
}
