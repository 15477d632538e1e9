//! Whether an object in the cluster is as it is wished, whatever others have added to it. Pure.

use serde_json::{Map, Value};

/// Whether `live` says everything that `wanted` says. What else it says is for others to say: defaults of
/// the API server, fields that a user or another controller has set.
pub fn covers(live: &Value, wanted: &Value) -> bool {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| covers_field(live, name, wanted))
        }
        (Value::Array(live), Value::Array(wanted)) => covers_list(live, wanted),
        _ => live == wanted,
    }
}

fn covers_field(live: &Map<String, Value>, name: &str, wanted: &Value) -> bool {
    match live.get(name) {
        Some(live) if name == "requests" || name == "limits" => same_quantities(live, wanted),
        Some(live) => covers(live, wanted),
        // The API server drops what says nothing.
        None => is_empty(wanted),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Lists of named things are compared by name, so that others may add things of their own.
fn covers_list(live: &[Value], wanted: &[Value]) -> bool {
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    if !wanted.is_empty() && wanted.iter().all(|item| name(item).is_some()) {
        return wanted.iter().all(|wanted| {
            live.iter().any(|live| name(live) == name(wanted) && covers(live, wanted))
        });
    }
    live.len() == wanted.len() && live.iter().zip(wanted).all(|(live, wanted)| covers(live, wanted))
}

/// The API server writes `0.5` as `500m`.
fn same_quantities(live: &Value, wanted: &Value) -> bool {
    let (Value::Object(live), Value::Object(wanted)) = (live, wanted) else {
        return live == wanted;
    };
    wanted.iter().all(|(resource, wanted)| {
        let amount = |value: &Value| value.as_str().and_then(amount);
        live.get(resource).is_some_and(|live| {
            live == wanted || amount(live).is_some() && amount(live) == amount(wanted)
        })
    })
}

/// A quantity in thousandths, such as 500 for `500m`.
pub fn amount(quantity: &str) -> Option<i128> {
    let end = quantity.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(quantity.len());
    let (number, unit) = quantity.split_at_checked(end)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = u32::try_from(fraction.len()).ok().filter(|digits| *digits <= 9)?;
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let factor: i128 = match unit {
        "m" => 1,
        "" => 1000,
        "k" => 1_000_000,
        "M" => 1_000_000_000,
        "G" => 1_000_000_000_000,
        "T" => 1_000_000_000_000_000,
        "Ki" => 1000 << 10,
        "Mi" => 1000 << 20,
        "Gi" => 1000 << 30,
        "Ti" => 1000 << 40,
        _ => return None,
    };
    number.checked_mul(factor)?.checked_div(10_i128.checked_pow(digits)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_others_add_is_theirs() {
        let wanted = json!({ "spec": { "containers": [{ "name": "viewer", "image": "a" }] } });
        let live = json!({ "spec": { "replicas": 3, "containers": [
            { "name": "mesh", "image": "b" },
            { "name": "viewer", "image": "a", "terminationMessagePath": "/dev/termination-log" },
        ] } });
        assert!(covers(&live, &wanted));
        assert!(covers(&json!({}), &json!({ "ingress": [], "labels": {} })));
    }

    #[test]
    fn what_others_change_or_take_is_seen() {
        let wanted = json!({ "image": "a", "args": ["x", "y"], "from": [{ "cidr": "1" }] });
        for change in [
            json!({ "image": "b" }),
            json!({ "args": ["x"] }),
            json!({ "args": ["y", "x"] }),
            json!({ "from": [{ "cidr": "1" }, { "cidr": "2" }] }),
            json!({ "image": null }),
        ] {
            let mut live = wanted.clone();
            live.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert!(!covers(&live, &wanted), "{live}");
        }
    }

    #[test]
    fn quantities_are_compared_by_what_they_mean() {
        let of = |text: &str| json!({ "limits": { "cpu": text } });
        for (one, other) in [("0.5", "500m"), ("1024Mi", "1Gi"), ("1000M", "1G"), ("2", "2.0")] {
            assert!(covers(&of(one), &of(other)), "{one} {other}");
        }
        assert!(!covers(&of("1G"), &of("1Gi")));
        assert!(!covers(&of("odd"), &of("odder")));
        assert_eq!(amount("1.5"), Some(1500));
    }
}
