//! The git repository of the demo.

use std::fs;
use std::path::{Path, PathBuf};

use kube::ResourceExt as _;
use talknotes::api::{TalkNote, names};

use crate::support::Result;
use crate::support::git_server::{GitServer, Options, Repository};

const NAME: &str = "notes";

/// A git server with the notes of `examples/notes`.
pub struct Notes {
    server: GitServer,
    _repository: Repository,
}

/// A document whose last line belongs to a note: what is written behind it appears on that note's
/// page.
pub struct Place {
    /// Path in the repository.
    pub path: String,
    /// The note.
    pub note: String,
    /// Its summit, where it has one.
    pub summit: Option<String>,
    /// Its title.
    pub title: String,
}

impl Notes {
    /// Starts the server at `port`, or at a free one where that is 0.
    ///
    /// # Errors
    /// Where there are no notes.
    pub fn serve(port: u16) -> Result<Self> {
        let folder = folder();
        let mut documents = Vec::new();
        collect(&folder, &mut documents)?;
        if documents.is_empty() {
            return Err(format!("{} has no Markdown files", folder.display()).into());
        }
        let server = GitServer::with_options(Options { port, ..Options::default() });
        let repository = server.create(NAME);
        for path in &documents {
            let name = path.strip_prefix(&folder)?.to_string_lossy();
            repository.write(&name, &fs::read(path)?);
        }
        repository.commit(&[], "Take notes");
        Ok(Self { server, _repository: repository })
    }

    /// Address of the repository.
    pub fn url(&self) -> String {
        self.server.url(NAME)
    }

    /// A document that one of `published` ends.
    ///
    /// # Errors
    /// Where no note ends its document.
    pub fn place_to_write(&self, published: &[TalkNote]) -> Result<Place> {
        for note in published {
            let Some(path) = note.annotations().get(names::SOURCE_PATH) else { continue };
            let document = fs::read_to_string(folder().join(path))?;
            let markdown = note.spec.markdown.as_deref().unwrap_or_default();
            if last_line(markdown).is_some() && last_line(markdown) == last_line(&document) {
                return Ok(Place {
                    path: path.clone(),
                    note: note.name_any(),
                    summit: note.spec.summit_ref.as_ref().map(|summit| summit.name.clone()),
                    title: note.spec.title.clone(),
                });
            }
        }
        Err("no document of examples/notes ends with the notes of a talk".into())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/notes")
}

fn collect(folder: &Path, documents: &mut Vec<PathBuf>) -> Result {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, documents)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            documents.push(path);
        }
    }
    Ok(())
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().rev().map(str::trim).find(|line| !line.is_empty())
}
