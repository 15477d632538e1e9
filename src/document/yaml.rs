//! YAML from strangers: typed, with places in errors and bounds on what it may cost.

use serde::de::DeserializeOwned;
use serde_saphyr::options::DuplicateKeyPolicy;

use super::report::Place;

/// Why a text is not what it should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where, counted from the first line of the text.
    pub place: Place,
    /// What is wrong, in one line and without the text itself.
    pub reason: String,
}

/// Reads one YAML document.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        budget: serde_saphyr::budget! {
            max_depth: 32,
            max_nodes: 20_000,
            max_aliases: 100,
            max_anchors: 100,
        },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
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
