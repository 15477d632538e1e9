//! A published ConfigMap, read back (viewer contract, version 1).

use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;

use crate::api::names;
use crate::render::{
    IMAGE, NOTE_HTML, NOTE_JSON, NoteDocument, Publication, ReadError, SUMMIT_JSON, SummitDocument,
    sanitize_published,
};
use crate::viewer::library::{PublishedImage, PublishedNote, PublishedSummit};

/// What a ConfigMap publishes.
#[derive(Clone, Debug)]
pub enum Item {
    /// A summit.
    Summit(Arc<PublishedSummit>),
    /// A note.
    Note(Arc<PublishedNote>),
    /// An image that notes show.
    Image(Arc<PublishedImage>),
}

/// Why a ConfigMap is not shown.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It was written for another viewer.
    #[error("it follows version {0} of the contract, and this viewer knows version {known}", known = names::CONTRACT_VERSION)]
    Contract(String),
    /// Its label says none of what is published.
    #[error("its label {label} is {0:?}, which is none of note, summit and image", label = names::CONTENT_LABEL)]
    Content(String),
    /// A key is missing.
    #[error("it has no key {0}")]
    Missing(&'static str),
    /// A value cannot be unpacked.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// Somebody changed it.
    #[error("its data is not what its annotation {annotation} says", annotation = names::CONTENT_DIGEST)]
    Digest,
    /// A value is not the JSON that it should be.
    #[error("its key {0} cannot be read: {1}")]
    Json(&'static str, serde_json::Error),
    /// Its bytes are no image that browsers are given.
    #[error("its key image is no PNG, JPEG, GIF, WebP or AVIF")]
    Image,
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
        names::CONTENT_IMAGE => image(config_map),
        other => Err(DecodeError::Content(other.to_owned())),
    }
}

fn note(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let publication = publication(config_map)?;
    let document: NoteDocument = json(&publication, NOTE_JSON)?;
    let name = &document.card.name;
    own_name(config_map, name, names::note_config_map(name))?;
    let html = sanitize_published(&entry(&publication, NOTE_HTML)?);
    let namespace = config_map.namespace().unwrap_or_default();
    Ok(Item::Note(Arc::new(PublishedNote::new(namespace, document, html))))
}

/// What it is, and under which digest it is found, its bytes say.
fn image(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let bytes = config_map.binary_data.as_ref().and_then(|data| data.get(IMAGE));
    let content = bytes.ok_or(DecodeError::Missing(IMAGE))?.0.clone();
    let namespace = config_map.namespace().unwrap_or_default();
    let image = PublishedImage::new(namespace, content).ok_or(DecodeError::Image)?;
    Ok(Item::Image(Arc::new(image)))
}

fn summit(config_map: &ConfigMap) -> Result<Item, DecodeError> {
    let mut document: SummitDocument = json(&publication(config_map)?, SUMMIT_JSON)?;
    own_name(config_map, &document.name, names::summit_config_map(&document.name))?;
    document.overview_html = sanitize_published(&document.overview_html);
    let namespace = config_map.namespace().unwrap_or_default();
    Ok(Item::Summit(Arc::new(PublishedSummit::new(namespace, document))))
}

/// The data, if it is what the operator wrote. An object that was changed by others is restored in a
/// moment; until then the last good page stays.
fn publication(config_map: &ConfigMap) -> Result<Publication, DecodeError> {
    let binary = config_map.binary_data.iter().flatten();
    let binary = binary.map(|(key, bytes)| (key.clone(), bytes.0.clone())).collect();
    let publication = Publication::of(config_map.data.clone().unwrap_or_default(), binary);
    match config_map.annotations().get(names::CONTENT_DIGEST) {
        Some(digest) if *digest == publication.digest => Ok(publication),
        _ => Err(DecodeError::Digest),
    }
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
    publication: &Publication,
    key: &'static str,
) -> Result<T, DecodeError> {
    let text = entry(publication, key)?;
    serde_json::from_str(&text).map_err(|error| DecodeError::Json(key, error))
}

fn entry(publication: &Publication, key: &'static str) -> Result<String, DecodeError> {
    publication.entry(key)?.ok_or(DecodeError::Missing(key))
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;
    use serde_json::json;

    use super::*;

    fn config_map(name: &str, content: &str, publication: Publication) -> ConfigMap {
        let mut object: ConfigMap = serde_json::from_value(json!({
            "metadata": {"namespace": "community", "name": name,
                "labels": {names::CONTENT_LABEL: content},
                "annotations": {names::CONTENT_DIGEST: publication.digest}},
        }))
        .unwrap();
        object.data = Some(publication.data);
        let binary = publication.binary_data.into_iter();
        object.binary_data = Some(binary.map(|(key, value)| (key, ByteString(value))).collect());
        object
    }

    fn publication(entries: &[(&str, &str)]) -> Publication {
        Publication::new(entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).unwrap()
    }

    const NOTE: &str = r#"{"name":"a","title":"A","kind":null,"language":"en","readingMinutes":1}"#;

    fn published_note(html: &str) -> ConfigMap {
        config_map("talknote-a", "note", publication(&[(NOTE_JSON, NOTE), (NOTE_HTML, html)]))
    }

    #[test]
    fn a_compressed_note_is_read() {
        let long = format!("<p>{}</p>", "文字 ".repeat(200_000));
        let object = published_note(&long);
        assert!(object.binary_data.as_ref().unwrap().contains_key("note.html.gz"));
        let Ok(Item::Note(note)) = decode(&object) else { panic!("not a note") };
        assert_eq!(note.html(), long);
        assert_eq!(note.key().namespace, "community");
    }

    #[test]
    fn a_summit_is_read() {
        let json = publication(&[(SUMMIT_JSON, r#"{"name":"s","title":"S","agenda":[]}"#)]);
        let object = config_map("summit-s", "summit", json);
        assert!(matches!(decode(&object), Ok(Item::Summit(summit)) if summit.key().name == "s"));
    }

    #[test]
    fn what_is_not_in_the_contract_is_refused_with_its_reason() {
        let mut newer = published_note("");
        newer.annotations_mut().insert(names::CONTRACT.to_owned(), "2".to_owned());
        assert!(matches!(decode(&newer), Err(DecodeError::Contract(_))));
        let other = config_map("talknote-a", "poem", publication(&[]));
        assert!(matches!(decode(&other), Err(DecodeError::Content(_))));
        let empty = config_map("talknote-a", "note", publication(&[]));
        assert!(matches!(decode(&empty), Err(DecodeError::Missing(NOTE_JSON))));
        let mut thief = published_note("");
        thief.metadata.name = Some("talknote-b".to_owned());
        assert!(matches!(decode(&thief), Err(DecodeError::Name(..))));
    }

    #[test]
    fn a_page_that_somebody_changed_is_not_shown() {
        let mut edited = published_note("<p>ours</p>");
        edited.data.as_mut().unwrap().insert(NOTE_HTML.to_owned(), "<p>theirs</p>".to_owned());
        assert!(matches!(decode(&edited), Err(DecodeError::Digest)));
        let mut annotated = published_note("<p>ours</p>");
        annotated.data.as_mut().unwrap().insert("theirs".to_owned(), "x".to_owned());
        assert!(decode(&annotated).is_ok());
    }

    #[test]
    fn a_page_that_somebody_wrote_is_sanitized() {
        let Ok(Item::Note(note)) = decode(&published_note("<p>a</p><script>x()</script>")) else {
            panic!("not a note")
        };
        assert_eq!(note.html(), "<p>a</p>");
    }
}
