//! Markdown by a standard alone, with nothing of ours added: what the conformance suites measure.

use comrak::{Arena, Options};

use super::limits;
use crate::render::codes::Code;
use crate::render::sanitize;

/// A standard of Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// CommonMark 0.31.2, <https://spec.commonmark.org/0.31.2/>.
    CommonMark,
    /// GitHub Flavored Markdown: CommonMark with tables, strikethrough, task lists and autolinks,
    /// <https://github.github.com/gfm/>. HTML is sanitized, which goes further than its tag filter.
    Gfm,
}

pub(in crate::render) fn render(standard: Standard, markdown: &str) -> Result<String, Code> {
    limits::admit(markdown, &mut Vec::new())?;
    let arena = Arena::new();
    let options = options(standard);
    let root = limits::parse(&arena, markdown, &options)?;
    let mut html = String::new();
    comrak::format_html(root, &options, &mut html).map_err(|_| Code::OutputTooLong)?;
    Ok(sanitize::clean_standard(&html))
}

fn options(standard: Standard) -> Options<'static> {
    let mut options = Options::default();
    if standard == Standard::Gfm {
        let extension = &mut options.extension;
        extension.strikethrough = true;
        extension.table = true;
        extension.tasklist = true;
        extension.autolink = true;
        extension.footnotes = true;
    }
    // Sanitizing comes last; until then HTML passes as it is.
    options.render.r#unsafe = true;
    options
}
