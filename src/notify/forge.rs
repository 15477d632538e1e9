//! Which forge a repository is at, and where its API is. Pure.

use url::Url;

/// The kinds of forges whose APIs are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForgeKind {
    /// GitHub, and GitHub Enterprise Server.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea and Forgejo.
    Gitea,
}

/// Parts of the names of servers that tell what they are.
const KNOWN: [(&str, ForgeKind); 5] = [
    ("github", ForgeKind::GitHub),
    ("gitlab", ForgeKind::GitLab),
    ("gitea", ForgeKind::Gitea),
    ("forgejo", ForgeKind::Gitea),
    ("codeberg.org", ForgeKind::Gitea),
];

/// A repository at a forge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Forge {
    /// What it is.
    pub kind: ForgeKind,
    api: Url,
    project: String,
}

impl Forge {
    /// The repository `project` (`team/notes`) at the web server `origin`. What it is, is found by its name
    /// where `kind` is none; `api` is where its API is in place of the usual.
    ///
    /// # Errors
    /// What is to be written into the spec.
    pub fn new(
        origin: &str,
        project: &str,
        kind: Option<ForgeKind>,
        api: Option<&str>,
    ) -> Result<Self, String> {
        let server = Url::parse(origin).ok();
        let host = server.as_ref().and_then(Url::host_str).unwrap_or_default();
        let known = KNOWN.iter().find(|(part, _)| host.contains(part)).map(|(_, kind)| *kind);
        let kind = kind.or(known).ok_or_else(|| {
            format!(
                "what {host} is cannot be told by its name: set provider to GitHub, GitLab or Gitea"
            )
        })?;
        let given = match api {
            Some(api) => Url::parse(api).ok(),
            None => server.clone().map(|server| usual(kind, server)),
        };
        // The token goes there.
        let api = given.filter(|api| {
            let is_plain = api.username().is_empty() && api.password().is_none();
            api.scheme() == "https" && api.host_str().is_some() && is_plain
        });
        let api = api.ok_or(
            "the address of the forge's API has to begin with https:// and hold no credentials: set apiURL",
        )?;
        if project.is_empty() {
            return Err("the address of the repository names none".to_owned());
        }
        Ok(Self { kind, api, project: project.to_owned() })
    }

    /// Where the states of `commit` are.
    pub(super) fn states(&self, commit: &str) -> Option<Url> {
        let mut url = self.api.clone();
        let mut parts = url.path_segments_mut().ok()?;
        parts.pop_if_empty();
        match self.kind {
            // One part, with its slashes encoded.
            ForgeKind::GitLab => parts.extend(["projects", &self.project, "statuses", commit]),
            ForgeKind::GitHub | ForgeKind::Gitea => {
                parts.push("repos").extend(self.project.split('/')).extend(["statuses", commit])
            }
        };
        drop(parts);
        Some(url)
    }
}

fn usual(kind: ForgeKind, mut server: Url) -> Url {
    let path = match kind {
        ForgeKind::GitHub if server.host_str() == Some("github.com") => {
            // A host that is well-formed cannot fail.
            let _ = server.set_host(Some("api.github.com"));
            ""
        }
        ForgeKind::GitHub => "/api/v3",
        ForgeKind::GitLab => "/api/v4",
        ForgeKind::Gitea => "/api/v1",
    };
    server.set_path(path);
    server
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forges_are_known_by_their_names_and_have_their_states_at_their_own_addresses() {
        for (origin, project, expected) in [
            (
                "https://github.com",
                "team/notes",
                "https://api.github.com/repos/team/notes/statuses/c0",
            ),
            (
                "https://github.example",
                "team/notes",
                "https://github.example/api/v3/repos/team/notes/statuses/c0",
            ),
            (
                "https://gitlab.example:8443",
                "a/b/notes",
                "https://gitlab.example:8443/api/v4/projects/a%2Fb%2Fnotes/statuses/c0",
            ),
            ("https://codeberg.org", "a/n", "https://codeberg.org/api/v1/repos/a/n/statuses/c0"),
        ] {
            let forge = Forge::new(origin, project, None, None).unwrap();
            assert_eq!(forge.states("c0").unwrap().as_str(), expected);
        }
        let named = Forge::new("https://git.example", "a/n", Some(ForgeKind::Gitea), None).unwrap();
        assert!(named.states("c0").unwrap().as_str().starts_with("https://git.example/api/v1/"));
        let api = Some("https://api.example/base/");
        let given = Forge::new("http://git.example", "a/n", Some(ForgeKind::GitHub), api).unwrap();
        let expected = "https://api.example/base/repos/a/n/statuses/c0";
        assert_eq!(given.states("c0").unwrap().as_str(), expected);
    }

    #[test]
    fn a_token_goes_nowhere_without_encryption() {
        let kind = Some(ForgeKind::Gitea);
        assert!(
            Forge::new("https://git.example", "a/n", None, None).unwrap_err().contains("provider")
        );
        assert!(Forge::new("http://git.example", "a/n", kind, None).is_err());
        for api in ["http://api.example", "https://a:hunter2@api.example", "nonsense"] {
            let error = Forge::new("https://git.example", "a/n", kind, Some(api)).unwrap_err();
            assert!(error.contains("apiURL") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn names_that_are_hostile_stay_parts_of_the_path() {
        let forge = Forge::new("https://github.com", "../x?y#z/n", None, None).unwrap();
        let url = forge.states("c0").unwrap();
        assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
        assert!(url.path().starts_with("/repos/"), "{url}");
    }
}
