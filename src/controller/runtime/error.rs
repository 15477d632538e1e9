//! Why the process cannot start, or ends.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the controllers ended.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The address of the probes cannot be used.
    #[error("cannot listen on {address} for {purpose}: {source}; choose another with {flag}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What for.
        purpose: &'static str,
        /// The flag that chooses it.
        flag: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// The folder of the git caches cannot be used.
    #[error("cannot make the cache folder {path}: {source}; choose another with --cache-dir")]
    CacheDir {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The API server does not know our kinds.
    #[error(
        "the cluster has no {kind} kind: install the CRDs with `talknotes crds | kubectl apply -f -`"
    )]
    KindMissing {
        /// The kind.
        kind: &'static str,
    },
    /// The API server does not answer.
    #[error("cannot list {kind} objects: {source}")]
    Unreachable {
        /// The kind.
        kind: &'static str,
        /// Why not.
        source: Box<kube::Error>,
    },
    /// A part of the process ended that never should.
    #[error("{0} ended; the process ends too, so that it is started again whole")]
    Ended(String),
}
