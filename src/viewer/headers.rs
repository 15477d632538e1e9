//! Headers of every answer. Notes are hostile input, and these are the second wall behind the
//! sanitizer.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// No script, style or connection but our own. Pictures may come from anywhere, since notes link
/// to them.
macro_rules! policy {
    ($more:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; ",
            "connect-src 'self'; base-uri 'none'; form-action 'self'; ",
            "require-trusted-types-for 'script'; trusted-types talknotes",
            $more
        )
    };
}
const POLICY: &str = policy!("; frame-ancestors 'none'");
/// The same in a page that becomes a file. There, nobody can say who may frame it.
pub const POLICY_OF_FILES: &str = policy!("");

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// The header that says what search engines may do.
pub const ROBOTS: &str = "x-robots-tag";

/// What search engines may do, for those who ask for no more than the headers or for an image.
pub fn robots(rules: Option<String>) -> Option<[(HeaderName, HeaderValue); 1]> {
    let rules = HeaderValue::try_from(rules?).ok()?;
    Some([(HeaderName::from_static(ROBOTS), rules)])
}

/// Adds the headers to `response`.
pub async fn secure(mut response: Response) -> Response {
    response.headers_mut().extend(HEADERS);
    response
}
