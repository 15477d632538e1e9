//! A repository: files with their paths. Zero bytes stand between files; the first line of each is its
//! path.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use talknotes_fuzz::document::SourceFile;

fuzz_target!(|data: &[u8]| {
    let mut paths = BTreeSet::new();
    let files: Vec<SourceFile> = data
        .split(|byte| *byte == 0)
        .take(16)
        .map(|file| {
            let end = file.iter().position(|byte| *byte == b'\n').unwrap_or(file.len());
            let (path, content) = file.split_at(end);
            let path = String::from_utf8_lossy(path).into_owned();
            SourceFile { path, content: content.get(1..).unwrap_or_default().to_vec() }
        })
        .filter(|file| paths.insert(file.path.clone()))
        .collect();
    talknotes_fuzz::read(&files);
});
