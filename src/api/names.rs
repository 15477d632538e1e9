//! Labels, annotations, field managers and the names of children. They are a contract: what is
//! written under one of these names is found under it by the next version.

use sha2::{Digest, Sha256};

/// API group of all kinds.
pub const GROUP: &str = "talknotes.dev";
/// `group/version` of all kinds.
pub const API_VERSION: &str = "talknotes.dev/v1alpha1";

/// Label on everything that the operator publishes, with the value [`MANAGED_BY_VALUE`].
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Value of [`MANAGED_BY`].
pub const MANAGED_BY_VALUE: &str = "talknotes";
/// Label on a published ConfigMap: the summit it belongs to.
pub const SUMMIT_LABEL: &str = "talknotes.dev/summit";
/// Label on a published ConfigMap: the `TalkNote` it was rendered from.
pub const TALK_LABEL: &str = "talknotes.dev/talk";
/// Label on a published ConfigMap: `note` or `summit`.
pub const CONTENT_LABEL: &str = "talknotes.dev/content";
/// Value of [`CONTENT_LABEL`] for a note.
pub const CONTENT_NOTE: &str = "note";
/// Value of [`CONTENT_LABEL`] for an image.
pub const CONTENT_IMAGE: &str = "image";
/// Value of [`CONTENT_LABEL`] for a summit.
pub const CONTENT_SUMMIT: &str = "summit";
/// Value of [`CONTENT_LABEL`] for the flags of a viewer.
pub const CONTENT_FEATURES: &str = "features";
/// Label on imported objects: the `NoteRepository` they came from.
pub const REPOSITORY_LABEL: &str = "talknotes.dev/repository";

/// Label on everything that a `Viewer` is made of: its name.
pub const VIEWER_LABEL: &str = "talknotes.dev/viewer";
/// Annotation on what a `Viewer` is made of: a digest of what was wished last.
pub const WISH_DIGEST: &str = "talknotes.dev/wish-digest";
/// Key of the manifest in the ConfigMap of the `Viewer` that an installation brings along.
pub const DEFAULT_VIEWER_KEY: &str = "viewer.yaml";
/// Key of the flags in the ConfigMap of a `Viewer`.
pub const FLAGS_KEY: &str = "flags.flagd.json";

/// Annotation on a published ConfigMap: `sha256:<hex>` of its data.
pub const CONTENT_DIGEST: &str = "talknotes.dev/content-digest";
/// Annotation on a published ConfigMap: `sha256:<hex>` of what it was rendered from.
pub const SOURCE_DIGEST: &str = "talknotes.dev/source-digest";
/// Annotation on a published ConfigMap: version of the renderer that made it.
pub const RENDERER: &str = "talknotes.dev/renderer";
/// Annotation on a published ConfigMap: version of the viewer contract.
pub const CONTRACT: &str = "talknotes.dev/contract";
/// Value of [`CONTRACT`].
pub const CONTRACT_VERSION: &str = "1";
/// Annotation on imported objects: path of the document in the repository.
pub const SOURCE_PATH: &str = "talknotes.dev/source-path";
/// Annotation on imported objects that came from several documents: the paths of the others, one a line.
pub const OTHER_SOURCE_PATHS: &str = "talknotes.dev/other-source-paths";
/// Annotation on imported objects: the labels and annotations that their manifests set, one a line.
pub const KEPT_METADATA: &str = "talknotes.dev/kept-metadata";
/// Annotation on a `NoteRepository`: the revision that may prune past `maxDeletePercent`.
pub const ALLOW_PRUNE: &str = "talknotes.dev/allow-prune";
/// Annotation by which people ask for a reconciliation now.
pub const REQUESTED_AT: &str = "talknotes.dev/requested-at";
/// The same, as users of Flux know it.
pub const FLUX_REQUESTED_AT: &str = "reconcile.fluxcd.io/requestedAt";
/// Annotation on a `Summit` or a namespace: where its viewer is reached.
pub const VIEWER_URL: &str = "talknotes.dev/viewer-url";
/// Annotation that keeps Flux from substituting `${…}` in notes.
pub const FLUX_SUBSTITUTE: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// Field manager of the `NoteRepository` controller.
pub const MANAGER_NOTE_REPOSITORY: &str = "talknotes/note-repository";
/// Field manager of the `TalkNote` controller.
pub const MANAGER_TALK_NOTE: &str = "talknotes/talk-note";
/// Field manager of the `Summit` controller.
pub const MANAGER_SUMMIT: &str = "talknotes/summit";
/// Field manager of the `Viewer` controller.
pub const MANAGER_VIEWER: &str = "talknotes/viewer";
/// Field manager of the number of Pods that a `Viewer` leaves to others.
pub const MANAGER_VIEWER_REPLICAS: &str = "talknotes/viewer-replicas";
/// Field manager of what sinks were told.
pub const MANAGER_NOTIFICATIONS: &str = "talknotes/notifications";
/// Field manager of the `Viewer` that an installation brings along.
pub const MANAGER_INSTALLATION: &str = "talknotes/installation";

/// Longest name of an object (RFC 1123 subdomain).
const MAX_NAME: usize = 253;
/// Longest value of a label.
const MAX_LABEL: usize = 63;

/// Name of the ConfigMap of the note `talk_note`.
pub fn note_config_map(talk_note: &str) -> String {
    shorten(&format!("talknote-{talk_note}"), MAX_NAME)
}

/// Name of the ConfigMap of the summit `summit`.
pub fn summit_config_map(summit: &str) -> String {
    shorten(&format!("summit-{summit}"), MAX_NAME)
}

/// Name of all that the viewer `viewer` is made of.
pub fn viewer_objects(viewer: &str) -> String {
    format!("{viewer}-viewer")
}

/// Name of the ConfigMap with the flags of the viewer `viewer`.
pub fn viewer_features(viewer: &str) -> String {
    format!("{viewer}-viewer-features")
}

/// Name of the ConfigMap of an image that `repository` gave. `digest` is the image's SHA-256 in hex.
pub fn image_config_map(repository: &str, digest: &str) -> String {
    let short: String = digest.chars().take(20).collect();
    shorten(&format!("image-{short}-{repository}"), MAX_NAME)
}

/// Name of the ConfigMap with what the sink `sink` of `owner` was told. `kind` is that of the owner.
pub fn told_config_map(kind: &str, owner: &str, sink: &str) -> String {
    shorten(&format!("told-{}-{owner}.{sink}", kind.to_ascii_lowercase()), MAX_NAME)
}

/// `name` as a label value: itself where it fits, else shortened with a hash.
pub fn label_value(name: &str) -> String {
    shorten(name, MAX_LABEL)
}

/// `text` where it has at most `max` bytes, else its beginning and ten hex digits of its SHA-256, so
/// that different long names stay different. `text` is the name of an object, so it is ASCII.
fn shorten(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let hash = hex_digest(text.as_bytes());
    let kept: String = text.chars().take(max.saturating_sub(11)).collect();
    let tail: String = hash.chars().take(10).collect();
    format!("{}-{tail}", kept.trim_end_matches(['-', '.']))
}

/// SHA-256 of `bytes` in lower-case hex.
pub fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `bytes` in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_stay_and_long_ones_end_in_a_hash() {
        assert_eq!(note_config_map("ferris"), "talknote-ferris");
        let long = "a".repeat(253);
        let name = note_config_map(&long);
        assert!(name.len() <= 253, "{}", name.len());
        assert_ne!(name, note_config_map(&format!("{}b", "a".repeat(252))));
        assert_eq!(label_value(&long).len(), 63);
    }
}
