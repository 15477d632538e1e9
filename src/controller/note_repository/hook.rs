//! The webhook of a repository.

use kube::ResourceExt;

use super::{access, validate};
use crate::api::{Diagnostic, NoteRepository};
use crate::controller::shared::codes::Code;
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::document::Selection;
use crate::webhook::{Hook, PATH};

/// Endings of the names of images, in lower case.
const IMAGES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];

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
    let selection =
        Selection::new(&repository.spec.include, &repository.spec.exclude).map_err(|_| {
            "spec.include or spec.exclude of the NoteRepository is not valid".to_owned()
        })?;
    let is_meant = Box::new(move |path: &str| is_meant(&selection, path));
    Ok(Some(Hook { token, reference, is_meant }))
}

/// Whether a change of the file at `path` can change what is published: it is read, notes may show it, or
/// it lies where notes do and they may link to it.
fn is_meant(selection: &Selection, path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_image = extension.is_some_and(|extension| IMAGES.contains(&extension.as_str()));
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    is_image
        || selection.contains(path)
        || folder.is_some_and(|folder| !selection.leaves_out(folder))
}

/// What is wrong with the Secret of the webhook, where one is wanted: reports are refused without it, and
/// nobody would see that in the cluster.
pub(super) async fn notice(repository: &NoteRepository, ctx: &Context) -> Option<Diagnostic> {
    let webhook = repository.spec.webhook.as_ref().filter(|_| ctx.webhooks)?;
    let (namespace, _) = repository.address();
    let error = access::token(&namespace, &webhook.secret_ref.name, ctx).await.err()?;
    let message =
        format!("reports of pushes are refused, and the remote is asked every interval: {error}");
    Some(Code::WebhookSecret.at("spec.webhook.secretRef", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_beside_notes_or_is_an_image_is_meant() {
        let selection = |include: &[&str], exclude: &[&str]| {
            let owned =
                |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect::<Vec<_>>();
            Selection::new(&owned(include), &owned(exclude)).unwrap()
        };
        let notes = selection(&["notes/**"], &["notes/old/**"]);
        for (path, expected) in [
            ("notes/a.md", true),
            ("notes/2031/slides.pdf", true),
            ("static/Photo.PNG", true),
            (".talknotes.yaml", true),
            ("src/main.rs", false),
            ("README.md", false),
            ("notes/old/a.md", false),
        ] {
            assert_eq!(is_meant(&notes, path), expected, "{path}");
        }
        let all = selection(&[], &[]);
        assert!(is_meant(&all, "src/main.rs") && is_meant(&all, "a.md"));
        assert!(!is_meant(&all, "Makefile"));
    }
}
