//! What is put into a ConfigMap, and whether it fits.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::api::names::hex;

/// Bytes that `data` and `binaryData` may have as JSON. The object as a whole has to stay under
/// 1 MiB; the difference is for its metadata.
pub const BUDGET: usize = 900 * 1024;

/// Behind the key of a value that is gzipped.
const GZIP_SUFFIX: &str = ".gz";

/// What a gzipped value may have when it is unpacked, in bytes.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// The data of a ConfigMap. Values past the budget are gzipped into `binary_data` under the same key
/// with `.gz` behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// `data` of the ConfigMap.
    pub data: BTreeMap<String, String>,
    /// `binaryData` of the ConfigMap.
    pub binary_data: BTreeMap<String, Vec<u8>>,
    /// `sha256:<hex>` over keys and values of both.
    pub digest: String,
}

/// What does not fit even when it is compressed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes after compression, and a ConfigMap may hold {budget}")]
pub struct TooLarge {
    /// Size of the object's JSON after compression.
    pub bytes: usize,
    /// Size that it may have.
    pub budget: usize,
}

/// Why a published value cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The value unpacks to more than any note has.
    #[error("{key} unpacks to more than {MAX_UNPACKED} bytes")]
    TooLarge {
        /// Key in `binaryData`.
        key: String,
    },
    /// The value is no gzip or no UTF-8.
    #[error("{key} cannot be unpacked")]
    Corrupt {
        /// Key in `binaryData`.
        key: String,
        /// What is wrong with it.
        source: std::io::Error,
    },
}

impl Publication {
    /// Packs `entries`: as they are where they fit into [`BUDGET`], else the largest values gzipped,
    /// no more of them than needed. A later entry replaces an earlier one of the same key.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] where they do not fit even when all of them are gzipped.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Result<Self, TooLarge> {
        Self::within(BUDGET, entries)
    }

    fn within(
        budget: usize,
        entries: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, TooLarge> {
        let mut publication = Self { data: entries.into_iter().collect(), ..Self::default() };
        let mut bytes = publication.json_len();
        let mut largest: Vec<(usize, String)> =
            publication.data.iter().map(|(key, value)| (value.len(), key.clone())).collect();
        largest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (_, key) in largest {
            if bytes <= budget {
                break;
            }
            if let Some(value) = publication.data.remove(&key) {
                publication.binary_data.insert(format!("{key}{GZIP_SUFFIX}"), gzip(&value));
                bytes = publication.json_len();
            }
        }
        if bytes > budget {
            return Err(TooLarge { bytes, budget });
        }
        publication.digest = publication.digest();
        Ok(publication)
    }

    /// What publishes an image.
    pub fn image(content: Vec<u8>) -> Self {
        let binary_data = BTreeMap::from([(super::IMAGE.to_owned(), content)]);
        Self::of(BTreeMap::new(), binary_data)
    }

    /// What a ConfigMap publishes, with its digest: the keys of the contract. What others put beside
    /// them is not part of it.
    pub fn of(data: BTreeMap<String, String>, binary_data: BTreeMap<String, Vec<u8>>) -> Self {
        let mut publication = Self { data, binary_data, digest: String::new() };
        publication.data.retain(|key, _| is_contract_key(key));
        publication.binary_data.retain(|key, _| is_contract_key(key));
        publication.digest = publication.digest();
        publication
    }

    /// The value of `key`, unpacked where it is gzipped. `None` where there is no such value.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where a gzipped value is damaged or far larger than any note.
    pub fn entry(&self, key: &str) -> Result<Option<String>, ReadError> {
        if let Some(value) = self.data.get(key) {
            return Ok(Some(value.clone()));
        }
        let key = format!("{key}{GZIP_SUFFIX}");
        self.binary_data.get(&key).map(|packed| gunzip(key, packed, MAX_UNPACKED)).transpose()
    }

    /// Bytes of both maps as JSON, with the escapes of strings and the base64 of binary values.
    fn json_len(&self) -> usize {
        let plain: usize =
            self.data.iter().map(|(key, value)| json_len(key) + json_len(value)).sum();
        let packed: usize = self
            .binary_data
            .iter()
            .map(|(key, value)| json_len(key) + value.len().div_ceil(3) * 4 + 2)
            .sum();
        // A colon and a comma for each entry, and the names of the two fields.
        plain + packed + 2 * (self.data.len() + self.binary_data.len()) + 64
    }
    fn digest(&self) -> String {
        let data = self.data.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let binary = self.binary_data.iter().map(|(key, bytes)| (key.as_str(), bytes.as_slice()));
        content_digest(data, binary)
    }
}

/// `sha256:<hex>` over the keys and values of a ConfigMap, in the order of the keys. Lengths stand before
/// each, so that no two publications hash the same bytes.
pub fn content_digest<'a>(
    data: impl Iterator<Item = (&'a str, &'a str)>,
    binary_data: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> String {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for (key, value) in data {
        add(key.as_bytes());
        add(value.as_bytes());
    }
    for (key, value) in binary_data {
        add(key.as_bytes());
        add(value);
    }
    format!("sha256:{}", hex(&hash.finalize()))
}

/// Digest of [`Publication::image`] of `content`.
pub fn digest_of_image(content: &[u8]) -> String {
    content_digest(std::iter::empty(), std::iter::once((super::IMAGE, content)))
}

/// Whether `key` of a ConfigMap belongs to the viewer contract.
pub fn is_contract_key(key: &str) -> bool {
    let plain = key.strip_suffix(GZIP_SUFFIX).unwrap_or(key);
    key.starts_with("note.")
        || key.starts_with("summit.")
        || key == super::IMAGE
        || super::exports::KEYS.contains(&plain)
}

fn gunzip(key: String, packed: &[u8], max: u64) -> Result<String, ReadError> {
    let mut value = String::new();
    match GzDecoder::new(packed).take(max + 1).read_to_string(&mut value) {
        Ok(_) if value.len() as u64 <= max => Ok(value),
        // Cut in the middle of a character, the value is no UTF-8 either.
        Ok(_) => Err(ReadError::TooLarge { key }),
        Err(source) => Err(ReadError::Corrupt { key, source }),
    }
}

/// Gzips `value`. No time and no system stand in the header: same value, same bytes.
fn gzip(value: &str) -> Vec<u8> {
    let mut encoder =
        GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    // Writing to memory does not fail; if it did, the reader would find the checksum missing.
    let _ = encoder.write_all(value.as_bytes());
    encoder.finish().unwrap_or_default()
}

/// `value` as JSON, with its fields in the order of the type.
pub(super) fn to_json(value: &impl Serialize) -> String {
    // The types of the contract have string keys only, and nothing else can fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Bytes of `text` as a JSON string with its quotes.
fn json_len(text: &str) -> usize {
    let escapes: usize = text
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
            0x00..=0x1f => 5,
            _ => 0,
        })
        .sum();
    text.len() + escapes + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    /// Text that gzip makes little of.
    fn noise(len: usize) -> String {
        let mut state = 7_u32;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + u8::try_from(state >> 26).unwrap())
        })
        .take(len)
        .collect()
    }

    #[test]
    fn what_fits_stays_plain() {
        let publication =
            Publication::new([entry("note.html", "<p>a</p>"), entry("note.json", "{}")]).unwrap();
        assert_eq!(publication.data.len(), 2);
        assert!(publication.binary_data.is_empty());
        assert_eq!(publication.digest.len(), "sha256:".len() + 64);
    }

    #[test]
    fn the_largest_value_is_packed_first_and_read_back() {
        let long = "講".repeat(BUDGET / 3 + 1);
        let entries = || [entry("note.html", &long), entry("note.json", "{\"a\":1}")];
        let publication = Publication::new(entries()).unwrap();
        assert_eq!(publication.data.keys().collect::<Vec<_>>(), ["note.json"]);
        assert_eq!(publication.binary_data.keys().collect::<Vec<_>>(), ["note.html.gz"]);
        let read = |key| publication.entry(key).unwrap();
        assert_eq!(read("note.html").as_deref(), Some(long.as_str()));
        assert_eq!(read("note.json").as_deref(), Some("{\"a\":1}"));
        assert_eq!(read("missing"), None);
        assert_eq!(publication, Publication::new(entries()).unwrap());
    }

    #[test]
    fn what_never_fits_is_refused_with_its_size() {
        let error = Publication::new([entry("note.html", &noise(2 * BUDGET))]).unwrap_err();
        assert_eq!(error.budget, BUDGET);
        assert!(error.bytes > BUDGET, "{error}");
    }

    #[test]
    fn sizes_are_those_of_the_json() {
        let value = "a\"b\\c\nd\te\u{1}f\u{8}講<b>";
        assert_eq!(json_len(value), serde_json::to_string(value).unwrap().len());
        let data: BTreeMap<_, _> = [entry("k", value), entry("l", "")].into();
        let publication = Publication { data: data.clone(), ..Publication::default() };
        let json = serde_json::json!({ "data": data, "binaryData": {} }).to_string();
        assert!(publication.json_len() >= json.len());
        assert!(publication.json_len() <= json.len() + 64);
    }

    #[test]
    fn escapes_count_against_the_budget() {
        // Half the budget in bytes, the whole of it as JSON.
        let quotes = "\"".repeat(BUDGET / 2);
        let publication = Publication::new([entry("note.html", &quotes)]).unwrap();
        assert!(publication.data.is_empty());
    }

    #[test]
    fn the_digest_tells_keys_from_values() {
        let digest = |key: &str, value: &str| Publication::new([entry(key, value)]).unwrap().digest;
        assert_eq!(digest("a", "b"), digest("a", "b"));
        assert_ne!(digest("a", "bc"), digest("ab", "c"));
    }

    #[test]
    fn bombs_and_rubbish_are_refused() {
        let bomb = gzip(&"0".repeat(1_000_000));
        assert!(bomb.len() < 2_000);
        let error = gunzip("note.html.gz".into(), &bomb, 999_999).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
        assert!(gunzip("note.html.gz".into(), &bomb, 1_000_000).is_ok());
        let error = gunzip("note.html.gz".into(), b"not gzip", 10).unwrap_err();
        assert!(matches!(error, ReadError::Corrupt { .. }), "{error}");
    }
}
