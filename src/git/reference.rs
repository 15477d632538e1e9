//! What to fetch, and what it turned out to be.

use std::fmt;

use gix::protocol::handshake::Ref;

use super::GitError;

/// What to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reference {
    /// The branch that the remote's HEAD points to.
    #[default]
    Head,
    /// A branch by its short name.
    Branch(String),
    /// A tag by its short name, annotated or not.
    Tag(String),
    /// A reference by its full name, such as `refs/pull/42/head`.
    Name(String),
    /// A commit by its full SHA-1. The server must allow fetching it: those that are part of a branch
    /// or tag nearly always are.
    Commit(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("HEAD"),
            Self::Branch(name) => write!(f, "branch {name}"),
            Self::Tag(name) => write!(f, "tag {name}"),
            Self::Name(name) => write!(f, "reference {name}"),
            Self::Commit(commit) => write!(f, "commit {commit}"),
        }
    }
}

impl Reference {
    /// The full name at the remote. A commit has none: HEAD stands in for it where a remote is asked
    /// whether it lets us in.
    pub(super) fn full_name(&self) -> Result<String, GitError> {
        let name = match self {
            Self::Head | Self::Commit(_) => return Ok("HEAD".to_owned()),
            Self::Branch(name) => format!("refs/heads/{name}"),
            Self::Tag(name) => format!("refs/tags/{name}"),
            Self::Name(name) if name == "HEAD" || name.starts_with("refs/") => name.clone(),
            Self::Name(_) => {
                let why = "a full name starts with refs/, such as refs/heads/main";
                return Err(GitError::InvalidReference(why.to_owned()));
            }
        };
        match gix::validate::reference::name(name.as_str().into()) {
            Ok(_) => Ok(name),
            Err(_) => Err(GitError::InvalidReference(format!(
                "{} is not a valid name",
                super::error::one_line(&self.to_string())
            ))),
        }
    }

    /// The object to look for, where the reference is a commit.
    pub(super) fn commit(&self) -> Result<Option<gix::ObjectId>, GitError> {
        let Self::Commit(commit) = self else {
            return Ok(None);
        };
        match gix::ObjectId::from_hex(commit.as_bytes()) {
            Ok(id) if !id.is_null() => Ok(Some(id)),
            _ => Err(GitError::InvalidReference(
                "a commit is given by its full SHA-1, 40 hexadecimal digits".to_owned(),
            )),
        }
    }

    /// The revision that it is at a remote with these references.
    pub(super) fn find(&self, refs: &[Ref]) -> Result<Revision, GitError> {
        if let Some(id) = self.commit()? {
            return Ok(Revision { name: String::new(), commit: id.to_string() });
        }
        let wanted = self.full_name()?;
        let found = refs.iter().find(|candidate| full_name_of(candidate) == wanted.as_bytes());
        let (target, object) = match found {
            Some(Ref::Direct { object, .. } | Ref::Peeled { object, .. }) => (None, object),
            Some(Ref::Symbolic { target, object, .. }) => (Some(target.to_string()), object),
            Some(Ref::Unborn { .. }) => {
                let what = "commit yet that HEAD points to".to_owned();
                return Err(GitError::ReferenceNotFound(what));
            }
            None => return Err(GitError::ReferenceNotFound(self.to_string())),
        };
        Ok(Revision { name: self.shown(target), commit: object.to_string() })
    }

    /// The name that a revision is shown with; `target` is what a symbolic reference points to.
    pub(super) fn shown(&self, target: Option<String>) -> String {
        match self {
            Self::Head => match target {
                Some(target) => target.strip_prefix("refs/heads/").unwrap_or(&target).to_owned(),
                None => "HEAD".to_owned(),
            },
            Self::Branch(name) | Self::Tag(name) | Self::Name(name) => name.clone(),
            Self::Commit(_) => String::new(),
        }
    }
}

fn full_name_of(candidate: &Ref) -> &[u8] {
    match candidate {
        Ref::Peeled { full_ref_name, .. }
        | Ref::Direct { full_ref_name, .. }
        | Ref::Symbolic { full_ref_name, .. }
        | Ref::Unborn { full_ref_name, .. } => full_ref_name,
    }
}

/// A commit, and the name that it was found by. Shown as Flux does: `main@sha1:<commit>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision {
    /// Short name of the branch or tag (for HEAD, of the branch that it points to), or the full name
    /// that was asked for. Empty for a commit.
    pub name: String,
    /// The commit's SHA-1, 40 hexadecimal digits.
    pub commit: String,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            write!(f, "sha1:{}", self.commit)
        } else {
            write!(f, "{}@sha1:{}", self.name, self.commit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Reason;

    #[test]
    fn revisions_are_shown_as_flux_does() {
        let commit = "a".repeat(40);
        let named = Revision { name: "main".to_owned(), commit: commit.clone() };
        assert_eq!(named.to_string(), format!("main@sha1:{commit}"));
        let pinned = Revision { name: String::new(), commit: commit.clone() };
        assert_eq!(pinned.to_string(), format!("sha1:{commit}"));
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        for reference in [
            Reference::Branch("a b".to_owned()),
            Reference::Branch(String::new()),
            Reference::Branch("x:refs/heads/y".to_owned()),
            Reference::Tag("../../etc".to_owned()),
            Reference::Branch("*".to_owned()),
            Reference::Name("main".to_owned()),
        ] {
            let error = reference.full_name().unwrap_err();
            assert_eq!(error.reason(), Reason::InvalidReference, "{reference:?}");
            assert!(error.is_permanent());
        }
        for commit in ["abc", "zz", &"g".repeat(40), &"0".repeat(40)] {
            let error = Reference::Commit(commit.to_owned()).commit().unwrap_err();
            assert_eq!(error.reason(), Reason::InvalidReference, "{commit}");
        }
    }
}
