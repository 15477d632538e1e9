//! A real Prometheus reads the metrics of a controller and a viewer, and answers the queries of the dashboard.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::child::Child;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::page::Reader;
use crate::support::ports::free_port;
use crate::support::publishing::{Publishing, talk};
use crate::support::tools::prometheus;
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, http_client, look_at_url};

/// Starts Prometheus for two targets, and gives the address of its API.
async fn start(test: &TestNamespace, targets: [(&str, &str); 2]) -> Result<(Child, String)> {
    let scrapes = targets.map(|(job, target)| {
        json!({ "job_name": job, "scrape_interval": "1s", "scrape_timeout": "1s",
            "static_configs": [{ "targets": [target] }] })
    });
    let rules = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("deploy/components/monitoring/prometheus-rule.yaml"),
    )?;
    let rules: Value = serde_saphyr::from_str(&rules)?;
    let folder = test.folder();
    fs::write(folder.join("rules.yaml"), rules["spec"].to_string())?;
    let config = json!({ "global": { "evaluation_interval": "1s" },
        "scrape_configs": scrapes, "rule_files": ["rules.yaml"] });
    let file = folder.join("prometheus.yaml");
    fs::write(&file, config.to_string())?;
    let address = format!("127.0.0.1:{}", free_port()?);
    let mut command = Command::new(prometheus()?);
    command.arg(format!("--config.file={}", file.display()));
    command.arg(format!("--storage.tsdb.path={}", folder.join("series").display()));
    command.arg(format!("--web.listen-address={address}"));
    test.note("prometheus.log");
    let mut child = Child::spawn(&command, &folder.join("prometheus.log"))?;
    let (http, ready) = (http_client()?, format!("http://{address}/-/ready"));
    wait::until("Prometheus to be ready", DEADLINE, async || {
        child.check_running()?;
        look_at_url(&http, &ready).await
    })
    .await?;
    Ok((child, format!("http://{address}/api/v1")))
}

/// The values that a query has now.
async fn ask(api: &str, query: &str) -> Result<Vec<Value>> {
    let url = reqwest::Url::parse_with_params(&format!("{api}/query"), [("query", query)])?;
    let answer: Value = serde_json::from_str(&http_client()?.get(url).send().await?.text().await?)?;
    if answer["status"] != "success" {
        return Err(format!("{query}: {answer}").into());
    }
    Ok(answer["data"]["result"].as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn prometheus_reads_every_metric_and_answers_the_dashboard() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("ferns.md", &talk("Ferns", "Soft."))]).await?;
        publishing.shows(&["Ferns"]).await?;
        let metrics = format!("127.0.0.1:{}", free_port()?);
        let viewer = test.start_viewer_with(&["--metrics-address", &metrics]).await?;
        let reader = Reader::new(viewer.address())?;
        reader.wait_for("/", "the site", |html| html.contains("TalkNotes")).await?;
        let targets = [("controller", publishing.controller.address()), ("viewer", &*metrics)];
        let (_prometheus, api) = start(test, targets).await?;

        for query in [
            r#"sum(talknotes_notes{state="published"}) == 1"#,
            "sum(talknotes_leader) == 1",
            r#"talknotes_resource_info{kind="NoteRepository",ready="True"} == 1"#,
            "sum(talknotes_git_requests_total) > 0",
            "talknotes_git_documents_bytes_total > 0",
            "sum(talknotes_api_writes_total) > 0",
            "talknotes_viewer_notes == 1",
            "talknotes_viewer_ready == 1",
            r#"sum(talknotes_http_request_duration_seconds_count{route="home",code="2xx"}) > 0"#,
            // A recording rule, and no alert on a cluster that is well.
            "talknotes:git_requests:failure_ratio_15m == 0 or vector(1)",
        ] {
            wait::until(&format!("{query} to hold"), DEADLINE, async || {
                let found = ask(&api, query).await?;
                Ok(Look::at(!found.is_empty(), || "no value".to_owned()))
            })
            .await?;
        }
        let dashboard: Value = serde_json::from_str(&fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("deploy/components/monitoring/dashboard.json"),
        )?)?;
        let panels = dashboard["panels"].as_array().expect("panels").iter();
        for target in panels.flat_map(|panel| panel["targets"].as_array().expect("targets")) {
            ask(&api, target["expr"].as_str().expect("a query")).await?;
        }
        let firing = ask(&api, r#"ALERTS{alertstate="firing"}"#).await?;
        assert!(firing.is_empty(), "{firing:?}");
        Ok(())
    })
    .await;
}
