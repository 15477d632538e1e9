//! The lists: what may be in a note.

use std::collections::{HashMap, HashSet};

use crate::render::markdown::invisible;

pub(super) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements whose content is no text of the note.
pub(super) const TAGS_WITHOUT_CONTENT: &[&str] = &[
    "script", "style", "iframe", "object", "template", "noscript", "noembed", "noframes", "title",
];

pub(super) const CLASSES: &[&str] = &[
    "alert",
    "alert-info",
    "alert-success",
    "alert-warning",
    "alert-danger",
    "alert-title",
    "alert-type",
    "code-comment",
    "code-figure",
    "code-key",
    "code-line",
    "code-line-marked",
    "code-number",
    "code-string",
    "code-wrap",
    "contains-task-list",
    "embed",
    "footnote-backref",
    "footnote-ref",
    "footnotes",
    "inferred",
    "math",
    "math-display",
    "remark-author",
    "remark-time",
    "remark-tone",
    "spoiler",
    "task-list-item",
    "task-list-item-checkbox",
    "toc",
    "tone-blue",
    "tone-gray",
    "tone-green",
    "tone-orange",
    "tone-purple",
    "tone-red",
];

pub(super) const URL_SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Classes of what is put around sanitized sections and into them.
pub(super) const STRUCTURE_CLASSES: &[&str] =
    &["note-lead", "note-section", "note-plain", invisible::MARK_CLASS];

pub(super) fn set(names: &[&'static str]) -> HashSet<&'static str> {
    names.iter().copied().collect()
}

/// Attributes of each element, beside those that all may have.
pub(super) fn attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    HashMap::from([
        ("a", set(&["aria-label", "href", "hreflang"])),
        ("col", set(&["span"])),
        ("colgroup", set(&["span"])),
        ("del", set(&["datetime"])),
        ("details", set(&["open"])),
        ("img", set(&["alt", "height", "src", "width"])),
        ("input", set(&["aria-label", "checked"])),
        ("ins", set(&["datetime"])),
        ("nav", set(&["aria-label"])),
        ("ol", set(&["start"])),
        ("pre", set(&["data-language"])),
        ("span", set(&["data-line"])),
        ("td", set(&["colspan", "rowspan"])),
        ("th", set(&["colspan", "rowspan", "scope"])),
        ("time", set(&["datetime"])),
    ])
}

/// Attributes that have one of a few values.
pub(super) fn attribute_values()
-> HashMap<&'static str, HashMap<&'static str, HashSet<&'static str>>> {
    let align = || HashMap::from([("align", set(&["left", "center", "right"]))]);
    let mut values: HashMap<_, _> = ["div", "h2", "h3", "h4", "h5", "h6", "p", "td", "th", "tr"]
        .into_iter()
        .map(|tag| (tag, align()))
        .collect();
    values.entry("div").or_default().insert("role", set(&["note"]));
    values.insert("input", HashMap::from([("type", set(&["checkbox"]))]));
    let mut image = align();
    image.insert("loading", set(&["lazy"]));
    image.insert("decoding", set(&["async"]));
    values.insert("img", image);
    values
}
