//! What a repository fetches, and as whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::common;

/// What to fetch. Where several fields are set, the first of commit, name, semver, tag, branch wins.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
pub struct GitReference {
    /// Name of a branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub branch: Option<String>,
    /// Name of a tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub tag: Option<String>,
    /// Range of versions of which the newest tag is taken, such as >=1.2.0 <2.0.0 or 2031.x. Versions
    /// before a release count where the range names one (>=1.2.0-0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub semver: Option<String>,
    /// Full name of a reference, such as refs/pull/42/head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub name: Option<String>,
    /// Full name of a commit: 40 hexadecimal digits, or 64 where the repository uses SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::COMMIT), extend("maxLength" = 128, "x-kubernetes-validations" = common::commit()))]
    pub commit: Option<String>,
}

/// Names a source of Flux in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
pub struct SourceReference {
    /// Its kind: GitRepository, OCIRepository, Bucket or ExternalArtifact of source.toolkit.fluxcd.io/v1.
    pub kind: SourceKind,
    /// Its name.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at SourceReference::kind")]
pub enum SourceKind {
    GitRepository,
    OCIRepository,
    Bucket,
    ExternalArtifact,
}

impl SourceKind {
    /// As Flux writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitRepository => "GitRepository",
            Self::OCIRepository => "OCIRepository",
            Self::Bucket => "Bucket",
            Self::ExternalArtifact => "ExternalArtifact",
        }
    }
}

/// Names a Secret in the same namespace.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SecretReference {
    /// Name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// Which signatures a revision must carry.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// What must be signed: HEAD (the commit), Tag or TagAndHEAD.
    pub mode: VerificationMode,
    /// Secret in the same namespace with the public keys of trusted authors: keys of ssh under names
    /// that end in .sshpub, keys of OpenPGP (what gpg --export --armor prints) under names that end in
    /// .asc.
    pub secret_ref: SecretReference,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at Verification::mode")]
pub enum VerificationMode {
    #[serde(rename = "HEAD")]
    Head,
    Tag,
    #[serde(rename = "TagAndHEAD")]
    TagAndHead,
}
