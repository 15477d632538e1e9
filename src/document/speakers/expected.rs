//! How many people a place lets expect.

/// How many people a place lets expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum Expected {
    /// Nothing is known.
    Any,
    /// A label such as `Speakers:` stands in front.
    Several,
}
