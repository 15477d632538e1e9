//! Addresses of pages: one way to read them and one way to write them.

use std::fmt;

use percent_encoding::percent_decode_str;

/// The part of a path that stands for "no summit". No object can have this name.
const NO_SUMMIT: &str = "-";

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
    /// `/{namespace}/{summit}/{note}`, with `-` for a note without a summit.
    Note {
        /// The note.
        key: Key,
        /// Name of its summit.
        summit: Option<String>,
    },
    /// `/-/diagnostics`: what is wrong with the documents.
    Diagnostics,
}

impl PageId {
    /// The page at the path of a URL, percent-encoded as it comes. Whether there is such a page is
    /// for the library to say.
    pub fn parse(path: &str) -> Option<Self> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if path == "-/diagnostics" {
            return Some(Self::Diagnostics);
        }
        let mut parts = path.split('/');
        match (parts.next()?, parts.next(), parts.next(), parts.next()) {
            ("", None, ..) => Some(Self::Summits),
            (_, Some(""), ..) | (_, _, Some(""), _) | ("" | NO_SUMMIT, ..) => None,
            (namespace, Some(summit), None, None) if summit != NO_SUMMIT => {
                Some(Self::Summit(Key::new(namespace, summit)))
            }
            (namespace, Some(summit), Some(note), None) => Some(Self::Note {
                key: Key::new(namespace, note),
                summit: (summit != NO_SUMMIT).then(|| summit.to_owned()),
            }),
            _ => None,
        }
    }
}

/// The path of the page. Names of objects are ASCII letters, digits, `-` and `.`, so that nothing
/// needs encoding.
impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Summits => f.write_str("/"),
            Self::Summit(Key { namespace, name }) => write!(f, "/{namespace}/{name}"),
            Self::Note { key: Key { namespace, name }, summit } => {
                write!(f, "/{namespace}/{}/{name}", summit.as_deref().unwrap_or(NO_SUMMIT))
            }
            Self::Diagnostics => f.write_str("/-/diagnostics"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_was_written_is_read_back() {
        for path in ["/", "/community/rust-2026", "/community/-/solo", "/a/b/c", "/-/diagnostics"] {
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
