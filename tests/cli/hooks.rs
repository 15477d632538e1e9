//! The git hook in `examples/lint`, in a real repository.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::workspace::{TALK, Workspace};

const HOOK: &str = include_str!("../../examples/lint/pre-commit");
const BROKEN: &str = "---\ntitle: [\n---\n";

struct Repository {
    workspace: Workspace,
}

impl Repository {
    /// One with the hook.
    fn new() -> Self {
        let repository = Self { workspace: Workspace::new() };
        assert!(repository.git(&["init", "--quiet"]).status.success());
        let hook = repository.workspace.path().join(".git/hooks/pre-commit");
        repository.workspace.write(".git/hooks/pre-commit", HOOK);
        fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
        repository
    }

    /// Git, without the configuration of whoever runs the tests and with our binary in the path.
    fn git(&self, arguments: &[&str]) -> Output {
        let ours = Path::new(env!("CARGO_BIN_EXE_talknotes")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        Command::new("git")
            .args(["-c", "user.name=Mira Quell", "-c", "user.email=mira@harbor.example"])
            .args(arguments)
            .current_dir(self.workspace.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", ours.display()))
            .env("HOME", self.workspace.path())
            .output()
            .unwrap()
    }

    /// Whether a commit of what is staged succeeds, and what is said.
    fn commit(&self) -> (bool, String) {
        let output = self.git(&["commit", "--quiet", "--message", "Notes"]);
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn a_commit_with_an_error_is_refused_and_a_clean_one_passes() {
    let repository = Repository::new();
    repository.workspace.write("notes/a.md", BROKEN);
    repository.git(&["add", "."]);
    let (passed, said) = repository.commit();
    assert!(!passed && said.contains("error[TN1003]") && said.contains("notes/a.md:"), "{said}");
    repository.workspace.write("notes/a.md", TALK);
    let (passed, said) = repository.commit();
    assert!(!passed, "what is staged counts, not what is in the folder: {said}");
    repository.git(&["add", "."]);
    let (passed, said) = repository.commit();
    assert!(passed, "{said}");
    repository.workspace.write("notes/b.md", BROKEN);
    repository.workspace.write("other.txt", "other");
    repository.git(&["add", "other.txt"]);
    let (passed, said) = repository.commit();
    assert!(passed, "what is not staged does not count: {said}");
}

#[test]
fn a_repository_without_notes_passes() {
    let repository = Repository::new();
    repository.workspace.write("other.txt", "other");
    repository.git(&["add", "."]);
    let (passed, said) = repository.commit();
    assert!(passed, "{said}");
}
