//! What whoever runs a command line tool shows to ssh servers, and which ones they know.

use std::path::{Path, PathBuf};

use crate::git::{Identity, Ssh};

/// Names of keys in `~/.ssh`, as `ssh` looks for them.
const KEYS: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];
/// Servers that everybody at this machine knows.
const EVERYBODY: &str = "/etc/ssh/ssh_known_hosts";

/// The ssh agent, the keys and the known hosts of the user. What cannot be read is left out: an
/// encrypted key is likely to be in the agent.
pub(super) fn of_user() -> Ssh {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = variable("HOME").map(|home| PathBuf::from(home).join(".ssh"));
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    let of_user = |name| folder.as_ref().and_then(|folder| read(&folder.join(name)));
    let keys = KEYS.into_iter().filter_map(of_user);
    let known = [of_user("known_hosts"), read(Path::new(EVERYBODY))];
    Ssh {
        identities: keys.map(|key| Identity { key, passphrase: None }).collect(),
        agent: variable("SSH_AUTH_SOCK").map(PathBuf::from),
        known_hosts: known.into_iter().flatten().collect::<Vec<_>>().join("\n"),
    }
}
