//! A tag as authors type it.

use super::elements::ELEMENTS;
use crate::render::markdown::{embeds, start};

/// Bytes of the attributes of one tag that are looked at.
const MAX_TAG: usize = 2048;

/// A tag, from behind its `<`.
pub(super) struct Tag<'t> {
    /// In lower case.
    pub name: String,
    pub opens: bool,
    /// Written like a type: with a capital and small letters.
    is_camel: bool,
    pub after_name: &'t str,
}

impl<'t> Tag<'t> {
    pub fn read(text: &'t str) -> Option<Self> {
        let (opens, text) = match text.strip_prefix('/') {
            Some(text) => (false, text),
            None => (true, text),
        };
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = text
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
            .unwrap_or(text.len());
        let (name, after_name) = text.split_at_checked(end)?;
        let is_camel = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.contains(|c: char| c.is_ascii_lowercase());
        Some(Self { name: name.to_ascii_lowercase(), opens, is_camel, after_name })
    }

    /// What is shown in place of a frame, a player or a plug-in: a link to what would be in it. Also
    /// what follows the tag.
    pub fn link(&self) -> Option<(String, &'t str)> {
        let name = match self.name.as_str() {
            "iframe" | "video" | "audio" | "source" | "embed" | "script" if self.opens => "src",
            "object" if self.opens => "data",
            _ => return None,
        };
        let source = attribute(self.after_name, name)?;
        let link =
            if self.name == "script" { embeds::gist(source)? } else { embeds::frame(source)? };
        Some((link, self.after_name.get(self.end()? + 1..)?))
    }

    /// Where its `>` stands behind its name; brackets in quotes do not end it.
    pub fn end(&self) -> Option<usize> {
        let mut quote = None;
        self.after_name.find(|c: char| match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
                false
            }
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                c == '>'
            }
        })
    }

    /// `List<Option>` ends in a type, though there is an element of that name.
    pub fn is_html(&self, after_word: bool) -> bool {
        ELEMENTS.binary_search(&self.name.as_str()).is_ok() && !(self.is_camel && after_word)
    }
}

/// The value of the attribute `name`, in quotes or without.
pub(super) fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = start(attributes, MAX_TAG);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || "=/>".contains(c))?;
        let (found, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(value) => {
                let value = value.trim_start();
                match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                    Some(quote) => value.strip_prefix(quote)?.split_once(quote)?,
                    None => {
                        let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
                        value.split_at_checked(end)?
                    }
                }
            }
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        if found.is_empty() && after == rest {
            return None;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_their_names() {
        for (attributes, value) in [
            (" src=a>", Some("a")),
            ("/x=\"src='b'\" SRC = 'c' >", Some("c")),
            (" data-src=\"d\" src=\"e\">", Some("e")),
            (" src>", Some("")),
            (" alt=\"src=f\">", None),
            ("", None),
            (" =\"=\">", None),
        ] {
            assert_eq!(attribute(attributes, "src"), value, "{attributes}");
        }
    }
}
