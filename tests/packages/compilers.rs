//! What a machine lacks to build for another processor is said before minutes of building, with what to
//! install. The machine here is made up: its PATH holds little and its compilers do nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::root;

/// What the scripts run before they build.
const TOOLS: [&str; 4] = ["bash", "dirname", "env", "sed"];
const TARGET: &str = "aarch64-unknown-linux-gnu";

/// A machine for amd64 whose compiler has what is linked in.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().expect("a folder"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        for tool in TOOLS {
            let found = std::env::split_paths(&path).map(|folder| folder.join(tool));
            let found = found.into_iter().find(|file| file.is_file()).expect(tool);
            symlink(found, machine.folder().join(tool)).expect("a link");
        }
        let sysroot = machine.folder().display().to_string();
        let rustc = format!(
            "case $1 in -vV) echo host: x86_64-unknown-linux-gnu ;; *) echo {sysroot} ;; esac"
        );
        machine.has("rustc", &rustc);
        machine.has("cc", "echo /usr/lib/libc.a");
        machine.has_library("x86_64-unknown-linux-gnu");
        machine
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn has(&self, program: &str, script: &str) {
        let file = self.folder().join(program);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("a script");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a program");
    }

    fn has_library(&self, target: &str) {
        let library = self.folder().join("lib/rustlib").join(target);
        fs::create_dir_all(library).expect("a folder");
    }

    /// What packing for these platforms says. It ends at the missing cargo, if not before.
    fn says(&self, platforms: &[&str]) -> [String; 2] {
        let image = ["build-image", "/nowhere/image.tar", "example.org/talknotes:1", "release"];
        let archives = ["build-archives", "/nowhere", "release"];
        [&image[..], &archives].map(|command| {
            let mut run = Command::new(root().join("packaging").join(command[0]));
            run.args(&command[1..]).args(platforms).env("PATH", self.folder());
            let output = run.output().expect("a script that runs");
            assert!(!output.status.success());
            String::from_utf8(output.stderr).expect("UTF-8")
        })
    }
}

#[test]
fn a_missing_cross_compiler_is_named_with_its_packages() {
    for said in Machine::new().says(&["linux/amd64", "linux/arm64"]) {
        assert_eq!(
            said,
            "aarch64-linux-gnu-gcc is missing, to build for linux/arm64: install it (Debian: apt-get install \
             gcc-aarch64-linux-gnu libc6-dev-arm64-cross)\n"
        );
    }
}

#[test]
fn a_missing_library_is_named_with_what_brings_it() {
    let machine = Machine::new();
    machine.has("aarch64-linux-gnu-gcc", "echo libc.a");
    for said in machine.says(&["linux/amd64", "linux/arm64"]) {
        assert!(said.contains("no libc.a") && said.contains("libc6-dev-arm64-cross"), "{said}");
    }
    machine.has("aarch64-linux-gnu-gcc", "echo /usr/aarch64-linux-gnu/lib/libc.a");
    for said in machine.says(&["linux/amd64", "linux/arm64"]) {
        assert!(said.ends_with(&format!("is missing: rustup target add {TARGET}\n")), "{said}");
    }
    machine.has_library(TARGET);
    for said in machine.says(&["linux/amd64", "linux/arm64"]) {
        assert!(!said.contains("rustup") && !said.contains("apt-get"), "{said}");
    }
}

#[test]
fn an_unknown_platform_is_refused_with_those_that_there_are() {
    for said in Machine::new().says(&["linux/amd64", "linux/riscv64"]) {
        assert_eq!(
            said,
            "nothing is built for linux/riscv64; there are linux/amd64 and linux/arm64\n"
        );
    }
}
