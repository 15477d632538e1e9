//! What a repository may cost whoever reads it: everything is counted before it is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/mod.rs"]
mod support;

use std::path::Path;

use support::git_server::{GitServer, Repository};
use talknotes::document::{self, ReadOptions};
use talknotes::git::{
    Access, GitError, Limits, Locals, Reason, Reference, Remote, SkipReason, Snapshot,
};
use talknotes::import::{Mentions, RevisionFiles, resolve_references};

/// A repository, and what its branch points to where it is read from the disk.
fn repository() -> (GitServer, Repository) {
    let server = GitServer::start();
    let repository = server.create("notes");
    repository.commit(&[("a.md", "# Notes\n")], "Add notes");
    (server, repository)
}

fn snapshot(repository: &Repository) -> Snapshot {
    let access = Access { locals: Locals::Allowed, ..Access::default() };
    let remote = Remote::new(repository.path().to_str().unwrap(), access).unwrap();
    remote.fetch(&Reference::Head, Path::new("/nonexistent")).unwrap()
}

fn blob(repository: &Repository, content: &[u8]) -> String {
    repository.run_with_input(&["hash-object", "-w", "--stdin"], content)
}

/// A tree of lines such as `100644 blob <id>\t<name>`.
fn tree(repository: &Repository, lines: &str) -> String {
    repository.run_with_input(&["mktree", "--missing"], lines.as_bytes())
}

/// Makes `tree` all that there is.
fn push(repository: &Repository, tree: &str) {
    let commit = repository.run(&["commit-tree", tree, "-m", "Put"]);
    repository.run(&["push", "-q", "--force", "origin", &format!("{commit}:refs/heads/main")]);
}

fn is_too_large<T: std::fmt::Debug>(result: Result<T, GitError>) -> bool {
    result.unwrap_err().reason() == Reason::TooLarge
}

#[test]
fn what_is_listed_is_not_read() {
    let (_server, repository) = repository();
    // A header that says four bytes more than there are.
    let id = blob(&repository, &[b'x'; 5000]);
    push(&repository, &tree(&repository, &format!("100644 blob {id}\tb.md\n")));
    let snapshot = snapshot(&repository);
    let objects = repository.path().join("objects");
    let (folder, file) = id.split_at(2);
    let loose = objects.join(folder).join(file);
    let packed = std::fs::read_dir(objects.join("pack")).unwrap().count() > 0;
    assert!(loose.is_file() && !packed, "a push of three objects unpacks them");
    let whole = std::fs::read(&loose).unwrap();
    let mut options = std::fs::metadata(&loose).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut options, 0o644);
    std::fs::set_permissions(&loose, options).unwrap();
    std::fs::write(&loose, &whole[..whole.len() - 10]).unwrap();

    let listing = snapshot.list(&|_| true, Limits::default()).unwrap();
    assert_eq!(listing.files[0].path, "b.md");
    assert_eq!((listing.files[0].bytes, listing.bytes()), (5000, 5000));
    assert!(matches!(snapshot.read_all(listing), Err(GitError::Damaged(_))));
}

#[test]
fn names_that_are_longer_than_any_system_takes_are_named_and_cost_nothing() {
    let (_server, repository) = repository();
    let id = blob(&repository, b"# Text\n");
    let long = "x".repeat(5000);
    let lines = format!("100644 blob {id}\tb.md\n100644 blob {id}\t{long}.md\n");
    push(&repository, &tree(&repository, &lines));
    let files = snapshot(&repository).files(&|_| true, Limits::default()).unwrap();
    assert_eq!(files.files.len(), 1);
    assert_eq!(files.skipped[0].reason, SkipReason::PathTooLong);
    assert_eq!(files.skipped[0].path.len(), 4096);
}

#[test]
fn a_repository_of_nothing_but_submodules_is_given_up() {
    let (_server, repository) = repository();
    let commit = repository.run(&["rev-parse", "HEAD"]);
    let lines: String = (0..20_001).map(|n| format!("160000 commit {commit}\t{n}\n")).collect();
    push(&repository, &tree(&repository, &lines));
    assert!(is_too_large(snapshot(&repository).files(&|_| true, Limits::default())));
}

#[test]
fn paths_that_unfold_to_any_length_are_given_up() {
    let (_server, repository) = repository();
    let id = blob(&repository, b"# Text\n");
    let mut below = tree(&repository, &format!("100644 blob {id}\tb.md\n"));
    // 40 folders in each of three levels, with names of a thousand characters.
    for _ in 0..3 {
        let name = "x".repeat(1000);
        let lines = (0..40).map(|n| format!("040000 tree {below}\t{name}{n}\n"));
        below = tree(&repository, &lines.collect::<String>());
    }
    push(&repository, &below);
    assert!(is_too_large(snapshot(&repository).files(&|_| true, Limits::default())));
}

#[test]
fn a_repository_of_more_images_than_fit_is_read_and_the_rest_are_links() {
    const IMAGE: usize = 450 * 1024;
    let (_server, repository) = repository();
    let mut lines = String::new();
    // 1,280 files of 450 KiB, which is more than half a GiB. A PNG begins so, and its end packs well.
    for number in 0..160 {
        let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
        image.resize(IMAGE, 0);
        image.extend(format!("{number:04}").into_bytes());
        let id = blob(&repository, &image);
        lines.extend((0..8).map(|copy| format!("100644 blob {id}\t{number}-{copy}.png\n")));
    }
    let images = tree(&repository, &lines);
    let mut notes = "# 2031-05-14\n".to_owned();
    for number in 0..160 {
        notes.push_str(&format!("\n## Tides of Traffic, part {number} - Mira Quell\n\nWater.\n"));
        notes.extend((0..8).map(|copy| format!("![tide](i/{number}-{copy}.png)\n")));
    }
    let notes = blob(&repository, notes.as_bytes());
    let root = format!("040000 tree {images}\ti\n100644 blob {notes}\tharbor-days-2031.md\n");
    push(&repository, &tree(&repository, &root));

    let snapshot = snapshot(&repository);
    let listing = snapshot.list(&|path| path.ends_with(".md"), Limits::default()).unwrap();
    let files = snapshot.read_all(listing.clone()).unwrap().files;
    let mut collection = document::read(&files, ReadOptions::default());
    let revision = RevisionFiles::new(snapshot, listing);
    assert_eq!(collection.notes.len(), 160);
    let url = "https://github.com/harbor/notes";
    let images =
        resolve_references(&mut collection, &revision, &mut Mentions::default(), url).unwrap();
    images.attach(&mut collection, &revision).unwrap();

    let fit = 64 * 1024 * 1024 / (IMAGE + 4);
    assert_eq!(collection.images.len(), fit);
    let shown: Vec<_> = collection.notes.iter().flat_map(|note| &note.spec.images).collect();
    assert_eq!(shown.len(), 1280);
    let links = shown.iter().filter(|image| image.url.is_some()).count();
    assert_eq!(links, 1280 - 8 * fit);
    let told = collection.diagnostics.iter().filter(|said| said.code == "TN1902");
    assert_eq!(told.count(), links);
    assert!(collection.unreadable.is_empty(), "an image takes nothing from its note");
}
