//! Answers as bytes: made once for a version of what they show, and sent again and again.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use quick_cache::Weighter;
use quick_cache::sync::Cache as Memory;

use super::{etag, headers};
use crate::api::names::hex_digest;

/// Bytes of all pages that are kept, in all encodings, and how many pages that may be.
const CAPACITY: u64 = 16 * 1024 * 1024;
const PAGES: usize = 2_000;
/// Below this, compression saves no packet.
const SMALL: usize = 860;
/// How hard to compress: what is sent often is worth it, and a page is not to wait for long.
const GZIP: u32 = 6;
const BROTLI: u32 = 5;
const BEST_BROTLI: u32 = 11;
const BROTLI_WINDOW: u32 = 20;

/// Names an answer: address, language, and what it is made from.
pub type Name = (String, &'static str, u64);

/// The answers that are kept. Clones share them.
#[derive(Clone, Debug)]
pub struct Cache(Arc<Memory<Name, Arc<Kept>, Weight>>);

/// What an answer costs to keep: compressed, it takes about half of its size again.
#[derive(Clone, Debug)]
pub struct Weight;

impl Weighter<Name, Arc<Kept>> for Weight {
    fn weight(&self, _: &Name, kept: &Arc<Kept>) -> u64 {
        let bytes = kept.plain.len().saturating_mul(3) / 2;
        u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(256)
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self(Arc::new(Memory::with_weighter(PAGES, CAPACITY, Weight)))
    }
}

impl Cache {
    /// The answer `name`, which `make` makes where it is not there. Who asks for it in the meantime
    /// waits, so that it is made once.
    pub fn get<E>(
        &self,
        name: &Name,
        make: impl FnOnce() -> Result<Kept, E>,
    ) -> Result<Arc<Kept>, E> {
        self.0.get_or_insert_with(name, || make().map(Arc::new))
    }
}

/// An answer in all its encodings.
#[derive(Debug)]
pub struct Kept {
    plain: Bytes,
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
    quality: u32,
    /// Of each encoding.
    tags: [String; 3],
    media_type: HeaderValue,
    /// Names the content of a page, for those who follow it.
    pub version: String,
    robots: Option<HeaderValue>,
}

/// Headers of an answer at most, with those that every answer has.
const HEADERS: usize = 24;
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, accept-language, cookie");

/// How an answer is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    Brotli,
}

impl Kept {
    /// An answer of this media type.
    pub fn new(content: impl Into<Bytes>, media_type: impl Into<String>) -> Self {
        let plain = content.into();
        let digest: String = hex_digest(&plain).chars().take(32).collect();
        let unknown = HeaderValue::from_static("application/octet-stream");
        Self {
            tags: ["", "-gz", "-br"].map(|coding| format!("\"{digest}{coding}\"")),
            plain,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            quality: BROTLI,
            media_type: HeaderValue::try_from(media_type.into()).unwrap_or(unknown),
            version: String::new(),
            robots: None,
        }
    }

    /// An answer that stays the same as long as the program runs, and so may take its time once.
    pub fn lasting(content: impl Into<Bytes>, media_type: impl Into<String>) -> Self {
        Self { quality: BEST_BROTLI, ..Self::new(content, media_type) }
    }

    /// Of a page: with the name of its content, and what search engines may do with it.
    pub fn of_page(self, version: String, robots: Option<String>) -> Self {
        let robots = robots.and_then(|rules| HeaderValue::try_from(rules).ok());
        Self { version, robots, ..self }
    }

    /// The answer to a request with the headers `asked`, or that the client has it already. `caching` is
    /// for `Cache-Control`.
    pub fn answer(&self, asked: &HeaderMap, status: StatusCode, caching: &'static str) -> Response {
        let (encoding, body) = self.packed(wanted(asked));
        let [plain, gzip, brotli] = &self.tags;
        let (coding, etag) = match encoding {
            Encoding::Plain => (None, plain),
            Encoding::Gzip => (Some("gzip"), gzip),
            Encoding::Brotli => (Some("br"), brotli),
        };
        let is_known = status == StatusCode::OK && etag::matches(asked, etag);
        let mut answer = Response::new(if is_known { Body::empty() } else { Body::from(body) });
        *answer.status_mut() = if is_known { StatusCode::NOT_MODIFIED } else { status };
        let mut headers = HeaderMap::with_capacity(HEADERS);
        if !is_known {
            headers.insert(header::CONTENT_TYPE, self.media_type.clone());
            let robots = self.robots.clone();
            headers.extend(robots.map(|rules| (HeaderName::from_static(headers::ROBOTS), rules)));
            let coding = coding.map(HeaderValue::from_static);
            headers.extend(coding.map(|coding| (header::CONTENT_ENCODING, coding)));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, VARY);
        let tag = HeaderValue::try_from(etag).ok().filter(|_| status == StatusCode::OK);
        headers.extend(tag.map(|tag| (header::ETAG, tag)));
        *answer.headers_mut() = headers;
        answer
    }

    /// The answer in the first of the encodings that makes it smaller.
    fn packed(&self, wanted: [bool; 2]) -> (Encoding, Bytes) {
        let [brotli, gzip] = wanted;
        let is_small = self.plain.len() < SMALL;
        if brotli
            && !is_small
            && let Some(packed) = self.brotli.get_or_init(|| pack_brotli(&self.plain, self.quality))
        {
            return (Encoding::Brotli, packed.clone());
        }
        if gzip
            && !is_small
            && let Some(packed) = self.gzip.get_or_init(|| pack_gzip(&self.plain))
        {
            return (Encoding::Gzip, packed.clone());
        }
        (Encoding::Plain, self.plain.clone())
    }
}

/// Whether the client takes brotli, and gzip.
fn wanted(asked: &HeaderMap) -> [bool; 2] {
    let values = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let mut wanted = [false; 2];
    for one in values.flat_map(|value| value.split(',')) {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        let takes = weight.is_ok_and(|weight| weight > 0.0);
        match name.trim() {
            "br" => wanted[0] = takes,
            "gzip" => wanted[1] = takes,
            _ => {}
        }
    }
    wanted
}

fn pack_gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP));
    encoder.write_all(plain).ok()?;
    smaller(encoder.finish().ok()?, plain)
}

fn pack_brotli(plain: &[u8], quality: u32) -> Option<Bytes> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, quality, BROTLI_WINDOW);
    encoder.write_all(plain).ok()?;
    encoder.flush().ok()?;
    drop(encoder);
    smaller(packed, plain)
}

fn smaller(packed: Vec<u8>, plain: &[u8]) -> Option<Bytes> {
    (packed.len() < plain.len()).then(|| packed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[test]
    fn the_best_encoding_that_the_client_takes_is_sent() {
        assert_eq!(wanted(&asked("gzip, deflate, br;q=0.5")), [true, true]);
        assert_eq!(wanted(&asked("br;q=0, gzip")), [false, true]);
        assert_eq!(wanted(&HeaderMap::new()), [false, false]);
        let kept = Kept::new("long ".repeat(1000), "text/plain");
        let coding = |encodings| {
            let answer = kept.answer(&asked(encodings), StatusCode::OK, "no-cache");
            let header = |name| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
            (header(header::CONTENT_ENCODING), header(header::ETAG).unwrap())
        };
        let (plain, brotli, gzip) = (coding(""), coding("gzip, br"), coding("gzip"));
        assert_eq!(
            (plain.0, brotli.0.as_deref(), gzip.0.as_deref()),
            (None, Some("br"), Some("gzip"))
        );
        assert!(plain.1 != brotli.1 && brotli.1 != gzip.1, "an encoding is another representation");
        assert_eq!(Kept::new("short", "text/plain").packed([true, true]).0, Encoding::Plain);
    }

    #[test]
    fn an_answer_is_made_once() {
        let cache = Cache::default();
        let name = ("/".to_owned(), "en", 1);
        let mut made = 0;
        for _ in 0..3 {
            let kept = cache.get(&name, || {
                made += 1;
                Ok::<_, ()>(Kept::new("x", "text/plain"))
            });
            assert!(kept.is_ok());
        }
        assert_eq!(made, 1);
        assert!(cache.get(&("/".to_owned(), "en", 2), || Err::<Kept, _>("fails")).is_err());
    }
}
