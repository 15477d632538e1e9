//! Signatures of ssh (SSHSIG), as `ssh-keygen -Y sign` makes them.

use russh::keys::ssh_key::SshSig;
use russh::keys::{Algorithm, HashAlg, PublicKey};

/// What git writes into a signature by ssh, so that it stands for nothing else.
const NAMESPACE: &str = "git";

/// A public key.
pub(super) type Key = PublicKey;

/// The keys of a file, one a line; an error names the line that is none.
pub(super) fn keys(name: &str, text: &str) -> Result<Vec<Key>, String> {
    let lines = text.lines().map(str::trim).zip(1_usize..);
    let said = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let read = |(line, number): (&str, usize)| {
        line.parse().map_err(|_| format!("line {number} of {name} is no ssh public key"))
    };
    said.map(read).collect()
}

/// Who of `signers` signed `data`, or why nobody did.
pub(super) fn check(
    signers: &[(String, Key)],
    data: &[u8],
    signature: &[u8],
) -> Result<String, String> {
    let signature = SshSig::from_pem(signature).map_err(|_| super::UNREADABLE.to_owned())?;
    let fingerprint = signature.public_key().fingerprint(HashAlg::Sha256);
    let is_it = |key: &Key| key.key_data() == signature.public_key();
    let Some((name, key)) = signers.iter().find(|(_, key)| is_it(key)) else {
        return Err(format!("is signed by {fingerprint}, which is not trusted"));
    };
    let is_weak = matches!(signature.algorithm(), Algorithm::Rsa { hash: None });
    if is_weak || key.verify(NAMESPACE, data, &signature).is_err() {
        return Err(super::mismatch(name));
    }
    Ok(format!("{name} ({fingerprint})"))
}
