//! What belongs to others and is shown as a link: it is fetched when a reader asks for it, not before.
//! Also images with a size, and figures.

use std::fmt::Write as _;

use url::Url;

use super::html::IMAGE_ATTRIBUTES;
use super::pieces::Piece;
use super::shortcodes::{self, Shortcode};
use crate::render::sanitize::length;

/// Characters of an address that are shown of it.
const MAX_SHOWN: usize = 80;

/// The first `{%youtube id %}`, `{{< youtube id >}}` or `{{< figure … >}}` in `text`.
pub(super) fn find_embed(text: &str) -> Option<(&str, Piece, &str)> {
    let (before, html, after) = shortcodes::find(text, |code| match code.name {
        "figure" => figure(code),
        _ => embed(code),
    })?;
    Some((before, Piece::Html(html), after))
}

fn embed(code: &Shortcode<'_>) -> Option<String> {
    let service = code.name.to_ascii_lowercase();
    let id = match (code.unnamed(), service.as_str()) {
        (1, _) => code.at(0)?.to_owned(),
        (2, "x" | "twitter" | "tweet" | "gist") => format!("{}/{}", code.at(0)?, code.at(1)?),
        (0, "x" | "twitter" | "tweet") => {
            format!("{}/{}", code.named(&["user"])?, code.named(&["id"])?)
        }
        (0, _) => code.named(&["id", "url"])?.to_owned(),
        _ => return None,
    };
    let (label, url) = address(&service, &id)?;
    Some(card(&format!("{label}: {id}"), &url))
}

/// A link to what would be embedded elsewhere.
fn card(label: &str, url: &str) -> String {
    let mut html = String::from("<span class=\"embed\"><a href=\"");
    // Writing to a string does not fail.
    let _ = comrak::html::escape_href(&mut html, url, false);
    html.push_str("\">");
    let _ = comrak::html::escape(&mut html, label);
    html.push_str("</a></span>");
    html
}

/// What the embed is called and where it leads. `None` where the service or its id is not known.
fn address(service: &str, id: &str) -> Option<(&'static str, String)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let is_id = |max: usize| !id.is_empty() && id.len() <= max && id.chars().all(plain);
    let is_path = !id.is_empty()
        && id.len() <= 200
        && !id.starts_with('/')
        && !id.split('/').any(|part| part == "..")
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
        "hackmd" if web_page(id).is_some_and(|url| url.host_str() == Some("hackmd.io")) => {
            Some(("HackMD", web_page(id)?.into()))
        }
        "hackmd" if is_path => Some(("HackMD", format!("https://hackmd.io/{id}"))),
        "instagram" if is_id(40) => {
            Some(("Instagram", format!("https://www.instagram.com/p/{id}/")))
        }
        "x" | "twitter" | "tweet" if is_path => {
            let (user, post) = id.split_once('/')?;
            Some(("X", format!("https://x.com/{user}/status/{post}")))
        }
        "pdf" => Some(("PDF", web_page(id)?.into())),
        "figma" => Some(("Figma", web_page(id)?.into())),
        _ => None,
    }
}

/// `address` where it is one of the web, without a password in it.
fn web_page(address: &str) -> Option<Url> {
    let address = address.trim();
    let absolute = match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_owned(),
    };
    let url = Url::parse(&absolute).ok()?;
    let is_open = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_open).then_some(url)
}

/// The link that stands for a frame, a player or a plug-in with the content of `source`.
pub(super) fn frame(source: &str) -> Option<String> {
    let url = web_page(source)?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    let last = url.path_segments()?.rfind(|part| !part.is_empty()).unwrap_or_default().to_owned();
    let known = match host.as_str() {
        "youtube.com" | "youtube-nocookie.com" if url.path().starts_with("/embed/") => {
            address("youtube", &last)
        }
        "player.vimeo.com" => address("vimeo", &last),
        _ => None,
    };
    if let Some((label, url)) = known {
        return Some(card(&format!("{label}: {last}"), &url));
    }
    let shown = format!("{host}{}", url.path().trim_end_matches('/'));
    let mut label: String = shown.chars().take(MAX_SHOWN).collect();
    if label.len() < shown.len() {
        label.push('…');
    }
    Some(card(&label, url.as_str()))
}

/// The gist that a script from GitHub would show.
pub(super) fn gist(source: &str) -> Option<String> {
    let url = web_page(source)?;
    let path = url.path().trim_start_matches('/').strip_suffix(".js")?;
    let is_gist = url.host_str() == Some("gist.github.com");
    let (label, link) = is_gist.then(|| address("gist", path)).flatten()?;
    Some(card(&format!("{label}: {path}"), &link))
}

/// Hugo's figure: an image, with title, caption and source below it where it has them.
fn figure(code: &Shortcode<'_>) -> Option<String> {
    let source = code.named(&["src"]).or_else(|| code.at(0))?;
    let alt = code.named(&["alt", "caption", "title"]).unwrap_or_default();
    let size = |name: &str| code.named(&[name]).and_then(length).unwrap_or_default();
    let image = image_tag(source, alt, "", &size("width"), &size("height"));
    let image = linked(image, code.named(&["link"]));
    let text = |name: &str| {
        let mut html = String::new();
        let _ = comrak::html::escape(&mut html, code.named(&[name])?);
        Some(html).filter(|html| !html.is_empty())
    };
    let title = text("title").map(|title| format!("<strong>{title}</strong>"));
    let credit = text("attr").map(|credit| linked(credit, code.named(&["attrlink"])));
    let caption: Vec<String> = [title, text("caption"), credit].into_iter().flatten().collect();
    let caption = match caption.as_slice() {
        [] => String::new(),
        lines => format!("<figcaption>{}</figcaption>", lines.join("<br>")),
    };
    Some(format!("<figure>{image}{caption}</figure>"))
}

/// `html` in a link, where `address` is one of the web.
fn linked(html: String, address: Option<&str>) -> String {
    let Some(url) = address.and_then(web_page) else { return html };
    let mut link = String::from("<a href=\"");
    let _ = comrak::html::escape_href(&mut link, url.as_str(), false);
    format!("{link}\">{html}</a>")
}

fn image_tag(url: &str, alt: &str, title: &str, width: &str, height: &str) -> String {
    let mut html = format!("<img{IMAGE_ATTRIBUTES} src=\"");
    let _ = comrak::html::escape_href(&mut html, url, false);
    for (name, value) in [("alt", alt), ("title", title)] {
        let _ = write!(html, "\" {name}=\"");
        let _ = comrak::html::escape(&mut html, value);
    }
    html.push('"');
    for (name, value) in [("width", width), ("height", height)] {
        if !value.is_empty() {
            let _ = write!(html, " {name}=\"{value}\"");
        }
    }
    html.push('>');
    html
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
    let side = |value: &str| if value.is_empty() { Some(String::new()) } else { length(value) };
    Some(image_tag(url, alt, title, &side(width)?, &side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embeds_are_links_and_bad_ones_stay_text() {
        let card = |inner: &str| {
            let text = format!("{{%{inner} %}}");
            find_embed(&text).map(|(_, piece, _)| format!("{piece:?}"))
        };
        for (good, url) in [
            ("youtube dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("youtube id=\"dQw4w9WgXcQ\" start=30", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("slideshare someone/some-deck", "https://www.slideshare.net/someone/some-deck"),
            ("x user=someone id=12", "https://x.com/someone/status/12"),
            ("pdf https://a.example/b.pdf", "https://a.example/b.pdf"),
            ("hackmd @team/a_b", "https://hackmd.io/@team/a_b"),
        ] {
            assert!(card(good).unwrap().contains(url), "{good}");
        }
        for bad in [
            "youtube \"onload=alert(1)",
            "youtube a/../b",
            "vimeo 1\"2",
            "hackmd",
            "pdf javascript:alert(1)",
            "gist //evil.example/x",
            "gist /x",
            "gist ../x",
            "pdf https://user:secret@a.example/",
            "pdf file:///etc/passwd",
            "unknown 1",
            "youtube a b",
        ] {
            assert_eq!(card(bad), None, "{bad}");
        }
    }

    #[test]
    fn frames_are_links_to_pages_of_the_web() {
        let youtube = frame("//www.youtube.com/embed/dQw4w9WgXcQ?rel=0").unwrap();
        assert!(youtube.contains("watch?v=dQw4w9WgXcQ\">YouTube: dQw4w9WgXcQ<"), "{youtube}");
        let other = frame("https://slides.example/embed/1?a=b").unwrap();
        assert!(other.contains(">slides.example/embed/1</a>"), "{other}");
        for bad in ["javascript:x", "data:text/html,x", "a.html", "", "https://u:p@a.example/"] {
            assert_eq!(frame(bad), None, "{bad}");
        }
        assert!(gist("https://gist.github.com/someone/12ab.js").is_some());
        assert_eq!(gist("https://evil.example/someone/12ab.js"), None);
    }

    #[test]
    fn figures_have_captions_as_text() {
        let html = find_embed("{{< figure src=\"a.png\" caption=\"<b>\" width=9px >}}").unwrap();
        let html = format!("{:?}", html.1);
        assert!(html.contains("<figcaption>&lt;b&gt;</figcaption></figure>"), "{html}");
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
