//! Which keys a server may show. Pure.

use globset::GlobBuilder;
use hmac::{Hmac, KeyInit, Mac};
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};
use russh::keys::{Algorithm, PublicKey};
use sha1::Sha1;

use super::super::GitError;
use super::address::SshAddress;
use super::identity;

/// What a `known_hosts` file says.
#[derive(Debug)]
pub(super) struct KnownHosts(Vec<Entry>);

impl KnownHosts {
    /// Lines that nobody can read are left out, as OpenSSH does, unless they forbid something.
    pub fn parse(text: &str) -> Result<Self, GitError> {
        let mut entries = Vec::new();
        let mut unread = None;
        for (line, number) in text.lines().zip(1_usize..) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let Some(first) = words.first().filter(|word| !word.starts_with('#')) else {
                continue;
            };
            match words.join(" ").parse::<Entry>() {
                Ok(entry) => entries.push(entry),
                Err(_) if *first == Marker::Revoked.as_str() => return Err(unreadable(number)),
                Err(_) => {
                    unread.get_or_insert(number);
                }
            }
        }
        match unread.filter(|_| entries.is_empty()) {
            Some(number) => Err(unreadable(number)),
            None => Ok(Self(entries)),
        }
    }

    /// The algorithms of the server's keys that are known: it is to show one of these, if it can.
    pub fn algorithms(&self, server: &SshAddress) -> Vec<Algorithm> {
        let known = self.of(server).filter(|entry| entry.marker().is_none());
        known.map(|entry| entry.public_key().algorithm()).collect()
    }

    /// Whether `server` may show `key`.
    pub fn check(&self, server: &SshAddress, key: &PublicKey) -> Result<(), GitError> {
        let is_it = |entry: &&Entry| entry.public_key().key_data() == key.key_data();
        let marked = |marker| self.of(server).filter(move |entry| entry.marker() == marker);
        let host = server.known_name();
        let presented = fingerprint(key);
        if marked(Some(&Marker::Revoked)).any(|entry| is_it(&entry)) {
            return Err(GitError::HostKeyRevoked { host, presented });
        }
        if marked(None).any(|entry| is_it(&entry)) {
            return Ok(());
        }
        let known: Vec<String> =
            marked(None).map(|entry| fingerprint(entry.public_key())).collect();
        if !known.is_empty() {
            return Err(GitError::HostKeyChanged { host, presented, known: known.join(", ") });
        }
        if marked(Some(&Marker::CertAuthority)).next().is_some() {
            return Err(GitError::HostCertificate { host, presented });
        }
        let SshAddress { host: name, port, .. } = server;
        let scan = format!("ssh-keyscan -p {port} {name}");
        Err(GitError::HostKeyUnknown { host, presented, scan })
    }

    fn of<'a>(&'a self, server: &SshAddress) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let name = server.known_name();
        self.0.iter().filter(move |entry| is_for(entry.host_patterns(), &name))
    }
}

/// As `ssh-keygen -l` shows it.
fn fingerprint(key: &PublicKey) -> String {
    format!("{} {}", key.algorithm(), identity::fingerprint(key))
}

fn is_for(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::HashedName { salt, hash } => Hmac::<Sha1>::new_from_slice(salt)
            .is_ok_and(|mac| mac.chain_update(name).verify_slice(hash).is_ok()),
        HostPatterns::Patterns(patterns) => {
            let denied = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!'));
            let allowed = patterns.iter().filter(|pattern| !pattern.starts_with('!'));
            !denied.into_iter().any(|pattern| matches(pattern, name))
                && allowed.into_iter().any(|pattern| matches(pattern, name))
        }
    }
}

/// Only `*` and `?` mean anything.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    if !pattern.contains(['*', '?']) {
        return pattern == name;
    }
    let literal = |c: char| match c {
        '*' | '?' => c.to_string(),
        c => globset::escape(&c.to_string()),
    };
    let glob: String = pattern.chars().map(literal).collect();
    GlobBuilder::new(&glob).build().is_ok_and(|glob| glob.compile_matcher().is_match(name))
}

fn unreadable(line: usize) -> GitError {
    GitError::KnownHostsInvalid(format!("line {line} is not one of a known_hosts file"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Reason;

    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X";

    fn key(text: &str) -> PublicKey {
        text.parse().unwrap()
    }

    fn server(address: &str) -> SshAddress {
        SshAddress::of_url(address).unwrap()
    }

    fn check(file: &str, address: &str) -> Result<(), GitError> {
        KnownHosts::parse(file).unwrap().check(&server(address), &key(ED25519))
    }

    #[test]
    fn a_key_is_looked_up_by_the_host_and_its_port() {
        let plain = format!("# ours\n\ngit.example,192.0.2.1\t{ED25519} comment\n");
        assert!(check(&plain, "ssh://git@git.example/r").is_ok());
        assert!(check(&plain, "ssh://git@GIT.example/r").is_ok());
        assert!(check(&plain, "ssh://git@192.0.2.1/r").is_ok());
        assert!(check(&plain, "ssh://git@git.example:2222/r").is_err());
        let with_port = format!("[git.example]:2222 {ED25519}");
        assert!(check(&with_port, "ssh://git@git.example:2222/r").is_ok());
        assert!(check(&with_port, "ssh://git@git.example/r").is_err());
        assert!(check(&format!("::1 {ED25519}"), "ssh://[::1]/r").is_ok());
    }

    #[test]
    fn patterns_stand_for_several_hosts() {
        let pattern = format!("*.git.example,!old.git.example {ED25519}");
        assert!(check(&pattern, "ssh://a.git.example/r").is_ok());
        assert!(check(&pattern, "ssh://old.git.example/r").is_err());
        assert!(
            check(&format!("[git?.example]:* {ED25519}"), "ssh://git1.example:22022/r").is_ok()
        );
        assert!(check(&format!("g[i]t.example {ED25519}"), "ssh://git.example/r").is_err());
    }

    #[test]
    fn a_changed_key_is_told_with_both_fingerprints() {
        let file = format!("git.example {OTHER}");
        let error = check(&file, "ssh://git.example/r").unwrap_err();
        assert_eq!(error.reason(), Reason::HostKeyMismatch);
        let text = error.to_string();
        for fingerprint in [fingerprint(&key(ED25519)), fingerprint(&key(OTHER))] {
            assert!(text.contains(&fingerprint), "{text}");
        }
    }

    #[test]
    fn an_unknown_server_is_told_with_its_fingerprint_and_the_cure() {
        let error = check("", "ssh://git.example:2222/r").unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&fingerprint(&key(ED25519))), "{text}");
        assert!(text.contains("ssh-keyscan -p 2222 git.example"), "{text}");
    }

    #[test]
    fn a_revoked_key_is_refused_wherever_else_it_stands() {
        let file = format!("git.example {ED25519}\n@revoked * {ED25519}");
        let error = check(&file, "ssh://git.example/r").unwrap_err();
        assert!(error.to_string().contains("revoked"), "{error}");
        let broken = KnownHosts::parse(&format!("git.example {ED25519}\n@revoked * ssh-rsa x"));
        assert!(broken.unwrap_err().to_string().contains("line 2"));
    }

    #[test]
    fn an_authority_for_host_certificates_is_no_key() {
        let file = format!("@cert-authority *.example {ED25519}");
        let error = check(&file, "ssh://git.example/r").unwrap_err();
        assert!(error.to_string().contains("@cert-authority"), "{error}");
    }

    #[test]
    fn what_is_no_list_of_hosts_is_refused() {
        let error = KnownHosts::parse("-----BEGIN OPENSSH PRIVATE KEY-----\n").unwrap_err();
        assert_eq!(error.reason(), Reason::HostKeyMismatch);
        assert!(!error.to_string().contains("BEGIN"), "{error}");
        assert!(KnownHosts::parse(&format!("old 1024 37 159\ngit.example {ED25519}")).is_ok());
    }

    /// The Secret may hold anything. Whatever it is, only a key that stands in it is ever accepted.
    #[test]
    fn lists_of_any_kind_are_read_and_accept_no_key_that_is_not_in_them() {
        const PARTS: [&str; 12] = [
            "git.example ",
            "@revoked ",
            "@cert-authority ",
            "*,!",
            "|1|",
            "\n",
            "[::1]:22 ",
            "AAAA",
            "?",
            "\u{0}",
            "ssh-rsa ",
            "====",
        ];
        let list = format!(
            "git.example {ED25519}\n@revoked * {ED25519}\n|1|c2FsdA==|aGFzaA== {ED25519}\n# x\n"
        );
        let (known, stranger) = (key(ED25519), key(OTHER));
        let server = server("ssh://git@git.example/notes");
        let mut random = fastrand::Rng::with_seed(31);
        for _ in 0..20_000 {
            let mut text = list.clone().into_bytes();
            for _ in 0..random.usize(1..6) {
                let (from, to) = (random.usize(..text.len()), random.usize(..text.len()));
                let part = PARTS[random.usize(..PARTS.len())].bytes();
                match random.u8(..4) {
                    0 => text[from] = random.u8(..),
                    1 => drop(text.splice(from.min(to)..from.max(to), part)),
                    2 => drop(text.splice(from..from, part)),
                    _ => text.truncate(from.max(1)),
                }
            }
            let text = String::from_utf8_lossy(&text);
            let Ok(hosts) = KnownHosts::parse(&text) else { continue };
            let _ = (hosts.algorithms(&server), hosts.check(&server, &known));
            assert!(hosts.check(&server, &stranger).is_err(), "{text}");
        }
    }
}
