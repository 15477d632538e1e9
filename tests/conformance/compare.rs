//! Two fragments of HTML are the same where a reader sees the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options};
use talknotes::render::Standard;

/// Writes every fragment in one way. What the suites know is kept; what our pages add (where a link
/// opens, how an image loads) is not. Links are kept where the sanitizer keeps them.
static COMMON: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .add_tags(["input", "section"])
        .rm_tag_attributes("a", ["hreflang"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_generic_attributes(["align", "class"])
        .rm_generic_attributes(["lang"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(None)
        .attribute_filter(|_, attribute, value| match attribute {
            "class" => value.starts_with("language-").then_some(value.into()),
            "href" if value.starts_with("#note-") => Some(format!("#{}", &value[6..]).into()),
            _ => Some(value.into()),
        });
    builder
});

/// `html` in the form in which it is compared.
pub fn common(html: &str) -> String {
    let html = COMMON.clean(html).to_string();
    // Outside of code, where line ends are none of the page's, they say nothing beside a block.
    checkboxes(html.trim()).replace(">\n<", "><")
}

/// Attributes of checkboxes come in any order.
fn checkboxes(html: &str) -> String {
    let mut parts = html.split("<input ");
    let mut common = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (attributes, rest) = part.split_once('>').expect("the end of a tag");
        let state = if attributes.contains("checked=") { "checked" } else { "open" };
        assert!(attributes.contains("disabled="), "a checkbox that can be ticked: {html}");
        common.push_str(&format!("<input {state}>{rest}"));
    }
    common
}

/// `html` as a note has it: its title is that of the talk, so that its headings begin at the second
/// level, and no level is left out; each of them opens a section and has anchors.
pub fn as_in_a_note(html: &str) -> String {
    let mut html = common(html);
    for level in 1..=6 {
        html = html.replace(&format!("<h{level}>"), "<h>").replace(&format!("</h{level}>"), "</h>");
    }
    // Sections around headings, and anchors in them.
    for added in ["<section>", "</section>", "<span></span>"] {
        html = html.replace(added, "");
    }
    html.replace(">\n<", "><").trim().to_owned()
}

/// What the sanitizer changes on purpose.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// There is HTML in the Markdown.
    RawHtml,
    /// A link has a scheme that readers are not sent to.
    Scheme,
}

/// Whether, and why, the sanitizer changes what `markdown` says.
pub fn changed_on_purpose(standard: Standard, markdown: &str) -> Option<Changed> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = standard == Standard::Gfm;
    options.extension.autolink = standard == Standard::Gfm;
    let root = comrak::parse_document(&arena, markdown, &options);
    let reason = |node: Node<'_>| match &node.data().value {
        NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => Some(Changed::RawHtml),
        NodeValue::Link(link) | NodeValue::Image(link) => {
            is_dropped(&link.url).then_some(Changed::Scheme)
        }
        _ => None,
    };
    root.descendants().find_map(reason)
}

fn is_dropped(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_scheme = |scheme: &String| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    };
    scheme.filter(is_scheme).is_some_and(|one| !["http", "https", "mailto"].contains(&one.as_str()))
}
