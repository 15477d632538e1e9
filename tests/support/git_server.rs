//! A real git server for tests: git's own `http-backend` behind a small web server on a free port of
//! the loopback.
//!
//! It runs in a thread of its own, so that it serves plain and async tests alike, and counts what is
//! asked of it. Repositories are bare ones in a temporary folder; a [`Repository`] commits to them
//! through a work tree beside it. Nothing reads the git configuration of whoever runs the tests, and
//! nothing is left behind when the server is dropped.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::HashMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::large_files::LargeFiles;

/// Lets git sign with keys of ssh.
const SSH: &str = "gpg.format=ssh";
/// How long a wait may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is to be.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Serve https with a certificate of [`GitServer::ca_pem`].
    pub tls: bool,
    /// With TLS: an intermediate authority signs the server's certificate, and the server forgets to
    /// send that authority's own.
    pub incomplete_chain: bool,
    /// With TLS: visitors have to show a certificate that [`GitServer::client_certificate`] has.
    pub client_certificates: bool,
    /// What visitors have to show.
    pub auth: Option<Auth>,
    /// Port to listen on; a free one where it is 0.
    pub port: u16,
    /// Address to listen on, in place of the loopback's.
    pub address: Option<IpAddr>,
    /// Speak the oldest protocol, as servers do that do not know a newer one.
    pub protocol_v0: bool,
}

/// What visitors have to show.
#[derive(Clone, Debug)]
pub enum Auth {
    Basic { username: String, password: String },
    Bearer(String),
}

impl Auth {
    pub fn basic(username: &str, password: &str) -> Self {
        Self::Basic { username: username.to_owned(), password: password.to_owned() }
    }

    pub fn bearer(token: &str) -> Self {
        Self::Bearer(token.to_owned())
    }

    fn header(&self) -> String {
        match self {
            Self::Basic { username, password } => {
                // Kubernetes writes bytes as base64.
                let pair = format!("{username}:{password}").into_bytes();
                let encoded = serde_json::to_value(k8s_openapi::ByteString(pair)).unwrap();
                format!("Basic {}", encoded.as_str().unwrap())
            }
            Self::Bearer(token) => format!("Bearer {token}"),
        }
    }
}

/// What the server does instead of answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Willing,
    /// Accepts requests and never answers.
    Hanging,
    /// Sends the first bytes of an answer and never the rest.
    Stalling,
}

#[derive(Default)]
struct Faults {
    failing: u32,
    status: u16,
    /// What stands in the head of answers that fail.
    headers: Vec<(String, String)>,
    /// The visit from which on nothing is answered.
    hang_at: Option<u64>,
    redirects: HashMap<String, String>,
}

struct Shared {
    repositories: PathBuf,
    home: PathBuf,
    backend: PathBuf,
    authorization: Option<String>,
    protocol_v0: bool,
    faults: Mutex<Faults>,
    mood: watch::Sender<Mood>,
    closing: watch::Sender<bool>,
    ls_remotes: watch::Sender<u64>,
    fetches: watch::Sender<u64>,
    credentials_seen: watch::Sender<bool>,
    large_files: LargeFiles,
}

impl Shared {
    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A git server. Dropping it ends it and removes its repositories.
pub struct GitServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    authorities: Option<Authorities>,
    folder: TempDir,
    thread: Option<JoinHandle<()>>,
}

impl GitServer {
    /// A server without TLS that lets everybody in.
    pub fn start() -> Self {
        Self::with_options(Options::default())
    }

    pub fn with_options(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder for repositories");
        let repositories = folder.path().join("repositories");
        std::fs::create_dir(&repositories).unwrap();
        let shared = Arc::new(Shared {
            repositories,
            home: folder.path().to_owned(),
            backend: http_backend(),
            authorization: options.auth.as_ref().map(Auth::header),
            protocol_v0: options.protocol_v0,
            faults: Mutex::default(),
            mood: watch::Sender::default(),
            closing: watch::Sender::default(),
            ls_remotes: watch::Sender::default(),
            fetches: watch::Sender::default(),
            credentials_seen: watch::Sender::default(),
            large_files: LargeFiles::default(),
        });
        let (authorities, tls) = match options.tls {
            true => Some(certificates(&options)).unzip(),
            false => (None, None),
        };
        let address = options.address.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = std::net::TcpListener::bind((address, options.port)).expect("a free port");
        let address = listener.local_addr().unwrap();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("git-server".to_owned())
            .spawn(move || serve(listener, tls, served))
            .expect("a thread for the server");
        Self { shared, address, authorities, folder, thread: Some(thread) }
    }

    /// Address of the repository `name`, whether it exists or not.
    pub fn url(&self, name: &str) -> String {
        let scheme = if self.authorities.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/{name}.git", self.address)
    }

    /// The folder of its repositories.
    pub fn repositories(&self) -> &Path {
        &self.shared.repositories
    }

    /// Port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Certificate (PEM) of the authority that signed the server's.
    pub fn ca_pem(&self) -> &str {
        &self.authorities.as_ref().expect("the server was started with TLS").signer
    }

    /// A certificate (PEM) that the server's authority signed for a visitor, and its key.
    pub fn client_certificate(&self) -> (String, String) {
        let authorities = self.authorities.as_ref().expect("the server was started with TLS");
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["visitor.example".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authorities.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    /// Certificate (PEM) of the authority at the root; it is the same where there is no other between.
    pub fn root_pem(&self) -> &str {
        &self.authorities.as_ref().expect("the server was started with TLS").root
    }

    /// An empty repository whose default branch is `main`.
    pub fn create(&self, name: &str) -> Repository {
        self.create_with_branch(name, "main")
    }

    /// An empty repository with another default branch.
    pub fn create_with_branch(&self, name: &str, branch: &str) -> Repository {
        self.create_with_hash(name, branch, "sha1")
    }

    /// An empty repository whose objects are named by the hash `hash`. There may have been another one
    /// of that name.
    pub fn create_with_hash(&self, name: &str, branch: &str, hash: &str) -> Repository {
        let bare = self.shared.repositories.join(format!("{name}.git"));
        let work = self.folder.path().join("work").join(name);
        for folder in [&bare, &work] {
            if folder.exists() {
                std::fs::remove_dir_all(folder).unwrap();
            }
        }
        let repository = Repository { bare, work, home: self.shared.home.clone() };
        repository.init(branch, hash);
        repository
    }

    /// Number of visits: how often somebody began to ask for references in order to read.
    pub fn ls_remote_count(&self) -> u64 {
        *self.shared.ls_remotes.borrow()
    }

    /// Number of transfers: how often somebody asked for objects.
    pub fn fetch_count(&self) -> u64 {
        *self.shared.fetches.borrow()
    }

    /// Whether any request has carried credentials.
    pub fn has_seen_credentials(&self) -> bool {
        *self.shared.credentials_seen.borrow()
    }

    /// What it keeps for Git LFS.
    pub fn large_files(&self) -> &LargeFiles {
        &self.shared.large_files
    }

    /// Waits for `more` visits, counted from this call, not from its first poll; panics when they do
    /// not come.
    pub fn wait_for_ls_remotes(&self, more: u64) -> impl Future<Output = ()> + use<> {
        let mut visits = self.shared.ls_remotes.subscribe();
        let goal = *visits.borrow_and_update() + more;
        async move {
            let wait = visits.wait_for(|count| *count >= goal);
            match tokio::time::timeout(PATIENCE, wait).await {
                Ok(result) => drop(result.expect("the server lives")),
                Err(_) => panic!("no {more} more visits within {PATIENCE:?}"),
            }
        }
    }

    /// Answers the next `requests` with `status`; 429 asks to wait 7 seconds.
    pub fn fail_next(&self, requests: u32, status: u16) {
        let wait = (status == 429).then_some(("retry-after", "7"));
        self.fail_with(requests, status, wait.as_slice());
    }

    /// Answers the next `requests` with `status` and these lines in the head.
    pub fn fail_with(&self, requests: u32, status: u16, headers: &[(&str, &str)]) {
        let mut faults = self.shared.faults();
        (faults.failing, faults.status) = (requests, status);
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        faults.headers = headers.iter().map(owned).collect();
    }

    /// Answers the next `visits`, and then none, until [`GitServer::resume`].
    pub fn hang_after(&self, visits: u64) {
        self.shared.faults().hang_at = Some(self.ls_remote_count() + visits + 1);
    }

    /// Accepts requests and answers none, until [`GitServer::resume`].
    pub fn hang(&self) {
        self.shared.mood.send_replace(Mood::Hanging);
    }

    /// Begins answers and never ends them, until [`GitServer::resume`].
    pub fn stall(&self) {
        self.shared.mood.send_replace(Mood::Stalling);
    }

    /// Answers again, also what was asked while hanging.
    pub fn resume(&self) {
        self.shared.faults().hang_at = None;
        self.shared.mood.send_replace(Mood::Willing);
    }

    /// Sends visitors of the repository `name` to the repository at `url`.
    pub fn redirect(&self, name: &str, url: &str) {
        self.shared.faults().redirects.insert(format!("/{name}.git"), url.to_owned());
    }
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.shared.closing.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed; a second one here would abort the test.
            let _ = thread.join();
        }
    }
}

/// A repository at the server, and a work tree to change it from.
#[derive(Clone, Debug)]
pub struct Repository {
    bare: PathBuf,
    work: PathBuf,
    home: PathBuf,
}

impl Repository {
    fn init(&self, branch: &str, hash: &str) {
        std::fs::create_dir_all(&self.work).unwrap();
        let head = format!("--initial-branch={branch}");
        let hash = format!("--object-format={hash}");
        let bare = path_text(&self.bare);
        git(&self.home, &self.home, &["init", "-q", "--bare", &hash, &head, bare], b"");
        for (key, value) in
            [("http.receivepack", "true"), ("uploadpack.allowAnySHA1InWant", "true")]
        {
            git(&self.home, &self.bare, &["config", key, value], b"");
        }
        self.run(&["init", "-q", &hash, &head]);
        self.run(&["remote", "add", "origin", path_text(&self.bare)]);
    }

    /// The folder of the bare repository.
    pub fn path(&self) -> &Path {
        &self.bare
    }

    /// Runs git in the work tree and gives what it prints.
    pub fn run(&self, arguments: &[&str]) -> String {
        git(&self.home, &self.work, arguments, b"")
    }

    /// The same, with something on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> String {
        git(&self.home, &self.work, arguments, input)
    }

    /// Writes the files, commits and pushes them; gives the commit.
    pub fn commit(&self, files: &[(&str, &str)], message: &str) -> String {
        for (path, content) in files {
            self.write(path, content.as_bytes());
        }
        self.record(message)
    }

    /// The same, signed with a private key of ssh.
    pub fn signed_commit(&self, files: &[(&str, &str)], message: &str, key: &Path) -> String {
        self.commit_with(&by_ssh(key), files, message)
    }

    /// The same, signed as the options of git say.
    pub fn commit_with(&self, options: &[String], files: &[(&str, &str)], message: &str) -> String {
        for (path, content) in files {
            self.write(path, content.as_bytes());
        }
        self.run(&["add", "-A"]);
        let mut arguments: Vec<&str> = options.iter().map(String::as_str).collect();
        arguments.extend(["commit", "-qS", "--allow-empty", "-m", message]);
        self.run(&arguments);
        self.push()
    }

    /// Makes and pushes a tag of the current commit that is signed with a private key of ssh.
    pub fn signed_tag(&self, name: &str, key: &Path) {
        self.tag_with(&by_ssh(key), name);
    }

    /// The same, signed as the options of git say.
    pub fn tag_with(&self, options: &[String], name: &str) {
        let mut arguments: Vec<&str> = options.iter().map(String::as_str).collect();
        arguments.extend(["tag", "-s", name, "-m", name]);
        self.run(&arguments);
        self.push_tag(name);
    }

    /// Removes the files, commits and pushes; gives the commit.
    pub fn remove(&self, paths: &[&str], message: &str) -> String {
        let mut arguments = vec!["rm", "-q", "-r", "--"];
        arguments.extend(paths);
        self.run(&arguments);
        self.record(message)
    }

    /// Renames a file, commits and pushes; gives the commit.
    pub fn rename(&self, from: &str, to: &str, message: &str) -> String {
        std::fs::create_dir_all(self.work.join(to).parent().unwrap()).unwrap();
        self.run(&["mv", "--", from, to]);
        self.record(message)
    }

    /// Writes the files, puts them into the last commit and pushes over it; gives the new commit.
    pub fn force_push_rewritten(&self, files: &[(&str, &str)], message: &str) -> String {
        for (path, content) in files {
            self.write(path, content.as_bytes());
        }
        self.run(&["add", "-A"]);
        self.run(&["commit", "-q", "--amend", "--allow-empty", "-m", message]);
        self.push()
    }

    /// Makes and pushes a branch of the current commit, and goes to it: commits go there from now on.
    pub fn branch(&self, name: &str) {
        self.run(&["checkout", "-q", "-b", name]);
        self.push();
    }

    /// Goes to a branch that there is.
    pub fn checkout(&self, name: &str) {
        self.run(&["checkout", "-q", name]);
    }

    /// Makes and pushes a lightweight tag of the current commit.
    pub fn tag(&self, name: &str) {
        self.run(&["tag", name]);
        self.push_tag(name);
    }

    /// Makes and pushes an annotated tag of the current commit.
    pub fn annotated_tag(&self, name: &str, message: &str) {
        self.run(&["tag", "-a", name, "-m", message]);
        self.push_tag(name);
    }

    /// Commits and pushes a symbolic link; gives the commit.
    pub fn symlink(&self, path: &str, target: &str) -> String {
        std::os::unix::fs::symlink(target, self.work.join(path)).unwrap();
        self.record("Add a link")
    }

    /// Commits and pushes a submodule that names `commit`; gives the commit.
    pub fn submodule(&self, path: &str, commit: &str) -> String {
        let entry = format!("160000,{commit},{path}");
        self.run(&["update-index", "--add", "--cacheinfo", &entry]);
        self.run(&["commit", "-q", "-m", "Add a submodule"]);
        self.push()
    }

    /// Sets what HEAD of the repository at the server points to, whether that exists or not.
    pub fn point_head(&self, target: &str) {
        git(&self.home, &self.bare, &["symbolic-ref", "HEAD", target], b"");
    }

    /// Makes a reference at the server that points to `object`, whatever that is.
    pub fn reference(&self, name: &str, object: &str) {
        git(&self.home, &self.bare, &["update-ref", name, object], b"");
    }

    /// Runs git in the repository at the server.
    pub fn at_server(&self, arguments: &[&str]) -> String {
        git(&self.home, &self.bare, arguments, b"")
    }

    /// Writes a file into the work tree, without a commit.
    pub fn write(&self, path: &str, content: &[u8]) {
        let path = self.work.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn record(&self, message: &str) -> String {
        self.run(&["add", "-A"]);
        self.run(&["commit", "-q", "--allow-empty", "-m", message]);
        self.push()
    }

    fn push(&self) -> String {
        self.run(&["push", "-q", "--force", "origin", "HEAD"]);
        self.run(&["rev-parse", "HEAD"])
    }

    fn push_tag(&self, name: &str) {
        self.run(&["push", "-q", "--force", "origin", &format!("refs/tags/{name}")]);
    }
}

/// What lets git sign with a key of ssh.
fn by_ssh(key: &Path) -> Vec<String> {
    let key = format!("user.signingKey={}", path_text(key));
    ["-c", SSH, "-c", &key].map(str::to_owned).to_vec()
}

/// Runs git without the configuration of whoever runs the tests.
fn git(home: &Path, folder: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut child = isolated(Command::new("git"), home)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is needed for these tests: install the package git");
    // Most commands end without reading; what they say of it is looked at below.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn isolated(mut command: Command, home: &Path) -> Command {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Test Author");
        command.env(format!("GIT_{role}_EMAIL"), "author@notes.example");
    }
    command
}

fn http_backend() -> PathBuf {
    let folder = git(Path::new("/"), Path::new("/"), &["--exec-path"], b"");
    let backend = Path::new(&folder).join("git-http-backend");
    assert!(
        backend.exists(),
        "git's http-backend is needed for these tests and is not in {folder}: install the package \
         git (Debian, Ubuntu), git-daemon (Alpine) or git-core (Fedora)"
    );
    backend
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have UTF-8 names")
}

/// Certificates (PEM) of authorities.
pub(super) struct Authorities {
    root: String,
    /// Of the one that signed the server's.
    pub(super) signer: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params
}

/// Authorities, and a server's certificate that the last of them signed.
pub(super) fn certificates(options: &Options) -> (Authorities, TlsAcceptor) {
    let (params, key) = (authority("Notes Root"), KeyPair::generate().unwrap());
    let root = params.self_signed(&key).unwrap().pem();
    let (mut issuer, mut signer) = (Issuer::new(params, key), root.clone());
    if options.incomplete_chain {
        let (params, key) = (authority("Notes Intermediate"), KeyPair::generate().unwrap());
        signer = params.signed_by(&key, &issuer).unwrap().pem();
        issuer = Issuer::new(params, key);
    }

    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let chain = vec![CertificateDer::from(certificate.der().to_vec())];
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match options.client_certificates {
        true => config.with_client_cert_verifier(visitors(&signer, provider)),
        false => config.with_no_client_auth(),
    };
    let config = config.with_single_cert(chain, key).unwrap();
    (Authorities { root, signer, issuer }, TlsAcceptor::from(Arc::new(config)))
}

/// Lets those in whose certificates the authority signed.
fn visitors(authority: &str, provider: Arc<CryptoProvider>) -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap()
}

fn serve(listener: std::net::TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the server");
    runtime.block_on(async move {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let mut closing = shared.closing.subscribe();
        let closed = async move { drop(closing.wait_for(|closing| *closing).await) };
        let app =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(shared);
        match tls {
            Some(tls) => {
                axum::serve(TlsListener { listener, tls }, app).with_graceful_shutdown(closed).await
            }
            None => axum::serve(listener, app).with_graceful_shutdown(closed).await,
        }
        .expect("the server serves");
    });
}

/// Connections over TLS.
pub(super) struct TlsListener {
    pub(super) listener: TcpListener,
    pub(super) tls: TlsAcceptor,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
            // Visitors who do not trust the certificate leave here.
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if uri.query() == Some("service=git-upload-pack") {
        shared.ls_remotes.send_modify(|count| *count += 1);
        if shared.faults().hang_at.is_some_and(|at| *shared.ls_remotes.borrow() >= at) {
            shared.mood.send_replace(Mood::Hanging);
        }
    }
    let authorization = headers.get(header::AUTHORIZATION);
    if authorization.is_some() {
        shared.credentials_seen.send_replace(true);
    }
    let mood = *shared.mood.borrow();
    match mood {
        Mood::Willing => {}
        Mood::Hanging => pause(&shared).await,
        Mood::Stalling => return stalled(&shared),
    }
    if let Some(response) = fault(&shared, &uri) {
        return response;
    }
    let shown = authorization.map(|value| value.as_bytes());
    if shared.authorization.as_ref().is_some_and(|wanted| shown != Some(wanted.as_bytes())) {
        let challenge = "Basic realm=\"notes\", Bearer";
        return plain(StatusCode::UNAUTHORIZED, &[(header::WWW_AUTHENTICATE, challenge)]);
    }
    if let Some(response) = shared.large_files.answer(&uri, &body) {
        return response;
    }
    if asks_for_objects(&uri, &body) {
        shared.fetches.send_modify(|count| *count += 1);
    }
    run_backend(&shared, &method, &uri, &headers, body).await
}

/// Waits until the server is willing again or ends.
async fn pause(shared: &Shared) {
    let mut mood = shared.mood.subscribe();
    let mut closing = shared.closing.subscribe();
    tokio::select! {
        _ = mood.wait_for(|mood| *mood == Mood::Willing) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

/// The beginning of an answer. The rest comes when the server ends.
fn stalled(shared: &Arc<Shared>) -> Response<Body> {
    let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"001e# serv"))]);
    let shared = Arc::clone(shared);
    let rest = futures::stream::once(async move {
        pause(&shared).await;
        Ok(Bytes::new())
    });
    Response::builder()
        .header(header::CONTENT_TYPE, "application/x-git-upload-pack-advertisement")
        .body(Body::from_stream(futures::StreamExt::chain(first, rest)))
        .unwrap()
}

fn fault(shared: &Shared, uri: &Uri) -> Option<Response<Body>> {
    let mut faults = shared.faults();
    if faults.failing > 0 {
        faults.failing -= 1;
        let status = StatusCode::from_u16(faults.status).unwrap();
        let mut answer = plain(status, &[]);
        for (name, value) in &faults.headers {
            let name: header::HeaderName = name.parse().unwrap();
            answer.headers_mut().insert(name, value.parse().unwrap());
        }
        return Some(answer);
    }
    let whole = uri.to_string();
    let moved = faults.redirects.iter().find_map(|(from, to)| {
        whole.strip_prefix(from.as_str()).map(|rest| format!("{to}{rest}"))
    })?;
    Some(plain(StatusCode::MOVED_PERMANENTLY, &[(header::LOCATION, &moved)]))
}

fn plain(status: StatusCode, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, *value);
    }
    response.body(Body::from(status.to_string())).unwrap()
}

/// Protocol 2 says which command it is; the older ones have just one.
fn asks_for_objects(uri: &Uri, body: &[u8]) -> bool {
    let has = |word: &[u8]| body.windows(word.len()).any(|window| window == word);
    uri.path().ends_with("/git-upload-pack") && !has(b"command=ls-refs")
}

/// Runs git's http-backend as a CGI program.
async fn run_backend(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut command = isolated(Command::new(&shared.backend), &shared.home);
    command
        .env("GIT_PROJECT_ROOT", &shared.repositories)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", uri.path())
        .env("QUERY_STRING", uri.query().unwrap_or_default())
        .env("REQUEST_METHOD", method.as_str())
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", if shared.protocol_v0 { "" } else { header("git-protocol") })
        .env("REMOTE_USER", "visitor")
        .env("REMOTE_ADDR", "127.0.0.1");
    let mut child = tokio::process::Command::from(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("git's http-backend starts");
    let mut input = child.stdin.take().unwrap();
    // Fed while its output is read: it answers before it has read everything.
    let feed = async move {
        // It may end without reading what it does not want.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut input, &body).await;
    };
    let (output, ()) = tokio::join!(child.wait_with_output(), feed);
    let output = output.expect("git's http-backend ends");
    if output.stdout.is_empty() {
        eprintln!("git http-backend: {}", String::from_utf8_lossy(&output.stderr));
    }
    from_cgi(&output.stdout)
}

fn from_cgi(output: &[u8]) -> Response<Body> {
    let Some(end) = output.windows(4).position(|window| window == b"\r\n\r\n") else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, &[]);
    };
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let mut response = Response::builder();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        response = match name {
            "Status" => response.status(value.split(' ').next().unwrap()),
            _ => response.header(name, value),
        };
    }
    response.body(Body::from(output[end + 4..].to_vec())).unwrap()
}
