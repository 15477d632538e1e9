//! What can go wrong, and what to do about it.

use std::time::Duration;

use jiff::Timestamp;

/// Why a remote could not be read. Messages say what to do and carry no secrets.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// The address cannot be used.
    #[error("the URL cannot be used: {0}")]
    InvalidUrl(String),
    /// The branch, tag, reference or commit cannot be a name of one.
    #[error("the reference cannot be used: {0}")]
    InvalidReference(String),
    /// A local repository where these are refused.
    #[error("a repository on the local disk is not read here: give a https:// URL")]
    LocalRefused,
    /// Credentials would travel unencrypted.
    #[error(
        "credentials are not sent over plain http: change the URL to https://, or remove the credentials"
    )]
    CredentialsOverHttp,
    /// Credentials that HTTP cannot carry.
    #[error(
        "the credentials have line breaks or other characters that cannot be sent: write the Secret anew, without a line break at the end"
    )]
    CredentialsMalformed,
    /// The server wants credentials and there are none.
    #[error(
        "the server asks for credentials: give them in a Secret, or check the URL, for some servers answer so where there is no repository"
    )]
    CredentialsNeeded,
    /// The server does not accept the credentials.
    #[error(
        "the server refuses the credentials (status {status}): check that they are right, not expired and allowed to read the repository"
    )]
    CredentialsRefused {
        /// Status of HTTP.
        status: u16,
    },
    /// The server does not let us in, whoever we are.
    #[error(
        "the server forbids access (status 403): give credentials in a Secret that may read the repository"
    )]
    Forbidden,
    /// What a Secret says of a GitHub App cannot be used.
    #[error("the GitHub App cannot be used: {0}")]
    GitHubAppInvalid(&'static str),
    /// GitHub gives no token.
    #[error("GitHub gives the app no token: {0}")]
    GitHubAppRefused(String),
    /// An ssh server wants a key and there is none.
    #[error(
        "the address is one of ssh, which needs a key: give identity (the private key) and known_hosts (the server's \
         public key) in the Secret that spec.secretRef names; command line tools take them from an ssh agent or ~/.ssh"
    )]
    SshKeyNeeded,
    /// The private key cannot be read.
    #[error("the ssh key (identity) cannot be used: {0}")]
    SshKeyInvalid(&'static str),
    /// The server does not accept the key.
    #[error(
        "the ssh server refuses our key for the user {user} ({fingerprints}): add its public key at the server, as a \
         deploy key of the repository, say"
    )]
    SshKeyRefused {
        /// Whom we want to be.
        user: String,
        /// What was shown.
        fingerprints: String,
    },
    /// The list of known servers cannot be read.
    #[error("known_hosts cannot be used: {0}")]
    KnownHostsInvalid(String),
    /// Nothing is known of the ssh server.
    #[error(
        "known_hosts has no key of {host}, which shows {presented}: compare that with what the server's operator \
         publishes, and if it is the same, add the line that `{scan}` prints to known_hosts in the Secret"
    )]
    HostKeyUnknown {
        /// The server.
        host: String,
        /// Fingerprint of its key.
        presented: String,
        /// The command that prints its key.
        scan: String,
    },
    /// The ssh server has another key than the known one.
    #[error(
        "the key of {host} is not the known one: it shows {presented}, known_hosts has {known}. Either the server has a \
         new key, or somebody stands between: ask its operator, and only if the new key is right, replace the line in \
         known_hosts"
    )]
    HostKeyChanged {
        /// The server.
        host: String,
        /// Fingerprint of its key.
        presented: String,
        /// Fingerprints of the known ones.
        known: String,
    },
    /// The ssh server has a key that nobody is to trust.
    #[error(
        "the key of {host} ({presented}) is revoked in known_hosts: let the server's operator change it, and add the \
         new one to known_hosts"
    )]
    HostKeyRevoked {
        /// The server.
        host: String,
        /// Fingerprint of its key.
        presented: String,
    },
    /// Only an authority for certificates is known.
    #[error(
        "known_hosts has a @cert-authority for {host}, and certificates of hosts are not supported: add the server's \
         own key, which is {presented}"
    )]
    HostCertificate {
        /// The server.
        host: String,
        /// Fingerprint of its key.
        presented: String,
    },
    /// The ssh server lets us in and gives no repository.
    #[error(
        "the ssh server gives no repository (it says: {0}): check the path, and whether the key may read it"
    )]
    NotServed(String),
    /// There is no repository at the address.
    #[error(
        "there is no git repository at the URL ({0}): check it, and whether reading it needs credentials"
    )]
    NotFound(String),
    /// The repository lacks the reference. The text says what it has instead, and what to do.
    #[error("the repository has no {0}")]
    ReferenceNotFound(String),
    /// HEAD of the repository points to a branch that is not there. The text says which ones are, and
    /// what to do.
    #[error("HEAD of the repository names {0}")]
    HeadDangling(String),
    /// The repository has no branches and no tags.
    #[error("the repository is empty, it has no commit yet: push one")]
    Empty,
    /// The reference points to something that is no commit.
    #[error("{0} points to no commit, but to a file or folder: name one that points to a commit")]
    NoCommit(String),
    /// The repository is kept in a way that we do not read.
    #[error("the repository cannot be read by this version of TalkNotes: {0}")]
    Unsupported(String),
    /// The revision is not signed by anybody who is trusted.
    #[error(
        "{0}: spec.verify wants a signature of somebody whose key is in its Secret; sign it and push it again, or add the \
         public key"
    )]
    NotVerified(String),
    /// The keys of those who are trusted cannot be read.
    #[error("the Secret of spec.verify cannot be used: {0}")]
    SignersInvalid(String),
    /// The server's certificate is not valid.
    #[error("the server's certificate is not valid ({0}): it has to be put right at the server")]
    CertificateInvalid(String),
    /// Our own certificate cannot be used.
    #[error(
        "the client certificate cannot be used: the Secret needs a PEM certificate as tls.crt and its unencrypted private \
         key as tls.key"
    )]
    ClientCertificateInvalid,
    /// The server wants to know who we are.
    #[error(
        "the server wants a client certificate, or another one: give tls.crt and tls.key in the Secret, signed by an \
         authority that the server trusts and not expired"
    )]
    ClientCertificateRefused,
    /// The proxy cannot be used.
    #[error("the proxy (spec.proxySecretRef) cannot be used: {0}")]
    ProxyInvalid(&'static str),
    /// The proxy does not let us in.
    #[error(
        "the proxy refuses us: give its username and password in the Secret that spec.proxySecretRef names"
    )]
    ProxyRefused,
    /// There is no way through the proxy.
    #[error(
        "there is no connection through the proxy (spec.proxySecretRef): {0}; check its address, and whether it lets us \
         through to the server"
    )]
    ProxyFailed(String),
    /// Nobody whom we trust signed the server's certificate, as far as the server shows.
    #[error(
        "nobody trusted signed the server's certificate: if an authority of your own did, put its certificate into ca.crt; if a public one did, the server does not send its intermediate certificate: let it send the full chain, or put the intermediate certificate into ca.crt"
    )]
    IssuerUnknown,
    /// The given authority is not valid.
    #[error("the certificate authority (ca.crt) cannot be used: {0}")]
    AuthorityInvalid(String),
    /// The visit took too long.
    #[error("the remote did not finish within {} s: try again later, or raise the timeout", .0.as_secs_f64())]
    Timeout(Duration),
    /// Somebody else keeps the cache busy.
    #[error("another fetch of the same repository did not finish within {} s: try again later", .0.as_secs_f64())]
    CacheBusy(Duration),
    /// The server cannot be reached, or has a fault of its own.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server asks us to stay away for a while.
    #[error("{}", rate_limited(*.status, *.until))]
    RateLimited {
        /// Status of HTTP.
        status: u16,
        /// When the server may be asked again, where it says so.
        until: Option<Timestamp>,
    },
    /// The server answers with something that has no meaning here.
    #[error("the server answers with status {0}, which means nothing to git: check the URL")]
    UnexpectedStatus(u16),
    /// The server sends us to where we do not go.
    #[error("the server redirects to {0}: set the URL to where the repository is now")]
    RedirectRefused(String),
    /// What a source says of its artifact, or the artifact itself, is not what it should be.
    #[error("the artifact of the source cannot be used: {0}")]
    ArtifactInvalid(String),
    /// The artifact is another one than the source says.
    #[error(
        "the artifact does not have the digest that its source names: nothing of it is published, and it is asked for \
         again; where this stays, somebody changes it on its way"
    )]
    DigestMismatch,
    /// The artifact is not there.
    #[error("the artifact is not there any more: its source has a newer one soon")]
    ArtifactGone,
    /// The repository is larger than we read.
    #[error("the repository is too large: {0}")]
    TooLarge(String),
    /// What Git LFS keeps cannot be had.
    #[error("what Git LFS keeps cannot be fetched: {0}")]
    LargeFiles(String),
    /// The address of Git LFS is not known.
    #[error(
        "what Git LFS keeps is fetched over https alone: change the URL to https://, or leave out spec.lfs"
    )]
    LargeFilesBySsh,
    /// The cache cannot be used.
    #[error("the cache of repositories cannot be used: {0}")]
    Cache(String),
    /// Objects cannot be read.
    #[error("the fetched objects cannot be read and will be fetched anew next time: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("git failed: {0}")]
    Failed(String),
}

fn rate_limited(status: u16, until: Option<Timestamp>) -> String {
    let what = match status {
        500.. => "the server is not available",
        _ => "the server limits the rate of requests",
    };
    match until {
        Some(until) => {
            format!("{what} (status {status}): the server asks to wait until {}", clock(until))
        }
        None => format!(
            "{what} (status {status}) and does not say for how long: ask less often, or with credentials"
        ),
    }
}

/// The time of day. Nobody waits longer than a day for a server.
fn clock(time: Timestamp) -> String {
    let full_minute = time.as_second() % 60 == 0;
    time.strftime(if full_minute { "%H:%M UTC" } else { "%H:%M:%S UTC" }).to_string()
}
