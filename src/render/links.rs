//! Which links of a spec are published.

use url::Url;

use super::codes::Code;
use crate::api::{Diagnostic, Link};

/// Names of query parameters that give access or say when it ends.
const SIGNATURES: &[&str] = &[
    "access_token",
    "awsaccesskeyid",
    "expirationtimestamp",
    "expires",
    "googleaccessid",
    "key-pair-id",
    "policy",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-expires",
    "x-goog-signature",
];

/// The links that readers may follow. The others are reported in `diagnostics`, never with their
/// URL: it may hold a secret.
pub(super) fn publishable(links: &[Link], diagnostics: &mut Vec<Diagnostic>) -> Vec<Link> {
    let mut kept = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        match check(&link.url) {
            Ok(()) => kept.push(Link { url: link.url.trim().to_owned(), ..link.clone() }),
            Err(code) => diagnostics.push(code.of_field(&format!("spec.links[{index}].url"))),
        }
    }
    kept
}

/// `url` where readers may follow it.
pub(super) fn publishable_url(
    url: Option<&str>,
    field: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let url = url?;
    match check(url) {
        Ok(()) => Some(url.trim().to_owned()),
        Err(code) => {
            diagnostics.push(code.of_field(field));
            None
        }
    }
}

/// Whether readers may be sent to `url`.
pub(super) fn is_publishable(url: &str) -> bool {
    check(url).is_ok()
}

fn check(url: &str) -> Result<(), Code> {
    let url = url.trim();
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Code::LinkDropped);
    }
    let parsed = Url::parse(url).map_err(|_| Code::LinkDropped)?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(Code::LinkDropped);
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(Code::LinkSigned);
    }
    let signed = parsed
        .query_pairs()
        .any(|(name, _)| SIGNATURES.contains(&name.to_ascii_lowercase().as_str()));
    if signed { Err(Code::LinkSigned) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_pages_can_be_followed() {
        for good in
            ["https://slides.example/a?b=1#c", "http://講者.example/投影片", "HTTPS://A.EXAMPLE"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "slides.pdf",
            "/slides.pdf",
            "//a.example/b",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "ftp://a.example/b",
            "https://",
            "https://a.example/b c",
            "mailto:a@b.example",
            "\u{1}https://a.example",
        ] {
            assert_eq!(check(bad), Err(Code::LinkDropped), "{bad}");
        }
    }

    #[test]
    fn signed_links_are_kept_back() {
        for signed in [
            "https://a.example/b?X-Amz-Signature=0",
            "https://a.example/b?table=block&expirationTimestamp=1&signature=x",
            "https://user:secret@a.example/b",
            "https://token@a.example/b",
        ] {
            assert_eq!(check(signed), Err(Code::LinkSigned), "{signed}");
        }
    }

    #[test]
    fn a_dropped_link_is_named_by_its_place_and_not_by_its_url() {
        let links = [
            Link { url: " https://a.example/b ".into(), ..Link::default() },
            Link { url: "https://a.example/?token=hunter2".into(), ..Link::default() },
        ];
        let mut diagnostics = Vec::new();
        let kept = publishable(&links, &mut diagnostics);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].url, "https://a.example/b");
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].path, "spec.links[1].url");
        assert!(!diagnostics[0].message.contains("hunter2"));
    }
}
