//! Conditional requests (RFC 9110, section 13).

use axum::http::{HeaderMap, header};

/// Whether the client already has what `etag` names. The comparison is the weak one, as
/// `If-None-Match` wants it.
pub fn matches(headers: &HeaderMap, etag: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    let wanted = opaque(etag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_and_listed_tags_match() {
        let mut headers = HeaderMap::new();
        assert!(!matches(&headers, "\"a\""));
        headers.insert(header::IF_NONE_MATCH, "\"b\", W/\"a\"".parse().unwrap());
        assert!(matches(&headers, "\"a\"") && matches(&headers, "W/\"b\""));
        assert!(!matches(&headers, "\"c\""));
    }
}
