//! What is told about a commit, in the words of each forge. Pure.

use serde_json::{Value, json};
use url::Url;

use super::ForgeKind;

/// Longest description, in characters: GitHub takes no more.
const LONGEST: usize = 140;

/// How it is with the notes of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// All is published.
    Success,
    /// Something is not published, or not as it was meant.
    Failure,
}

/// What is told about a commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Full name of the commit.
    pub commit: String,
    /// How it is.
    pub state: State,
    /// The same in words.
    pub description: String,
    /// Where to look.
    pub target: Option<Url>,
    /// Who says so: each reporter has one state of a commit.
    pub context: String,
}

impl Report {
    /// What is sent.
    pub(super) fn body(&self, kind: ForgeKind) -> Value {
        let state = match (self.state, kind) {
            (State::Success, _) => "success",
            (State::Failure, ForgeKind::GitLab) => "failed",
            (State::Failure, _) => "failure",
        };
        let name = if kind == ForgeKind::GitLab { "name" } else { "context" };
        let mut body = json!({ "state": state, "description": self.shown(), name: self.context });
        if let (Some(target), Some(fields)) = (&self.target, body.as_object_mut()) {
            fields.insert("target_url".to_owned(), json!(target.as_str()));
        }
        body
    }

    fn shown(&self) -> String {
        let line: String =
            self.description.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if line.chars().count() <= LONGEST {
            return line;
        }
        line.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_is_told_in_its_words_and_within_its_limits() {
        let report = Report {
            commit: "c0".to_owned(),
            state: State::Failure,
            description: format!("a\nb{}", "講".repeat(200)),
            target: Url::parse("https://notes.example/a/b").ok(),
            context: "talknotes/a/b".to_owned(),
        };
        let github = report.body(ForgeKind::GitHub);
        assert_eq!(
            (&github["state"], &github["context"]),
            (&json!("failure"), &json!("talknotes/a/b"))
        );
        assert_eq!(github["target_url"], "https://notes.example/a/b");
        let description = github["description"].as_str().unwrap();
        assert_eq!(description.chars().count(), 140);
        assert!(description.starts_with("a b講") && description.ends_with('…'));
        let gitlab = report.body(ForgeKind::GitLab);
        assert_eq!(
            (&gitlab["state"], &gitlab["name"]),
            (&json!("failed"), &json!("talknotes/a/b"))
        );
        assert!(gitlab.get("context").is_none());
        assert_eq!(report.body(ForgeKind::Gitea)["state"], "failure");
    }
}
