//! A spec with nothing left to doubt, or all its faults at once. Pure.

use std::time::Duration;

use crate::api::{
    Diagnostic, NoteRepository, NoteRepositorySpec, PrunePolicy, SourceLinks, SourceReference,
    VerificationMode,
};
use crate::controller::shared::codes::Code;
use crate::controller::shared::error::{Error, Fault};
use crate::document::{ReadOptions, Selection, check_rules};
use crate::git::{GitError, Reference, Signed};
use crate::import::Preview;

const DEFAULT_INTERVAL: Duration = Duration::from_secs(300);
/// A source is an object in the cluster.
const DEFAULT_SOURCE_INTERVAL: Duration = Duration::from_secs(30);
const SHORTEST_INTERVAL: Duration = Duration::from_secs(10);
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(600);
const DEFAULT_MAX_DELETE_PERCENT: u32 = 50;

/// A repository that can be reconciled.
pub(super) struct ValidRepository {
    pub namespace: String,
    pub url: String,
    /// In place of the URL.
    pub source: Option<SourceReference>,
    pub reference: Reference,
    pub secret: Option<String>,
    /// Whether what Git LFS keeps is fetched.
    pub large_files: bool,
    pub proxy_secret: Option<String>,
    /// What must be signed, and the Secret with the keys of those who may.
    pub verification: Option<(Signed, String)>,
    /// Where only a preview is to be published.
    pub preview: Option<Preview>,
    /// Whether pages lead to where their notes are written.
    pub shows_source: bool,
    pub interval: Duration,
    pub timeout: Duration,
    pub selection: Selection,
    pub options: ReadOptions,
    pub prune: PrunePolicy,
    pub max_delete_percent: u32,
    /// Fields that are set and not acted upon, where leaving them out does no harm.
    pub notices: Vec<Diagnostic>,
}

/// `webhooks` tells whether anybody listens to these.
pub(super) fn repository(
    object: &NoteRepository,
    webhooks: bool,
) -> Result<ValidRepository, Error> {
    let spec = &object.spec;
    let mut faults = Vec::new();
    let interval = duration("spec.interval", spec.interval.as_deref(), &mut faults);
    if interval.is_some_and(|interval| interval < SHORTEST_INTERVAL) {
        faults.push(Fault::new("spec.interval", "must be 10s at least"));
    }
    let timeout = duration("spec.timeout", spec.timeout.as_deref(), &mut faults);
    if timeout.is_some_and(|timeout| timeout.is_zero() || timeout > LONGEST_TIMEOUT) {
        faults.push(Fault::new("spec.timeout", "must be more than 0s and 10m at most"));
    }
    let selection = Selection::new(&spec.include, &spec.exclude)
        .map_err(|error| faults.push(Fault::new("spec.include", error.to_string())))
        .ok();
    faults.extend(
        check_rules(&spec.rules)
            .into_iter()
            .map(|fault| Fault::new(format!("spec.{}", fault.field), fault.message)),
    );
    let reference = reference(spec)
        .map_err(|error| faults.push(Fault::new("spec.ref.semver", error.to_string())))
        .ok();
    let verification = verification(spec, reference.as_ref(), &mut faults);
    faults.extend(of_source(spec));
    let (Some(selection), Some(reference), true) = (selection, reference, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let shown = match &spec.source_ref {
        Some(source) => format!("{} {}", source.kind.name(), source.name),
        None => reference.to_string(),
    };
    Ok(ValidRepository {
        namespace: object.metadata.namespace.clone().unwrap_or_default(),
        url: spec.url.clone(),
        source: spec.source_ref.clone(),
        verification,
        reference,
        large_files: spec.lfs.unwrap_or(false),
        secret: spec.secret_ref.as_ref().map(|secret| secret.name.clone()),
        proxy_secret: spec.proxy_secret_ref.as_ref().map(|secret| secret.name.clone()),
        preview: spec.preview.as_ref().map(|preview| Preview {
            suffix: preview.suffix.clone(),
            banner: preview.banner.clone().unwrap_or_else(|| format!("Preview of {shown}")),
            repository: object.metadata.name.clone().unwrap_or_default(),
        }),
        shows_source: spec.source_ref.is_none()
            && match spec.source_links {
                Some(links) => links == SourceLinks::Show,
                None => spec.secret_ref.is_none(),
            },
        interval: interval.unwrap_or(match &spec.source_ref {
            Some(_) => DEFAULT_SOURCE_INTERVAL,
            None => DEFAULT_INTERVAL,
        }),
        timeout: timeout.unwrap_or(DEFAULT_TIMEOUT),
        selection,
        options: ReadOptions {
            format: spec.format.unwrap_or_default(),
            drafts: spec.drafts.unwrap_or_default(),
            rules: spec.rules.clone(),
            namespace: object.metadata.namespace.clone(),
            now: None,
        },
        prune: spec.prune_policy.unwrap_or_default(),
        max_delete_percent: spec
            .max_delete_percent
            .and_then(|percent| u32::try_from(percent).ok())
            .unwrap_or(DEFAULT_MAX_DELETE_PERCENT),
        notices: if webhooks { Vec::new() } else { notices(spec) },
    })
}

fn verification(
    spec: &NoteRepositorySpec,
    reference: Option<&Reference>,
    faults: &mut Vec<Fault>,
) -> Option<(Signed, String)> {
    let verify = spec.verify.as_ref()?;
    let signed = match verify.mode {
        VerificationMode::Head => Signed::Commit,
        VerificationMode::Tag => Signed::Tag,
        VerificationMode::TagAndHead => Signed::Both,
    };
    if signed != Signed::Commit && reference.is_some_and(|reference| !reference.may_be_tag()) {
        let message = "needs a tag: set spec.ref.tag or spec.ref.semver, or mode: HEAD";
        faults.push(Fault::new("spec.verify.mode", message));
    }
    Some((signed, verify.secret_ref.name.clone()))
}

/// Fields that are those of the source, where there is one. Leaving one out silently could publish what
/// nobody verified.
fn of_source(spec: &NoteRepositorySpec) -> Vec<Fault> {
    let Some(source) = &spec.source_ref else { return Vec::new() };
    let set = [
        ("spec.url", !spec.url.is_empty()),
        ("spec.ref", spec.reference.is_some()),
        ("spec.secretRef", spec.secret_ref.is_some()),
        ("spec.proxySecretRef", spec.proxy_secret_ref.is_some()),
        ("spec.lfs", spec.lfs == Some(true)),
        ("spec.verify", spec.verify.is_some()),
        ("spec.commitStatus", spec.commit_status.is_some()),
    ];
    let message = || {
        format!(
            "is for a repository that is fetched here: set it at the {} {}, and remove it here",
            source.kind.name(),
            source.name
        )
    };
    set.into_iter()
        .filter(|(_, is_set)| *is_set)
        .map(|(field, _)| Fault::new(field, message()))
        .collect()
}

fn notices(spec: &NoteRepositorySpec) -> Vec<Diagnostic> {
    let message = "this controller takes no webhooks, and the remote is asked every interval instead: start it \
                   with --webhook-address";
    let webhook =
        spec.webhook.as_ref().map(|_| Code::NotActedUpon.at("spec.webhook", message.into()));
    webhook.into_iter().collect()
}

/// The first that is set, in Flux's order.
pub(super) fn reference(spec: &NoteRepositorySpec) -> Result<Reference, GitError> {
    let Some(reference) = &spec.reference else { return Ok(Reference::Head) };
    let named = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    let exact = named(&reference.commit)
        .map(Reference::Commit)
        .or_else(|| named(&reference.name).map(Reference::Name));
    if let (None, Some(range)) = (&exact, named(&reference.semver)) {
        return range.parse().map(Reference::Semver);
    }
    Ok(exact
        .or_else(|| named(&reference.tag).map(Reference::Tag))
        .or_else(|| named(&reference.branch).map(Reference::Branch))
        .unwrap_or_default())
}

fn duration(field: &'static str, text: Option<&str>, faults: &mut Vec<Fault>) -> Option<Duration> {
    let text = text?;
    let parsed = text.parse::<jiff::SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    if parsed.is_none() {
        faults.push(Fault::new(field, format!("{text} is not a duration such as 5m or 1h30m")));
    }
    parsed
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
