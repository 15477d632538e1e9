//! What a repository has in place of a reference that it lacks, in words.

use std::collections::BTreeSet;

use super::reference::{BRANCHES, TAGS, is_name};
use super::{GitError, Reference};

/// Most names that a message has.
const MOST_NAMED: usize = 5;
/// Names that are less alike than this are no slip of each other.
const ALIKE: f64 = 0.5;

/// What to do.
const CHECK: &str = "check the name, or push it";
/// Where the names are that [`explain`] wants to see.
pub(super) const LISTED: [&str; 2] = [BRANCHES, TAGS];

/// Why the repository lacks `reference`, given the full names of its branches and tags. `target` is
/// what its HEAD points to, where that is known.
pub(super) fn explain(
    reference: &Reference,
    target: Option<&str>,
    names: impl Iterator<Item = String>,
) -> GitError {
    let names: BTreeSet<String> = names.filter(|name| is_name(name)).collect();
    let below = |folder: &str| -> Vec<&str> {
        names.iter().filter_map(|name| name.strip_prefix(folder)).collect()
    };
    let (branches, tags) = (below(BRANCHES), below(TAGS));
    if branches.is_empty() && tags.is_empty() {
        return match reference {
            Reference::Name(_) => GitError::ReferenceNotFound(format!("{reference}: {CHECK}")),
            _ => GitError::Empty,
        };
    }
    match reference {
        Reference::Head => GitError::HeadDangling(dangling(target, &branches, &tags)),
        Reference::Branch(name) => lacks(reference, name, &branches, ("tag", &tags)),
        Reference::Tag(name) => lacks(reference, name, &tags, ("branch", &branches)),
        Reference::Semver(range) => {
            let text = match tags.as_slice() {
                [] => format!("{reference}: push a tag such as v1.0.0"),
                tags => format!(
                    "{reference}; there are: {}. Check the range, or push a tag",
                    some(tags, &range.to_string())
                ),
            };
            GitError::ReferenceNotFound(text)
        }
        Reference::Name(_) | Reference::Commit(_) => {
            GitError::ReferenceNotFound(format!("{reference}: {CHECK}"))
        }
    }
}

fn dangling(target: Option<&str>, branches: &[&str], tags: &[&str]) -> String {
    let named = match target.filter(|target| is_name(target)) {
        Some(target) => format!("the branch {}", target.strip_prefix(BRANCHES).unwrap_or(target)),
        None => "a branch".to_owned(),
    };
    if branches.is_empty() {
        let tags = some(tags, "");
        return format!(
            "{named}, which does not exist; there are no branches, but tags: {tags}. Set spec.ref.tag, \
             or push a branch"
        );
    }
    let wanted = target.and_then(|target| target.strip_prefix(BRANCHES)).unwrap_or("main");
    let there = some(branches, wanted);
    format!("{named}, which does not exist; there are: {there}. Set spec.ref.branch (`--branch`)")
}

fn lacks(
    reference: &Reference,
    name: &str,
    same: &[&str],
    (other_kind, others): (&str, &[&str]),
) -> GitError {
    if others.contains(&name) {
        let text = format!(
            "{reference}, but a {other_kind} of that name: set spec.ref.{other_kind} in its place"
        );
        return GitError::ReferenceNotFound(text);
    }
    let text = match same {
        [] => format!("{reference}: {CHECK}"),
        same => format!("{reference}; there are: {}. Check the name, or push it", some(same, name)),
    };
    GitError::ReferenceNotFound(text)
}

/// The names that are most like `wanted`, and how many more there are.
fn some(names: &[&str], wanted: &str) -> String {
    let mut sorted: Vec<&str> = names.to_vec();
    let likeness = |name: &str| {
        let likeness = strsim::jaro_winkler(&name.to_lowercase(), &wanted.to_lowercase());
        if likeness < ALIKE { 0.0 } else { likeness }
    };
    sorted.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)).then(a.cmp(b)));
    let more = sorted.len().saturating_sub(MOST_NAMED);
    sorted.truncate(MOST_NAMED);
    let named = sorted.join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reference: &Reference, target: Option<&str>, names: &[&str]) -> String {
        explain(reference, target, names.iter().map(|&name| name.to_owned())).to_string()
    }

    #[test]
    fn a_head_without_its_branch_tells_which_there_are() {
        let head = |target, names: &[&str]| told(&Reference::Head, target, names);
        assert_eq!(
            head(Some("refs/heads/main"), &["refs/heads/quay", "refs/tags/v1"]),
            "HEAD of the repository names the branch main, which does not exist; there are: quay. \
             Set spec.ref.branch (`--branch`)"
        );
        let unknown = head(None, &["refs/heads/quay"]);
        assert!(unknown.contains("names a branch, which does not exist"), "{unknown}");
        let tags = head(None, &["refs/tags/v1"]);
        assert!(tags.contains("v1") && tags.contains("spec.ref.tag"), "{tags}");
        assert!(head(Some("refs/heads/main"), &[]).contains("is empty"));
        assert!(head(None, &["refs/pull/1/head"]).contains("is empty"));
    }

    #[test]
    fn what_is_meant_stands_first_and_the_rest_is_counted() {
        let names: Vec<String> = (0..40).map(|n| format!("refs/heads/berth-{n:02}")).collect();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.push("refs/heads/Master");
        let text = told(&Reference::Branch("master".to_owned()), None, &names);
        assert!(text.contains("there are: Master, ") && text.contains("and 36 more"), "{text}");
    }

    #[test]
    fn a_tag_that_is_a_branch_is_told() {
        let text = told(&Reference::Tag("next".to_owned()), None, &["refs/heads/next"]);
        assert!(
            text.contains("a branch of that name") && text.contains("spec.ref.branch"),
            "{text}"
        );
        let text = told(&Reference::Branch("v1".to_owned()), None, &["refs/tags/v1"]);
        assert!(text.contains("a tag of that name") && text.contains("spec.ref.tag"), "{text}");
    }

    #[test]
    fn names_that_git_forbids_are_not_repeated() {
        let odd = "refs/heads/a\u{1b}[31m";
        let text = told(&Reference::Head, Some(odd), &[odd, "refs/heads/quay"]);
        assert!(!text.contains('\u{1b}') && text.contains("quay"), "{text}");
    }
}
