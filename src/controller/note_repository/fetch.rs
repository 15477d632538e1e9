//! What the remote has.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;

use super::validate::ValidRepository;
use crate::api::Diagnostic;
use crate::controller::context::Context;
use crate::controller::error::{Class, Error, Fault};
use crate::controller::loads::Room;
use crate::document::SourceFile;
use crate::git::{Access, Credentials, GitError, Limits, Locals, Remote, Revision, Snapshot};
use crate::import::about_skipped;

/// The files of a revision, and why some were left out.
pub(super) struct Fetched {
    pub files: Vec<SourceFile>,
    pub skipped: Vec<Diagnostic>,
    /// Where the images can be read, once the documents have told which.
    pub snapshot: Snapshot,
    /// Is held as long as anything of the documents is in memory.
    pub room: Room,
}

/// The remote with the credentials of its Secret, which is read anew at each visit.
pub(super) async fn remote(valid: &ValidRepository, ctx: &Context) -> Result<Remote, Error> {
    let data = match &valid.secret {
        Some(name) => secret(&valid.namespace, name, ctx).await?,
        None => BTreeMap::new(),
    };
    let access = Access {
        credentials: credentials(&data)?,
        certificate_authority: ["ca.crt", "caFile"]
            .iter()
            .find_map(|key| data.get(*key))
            .map(|pem| pem.0.clone()),
        timeout: valid.timeout,
        locals: Locals::Refused,
    };
    // A Secret is mended without the object's doing.
    let retry = Some(valid.interval);
    Remote::new(&valid.url, access).map_err(|source| Error::Git { source, retry })
}

async fn secret(
    namespace: &str,
    name: &str,
    ctx: &Context,
) -> Result<BTreeMap<String, ByteString>, Error> {
    let api: Api<Secret> = Api::namespaced(ctx.client.clone(), namespace);
    match api.get(name).await.map_err(Error::api(format!("read the Secret {name}"))) {
        Ok(secret) => Ok(secret.data.unwrap_or_default()),
        Err(error) if error.class() == Class::Gone => {
            Err(Error::Missing(format!("spec.secretRef: there is no Secret {name}")))
        }
        Err(error) => Err(error),
    }
}

fn credentials(data: &BTreeMap<String, ByteString>) -> Result<Option<Credentials>, Error> {
    let text = |key: &str| -> Result<Option<String>, Error> {
        let Some(value) = data.get(key) else { return Ok(None) };
        let text = String::from_utf8(value.0.clone()).map_err(|_| {
            let message = format!("the value of {key} in the Secret is not UTF-8 text");
            Error::Invalid(vec![Fault::new("spec.secretRef", message)])
        })?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    };
    if let Some(token) = text("bearerToken")? {
        return Ok(Some(Credentials::Bearer(token)));
    }
    match (text("username")?, text("password")?) {
        (Some(username), Some(password)) => Ok(Some(Credentials::Basic { username, password })),
        (None, None) => Ok(None),
        _ => {
            let message = "the Secret needs both username and password, or bearerToken";
            Err(Error::Invalid(vec![Fault::new("spec.secretRef", message)]))
        }
    }
}

/// The revision that the remote offers now.
pub(super) async fn revision(
    remote: &Remote,
    valid: &ValidRepository,
    ctx: &Context,
) -> Result<Revision, Error> {
    let (remote, reference) = (remote.clone(), valid.reference.clone());
    counted("ls-remote", ctx, move || remote.resolve(&reference)).await
}

/// The files of the revision that the remote offers now. It may be a newer one than [`revision`] gave:
/// the snapshot says which.
pub(super) async fn files(
    remote: Remote,
    valid: &ValidRepository,
    ctx: &Context,
) -> Result<Fetched, Error> {
    let (reference, selection) = (valid.reference.clone(), valid.selection.clone());
    let caches = ctx.caches.clone();
    let transfer = ctx.loads.transfer().await;
    let (listing, snapshot) = counted("fetch", ctx, move || {
        let snapshot = remote.fetch(&reference, caches.folder())?;
        Ok((snapshot.list(&|path| selection.contains(path), Limits::default())?, snapshot))
    })
    .await?;
    drop(transfer);
    let room = ctx.loads.documents(listing.bytes()).await;
    let read = move || snapshot.read_all(listing).map(|files| (files, snapshot));
    let (files, snapshot) = blocking(read).await??;
    let skipped = files.skipped.iter();
    let skipped = skipped.filter_map(|file| about_skipped(file, &valid.selection)).collect();
    Ok(Fetched { files: files.files, skipped, snapshot, room })
}

async fn counted<T: Send + 'static>(
    operation: &'static str,
    ctx: &Context,
    work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
) -> Result<T, Error> {
    let result = blocking(work).await?;
    ctx.metrics.git(operation, if result.is_ok() { "success" } else { "failure" });
    Ok(result?)
}

/// Runs `work` where blocking is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(format!("a background task failed: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(pairs: &[(&str, &str)]) -> BTreeMap<String, ByteString> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), ByteString(v.as_bytes().to_vec()))).collect()
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
}
