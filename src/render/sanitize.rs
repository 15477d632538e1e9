//! The last step of everything that becomes HTML: what is not on the lists here does not get out.

mod allowed;

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::Builder;

use allowed::{
    CLASSES, STRUCTURE_CLASSES, TAGS, TAGS_WITHOUT_CONTENT, URL_SCHEMES, attribute_values,
    attributes, set,
};

/// Before every `id` and every link to one, so that no author's id is the name of something that a
/// script looks for.
pub(super) const ID_PREFIX: &str = "note-";

/// Bytes of the name of a code block's language.
const MAX_LANGUAGE: usize = 64;

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = common();
    builder.id_prefix(Some(ID_PREFIX)).attribute_filter(filter_attribute);
    builder
});

/// For what is already rendered: ids have their prefix, and sections stand around it.
static PUBLISHED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = common();
    builder.add_tag_attributes("section", &["aria-labelledby"]).attribute_filter(filter_published);
    builder
});

/// For documents that are no notes: they have titles of their own.
static STANDARD: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = common();
    builder.add_tags(["h1"]).id_prefix(Some(ID_PREFIX)).attribute_filter(filter_attribute);
    builder
});

fn common() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(set(TAGS))
        .clean_content_tags(set(TAGS_WITHOUT_CONTENT))
        .generic_attributes(set(&["class", "dir", "id", "lang", "title"]))
        .tag_attributes(attributes())
        .tag_attribute_values(attribute_values())
        // One attribute a tag: with more, their order would differ from run to run.
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("img", "referrerpolicy", "no-referrer")
        .url_schemes(set(URL_SCHEMES))
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .strip_comments(true);
    builder
}

/// Sanitizes an HTML fragment. What comes out is balanced, so it can be put between other elements.
pub(super) fn clean(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}

/// Sanitizes a fragment that says to be rendered by us: what we rendered passes as it is, and nothing
/// else gets through that would not have got through then.
pub(super) fn clean_published(html: &str) -> String {
    PUBLISHED.clean(html).to_string()
}

/// Sanitizes a published fragment and gives its images the sources that `place` answers: none where it
/// does not know the source, `Some(None)` where there is to be none.
pub(super) fn clean_placed(
    html: &str,
    place: impl Fn(&str) -> Option<Option<String>> + Send + Sync + 'static,
) -> String {
    let mut builder = common();
    builder.add_tag_attributes("section", &["aria-labelledby"]).attribute_filter(
        move |element, attribute, value| match (element, attribute) {
            ("img", "src") => {
                place(value).map_or(Some(Cow::Borrowed(value)), |source| source.map(Cow::Owned))
            }
            _ => filter_published(element, attribute, value),
        },
    );
    builder.clean(html).to_string()
}

/// Sanitizes a published fragment and leads its links to where `lead` says, where it knows.
pub(super) fn clean_linked(
    html: &str,
    lead: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> String {
    let mut builder = common();
    builder.add_tag_attributes("section", &["aria-labelledby"]).attribute_filter(
        move |element, attribute, value| match (element, attribute) {
            ("a", "href") => Some(lead(value).map_or(Cow::Borrowed(value), Cow::Owned)),
            _ => filter_published(element, attribute, value),
        },
    );
    builder.clean(html).to_string()
}

/// Sanitizes what is rendered by a standard alone.
pub(super) fn clean_standard(html: &str) -> String {
    STANDARD.clean(html).to_string()
}

/// Keeps known classes, prefixes links within the note as ids are, and takes numbers for sizes.
fn filter_attribute<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        (_, "class") => {
            let kept: Vec<&str> =
                value.split_ascii_whitespace().filter(|class| class_is_known(class)).collect();
            (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
        }
        ("a", "href") => Some(match value.strip_prefix('#') {
            Some(id) if !id.is_empty() && !id.starts_with(ID_PREFIX) => {
                Cow::Owned(format!("#{ID_PREFIX}{id}"))
            }
            _ => Cow::Borrowed(value),
        }),
        ("img", "width" | "height") => length(value).map(Cow::Owned),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
        ("pre", "data-language") => {
            class_is_known(&format!("language-{value}")).then_some(Cow::Borrowed(value))
        }
        (_, "colspan" | "rowspan" | "span" | "start" | "data-line") => (value.len() <= 9
            && value.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

fn filter_published<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match attribute {
        "class" if STRUCTURE_CLASSES.contains(&value) => Some(Cow::Borrowed(value)),
        "id" | "aria-labelledby" => value.starts_with(ID_PREFIX).then_some(Cow::Borrowed(value)),
        _ => filter_attribute(element, attribute, value),
    }
}

fn class_is_known(class: &str) -> bool {
    CLASSES.contains(&class)
        || class.strip_prefix("language-").is_some_and(|language| {
            (1..=MAX_LANGUAGE).contains(&language.len())
                && !language.contains(['"', '\'', '<', '>', '&', '`'])
        })
}

/// `200`, `200px` or `80%` as the `width` and `height` of an image have it; nothing else.
pub(super) fn length(value: &str) -> Option<String> {
    let value = value.trim();
    let (digits, unit) = match value.strip_suffix('%') {
        Some(digits) => (digits, "%"),
        None => (value.strip_suffix("px").unwrap_or(value), ""),
    };
    let number: u32 = digits.trim().parse().ok()?;
    let max = if unit == "%" { 100 } else { 9999 };
    (1..=max).contains(&number).then(|| format!("{number}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_numbers_of_pixels_or_percent() {
        assert_eq!(length("200").as_deref(), Some("200"));
        assert_eq!(length("200px").as_deref(), Some("200"));
        assert_eq!(length(" 80% ").as_deref(), Some("80%"));
        for bad in ["", "0", "-1", "101%", "12345", "1em", "calc(1px)", "1\"", "1e3"] {
            assert_eq!(length(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_and_links_to_them_get_the_same_prefix() {
        let html = clean(r##"<a href="#location" id="location">x</a><a href="#note-a">y</a>"##);
        assert!(html.contains(r##"href="#note-location""##), "{html}");
        assert!(html.contains(r#"id="note-location""#), "{html}");
        assert!(html.contains(r##"href="#note-a""##), "{html}");
    }

    #[test]
    fn classes_that_the_pages_use_for_themselves_are_dropped() {
        let html = clean(r#"<p class="alert page-header language-x&quot;y">a</p>"#);
        assert_eq!(html, r#"<p class="alert">a</p>"#);
        assert_eq!(clean(r#"<section class="note-section">a</section>"#), "<section>a</section>");
    }

    #[test]
    fn a_published_fragment_is_as_clean_as_a_fresh_one() {
        let hostile = [
            (r#"<p id="location">a</p>"#, "<p>a</p>"),
            (r#"<section class="page-head" onclick="x()">a</section>"#, "<section>a</section>"),
            ("<script>x()</script><p>a</p>", "<p>a</p>"),
        ];
        for (html, expected) in hostile {
            assert_eq!(clean_published(html), expected);
        }
    }

    #[test]
    fn sanitizing_twice_changes_nothing() {
        let once =
            clean(r##"<input type=text checked><img src=//a.example/b width=9px><a href=#x>"##);
        assert_eq!(clean(&once), once);
    }
}
