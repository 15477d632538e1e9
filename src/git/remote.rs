//! A remote repository.

use std::path::Path;

use url::Url;

use super::cache::{Cache, name_of};
use super::deadline::Deadline;
use super::large_files::LargeFiles;
use super::reference::{Missing, TAGS, full_name_of, newest_tag};
use super::transfer::{Found, Update};
use super::url::{Location, Server, parse};
use super::{Access, Artifact, Credentials, GitError, Locals, Reference, Revision, Snapshot};
use super::{access, listing, local, missing, ssh, transfer};

/// A remote repository, and how to visit it. Making one does not visit it yet.
#[derive(Clone, Debug)]
pub struct Remote {
    location: Location,
    access: Access,
}

impl Remote {
    /// Checks the address and the access.
    ///
    /// # Errors
    ///
    /// When the address is refused (see [`GitError::is_permanent`]), and when credentials or
    /// certificates are malformed.
    pub fn new(url: &str, access: Access) -> Result<Self, GitError> {
        let location = parse(url, access.locals)?;
        match &location {
            Location::Server(Server::Http(url)) => check_http(url, &access)?,
            Location::Server(Server::Ssh(_)) if access.large_files => {
                return Err(GitError::LargeFilesBySsh);
            }
            Location::Server(Server::Ssh(_)) => check_ssh(&access)?,
            Location::Local(_) | Location::Artifact(_) => {}
        }
        if let Some(pem) = &access.certificate_authority {
            access::authorities(pem)?;
        }
        Ok(Self { location, access })
    }

    /// What another controller fetched. It is what it is, whatever reference is asked for. Of `access`
    /// only the timeout counts.
    pub fn of_artifact(artifact: Artifact, access: Access) -> Self {
        Self { location: Location::Artifact(artifact), access }
    }

    /// Asks which commit `reference` is now; nothing is transferred. For a commit it asks only
    /// whether the server lets us in: that it has the commit shows when it is fetched.
    ///
    /// # Errors
    ///
    /// When the remote cannot be visited within the timeout, or lacks the reference.
    pub fn resolve(&self, reference: &Reference) -> Result<Revision, GitError> {
        let deadline = Deadline::after(self.access.timeout);
        match &self.location {
            Location::Local(path) => local::resolve(&local::open(path)?, reference),
            Location::Artifact(artifact) => Ok(artifact.revision()),
            Location::Server(server) => {
                reference.commit()?;
                let name = reference.listed()?;
                let refs = listing::list(server, &self.access, &[&name], deadline)?;
                reference
                    .find(&refs)
                    .map_err(|error| self.explain(error, server, reference, deadline))
            }
        }
    }

    /// Asks which commit `reference` is now, and transfers it where the folder `cache` lacks it. A
    /// damaged cache is made anew. A local repository is read where it is.
    ///
    /// Fetches of one remote into one cache wait for each other. Remotes share a cache when their
    /// addresses and kinds of credentials are the same; the server is asked each time whether it
    /// lets this one in.
    ///
    /// # Errors
    ///
    /// When the remote cannot be visited within the timeout, lacks the reference, or is too large;
    /// and when the cache cannot be written.
    pub fn fetch(&self, reference: &Reference, cache: &Path) -> Result<Snapshot, GitError> {
        match &self.location {
            Location::Local(path) => {
                let repository = local::open(path)?;
                let revision = local::resolve(&repository, reference)?;
                let found = Found { revision, tag: None };
                Ok(Snapshot::new(repository, found, false, None))
            }
            Location::Server(server) => self.fetch_from(server, reference, cache),
            Location::Artifact(artifact) => {
                artifact.fetch(Deadline::after(self.access.timeout), cache)
            }
        }
    }

    fn fetch_from(
        &self,
        server: &Server,
        reference: &Reference,
        root: &Path,
    ) -> Result<Snapshot, GitError> {
        let deadline = Deadline::after(self.access.timeout);
        let pinned = self.pin(server, reference, deadline)?;
        let reference = pinned.as_ref().unwrap_or(reference);
        let cache = Cache::lock(root, &self.key(server), &deadline)?;
        let update = |repository: &gix::Repository| {
            transfer::update(repository, server, &self.access, reference, deadline)
        };
        let (mut repository, new) = cache.open()?;
        let mut outcome = update(&repository);
        // The fault may be the cache's: a lock left behind, a flipped bit.
        if !new && matches!(outcome, Err(Missing::Other(GitError::Failed(_)))) {
            repository = cache.renew(repository.object_hash())?;
            outcome = update(&repository);
        }
        if let Ok(Update::OtherHash(hash)) = outcome {
            repository = cache.renew(hash)?;
            outcome = update(&repository);
        }
        let outcome = outcome.map_err(|error| self.explain(error, server, reference, deadline))?;
        let (found, transferred) = match outcome {
            Update::Current(found) => (found, false),
            Update::Transferred(found) => (found, true),
            Update::OtherHash(hash) => {
                return Err(GitError::Failed(format!("the remote changed its hash to {hash}")));
            }
        };
        if transferred {
            cache.seal()?;
        }
        let large_files = self.access.large_files;
        let large_files = large_files
            .then(|| LargeFiles::new(server, &self.access, cache.large_files()))
            .transpose()?;
        let snapshot = Snapshot::new(repository, found, transferred, Some(cache.reading()?));
        Ok(snapshot.with_large_files(large_files))
    }

    /// The tag that a range of versions stands for now.
    fn pin(
        &self,
        server: &Server,
        reference: &Reference,
        deadline: Deadline,
    ) -> Result<Option<Reference>, GitError> {
        let Reference::Semver(range) = reference else { return Ok(None) };
        let refs = listing::list(server, &self.access, &[TAGS], deadline)?;
        match newest_tag(range, &refs) {
            Some(tag) => Ok(Some(Reference::Tag(tag))),
            None => {
                let missing = Missing::Reference { target: None };
                Err(self.explain(missing, server, reference, deadline))
            }
        }
    }

    /// What the remote has in place of a reference that it lacks: one more visit, which only a failure
    /// costs.
    fn explain(
        &self,
        missing: Missing,
        server: &Server,
        reference: &Reference,
        deadline: Deadline,
    ) -> GitError {
        let target = match missing {
            Missing::Other(error) => return error,
            Missing::Reference { target } => target,
        };
        match listing::list(server, &self.access, &missing::LISTED, deadline) {
            Ok(refs) => {
                let names = refs.iter().map(full_name_of);
                let names = names.filter_map(|name| String::from_utf8(name.to_vec()).ok());
                missing::explain(reference, target.as_deref(), names)
            }
            Err(error) => error,
        }
    }

    /// Name of the cache; a local repository needs none.
    pub(super) fn cache_name(&self) -> Option<String> {
        match &self.location {
            Location::Local(_) | Location::Artifact(_) => None,
            Location::Server(server) => Some(self.key(server)),
        }
    }

    /// The web server of the repository at `url` and its path there, as forges have them:
    /// `https://git.example` and `team/notes`. One that is visited by ssh is taken to have its web server
    /// under the same name. None for what is at no server.
    pub fn project_of(url: &str) -> Option<(String, String)> {
        let (origin, path) = match parse(url, Locals::Refused).ok()? {
            Location::Local(_) | Location::Artifact(_) => return None,
            Location::Server(Server::Http(url)) => {
                let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?;
                (url.origin().ascii_serialization(), path.into_owned())
            }
            Location::Server(Server::Ssh(address)) => {
                (format!("https://{}", address.host), address.path)
            }
        };
        let path = path.trim_matches('/');
        Some((origin, path.strip_suffix(".git").unwrap_or(path).to_owned()))
    }

    /// Names what stands for the remote as we know it: the repository, and whoever we are there.
    pub fn identity(&self) -> String {
        match &self.location {
            Location::Local(path) => path.display().to_string(),
            Location::Artifact(artifact) => artifact.url().to_string(),
            Location::Server(server) => format!("{server}\n{}", self.who()),
        }
    }

    /// Names what stands for the server of the remote, and whoever we are there. None for a local
    /// repository.
    pub fn host_identity(&self) -> Option<String> {
        match &self.location {
            Location::Local(_) => None,
            Location::Artifact(artifact) => Some(artifact.url().origin().ascii_serialization()),
            Location::Server(server) => Some(format!("{}\n{}", server.origin(), self.who())),
        }
    }

    /// Names what stands for the credentials that the remote is shown; none where there are none. It is
    /// for memory alone: nothing made of a password may be written down.
    pub fn credentials_identity(&self) -> Option<String> {
        let secret = match (&self.location, &self.access.credentials, &self.access.ssh) {
            (Location::Server(Server::Ssh(_)), _, ssh) => {
                let ssh = ssh.as_ref()?;
                let keys = ssh.identities.iter();
                let keys =
                    keys.map(|identity| format!("{:?}{}", identity.passphrase, identity.key));
                format!("{}\n{}", keys.collect::<String>(), ssh.known_hosts)
            }
            (_, Some(Credentials::Basic { username, password }), _) => {
                format!("{username}\n{password}")
            }
            (_, Some(Credentials::Bearer(token)), _) => token.clone(),
            (_, None, _) => {
                let certificate = self.access.client_certificate.as_ref()?;
                String::from_utf8_lossy(&certificate.key).into_owned()
            }
        };
        Some(format!("{}\n{}", self.identity(), name_of(&secret)))
    }

    /// Names all that an answer of [`Self::resolve`] depends on; none where no server is asked. It is for
    /// memory alone, as [`Self::credentials_identity`] is.
    pub fn question(&self, reference: &Reference) -> Option<String> {
        let Location::Server(_) = &self.location else { return None };
        let shown = self.credentials_identity().unwrap_or_else(|| self.identity());
        let Access { certificate_authority, proxy, .. } = &self.access;
        Some(name_of(&format!("{shown}\n{reference:?}\n{certificate_authority:?}\n{proxy:?}")))
    }

    /// Passwords and tokens are no part of it: they change, and names of folders are no place for
    /// anything made of them.
    fn who(&self) -> String {
        match &self.access.credentials {
            _ if matches!(self.location, Location::Server(Server::Ssh(_))) => "ssh".to_owned(),
            None if self.access.client_certificate.is_some() => "certificate".to_owned(),
            None => "anonymous".to_owned(),
            Some(Credentials::Basic { username, .. }) => format!("basic {username}"),
            Some(Credentials::Bearer(_)) => "bearer".to_owned(),
        }
    }

    fn key(&self, server: &Server) -> String {
        format!("{}-{}", name_of(&server.to_string()), name_of(&self.who()))
    }
}

fn check_http(url: &Url, access: &Access) -> Result<(), GitError> {
    if let Some(certificate) = &access.client_certificate {
        certificate.identity()?;
    }
    match &access.credentials {
        Some(_) if url.scheme() != "https" => Err(GitError::CredentialsOverHttp),
        Some(credentials) => credentials.check(),
        None => Ok(()),
    }
}

/// A server must prove who it is, and lets nobody in who shows nothing.
fn check_ssh(access: &Access) -> Result<(), GitError> {
    let ssh = access.ssh.as_ref().ok_or(GitError::SshKeyNeeded)?;
    if ssh.identities.is_empty() && ssh.agent.is_none() {
        return Err(GitError::SshKeyNeeded);
    }
    ssh::check(ssh)
}
