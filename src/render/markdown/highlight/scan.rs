//! From text to pieces.

use super::languages::{Language, Style, has};
use super::pieces::{character, closed, is_word, line, names_value, number};
use crate::render::markdown::start;

/// Bytes of the longest word that a language knows.
const WORD: usize = 24;
/// Bytes that are looked at to see whether something is a key.
const AHEAD: usize = 256;
/// Values that are no text.
const CONSTANTS: &str = "true false null yes no on off True False None ~";

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render::markdown) enum Class {
    Comment,
    /// A word of the language, or the name of a value.
    Key,
    String,
    Number,
}

impl Class {
    /// Its class in HTML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "code-comment",
            Self::Key => "code-key",
            Self::String => "code-string",
            Self::Number => "code-number",
        }
    }
}

/// A piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render::markdown) struct Token<'c> {
    pub text: &'c str,
    pub class: Option<Class>,
}

pub(super) struct Scanner<'c> {
    language: &'static Language,
    code: &'c str,
    at: usize,
    /// Where what has no class begins.
    plain: usize,
    /// What was found behind it.
    found: Option<Token<'c>>,
    /// Whether nothing but space stands before this place in its line.
    is_first: bool,
    /// Whether a command begins here.
    is_command: bool,
    in_tag: bool,
}

impl<'c> Scanner<'c> {
    pub fn new(language: &'static Language, code: &'c str) -> Self {
        Self {
            language,
            code,
            at: 0,
            plain: 0,
            found: None,
            is_first: true,
            is_command: true,
            in_tag: false,
        }
    }

    /// What was not looked at.
    pub fn rest(&mut self) -> Option<Token<'c>> {
        let text = self.code.get(self.plain..).filter(|text| !text.is_empty())?;
        self.plain = self.code.len();
        Some(Token { text, class: None })
    }

    pub fn next(&mut self) -> Option<Token<'c>> {
        if let Some(found) = self.found.take() {
            return Some(found);
        }
        loop {
            let rest = self.code.get(self.at..)?;
            let first = rest.chars().next()?;
            let (length, class) = self.piece(rest, first);
            let end = self.at + length.clamp(first.len_utf8(), rest.len());
            let text = self.code.get(self.at..end)?;
            self.follow(text, first);
            let before = self.code.get(self.plain..self.at).unwrap_or_default();
            self.at = end;
            if self.language.style == Style::Markup {
                let ends = class.is_none() && text.contains('>');
                self.in_tag = !ends && (self.in_tag || first == '<');
            }
            if class.is_some() {
                self.plain = end;
                let token = Token { text, class };
                if before.is_empty() {
                    return Some(token);
                }
                self.found = Some(token);
                return Some(Token { text: before, class: None });
            }
        }
    }

    /// Keeps in mind what stands before the next piece.
    fn follow(&mut self, text: &str, first: char) {
        match first {
            '\n' => (self.is_first, self.is_command) = (true, true),
            ' ' | '\t' | '\r' => {}
            '|' | ';' | '&' | '(' | '{' => (self.is_first, self.is_command) = (false, true),
            // An item of a list may be a key, and a prompt comes before a command.
            '-' if self.language.style == Style::Yaml && text == "-" => {}
            '$' if text == "$" && self.is_first => self.is_first = false,
            _ => {
                self.is_command =
                    self.language.style == Style::Shell && has(self.language.words, text);
                self.is_first = false;
            }
        }
    }

    /// The length of the piece that `rest` begins with, and what it is.
    pub fn piece(&self, rest: &str, first: char) -> (usize, Option<Class>) {
        if self.language.style == Style::Diff {
            return self.changed(rest);
        }
        if let Some(end) = self.comment(rest) {
            return (end, Some(Class::Comment));
        }
        if self.language.style == Style::Markup {
            return self.markup(rest, first);
        }
        if let Some(end) = self.string(rest, first) {
            let is_key = self.language.style == Style::Keys
                || (self.language.style == Style::Yaml && self.may_be_key());
            let names =
                is_key && names_value(rest.get(end..).unwrap_or_default(), self.language.style);
            return (end, Some(if names { Class::Key } else { Class::String }));
        }
        match self.language.style {
            Style::Yaml => self.yaml(rest, first),
            Style::Shell if self.is_first && rest.starts_with("$ ") => (1, Some(Class::Comment)),
            _ if first.is_ascii_digit() => (number(rest), Some(Class::Number)),
            _ if is_word(first) => self.word(rest),
            Style::Keys
                if self.is_first && first == '[' && self.language.comments.contains(&";") =>
            {
                (line(rest).trim_end().len(), Some(Class::Key))
            }
            _ => (first.len_utf8(), None),
        }
    }

    fn comment(&self, rest: &str) -> Option<usize> {
        let before = self.code.get(..self.at).unwrap_or_default().chars().next_back();
        let is_apart = before.is_none_or(char::is_whitespace);
        let Language { style, comments, .. } = self.language;
        // Those of a Dockerfile begin their line.
        let is_place = *style != Style::Instructions || self.is_first;
        let begins = |mark: &str| {
            let may_touch = !matches!(mark, "#" | ";") || (mark == "#" && *style == Style::Words);
            rest.starts_with(mark) && (is_apart || may_touch)
        };
        if is_place && comments.iter().any(|mark| begins(mark)) {
            return Some(line(rest).len());
        }
        let (begin, end) =
            self.language.blocks.iter().find(|(begin, _)| rest.starts_with(begin))?;
        let inner = rest.get(begin.len()..).unwrap_or_default();
        Some(inner.find(end).map_or(rest.len(), |at| begin.len() + at + end.len()))
    }

    /// A string that is not closed goes on to where it would have to be.
    fn string(&self, rest: &str, first: char) -> Option<usize> {
        if let Some(mark) = self.language.long_quotes.iter().find(|mark| rest.starts_with(**mark)) {
            return Some(closed(rest, mark, true));
        }
        if self.language.has_characters && first == '\'' {
            return character(rest);
        }
        // Within a word it is an apostrophe.
        let before = self.code.get(..self.at).unwrap_or_default().chars().next_back();
        let in_word = first == '\'' && before.is_some_and(char::is_alphanumeric);
        if !self.language.quotes.contains(first) || in_word {
            return None;
        }
        let mut mark = [0; 4];
        Some(closed(rest, first.encode_utf8(&mut mark), false))
    }

    fn word(&self, rest: &str) -> (usize, Option<Class>) {
        let joins = |c: char| is_word(c) || c.is_ascii_digit() || (c == '-' && self.has_hyphens());
        let end = rest.find(|c: char| !joins(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let behind = rest.get(end..).unwrap_or_default();
        let Language { style, words, ignores_case, .. } = self.language;
        let counts = match style {
            Style::Shell => self.is_command,
            Style::Instructions => self.is_first || word.eq_ignore_ascii_case("as"),
            _ => true,
        };
        let before = self.code.get(..self.at).unwrap_or_default();
        let is_field = *style == Style::Words && before.ends_with('.') && !before.ends_with("..");
        let is_known = counts
            && !is_field
            && word.len() <= WORD
            && if *ignores_case {
                words.split(' ').any(|known| known.eq_ignore_ascii_case(word))
            } else {
                has(words, word)
            };
        let names = *style == Style::Keys && names_value(behind, *style);
        let is_constant = *style == Style::Keys && has(CONSTANTS, word);
        let class = match (names || (is_known && !is_constant), is_constant) {
            (true, _) => Some(Class::Key),
            (_, true) => Some(Class::Number),
            _ => None,
        };
        (end, class)
    }

    /// Whether `a-b` is one word.
    fn has_hyphens(&self) -> bool {
        matches!(self.language.style, Style::Keys | Style::Shell | Style::Instructions)
    }

    fn may_be_key(&self) -> bool {
        let before = self.code.get(..self.at).unwrap_or_default().trim_end_matches([' ', '\t']);
        self.is_first || before.ends_with(['{', ','])
    }

    /// Names end before a `:`, and values with the line or with what parts values in brackets.
    fn yaml(&self, rest: &str, first: char) -> (usize, Option<Class>) {
        // What is looked for ahead stands near, or nowhere.
        let line = line(start(rest, AHEAD));
        if first.is_whitespace() || "-{}[],:|>?".contains(first) {
            return (first.len_utf8(), None);
        }
        if matches!(first, '&' | '*' | '!') || line.trim_end() == "---" {
            return (line.find(char::is_whitespace).unwrap_or(line.len()), None);
        }
        if self.may_be_key() {
            let end = line.match_indices(':').map(|(at, _)| at);
            let end = end
                .take(4)
                .find(|at| names_value(line.get(*at..).unwrap_or_default(), Style::Yaml));
            if let Some(end) =
                end.filter(|end| !line.get(..*end).unwrap_or_default().contains(['{', '[', ',']))
            {
                return (end, Some(Class::Key));
            }
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
        let end = line.find(is_end).unwrap_or(line.len());
        let value = line.get(..end).unwrap_or_default();
        let is_number =
            number(value) == value.len() && value.contains(|c: char| c.is_ascii_digit());
        let behind = line.get(end..).unwrap_or_default().trim_start();
        let is_whole = behind.is_empty() || behind.starts_with([',', ']', '}', '#']);
        let class = is_whole && (is_number || has(CONSTANTS, value));
        (end, class.then_some(Class::Number))
    }

    fn markup(&self, rest: &str, first: char) -> (usize, Option<Class>) {
        match first {
            '<' => {
                let name = rest.trim_start_matches(['<', '/', '!', '?']);
                let from = rest.len() - name.len();
                let end = name
                    .find(|c: char| !(c.is_alphanumeric() || "-_:.".contains(c)))
                    .unwrap_or(name.len());
                if end == 0 { (from, None) } else { (from + end, Some(Class::Key)) }
            }
            '"' if self.in_tag => (closed(rest, "\"", true), Some(Class::String)),
            '\'' if self.in_tag => (closed(rest, "'", true), Some(Class::String)),
            _ => {
                let text = rest.get(first.len_utf8()..).unwrap_or_default();
                let end = text.find(['<', '"', '\'']).unwrap_or(text.len());
                (first.len_utf8() + end, None)
            }
        }
    }

    fn changed(&self, rest: &str) -> (usize, Option<Class>) {
        let line = line(rest);
        let class = match line.chars().next() {
            _ if line.starts_with("+++") || line.starts_with("---") => Some(Class::Key),
            Some('+') => Some(Class::String),
            Some('-') => Some(Class::Number),
            Some('@') => Some(Class::Comment),
            _ => None,
        };
        if line.is_empty() { (1, None) } else { (line.len(), class) }
    }
}
