//! Keys of OpenPGP, made by the real gpg in a folder of its own.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder of keys. Dropping it ends the agent that gpg started for it.
pub struct Gpg {
    home: TempDir,
}

impl Gpg {
    pub fn new() -> Self {
        let home = tempfile::Builder::new().prefix("gpg").tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        Self { home }
    }

    /// A key of the algorithm, with what it is for and until when, as `gpg --quick-generate-key` takes
    /// them. Its name is what other calls take.
    pub fn key(&self, name: &str, algorithm: &str, usage: &str, expires: &str) -> String {
        self.key_made_at(None, name, algorithm, usage, expires)
    }

    /// The same, made at a time such as `20300101T000000`.
    pub fn key_made_at(
        &self,
        time: Option<&str>,
        name: &str,
        algorithm: &str,
        usage: &str,
        expires: &str,
    ) -> String {
        let address = format!("{name}@notes.example");
        let faked = time.map(|time| format!("--faked-system-time={time}"));
        let mut arguments: Vec<&str> = faked.as_deref().into_iter().collect();
        arguments.extend(["--quick-generate-key", &address, algorithm, usage, expires]);
        self.run(&arguments, "");
        address
    }

    /// Adds a part to the key that signs.
    pub fn signing_subkey(&self, key: &str, algorithm: &str) {
        let fingerprint = self.fingerprint(key);
        self.run(&["--quick-add-key", &fingerprint, algorithm, "sign"], "");
    }

    /// As gpg shows it, without spaces.
    pub fn fingerprint(&self, key: &str) -> String {
        self.fingerprints(key).swap_remove(0)
    }

    /// Those of the key and of its parts.
    pub fn fingerprints(&self, key: &str) -> Vec<String> {
        let listed = self.run(&["--with-colons", "--fingerprint", "--fingerprint", key], "");
        let lines = listed.lines().filter(|line| line.starts_with("fpr:"));
        lines
            .map(|line| line.trim_end_matches(':').rsplit(':').next().unwrap().to_owned())
            .collect()
    }

    /// The public key in armor.
    pub fn public(&self, key: &str) -> String {
        self.run(&["--armor", "--export", key], "")
    }

    /// The private key in armor.
    pub fn secret(&self, key: &str) -> String {
        self.run(&["--armor", "--export-secret-keys", key], "")
    }

    /// Lets the key hold for longer.
    pub fn extend(&self, key: &str, expires: &str) {
        self.run(&["--quick-set-expire", &self.fingerprint(key), expires], "");
    }

    /// Takes the key back.
    pub fn revoke(&self, key: &str) {
        let certificate = self.home.path().join("openpgp-revocs.d");
        let certificate = certificate.join(format!("{}.rev", self.fingerprint(key)));
        // gpg puts a colon there, so that nobody uses it by accident.
        let text = fs::read_to_string(certificate).unwrap().replace(":-----BEGIN", "-----BEGIN");
        self.run(&["--import"], &text);
    }

    /// Takes the first part of the key back.
    pub fn revoke_subkey(&self, key: &str) {
        let said = "key 1\nrevkey\ny\n0\n\ny\nsave\n";
        self.run(&["--command-fd=0", "--edit-key", key], said);
    }

    /// Options with which git signs with the key.
    pub fn signs_with(&self, key: &str, more: &[&str]) -> Vec<String> {
        let program = self.home.path().join(format!("gpg-{}", fastrand::u64(..)));
        let home = self.home.path().display();
        let more = more.join(" ");
        let text = format!(
            "#!/bin/sh\nexec gpg --homedir '{home}' --batch --pinentry-mode=loopback --passphrase='' {more} \"$@\"\n"
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let program = format!("gpg.program={}", program.display());
        ["-c", &program, "-c", &format!("user.signingKey={key}")].map(str::to_owned).to_vec()
    }

    fn run(&self, arguments: &[&str], input: &str) -> String {
        use std::io::Write as _;
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.home.path());
        command.args(["--batch", "--yes", "--no-tty", "--pinentry-mode=loopback", "--passphrase="]);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().expect("gpg is needed for these tests: install the package gnupg");
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gpg {arguments:?}: {errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        command.arg("--homedir").arg(self.home.path()).args(["--kill", "all"]);
        let _ = command.output();
    }
}
