//! Code in colours: comments, keywords and keys, strings, and numbers, told by classes. One pass over the text
//! that looks at each byte a few times at most, whatever is in it; decision 0033 says why no grammar is read.

mod languages;
mod pieces;
mod scan;

pub(super) use scan::{Class, Token};

use languages::language;
use scan::Scanner;

/// What may still be coloured in a note. Each colour is an element, which the sanitizer reads and the page holds.
#[derive(Debug)]
pub(super) struct Budget {
    tokens: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { tokens: 8000 }
    }
}

impl Budget {
    /// `code` in pieces, in order and without a gap. It is one piece where the language is not known, and the
    /// rest is one where too much was coloured already.
    pub fn tokens<'c>(&mut self, name: &str, code: &'c str) -> Vec<Token<'c>> {
        let mut tokens = Vec::new();
        if let Some(language) = language(name) {
            let mut scanner = Scanner::new(language, code);
            while self.tokens > 0
                && let Some(token) = scanner.next()
            {
                self.tokens -= usize::from(token.class.is_some());
                tokens.push(token);
            }
            tokens.extend(scanner.rest());
        } else if !code.is_empty() {
            tokens.push(Token { text: code, class: None });
        }
        tokens
    }
}

#[cfg(test)]
mod tests;
