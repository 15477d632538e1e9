//! What to fetch, and what it turned out to be.

use std::fmt;

use gix::protocol::handshake::Ref;

use super::{GitError, VersionRange};

/// Longest full name of a reference, in bytes.
const LONGEST: usize = 300;
/// Hexadecimal digits of a SHA-1.
const SHA1_DIGITS: usize = 40;
/// Folder of branches.
pub const BRANCHES: &str = "refs/heads/";
/// Folder of tags.
pub const TAGS: &str = "refs/tags/";

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
    /// The tag with the newest version of a range.
    Semver(VersionRange),
    /// A reference by its full name, such as `refs/pull/42/head`.
    Name(String),
    /// A commit by its full object name (SHA-1 or SHA-256). The server must allow fetching it: those that are part of a branch
    /// or tag nearly always are.
    Commit(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("HEAD"),
            Self::Branch(name) => write!(f, "branch {name}"),
            Self::Tag(name) => write!(f, "tag {name}"),
            Self::Semver(range) => write!(f, "tag with a version in the range {range}"),
            Self::Name(name) => write!(f, "reference {name}"),
            Self::Commit(commit) => write!(f, "commit {commit}"),
        }
    }
}

impl Reference {
    /// What to ask the remote for.
    pub(super) fn listed(&self) -> Result<String, GitError> {
        match self {
            Self::Semver(_) => Ok(TAGS.to_owned()),
            other => other.full_name(),
        }
    }

    /// The full name at the remote. A range of versions is to be looked up before. A commit has none: HEAD stands in for it where a remote is asked
    /// whether it lets us in.
    pub(super) fn full_name(&self) -> Result<String, GitError> {
        let name = match self {
            Self::Head | Self::Commit(_) => return Ok("HEAD".to_owned()),
            Self::Branch(name) => format!("refs/heads/{name}"),
            Self::Tag(name) => format!("{TAGS}{name}"),
            Self::Semver(_) => return Err(GitError::Failed(format!("{self} is no one name"))),
            Self::Name(name) if name == "HEAD" || name.starts_with("refs/") => name.clone(),
            Self::Name(_) => {
                let why = "a full name starts with refs/, such as refs/heads/main";
                return Err(GitError::InvalidReference(why.to_owned()));
            }
        };
        if is_name(&name) {
            return Ok(name);
        }
        let shown = super::text::one_line(&self.to_string());
        Err(GitError::InvalidReference(format!("{shown} is not a valid name")))
    }

    /// The object to look for, where the reference is a commit.
    pub(super) fn commit(&self) -> Result<Option<gix::ObjectId>, GitError> {
        let Self::Commit(commit) = self else {
            return Ok(None);
        };
        match gix::ObjectId::from_hex(commit.as_bytes()) {
            Ok(id) if !id.is_null() => Ok(Some(id)),
            _ => Err(GitError::InvalidReference(
                "a commit is given by its full name, 40 or 64 hexadecimal digits".to_owned(),
            )),
        }
    }

    /// The revision that it is at a remote with these references, or what is missing.
    pub(super) fn find(&self, refs: &[Ref]) -> Result<Revision, Missing> {
        if let Some(id) = self.commit()? {
            return Ok(Revision { name: String::new(), commit: id.to_string() });
        }
        if let Self::Semver(range) = self {
            let newest = newest_tag(range, refs).ok_or(Missing::Reference { target: None })?;
            return Self::Tag(newest).find(refs);
        }
        let wanted = self.full_name()?;
        let found = refs.iter().find(|candidate| full_name_of(candidate) == wanted.as_bytes());
        let (target, object) = match found {
            Some(Ref::Direct { object, .. } | Ref::Peeled { object, .. }) => (None, object),
            Some(Ref::Symbolic { target, object, .. }) => (Some(target.to_string()), object),
            Some(Ref::Unborn { target, .. }) => {
                return Err(Missing::Reference { target: Some(target.to_string()) });
            }
            None => return Err(Missing::Reference { target: None }),
        };
        Ok(Revision { name: self.shown(target), commit: object.to_string() })
    }

    /// The annotated tag that it names among these references, where it is one.
    pub(super) fn tag(&self, refs: &[Ref]) -> Option<gix::ObjectId> {
        let wanted = match self {
            Self::Semver(range) => format!("{TAGS}{}", newest_tag(range, refs)?),
            other => other.full_name().ok()?,
        };
        refs.iter().find_map(|candidate| match candidate {
            Ref::Peeled { full_ref_name, tag, .. } if *full_ref_name == wanted => Some(*tag),
            _ => None,
        })
    }

    /// Whether it can name a tag, which can be signed.
    pub fn may_be_tag(&self) -> bool {
        match self {
            Self::Tag(_) | Self::Semver(_) => true,
            Self::Name(name) => name.starts_with(TAGS),
            Self::Head | Self::Branch(_) | Self::Commit(_) => false,
        }
    }

    /// The name that a revision is shown with; `target` is what a symbolic reference points to.
    pub(super) fn shown(&self, target: Option<String>) -> String {
        match self {
            Self::Head => match target.filter(|target| is_name(target)) {
                Some(target) => target.strip_prefix("refs/heads/").unwrap_or(&target).to_owned(),
                None => "HEAD".to_owned(),
            },
            Self::Branch(name) | Self::Tag(name) | Self::Name(name) => name.clone(),
            Self::Semver(range) => range.to_string(),
            Self::Commit(_) => String::new(),
        }
    }
}

/// The tag among `refs` with the newest version of `range`.
pub(super) fn newest_tag(range: &VersionRange, refs: &[Ref]) -> Option<String> {
    let names = refs.iter().filter_map(|found| std::str::from_utf8(full_name_of(found)).ok());
    let tags = names.filter(|name| is_name(name)).filter_map(|name| name.strip_prefix(TAGS));
    range.newest(tags).map(str::to_owned)
}

/// Why a reference is no revision.
#[derive(Debug)]
pub(super) enum Missing {
    /// The remote lacks it. A symbolic one may point to something that is not there.
    Reference {
        /// What it points to.
        target: Option<String>,
    },
    /// Something else.
    Other(GitError),
}

impl From<GitError> for Missing {
    fn from(error: GitError) -> Self {
        Self::Other(error)
    }
}

/// Whether git allows the name, and a status has room for it.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= LONGEST && gix::validate::reference::name(name.into()).is_ok()
}

pub(super) fn full_name_of(candidate: &Ref) -> &[u8] {
    match candidate {
        Ref::Peeled { full_ref_name, .. }
        | Ref::Direct { full_ref_name, .. }
        | Ref::Symbolic { full_ref_name, .. }
        | Ref::Unborn { full_ref_name, .. } => full_ref_name,
    }
}

/// A commit, and the name that it was found by. Shown as Flux does: `main@sha1:<commit>`, or
/// `main@sha256:<commit>`. That of an artifact is shown as its source shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision {
    /// Short name of the branch or tag (for HEAD, of the branch that it points to), or the full name
    /// that was asked for. Empty for a commit. Of an artifact it is the whole revision.
    pub name: String,
    /// Name of the commit: 40 hexadecimal digits, or 64 where the repository uses SHA-256. Of an artifact
    /// it is the digest, such as `sha256:…`.
    pub commit: String,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, commit } = self;
        if commit.contains(':') {
            return f.write_str(name);
        }
        let hash = if commit.len() > SHA1_DIGITS { "sha256" } else { "sha1" };
        if name.is_empty() {
            write!(f, "{hash}:{commit}")
        } else {
            write!(f, "{name}@{hash}:{commit}")
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
        let commit = "b".repeat(64);
        let newer = Revision { name: "main".to_owned(), commit: commit.clone() };
        assert_eq!(newer.to_string(), format!("main@sha256:{commit}"));
    }

    #[test]
    fn a_default_branch_with_an_impossible_name_is_shown_as_head() {
        let head = |target: &str| Reference::Head.shown(Some(target.to_owned()));
        assert_eq!(head("refs/heads/talks/2031"), "talks/2031");
        assert_eq!(head("refs/heads/a\u{1b}[31m"), "HEAD");
        assert_eq!(head(&format!("refs/heads/{}", "x".repeat(LONGEST))), "HEAD");
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        for reference in [
            Reference::Branch("a b".to_owned()),
            Reference::Branch(String::new()),
            Reference::Branch("x:refs/heads/y".to_owned()),
            Reference::Tag("../../etc".to_owned()),
            Reference::Branch("*".to_owned()),
            Reference::Branch("x".repeat(LONGEST)),
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
