//! A published ConfigMap, read back (viewer contract, version 1).

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::GzDecoder;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;

use crate::api::names;
use crate::render::{NoteDocument, SummitDocument};
use crate::viewer::library::{PublishedNote, PublishedSummit};
use crate::viewer::trusted_html;

/// Bytes that a value may have after decompression. A MiB of zeros compresses to a KiB.
const MAX_VALUE: u64 = 16 * 1024 * 1024;

/// What a ConfigMap publishes.
#[derive(Clone, Debug)]
pub enum Item {
    /// A summit.
    Summit(Arc<PublishedSummit>),
    /// A note.
    Note(Arc<PublishedNote>),
}

/// Why a ConfigMap is not shown.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It was written for another viewer.
    #[error("it follows version {0} of the contract, and this viewer knows version {known}", known = names::CONTRACT_VERSION)]
    Contract(String),
    /// Its label says neither note nor summit.
    #[error("its label {label} is {0:?}, which is neither note nor summit", label = names::CONTENT_LABEL)]
    Content(String),
    /// A key is missing.
    #[error("it has no key {0}")]
    Missing(&'static str),
    /// A value cannot be decompressed or is no text.
    #[error("its key {0}.gz cannot be read: {1}")]
    Gzip(&'static str, io::Error),
    /// A value is not the JSON that it should be.
    #[error("its key {0} cannot be read: {1}")]
    Json(&'static str, serde_json::Error),
    /// It speaks of something that another ConfigMap stands for.
    #[error("it holds {0:?}, which belongs into the ConfigMap {1}")]
    Name(String, String),
}

/// Reads `config_map`.
pub fn decode(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let version = config_map.annotations().get(names::CONTRACT).map_or("1", String::as_str);
    if version != names::CONTRACT_VERSION {
        return Err(DecodeError::Contract(version.to_owned()));
    }
    let content = config_map.labels().get(names::CONTENT_LABEL).map_or("", String::as_str);
    match content {
        names::CONTENT_NOTE => note(config_map),
        names::CONTENT_SUMMIT => summit(config_map),
        other => Err(DecodeError::Content(other.to_owned())),
    }
}

fn note(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let document: NoteDocument = json(config_map, "note.json")?;
    let name = &document.card.name;
    own_name(config_map, name, names::note_config_map(name))?;
    let html = trusted_html(entry(config_map, "note.html")?);
    let namespace = config_map.namespace().unwrap_or_default();
    Ok(Item::Note(Arc::new(PublishedNote { namespace, document, html })))
}

fn summit(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let mut document: SummitDocument = json(config_map, "summit.json")?;
    own_name(config_map, &document.name, names::summit_config_map(&document.name))?;
    document.overview_html = trusted_html(document.overview_html);
    let namespace = config_map.namespace().unwrap_or_default();
    Ok(Item::Summit(Arc::new(PublishedSummit::new(namespace, document))))
}

/// No ConfigMap may speak for another's note.
fn own_name(config_map: &ConfigMap, name: &str, expected: String) -> Result<(), DecodeError> {
    if config_map.name_any() == expected {
        Ok(())
    } else {
        Err(DecodeError::Name(name.to_owned(), expected))
    }
}

fn json<T: serde::de::DeserializeOwned>(
    config_map: &ConfigMap,
    key: &'static str,
) -> Result<T, DecodeError> {
    let text = entry(config_map, key)?;
    serde_json::from_str(&text).map_err(|error| DecodeError::Json(key, error))
}

/// The value of `key`, or of `key.gz`, decompressed.
fn entry(config_map: &ConfigMap, key: &'static str) -> Result<String, DecodeError> {
    if let Some(text) = config_map.data.as_ref().and_then(|data| data.get(key)) {
        return Ok(text.clone());
    }
    let gzipped = config_map.binary_data.as_ref().and_then(|data| data.get(&format!("{key}.gz")));
    let bytes = &gzipped.ok_or(DecodeError::Missing(key))?.0;
    gunzip(bytes).map_err(|error| DecodeError::Gzip(key, error))
}

fn gunzip(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    let read = GzDecoder::new(bytes).take(MAX_VALUE.saturating_add(1)).read_to_string(&mut text)?;
    if u64::try_from(read).is_ok_and(|read| read <= MAX_VALUE) {
        Ok(text)
    } else {
        Err(io::Error::other(format!("it has more than {MAX_VALUE} bytes")))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use k8s_openapi::ByteString;
    use serde_json::json;

    use super::*;

    fn gzip(bytes: &[u8]) -> ByteString {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        ByteString(encoder.finish().unwrap())
    }

    fn config_map(name: &str, content: &str, data: serde_json::Value) -> ConfigMap {
        serde_json::from_value(json!({
            "metadata": {"namespace": "community", "name": name,
                "labels": {names::CONTENT_LABEL: content}},
            "data": data,
        }))
        .unwrap()
    }

    const NOTE: &str = r#"{"name":"a","title":"A","kind":null,"language":"en","readingMinutes":1}"#;

    #[test]
    fn a_compressed_note_is_read() {
        let mut object = config_map("talknote-a", "note", json!({"note.json": NOTE}));
        let html = gzip("<p>文字</p>".as_bytes());
        object.binary_data = Some([("note.html.gz".to_owned(), html)].into());
        let Ok(Item::Note(note)) = decode(&object) else { panic!("not a note") };
        assert_eq!(note.html, "<p>文字</p>");
        assert_eq!(note.key().namespace, "community");
    }

    #[test]
    fn a_summit_is_read() {
        let json = json!({"summit.json": r#"{"name":"s","title":"S","agenda":[]}"#});
        let object = config_map("summit-s", "summit", json);
        assert!(matches!(decode(&object), Ok(Item::Summit(summit)) if summit.key().name == "s"));
    }

    #[test]
    fn what_is_not_in_the_contract_is_refused_with_its_reason() {
        let mut newer = config_map("talknote-a", "note", json!({}));
        newer.annotations_mut().insert(names::CONTRACT.to_owned(), "2".to_owned());
        assert!(matches!(decode(&newer), Err(DecodeError::Contract(_))));
        let other = config_map("talknote-a", "poem", json!({}));
        assert!(matches!(decode(&other), Err(DecodeError::Content(_))));
        let empty = config_map("talknote-a", "note", json!({}));
        assert!(matches!(decode(&empty), Err(DecodeError::Missing("note.json"))));
        let thief = config_map("talknote-b", "note", json!({"note.json": NOTE, "note.html": ""}));
        assert!(matches!(decode(&thief), Err(DecodeError::Name(..))));
    }

    #[test]
    fn a_decompression_bomb_is_refused() {
        let mut object = config_map("talknote-a", "note", json!({"note.json": NOTE}));
        let bomb = gzip(&vec![b' '; usize::try_from(MAX_VALUE).unwrap() + 1]);
        object.binary_data = Some([("note.html.gz".to_owned(), bomb)].into());
        assert!(matches!(decode(&object), Err(DecodeError::Gzip("note.html", _))));
    }
}
