//! Images that a note or an overview names by a path: found in the sanitized HTML, where Markdown and HTML look alike,
//! and shown from where the spec says they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use percent_encoding::percent_decode_str;

use super::codes::Code;
use super::sanitize;
use crate::api::{Diagnostic, NoteImage};

/// Before the digest in the address of an image.
const PREFIX: &str = "image-";

/// Fills in the addresses of images: `{page}/image-<digest>`, relative to the page of the note, or the
/// image's URL. One that the spec does not list is reported and keeps its text only.
pub(super) fn place(
    html: String,
    page: &str,
    images: &[NoteImage],
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    if !html.contains("<img ") {
        return html;
    }
    let addresses: BTreeMap<String, String> = images
        .iter()
        .filter_map(|image| Some((image.source.clone(), address(page, image)?)))
        .collect();
    let unknown = Arc::new(Mutex::new(BTreeSet::new()));
    let placed = sanitize::clean_placed(&html, {
        let unknown = Arc::clone(&unknown);
        move |source| {
            let path = local_path(source)?;
            let address = addresses.get(&path).cloned();
            if address.is_none() {
                unknown.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
            }
            Some(address)
        }
    });
    let unknown = std::mem::take(&mut *unknown.lock().unwrap_or_else(PoisonError::into_inner));
    // Listed without an address: whoever listed it knows.
    let is_listed = |path: &String| images.iter().any(|image| image.source == *path);
    if unknown.iter().any(|path| !is_listed(path)) {
        diagnostics.push(Code::ImageUnknown.diagnostic());
    }
    // Attributes stand in another order where one was taken out.
    sanitize::clean_published(&placed)
}

/// The address of the image `source` below `page`, where it is one of `images` and is published with them: what
/// others serve is shown by no page that did not ask for it.
pub(super) fn published(page: &str, source: &str, images: &[NoteImage]) -> Option<String> {
    let image = images.iter().find(|image| image.source == source && image.digest.is_some())?;
    address(page, image)
}

/// The paths of images in sanitized `html`, in the order of their names.
pub(super) fn sources(html: &str) -> Vec<String> {
    let found = Arc::new(Mutex::new(BTreeSet::new()));
    if html.contains("<img ") {
        let found = Arc::clone(&found);
        sanitize::clean_placed(html, move |source| {
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(local_path(source)?);
            None
        });
    }
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    found.into_iter().collect()
}

/// `source` as its author wrote it, where it is a path and no URL.
fn local_path(source: &str) -> Option<String> {
    let path = percent_decode_str(source.trim()).decode_utf8().ok()?;
    let before_slash = path.split('/').next().unwrap_or_default();
    let is_path = !path.is_empty()
        && !path.starts_with("//")
        && !path.starts_with(['#', '?'])
        && !before_slash.contains(':');
    is_path.then(|| path.into_owned())
}

fn address(page: &str, image: &NoteImage) -> Option<String> {
    match (&image.digest, &image.url) {
        (Some(digest), _) => {
            let digest = digest.strip_prefix("sha256:").filter(|digest| is_digest(digest))?;
            Some(format!("{page}/{PREFIX}{digest}"))
        }
        (None, Some(url)) => super::links::is_publishable(url).then(|| url.clone()),
        (None, None) => None,
    }
}

/// The digest in the last part of an image's address.
pub fn digest_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX).filter(|digest| is_digest(digest))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The media type of an image that browsers show and that can hold no script, told by its first bytes;
/// what a name or a label says does not count. SVG is not among them: it is a document that can hold
/// scripts, styles and links.
pub fn image_type(content: &[u8]) -> Option<&'static str> {
    let part = |from: usize, to: usize| content.get(from..to).unwrap_or_default();
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if content.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if content.starts_with(b"GIF87a") || content.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if content.starts_with(b"RIFF") && part(8, 12) == b"WEBP" {
        Some("image/webp")
    } else if part(4, 8) == b"ftyp" && matches!(part(8, 12), b"avif" | b"avis") {
        Some("image/avif")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(source: &str) -> NoteImage {
        let digest = Some(format!("sha256:{}", "a".repeat(64)));
        NoteImage { source: source.to_owned(), digest, url: None }
    }

    fn rendered(markdown: &str, images: Vec<NoteImage>) -> (String, Vec<String>) {
        let spec = crate::api::TalkNoteSpec { images, ..Default::default() };
        let note = crate::render::note("tides", &spec, markdown);
        assert_eq!(crate::render::sanitize_published(&note.html), note.html);
        (note.html, note.diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect())
    }

    #[test]
    fn markdown_and_html_show_the_same_image() {
        let address = format!("src=\"tides/image-{}\"", "a".repeat(64));
        for markdown in [
            "![x](圖/a%20b.png)",
            "<img src=\"圖/a b.png\">",
            "![](圖/a%20b.png =200x)",
            "![x][1]\n\n[1]: 圖/a%20b.png",
            "{{< figure src=\"圖/a b.png\" >}}",
        ] {
            assert_eq!(crate::render::local_images(markdown), ["圖/a b.png"], "{markdown}");
            let (html, codes) = rendered(markdown, vec![image("圖/a b.png")]);
            assert!(html.contains(&address), "{markdown}: {html}");
            assert!(codes.is_empty(), "{codes:?}");
        }
    }

    #[test]
    fn what_the_spec_does_not_list_keeps_its_text() {
        let (html, codes) =
            rendered("![a map](../../etc/passwd) ![b](b.png)", vec![image("b.png")]);
        assert!(html.contains("alt=\"a map\"") && !html.contains("passwd"), "{html}");
        assert_eq!(codes, ["TN2030"]);
    }

    #[test]
    fn urls_are_no_paths() {
        for url in [
            "https://a.example/b.png",
            "//a.example/b.png",
            "data:image/png;base64,eA==",
            "x:y",
            "",
        ] {
            assert_eq!(local_path(url), None, "{url}");
        }
        assert!(crate::render::local_images("![a](https://a.example/b.png) no ![").is_empty());
    }

    #[test]
    fn only_publishable_addresses_are_filled_in() {
        let bad = [
            NoteImage { digest: Some("sha256:\"><script>".into()), ..image("a.png") },
            NoteImage { digest: None, url: Some("javascript:alert(1)".into()), ..image("a.png") },
        ];
        for image in bad {
            let (html, _) = rendered("![a](a.png)", vec![image]);
            assert!(!html.contains("src=") && !html.contains("script"), "{html}");
        }
        let url = Some("https://git.example/a.png?x=1&y=2".to_owned());
        let (html, _) =
            rendered("![a](a.png)", vec![NoteImage { digest: None, url, ..image("a.png") }]);
        assert!(html.contains("src=\"https://git.example/a.png?x=1&amp;y=2\""), "{html}");
    }

    #[test]
    fn types_are_told_by_the_bytes() {
        let known: [(&[u8], &str); 5] = [
            (b"\x89PNG\r\n\x1a\n\0", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x1cftypavif", "image/avif"),
        ];
        for (content, mime) in known {
            assert_eq!(image_type(content), Some(mime));
        }
        let unknown: [&[u8]; 5] =
            [b"", b"<svg onload=alert(1)>", b"<html>\x89PNG", b"RIFF", b"%PDF-1.7"];
        for content in unknown {
            assert_eq!(image_type(content), None, "{content:?}");
        }
    }

    #[test]
    fn digests_are_read_from_addresses() {
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(digest_of(&format!("image-{digest}")), Some(digest.as_str()));
        for bad in ["image-", "image-0", &digest, &format!("image-{}", digest.to_uppercase())] {
            assert_eq!(digest_of(bad), None, "{bad}");
        }
    }
}
