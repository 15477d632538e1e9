//! The webhook of a repository.

use kube::ResourceExt;

use super::{access, validate};
use crate::api::NoteRepository;
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::webhook::{Hook, PATH};

/// Where reports of the repository are taken; none where it wants none. The uid cannot be guessed by
/// whoever may not read the object, and names nothing that is secret.
pub fn path(repository: &NoteRepository) -> Option<String> {
    repository.spec.webhook.as_ref()?;
    Some(format!("{PATH}{}", repository.uid()?))
}

/// What its reports are checked by. The error is for whoever looks at the git server.
pub async fn hook(repository: &NoteRepository, ctx: &Context) -> Result<Option<Hook>, String> {
    let Some(webhook) = &repository.spec.webhook else { return Ok(None) };
    let (namespace, name) = repository.address();
    let token = access::token(&namespace, &webhook.secret_ref.name, ctx).await;
    let token = token.map_err(|error| {
        tracing::warn!(%namespace, %name, %error, "a webhook cannot be checked");
        "the Secret of the webhook cannot be read, or has no token: see the log of the controller"
            .to_owned()
    })?;
    let reference = validate::reference(&repository.spec)
        .map_err(|_| "spec.ref of the NoteRepository is not valid".to_owned())?;
    Ok(Some(Hook { token, reference }))
}
