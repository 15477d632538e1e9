//! The folder that an export is written into.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use crate::cli::diagnostics::{count, visible};
use crate::cli::{Failure, files};
use crate::document::{self, Fidelity, Form, Layout, ReadOptions, SourceFile, Written};

/// Files that are larger are not ours.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The folder that is written into.
pub(super) struct Target<'a> {
    root: &'a Path,
}

/// What becomes of a file.
enum Fate {
    Written,
    Unchanged,
    /// Somebody else's file has its name.
    InTheWay,
}

impl<'a> Target<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root }
    }

    /// Writes all files and says what became of each.
    pub(super) fn write_all(&self, written: &[Written]) -> Result<ExitCode, Failure> {
        let mut out = std::io::stdout().lock();
        let (mut new, mut unchanged, mut in_the_way) = (0, 0, 0);
        for Written { file, fidelity } in written {
            let path = self.root.join(&file.path).display().to_string();
            match self.write(file)? {
                Fate::Written => {
                    new += 1;
                    writeln!(out, "{}", visible(&path))?;
                }
                Fate::Unchanged => unchanged += 1,
                Fate::InTheWay => {
                    in_the_way += 1;
                    anstream::eprintln!(
                        "{}: left as it is: it was not written by an export of this object; move it \
                         away, or choose another --output-dir",
                        visible(&path)
                    );
                }
            }
            explain(&visible(&path), *fidelity);
        }
        let left = self.left(written);
        for path in &left {
            anstream::eprintln!(
                "{}: left as it is: nothing that was exported has this name any more",
                visible(&self.root.join(path).display().to_string())
            );
        }
        anstream::eprintln!(
            "{} written to {}, {unchanged} unchanged, {} left as they are",
            count(new, "file"),
            visible(&self.root.display().to_string()),
            in_the_way + left.len()
        );
        Ok(if in_the_way == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn write(&self, file: &SourceFile) -> Result<Fate, Failure> {
        let path = self.root.join(&file.path);
        match read(&path)? {
            None => files::create(&path, &file.content)?,
            Some(there) if there == file.content => return Ok(Fate::Unchanged),
            Some(there) => {
                let (before, now) =
                    (objects_in(&file.path, there), objects_in(&file.path, file.content.clone()));
                if now.is_empty() || before != now {
                    return Ok(Fate::InTheWay);
                }
                files::replace(&path, &file.content)?;
            }
        }
        Ok(Fate::Written)
    }

    /// Files of earlier exports, in the folders of this one, whose objects are gone.
    fn left(&self, written: &[Written]) -> Vec<String> {
        let own: BTreeSet<&str> =
            written.iter().map(|written| written.file.path.as_str()).collect();
        let folders: BTreeSet<&str> =
            own.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
        let mut left = Vec::new();
        for folder in folders {
            let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
            for entry in entries {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                let is_other = !own.contains(path.as_str());
                let content = || read(&entry.path()).ok().flatten();
                if is_other && content().is_some_and(|content| is_exported(&path, content)) {
                    left.push(path);
                }
            }
        }
        left.sort();
        left
    }
}

fn explain(path: &str, fidelity: Fidelity) {
    match fidelity {
        Fidelity::Exact => {}
        Fidelity::AsManifest => {
            anstream::eprintln!("{path}: a manifest, since Markdown cannot carry this object");
        }
        Fidelity::ForClusterOnly => anstream::eprintln!(
            "{path}: `kubectl apply --server-side` takes it, but `talknotes import` would not give it back as it is"
        ),
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        std::fs::File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
        Ok(content)
    };
    match read() {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read {}: {error}", path.display()).into()),
    }
}

/// The names of the objects that a file says that it holds.
fn objects_in(path: &str, content: Vec<u8>) -> Vec<String> {
    let file = SourceFile { path: path.to_owned(), content };
    let found = document::read(&[file], ReadOptions::default());
    let summits = found.summits.into_iter().map(|summit| format!("summit/{}", summit.name));
    summits.chain(found.notes.into_iter().map(|note| format!("note/{}", note.name))).collect()
}

/// Whether a file is as an export writes them: exactly what it would write again.
fn is_exported(path: &str, content: Vec<u8>) -> bool {
    let file = SourceFile { path: path.to_owned(), content };
    let found = document::read(std::slice::from_ref(&file), ReadOptions::default());
    [Form::Markdown, Form::Yaml].into_iter().any(|form| {
        let mut layout = Layout::new(form);
        let summits = found.summits.iter();
        let mut again: Vec<_> = summits
            .map(|one| layout.summit_with("", &one.name, &one.metadata, &one.spec))
            .collect();
        let notes = found.notes.iter();
        again.extend(notes.map(|one| layout.note_with("", &one.name, &one.metadata, &one.spec)));
        matches!(again.as_slice(), [Ok(one)] if one.file.content == file.content)
    })
}
