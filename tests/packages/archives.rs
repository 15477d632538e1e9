//! What a release offers for download, and that krew installs the kubectl plugin from it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::go_module::{Build, GoModule};
use crate::{output, root, text};

const KREW: GoModule = GoModule {
    folder: "tests/packages/krew",
    title: "krew",
    sources: &["go.mod", "go.sum"],
    build: Build::Packages(&[("krew", "sigs.k8s.io/krew/cmd/krew")]),
    takes: "this takes about a minute",
};

const PROCESSORS: [&str; 2] = ["amd64", "arm64"];

/// Packs programs that say for which processor they are and with what they are called, into a folder
/// of `folder`.
fn pack(folder: &Path, processors: &[&str]) -> PathBuf {
    let archives = folder.join("archives");
    let mut command = Command::new(root().join("packaging/pack-archives"));
    command.arg(&archives).env("SOURCE_DATE_EPOCH", "1900000000");
    for processor in processors {
        let program = folder.join(processor);
        fs::write(&program, format!("#!/bin/sh\necho {processor}: \"$@\"\n")).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
        command.arg(format!("linux/{processor}={}", program.display()));
    }
    output(&mut command);
    archives
}

fn write_manifest(archives: &Path) -> Output {
    let mut command = Command::new(root().join("packaging/krew-manifest"));
    command.arg(archives).output().expect("krew-manifest")
}

/// Installs the plugin from its archive as krew does on a machine with `processor`.
fn install(folder: &Path, archives: &Path, processor: &str) -> Output {
    let krew = KREW.find_or_build().expect("krew").join("krew");
    let mut command = Command::new(krew);
    command.arg("install").arg("--manifest").arg(archives.join("talknotes.yaml"));
    command.arg("--archive").arg(archive(archives, processor));
    command.env("KREW_ROOT", folder.join("krew").join(processor));
    command.env("KREW_OS", "linux").env("KREW_ARCH", processor);
    command.output().expect("krew")
}

fn archive(archives: &Path, processor: &str) -> PathBuf {
    archives.join(format!("talknotes-linux-{processor}.tar.gz"))
}

#[test]
fn the_same_programs_give_the_same_bytes() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let [one, two] = folders.each_ref().map(|folder| pack(folder.path(), &PROCESSORS));
    for file in PROCESSORS.map(|processor| format!("talknotes-linux-{processor}.tar.gz")) {
        assert_eq!(
            fs::read(one.join(&file)).expect("one"),
            fs::read(two.join(&file)).expect("two")
        );
    }
}

#[test]
fn archives_have_the_program_its_licence_and_completions_and_their_sums() {
    let folder = tempfile::tempdir().expect("a folder");
    let archives = pack(folder.path(), &PROCESSORS);
    for processor in PROCESSORS {
        let names = output(Command::new("tar").arg("-tzf").arg(archive(&archives, processor)));
        let expected = [
            "LICENSE",
            "completions/",
            "completions/_talknotes",
            "completions/talknotes.bash",
            "completions/talknotes.fish",
            "talknotes",
        ];
        assert_eq!(names.lines().collect::<Vec<_>>(), expected);
        let mut unpack = Command::new("tar");
        unpack.arg("-xOf").arg(archive(&archives, processor)).arg("completions/talknotes.fish");
        let written = output(&mut unpack);
        assert!(written.ends_with(": completions fish\n"), "{written}");
    }
    let sums = fs::read_to_string(archives.join("SHA256SUMS")).expect("sums");
    assert_eq!(sums.lines().count(), PROCESSORS.len());
    let check = "cd \"$0\" && sha256sum --strict --check SHA256SUMS";
    output(Command::new("sh").args(["-c", check]).arg(&archives));
}

#[test]
fn krew_installs_the_plugin_for_each_processor() {
    let folder = tempfile::tempdir().expect("a folder");
    let archives = pack(folder.path(), &PROCESSORS);
    assert!(write_manifest(&archives).status.success());
    for processor in PROCESSORS {
        let installed = install(folder.path(), &archives, processor);
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        let plugin = folder.path().join("krew").join(processor).join("bin/kubectl-talknotes");
        assert_eq!(output(Command::new(plugin).arg("list")), format!("{processor}: list\n"));
    }
}

#[test]
fn krew_refuses_an_archive_that_is_not_the_one_of_the_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    let archives = pack(folder.path(), &PROCESSORS);
    assert!(write_manifest(&archives).status.success());
    fs::copy(archive(&archives, "arm64"), archive(&archives, "amd64")).expect("a copy");
    let refused = install(folder.path(), &archives, "amd64");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("checksum does not match"), "{said}");
}

#[test]
fn the_manifest_is_what_the_index_of_krew_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let archives = pack(folder.path(), &PROCESSORS);
    assert!(write_manifest(&archives).status.success());
    let yaml = fs::read_to_string(archives.join("talknotes.yaml")).expect("a manifest");
    assert!(!yaml.contains('@') && !yaml.contains("template"), "{yaml}");
    let manifest: Value = serde_saphyr::from_str(&yaml).expect("YAML");
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&manifest, "/spec/version"), version);
    // https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest, and what
    // validate-krew-manifest warns of.
    assert!(text(&manifest, "/spec/shortDescription").len() <= 70);
    for field in ["/spec/description", "/spec/caveats"] {
        assert!(text(&manifest, field).lines().all(|line| line.len() <= 80), "{field}");
    }
    let platforms = manifest["spec"]["platforms"].as_array().expect("platforms");
    for (platform, processor) in platforms.iter().zip(PROCESSORS) {
        assert_eq!(text(platform, "/selector/matchLabels/os"), "linux");
        assert_eq!(text(platform, "/selector/matchLabels/arch"), processor);
        let uri = text(platform, "/uri");
        let file = format!("/releases/download/{version}/talknotes-linux-{processor}.tar.gz");
        assert!(uri.starts_with("https://") && uri.ends_with(&file), "{uri}");
    }
    assert_eq!(platforms.len(), PROCESSORS.len());
}

#[test]
fn a_manifest_is_not_written_with_a_sum_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = if cfg!(target_arch = "aarch64") { 1 } else { 0 };
    let archives = pack(folder.path(), &PROCESSORS[own..=own]);
    let refused = write_manifest(&archives);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains(&format!("talknotes-linux-{}.tar.gz", PROCESSORS[1 - own])), "{said}");
    assert!(!refused.status.success() && !archives.join("talknotes.yaml").exists());
}
