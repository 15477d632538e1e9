//! Where forges show, edit and log the file that a note is written in.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::api::{Link, NoteSource};

/// The service where notes are written together; its addresses end in the mode that a note is opened in.
const HACKMD: &str = "hackmd.io";
/// Digits of a commit's name in hex.
const COMMIT: [usize; 2] = [40, 64];

/// Where a note is written, for its readers.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct NoteOrigin {
    /// The lines that it was last changed at, in the revision that changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where it is edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_url: Option<String>,
    /// Where the history of the file is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_url: Option<String>,
    /// Path of the file in the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Name of the commit with which the note was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// When that was (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
}

impl NoteOrigin {
    /// What readers of a note that is written at `source` and has `links` can follow; none where that is
    /// nothing.
    pub(super) fn of(source: Option<&NoteSource>, links: &[Link]) -> Option<Self> {
        let written = source.and_then(Self::at_forge).unwrap_or_default();
        let together = || links.iter().find_map(|link| hackmd(&link.url));
        let edit_url = written.edit_url.clone().or_else(together);
        let origin = Self { edit_url, ..written };
        (origin != Self::default()).then_some(origin)
    }

    fn at_forge(source: &NoteSource) -> Option<Self> {
        let NoteSource { repository, path, branch, revision, line, changed_at } = source;
        let forge = Forge::of(repository)?;
        let is_commit = |name: &&String| {
            COMMIT.contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let (branch, revision) = (branch.as_deref(), revision.as_ref().filter(is_commit));
        Some(Self {
            url: forge.view(path, branch, revision.map(String::as_str), *line),
            edit_url: branch.and_then(|branch| forge.edit(path, branch)),
            history_url: forge.history(path, branch, revision.map(String::as_str)),
            path: Some(path.clone()),
            revision: revision.cloned(),
            changed_at: changed_at
                .as_ref()
                .filter(|at| at.parse::<jiff::Timestamp>().is_ok())
                .cloned(),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    GitHub,
    GitLab,
    /// And Forgejo.
    Gitea,
    Bitbucket,
}

/// Hosts, and first labels of hosts, by what runs there.
const HOSTS: [(&str, Kind); 5] = [
    ("github.com", Kind::GitHub),
    ("gitlab.com", Kind::GitLab),
    ("codeberg.org", Kind::Gitea),
    ("gitea.com", Kind::Gitea),
    ("bitbucket.org", Kind::Bitbucket),
];
const LABELS: [(&str, Kind); 4] = [
    ("github", Kind::GitHub),
    ("gitlab", Kind::GitLab),
    ("gitea", Kind::Gitea),
    ("forgejo", Kind::Gitea),
];

/// A repository at a forge whose addresses are known.
pub struct Forge {
    kind: Kind,
    project: Url,
}

impl Forge {
    /// The forge of the repository at this address; none where it is not https, or the host is not known.
    pub fn of(repository: &str) -> Option<Self> {
        let mut project = Url::parse(repository.trim()).ok()?;
        let host = project.host_str()?;
        let label = host.split_once('.').map_or("", |(label, _)| label);
        let known = HOSTS.iter().find(|(name, _)| *name == host);
        let known = known.or_else(|| LABELS.iter().find(|(name, _)| *name == label));
        let kind = known.map(|(_, kind)| *kind)?;
        let path = project.path().trim_matches('/').trim_end_matches(".git").to_owned();
        if project.scheme() != "https"
            || path.split('/').filter(|part| !part.is_empty()).count() < 2
        {
            return None;
        }
        // Of a URL with a host, neither can fail.
        let _ = (project.set_username(""), project.set_password(None));
        project.set_path(&path);
        project.set_query(None);
        project.set_fragment(None);
        Some(Self { kind, project })
    }

    /// The repository as a browser opens it, without credentials.
    pub fn address(&self) -> &str {
        self.project.as_str()
    }

    fn file(&self, between: &[&str], reference: &str, path: &str) -> Option<Url> {
        let is_plain = |part: &str| !matches!(part, "" | "." | "..");
        if !path.split('/').chain(reference.split('/')).all(is_plain) {
            return None;
        }
        let mut url = self.project.clone();
        url.path_segments_mut()
            .ok()?
            .extend(between)
            .extend(reference.split('/'))
            .extend(path.split('/'));
        Some(url)
    }

    /// Where a public forge shows the file at `path` as it is. The head of the repository is named and no
    /// commit, so that a push changes no note that it did not touch.
    pub fn raw(&self, path: &str) -> Option<String> {
        let between: &[&str] = match self.kind {
            Kind::GitHub if self.project.host_str() == Some("github.com") => &["raw"],
            Kind::GitLab => &["-", "raw"],
            _ => return None,
        };
        self.file(between, "HEAD", path).map(String::from)
    }

    fn view(
        &self,
        path: &str,
        branch: Option<&str>,
        revision: Option<&str>,
        line: Option<i32>,
    ) -> Option<String> {
        let reference = revision.or(branch)?;
        let between: &[&str] = match (self.kind, revision) {
            (Kind::GitHub, _) => &["blob"],
            (Kind::GitLab, _) => &["-", "blob"],
            (Kind::Gitea, Some(_)) => &["src", "commit"],
            (Kind::Gitea, None) => &["src", "branch"],
            (Kind::Bitbucket, _) => &["src"],
        };
        let mut url = self.file(between, reference, path)?;
        // Lines of Markdown are shown as it is written only.
        if let (Some(line), Some(_)) = (line.filter(|line| *line > 0), revision) {
            let (query, fragment) = match self.kind {
                Kind::GitHub | Kind::GitLab => (Some("plain=1"), format!("L{line}")),
                Kind::Gitea => (Some("display=source"), format!("L{line}")),
                Kind::Bitbucket => (None, format!("lines-{line}")),
            };
            url.set_query(query);
            url.set_fragment(Some(&fragment));
        }
        Some(url.into())
    }

    fn edit(&self, path: &str, branch: &str) -> Option<String> {
        let between: &[&str] = match self.kind {
            Kind::GitHub => &["edit"],
            Kind::GitLab => &["-", "edit"],
            Kind::Gitea => &["_edit"],
            Kind::Bitbucket => &["src"],
        };
        let mut url = self.file(between, branch, path)?;
        if self.kind == Kind::Bitbucket {
            url.query_pairs_mut().append_pair("mode", "edit").append_pair("at", branch);
        }
        Some(url.into())
    }

    fn history(&self, path: &str, branch: Option<&str>, revision: Option<&str>) -> Option<String> {
        let reference = branch.or(revision)?;
        let between: &[&str] = match (self.kind, branch) {
            (Kind::GitHub, _) => &["commits"],
            (Kind::GitLab, _) => &["-", "commits"],
            (Kind::Gitea, Some(_)) => &["commits", "branch"],
            (Kind::Gitea, None) => &["commits", "commit"],
            (Kind::Bitbucket, _) => &["history-node"],
        };
        self.file(between, reference, path).map(String::from)
    }
}

/// The editor of a note at HackMD that a link leads to.
fn hackmd(link: &str) -> Option<String> {
    let mut url = Url::parse(link.trim()).ok()?;
    if url.scheme() != "https" || url.host_str() != Some(HACKMD) || url.port().is_some() {
        return None;
    }
    let path = url.path().trim_matches('/').to_owned();
    let is_note = match path.split('/').collect::<Vec<_>>()[..] {
        [id] => id.len() > 15 && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
        [team, note] => team.starts_with('@') && !note.is_empty(),
        _ => false,
    };
    if !is_note {
        return None;
    }
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(Some("both"));
    url.set_fragment(None);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(repository: &str, change: impl FnOnce(&mut NoteSource)) -> Option<NoteOrigin> {
        let mut source = NoteSource {
            repository: repository.to_owned(),
            path: "2031/第一天.md".to_owned(),
            branch: Some("main".to_owned()),
            revision: Some("c0".repeat(20)),
            line: Some(12),
            changed_at: Some("2031-05-14T10:00:00Z".to_owned()),
        };
        change(&mut source);
        NoteOrigin::of(Some(&source), &[])
    }

    fn links(repository: &str) -> [String; 3] {
        let origin = origin(repository, |_| ()).unwrap();
        [origin.url, origin.edit_url, origin.history_url].map(|url| {
            url.unwrap()
                .replace(&"c0".repeat(20), "C")
                .replace("2031/%E7%AC%AC%E4%B8%80%E5%A4%A9.md", "F")
        })
    }

    #[test]
    fn each_forge_shows_edits_and_logs_a_file_at_its_own_addresses() {
        for (repository, expected) in [
            (
                "https://user:secret@github.com/harbor/notes.git",
                [
                    "https://github.com/harbor/notes/blob/C/F?plain=1#L12",
                    "https://github.com/harbor/notes/edit/main/F",
                    "https://github.com/harbor/notes/commits/main/F",
                ],
            ),
            (
                "https://gitlab.example.org:8443/team/sub/notes/",
                [
                    "https://gitlab.example.org:8443/team/sub/notes/-/blob/C/F?plain=1#L12",
                    "https://gitlab.example.org:8443/team/sub/notes/-/edit/main/F",
                    "https://gitlab.example.org:8443/team/sub/notes/-/commits/main/F",
                ],
            ),
            (
                "https://codeberg.org/harbor/notes?x#y",
                [
                    "https://codeberg.org/harbor/notes/src/commit/C/F?display=source#L12",
                    "https://codeberg.org/harbor/notes/_edit/main/F",
                    "https://codeberg.org/harbor/notes/commits/branch/main/F",
                ],
            ),
            (
                "https://bitbucket.org/harbor/notes",
                [
                    "https://bitbucket.org/harbor/notes/src/C/F#lines-12",
                    "https://bitbucket.org/harbor/notes/src/main/F?mode=edit&at=main",
                    "https://bitbucket.org/harbor/notes/history-node/main/F",
                ],
            ),
        ] {
            assert_eq!(links(repository), expected);
        }
    }

    #[test]
    fn forges_show_files_at_their_own_addresses() {
        let raw = |repository| Forge::of(repository)?.raw("圖/a b.png");
        assert_eq!(
            raw("https://user:secret@github.com/harbor/notes.git").as_deref(),
            Some("https://github.com/harbor/notes/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(
            raw("https://gitlab.example/harbor/notes").as_deref(),
            Some("https://gitlab.example/harbor/notes/-/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(raw("https://git.example/notes.git"), None);
        assert_eq!(raw("http://github.com/harbor/notes"), None);
        assert_eq!(raw("https://github.example/harbor/notes"), None);
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_is_no_known_forge() {
        for repository in [
            "http://github.com/harbor/notes",
            "javascript://github.com/%0aalert(1)/x",
            "https://git.example/harbor/notes",
            "https://notgithub.com/harbor/notes",
            "https://evil.example/github.com/notes",
            "git@github.com:harbor/notes.git",
            "https://github.com/harbor",
            "https://github.com",
            "",
        ] {
            assert_eq!(origin(repository, |_| ()), None, "{repository}");
        }
    }

    #[test]
    fn what_is_missing_or_odd_gives_no_link_or_another() {
        const AT: &str = "https://github.com/harbor/notes";
        let no_branch = origin(AT, |source| source.branch = None).unwrap();
        assert_eq!(no_branch.edit_url, None);
        assert!(no_branch.history_url.unwrap().contains("/commits/c0c0"));
        let no_revision = origin(AT, |source| source.revision = Some("main?x".to_owned())).unwrap();
        assert_eq!(no_revision.revision, None);
        assert!(
            no_revision.url.unwrap().ends_with("/blob/main/2031/%E7%AC%AC%E4%B8%80%E5%A4%A9.md")
        );
        for path in ["../../../settings", "a//b.md", "", "a/./b"] {
            let odd = origin(AT, |source| source.path = path.to_owned()).unwrap();
            assert_eq!((odd.url, odd.edit_url, odd.history_url), (None, None, None), "{path}");
        }
        let encoded = origin(AT, |source| source.path = "a?b#c%2e.md".to_owned()).unwrap();
        assert!(encoded.edit_url.unwrap().ends_with("/edit/main/a%3Fb%23c%252e.md"));
        let branch = origin(AT, |source| source.branch = Some("days/one".to_owned())).unwrap();
        assert!(branch.edit_url.unwrap().contains("/edit/days/one/"));
        let time = origin(AT, |source| source.changed_at = Some("<b>".to_owned())).unwrap();
        assert_eq!(time.changed_at, None);
    }

    #[test]
    fn a_note_at_hackmd_is_edited_there() {
        let edit = |url: &str| {
            let link = Link { url: url.to_owned(), ..Link::default() };
            NoteOrigin::of(None, &[link]).and_then(|origin| origin.edit_url)
        };
        assert_eq!(
            edit("https://hackmd.io/@harbor/tides?view#共筆").as_deref(),
            Some("https://hackmd.io/@harbor/tides?both")
        );
        assert!(edit("https://hackmd.io/c0ffeec0ffeec0ffee42").is_some());
        for other in [
            "https://hackmd.io/",
            "https://hackmd.io/pricing",
            "https://hackmd.io/@harbor",
            "http://hackmd.io/@harbor/tides",
            "https://hackmd.io.example/@harbor/tides",
            "https://slides.example/@harbor/tides",
        ] {
            assert_eq!(edit(other), None, "{other}");
        }
    }
}
