//! The suites: where they are found and how they are read. They are no part of this repository; Go
//! modules ship them, and `go` is needed for the tests anyway.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use talknotes::render::Standard;

/// A Go module in the version that is looked at, with the sum by which `go` knows its files.
struct Module {
    version: &'static str,
    sum: &'static str,
}

const GOLDMARK: Module = Module {
    version: "github.com/yuin/goldmark@v1.8.7",
    sum: "h1:XT/tNqCIbabh0ln675w4x3dv04kQBKi8NwYqi9IJaxI=",
};
const MARKDOWN: Module = Module {
    version: "rsc.io/markdown@v0.0.0-20240306144322-0bf8f97ee8ef",
    sum: "h1:mqLYrXCXYEZOop9/Dbo6RPX11539nwiCNBb1icVPmw8=",
};

/// An example: what is written and what it means.
pub struct Example {
    pub number: u32,
    pub markdown: String,
    pub html: String,
}

/// Examples of one source.
pub struct Suite {
    /// Its key in differences.toml.
    pub name: &'static str,
    pub title: &'static str,
    pub standard: Standard,
    pub examples: Vec<Example>,
}

/// All suites.
pub fn all() -> Vec<Suite> {
    let goldmark = folder(&GOLDMARK);
    let markdown = folder(&MARKDOWN);
    let extension = |name: &str| blocks(&goldmark.join("extension/_test").join(name));
    let gfm = |name, title, examples| Suite { name, title, standard: Standard::Gfm, examples };
    vec![
        Suite {
            name: "commonmark",
            title: "CommonMark 0.31.2",
            standard: Standard::CommonMark,
            examples: json(&goldmark.join("_test/spec.json")),
        },
        gfm("gfm-tables", "GFM: tables", extension("table.txt")),
        gfm("gfm-strikethrough", "GFM: strikethrough", extension("strikethrough.txt")),
        gfm("gfm-task-lists", "GFM: task lists", extension("tasklist.txt")),
        gfm("gfm-autolinks", "GFM: autolinks", extension("linkify.txt")),
        gfm("cmark-gfm", "cmark-gfm: extensions", archive(&markdown.join("testdata/gfm_ext.txt"))),
    ]
}

/// Where the files of `module` are; they are downloaded where they are not there yet.
fn folder(module: &Module) -> PathBuf {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Download {
        dir: Option<PathBuf>,
        sum: Option<String>,
        error: Option<String>,
    }
    let advice = "The conformance suites are read from Go modules. Install Go 1.26 or later from \
                  https://go.dev/dl and let it reach a module proxy once (see GOPROXY); after that \
                  they are in its cache.";
    let output = Command::new("go")
        .args(["mod", "download", "-json", module.version])
        .current_dir(std::env::temp_dir())
        .env("GOWORK", "off")
        .output()
        .unwrap_or_else(|error| panic!("go cannot be run: {error}. {advice}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let download: Download = serde_json::from_str(&text).unwrap_or_else(|_| {
        panic!("{}: {}\n{advice}", module.version, String::from_utf8_lossy(&output.stderr))
    });
    if let Some(error) = download.error {
        panic!("{} cannot be downloaded: {error}\n{advice}", module.version);
    }
    assert_eq!(download.sum.as_deref(), Some(module.sum), "{} is another one", module.version);
    download.dir.expect("a module that was downloaded has a folder")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The specification's own form.
fn json(path: &Path) -> Vec<Example> {
    #[derive(Deserialize)]
    struct Entry {
        example: u32,
        markdown: String,
        html: String,
    }
    let entries: Vec<Entry> = serde_json::from_str(&read(path)).expect("examples as JSON");
    entries
        .into_iter()
        .map(|Entry { example: number, markdown, html }| Example { number, markdown, html })
        .collect()
}

/// A number, the Markdown and the HTML, with a line of dashes between them and one of equals signs at
/// the end. Options may stand below the number; one of them is known here: tabs written as `\t`.
fn blocks(path: &Path) -> Vec<Example> {
    let text = read(path);
    let mut examples = Vec::new();
    for block in text.split("//= = = = = = = = = = = = = = = = = = = = = = = =//") {
        let mut parts = block.split("//- - - - - - - - -//\n");
        let head = parts.next().unwrap_or_default().trim();
        let (Some(markdown), Some(html)) = (parts.next(), parts.next()) else { continue };
        let digits: String = head.chars().take_while(char::is_ascii_digit).collect();
        let number = digits.parse().unwrap_or_else(|_| panic!("{head:?} has no number"));
        let has_escapes = head.contains("enableEscape");
        let text =
            |text: &str| if has_escapes { text.replace("\\t", "\t") } else { text.to_owned() };
        examples.push(Example { number, markdown: text(markdown), html: text(html) });
    }
    examples
}

/// Files `<number>.md` and `<number>.html` in one text.
fn archive(path: &Path) -> Vec<Example> {
    let text = read(path);
    let mut examples: Vec<Example> = Vec::new();
    for file in text.split("\n-- ").skip(1) {
        let (name, content) = file.split_once(" --\n").unwrap_or((file, ""));
        let content = format!("{content}\n");
        match name.split_once('.') {
            Some((number, "md")) => examples.push(Example {
                number: number.parse().expect("a number"),
                markdown: content,
                html: String::new(),
            }),
            Some((_, "html")) => examples.last_mut().expect("Markdown before HTML").html = content,
            _ => {}
        }
    }
    examples
}
