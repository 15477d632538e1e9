//! Addresses of pages: one way to read them and one way to write them.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The part of a path that stands for "no summit", or for the viewer's own pages. No object can have
/// this name.
const NO_SUMMIT: &str = "-";
/// The map of a note, below the note.
const MIND_MAP: &str = "mindmap";
/// What is encoded in a part of a path: all that RFC 3986 does not call unreserved.
pub(super) const PART: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Namespace and name of something that is published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Namespace of the object.
    pub namespace: String,
    /// Name of the `Summit` or `TalkNote`.
    pub name: String,
}

impl Key {
    /// The key of `name` in `namespace`.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }
}

/// A page whose content can change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageId {
    /// `/`: all summits, and the notes that belong to none.
    Summits,
    /// `/{namespace}/{summit}`: the agenda of a summit.
    Summit(Key),
    /// `/{namespace}/{summit}/-/{part}`: something else about a summit.
    Part(Key, Part),
    /// `/{namespace}/{summit}/{note}`, with `-` for a note without a summit.
    Note {
        /// The note.
        key: Key,
        /// Name of its summit.
        summit: Option<String>,
    },
    /// `/{namespace}/{summit}/{note}/mindmap`: the note as a tree.
    NoteMap {
        /// The note.
        key: Key,
        /// Name of its summit.
        summit: Option<String>,
    },
    /// `/-/speakers`: everybody who spoke.
    Speakers,
    /// `/-/speakers/{speaker}`: one person across summits.
    Speaker(String),
    /// `/-/tags`: all tags.
    Tags,
    /// `/-/tags/{tag}`: what has a tag.
    Tag(String),
    /// `/search`: what holds the words of the query.
    Search,
    /// `/-/diagnostics`: what is wrong with the documents.
    Diagnostics,
}

/// What there is about a summit beside its agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Who spoke.
    Speakers,
    /// Its tags.
    Tags,
    /// Its agenda as a tree.
    MindMap,
    /// Which talks have notes.
    Coverage,
    /// Its calendars and feeds.
    Subscribe,
}

impl Part {
    const ALL: [(Self, &str); 5] = [
        (Self::Speakers, "speakers"),
        (Self::Tags, "tags"),
        (Self::MindMap, MIND_MAP),
        (Self::Coverage, "coverage"),
        (Self::Subscribe, "subscribe"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(part, _)| *part)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(part, _)| *part == self).map_or("", |(_, name)| name)
    }
}

impl PageId {
    /// The page at the path of a URL, percent-encoded as it comes. Whether there is such a page is
    /// for the library to say.
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        // Parts are told apart before they are decoded: a tag may hold a slash.
        let parts: Option<Vec<String>> = path
            .split('/')
            .take(5)
            .map(|part| percent_decode_str(part).decode_utf8().ok().map(Into::into))
            .collect();
        let parts = parts?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [""] => Some(Self::Summits),
            ["search"] => Some(Self::Search),
            [_, rest @ ..] if rest.contains(&"") => None,
            ["-", own @ ..] => Self::parse_own(own),
            ["", ..] => None,
            [namespace, summit] if *summit != NO_SUMMIT => {
                Some(Self::Summit(Key::new(*namespace, *summit)))
            }
            [namespace, summit, NO_SUMMIT, part] if *summit != NO_SUMMIT => {
                Some(Self::Part(Key::new(*namespace, *summit), Part::named(part)?))
            }
            [_, _, NO_SUMMIT, ..] => None,
            [namespace, summit, note] => {
                let (key, summit) = note_of(namespace, summit, note);
                Some(Self::Note { key, summit })
            }
            [namespace, summit, note, MIND_MAP] => {
                let (key, summit) = note_of(namespace, summit, note);
                Some(Self::NoteMap { key, summit })
            }
            _ => None,
        }
    }

    fn parse_own(parts: &[&str]) -> Option<Self> {
        match parts {
            ["speakers"] => Some(Self::Speakers),
            ["speakers", speaker] => Some(Self::Speaker((*speaker).to_owned())),
            ["tags"] => Some(Self::Tags),
            ["tags", tag] => Some(Self::Tag((*tag).to_owned())),
            ["diagnostics"] => Some(Self::Diagnostics),
            _ => None,
        }
    }
}

fn note_of(namespace: &str, summit: &str, note: &str) -> (Key, Option<String>) {
    (Key::new(namespace, note), (summit != NO_SUMMIT).then(|| summit.to_owned()))
}

/// The path of the page. Names of objects are ASCII letters, digits, `-` and `.`, so that nothing
/// in them needs encoding.
impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = |summit: &Option<String>| summit.clone().unwrap_or_else(|| NO_SUMMIT.into());
        match self {
            Self::Summits => f.write_str("/"),
            Self::Summit(Key { namespace, name }) => write!(f, "/{namespace}/{name}"),
            Self::Part(Key { namespace, name }, part) => {
                write!(f, "/{namespace}/{name}/-/{}", part.name())
            }
            Self::Note { key: Key { namespace, name }, summit } => {
                write!(f, "/{namespace}/{}/{name}", folder(summit))
            }
            Self::NoteMap { key: Key { namespace, name }, summit } => {
                write!(f, "/{namespace}/{}/{name}/{MIND_MAP}", folder(summit))
            }
            Self::Speakers => f.write_str("/-/speakers"),
            Self::Speaker(name) => write!(f, "/-/speakers/{}", utf8_percent_encode(name, PART)),
            Self::Tags => f.write_str("/-/tags"),
            Self::Tag(tag) => write!(f, "/-/tags/{}", utf8_percent_encode(tag, PART)),
            Self::Search => f.write_str("/search"),
            Self::Diagnostics => f.write_str("/-/diagnostics"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_was_written_is_read_back() {
        for path in [
            "/",
            "/search",
            "/community/rust-2026",
            "/community/-/solo",
            "/a/b/c",
            "/a/b/c/mindmap",
            "/a/-/c/mindmap",
            "/a/b/-/coverage",
            "/-/tags/c%2B%2B%2Fgo",
            "/-/speakers/%E6%9E%97",
            "/-/diagnostics",
        ] {
            assert_eq!(PageId::parse(path).map(|page| page.to_string()).as_deref(), Some(path));
        }
    }

    #[test]
    fn a_slash_at_the_end_and_needless_encoding_mean_the_same_page() {
        assert_eq!(PageId::parse("/a/b/"), PageId::parse("/a/b"));
        assert_eq!(PageId::parse("/a/%62"), PageId::parse("/a/b"));
    }

    #[test]
    fn what_cannot_be_a_page_is_refused() {
        for path in ["", "a/b", "/a", "/a/-", "//a/b", "/a//b", "/-/x", "/a/b/c/d", "/a/b/%ff"] {
            assert_eq!(PageId::parse(path), None, "{path}");
        }
    }
}
