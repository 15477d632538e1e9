//! Features as flagd reads them. Pure.

use serde_json::{Map, Value, json};

use crate::api::{Feature, FeatureName, FeatureState, Segment};

/// The flags of `features` in flagd's format. A feature that is not listed is on for everybody.
pub fn document(features: &[Feature]) -> Value {
    let flags: Map<String, Value> = FeatureName::ALL
        .into_iter()
        .map(|name| {
            let feature = features.iter().find(|feature| feature.name == name);
            (name.key().to_owned(), feature.map_or_else(|| flag(true, None), flag_of))
        })
        .collect();
    json!({ "$schema": "https://flagd.dev/schema/v0/flags.json", "flags": flags })
}

fn flag_of(feature: &Feature) -> Value {
    if feature.state == Some(FeatureState::Disabled) {
        return flag(false, None);
    }
    flag(true, targeting(feature))
}

/// One that is off is an enabled flag whose variant is off: a disabled flag would leave the choice to
/// whoever asks.
fn flag(on: bool, targeting: Option<Value>) -> Value {
    let mut flag = json!({
        "state": "ENABLED",
        "variants": { "on": true, "off": false },
        "defaultVariant": if on { "on" } else { "off" },
    });
    if let (Some(targeting), Some(fields)) = (targeting, flag.as_object_mut()) {
        fields.insert("targeting".to_owned(), targeting);
    }
    flag
}

fn targeting(feature: &Feature) -> Option<Value> {
    let share = feature.percentage.map(|percent| {
        let percent = percent.min(100);
        // The key keeps a reader's bucket apart for each feature.
        let bucket = json!({ "cat": [feature.name.key(), { "var": "targetingKey" }] });
        json!({ "fractional": [bucket, ["on", percent], ["off", 100 - percent]] })
    });
    if feature.segments.is_empty() {
        return share;
    }
    let any: Vec<Value> = feature.segments.iter().map(segment).collect();
    Some(json!({ "if": [{ "or": any }, share.unwrap_or_else(|| json!("on")), "off"] }))
}

fn segment(segment: &Segment) -> Value {
    let mut all = Vec::new();
    if !segment.languages.is_empty() {
        all.push(json!({ "in": [{ "var": "language" }, segment.languages] }));
    }
    if let Some(returning) = segment.returning {
        all.push(json!({ "==": [{ "var": "returning" }, returning] }));
    }
    if !segment.groups.is_empty() {
        all.push(json!({ "in": [{ "var": "group" }, segment.groups] }));
    }
    // A segment that names nothing is everybody.
    if all.is_empty() { json!(true) } else { json!({ "and": all }) }
}

/// The features in words, such as `mind-map=off`, by their names.
pub fn in_words(features: &[Feature]) -> Vec<String> {
    let mut words: Vec<String> = features.iter().map(word).collect();
    words.sort();
    words
}

fn word(feature: &Feature) -> String {
    let key = feature.name.key();
    if feature.state == Some(FeatureState::Disabled) {
        return format!("{key}=off");
    }
    let share = feature.percentage.map_or_else(|| "on".to_owned(), |share| format!("{share}%"));
    match feature.segments.len() {
        0 => format!("{key}={share}"),
        1 => format!("{key}={share} in 1 segment"),
        more => format!("{key}={share} in {more} segments"),
    }
}

/// What has changed between two lists of words; a feature that is not listed is on. Empty where nothing
/// has.
pub fn changes(before: &[String], after: &[String]) -> Vec<String> {
    let said = |words: &[String], key: &str| {
        let word = words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        word.unwrap_or("on").to_owned()
    };
    FeatureName::ALL
        .into_iter()
        .filter_map(|name| {
            let (from, to) = (said(before, name.key()), said(after, name.key()));
            (from != to).then(|| format!("{} from {from} to {to}", name.key()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(name: FeatureName) -> Feature {
        Feature { name, state: None, percentage: None, segments: Vec::new() }
    }

    #[test]
    fn what_is_not_listed_is_on_and_what_is_switched_off_is_off_whatever_else_it_says() {
        let off = Feature {
            state: Some(FeatureState::Disabled),
            percentage: Some(100),
            ..feature(FeatureName::MindMap)
        };
        let flags = document(&[off]);
        assert_eq!(flags["flags"]["mind-map"]["defaultVariant"], "off");
        assert_eq!(flags["flags"]["mind-map"]["targeting"], Value::Null);
        assert_eq!(flags["flags"]["live-updates"]["defaultVariant"], "on");
    }

    #[test]
    fn changes_are_told_from_and_to() {
        let half = Feature { percentage: Some(50), ..feature(FeatureName::MindMap) };
        let off =
            Feature { state: Some(FeatureState::Disabled), ..feature(FeatureName::LiveUpdates) };
        let (none, some) = (in_words(&[]), in_words(&[half, off]));
        assert_eq!(some, ["live-updates=off", "mind-map=50%"]);
        let expected = ["mind-map from on to 50%", "live-updates from on to off"];
        assert_eq!(changes(&none, &some), expected);
        assert!(changes(&some, &some).is_empty());
        assert!(changes(&none, &in_words(&[feature(FeatureName::MindMap)])).is_empty());
    }
}
