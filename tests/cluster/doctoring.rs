//! `talknotes doctor` on a real API server.

use std::process::Stdio;

use k8s_openapi::api::core::v1::ResourceQuota;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use talknotes::api::Summit;

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::binary;
use crate::support::wait;

/// What it says of the namespace as JSON, and its exit code.
async fn doctor(test: &TestNamespace, more: &[&str]) -> Result<(Value, i32)> {
    let output = run(test, &[&["--output", "json"], more].concat()).await?;
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).map_err(|_| errors)?;
    Ok((report, output.status.code().unwrap_or(-1)))
}

async fn run(test: &TestNamespace, more: &[&str]) -> Result<std::process::Output> {
    let mut command = tokio::process::Command::new(binary()?);
    command.arg("doctor").args(["--namespace", test.name()]).args(more);
    command.env("KUBECONFIG", &test.control_plane.admin().kubeconfig).env("NO_COLOR", "1");
    Ok(command.stdin(Stdio::null()).output().await?)
}

fn of_check<'a>(report: &'a Value, check: &str) -> Vec<&'a Value> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|finding| finding["check"] == check).collect()
}

#[tokio::test]
async fn a_cluster_that_is_well_has_no_errors() {
    with_namespace(async |test| -> Result {
        let (report, code) = doctor(test, &[]).await?;
        assert_eq!((report["errors"].as_u64(), code), (Some(0), 0), "{report:#}");
        assert!(of_check(&report, "kinds").is_empty(), "{report:#}");
        assert!(of_check(&report, "rights").is_empty(), "{report:#}");
        // The programs of the tests run beside the cluster, not in it.
        let controller = of_check(&report, "controller");
        assert!(controller[0]["message"].as_str().is_some_and(|m| m.contains("no controller")));
        let text = String::from_utf8(run(test, &[]).await?.stdout)?;
        assert!(text.contains("what to do: install one"), "{text}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let spec =
            json!({ "title": "Harbour", "startDate": "2031-05-15", "endDate": "2031-05-14" });
        let summit = Summit::new("harbour", serde_json::from_value(spec)?);
        test.api::<Summit>().create(&PostParams::default(), &summit).await?;
        wait::for_existing(&test.api::<Summit>(), "harbour", "to be stalled", |summit| {
            let conditions = summit.status.as_ref().map(|status| &status.conditions);
            conditions.is_some_and(|all| all.iter().any(|condition| condition.type_ == "Stalled"))
        })
        .await?;
        let quotas = test.api::<ResourceQuota>();
        let quota = json!({ "metadata": { "name": "small" },
            "spec": { "hard": { "count/configmaps": "20" } } });
        quotas.create(&PostParams::default(), &serde_json::from_value(quota)?).await?;
        // Its controller does not run here.
        let status = json!({ "status": { "hard": { "count/configmaps": "20" },
            "used": { "count/configmaps": "19" } } });
        quotas.patch_status("small", &PatchParams::default(), &Patch::Merge(status)).await?;

        let (report, code) = doctor(test, &[]).await?;
        assert_eq!((report["errors"].as_u64(), code), (Some(1), 1), "{report:#}");
        let object = of_check(&report, "objects")[0];
        assert_eq!(object["object"], format!("Summit {}/harbour", test.name()));
        assert!(object["message"].as_str().is_some_and(|m| m.contains("spec.endDate")), "{object}");
        assert_eq!(object["advice"], "correct the field that is named");
        let quota = of_check(&report, "quotas")[0];
        assert!(quota["message"].as_str().is_some_and(|m| m.starts_with("19 of 20")), "{quota}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_controller_without_its_rights_is_told_which_it_has_not() {
    with_namespace(async |test| -> Result {
        let (report, code) = doctor(test, &["--system-namespace", test.name()]).await?;
        assert_eq!(code, 1);
        let missing = of_check(&report, "rights")[0];
        let message = missing["message"].as_str().unwrap_or_default();
        assert!(message.contains("list noterepositories.talknotes.dev"), "{message}");
        assert!(message.contains("get secrets"), "{message}");
        Ok(())
    })
    .await;
}
