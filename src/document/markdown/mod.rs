//! The structure of a Markdown document, as far as reading needs it: lines, headings, items of lists
//! and links.

mod code_spans;
pub(super) mod defined;
mod footnotes;
mod html;
pub(super) mod inline;
pub(super) mod line;
pub(super) mod link;
pub(super) mod links;
pub(super) mod outline;
pub(super) mod scanner;
