//! A running `talknotes preview` on a folder of notes.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::browser::Browser;
use crate::support::Result;
use crate::support::child::Child;
use crate::support::scratch::Scratch;
use crate::support::wait::{self, DEADLINE, Look};

/// Every construct that notes are written in, at sizes that are hard to fit.
pub const EVERYTHING: &str = include_str!("notes/everything.md");

/// What an attacker would write.
pub const HOSTILE: &str = include_str!("notes/hostile.md");

/// A preview. It ends with the value.
pub struct Preview {
    folder: Scratch,
    _child: Child,
    pub base: String,
}

impl Preview {
    /// One of `documents`, each with its name.
    pub async fn start(documents: &[(&str, &str)]) -> Result<Self> {
        let folder = Scratch::new()?;
        let notes = folder.path().join("notes");
        fs::create_dir(&notes)?;
        for (name, text) in documents {
            fs::write(notes.join(name), text)?;
        }
        let log = folder.path().join("preview.log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_talknotes"));
        command.arg("preview").arg(&notes).args(["--address", "127.0.0.1:0"]);
        let mut child = Child::spawn(&command, &log)?;
        let base = wait::until("the preview to say its address", DEADLINE, async || {
            child.check_running()?;
            let text = fs::read_to_string(&log).unwrap_or_default();
            let url = text.split_once(" is shown at ").and_then(|(_, rest)| rest.split_once("/ ("));
            Ok(url.map_or_else(|| Look::NotYet(text.clone()), |(url, _)| Look::Met(url.to_owned())))
        })
        .await?;
        Ok(Self { folder, _child: child, base })
    }

    /// One of the examples, of everything that notes are written in, and of hostile notes: 404 and
    /// diagnostics have something to say then.
    pub async fn of_everything() -> Result<Self> {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/notes");
        let harbor = fs::read_to_string(examples.join("cloud-harbor-2031.md"))?;
        let tidal = fs::read_to_string(examples.join("posts/tidal-platform-days-2031.md"))?;
        Self::start(&[
            ("cloud-harbor-2031.md", &harbor),
            ("tidal-platform-days-2031.md", &tidal),
            ("everything.md", EVERYTHING),
            ("hostile.md", HOSTILE),
        ])
        .await
    }

    /// The file of a document.
    pub fn document(&self, name: &str) -> PathBuf {
        self.folder.path().join("notes").join(name)
    }

    /// The address of the page at `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The paths of the notes of the summit `name`, in their order.
    pub async fn notes_of(&self, browser: &Browser, name: &str) -> Result<Vec<String>> {
        browser.open(&self.url(&format!("/preview/{name}"))).await?;
        browser.run("return [...document.querySelectorAll('.row a')].map((a) => a.pathname)").await
    }

    /// The path of the note that the first page names and whose path has `part` in it.
    pub async fn note_on_first_page(&self, browser: &Browser, part: &str) -> Result<String> {
        browser.open(&self.url("/")).await?;
        let script = "return [...document.links].map((link) => link.pathname).find((path) => path.includes(arguments[0]))";
        browser.run_with(script, vec![part.into()]).await
    }

    /// Opens every page there is, and a missing one, and looks at it.
    pub async fn on_every_page(
        &self,
        browser: &Browser,
        mut look: impl AsyncFnMut(&str) -> Result,
    ) -> Result {
        let mut open: VecDeque<String> =
            ["/", "/-/diagnostics", "/preview/everythink"].into_iter().map(str::to_owned).collect();
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        while let Some(path) = open.pop_front() {
            browser.open(&self.url(&path)).await?;
            look(&path).await?;
            let links: Vec<String> = browser.run(OWN_LINKS).await?;
            open.extend(links.into_iter().filter(|link| seen.insert(link.clone())));
        }
        assert!(seen.len() > 20, "there are more pages than {seen:?}");
        Ok(())
    }
}

/// Links of the pages themselves; the notes' own stand in `.prose`.
const OWN_LINKS: &str = "return [...document.links]
    .filter((a) => a.origin === location.origin && !a.closest('.prose, .links, .switch, .exports'))
    .filter((a) => !a.search)
    .map((a) => a.pathname)";
