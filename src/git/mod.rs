//! Git: the only code that speaks it.
//!
//! Everything here blocks; callers run it where blocking is allowed (`tokio::task::spawn_blocking`).
//! A visit lists the remote's references first and transfers objects only when the cache lacks the
//! commit. What is transferred is shallow and bare: there is never a work tree, hooks never run, and
//! no configuration of the user or the system is read. The cache may vanish or break at any time; it
//! is then made anew.
//!
//! What another controller fetched is read in the same way: an [`Artifact`] of Flux is a remote that is
//! never cached.
//!
//! Remotes and repositories are hostile: every visit has a deadline and a limit of bytes, credentials
//! go to the host of the URL only, over https, or over ssh to a server whose key is known; and no message
//! carries a secret.
//!
//! ```no_run
//! use talknotes::git::{Access, Limits, Reference, Remote};
//!
//! let remote = Remote::new("https://git.example/notes.git", Access::default())?;
//! let snapshot = remote.fetch(&Reference::Head, std::path::Path::new("/cache"))?;
//! let files = snapshot.files(&|path| path.ends_with(".md"), Limits::default())?;
//! println!("{} has {} notes", snapshot.revision(), files.files.len());
//! # Ok::<(), talknotes::git::GitError>(())
//! ```

mod access;
mod artifact;
mod cache;
mod deadline;
mod error;
mod exchange;
mod files;
mod github_app;
mod http;
mod large_files;
mod listing;
mod local;
mod missing;
mod pick;
mod proxy;
mod reason;
mod redirect;
mod reference;
mod remote;
mod signature;
mod snapshot;
mod ssh;
mod status;
mod sweep;
mod text;
mod transfer;
mod url;
mod version;
mod visit;
mod wait;
mod walk;

pub use access::{Access, ClientCertificate, Credentials, Identity, Locals, Ssh};
pub use artifact::Artifact;
pub use error::GitError;
pub use files::{Entry, Files, Limits, Listing, SkipReason, Skipped};
pub use github_app::{AppTokens, GitHubApp, Installation, Purpose};
pub use proxy::Proxy;
pub use reason::Reason;
pub use reference::{BRANCHES, Reference, Revision, TAGS};
pub use remote::Remote;
pub use signature::{Signed, Signers};
pub use snapshot::Snapshot;
pub use sweep::{Swept, UsedCaches, sweep};
pub use version::VersionRange;
