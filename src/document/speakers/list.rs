//! A list of names taken apart.

use super::handles::is_handle;
use super::name_confidence::{NameConfidence, name_confidence};
use super::occupation;
use super::scripts::is_han_name;
use crate::document::words::words;

/// A part of a list of names.
pub(super) struct Part {
    pub text: String,
    /// Whether a comma stands in front of it rather than `and`.
    pub by_comma: bool,
}

/// The parts of a list of names and what they have in common.
pub(super) struct List {
    pub parts: Vec<Part>,
    /// There are two parts.
    pub pair: bool,
    /// A comma parts the two.
    pub pair_by_comma: bool,
    /// Jobs stand among them.
    pub described: bool,
    /// Whether `and` stands in front of the last part but one and a comma in front of the last.
    pub closed: bool,
}

impl List {
    /// Takes a text apart. Rooms are left out.
    pub fn of(text: &str) -> Self {
        let text = with_commas(with_glued_marks(without_urls(text)));
        let mut parts = apart(&text);
        parts.retain(|part| !occupation::is_room(&part.text));
        let pair = parts.len() == 2;
        Self {
            pair,
            pair_by_comma: pair && text.contains([',', '，']),
            described: parts.iter().skip(1).any(|part| occupation::is_job(&part.text)),
            closed: matches!(parts.as_slice(), [_, .., name, place] if !name.by_comma && place.by_comma),
            parts,
        }
    }

    /// Whether the part at `at` is the handle of the person in front of it.
    pub fn is_handle_of_one(&self, at: usize) -> bool {
        let text =
            |at: Option<usize>| at.and_then(|at| self.parts.get(at)).map(|part| part.text.as_str());
        text(Some(at)).is_some_and(is_handle)
            && text(at.checked_sub(1)).is_some_and(|name| !is_handle(name))
    }
}

/// Stands for an `&` inside a word.
const GLUED: char = '\u{1}';

/// `R&D` with a mark that parts no names.
fn with_glued_marks(text: String) -> String {
    let chars: Vec<char> = text.chars().collect();
    let upper =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_uppercase);
    let glued = |at: usize| upper(at.checked_sub(1)) && upper(at.checked_add(1));
    let mark = |(at, c): (usize, &char)| if *c == '&' && glued(at) { GLUED } else { *c };
    chars.iter().enumerate().map(mark).collect()
}

/// A text without addresses of the web.
fn without_urls(text: &str) -> String {
    let is_url = |word: &&str| !word.contains("://") && !word.starts_with("www.");
    if !text.contains("://") && !text.contains("www.") {
        return text.to_owned();
    }
    text.split(' ').filter(is_url).collect::<Vec<_>>().join(" ")
}

/// Japanese `と` behind what ends a name: `浜田 海氏と磯野 波氏`.
const ENDED: &[(&str, &str)] =
    &[("氏と", "氏、"), ("さんと", "さん、"), (")と", ")、"), ("）と", "）、")];

/// `봉하람 · 추이든`: Chinese and Korean names with a dot and spaces between them are those of several.
fn with_commas(mut text: String) -> String {
    for (joined, parted) in ENDED {
        text = text.replace(joined, parted);
    }
    let named = |name: &str| {
        let name = name.trim();
        is_han_name(name) && name_confidence(name, false) >= NameConfidence::Medium
    };
    let several = text.contains(" · ") && text.split(" · ").all(named);
    if several { text.replace(" · ", "、") } else { text }
}

/// Takes names apart at separators that stand outside of parentheses.
fn apart(names: &str) -> Vec<Part> {
    let begin = |by_comma| Part { text: String::new(), by_comma };
    let mut parts = vec![begin(false)];
    let mut depth = 0_usize;
    for token in names.split_inclusive([' ', '、', '，', ',', ';', '；', '＆', '&', '\n']) {
        let word = token.trim_end_matches(|c: char| c == ' ' || c == '\n' || between(c));
        let ends = token.ends_with(between);
        let joins = depth == 0 && token.ends_with([' ', '\n']) && words().is_and(word);
        // `En Hao`: a name may begin with a word that joins others.
        let begun = parts.iter().any(|part| !part.text.trim().is_empty())
            || !word.starts_with(char::is_uppercase);
        let between =
            joins && begun && parts.last().is_some_and(|part| joins_names(word, &part.text));
        for c in word.chars() {
            match c {
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if between {
            parts.push(begin(false));
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.text.push_str(if ends && depth == 0 { word } else { token });
        }
        if ends && depth == 0 {
            parts.push(begin(!token.ends_with(['&', '＆'])));
        }
    }
    whole_names(parts)
}

/// The parts without empty ones, and companies such as `Kettle & Sons` or `Kettle, Inc.` in one.
fn whole_names(parts: Vec<Part>) -> Vec<Part> {
    let mut names: Vec<Part> = Vec::new();
    for Part { text, by_comma } in parts {
        let text = text.trim();
        let tail = text.split(['(', '（']).next().unwrap_or(text).trim_end();
        let tail = tail.trim_end_matches(['.', ')', '）']);
        let mark = if by_comma && words().is_legal_form(tail) {
            ", "
        } else if words().marks.is_company_tail(tail) {
            " & "
        } else {
            ""
        };
        match names.last_mut().filter(|_| !mark.is_empty()) {
            Some(company) => company.text.push_str(&format!("{mark}{text}")),
            None if text.is_empty() => {}
            None => names.push(Part { text: text.replace(GLUED, "&"), by_comma }),
        }
    }
    names
}

/// Whether a character stands between two people wherever it stands.
fn between(c: char) -> bool {
    words().marks.is_between_names(c)
}

/// Whether `word` stands between two names: a small word such as `y` may be part of one.
fn joins_names(word: &str, before: &str) -> bool {
    !words().is_particle(word) || before.trim().contains(' ')
}
