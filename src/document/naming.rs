//! Names of objects. The rule is documented in `docs/names.md`.

use super::text::{fold, is_cjk};
use super::words::words;
use crate::api::{Speaker, names::hex_digest};

/// Longest readable part of a note's name, in characters.
const MAX_SLUG: usize = 40;
/// Longest name of a summit that is taken from a document, in characters: a label value.
const MAX_SUMMIT: usize = 63;

/// The name of a summit from what an author calls it.
pub(super) fn summit(text: &str) -> String {
    let slug = cut_at_word(&slug(text), MAX_SUMMIT);
    if slug.is_empty() { format!("summit-{}", hash8(&[&fold(text)])) } else { slug }
}

/// The name of a file without the mark of a copy: `notes (1)`, `notes copy`.
pub(super) fn without_copy_mark(stem: &str) -> &str {
    let marked = words().copy_marks().iter().find_map(|mark| stem.strip_suffix(mark.as_str()));
    let numbered = stem.strip_suffix(')').and_then(|head| {
        let (name, number) = head.rsplit_once('(')?;
        (number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit())).then_some(name)
    });
    let bare = marked.filter(|name| name.ends_with([' ', '-', '_'])).or(numbered).unwrap_or(stem);
    let bare = bare.trim_end_matches([' ', '-', '_']);
    if bare.is_empty() { stem } else { bare }
}

/// The last part of the path of a `url` or `slug` field, where it makes a name.
pub(super) fn from_address(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    Some(cut_at_word(&slug(last), MAX_SUMMIT)).filter(|name| !name.is_empty())
}

/// The title as names and comparisons see it: without case, width, spacing and punctuation at its
/// ends.
pub(super) fn title_key(title: &str) -> String {
    fold(title).trim_matches(|c: char| !c.is_alphanumeric() && !is_cjk(c)).to_owned()
}

/// The speakers as names see them, in any order.
pub(super) fn speakers_key(speakers: &[Speaker]) -> String {
    let mut names: Vec<String> = speakers.iter().map(|speaker| fold(&speaker.name)).collect();
    names.sort();
    names.join("\n")
}

/// The name of a note: a readable part of its title and a hash of the summit's name, the title and
/// `more`, which tells apart notes of one title.
pub(super) fn note(summit: &str, title: &str, more: &[&str]) -> String {
    let key = title_key(title);
    let mut parts = vec![summit, key.as_str()];
    parts.extend(more);
    let slug = cut_at_word(&slug(&key), MAX_SLUG);
    let readable = if slug.is_empty() { "talk" } else { slug.as_str() };
    format!("{readable}-{}", hash8(&parts))
}

/// Whether `name` can be the name of an imported object: an RFC 1123 subdomain of at most 200
/// characters.
pub(super) fn is_valid(name: &str) -> bool {
    let label = |part: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty()
            && part.chars().all(inner)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    name.len() <= 200 && name.split('.').all(label)
}

/// The name of a file about `title`, without its extension: its letters and digits in any script.
pub(super) fn file_stem(title: &str) -> String {
    let stem = cut_at_word(&kebab(title, char::is_alphanumeric), MAX_SLUG);
    if stem.is_empty() { "untitled".to_owned() } else { stem }
}

/// ASCII letters and digits in lower case with single `-` between them.
fn slug(text: &str) -> String {
    kebab(text, |c| c.is_ascii_alphanumeric())
}

/// The characters that are `kept`, in lower case, with single `-` in place of the others.
fn kebab(text: &str, kept: impl Fn(char) -> bool) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !kept(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The words of a slug that fit into `max` characters; where the first alone does not, its beginning.
fn cut_at_word(slug: &str, max: usize) -> String {
    let mut cut = String::new();
    for word in slug.split('-') {
        let gap = usize::from(!cut.is_empty());
        if cut.chars().count() + gap + word.chars().count() > max {
            break;
        }
        if gap == 1 {
            cut.push('-');
        }
        cut.push_str(word);
    }
    if cut.is_empty() { slug.chars().take(max).collect() } else { cut }
}

/// Eight hex digits of the hash of `parts`.
fn hash8(parts: &[&str]) -> String {
    hex_digest(parts.join("\u{0}").as_bytes()).chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summits() {
        assert_eq!(summit("harbor-summit-2031"), "harbor-summit-2031");
        assert_eq!(summit("Harbor Summit_2031 (海港)"), "harbor-summit-2031");
        assert_eq!(summit("雲原生年會").len(), "summit-12345678".len());
        assert_ne!(summit("雲原生年會"), summit("雲原生季會"));
        assert_eq!(
            from_address("/posts/harbor-summit-2031/").as_deref(),
            Some("harbor-summit-2031")
        );
        assert_eq!(from_address("https://x.example/年會"), None);
        assert!(is_valid(&summit(&"a".repeat(300))));
    }

    #[test]
    fn marks_of_copies() {
        for (stem, name) in [
            ("a (1)", "a"),
            ("a copy", "a"),
            ("a - copy", "a"),
            ("a", "a"),
            ("photocopy", "photocopy"),
            ("a (2031)", "a (2031)"),
        ] {
            assert_eq!(without_copy_mark(stem), name);
        }
    }

    #[test]
    fn notes() {
        let name = note("s", "A title of very many words that goes on and on and on", &[]);
        assert!(name.starts_with("a-title-of-very-many-words-that-goes-on-"), "{name}");
        assert_eq!(name.len(), "a-title-of-very-many-words-that-goes-on-".len() + 8);
        assert!(note("s", "寫給群島的信", &[]).starts_with("talk-"));
        assert_eq!(note("s", "ＧＫＥ  Autopilot", &[]), note("s", "gke autopilot", &[]));
        assert_ne!(note("s", "a", &[]), note("t", "a", &[]));
        assert_ne!(note("s", "a", &[]), note("s", "a", &["ada"]));
        for title in ["🥇", "C++", "-", "a.b", &"x".repeat(500)] {
            assert!(is_valid(&note("s", title, &[])), "{title}");
        }
    }

    #[test]
    fn names_of_manifests_are_checked() {
        for name in ["a", "a.b-c", "0"] {
            assert!(is_valid(name), "{name}");
        }
        for name in ["", "A", "-a", "a-", "a..b", "a_b", &"a".repeat(201)] {
            assert!(!is_valid(name), "{name}");
        }
    }
}
