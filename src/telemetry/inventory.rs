//! What there is, for the metrics that name objects.

use prometheus_client::encoding::EncodeLabelSet;

/// An object as it stands.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Resource {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Status of its condition Ready: True, False or Unknown.
    pub ready: &'static str,
    /// Whether it is suspended: true or false.
    pub suspended: &'static str,
    /// The revision that was applied last, of a repository.
    pub revision: String,
}

/// Notes that have all of this in common.
#[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
pub struct NoteCount {
    namespace: String,
    summit: String,
    state: &'static str,
}

impl NoteCount {
    /// Those of `summit` in a state: published, withheld or failed.
    pub fn new(namespace: &str, summit: &str, state: &'static str) -> Self {
        Self { namespace: namespace.to_owned(), summit: summit.to_owned(), state }
    }
}
