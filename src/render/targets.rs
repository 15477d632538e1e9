//! Links that a note or an overview has as paths: found in the sanitized HTML, where Markdown and HTML look
//! alike, and led to where the spec says that they lead.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::sanitize::{self, ID_PREFIX};
use crate::api::LinkTarget;

/// In the place of a summit's name in the address of a note that has none.
const NO_SUMMIT: &str = "-";
/// What is encoded in a fragment (WHATWG URL, fragment percent-encode set, and `%`).
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%');

/// Leads the links of `html` to the `targets` of its spec. `root` leads from its page to that of all
/// summits of the namespace: `../` for a note, nothing for a summit.
pub(super) fn place(html: String, root: &str, targets: &[LinkTarget]) -> String {
    if targets.is_empty() || !html.contains(" href=\"") {
        return html;
    }
    let addresses: BTreeMap<String, String> = targets
        .iter()
        .filter_map(|target| Some((target.source.clone(), address(root, target)?)))
        .collect();
    let placed = sanitize::clean_linked(&html, move |href| {
        let path = local_path(href)?;
        addresses.get(&path).cloned()
    });
    sanitize::clean_published(&placed)
}

/// The paths that links in sanitized `html` have, in the order of their names; those to places on the
/// same page begin with `#`.
pub(super) fn sources(html: &str) -> Vec<String> {
    let found = Arc::new(Mutex::new(BTreeSet::new()));
    if html.contains(" href=\"") {
        let found = Arc::clone(&found);
        sanitize::clean_linked(html, move |href| {
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(local_path(href)?);
            None
        });
    }
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    found.into_iter().collect()
}

/// The ids in sanitized `html`.
pub(super) fn ids(html: &str) -> Vec<String> {
    let parts = html.split(" id=\"").skip(1);
    parts.filter_map(|part| part.split_once('"')).map(|(id, _)| id.replace("&amp;", "&")).collect()
}

/// `href` as its author wrote it, where it is a path or a place on the page and no URL.
fn local_path(href: &str) -> Option<String> {
    let path = percent_decode_str(href.trim()).decode_utf8().ok()?;
    if let Some(id) = path.strip_prefix('#') {
        let id = id.strip_prefix(ID_PREFIX).unwrap_or(id);
        return (!id.is_empty()).then(|| format!("#{id}"));
    }
    let before_slash = path.split(['/', '#']).next().unwrap_or_default();
    let is_path = !path.is_empty()
        && !path.starts_with("//")
        && !path.starts_with('?')
        && !before_slash.contains(':');
    is_path.then(|| path.into_owned())
}

fn address(root: &str, target: &LinkTarget) -> Option<String> {
    let is_name = |name: &&String| {
        name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
            && name.bytes().any(|b| b.is_ascii_alphanumeric())
    };
    let summit = target.summit.as_ref().filter(is_name);
    let page = match (&target.note, summit) {
        (Some(note), summit) => {
            let note = Some(note).filter(is_name)?;
            format!("{root}{}/{note}", summit.map_or(NO_SUMMIT, String::as_str))
        }
        (None, Some(summit)) => format!("{root}{summit}"),
        (None, None) if target.url.is_none() && target.anchor.is_some() => String::new(),
        (None, None) => {
            return target.url.clone().filter(|url| super::links::is_publishable(url));
        }
    };
    let anchor = target.anchor.iter().filter(|anchor| anchor.starts_with(ID_PREFIX));
    let anchor = anchor.map(|anchor| format!("#{}", utf8_percent_encode(anchor, FRAGMENT)));
    Some(page + &anchor.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{SummitSpec, TalkNoteSpec};
    use crate::render;

    fn target(source: &str, note: &str, summit: &str, anchor: &str) -> LinkTarget {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        LinkTarget {
            source: source.to_owned(),
            note: some(note),
            summit: some(summit),
            anchor: some(anchor),
            url: None,
        }
    }

    fn hrefs(markdown: &str, targets: Vec<LinkTarget>) -> Vec<String> {
        let spec = TalkNoteSpec { targets, ..TalkNoteSpec::default() };
        let html = render::note("tides", &spec, markdown).html;
        assert_eq!(render::sanitize_published(&html), html);
        let parts = html.split(" href=\"").skip(1);
        parts.filter_map(|part| part.split_once('"')).map(|(href, _)| href.to_owned()).collect()
    }

    #[test]
    fn links_lead_to_pages_however_they_are_written() {
        for markdown in [
            "[a](talks/b%20c.md#Questions)",
            "[a](<talks/b c.md#Questions> \"t\")",
            "[a][b]\n\n[b]: talks/b%20c.md#Questions",
            "<a href=\"talks/b c.md#Questions\">a</a>",
            "[![x](https://i.example/x.png)](talks/b%20c.md#Questions)",
            "[a]({{< ref \"talks/b c.md#Questions\" >}})",
        ] {
            assert_eq!(render::local_links(markdown), ["talks/b c.md#Questions"], "{markdown}");
            let to = target("talks/b c.md#Questions", "cranes", "harbor", "note-questions");
            assert_eq!(
                hrefs(markdown, vec![to]),
                ["../harbor/cranes#note-questions"],
                "{markdown}"
            );
        }
    }

    #[test]
    fn pages_have_their_addresses() {
        let led = |to: LinkTarget| hrefs("[a](a.md)", vec![to]);
        assert_eq!(led(target("a.md", "b", "", "")), ["../-/b"]);
        assert_eq!(led(target("a.md", "", "s", "")), ["../s"]);
        assert_eq!(led(target("a.md", "", "", "note-講")), ["#note-%E8%AC%9B"]);
        let url = Some("https://git.example/a?b=1&c".to_owned());
        assert_eq!(
            led(LinkTarget { url, ..target("a.md", "", "", "") }),
            ["https://git.example/a?b=1&amp;c"]
        );
        let spec = SummitSpec {
            overview: Some("[a](a.md)".to_owned()),
            targets: vec![target("a.md", "b", "s", "")],
            ..SummitSpec::default()
        };
        let html = render::summit("s", &spec, Vec::new()).document.overview_html;
        assert!(html.contains("href=\"s/b\""), "{html}");
    }

    #[test]
    fn only_names_and_publishable_addresses_are_filled_in() {
        for to in [
            target("a.md", "../x", "s", ""),
            target("a.md", "b\" onclick=\"", "s", ""),
            target("a.md", "..", "s", ""),
            LinkTarget { url: Some("javascript:alert(1)".into()), ..target("a.md", "", "", "") },
        ] {
            assert_eq!(hrefs("[a](a.md)", vec![to]), ["a.md"]);
        }
        assert_eq!(hrefs("[a](a.md)", vec![target("a.md", "b", "s", "x")]), ["../s/b"]);
    }

    #[test]
    fn urls_are_no_paths() {
        let text =
            "[a](https://a.example/b.md) [b](mailto:a@b.example) [c](//d.example/e) www.f.example";
        assert!(render::local_links(text).is_empty());
        assert_eq!(
            render::local_links("[a](#b) and [c](#note-d)[^1]\n\n[^1]: x"),
            ["#b", "#d", "#fn--1", "#fnref--1"]
        );
    }
}
