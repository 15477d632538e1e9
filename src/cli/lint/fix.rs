//! `talknotes lint --fix`: what can be corrected without a doubt is shown as a diff and written.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use crate::cli::source::Source;
use crate::cli::{Failure, diagnostics, files};
use crate::document::{Collection, SourceFile};
use crate::lint::{self, Finding};

/// Lines around a change.
const CONTEXT: usize = 3;
/// Rounds of fixes: those that touched others wait for the next one.
const MAX_ROUNDS: usize = 8;

/// A file before and after.
pub(super) struct Change {
    /// As the user would open it.
    place: String,
    path: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// What the fixes change. Nothing is written.
///
/// # Errors
///
/// Where the notes are no files, or other talks would be found afterwards.
pub(super) fn changes(
    source: &Source,
    collection: &Collection,
    files: &[SourceFile],
) -> Result<Vec<Change>, Failure> {
    let Some(root) = source.path() else {
        return Err("only files can be corrected: clone the repository and name the folder".into());
    };
    let mut now = files.to_vec();
    // A key that is named right is read, which is what it is for. The rest changes no talk.
    let renamed = rounds(source, collection, &mut now, |finding| finding.is_misnamed_key());
    let named = renamed.as_ref().unwrap_or(collection);
    let corrected = rounds(source, named, &mut now, |finding| !finding.is_misnamed_key());
    let lost = named.notes.len() < collection.notes.len()
        || named.unreadable.len() > collection.unreadable.len();
    if lost || corrected.is_some_and(|read| talks(&read) != talks(named)) {
        return Err("the corrections would change which talks are found, so nothing was written; \
                    please report this with the document"
            .into());
    }
    let pairs = files.iter().zip(now).filter(|(before, after)| before.content != after.content);
    let change = |(before, after): (&SourceFile, SourceFile)| Change {
        place: source.place(&before.path),
        path: if root.is_dir() { root.join(&before.path) } else { root.to_owned() },
        before: before.content.clone(),
        after: after.content,
    };
    Ok(pairs.map(change).collect())
}

/// Makes the `wanted` fixes in `files`, which `collection` was read from; how they are read then,
/// where there were any.
fn rounds(
    source: &Source,
    collection: &Collection,
    files: &mut [SourceFile],
    wanted: fn(&Finding) -> bool,
) -> Option<Collection> {
    let mut read = None;
    for _ in 0..MAX_ROUNDS {
        let fixed = fixed(read.as_ref().unwrap_or(collection), files, wanted);
        if fixed.is_empty() {
            break;
        }
        for (index, content) in fixed {
            files.get_mut(index).into_iter().for_each(|file| file.content.clone_from(&content));
        }
        read = Some(source.read_again(files));
    }
    read
}

/// The files that have `wanted` fixes, with what comes of them.
fn fixed(
    collection: &Collection,
    files: &[SourceFile],
    wanted: fn(&Finding) -> bool,
) -> Vec<(usize, Vec<u8>)> {
    let findings = lint::findings(collection, &lint::texts(files));
    let of = |file: &SourceFile| {
        let own = findings.iter().filter(|one| one.diagnostic.path == file.path && wanted(one));
        lint::fixed(&file.content, own)
    };
    files.iter().enumerate().filter_map(|(index, file)| Some((index, of(file)?))).collect()
}

/// What must be the same before and after.
fn talks(collection: &Collection) -> Vec<(&str, &str, String)> {
    let notes = collection.notes.iter().map(|note| {
        let facts =
            format!("{:?} {:?} {:?}", note.spec.speakers, note.spec.day, note.spec.summit_ref);
        (note.name.as_str(), note.spec.title.as_str(), facts)
    });
    let summits = collection.summits.iter();
    let summits = summits.map(|one| (one.name.as_str(), one.spec.title.as_str(), String::new()));
    notes.chain(summits).collect()
}

/// Shows the changes as a unified diff on standard output.
pub(super) fn show(changes: &[Change]) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    for Change { place, before, after, .. } in changes {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let (before, after) = (text(before), text(after));
        let place = diagnostics::visible(place);
        writeln!(out, "--- {place}\n+++ {place}")?;
        let diff = TextDiff::from_lines(before.as_str(), after.as_str());
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            writeln!(out, "{}", hunk.header())?;
            for change in hunk.iter_changes() {
                let (sign, style) = match change.tag() {
                    ChangeTag::Delete => ("-", AnsiColor::Red.on_default()),
                    ChangeTag::Insert => ("+", AnsiColor::Green.on_default()),
                    ChangeTag::Equal => (" ", Style::new()),
                };
                let line = change.value().trim_end_matches(['\n', '\r']);
                writeln!(out, "{style}{sign}{}{style:#}", diagnostics::visible(line))?;
            }
        }
    }
    out.flush()
}

/// Shows the changes, asks and writes them; whether they were written.
pub(super) fn run(
    source: &Source,
    collection: &Collection,
    files: &[SourceFile],
    yes: bool,
) -> Result<bool, Failure> {
    let changes = changes(source, collection, files)?;
    if changes.is_empty() {
        anstream::eprintln!("there is nothing that can be corrected without a doubt");
        return Ok(false);
    }
    show(&changes)?;
    if !yes {
        if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
            return Err(
                "nobody can be asked here, so nothing was written: add --yes to write, or \
                        use --diff to look"
                    .into(),
            );
        }
        eprint!("Write these changes to {}? [y/N] ", diagnostics::count(changes.len(), "file"));
        if !agreed(std::io::stdin().lock())? {
            anstream::eprintln!("nothing was written");
            return Ok(false);
        }
    }
    changes.iter().try_for_each(|change| write(source, change))?;
    anstream::eprintln!("corrected {}", diagnostics::count(changes.len(), "file"));
    Ok(true)
}

fn agreed(mut input: impl BufRead) -> std::io::Result<bool> {
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    if !answer.ends_with('\n') {
        // The end of the input leaves the cursor behind the question.
        eprintln!();
    }
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

/// Puts the new file into the place of the old one: whoever looks sees the one or the other.
fn write(source: &Source, change: &Change) -> Result<(), Failure> {
    let failed = |why: &dyn std::fmt::Display| -> Failure {
        format!("cannot write {}: {why}", change.place).into()
    };
    let parent = change.path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    stays_inside(source, change, parent).map_err(|error| failed(&error))?;
    if std::fs::read(&change.path).map_err(|error| failed(&error))? != change.before {
        return Err(failed(&"it was changed meanwhile; try again"));
    }
    files::replace(&change.path, &change.after)
}

/// That the file is one, and that no link leads out of the folder to it.
fn stays_inside(source: &Source, change: &Change, parent: &Path) -> std::io::Result<()> {
    if std::fs::symlink_metadata(&change.path)?.file_type().is_symlink() {
        return Err(std::io::Error::other("it is a symbolic link"));
    }
    let root = source.path().filter(|root| root.is_dir());
    match root {
        Some(root) if !parent.canonicalize()?.starts_with(root.canonicalize()?) => {
            Err(std::io::Error::other("it is outside of the folder"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (answer, expected) in
            [("y\n", true), ("YES\n", true), ("\n", false), ("", false), ("yo\n", false)]
        {
            assert_eq!(agreed(answer.as_bytes()).unwrap(), expected, "{answer:?}");
        }
    }
}
