//! The corpus: documents of many styles, each with what should be found in it. A case is a document `<name>.md` with
//! `<name>.json` beside it, or a folder `<name>/` of documents with `<name>.json` beside it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use talknotes::api::Speaker;
use talknotes::document::SourceFile;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expected {
    /// Path of the document in its repository; the name of the file where it is absent.
    pub path: Option<String>,
    pub talks: Vec<ExpectedTalk>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedTalk {
    pub title: String,
    pub speakers: Vec<Speaker>,
    pub day: Option<String>,
    /// A reader could not tell the day, so that any is right.
    #[serde(default)]
    pub any_day: bool,
}

/// What should be found in a case.
pub fn expected(case: &Path) -> Expected {
    serde_json::from_str(&std::fs::read_to_string(case).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", case.display()))
}

/// The documents of a case, which stands at the path of its expectations.
pub fn documents(case: &Path, path: Option<&str>) -> Vec<SourceFile> {
    let folder = case.with_extension("");
    if folder.is_dir() {
        return below(&folder);
    }
    let file = case.with_extension("md");
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    vec![SourceFile {
        path: path.map_or(name, str::to_owned),
        content: std::fs::read(&file).unwrap(),
    }]
}

/// All files of a folder, by their paths in it.
pub fn below(folder: &Path) -> Vec<SourceFile> {
    let file = |file: PathBuf| SourceFile {
        path: file.strip_prefix(folder).unwrap().to_string_lossy().into_owned(),
        content: std::fs::read(&file).unwrap(),
    };
    files(folder).into_iter().map(file).collect()
}

/// The folder of the cases: this repository's, or another one such as of cases held out.
pub fn root() -> PathBuf {
    std::env::var_os("TALKNOTES_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"), PathBuf::from)
}

/// The style of a case: the folder that it is in, or in a folder without styles its name up to the
/// first `-`.
pub fn style(root: &Path, case: &Path) -> String {
    let folder = case.parent().unwrap();
    let name = if folder == root { case.file_stem() } else { folder.file_name() };
    let name = name.unwrap().to_string_lossy().into_owned();
    if folder == root { name.split('-').next().unwrap().to_owned() } else { name }
}

/// The expectations of all cases: in the folder itself, or in a folder for each style.
pub fn cases(root: &Path) -> Vec<PathBuf> {
    let is_case = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let found = std::fs::read_dir(folder).into_iter().flatten();
        found.map(|entry| entry.unwrap().path()).collect()
    };
    let mut cases: Vec<PathBuf> = entries(root)
        .into_iter()
        .flat_map(|path| if path.is_dir() { entries(&path) } else { vec![path] })
        .filter(is_case)
        .collect();
    cases.sort();
    cases
}

/// The files of a folder and of those in it, in the order of their paths.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
