//! YAML from strangers: typed, with places in errors and bounds on what it may cost.

pub(super) mod node;

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

use super::report::Place;
use node::{Node, Placed};

/// Why a text is not what it should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where, counted from the first line of the text.
    pub place: Place,
    /// What is wrong, in one line and without the text itself.
    pub reason: String,
}

/// Nodes of a document that people write by hand, at most.
const MAX_NODES: usize = 20_000;
/// Nodes of a document that a tool writes, such as a list of objects, at most. Its size is bounded, too.
const MAX_LONG_NODES: usize = 500_000;
/// Bytes of all values together, at most, with those of aliases each time.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads one YAML document.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    parse_with(text, PhantomData::<T>, MAX_NODES)
}

/// Reads one YAML document that may be a long list, or JSON.
pub(super) fn parse_long<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    parse_long_with(text, PhantomData::<T>)
}

/// As [`parse_long`], by a seed.
pub(super) fn parse_long_with<'t, S: DeserializeSeed<'t>>(
    text: &'t str,
    seed: S,
) -> Result<S::Value, Fault> {
    parse_with(text, seed, MAX_LONG_NODES)
}

fn parse_with<'t, S: DeserializeSeed<'t>>(
    text: &'t str,
    seed: S,
    max_nodes: usize,
) -> Result<S::Value, Fault> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_nodes: max_nodes,
            max_aliases: 100,
            max_anchors: 100,
            max_total_scalar_bytes: MAX_BYTES,
        },
    };
    let read = |node: serde_saphyr::Deserializer<'t, '_>| seed.deserialize(node);
    serde_saphyr::with_deserializer_from_str_with_options(text, options, read).map_err(|error| {
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
        let place = error.location().map_or(Place::line(1), |location| Place {
            line: number(location.line()),
            column: number(location.column()),
        });
        let reason = error.without_snippet().to_string();
        let reason = reason.lines().next().unwrap_or_default();
        Fault { place, reason: without_place(reason).to_owned() }
    })
}

/// Reads one YAML document as a tree, in which numbers and the like that are to be texts are so as they are
/// written.
pub(super) fn tree(text: &str) -> Result<Option<Placed>, Fault> {
    let mut root = parse::<Option<Placed>>(text)?;
    let lines: Vec<&str> = text.lines().collect();
    root.iter_mut().for_each(|root| Node::keep_spelling(root, &lines));
    Ok(root)
}

/// The place counts from the first line of the text, which is not that of the document; whoever
/// reports the fault names the place there.
pub(super) fn without_place(reason: &str) -> &str {
    let numbers = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || ", column".contains(c));
    reason
        .rsplit_once(" at line ")
        .filter(|(_, rest)| numbers(rest))
        .map_or(reason, |(text, _)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_does_not_name_a_second_place() {
        assert_eq!(without_place("odd character at line 1, column 8"), "odd character");
        assert_eq!(without_place("no one at line end"), "no one at line end");
        let fault = parse::<serde_json::Value>("a: [\n").unwrap_err();
        assert!(!fault.reason.contains(" line "), "{}", fault.reason);
    }
}
