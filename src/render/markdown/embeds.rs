//! HackMD's and Hugo's embeds, and images with a size.

use std::fmt::Write as _;

use super::html::IMAGE_ATTRIBUTES;
use super::inlines::Piece;
use crate::render::sanitize::length;

/// What stands around an embed.
const MARKS: [(&str, &str); 2] = [("{%", "%}"), ("{{<", ">}}")];

/// The first `{%youtube id %}` or `{{< youtube id >}}` in `text`, as a link: what belongs to others is
/// fetched when a reader asks for it, not before.
pub(super) fn find_embed(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    loop {
        let (at, close) = text.get(from..)?.match_indices('{').find_map(|(at, _)| {
            let rest = text.get(from + at..)?;
            MARKS
                .iter()
                .find(|(open, _)| rest.starts_with(open))
                .map(|(_, close)| (from + at, *close))
        })?;
        let (before, rest) = text.split_at_checked(at)?;
        let (inner, after) = rest.split_once(close)?;
        if let Some(html) = card(inner.trim_start_matches(['{', '%', '<'])) {
            return Some((before, Piece::Html(html), after));
        }
        from = text.len() - after.len();
    }
}

fn card(inner: &str) -> Option<String> {
    let mut words = inner.split_whitespace();
    let (service, id) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (label, url) = address(&service.to_ascii_lowercase(), id.trim_matches('"'))?;
    let mut html = String::from("<span class=\"embed\"><a href=\"");
    let _ = comrak::html::escape_href(&mut html, &url, false);
    html.push_str("\">");
    let _ = comrak::html::escape(&mut html, &format!("{label}: {}", id.trim_matches('"')));
    html.push_str("</a></span>");
    Some(html)
}

/// What the embed is called and where it leads. `None` where the service or its id is not known.
fn address(service: &str, id: &str) -> Option<(&'static str, String)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let is_id = |max: usize| !id.is_empty() && id.len() <= max && id.chars().all(plain);
    let is_path = !id.is_empty()
        && id.len() <= 200
        && !id.starts_with('/')
        && id.chars().all(|c| plain(c) || "/@.".contains(c));
    match service {
        "youtube" if is_id(11) => {
            Some(("YouTube", format!("https://www.youtube.com/watch?v={id}")))
        }
        "vimeo" if id.len() <= 12 && id.bytes().all(|b| b.is_ascii_digit()) => {
            Some(("Vimeo", format!("https://vimeo.com/{id}")))
        }
        "gist" if is_path => Some(("Gist", format!("https://gist.github.com/{id}"))),
        "slideshare" if is_path => Some(("SlideShare", format!("https://www.slideshare.net/{id}"))),
        "speakerdeck" if is_path => Some(("Speaker Deck", format!("https://speakerdeck.com/{id}"))),
        "hackmd" if is_path => Some(("HackMD", format!("https://hackmd.io/{id}"))),
        "pdf" if id.starts_with("https://") => Some(("PDF", id.to_owned())),
        _ => None,
    }
}

/// The first `![alt](url =200x100)` in `text`: an image to HackMD, and plain text to the standard.
pub(super) fn find_sized_image(text: &str) -> Option<(&str, Piece, &str)> {
    let mut from = 0;
    loop {
        // From the end backwards: each character is looked at once, whatever stands between.
        let end = from + text.get(from..)?.find(')')?;
        let segment = text.get(from..end)?;
        if let Some((head, inner)) = segment.rsplit_once("](")
            && let Some((before, alt)) = head.rsplit_once("![")
            && let Some(html) = image(alt, inner)
        {
            let before = text.get(..from + before.len())?;
            return Some((before, Piece::Html(html), text.get(end + 1..)?));
        }
        from = end + 1;
    }
}

fn image(alt: &str, inner: &str) -> Option<String> {
    let (target, size) = inner.rsplit_once(" =")?;
    let (width, height) = size.trim().split_once('x')?;
    let (url, title) = match target.trim().split_once(char::is_whitespace) {
        Some((url, title)) => (url, title.trim().trim_matches('"')),
        None => (target.trim(), ""),
    };
    let mut html = format!("<img{IMAGE_ATTRIBUTES} src=\"");
    let _ = comrak::html::escape_href(&mut html, url, false);
    for (name, value) in [("alt", alt), ("title", title)] {
        let _ = write!(html, "\" {name}=\"");
        let _ = comrak::html::escape(&mut html, value);
    }
    html.push('"');
    for (name, value) in [("width", width), ("height", height)] {
        if value.is_empty() {
            continue;
        }
        let _ = write!(html, " {name}=\"{}\"", length(value)?);
    }
    html.push('>');
    Some(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embeds_are_links_and_bad_ones_stay_text() {
        let html = card("youtube dQw4w9WgXcQ").unwrap();
        assert!(html.contains("https://www.youtube.com/watch?v=dQw4w9WgXcQ"), "{html}");
        assert!(card("slideshare someone/some-deck").is_some());
        for bad in [
            "youtube \"onload=alert(1)",
            "youtube a/../b",
            "vimeo 1\"2",
            "hackmd",
            "pdf javascript:alert(1)",
            "gist //evil.example/x",
            "gist /x",
            "unknown 1",
            "youtube a b",
        ] {
            assert_eq!(card(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_are_checked() {
        assert!(image("a", "u =200x").unwrap().ends_with(" width=\"200\">"));
        assert!(image("a", "u =x100").unwrap().ends_with(" height=\"100\">"));
        assert!(image("a", "u =50%x").unwrap().ends_with(" width=\"50%\">"));
        assert!(image("a", "u \"t\" =2x3").unwrap().contains("title=\"t\""));
        for bad in ["u", "u =200", "u =200x\"onerror=alert(1)", "u =ax"] {
            assert_eq!(image("a", bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_found_has_a_before_and_an_after() {
        let (before, _, after) = find_embed("a {%x%} {%youtube abc %} b").unwrap();
        assert_eq!((before, after), ("a {%x%} ", " b"));
        let (before, _, after) = find_sized_image("![c](d) ![a](u =2x3) b").unwrap();
        assert_eq!((before, after), ("![c](d) ", " b"));
    }
}
