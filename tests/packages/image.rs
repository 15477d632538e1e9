//! The image's archive: what is in it, and that the same input gives the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{output, read, root, text};

const LABELS: [&str; 2] =
    ["org.opencontainers.image.title=TalkNotes", "org.opencontainers.image.licenses=Apache-2.0"];

/// Packs two platforms whose program holds `program`, and gives the archive's path.
fn pack(folder: &Path, program: &str) -> PathBuf {
    let mut command = Command::new(root().join("packaging/oci-archive"));
    let archive = folder.join("image.tar");
    command.arg(&archive).args(["example.org/talknotes:1.2.3", "/talknotes"]);
    for platform in ["amd64", "arm64"] {
        let tree = folder.join(platform);
        fs::create_dir_all(tree.join("etc/ssl/certs")).expect("a folder");
        fs::write(tree.join("talknotes"), format!("{program} for {platform}")).expect("a file");
        fs::write(tree.join("etc/ssl/certs/ca-certificates.crt"), "none").expect("a file");
        command.arg(format!("linux/{platform}={}", tree.display()));
    }
    output(command.arg("--").args(LABELS).env("SOURCE_DATE_EPOCH", "1900000000"));
    archive
}

/// The files of an archive.
fn unpack(archive: &Path) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    output(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder.path()));
    let mut files = BTreeMap::new();
    let blobs = folder.path().join("blobs/sha256");
    for entry in fs::read_dir(blobs).expect("blobs") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.insert(format!("sha256:{name}"), fs::read(path).expect("a blob"));
    }
    files.insert("index".to_owned(), fs::read(folder.path().join("index.json")).expect("an index"));
    files
}

fn json(files: &BTreeMap<String, Vec<u8>>, descriptor: &Value) -> Value {
    let blob = &files[&text(descriptor, "/digest")];
    assert_eq!(descriptor["size"], blob.len());
    serde_json::from_slice(blob).expect("JSON")
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) =
        (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = fs::read(pack(one.path(), "program")).expect("an archive");
    assert_eq!(first, fs::read(pack(two.path(), "program")).expect("an archive"));
    assert_ne!(first, fs::read(pack(two.path(), "another")).expect("an archive"));
}

#[test]
fn every_blob_is_named_by_its_digest_and_every_platform_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = unpack(&pack(folder.path(), "program"));
    for (name, bytes) in files.iter().filter(|(name, _)| *name != "index") {
        let digest: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(*name, format!("sha256:{digest}"));
    }
    let index: Value = serde_json::from_slice(&files["index"]).expect("JSON");
    let name = "/manifests/0/annotations/io.containerd.image.name";
    assert_eq!(text(&index, name), "example.org/talknotes:1.2.3");
    let list = json(&files, &index["manifests"][0]);
    let mut platforms = Vec::new();
    for entry in list["manifests"].as_array().expect("manifests") {
        let manifest = json(&files, entry);
        let config = json(&files, &manifest["config"]);
        assert!(files.contains_key(&text(&manifest, "/layers/0/digest")));
        assert_eq!(text(&config, "/config/User"), "65532:65532");
        assert_eq!(config["config"]["Entrypoint"], serde_json::json!(["/talknotes"]));
        assert_eq!(text(&config, "/config/Labels/org.opencontainers.image.title"), "TalkNotes");
        assert_eq!(text(&config, "/created"), "2030-03-17T17:46:40Z");
        assert_eq!(config["architecture"], entry["platform"]["architecture"]);
        platforms.push(text(&config, "/architecture"));
    }
    assert_eq!(platforms, ["amd64", "arm64"]);
}

#[test]
fn the_dockerfile_says_the_same() {
    let dockerfile = read("Dockerfile");
    for line in [
        "FROM scratch",
        "USER 65532:65532",
        "ENTRYPOINT [\"/talknotes\"]",
        "RUN packaging/build-binary \"linux/$TARGETARCH\" release /out/talknotes",
    ] {
        assert!(dockerfile.lines().any(|found| found == line), "{line}");
    }
}
