//! Where a site is reached from outside: behind a proxy, below the path of another site, or as files.

use std::str::FromStr;

use axum::extract::Request;
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderMap, Uri, header};
use url::Url;

use super::relink::relink;

/// Stands for a host: nothing can have this name.
pub(super) const NOWHERE: &str = "http://site.invalid";

/// The address of a site: what its own addresses begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// Scheme and host; none where each request tells them.
    origin: Option<String>,
    /// The path below which the pages are, without a slash at its end.
    prefix: String,
}

/// Why a text is no address of a site.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} is no address of a site: write it as https://notes.example or https://example.org/notes, without a \
     query, and with letters, digits and - . _ ~ in its path"
)]
pub struct NoBase(String);

impl FromStr for Base {
    type Err = NoBase;

    fn from_str(text: &str) -> Result<Self, NoBase> {
        let refused = || NoBase(text.to_owned());
        let url = Url::parse(text).map_err(|_| refused())?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        let prefix = url.path().trim_end_matches('/');
        let is_site = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && prefix.chars().all(is_plain)
            && !prefix.contains("//");
        if !is_site {
            return Err(refused());
        }
        Ok(Self { origin: Some(url.origin().ascii_serialization()), prefix: prefix.to_owned() })
    }
}

impl Base {
    /// The path below which the pages are; empty at the root.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path of the page at `path`, as browsers ask for it.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The whole address of the page at `path`, where the host is known for certain.
    pub fn address(&self, path: &str) -> Option<String> {
        self.origin.as_ref().map(|origin| format!("{origin}{}{path}", self.prefix))
    }

    /// What the addresses of pages begin with, where no better is known as the request says: what leaves
    /// the site needs whole addresses. A proxy in front tells the scheme.
    pub fn of_request(&self, asked: &HeaderMap) -> String {
        if let Some(site) = self.address("") {
            return site;
        }
        let text = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST.as_str()).and_then(|host| host.parse::<Authority>().ok());
        let scheme = match text("x-forwarded-proto") {
            Some("https") => "https",
            _ => "http",
        };
        // Somebody's name and password are no part of an address.
        let host = host.filter(|host| !host.as_str().contains('@'));
        let origin = host.map_or_else(String::new, |host| format!("{scheme}://{host}"));
        format!("{origin}{}", self.prefix)
    }

    /// A page with all of its own addresses below the prefix.
    pub(super) fn place(&self, html: String) -> String {
        if self.prefix.is_empty() {
            return html;
        }
        let is_own = |link: &str| link.starts_with('/') && !link.starts_with("//");
        relink(&html, |link| is_own(link).then(|| self.link(link)))
    }

    /// `path`, with its query, as the viewer knows it. A proxy may have taken the prefix off already.
    pub(super) fn strip<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(&*self.prefix) {
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        }
    }

    /// The request as if the site stood at the root.
    pub(super) fn at_root(&self, mut request: Request) -> Request {
        let known = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
        // The prefix alone is the first page.
        let path = if request.uri().path() == self.prefix { "/" } else { self.strip(known) };
        if path != known
            && let Ok(uri) = path.parse::<Uri>()
        {
            *request.uri_mut() = uri;
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Base {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_a_host_and_a_path() {
        let site = base("https://example.org/team/notes/");
        assert_eq!(site.link("/a/b"), "/team/notes/a/b");
        assert_eq!(site.address("/a").as_deref(), Some("https://example.org/team/notes/a"));
        assert_eq!(base("http://x:8080").link("/a"), "/a");
        for text in [
            "notes",
            "/notes",
            "ftp://x/",
            "https://a@x/",
            "https://x/?q",
            "https://x/a\"b",
            "https://x/a//b",
        ] {
            assert!(text.parse::<Base>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_is_known_with_and_without_the_prefix() {
        let site = base("https://example.org/notes");
        assert_eq!(site.strip("/notes/a?b"), "/a?b");
        assert_eq!(site.strip("/a?b"), "/a?b");
        assert_eq!(site.strip("/notesofothers/a"), "/notesofothers/a");
        assert_eq!(Base::default().strip("/a"), "/a");
        let path = |path: &str| {
            let request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
            site.at_root(request).uri().to_string()
        };
        assert_eq!(
            (path("/notes"), path("/notes/"), path("/notes/a?b")),
            ("/".into(), "/".into(), "/a?b".into())
        );
    }

    #[test]
    fn a_request_tells_the_host_where_nobody_else_does() {
        let asked = |pairs: &[(&'static str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                (axum::http::HeaderName::from_static(name), value.parse().unwrap())
            });
            pairs.collect::<HeaderMap>()
        };
        let none = Base::default();
        assert_eq!(
            none.of_request(&asked(&[("host", "x:80"), ("x-forwarded-proto", "https")])),
            "https://x:80"
        );
        assert_eq!(none.of_request(&asked(&[("host", "me:secret@x")])), "");
        assert_eq!(base("https://y/n").of_request(&asked(&[("host", "x")])), "https://y/n");
    }
}
