//! The rights in `docs/operations.md`, made of the manifests. `UPDATE_DOCS=1` writes them anew.

use std::fs;
use std::path::Path;

use k8s_openapi::api::rbac::v1::PolicyRule;
use serde_json::Value;

use crate::reasons::{self, Role};
use crate::support::{Result, rbac};

const PAGE: &str = "docs/operations.md";
const BEGIN: &str = "<!-- rights: `make generate` writes this from deploy/base/*-rbac.yaml -->\n";
const END: &str = "<!-- end of rights -->\n";

#[test]
fn is_what_the_manifests_say() -> Result {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(BEGIN).ok_or("the page has no mark where rights begin")?;
    let (found, after) = rest.split_once(END).ok_or("the page has no mark where rights end")?;
    let wanted = tables(&reasons::of_base()?);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return Ok(fs::write(&path, [before, BEGIN, &wanted, END, after].concat())?);
    }
    assert_eq!(found, wanted, "{PAGE} is out of date: run `make generate`");
    Ok(())
}

/// What is installed is what has reasons; the chart is held against it by `tests/packages`.
#[tokio::test]
async fn holds_every_rule_that_is_installed() -> Result {
    let documented = reasons::of_base()?;
    for (folder, kind) in [("deploy", None), ("deploy/overlays/single-namespace", Some("Role"))] {
        let installed = rbac::rendered(folder).await?;
        let roles = installed.iter().filter(|object| object.get("rules").is_some());
        let roles: Vec<&Value> = roles.collect();
        assert_eq!(roles.len(), documented.len(), "{folder}");
        for role in roles {
            let same = documented.iter().find(|known| known.name == role["metadata"]["name"]);
            let same = same.ok_or_else(|| format!("{} is not documented", role["metadata"]))?;
            assert_eq!(role["kind"], kind.unwrap_or(&same.kind), "{folder}: {}", same.name);
            let rules: Vec<PolicyRule> = serde_json::from_value(role["rules"].clone())?;
            let known: Vec<PolicyRule> = same.rules.iter().map(|(rule, _)| rule.clone()).collect();
            assert_eq!(rules, known, "{folder}: {}", same.name);
        }
    }
    Ok(())
}

fn tables(roles: &[Role]) -> String {
    let tables: Vec<String> = roles.iter().map(table).collect();
    tables.join("\n")
}

fn table(role: &Role) -> String {
    let scope = if role.kind == "ClusterRole" {
        "a ClusterRole; where namespaces are chosen (`namespaces` of the chart, the component \
         `single-namespace` of kustomize) a Role in each of them"
    } else {
        "a Role in the namespace that the program runs in"
    };
    let mut text =
        format!("`{}`: {scope}.\n\n| resources | verbs | because |\n|---|---|---|\n", role.name);
    for (rule, reason) in &role.rules {
        text.push_str(&format!("| {} | {} | {reason} |\n", resources(rule), rule.verbs.join(", ")));
    }
    text
}

/// The resources as kubectl takes them, such as `summits.talknotes.dev`, with the names that they are
/// limited to.
fn resources(rule: &PolicyRule) -> String {
    let mut all = Vec::new();
    for group in rule.api_groups.iter().flatten() {
        for resource in rule.resources.iter().flatten() {
            let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
            let (dot, slash) =
                (if group.is_empty() { "" } else { "." }, if rest.is_empty() { "" } else { "/" });
            all.push(format!("`{kind}{dot}{group}{slash}{rest}`"));
        }
    }
    let names: Vec<String> =
        rule.resource_names.iter().flatten().map(|name| format!("`{name}`")).collect();
    let named =
        if names.is_empty() { String::new() } else { format!(" named {}", names.join(", ")) };
    all.join(", ") + &named
}
