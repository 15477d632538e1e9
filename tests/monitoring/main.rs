//! Alerts, runbooks and the dashboard: promtool runs the tests of the rules, and every query names a metric that
//! there is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use support::Result;
use support::tools::promtool;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}").into())
}

/// The groups of rules.
fn rules() -> Result<Value> {
    let text = read("deploy/components/monitoring/prometheus-rule.yaml")?;
    Ok(serde_saphyr::from_str::<Value>(&text)?["spec"].clone())
}

/// All rules, whatever their group.
fn all_rules() -> Result<Vec<Value>> {
    let rules = rules()?;
    let groups = rules["groups"].as_array().expect("groups");
    Ok(groups.iter().flat_map(|group| group["rules"].as_array().expect("rules").clone()).collect())
}

fn alerts() -> Result<Vec<Value>> {
    Ok(all_rules()?.into_iter().filter(|rule| rule["alert"].is_string()).collect())
}

/// Names of metrics on docs/metrics.md, which a test of the code holds against the registries.
fn metrics() -> Result<BTreeSet<String>> {
    let page = read("docs/metrics.md")?;
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    Ok(rows.map(|(name, _)| name.to_owned()).collect())
}

/// Metrics that a query names and that there are not.
fn unknown(query: &str) -> Result<Vec<String>> {
    let (known, records) = (metrics()?, all_rules()?);
    let is_record = |name: &str| records.iter().any(|rule| rule["record"] == name);
    let names = Regex::new(r"talknotes[_:][a-z0-9_:]+")?;
    let series = |name: &str| {
        let ends = ["_bucket", "_count", "_sum"];
        ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
    };
    let names = names.find_iter(query).map(|found| found.as_str().to_owned());
    Ok(names
        .filter(|name| !known.contains(name) && !known.contains(&series(name)) && !is_record(name))
        .collect())
}

#[test]
fn promtool_runs_the_tests_of_the_rules() -> Result {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("rules.yaml"), serde_saphyr::to_string(&rules()?)?)?;
    fs::copy(
        root().join("tests/monitoring/rules_test.yaml"),
        folder.path().join("rules_test.yaml"),
    )?;
    for arguments in [["check", "rules", "rules.yaml"], ["test", "rules", "rules_test.yaml"]] {
        let run = Command::new(promtool()?).args(arguments).current_dir(folder.path()).output()?;
        let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{arguments:?}: {said}");
    }
    Ok(())
}

#[test]
fn every_alert_fires_in_a_test_and_leads_to_its_runbook() -> Result {
    let tests = read("tests/monitoring/rules_test.yaml")?;
    let mut pages = BTreeSet::from(["README.md".to_owned()]);
    let index = read("docs/runbooks/README.md")?;
    for alert in alerts()? {
        let name = alert["alert"].as_str().expect("a name");
        let fires = format!("{{alertname=\"{name}\"}}");
        assert!(tests.contains(&fires), "{name} fires in no test");
        let page = format!("{name}.md");
        let url = format!("https://github.com/talknotes/talknotes/blob/main/docs/runbooks/{page}");
        assert_eq!(alert["annotations"]["runbook_url"], url);
        for field in ["summary", "description"] {
            assert!(alert["annotations"][field].is_string(), "{name} has no {field}");
        }
        let text = read(&format!("docs/runbooks/{page}"))?;
        assert!(text.starts_with(&format!("# {name}\n")), "{page}");
        for heading in ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"] {
            assert!(text.contains(&format!("\n{heading}\n")), "{page} has no {heading}");
        }
        assert!(index.contains(&format!("({page})")), "the index has no {page}");
        pages.insert(page);
    }
    let there: BTreeSet<String> = fs::read_dir(root().join("docs/runbooks"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    assert_eq!(there, pages);
    Ok(())
}

#[test]
fn every_query_names_metrics_that_there_are() -> Result {
    for rule in all_rules()? {
        let query = rule["expr"].as_str().expect("an expression");
        assert_eq!(unknown(query)?, Vec::<String>::new(), "{query}");
    }
    for query in dashboard_queries()? {
        assert!(query.contains("talknotes"), "{query}");
        assert_eq!(unknown(&query)?, Vec::<String>::new(), "{query}");
    }
    assert_eq!(unknown("rate(talknotes_gone_total[5m])")?, ["talknotes_gone_total"]);
    Ok(())
}

fn dashboard_queries() -> Result<Vec<String>> {
    let dashboard: Value =
        serde_json::from_str(&read("deploy/components/monitoring/dashboard.json")?)?;
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().expect("targets"));
    Ok(targets.map(|target| target["expr"].as_str().expect("a query").to_owned()).collect())
}

/// Panels have a place of their own, and ids that are theirs.
#[test]
fn the_panels_of_the_dashboard_do_not_cover_each_other() -> Result {
    let text = read("deploy/components/monitoring/dashboard.json")?;
    let dashboard: Value = serde_json::from_str(&text)?;
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_i64()).collect();
    assert_eq!(ids.len(), panels.len());
    let place = |panel: &Value| {
        ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_i64().expect("a place"))
    };
    for (at, panel) in panels.iter().enumerate() {
        let [x, y, w, h] = place(panel);
        assert!(x >= 0 && w > 0 && h > 0 && x + w <= 24, "{panel}");
        for other in &panels[at + 1..] {
            let [a, b, c, d] = place(other);
            let apart = x + w <= a || a + c <= x || y + h <= b || b + d <= y;
            assert!(apart, "{} and {}", panel["title"], other["title"]);
        }
    }
    Ok(())
}

#[test]
fn the_chart_has_the_same_files() -> Result {
    let files: [PathBuf; 2] = ["prometheus-rule.yaml", "dashboard.json"].map(PathBuf::from);
    for file in files {
        let source = fs::read(root().join("deploy/components/monitoring").join(&file))?;
        let copy = fs::read(root().join("charts/talknotes/files/monitoring").join(&file))?;
        assert!(source == copy, "{}: run `make generate`", file.display());
    }
    Ok(())
}
