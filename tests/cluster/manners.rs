//! kubectl as people use it. `docs/using-kubectl.md` is a tour with the output of each command; here it
//! is taken. `UPDATE_DOCS=1` writes the page anew.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use regex::Regex;
use serde_json::json;
use tokio::process::Command;

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};

#[tokio::test]
async fn the_page_about_kubectl_shows_what_kubectl_prints() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let file = root().join("docs/using-kubectl.md");
        let page = std::fs::read_to_string(&file)?;
        let shell = Shell::new(test)?;
        let (mut now, mut commands) = (String::new(), 0);
        for part in parts(&page) {
            now.push_str(&part.text());
            if let Part::Command(command) = part {
                now.push_str(&shell.run(&command).await?);
                commands += 1;
            }
        }
        assert!(commands > 20, "only {commands} commands were found on the page");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            return Ok(std::fs::write(&file, now)?);
        }
        let (page, now) = (without_widths(&page), without_widths(&now));
        let diff = similar::TextDiff::from_lines(&page, &now);
        let diff = diff.unified_diff().header("docs/using-kubectl.md", "kubectl").to_string();
        if diff.is_empty() {
            return Ok(());
        }
        Err(format!("the page is out of date, `make docs` writes it anew:\n{diff}").into())
    })
    .await;
}

/// A part of the page.
enum Part {
    /// A line that is not output.
    Line(String),
    /// A command, without what it printed.
    Command(String),
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Line(line) => format!("{line}\n"),
            Self::Command(command) => format!("$ {command}\n"),
        }
    }
}

/// Everything but output: that is what follows a command, up to the next one or the end of its block.
fn parts(page: &str) -> Vec<Part> {
    let (mut parts, mut in_block) = (Vec::new(), false);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            in_block = line == "```console";
            parts.push(Part::Line(line.to_owned()));
        } else if !in_block {
            parts.push(Part::Line(line.to_owned()));
        } else if let Some(command) = line.strip_prefix("$ ") {
            let mut command = command.to_owned();
            let mut open = command.ends_with("<<'EOF'");
            while let Some(line) = open.then(|| lines.next()).flatten() {
                command.push_str(&format!("\n{line}"));
                open = line != "EOF";
            }
            parts.push(Part::Command(command));
        }
    }
    parts
}

/// A shell at the root of the repository, whose kubectl works in the namespace of the test.
struct Shell {
    path: String,
    namespace: String,
    masks: Vec<(Regex, &'static str)>,
}

impl Shell {
    fn new(test: &TestNamespace) -> Result<Self> {
        let bin = test.folder().join("bin");
        std::fs::create_dir_all(&bin)?;
        let access = test.control_plane.admin();
        let script = format!(
            "#!/bin/sh\nexec '{}' --kubeconfig '{}' --cache-dir '{}' --namespace {} \"$@\"\n",
            access.kubectl.display(),
            access.kubeconfig.display(),
            bin.join("cache").display(),
            test.name,
        );
        let kubectl = bin.join("kubectl");
        std::fs::write(&kubectl, script)?;
        std::fs::set_permissions(&kubectl, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let path = format!("{}:{}", bin.display(), std::env::var("PATH")?);
        Ok(Self { path, namespace: test.name.clone(), masks: masks()? })
    }

    /// What a command prints, without what is different at each run.
    async fn run(&self, command: &str) -> Result<String> {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(root())
            .env("PATH", &self.path)
            .env_remove("KUBECONFIG")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await?;
        let mut text = String::from_utf8(output.stdout)?.replace(&self.namespace, "default");
        for (mask, instead) in &self.masks {
            text = mask.replace_all(&text, *instead).into_owned();
        }
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n");
        let text = text.trim_end();
        Ok(if text.is_empty() { String::new() } else { format!("{text}\n") })
    }
}

/// What is different at each run, and what stands on the page in its place.
fn masks() -> Result<Vec<(Regex, &'static str)>> {
    let masks = [
        // The age in the last column of a table.
        (r"(?m) (\d+[smhd])+$", " 5s"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2031-05-14T09:00:00Z"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}", "2031-05-14 09:00:00 +0000"),
        (r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", "5ad3c5e0-0000-4000-8000-000000000000"),
        (r#"(resourceVersion: "|Resource Version: +)\d+"#, "${1}1402"),
        (r"(LIVE|MERGED)-\d+", "${1}-1"),
    ];
    masks.into_iter().map(|(mask, instead)| Ok((Regex::new(mask)?, instead))).collect()
}

/// The text with one space where there are several: columns are as wide as their widest cell, and ages
/// have different widths.
fn without_widths(text: &str) -> String {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[tokio::test]
async fn a_typical_mistake_is_answered_with_what_to_write_instead() {
    with_namespace(async |test| -> Result {
        let cases = [
            ("TalkNote", json!({ "title": "A", "day": "2026/05/14" }), "YYYY-MM-DD"),
            ("TalkNote", json!({ "title": "A", "day": "2026-02-31" }), "YYYY-MM-DD"),
            ("TalkNote", json!({ "title": "A", "startTime": "9:30" }), "HH:MM"),
            ("TalkNote", json!({ "title": "A", "endTime": "10.15 pm" }), "HH:MM"),
            ("TalkNote", json!({ "title": "A", "language": "zh_TW" }), "zh-Hant-TW"),
            ("TalkNote", json!({ "title": "A", "publishAt": "2026-05-14 18:00" }), "+08:00"),
            ("TalkNote", json!({ "title": "A", "medal": "gold" }), "\"Gold\""),
            ("TalkNote", json!({ "markdown": "text" }), "spec.title: Required"),
            ("TalkNote", json!({ "title": "A".repeat(501) }), "more than 500"),
            ("TalkNote", json!({ "title": "A", "summitref": { "name": "b" } }), "spec.summitref"),
            ("TalkNote", json!({ "title": "A", "start-time": "09:30" }), "spec.start-time"),
            ("Summit", json!({ "title": "A", "startDate": "14 May 2026" }), "YYYY-MM-DD"),
            ("Summit", json!({ "title": "A", "endDate": "2026-5-14" }), "YYYY-MM-DD"),
            ("NoteRepository", json!({ "url": "a", "interval": "5 minutes" }), "5m or 1h30m"),
            ("NoteRepository", json!({ "url": "a", "timeout": "1d" }), "5m or 1h30m"),
            ("NoteRepository", json!({ "url": "a", "ref": { "commit": "abc" } }), "rev-parse"),
            ("NoteRepository", json!({ "url": "a", "format": "hackmd" }), "\"HackMD\""),
        ];
        for (kind, spec, says) in cases {
            let manifest = json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": kind,
                                   "metadata": { "name": "odd" }, "spec": spec });
            for mode in ["--server-side=false", "--server-side=true"] {
                let arguments = ["apply", mode, "-f", "-"];
                let output = test.kubectl().attempt(&arguments, &manifest.to_string()).await?;
                assert!(!output.status.success(), "{mode}: accepted: {manifest}");
                assert!(output.stderr.contains(says), "{mode}: {manifest}\n{}", output.stderr);
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_an_author_may_write_is_accepted() {
    with_namespace(async |test| -> Result {
        let specs = [
            json!({ "title": "A", "day": "2028-02-29", "startTime": "00:00", "endTime": "23:59" }),
            json!({ "title": "A", "language": "zh-Hant-TW", "publishAt": "2026-05-14T18:00:00+08:00" }),
            json!({ "title": "A", "publishAt": "2026-05-14T18:00:00.5Z" }),
            // Odd content is told in the status.
            json!({ "title": "A", "links": [{ "url": "no address" }], "tags": ["a", "a"] }),
        ];
        for spec in specs {
            let manifest = json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
                                   "metadata": { "name": "good" }, "spec": spec });
            test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn notes_and_repositories_are_selected_by_what_people_ask_for() {
    with_namespace(async |test| -> Result {
        let object = |kind: &str, name: &str, spec: serde_json::Value| {
            json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": kind,
                    "metadata": { "name": name }, "spec": spec })
        };
        let items = [
            object(
                "TalkNote",
                "one",
                json!({ "title": "A", "day": "2026-05-14", "medal": "Gold" }),
            ),
            object("TalkNote", "two", json!({ "title": "A", "publication": "Draft" })),
            object("NoteRepository", "on", json!({ "url": "https://git.example/a" })),
            object(
                "NoteRepository",
                "off",
                json!({ "url": "https://git.example/b", "suspend": true }),
            ),
        ];
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string();
        let kubectl = test.kubectl();
        kubectl.succeed(&["apply", "-f", "-"], &list).await?;
        let cases = [
            ("talknotes", "spec.day=2026-05-14", "talknote.talknotes.dev/one\n"),
            ("talknotes", "spec.medal=Gold", "talknote.talknotes.dev/one\n"),
            ("talknotes", "spec.publication=Draft", "talknote.talknotes.dev/two\n"),
            ("talknotes", "spec.publication!=Draft", "talknote.talknotes.dev/one\n"),
            ("nrepo", "spec.suspend=true", "noterepository.talknotes.dev/off\n"),
            ("nrepo", "spec.url=https://git.example/a", "noterepository.talknotes.dev/on\n"),
        ];
        for (kind, selector, expected) in cases {
            let arguments = ["get", kind, "--field-selector", selector, "-o", "name"];
            assert_eq!(kubectl.run(&arguments).await?, expected, "{selector}");
        }
        Ok(())
    })
    .await;
}
