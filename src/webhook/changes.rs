//! Which paths a report says to have changed, where it says all of them. Pure.

use serde_json::Value;

/// What a commit of a report did with paths.
const LISTS: [&str; 3] = ["added", "modified", "removed"];
/// Reports with as many commits as this may have left out some.
const MANY: usize = 1000;

/// The paths that a push changed; none where the report does not say all of them. Then anything may have
/// changed. GitHub says it: only there is a push that takes commits away told from one that adds some.
pub(super) fn paths(report: &Value) -> Option<Vec<String>> {
    let is = |field: &str| report.get(field).and_then(Value::as_bool);
    if is("forced") != Some(false) || is("created") != Some(false) || is("deleted") != Some(false) {
        return None;
    }
    let commits = report.get("commits")?.as_array()?;
    if commits.is_empty() || commits.len() >= MANY {
        return None;
    }
    let mut paths = Vec::new();
    for commit in commits {
        let before = paths.len();
        for list in LISTS {
            for path in commit.get(list)?.as_array()? {
                paths.push(path.as_str()?.to_owned());
            }
        }
        // A merge, or one that changes too much to be told.
        if paths.len() == before {
            return None;
        }
    }
    Some(paths)
}

/// The commit that a report says a reference is now.
pub(super) fn names_a_commit(report: &Value) -> bool {
    let places = ["/after", "/push/changes/0/new/target/hash", "/changes/0/toHash"];
    places.iter().any(|place| report.pointer(place).is_some_and(Value::is_string))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn push() -> Value {
        json!({
            "forced": false, "created": false, "deleted": false, "after": "c0",
            "commits": [
                { "added": ["src/a.rs"], "modified": [], "removed": [] },
                { "added": [], "modified": ["src/b.rs"], "removed": ["c"] },
            ],
        })
    }

    #[test]
    fn a_push_that_only_adds_commits_says_what_it_changed() {
        assert_eq!(paths(&push()).unwrap(), ["src/a.rs", "src/b.rs", "c"]);
    }

    #[test]
    fn whatever_is_not_said_may_have_changed() {
        let with = |pointer: &str, value: Value| {
            let mut push = push();
            *push.pointer_mut(pointer).unwrap() = value;
            paths(&push)
        };
        assert_eq!(with("/forced", json!(true)), None);
        assert_eq!(with("/created", json!(true)), None);
        assert_eq!(with("/deleted", json!("no")), None);
        assert_eq!(with("/commits", json!([])), None);
        assert_eq!(with("/commits/0", json!({ "added": [], "modified": [], "removed": [] })), None);
        assert_eq!(with("/commits/0/added", json!([7])), None);
        assert_eq!(with("/commits/0/added", json!(null)), None);
        let many = vec![json!({ "added": ["a"], "modified": [], "removed": [] }); MANY];
        assert_eq!(with("/commits", json!(many)), None);
        // GitLab and Gitea do not say whether commits went.
        assert_eq!(paths(&json!({ "commits": push()["commits"] })), None);
    }
}
