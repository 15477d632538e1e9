//! What the program says about itself.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace::Workspace;

const COMMANDS: [&str; 14] = [
    "preview",
    "site",
    "import",
    "lint",
    "rules",
    "new",
    "export",
    "explain",
    "controller",
    "viewer",
    "kubectl",
    "doctor",
    "healthcheck",
    "crds",
    "completions",
];

#[test]
fn help_shows_a_newcomer_the_way() {
    let run = Workspace::new().run(&["--help"]).exits(0).says_nothing();
    for command in COMMANDS {
        assert!(run.stdout().contains(&format!("\n  {command} ")), "{}", run.stdout());
    }
    assert!(run.stdout().contains("talknotes preview notes/"), "{}", run.stdout());
    assert_eq!(Workspace::new().run(&["help"]).exits(0).stdout(), run.stdout());
}

#[test]
fn help_of_every_command_has_examples_and_fits_the_screen() {
    for command in COMMANDS {
        let run = Workspace::new().run(&[command, "--help"]).exits(0).says_nothing();
        for word in ["Usage: talknotes ", "Examples:", &format!("  talknotes {command}")] {
            assert!(run.stdout().contains(word), "{word}: {}", run.stdout());
        }
        for line in run.stdout().lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn help_names_the_defaults_and_the_environment() {
    for (command, words) in [
        ("preview", &["[default: 127.0.0.1:8080]", "[default: 30]", "TALKNOTES_ADDRESS"][..]),
        ("import", &["[default: yaml]", "[default: hide]", "[default: auto]"]),
        ("controller", &["[default: 0.0.0.0:8081]", "TALKNOTES_NAMESPACE", "TALKNOTES_CACHE_DIR"]),
        ("viewer", &["[default: 0.0.0.0:8080]", "TALKNOTES_NAMESPACE", "TALKNOTES_ADDRESS"]),
    ] {
        let run = Workspace::new().run(&[command, "--help"]).exits(0);
        for word in words {
            assert!(run.stdout().contains(word), "{command}: {word}: {}", run.stdout());
        }
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let expected = concat!("talknotes ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(Workspace::new().run(&["--version"]).exits(0).stdout(), expected);
}

#[test]
fn scripts_for_shells_are_complete() {
    for (shell, marker) in
        [("bash", "complete -F"), ("zsh", "#compdef talknotes"), ("fish", "complete -c talknotes")]
    {
        let run = Workspace::new().run(&["completions", shell]).exits(0).says_nothing();
        for word in [marker, "preview", "keep-going"] {
            assert!(run.stdout().contains(word), "{shell}: {word}");
        }
    }
    Workspace::new().run(&["completions", "tcsh"]).exits(2).says(&["tcsh", "bash"]);
}

#[test]
fn bash_understands_its_script() {
    let script = Workspace::new().run(&["completions", "bash"]).exits(0);
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash is needed for this test: install the package bash");
    bash.stdin.take().unwrap().write_all(script.stdout().as_bytes()).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const FILES: [&str; 4] =
    ["noterepositories.yaml", "summits.yaml", "talknotes.yaml", "viewers.yaml"];

fn golden(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crds");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[test]
fn the_kinds_are_printed_as_the_repository_has_them() {
    let run = Workspace::new().run(&["crds"]).exits(0).says_nothing();
    let expected: String = FILES.iter().map(|file| golden(file)).collect();
    assert!(run.stdout() == expected, "crds/ is out of date: run make generate");
    assert_eq!(run.yaml().len(), FILES.len());
}

#[test]
fn the_kinds_are_written_into_a_folder() {
    let folder = Workspace::new();
    folder.run(&["crds", "--output-dir", "a/b"]).exits(0).says_nothing().prints_nothing();
    let written = folder.path().join("a/b");
    assert_eq!(std::fs::read_dir(&written).unwrap().count(), FILES.len());
    for file in FILES {
        assert!(std::fs::read_to_string(written.join(file)).unwrap() == golden(file), "{file}");
    }
    folder.write("file", "");
    folder.run(&["crds", "--output-dir", "file"]).exits(1).says(&["error: ", "file"]);
}

/// Plain `kubectl apply` keeps what it applies in an annotation of 256 KiB at most, and notes and images may
/// be larger. What one types below the command is not.
#[test]
fn examples_of_apply_work_for_large_objects() {
    let mut texts: Vec<(String, String)> = COMMANDS
        .map(|command| {
            let run = Workspace::new().run(&[command, "--help"]).exits(0);
            (format!("talknotes {command} --help"), run.stdout().to_owned())
        })
        .into();
    for shell in ["bash", "zsh", "fish"] {
        let run = Workspace::new().run(&["completions", shell]).exits(0);
        texts.push((format!("completions {shell}"), run.stdout().to_owned()));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["docs", "charts", "deploy", "examples", "src/cli"] {
        documents(&root.join(folder), &mut texts);
    }
    texts.push(("README.md".into(), std::fs::read_to_string(root.join("README.md")).unwrap()));
    let mut seen = 0;
    for (place, text) in &texts {
        for line in text.lines() {
            for command in line.split("kubectl apply ").skip(1).filter(|rest| rest.starts_with('-'))
            {
                seen += 1;
                let fits = command.starts_with("--server-side") || command.contains("<<");
                assert!(fits, "{place}: {line}");
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

fn documents(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, texts);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            texts.push((path.display().to_string(), text));
        }
    }
}
