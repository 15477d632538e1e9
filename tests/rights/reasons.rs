//! Why each rule is there: the comments above the rules of `deploy/base/*-rbac.yaml`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use k8s_openapi::api::rbac::v1::PolicyRule;
use serde_json::Value;

use crate::support::Result;

/// A role of a manifest, and the reason of each of its rules.
pub struct Role {
    pub kind: String,
    pub name: String,
    pub rules: Vec<(PolicyRule, String)>,
}

/// All roles of `deploy/base`, in the order of files and documents.
///
/// # Errors
/// Where a rule has no reason, or a reason no rule.
pub fn of_base() -> Result<Vec<Role>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/base");
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with("-rbac.yaml") {
            paths.insert(path);
        }
    }
    let mut roles = Vec::new();
    for path in paths {
        for document in fs::read_to_string(&path)?.split("\n---\n") {
            let role = role(document).map_err(|error| format!("{}: {error}", path.display()))?;
            roles.extend(role);
        }
    }
    Ok(roles)
}

/// The role in a document; none where it is something else.
fn role(document: &str) -> Result<Option<Role>> {
    let object: Value = serde_saphyr::from_str(document)?;
    let text = |pointer: &str| {
        object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (kind, name) = (text("/kind"), text("/metadata/name"));
    if kind != "ClusterRole" && kind != "Role" {
        return Ok(None);
    }
    let rules: Vec<PolicyRule> = serde_json::from_value(object["rules"].clone())?;
    let reasons = reasons(document).map_err(|line| format!("{name}: {line}"))?;
    if rules.len() != reasons.len() {
        return Err(format!("{name} has {} rules, {} reasons", rules.len(), reasons.len()).into());
    }
    Ok(Some(Role { kind, name, rules: rules.into_iter().zip(reasons).collect() }))
}

/// The comment above each rule.
fn reasons(document: &str) -> Result<Vec<String>, String> {
    let (mut reasons, mut words) = (Vec::new(), Vec::new());
    for line in document.lines().skip_while(|line| *line != "rules:").skip(1) {
        if let Some(comment) = line.trim_start().strip_prefix("# ") {
            words.push(comment);
        } else if line.starts_with("  - ") {
            if words.is_empty() {
                return Err(format!("no comment above a rule says why it is there: {line}"));
            }
            reasons.push(words.join(" "));
            words.clear();
        } else if !words.is_empty() {
            return Err(format!("a comment stands above no rule: {}", words.join(" ")));
        }
    }
    if words.is_empty() {
        Ok(reasons)
    } else {
        Err(format!("a comment stands above no rule: {}", words.join(" ")))
    }
}

#[test]
fn each_rule_needs_a_reason_and_each_reason_a_rule() {
    let manifest =
        |rules: &str| format!("# Not a reason.\nkind: Role\nmetadata:\n  name: a\nrules:\n{rules}");
    let rule = "  - apiGroups: [\"\"]\n    resources: [pods]\n    verbs: [get]\n";
    let reason = "  # It looks\n  # at them.\n";
    let found = role(&manifest(&[reason, rule].concat())).unwrap().unwrap();
    assert_eq!(found.rules[0].1, "It looks at them.");
    for wrong in [
        rule.to_owned(),
        [reason, rule, rule].concat(),
        [reason, rule, reason].concat(),
        [reason, "  - apiGroups: [\"\"]\n", reason, "    verbs: [get]\n"].concat(),
    ] {
        assert!(role(&manifest(&wrong)).is_err(), "{wrong}");
    }
}
