//! The keys that we show.

use russh::keys::{Error as KeyError, HashAlg, PrivateKey, decode_secret_key};

use super::super::{GitError, Identity};

/// Reads a private key. No message quotes any of it.
pub(super) fn read(identity: &Identity) -> Result<PrivateKey, GitError> {
    let Identity { key, passphrase } = identity;
    // The reader wants the first and the last line without anything around them.
    let lines: Vec<&str> = key.lines().map(str::trim).collect();
    decode_secret_key(&lines.join("\n"), passphrase.as_deref()).map_err(|error| {
        GitError::SshKeyInvalid(match (error, passphrase) {
            (KeyError::KeyIsEncrypted, _) => "it is encrypted: give its passphrase as password",
            (_, Some(_)) => "it is not a private key, or password is not its passphrase",
            _ if key.trim_start().starts_with("ssh-") => {
                "it is a public key: put the private one there"
            }
            _ => "it is not a private key in a format that is known (OpenSSH, PEM)",
        })
    })
}

/// Checks that a key can be read where that costs nothing: an encrypted one takes a moment.
pub(in crate::git) fn check(identity: &Identity) -> Result<(), GitError> {
    if identity.passphrase.is_some() { Ok(()) } else { read(identity).map(drop) }
}

pub(super) fn fingerprint(key: &russh::keys::PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}
