//! What is put into a ConfigMap, and whether it fits.

use std::collections::BTreeMap;

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
