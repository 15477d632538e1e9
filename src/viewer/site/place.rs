//! Which file an address becomes.

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use url::Url;
use url::form_urlencoded::parse;

use super::CATALOGUE;
use crate::api::names::hex_digest;
use crate::render::digest_of;
use crate::viewer::address::{Key, PART, PageId};
use crate::viewer::base::{Base, NOWHERE};
use crate::viewer::language::Language;
use crate::viewer::library::Library;
use crate::viewer::view::View;

/// Where the language is chosen, in addresses of a server.
const LANGUAGE: &str = "/-/language/";
/// Bytes of a part of a path: file systems take 255.
const LONGEST: usize = 200;
/// A file, and the address under which it is found.
pub struct Place {
    parts: Vec<String>,
    /// The language of a page; what is no page has none.
    pub language: Option<Language>,
    /// For links in pages.
    pub link: String,
}

impl Place {
    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.language.is_some() && !self.link.ends_with(".json")
    }

    /// Its path, with `/` between the parts.
    pub fn file(&self) -> String {
        self.parts.join("/")
    }
}

/// The files of a site.
pub struct Places {
    base: Base,
    library: Library,
}

impl Places {
    pub fn new(base: Base, library: Library) -> Self {
        Self { base, library }
    }

    /// The address and the fragment that `link` on the page at `address` leads to, where they are ours.
    pub fn target(&self, link: &str, address: &str) -> Option<(String, String)> {
        if link.starts_with('#') {
            return None;
        }
        let link = match self.base.address("") {
            Some(site) => link.strip_prefix(&*site).unwrap_or(link),
            None => link,
        };
        let here = Url::parse(NOWHERE).ok()?;
        let url = here.join(address).ok()?.join(link).ok()?;
        if url.origin() != here.origin() {
            return None;
        }
        let path = self.base.strip(url.path());
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        Some((format!("{path}{query}"), fragment))
    }

    /// The address of `place` in the stead of `link`, as whole as that was.
    pub fn shown(&self, link: &str, place: &Place) -> String {
        let origin = self.base.address("").filter(|site| link.starts_with(&**site));
        let origin =
            origin.and_then(|site| site.strip_suffix(self.base.prefix()).map(str::to_owned));
        format!("{}{}", origin.unwrap_or_default(), place.link)
    }

    /// The file for an address.
    pub fn of(&self, address: &str, language: Language) -> Place {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if let Some(tag) = path.strip_prefix(LANGUAGE) {
            let to = parse(query.as_bytes()).find(|(name, _)| name == "to");
            let to = to.map_or_else(|| "/".into(), |(_, to)| to);
            // A switch to a switch would lead round and round.
            let to = if to.starts_with(LANGUAGE) { "/" } else { &*to };
            return self.of(to, Language::named(tag).unwrap_or_default());
        }
        if path == CATALOGUE {
            return self.file(in_language(parts_of(path), language), Some(language), "");
        }
        let Some(page) = PageId::parse(path) else {
            return self.file(self.with_extension(parts_of(path)), None, "");
        };
        let view = View::parse(query).address("");
        let mut parts = in_language(parts_of(&page.to_string()), language);
        // The search is one page, whose script reads what is looked for.
        let kept = if page == PageId::Search { &*view } else { "" };
        if kept.is_empty() && !view.is_empty() {
            parts.extend(["-".to_owned(), view_part(&view)]);
        }
        parts.push("index.html".to_owned());
        self.file(parts, Some(language), kept)
    }

    fn file(&self, parts: Vec<String>, language: Option<Language>, query: &str) -> Place {
        let shown = |part: &String| match &**part {
            "index.html" => String::new(),
            part => utf8_percent_encode(part, PART).to_string(),
        };
        let path = parts.iter().map(shown).collect::<Vec<_>>().join("/");
        Place { link: format!("{}{query}", self.base.link(&format!("/{path}"))), parts, language }
    }

    /// Servers of files tell the type of an image by its name.
    fn with_extension(&self, mut parts: Vec<String>) -> Vec<String> {
        if let (Some(namespace), Some(name)) = (parts.first().cloned(), parts.last_mut())
            && let Some(digest) = digest_of(name)
        {
            let key = Key::new(namespace, digest);
            let media_type =
                self.library.read(|shelf| shelf.image(&key).map(|image| image.media_type()));
            let extension = media_type.and_then(|media_type| media_type.strip_prefix("image/"));
            *name = format!("{name}.{}", extension.unwrap_or("bin"));
        }
        parts
    }
}

/// The pages of the first language are at the root.
fn in_language(mut parts: Vec<String>, language: Language) -> Vec<String> {
    if language.tag() != Language::default().tag() {
        parts.splice(0..0, ["-".to_owned(), language.tag().to_owned()]);
    }
    parts
}

fn parts_of(path: &str) -> Vec<String> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(|part| safe(&percent_decode_str(part).decode_utf8_lossy())).collect()
}

/// `?kind=keynote&view=grid` as one part of a path.
fn view_part(view: &str) -> String {
    let pairs = parse(view.trim_start_matches('?').as_bytes());
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", name, safe(&value))).collect();
    shortened(pairs.join(","))
}

/// A part of a path that means nothing to file systems: letters, digits and a few signs stay, the bytes of
/// all else are written as `~2f`. A dot in front would hide it, or lead up.
fn safe(part: &str) -> String {
    let mut safe = String::new();
    for (place, c) in part.char_indices() {
        if c.is_alphanumeric() || "-_".contains(c) || (c == '.' && place > 0) {
            safe.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                safe.push_str(&format!("~{byte:02x}"));
            }
        }
    }
    // No part is empty: it would not be one.
    if safe.is_empty() { "~".to_owned() } else { shortened(safe) }
}

fn shortened(part: String) -> String {
    if part.len() <= LONGEST {
        return part;
    }
    let hash: String = hex_digest(part.as_bytes()).chars().take(16).collect();
    let room = LONGEST.saturating_sub(hash.len().saturating_add(1));
    let end = part.floor_char_boundary(room);
    format!("{}-{hash}", part.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(base: &str) -> Places {
        Places::new(base.parse().unwrap(), Library::default())
    }

    fn link(address: &str) -> (String, String) {
        let place = places("https://example.org/notes").of(address, Language::default());
        (place.file(), place.link)
    }

    #[test]
    fn pages_are_folders_and_the_rest_are_files() {
        for (address, file, shown) in [
            ("/", "index.html", "/notes/"),
            ("/a/b", "a/b/index.html", "/notes/a/b/"),
            ("/a/b/c?view=2", "a/b/c/-/view=2/index.html", "/notes/a/b/c/-/view%3D2/"),
            (
                "/a/b?kind=keynote&view=grid",
                "a/b/-/view=grid,kind=keynote/index.html",
                "/notes/a/b/-/view%3Dgrid%2Ckind%3Dkeynote/",
            ),
            ("/a/b/-/feed.xml", "a/b/-/feed.xml", "/notes/a/b/-/feed.xml"),
            ("/search?q=a%20b", "search/index.html", "/notes/search/?q=a+b"),
            (
                "/-/language/zh-Hant?to=%2Fa%2Fb",
                "-/zh-Hant/a/b/index.html",
                "/notes/-/zh-Hant/a/b/",
            ),
            (
                "/-/tags/c%2B%2B%2Fgo",
                "-/tags/c~2b~2b~2fgo/index.html",
                "/notes/-/tags/c~2b~2b~2fgo/",
            ),
            ("/-/search.json", "-/search.json", "/notes/-/search.json"),
        ] {
            assert_eq!(link(address), (file.to_owned(), shown.to_owned()), "{address}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_is_too_long() {
        for tag in ["..", ".", "...", "../../x", "/etc/passwd", "a\\b", "a\0b", ""] {
            let (file, _) = link(&PageId::Tag(tag.to_owned()).to_string());
            assert!(!file.split('/').any(|part| part.starts_with('.')), "{tag}: {file}");
            assert!(!file.contains(['\\', '\0']), "{tag}: {file}");
        }
        let (long, _) = link(&PageId::Tag("節".repeat(300)).to_string());
        assert!(long.split('/').all(|part| part.len() <= LONGEST), "{long}");
    }

    #[test]
    fn what_is_ours_is_told_from_what_is_not() {
        let target = |link: &str| places("https://example.org/notes").target(link, "/a/b/c");
        let ours = |path: &str, fragment: &str| Some((path.to_owned(), fragment.to_owned()));
        assert_eq!(target("../x/y#z"), ours("/a/x/y", "#z"));
        assert_eq!(target("c/image-1"), ours("/a/b/c/image-1", ""));
        assert_eq!(target("/notes/d?e=f"), ours("/d?e=f", ""));
        assert_eq!(target("https://example.org/notes/d"), ours("/d", ""));
        for link in ["#z", "https://example.com/", "//example.com/", "mailto:a@b", "data:,x"] {
            assert_eq!(target(link), None, "{link}");
        }
    }
}
