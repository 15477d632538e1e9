//! What a report says, in the words of each forge. Pure.

use axum::http::HeaderMap;
use serde_json::Value;

use super::changes;
use crate::git::{BRANCHES, Reference, TAGS};

/// What happened at the git server.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It asks whether anybody is there.
    Ping,
    /// References changed.
    Push(Push),
    /// Something that changes no reference.
    Other(String),
}

/// Which references changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Push {
    /// Their full names; empty where the report does not say.
    refs: Vec<String>,
    /// Short name of the branch that HEAD names, where the report says it.
    default_branch: Option<String>,
    /// The paths that changed, where the report says all of them.
    paths: Option<Vec<String>>,
    /// Whether it says which commit a reference is now. Two reports of one such change are the same.
    names_a_commit: bool,
}

/// Reads a report whose signature was checked.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Event {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Gitea and Forgejo send GitHub's header beside their own.
    let github = ["x-github-event", "x-gitea-event", "x-forgejo-event", "x-gogs-event"];
    let kind = github.into_iter().find_map(text);
    let kind = kind.or_else(|| text("x-gitlab-event")).or_else(|| text("x-event-key"));
    match kind {
        Some("ping" | "diagnostics:ping") => Event::Ping,
        None
        | Some(
            "push" | "Push Hook" | "Tag Push Hook" | "System Hook" | "repo:push"
            | "repo:refs_changed",
        ) => Event::Push(Push::read(body)),
        Some(other) => Event::Other(other.chars().filter(|c| !c.is_control()).take(64).collect()),
    }
}

impl Push {
    /// What cannot be read says nothing, and the remote is asked then.
    fn read(body: &[u8]) -> Self {
        let Ok(report) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        let text = |pointer| report.pointer(pointer).and_then(Value::as_str);
        let default_branch = ["/repository/default_branch", "/project/default_branch"];
        let list =
            |pointer| report.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let of_cloud = list("/push/changes").filter_map(bitbucket_cloud);
        let of_server = list("/changes")
            .filter_map(|change| change.pointer("/ref/id")?.as_str().map(str::to_owned));
        let refs = text("/ref").map(str::to_owned).into_iter().chain(of_cloud).chain(of_server);
        Self {
            refs: refs.filter(|name| name.starts_with("refs/")).collect(),
            default_branch: default_branch.iter().find_map(|at| text(at)).map(str::to_owned),
            paths: changes::paths(&report),
            names_a_commit: changes::names_a_commit(&report),
        }
    }

    /// Whether a path that `is_meant` may have changed.
    pub(super) fn touches(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.iter().any(|path| is_meant(path)))
    }

    /// Whether there is one report of this and no more.
    pub(super) fn is_unique(&self) -> bool {
        self.names_a_commit
    }

    /// Whether `reference` may be another revision now.
    pub(super) fn concerns(&self, reference: &Reference) -> bool {
        if let Reference::Commit(_) = reference {
            return false;
        }
        let below = |folder: &str, name: &str| {
            self.refs.iter().any(|changed| changed.strip_prefix(folder) == Some(name))
        };
        let any_below = |folder: &str| self.refs.iter().any(|name| name.starts_with(folder));
        self.refs.is_empty()
            || match reference {
                Reference::Head => match &self.default_branch {
                    Some(branch) => below(BRANCHES, branch),
                    None => any_below(BRANCHES),
                },
                Reference::Branch(name) => below(BRANCHES, name),
                Reference::Tag(name) => below(TAGS, name),
                Reference::Semver(_) => any_below(TAGS),
                Reference::Name(name) => name == "HEAD" || below("", name),
                Reference::Commit(_) => false,
            }
    }
}

/// A branch that was deleted has no `new`.
fn bitbucket_cloud(change: &Value) -> Option<String> {
    let side =
        ["/new", "/old"].iter().find_map(|side| change.pointer(side).filter(|v| v.is_object()));
    let text = |key| side?.get(key)?.as_str();
    match text("type")? {
        "tag" | "annotated_tag" => Some(format!("{TAGS}{}", text("name")?)),
        _ => Some(format!("{BRANCHES}{}", text("name")?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn event(name: &str, value: &str, body: &str) -> Event {
        let mut headers = HeaderMap::new();
        if !name.is_empty() {
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        read(&headers, body.as_bytes())
    }

    fn push(name: &str, value: &str, body: &str) -> Push {
        match event(name, value, body) {
            Event::Push(push) => push,
            other => panic!("{name} {value}: {other:?}"),
        }
    }

    fn branch(name: &str) -> Reference {
        Reference::Branch(name.to_owned())
    }

    #[test]
    fn each_forge_says_what_was_pushed() {
        let github = r#"{"ref":"refs/heads/main","repository":{"default_branch":"main"}}"#;
        let gitlab = r#"{"ref":"refs/heads/main","project":{"default_branch":"main"}}"#;
        let cloud = r#"{"push":{"changes":[{"new":{"type":"branch","name":"main"},"old":null}]}}"#;
        let gone = r#"{"push":{"changes":[{"new":null,"old":{"type":"branch","name":"main"}}]}}"#;
        let server = r#"{"changes":[{"ref":{"id":"refs/heads/main","type":"BRANCH"}}]}"#;
        for (name, value, body) in [
            ("X-GitHub-Event", "push", github),
            ("X-Gitea-Event", "push", github),
            ("X-Forgejo-Event", "push", github),
            ("X-Gitlab-Event", "Push Hook", gitlab),
            ("X-Event-Key", "repo:push", cloud),
            ("X-Event-Key", "repo:push", gone),
            ("X-Event-Key", "repo:refs_changed", server),
            ("", "", github),
        ] {
            let push = push(name, value, body);
            assert!(push.concerns(&branch("main")), "{name}");
            assert!(push.concerns(&Reference::Head), "{name}");
            assert!(!push.concerns(&branch("other")), "{name}");
            assert!(!push.concerns(&Reference::Tag("main".to_owned())), "{name}");
            assert!(!push.concerns(&Reference::Semver("*".parse().unwrap())), "{name}");
            assert!(!push.concerns(&Reference::Commit("a".repeat(40))), "{name}");
            assert!(push.concerns(&Reference::Name("refs/heads/main".to_owned())), "{name}");
        }
    }

    #[test]
    fn tags_are_for_those_who_follow_tags() {
        let body = r#"{"ref":"refs/tags/v1.2.0"}"#;
        let push = push("X-Gitlab-Event", "Tag Push Hook", body);
        assert!(push.concerns(&Reference::Semver("1.x".parse().unwrap())));
        assert!(push.concerns(&Reference::Tag("v1.2.0".to_owned())));
        assert!(!push.concerns(&Reference::Head));
    }

    #[test]
    fn another_branch_than_the_default_one_is_nothing_for_head() {
        let body = r#"{"ref":"refs/heads/draft","repository":{"default_branch":"main"}}"#;
        assert!(!push("X-GitHub-Event", "push", body).concerns(&Reference::Head));
        let silent = r#"{"ref":"refs/heads/draft"}"#;
        assert!(push("X-GitHub-Event", "push", silent).concerns(&Reference::Head));
    }

    #[test]
    fn what_cannot_be_read_is_a_push_of_anything() {
        for body in ["", "payload=%7B%7D", "[1]", r#"{"ref":7,"changes":"x","push":[]}"#] {
            assert!(push("X-GitHub-Event", "push", body).concerns(&branch("main")), "{body}");
        }
    }

    #[test]
    fn other_events_change_no_reference() {
        assert_eq!(event("X-GitHub-Event", "ping", "{}"), Event::Ping);
        assert_eq!(event("X-Event-Key", "diagnostics:ping", "{}"), Event::Ping);
        assert_eq!(event("X-GitHub-Event", "issues", "{}"), Event::Other("issues".to_owned()));
        assert!(matches!(event("X-Gitlab-Event", "Note Hook", "{}"), Event::Other(_)));
    }

    /// Bodies are signed, and still not to be trusted: whoever has one token must not stop the process.
    #[test]
    fn bodies_of_any_kind_are_read_or_count_as_a_push_of_anything() {
        const BODIES: [&str; 4] = [
            r#"{"ref":"refs/heads/main","after":"c0","forced":false,"created":false,"deleted":false,
                "commits":[{"added":["a"],"modified":[],"removed":["b/c"]}]}"#,
            r#"{"push":{"changes":[{"new":{"type":"tag","name":"v1"},"old":null}]}}"#,
            r#"{"changes":[{"ref":{"id":"refs/heads/main"},"toHash":"c0"}]}"#,
            r#"{"ref":"refs/tags/v1","project":{"default_branch":"main"}}"#,
        ];
        const PARTS: [&str; 9] =
            ["null", "[]", "{}", "\"\\u0000\"", "1e999", "-1", "[[[[", "true", "\u{feff}"];
        let mut random = fastrand::Rng::with_seed(31);
        for round in 0..20_000 {
            let mut body = BODIES[round % BODIES.len()].as_bytes().to_vec();
            for _ in 0..random.usize(1..4) {
                let (from, to) = (random.usize(..body.len()), random.usize(..body.len()));
                let part = PARTS[random.usize(..PARTS.len())].bytes();
                match random.u8(..4) {
                    0 => body[from] = random.u8(..),
                    1 => drop(body.splice(from.min(to)..from.max(to), part)),
                    2 => drop(body.splice(from..from, part)),
                    _ => body.truncate(from.max(1)),
                }
            }
            let push = Push::read(&body);
            assert!(!push.concerns(&Reference::Commit("a".repeat(40))));
            if serde_json::from_slice::<Value>(&body).is_err() {
                assert!(push.concerns(&branch("main")) && push.touches(|_| false));
                assert!(!push.is_unique());
            }
        }
    }
}
