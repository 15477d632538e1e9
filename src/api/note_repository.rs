//! `NoteRepository`: a git repository whose notes become objects.

mod source;
mod status;

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NotificationSink, ReadingRule, common};

pub use source::{
    GitReference, SecretReference, SourceKind, SourceReference, Verification, VerificationMode,
};
pub use status::{HistoryEntry, NoteRepositoryStatus};

/// Where the notes are and how to read them. Only `url` is needed, or `sourceRef` in its place. Names
/// follow Flux's `GitRepository`, so that its Secrets can be used as they are.
#[derive(CustomResource, KubeSchema, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[kube(
    group = "talknotes.dev",
    version = "v1alpha1",
    kind = "NoteRepository",
    plural = "noterepositories",
    singular = "noterepository",
    shortname = "nrepo",
    category = "talknotes-all",
    namespaced,
    status = "NoteRepositoryStatus",
    derive = "PartialEq",
    derive = "Default",
    doc = "A NoteRepository fetches a git repository, finds the talks in its Markdown files and keeps a Summit and TalkNote objects for them.",
    validation = Rule::new("has(self.spec.url) != has(self.spec.sourceRef)").message("give url (a git repository) or sourceRef (a source of Flux), one of the two"),
    selectable = ".spec.url",
    selectable = ".spec.suspend",
    printcolumn(name = "Url", type_ = "string", json_path = ".spec.url"),
    printcolumn(name = "Revision", type_ = "string", json_path = ".status.lastAppliedRevision"),
    printcolumn(name = "Notes", type_ = "integer", json_path = ".status.notes"),
    printcolumn(
        name = "Ready",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].status"#
    ),
    printcolumn(
        name = "Status",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].reason"#
    ),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = r#".status.conditions[?(@.type=="Ready")].message"#,
        priority = "1"
    ),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    label("app.kubernetes.io/part-of", "talknotes"),
    annotation("kustomize.toolkit.fluxcd.io/substitute", "disabled")
)]
#[serde(rename_all = "camelCase")]
pub struct NoteRepositorySpec {
    /// Address of the repository: https://…, http://…, ssh://… or git@host:path. Credentials belong into
    /// `secretRef`, never into the address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(min = 1, max = 2048))]
    pub url: String,
    /// In place of `url`: a source of Flux in the same namespace. What Flux fetched of it is read, so that
    /// no second set of credentials is needed. ref, secretRef, proxySecretRef and verify are then the
    /// source's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ref: Option<SourceReference>,
    /// What to fetch. The remote's HEAD where it is absent.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<GitReference>,
    /// How often the remote is asked for a new revision, such as 5m or 1h30m; 10s at least. 5m where
    /// it is absent, and 30s for a sourceRef, which costs no visit to a git server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::DURATION), extend("maxLength" = 32, "x-kubernetes-validations" = common::duration()))]
    pub interval: Option<String>,
    /// How long one visit to the remote may take. 60s where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = common::DURATION), extend("maxLength" = 32, "x-kubernetes-validations" = common::duration()))]
    pub timeout: Option<String>,
    /// Secret in the same namespace. For https: `username` and `password`, or `bearerToken`; `ca.crt`
    /// where the server's certificate is signed by an authority of your own; and `tls.crt` and `tls.key`
    /// where it asks for a client certificate. For ssh: `identity` (the
    /// private key), its passphrase as `password` where it has one, and `known_hosts` (the server's public
    /// key). For a GitHub App: `githubAppID`, `githubAppPrivateKey`, `githubAppInstallationID` or
    /// `githubAppInstallationOwner`, and `githubAppBaseURL` for another GitHub than the public one.
    /// Credentials are never sent over http, nor to a server that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretReference>,
    /// Secret in the same namespace with the `address` of a proxy (http://, https:// or socks5://), and
    /// with its `username` and `password` where it asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_secret_ref: Option<SecretReference>,
    /// Whether the contents of notes and images that Git LFS keeps are fetched, from the server of `url` over
    /// https, with the same credentials. Pointers are reported where it is absent or false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lfs: Option<bool>,
    /// Which signatures a revision must carry. One that is not signed so is not published, and the last
    /// good one stays; the condition SourceVerified says who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Verification>,
    /// While true, the remote is left alone and nothing is applied or pruned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// Globs of the paths to read, such as notes/**. Every Markdown file where it is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 512)))]
    pub include: Vec<String>,
    /// Globs of the paths to leave out, after `include`. A LICENSE, CHANGELOG,
    /// CONTRIBUTING or CODE_OF_CONDUCT, files in hidden folders and in node_modules, and those in
    /// folders of site generators for templates (archetypes, exampleSite, _includes, _layouts, _sass,
    /// _vendor) are left out unless `include` names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64), inner(length(min = 1, max = 512)))]
    pub exclude: Vec<String>,
    /// How the documents are written: Auto (found out for each document), HackMD, Hugo or YAML
    /// (manifests of TalkNote and Summit). Auto where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What becomes of documents that are marked as drafts: Hide (their notes exist, but are not
    /// published) or Publish. Hide where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafts: Option<DraftPolicy>,
    /// What becomes of objects whose notes left the repository: Delete or Orphan. Orphan also keeps
    /// the objects when the NoteRepository is deleted. Delete where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prune_policy: Option<PrunePolicy>,
    /// How much of what is in the cluster one revision may take away, in percent. Past it nothing is
    /// pruned until the annotation talknotes.dev/allow-prune names the revision. 50 where it is
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub max_delete_percent: Option<i32>,
    /// A webhook through which the git server reports pushes, so that they are fetched at once; the
    /// remote is asked every `interval` all the same. status.webhookPath says where it is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Webhook>,
    /// Tells the forge what became of a commit's notes: shown beside the commit, where its author looks.
    /// Nothing waits for it. Absent, nobody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_status: Option<CommitStatus>,
    /// Whether pages of notes lead to their lines, their history and an editor at the forge: Show or Hide. Shown
    /// where the repository is at one that is known, and is fetched without a Secret; whoever shows those of a
    /// private repository tells its address to all readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_links: Option<SourceLinks>,
    /// Whom to tell when notes of this repository are published, change, are withdrawn or fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 8), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub notify: Vec<NotificationSink>,
    /// Publishes a preview, such as of a pull request: summits and notes under names with a suffix, under a
    /// banner, on no list and in no feed of the viewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// Where talks, speakers and days stand, for documents that detection does not read as their
    /// author means them. For each part of the reading the first rule that matches the path and sets
    /// the part decides; then those of the file .talknotes.yaml in the repository; then detection.
    /// `talknotes rules` prints what detection would have written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64))]
    pub rules: Vec<ReadingRule>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at NoteRepositorySpec::format")]
pub enum Format {
    #[default]
    Auto,
    HackMD,
    Hugo,
    #[allow(clippy::upper_case_acronyms, reason = "the name of the format")]
    YAML,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at NoteRepositorySpec::drafts")]
pub enum DraftPolicy {
    #[default]
    Hide,
    Publish,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at NoteRepositorySpec::prune_policy")]
pub enum PrunePolicy {
    #[default]
    Delete,
    Orphan,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at NoteRepositorySpec::source_links")]
pub enum SourceLinks {
    Show,
    Hide,
}

/// A webhook through which the git server reports pushes.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Secret in the same namespace with the `token` that the git server signs its reports with.
    pub secret_ref: SecretReference,
}

/// How a preview is told from what it is a preview of.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// What the names of all summits and notes end in, such as pr-42.
    #[schemars(regex(pattern = common::SUFFIX), extend("maxLength" = 40, "x-kubernetes-validations" = common::suffix()))]
    pub suffix: String,
    /// The line above each page. "Preview of <reference>" where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub banner: Option<String>,
}

/// How a forge is told what became of a commit's notes.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct CommitStatus {
    /// What the forge is: GitHub, GitLab or Gitea (Forgejo, too). Found by the name of its server where it
    /// is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ForgeProvider>,
    /// Secret in the same namespace with a `token` that may write states of commits, or with the keys of a
    /// GitHub App; and `ca.crt` where the forge's certificate is signed by an authority of your own.
    pub secret_ref: SecretReference,
    /// Address of the forge's API, where it is not the usual one of the server that spec.url names.
    #[serde(default, rename = "apiURL", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub api_url: Option<String>,
    /// Address of the viewer, such as https://notes.example.org: states link to the summit there.
    #[serde(default, rename = "viewerURL", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 2048))]
    pub viewer_url: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at CommitStatus::provider")]
pub enum ForgeProvider {
    GitHub,
    GitLab,
    Gitea,
}
