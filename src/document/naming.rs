//! Names of objects. The rule is documented in `docs/names.md`.

use sha2::{Digest as _, Sha256};
use unicode_normalization::char::is_combining_mark;

use super::text::{fold, is_cjk};
use super::words::words;
use crate::api::Speaker;
use crate::api::names::hex;

/// Longest readable part of a note's name, in characters.
const MAX_SLUG: usize = 40;
/// Longest name of a summit that is taken from a document, in characters: a label value.
const MAX_SUMMIT: usize = 63;

/// Signs that tell one title from another where they stand at an end of it: `C`, `C++` and `C#`.
const SIGNS: &[char] = &['+', '#', '*', '&', '@', '%', '$', '=', '^'];
/// Signs behind a word that tell one name of a summit from another. What stands between two words, as
/// in `a+b`, parts them.
const SIGNS_BEHIND: &[char] = &['+', '#', '*'];

/// Between a number and what tells it from the same number of another text, until it is known whether
/// there is one.
const OR: char = '\u{1}';

/// The name of a summit from what an author calls it.
pub(super) fn summit(text: &str) -> String {
    alone(&summit_among_others(text)).to_owned()
}

/// The name of a summit among others. Of a text in another script than ours only a number may be left,
/// as of `雲端年會 2031`, and of another one the same: then what [`alone`] and [`apart`] make of it is
/// the name.
pub(super) fn summit_among_others(text: &str) -> String {
    written(text).unwrap_or_else(|| format!("summit-{}", hash8(&[&fold(text)])))
}

/// A name that [`summit_among_others`] gave, where no other summit has it.
pub(super) fn alone(name: &str) -> &str {
    name.split(OR).next().unwrap_or(name)
}

/// The same, where another summit has it.
pub(super) fn apart(name: &str) -> String {
    name.replace(OR, "-")
}

fn written(text: &str) -> Option<String> {
    let slug = cut_at_word(&slug(text), MAX_SUMMIT);
    let folded = fold(text);
    if slug.is_empty() {
        return None;
    }
    let is_number = slug.chars().all(|c| c.is_ascii_digit() || c == '-');
    if is_number && folded.contains(char::is_alphabetic) {
        let hash = hash8(&[&folded]);
        let number = cut_at_word(&slug, MAX_SUMMIT.saturating_sub(hash.len() + 1));
        return Some(format!("{number}{OR}{hash}"));
    }
    if !has_signs(&folded) {
        return Some(slug);
    }
    let hash = hash8(&[&folded]);
    let readable = cut_at_word(&slug, MAX_SUMMIT.saturating_sub(hash.len() + 1));
    Some(format!("{readable}-{hash}"))
}

/// Whether a word has a sign that letters and digits leave out: `c++`, `.net`.
fn has_signs(folded: &str) -> bool {
    folded.split(|c: char| c.is_whitespace() || "-_()[]/,:;'\"".contains(c)).any(|word| {
        let name = word.trim_end_matches(SIGNS_BEHIND);
        let behind = name.len() < word.len() && name.ends_with(char::is_alphanumeric);
        let bare = word.strip_prefix('.').filter(|bare| bare.starts_with(char::is_alphanumeric));
        behind || bare.is_some()
    })
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
    written(last)
}

/// The title as names see it: without case, width, spacing and punctuation at its ends. What is nothing
/// but punctuation is taken as it is.
pub(super) fn title_key(title: &str) -> String {
    let folded = fold(title);
    let counts = |c: char| c.is_alphanumeric() || is_cjk(c) || SIGNS.contains(&c);
    let head = folded.trim_start_matches(|c: char| !counts(c));
    let key = head.trim_end_matches(|c: char| !counts(c) && !is_mark_of_letter(c));
    let front = folded.strip_suffix(head).unwrap_or_default();
    let dotted =
        front.ends_with('.') && !front.ends_with("..") && head.starts_with(char::is_alphanumeric);
    match key {
        "" => folded,
        key if dotted => format!(".{key}"),
        key => key.to_owned(),
    }
}

/// The title as comparisons see it: two titles are one where they differ in case, width, spacing and
/// the normal form of their characters, and in nothing else.
pub(super) fn title_identity(title: &str) -> String {
    fold(title)
}

/// Whether `c` is a vowel, a tone or the like that belongs to the letter in front of it, as scripts of
/// India and Thailand have them; what chooses the form of an emoji is none.
fn is_mark_of_letter(c: char) -> bool {
    let of_emoji =
        matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{20d0}'..='\u{20ff}' | '\u{e0100}'..='\u{e01ef}');
    is_combining_mark(c) && !of_emoji
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
    note_of(summit, &title_key(title), more)
}

/// As [`note`], of a title as [`title_key`] or [`title_identity`] gives it.
pub(super) fn note_of(summit: &str, key: &str, more: &[&str]) -> String {
    let mut parts = vec![summit, key];
    parts.extend(more);
    let slug = cut_at_word(&slug(key), MAX_SLUG);
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
    let kept = |c: char| c.is_alphanumeric() || is_mark_of_letter(c);
    let stem = cut_at_word(&kebab(title, kept), MAX_SLUG);
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
    let digest = Sha256::digest(parts.join("\u{0}"));
    hex(digest.get(..4).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
    fn summits_whose_names_differ_in_signs_or_in_another_script_are_two() {
        let names = ["C Days", "C++ Days", "C# Days", "c++-days 2", "NET Days", ".NET Days"];
        let distinct: BTreeSet<String> = names.iter().map(|name| summit(name)).collect();
        assert_eq!(distinct.len(), names.len(), "{distinct:?}");
        let (one, two) =
            (summit_among_others("雲原生年會 2031"), summit_among_others("資安大會 2031"));
        assert_eq!((alone(&one), alone(&two)), ("2031", "2031"));
        assert_ne!(apart(&one), apart(&two));
        assert!(is_valid(&apart(&one)));
        assert_ne!(from_address("/posts/年會-2031/"), from_address("/posts/大會-2031/"));
        assert_eq!(summit("C++ Days"), summit("c++ days"));
        assert_eq!(summit("Caf\u{e9} Days"), summit("Cafe\u{301} Days"));
        for (text, name) in [
            ("2031", "2031"),
            ("2031-05-14", "2031-05-14"),
            ("KubeCon + CloudNativeCon 2031", "kubecon-cloudnativecon-2031"),
            ("kubecon+cloudnativecon", "kubecon-cloudnativecon"),
            ("R&D Days!", "r-d-days"),
            ("node.js days", "node-js-days"),
            ("Days #5", "days-5"),
        ] {
            assert_eq!(summit(text), name, "{text}");
        }
        for text in ["+", "+++", "C+", &"x".repeat(300), &format!("{}++", "x".repeat(300))] {
            let name = summit(text);
            assert!(is_valid(&name) && name.len() <= MAX_SUMMIT, "{text}: {name}");
        }
    }

    #[test]
    fn titles_that_differ_in_more_than_case_and_spacing_have_names_of_their_own() {
        let titles = [
            "C",
            "C++",
            "C#",
            "C*",
            "NET",
            ".NET",
            "🎉",
            "🚀",
            "?!",
            "...",
            "-",
            "क",
            "क्",
            "का",
            "ไม",
            "ไม่",
            "مرحبا",
            "مَرحبا",
            "第 3 天",
            "第 3 課",
            "+",
            "++",
        ];
        let distinct: BTreeSet<String> = titles.iter().map(|t| note("s", t, &[])).collect();
        assert_eq!(distinct.len(), titles.len(), "{distinct:?}");
        for title in titles {
            let name = note("s", title, &[]);
            assert!(is_valid(&name) && name.contains(|c: char| c.is_ascii_alphabetic()), "{name}");
        }
        assert_eq!(title_key("\u{201c}The ❤️ of it\u{201d}?"), "the ❤\u{fe0f} of it");
        assert_eq!(title_key("love ❤️"), "love");
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
