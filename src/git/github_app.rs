//! Tokens of a GitHub App: its private key signs a claim, and GitHub gives a token for it that lasts an
//! hour and opens what the app is installed for.
//!
//! A token is asked for with no more rights than are needed, kept in memory alone, and used until shortly
//! before it expires.

mod api;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rustls::SignatureScheme;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::sign::SigningKey;
use serde_json::{Value, json};
use url::Url;

use super::deadline::Deadline;
use super::{Access, Credentials, GitError, http};
use api::{Api, refused};

/// Where GitHub itself is.
const GITHUB: &str = "https://api.github.com";
/// Whom git's server takes a token of an app from.
const USER: &str = "x-access-token";
/// Clocks differ: a claim begins so long ago, in seconds.
const SKEW: i64 = 60;
/// How long a claim holds, in seconds; GitHub takes ten minutes at most.
const CLAIM: i64 = 540;
/// A token is used no longer than until so long before it expires.
const SPARE: SignedDuration = SignedDuration::from_mins(5);
/// Most characters of an id or a name.
const LONGEST: usize = 100;

/// An app and where it is installed.
#[derive(Clone)]
pub struct GitHubApp {
    id: String,
    installation: Installation,
    key: Arc<dyn SigningKey>,
    api: Url,
}

/// Which installation of an app is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Installation {
    /// By its number.
    Id(String),
    /// That of an organization or a person.
    Owner(String),
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Reading the repository.
    Read,
    /// Telling the state of a commit.
    Status,
}

/// The tokens that hold.
#[derive(Default)]
pub struct AppTokens(Mutex<HashMap<TokenKey, (String, Timestamp)>>);

type TokenKey = (String, String, Installation, Purpose);

impl fmt::Debug for GitHubApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GitHubApp({}, hidden)", self.id)
    }
}

impl AppTokens {
    /// Lets all of them be asked for anew: one was refused before its time.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TokenKey, (String, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GitHubApp {
    /// The app `id` with its private key (PEM). `api` is the address of another GitHub than the public
    /// one, such as `https://github.example/api/v3`.
    ///
    /// # Errors
    ///
    /// [`GitError::GitHubAppInvalid`]
    pub fn new(
        id: &str,
        installation: Installation,
        key: &[u8],
        api: Option<&str>,
    ) -> Result<Self, GitError> {
        let invalid = |why| Err(GitError::GitHubAppInvalid(why));
        let is_name = |text: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain)
        };
        let (Installation::Id(target) | Installation::Owner(target)) = &installation;
        if !is_name(id) || !is_name(target) {
            return invalid("its id, or the id or owner of its installation, is none");
        }
        let Ok(api) = Url::parse(api.unwrap_or(GITHUB)) else {
            return invalid(
                "githubAppBaseURL is not an address such as https://github.example/api/v3",
            );
        };
        // The claim and the token would be anybody's.
        if api.scheme() != "https" || api.host_str().is_none() || api.password().is_some() {
            return invalid("githubAppBaseURL does not begin with https://, or holds credentials");
        }
        let key = PrivateKeyDer::from_pem_slice(key).ok();
        let key = key.and_then(|key| rustls::crypto::ring::sign::any_supported_type(&key).ok());
        let key =
            key.filter(|key| key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).is_some());
        let Some(key) = key else {
            return invalid(
                "githubAppPrivateKey is not the private key (PEM) that GitHub gave for the app",
            );
        };
        Ok(Self { id: id.to_owned(), installation, key, api })
    }

    /// What git's server is shown: a token that holds for a while yet. Of `access` the proxy, the
    /// authorities and the timeout count.
    ///
    /// # Errors
    ///
    /// When GitHub gives none.
    pub fn credentials(
        &self,
        access: &Access,
        tokens: &AppTokens,
    ) -> Result<Credentials, GitError> {
        let password = self.token(Purpose::Read, access, tokens)?;
        Ok(Credentials::Basic { username: USER.to_owned(), password })
    }

    /// A token for `purpose`, as [`Self::credentials`].
    ///
    /// # Errors
    ///
    /// When GitHub gives none.
    pub fn token(
        &self,
        purpose: Purpose,
        access: &Access,
        tokens: &AppTokens,
    ) -> Result<String, GitError> {
        let now = Timestamp::now();
        let key = (self.api.to_string(), self.id.clone(), self.installation.clone(), purpose);
        let known = tokens.lock().get(&key).cloned();
        if let Some((token, until)) = known
            && until > now
        {
            return Ok(token);
        }
        let (token, expires) = self.ask(purpose, access, now)?;
        let until = expires.checked_sub(SPARE).unwrap_or(now);
        let mut held = tokens.lock();
        held.retain(|_, (_, until)| *until > now);
        held.insert(key, (token.clone(), until));
        Ok(token)
    }

    fn ask(
        &self,
        purpose: Purpose,
        access: &Access,
        now: Timestamp,
    ) -> Result<(String, Timestamp), GitError> {
        let visit = Api {
            client: http::client(access)?,
            claim: self.claim(now)?,
            deadline: Deadline::after(access.timeout),
        };
        let id = match &self.installation {
            Installation::Id(id) => id.clone(),
            Installation::Owner(owner) => self.find(&visit, owner)?,
        };
        let rights = match purpose {
            Purpose::Read => json!({ "contents": "read" }),
            Purpose::Status => json!({ "statuses": "write" }),
        };
        let url = self.url(&["app", "installations", &id, "access_tokens"])?;
        let body = json!({ "permissions": rights }).to_string();
        let request = visit.client.post(url).header("content-type", "application/json").body(body);
        let answer = visit.send(request)?.map_err(|status| refused(status, &self.whose()))?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str);
        let token = text("token").filter(|token| token.chars().all(|c| c.is_ascii_graphic()));
        let expires = text("expires_at").and_then(|time| time.parse().ok());
        match (token, expires) {
            (Some(token), Some(expires)) if !token.is_empty() => Ok((token.to_owned(), expires)),
            _ => Err(GitError::GitHubAppRefused("it answers without a token".to_owned())),
        }
    }

    /// The installation of an organization, or of a person.
    fn find(&self, visit: &Api, owner: &str) -> Result<String, GitError> {
        for kind in ["orgs", "users"] {
            let request = visit.client.get(self.url(&[kind, owner, "installation"])?);
            match visit.send(request)? {
                Ok(answer) => {
                    let id = answer.get("id").and_then(Value::as_u64);
                    let none = || GitError::GitHubAppRefused("it names no installation".to_owned());
                    return id.map(|id| id.to_string()).ok_or_else(none);
                }
                Err(404) => {}
                Err(status) => return Err(refused(status, &self.whose())),
            }
        }
        Err(refused(404, &self.whose()))
    }

    fn whose(&self) -> String {
        match &self.installation {
            Installation::Id(id) => format!("the number {id}"),
            Installation::Owner(owner) => owner.clone(),
        }
    }

    fn url(&self, parts: &[&str]) -> Result<Url, GitError> {
        let mut url = self.api.clone();
        let invalid = || GitError::GitHubAppInvalid("githubAppBaseURL cannot have a path");
        url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().extend(parts);
        Ok(url)
    }

    /// Says that we are the app (a JSON Web Token, RS256).
    fn claim(&self, now: Timestamp) -> Result<String, GitError> {
        let now = now.as_second();
        let claims = json!({ "iat": now - SKEW, "exp": now + CLAIM, "iss": self.id });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({ "alg": "RS256", "typ": "JWT" })), part(&claims));
        let signer = self.key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]);
        let signature = signer.and_then(|signer| signer.sign(text.as_bytes()).ok());
        let signature =
            signature.ok_or(GitError::GitHubAppInvalid("githubAppPrivateKey cannot sign"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
