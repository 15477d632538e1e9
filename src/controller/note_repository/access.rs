//! How the remote is visited, as the Secrets say. Their keys are those of Flux.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;

use super::fetch;
use super::validate::ValidRepository;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::{Class, Error, Fault};
use crate::git::{
    Access, ClientCertificate, Credentials, GitError, GitHubApp, Identity, Installation, Locals,
    Proxy, Purpose, Reason, Remote, Signed, Signers, Ssh,
};

const SECRET_REF: &str = "spec.secretRef";
const VERIFY_SECRET_REF: &str = "spec.verify.secretRef";
const WEBHOOK_SECRET_REF: &str = "spec.webhook.secretRef";
const COMMIT_STATUS_SECRET_REF: &str = "spec.commitStatus.secretRef";
const NOTIFY_SECRET_REF: &str = "spec.notify.secretRef";
const PROXY_SECRET_REF: &str = "spec.proxySecretRef";

/// The remote with what its Secret has, which is read anew at each reconciliation.
pub(super) async fn remote(valid: &ValidRepository, ctx: &Context) -> Result<Remote, Error> {
    // A Secret is mended without the object's doing.
    let retry = Some(valid.interval);
    let data = match &valid.secret {
        Some(name) => secret(&valid.namespace, name, SECRET_REF, ctx).await?,
        None => SecretData::default(),
    };
    let mut access = Access {
        credentials: credentials(&data)?,
        certificate_authority: authority(&data),
        client_certificate: client_certificate(&data)?,
        proxy: match &valid.proxy_secret {
            Some(name) => {
                let data = secret(&valid.namespace, name, PROXY_SECRET_REF, ctx).await?;
                Some(proxy(&data, retry)?)
            }
            None => None,
        },
        ssh: ssh(&data)?,
        large_files: valid.large_files,
        timeout: valid.timeout,
        locals: Locals::Refused,
    };
    if let Some(app) = github_app(&data)? {
        let (tokens, visit) = (ctx.remotes.app_tokens(), access.clone());
        let asked = fetch::blocking(move || app.credentials(&visit, &tokens)).await?;
        access.credentials = Some(asked.map_err(|source| of_app(source, valid.interval))?);
    }
    Remote::new(&valid.url, access).map_err(|source| Error::Git { source, retry })
}

/// Where nobody but a person can help, it is asked again each interval.
fn of_app(source: GitError, interval: Duration) -> Error {
    let retry = (source.reason() == Reason::AuthenticationFailed).then_some(interval);
    Error::Git { source, retry }
}

/// The GitHub App of the Secret, where it has one.
fn github_app(data: &SecretData) -> Result<Option<GitHubApp>, Error> {
    let Some(id) = data.line("githubAppID")? else { return Ok(None) };
    let installation = data.line("githubAppInstallationID")?.map(Installation::Id);
    let owner = data.line("githubAppInstallationOwner")?.map(Installation::Owner);
    let Some(installation) = installation.or(owner) else {
        let message = "beside githubAppID, the Secret needs githubAppInstallationID or githubAppInstallationOwner";
        return Err(data.fault(message));
    };
    let key = data.bytes(&["githubAppPrivateKey"]);
    let key =
        key.ok_or_else(|| data.fault("beside githubAppID, the Secret needs githubAppPrivateKey"))?;
    let api = data.line("githubAppBaseURL")?;
    let app = GitHubApp::new(&id, installation, &key, api.as_deref());
    app.map(Some).map_err(|source| Error::Git { source, retry: None })
}

/// What a Secret holds, and the field that names it.
#[derive(Default)]
struct SecretData {
    field: &'static str,
    data: BTreeMap<String, ByteString>,
}

async fn secret(
    namespace: &str,
    name: &str,
    field: &'static str,
    ctx: &Context,
) -> Result<SecretData, Error> {
    let api: Api<Secret> = Api::namespaced(ctx.client.clone(), namespace);
    match api.get(name).await.map_err(Error::api(format!("read the Secret {name}"))) {
        Ok(secret) => Ok(SecretData { field, data: secret.data.unwrap_or_default() }),
        Err(error) if error.class() == Class::Gone => {
            Err(Error::Missing(format!("{field}: there is no Secret {name}")))
        }
        Err(error) => Err(error),
    }
}

impl SecretData {
    /// The value of the first of `keys` that is there.
    fn bytes(&self, keys: &[&str]) -> Option<Vec<u8>> {
        keys.iter().find_map(|key| self.data.get(*key)).map(|value| value.0.clone())
    }

    /// The value of `key` without the line end that editors put there.
    fn line(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.text(key)?.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn text(&self, key: &str) -> Result<Option<String>, Error> {
        let Some(value) = self.data.get(key) else { return Ok(None) };
        let text = String::from_utf8(value.0.clone())
            .map_err(|_| self.fault(format!("the value of {key} in the Secret is not UTF-8 text")));
        text.map(Some)
    }

    fn fault(&self, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Fault::new(self.field, message)])
    }
}

fn credentials(data: &SecretData) -> Result<Option<Credentials>, Error> {
    if let Some(token) = data.line("bearerToken")? {
        return Ok(Some(Credentials::Bearer(token)));
    }
    match (data.line("username")?, data.line("password")?) {
        (Some(username), Some(password)) => Ok(Some(Credentials::Basic { username, password })),
        (None, None) => Ok(None),
        // Then it is what the key is encrypted with.
        (None, Some(_)) if data.data.contains_key("identity") => Ok(None),
        _ => Err(data.fault("the Secret needs both username and password, or bearerToken")),
    }
}

fn ssh(data: &SecretData) -> Result<Option<Ssh>, Error> {
    let Some(key) = data.text("identity")? else { return Ok(None) };
    let passphrase = data.line("password")?;
    let known_hosts = data.text("known_hosts")?.unwrap_or_default();
    Ok(Some(Ssh { identities: vec![Identity { key, passphrase }], agent: None, known_hosts }))
}

/// What must be signed, and by whom; none where nothing must.
pub(super) async fn verification(
    valid: &ValidRepository,
    ctx: &Context,
) -> Result<Option<(Signed, Signers)>, Error> {
    let Some((signed, name)) = &valid.verification else { return Ok(None) };
    let data = secret(&valid.namespace, name, VERIFY_SECRET_REF, ctx).await?;
    let signers = signers(&data)?;
    Ok(Some((*signed, signers)))
}

/// Keys of ssh and OpenPGP; the names of the values say who has them.
fn signers(data: &SecretData) -> Result<Signers, Error> {
    let mut signers = Signers::default();
    let retry = None;
    for name in data.data.keys() {
        let add = match name.rsplit_once('.') {
            Some((_, "sshpub")) => Signers::add_ssh,
            Some((_, "asc")) => Signers::add_openpgp,
            _ => continue,
        };
        let text = data.text(name)?.unwrap_or_default();
        add(&mut signers, name, &text).map_err(|source| Error::Git { source, retry })?;
    }
    if signers.is_empty() {
        let message = "the Secret needs public keys of ssh under names such as anna.sshpub, or of OpenPGP under \
                       names such as anna.asc";
        return Err(Error::Git { source: GitError::SignersInvalid(message.to_owned()), retry });
    }
    Ok(signers)
}

/// The authority (PEM) to trust besides the system's.
fn authority(data: &SecretData) -> Option<Vec<u8>> {
    data.bytes(&["ca.crt", "caFile"])
}

/// The token of a Secret, if it has one.
fn some_token(data: &SecretData) -> Result<Option<String>, Error> {
    Ok(data.line("token")?.filter(|token| !token.is_empty()))
}

/// What a forge is shown that is told of commits, and the authority (PEM) to trust there.
pub(super) async fn commit_status(
    namespace: &str,
    name: &str,
    ctx: &Context,
) -> Result<(String, Option<Vec<u8>>), Error> {
    let data = secret(namespace, name, COMMIT_STATUS_SECRET_REF, ctx).await?;
    let authority = authority(&data);
    if let Some(token) = some_token(&data)? {
        return Ok((token, authority));
    }
    let app = github_app(&data)?.ok_or_else(|| {
        data.fault("the Secret needs token, or githubAppID and the other keys of a GitHub App")
    })?;
    let access = Access { certificate_authority: authority.clone(), ..Access::default() };
    let tokens = ctx.remotes.app_tokens();
    let token = fetch::blocking(move || app.token(Purpose::Status, &access, &tokens)).await??;
    Ok((token, authority))
}

/// What a sink's events are signed with, and the authority (PEM) to trust there.
pub(in crate::controller) async fn sink(
    namespace: &str,
    name: &str,
    ctx: &Context,
) -> Result<(String, Option<Vec<u8>>), Error> {
    let data = secret(namespace, name, NOTIFY_SECRET_REF, ctx).await?;
    let token = some_token(&data)?;
    let token = token.ok_or_else(|| data.fault("the Secret needs token"))?;
    Ok((token, authority(&data)))
}

/// What a git server signs its reports with.
pub(super) async fn token(namespace: &str, name: &str, ctx: &Context) -> Result<Vec<u8>, Error> {
    let data = secret(namespace, name, WEBHOOK_SECRET_REF, ctx).await?;
    match data.line("token")? {
        Some(token) if !token.is_empty() => Ok(token.into_bytes()),
        _ => Err(data.fault("the Secret needs token")),
    }
}

fn client_certificate(data: &SecretData) -> Result<Option<ClientCertificate>, Error> {
    match (data.bytes(&["tls.crt", "certFile"]), data.bytes(&["tls.key", "keyFile"])) {
        (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
        (None, None) => Ok(None),
        _ => Err(data.fault("the Secret needs both tls.crt and tls.key")),
    }
}

fn proxy(data: &SecretData, retry: Option<Duration>) -> Result<Proxy, Error> {
    let Some(address) = data.line("address")? else {
        return Err(data.fault("the Secret needs address, such as http://proxy.example:3128"));
    };
    let login = match (data.line("username")?, data.line("password")?) {
        (Some(username), Some(password)) => Some((username, password)),
        (None, None) => None,
        _ => return Err(data.fault("the Secret needs both username and password, or none")),
    };
    Proxy::new(&address, login).map_err(|source| Error::Git { source, retry })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(pairs: &[(&str, &str)]) -> SecretData {
        let bytes = |text: &str| ByteString(text.as_bytes().to_vec());
        let data = pairs.iter().map(|(key, text)| ((*key).to_owned(), bytes(text))).collect();
        SecretData { field: SECRET_REF, data }
    }

    #[test]
    fn a_bearer_token_wins_and_line_ends_are_dropped() {
        let data = secret(&[("bearerToken", "t\n"), ("username", "u"), ("password", "p")]);
        assert!(credentials(&data).unwrap() == Some(Credentials::Bearer("t".to_owned())));
        assert!(credentials(&secret(&[("ca.crt", "x")])).unwrap().is_none());
    }

    #[test]
    fn half_a_pair_is_a_fault_that_names_no_secret() {
        let error = credentials(&secret(&[("password", "hunter2")])).unwrap_err();
        assert_eq!(error.reason(), "InvalidSpec");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn halves_of_a_certificate_and_of_a_login_are_faults() {
        assert!(client_certificate(&secret(&[("tls.crt", "x")])).is_err());
        let login = [("address", "socks5://proxy.example"), ("username", "anna")];
        assert!(proxy(&secret(&login), None).is_err());
        assert!(proxy(&secret(&login[..1]), None).is_ok());
        assert!(proxy(&secret(&[]), None).unwrap_err().to_string().contains("address"));
    }

    #[test]
    fn a_github_app_needs_all_of_its_keys() {
        assert!(github_app(&secret(&[("username", "anna")])).unwrap().is_none());
        let mut data = vec![("githubAppID", "1")];
        assert!(github_app(&secret(&data)).unwrap_err().to_string().contains("InstallationOwner"));
        data.push(("githubAppInstallationID", "2"));
        assert!(github_app(&secret(&data)).unwrap_err().to_string().contains("PrivateKey"));
        data.push(("githubAppPrivateKey", "hunter2"));
        let error = github_app(&secret(&data)).unwrap_err();
        assert_eq!(error.reason(), "AuthenticationFailed");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn signers_are_named_by_their_keys_in_the_secret() {
        const KEY: &str =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
        assert!(signers(&secret(&[("a.sshpub", KEY)])).is_ok());
        let broken = signers(&secret(&[("a.sshpub", "# ours\nssh-ed25519 x")])).unwrap_err();
        assert!(broken.to_string().contains("line 2 of a.sshpub"), "{broken}");
        let none = signers(&secret(&[("README", "x"), ("b.sshpub", "")])).unwrap_err();
        assert_eq!(none.reason(), "VerificationFailed");
        assert!(none.to_string().contains(".asc"), "{none}");
        let broken = signers(&secret(&[("a.sshpub", KEY), ("b.asc", KEY)])).unwrap_err();
        assert!(broken.to_string().contains("b.asc holds no public key"), "{broken}");
    }

    #[test]
    fn beside_a_key_a_password_is_its_passphrase() {
        let data = secret(&[("identity", "key"), ("known_hosts", "list"), ("password", "words\n")]);
        assert!(credentials(&data).unwrap().is_none());
        let ssh = ssh(&data).unwrap().unwrap();
        assert_eq!(ssh.identities[0].passphrase.as_deref(), Some("words"));
        assert_eq!(ssh.known_hosts, "list");
    }
}
