//! What the forge is told about the commit that was tried last.

use std::sync::Arc;

use kube::runtime::events::EventType;
use url::Url;

use super::{Applied, Progress, access};
use crate::api::{CommitStatus, ForgeProvider, NoteRepository, NoteRepositoryStatus, Severity};
use crate::controller::remotes::commit_statuses::Delivery;
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::report;
use crate::controller::state::memory::{key, quick_hash};
use crate::git::Remote;
use crate::notify::{self, Failure, Forge, ForgeKind, Report, State};

/// Has the forge told, where the spec wants it and there is something to tell.
pub(super) fn tell(
    repository: &Arc<NoteRepository>,
    status: &NoteRepositoryStatus,
    progress: &Progress,
    result: &Result<Option<Applied>, Error>,
    ctx: &Arc<Context>,
) {
    let Some(wanted) = &repository.spec.commit_status else { return };
    let Some(report) = report(repository, wanted, status, progress, result) else { return };
    let (namespace, name) = repository.address();
    let digest = quick_hash(&(&report, repository.metadata.generation));
    let delivery =
        Told { repository: repository.clone(), wanted: wanted.clone(), report, ctx: ctx.clone() };
    let of = key(NoteRepository::NAME, &namespace, &name);
    ctx.remotes.commit_statuses().tell(of, digest, delivery);
}

/// What there is to tell. Nothing of what may pass by itself: the next visit knows more.
fn report(
    repository: &NoteRepository,
    wanted: &CommitStatus,
    status: &NoteRepositoryStatus,
    progress: &Progress,
    result: &Result<Option<Applied>, Error>,
) -> Option<Report> {
    let commit = progress.attempted.as_ref()?.commit.clone();
    let (state, description) = match result {
        Ok(Some(_)) => published(status),
        Err(error) if !error.may_pass() => (State::Failure, format!("Not published: {error}")),
        Ok(None) | Err(_) => return None,
    };
    let (namespace, name) = repository.address();
    let summit = progress.summary.as_ref().and_then(|summary| summary.only_summit.clone());
    let target = wanted.viewer_url.as_deref().and_then(|base| page(base, &namespace, summit));
    let context = format!("talknotes/{namespace}/{name}");
    Some(Report { commit, state, description, target, context })
}

fn published(status: &NoteRepositoryStatus) -> (State, String) {
    let many =
        |number: i32, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let notes = status.notes.unwrap_or_default() - status.drafts.unwrap_or_default();
    let said = format!("{} published", many(notes, "note"));
    let errors = status.errors.unwrap_or_default();
    let first = status.diagnostics.iter().find(|found| found.severity == Severity::Error);
    match first {
        Some(first) if errors > 0 => {
            let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
            let words = format!(
                "{said}, {}. {}{line}: {} ({})",
                many(errors, "error"),
                first.path,
                first.message,
                first.code
            );
            (State::Failure, words)
        }
        _ => (State::Success, said),
    }
}

/// The page of the summit, or the first page where there are several.
fn page(base: &str, namespace: &str, summit: Option<String>) -> Option<Url> {
    let mut url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    if let Some(summit) = summit {
        url.path_segments_mut().ok()?.pop_if_empty().extend([namespace, &summit]);
    }
    Some(url)
}

/// A report with all that delivering it needs. The Secret is read when it is needed.
struct Told {
    repository: Arc<NoteRepository>,
    wanted: CommitStatus,
    report: Report,
    ctx: Arc<Context>,
}

impl Delivery for Told {
    async fn attempt(&self) -> Result<(), Failure> {
        let forge = self.forge().map_err(Failure::Refused)?;
        let (namespace, _) = self.repository.address();
        let secret = &self.wanted.secret_ref.name;
        let pass = access::commit_status(&namespace, secret, &self.ctx).await;
        let (token, authority) = pass.map_err(|error| match error.may_pass() {
            true => Failure::Later(error.to_string(), None),
            false => Failure::Refused(error.to_string()),
        })?;
        let client = notify::client(authority.as_deref()).map_err(Failure::Refused)?;
        let sent = notify::send(&client, &forge, &token, &self.report).await;
        self.ctx.metrics.commit_status(if sent.is_ok() { "success" } else { "failure" });
        sent
    }

    async fn failed(&self, why: &str) {
        let (namespace, name) = self.repository.address();
        tracing::warn!(%namespace, %name, why, "the forge could not be told of a commit");
        let note = format!("spec.commitStatus: the forge could not be told: {why}");
        let (kind, reason) = (EventType::Warning, "CommitStatusFailed");
        report::event(self.repository.as_ref(), kind, reason, &note, &self.ctx).await;
    }
}

impl Told {
    fn forge(&self) -> Result<Forge, String> {
        // Only where it is counts here, and not whether it may be visited.
        let project = Remote::project_of(&self.repository.spec.url)
            .ok_or("spec.url names no repository at a forge")?;
        let kind = self.wanted.provider.map(|provider| match provider {
            ForgeProvider::GitHub => ForgeKind::GitHub,
            ForgeProvider::GitLab => ForgeKind::GitLab,
            ForgeProvider::Gitea => ForgeKind::Gitea,
        });
        Forge::new(&project.0, &project.1, kind, self.wanted.api_url.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Diagnostic;

    #[test]
    fn the_first_error_is_told_with_its_place() {
        let mut status =
            NoteRepositoryStatus { notes: Some(3), drafts: Some(1), ..Default::default() };
        assert_eq!(published(&status), (State::Success, "2 notes published".to_owned()));
        status.errors = Some(1);
        status.diagnostics = vec![Diagnostic {
            path: "a.md".to_owned(),
            line: Some(12),
            column: None,
            severity: Severity::Error,
            code: "TN1001".to_owned(),
            message: "the talk has no title".to_owned(),
        }];
        let expected = "2 notes published, 1 error. a.md:12: the talk has no title (TN1001)";
        assert_eq!(published(&status), (State::Failure, expected.to_owned()));
    }

    #[test]
    fn a_state_links_to_the_summit_or_to_the_first_page() {
        let page = |base: &str, summit: Option<&str>| {
            page(base, "team", summit.map(str::to_owned)).map(|url| url.to_string())
        };
        let of = "https://notes.example/base/team/moon-2031";
        assert_eq!(page("https://notes.example/base/", Some("moon-2031")).as_deref(), Some(of));
        assert_eq!(page("https://notes.example", None).as_deref(), Some("https://notes.example/"));
        assert_eq!(page("javascript:alert(1)", Some("x")), None);
    }
}
