//! Answers as bytes: made once for a version of what they show, and sent again and again.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
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
    digest: String,
    media_type: String,
    /// Names the content of a page, for those who follow it.
    pub version: String,
    robots: Option<String>,
}

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
        Self {
            digest: hex_digest(&plain).chars().take(32).collect(),
            plain,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            quality: BROTLI,
            media_type: media_type.into(),
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
        Self { version, robots, ..self }
    }

    /// The answer to a request with the headers `asked`, or that the client has it already. `caching` is
    /// for `Cache-Control`.
    pub fn answer(&self, asked: &HeaderMap, status: StatusCode, caching: &'static str) -> Response {
        let (encoding, body) = self.packed(wanted(asked));
        let etag = match encoding {
            Encoding::Plain => format!("\"{}\"", self.digest),
            Encoding::Gzip => format!("\"{}-gz\"", self.digest),
            Encoding::Brotli => format!("\"{}-br\"", self.digest),
        };
        let mut answer = if status == StatusCode::OK && etag::matches(asked, &etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let media_type = [(header::CONTENT_TYPE, &*self.media_type)];
            let robots = headers::robots(self.robots.clone());
            let mut answer = (status, media_type, robots, body).into_response();
            let coding = match encoding {
                Encoding::Plain => None,
                Encoding::Gzip => Some("gzip"),
                Encoding::Brotli => Some("br"),
            };
            set(&mut answer, header::CONTENT_ENCODING, coding);
            answer
        };
        set(&mut answer, header::CACHE_CONTROL, Some(caching));
        set(&mut answer, header::VARY, Some("accept-encoding, accept-language, cookie"));
        set(&mut answer, header::ETAG, Some(&*etag).filter(|_| status == StatusCode::OK));
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

fn set(answer: &mut Response, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        answer.headers_mut().insert(name, value);
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
