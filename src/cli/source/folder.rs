//! Notes, images and links from a folder of this computer.

use std::fs::{DirEntry, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::{Found, Place};
use crate::api::Diagnostic;
use crate::cli::Failure;
use crate::document::{Collection, Loaded, RULES_FILE, Selection, SourceFile, left_out};
use crate::git::{SkipReason, Skipped};
use crate::import::{
    Contents, ImageFile, ImageFiles, ImageReferences, LinkReferences, Markdown, about_skipped,
};
use crate::render;

/// Larger files are read only so far that it is seen how large they are.
const MAX_FILE_BYTES: u64 = 1024 * 1024 + 1;
/// Folders deeper than this are not looked into, as in a git repository.
const MAX_DEPTH: usize = 64;

/// Puts the images below `root` that the notes name into `collection`.
pub(super) fn images(collection: &mut Collection, documents: &[SourceFile], root: &Path) {
    let references = ImageReferences::new(collection, |own| render::local_images(own.text));
    let documents = Loaded::new(documents);
    let Ok(_) = references.attach(collection, &Contents::new(&documents), &Folder { root });
}

/// Leads the links of `collection` to the pages that documents below `root` became.
pub(super) fn links(collection: &mut Collection, documents: &[SourceFile], root: &Path) {
    let references = LinkReferences::new(collection, |own| render::local_links(own.text));
    let folder = Folder { root };
    let there = references.paths().into_iter().filter(|path| folder.find(path).is_some());
    let there = there.collect();
    let documents = Loaded::new(documents);
    let ids = |own: Markdown<'_>| render::anchors(own.text).into();
    references.attach(collection, &Contents::new(&documents), &there, ids, |_| None);
}

/// Images in a folder of this computer.
struct Folder<'a> {
    root: &'a Path,
}

impl ImageFiles for Folder<'_> {
    type Error = std::convert::Infallible;

    /// The file at `path`, if it can be opened and no part of the path is a symbolic link.
    fn find(&self, path: &str) -> Option<ImageFile> {
        let mut file = self.root.to_owned();
        for part in path.split('/') {
            file.push(part);
            if std::fs::symlink_metadata(&file).ok()?.is_symlink() {
                return None;
            }
        }
        let metadata = std::fs::symlink_metadata(&file).ok()?;
        let found = ImageFile { bytes: metadata.len(), content_id: path.as_bytes().into() };
        (metadata.is_file() && std::fs::File::open(&file).is_ok()).then_some(found)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Self::Error> {
        // One that vanished in between is no image.
        Ok(read_file(&self.root.join(path)).unwrap_or_default())
    }

    fn is_image(&self, content: &[u8]) -> bool {
        render::image_type(content).is_some()
    }

    fn url(&self, _: &str) -> Option<String> {
        None
    }
}

/// The documents below `root`, or the one that it is with the rules beside it.
pub(super) fn load(root: &Path, selection: &Selection) -> Result<Found, Failure> {
    let mut found =
        Found { files: Vec::new(), skipped: Vec::new(), place: Place::Folder(root.to_owned()) };
    if metadata(root)?.is_dir() {
        std::fs::read_dir(root)
            .map_err(|error| format!("cannot read the folder {}: {error}", root.display()))?;
        walk(root, root, 0, selection, &mut found);
        found.skipped.sort();
        found.files.sort_by(|a, b| a.path.cmp(&b.path));
    } else {
        // A file that is named is read, whatever the selection says.
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy();
        let content =
            read_file(root).map_err(|error| format!("cannot read {}: {error}", root.display()))?;
        found.files.push(SourceFile { path: name.into_owned(), content });
        // A file that cannot be read is as good as none here, as most files have no rules beside them.
        let rules = root.with_file_name(RULES_FILE);
        if rules != root
            && let Ok(content) = read_file(&rules)
        {
            found.files.push(SourceFile { path: RULES_FILE.to_owned(), content });
        }
        found.place = Place::Folder(root.parent().unwrap_or(root).to_owned());
    }
    Ok(found)
}

/// What is at `path`, or why it cannot be known.
pub(in crate::cli) fn metadata(path: &Path) -> Result<Metadata, Failure> {
    std::fs::metadata(path).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "; a git repository needs its whole URL, https://…",
            _ => "",
        };
        format!("cannot read {}: {error}{hint}", path.display()).into()
    })
}

/// What cannot be read below `folder` is reported and takes nothing from the rest.
fn walk(root: &Path, folder: &Path, depth: usize, selection: &Selection, found: &mut Found) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return found.skipped.push(left_out(&inside(root, folder), &error.to_string()));
        }
    };
    for entry in entries {
        let outcome = entry.and_then(|entry| visit(root, &entry, depth, selection, found));
        if let Err(error) = outcome {
            found.skipped.push(left_out(&inside(root, folder), &error.to_string()));
        }
    }
}

fn visit(
    root: &Path,
    entry: &DirEntry,
    depth: usize,
    selection: &Selection,
    found: &mut Found,
) -> std::io::Result<()> {
    let path = entry.path();
    let name = inside(root, &path);
    let kind = entry.file_type()?;
    if kind.is_dir() && entry.file_name() == ".git" {
        // It may hold more files than everything else, and none of them is a note.
    } else if kind.is_dir() && path.join(".git").exists() {
        found.skipped.extend(not_read(name, SkipReason::Submodule, selection));
    } else if kind.is_dir() && depth < MAX_DEPTH {
        walk(root, &path, depth + 1, selection, found);
    } else if kind.is_dir() {
        found.skipped.push(left_out(&name, &format!("folders are nested deeper than {MAX_DEPTH}")));
    } else if selection.contains(&name) && kind.is_file() {
        match read_file(&path) {
            Ok(content) => found.files.push(SourceFile { path: name, content }),
            Err(error) => found.skipped.push(left_out(&name, &error.to_string())),
        }
    } else if selection.contains(&name) && kind.is_symlink() {
        found.skipped.extend(not_read(name, SkipReason::Symlink, selection));
    }
    Ok(())
}

/// As in a git repository: what is tried here is what the operator will do.
fn not_read(path: String, reason: SkipReason, selection: &Selection) -> Option<Diagnostic> {
    about_skipped(&Skipped { path, reason }, selection)
}

fn inside(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    std::fs::File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
    Ok(content)
}
