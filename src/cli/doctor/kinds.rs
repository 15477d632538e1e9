//! The API server, and whether it knows our kinds as this version means them.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::Api;
use serde_json::Value;

use super::finding::Finding;
use super::{Patient, unseen};
use crate::api::crds::{self, Definition};
use crate::cli::Failure;

const CHECK: &str = "kinds";
/// Oldest minor version of Kubernetes that is supported.
const OLDEST: u32 = 33;
const INSTALL: &str =
    "install the kinds of this version: talknotes crds | kubectl apply --server-side -f -";

/// Whether the API server answers, and is new enough.
///
/// # Errors
/// Where it does not answer: there is nothing else to look at then.
pub async fn server(patient: &Patient) -> Result<Vec<Finding>, Failure> {
    let version = patient.client.apiserver_version().await?;
    let digits: String = version.minor.chars().take_while(char::is_ascii_digit).collect();
    let minor: u32 = digits.parse().unwrap_or(u32::MAX);
    if version.major == "1" && minor < OLDEST {
        let message =
            format!("Kubernetes 1.{minor} is older than 1.{OLDEST}, which TalkNotes needs");
        return Ok(vec![Finding::error(CHECK, message).advise("upgrade the cluster")]);
    }
    Ok(Vec::new())
}

/// Whether each kind is there, and as this version means it.
///
/// # Errors
/// Where a definition cannot be made, which is a fault of ours.
pub async fn definitions(patient: &Patient) -> Result<Vec<Finding>, Failure> {
    let api: Api<CustomResourceDefinition> = Api::all(patient.client.clone());
    let mut findings = Vec::new();
    for definition in crds::all()? {
        let name = definition.name();
        match api.get_opt(&name).await {
            Ok(None) => {
                let message = format!("the cluster does not know {name}");
                findings.push(Finding::error(CHECK, message).advise(INSTALL));
            }
            Ok(Some(live)) => findings.extend(compare(&definition, &serde_json::to_value(live)?)),
            Err(error) => {
                findings.push(unseen(CHECK, "CustomResourceDefinitions", &error));
                break;
            }
        }
    }
    Ok(findings)
}

fn compare(definition: &Definition, live: &Value) -> Option<Finding> {
    let (name, ours) = (definition.name(), &definition.manifest);
    let schema = "/spec/versions/0/schema";
    let same = ["/spec/versions/0/name", schema, "/spec/versions/0/subresources"]
        .iter()
        .all(|path| is_covered(ours.pointer(path), live.pointer(path)));
    if !same {
        let message = format!("{name} is not as this version of TalkNotes means it");
        return Some(Finding::error(CHECK, message).advise(INSTALL));
    }
    let stored = live.pointer("/status/storedVersions").and_then(Value::as_array)?;
    let served = live.pointer("/spec/versions").and_then(Value::as_array)?;
    let is_served =
        |version: &&Value| served.iter().any(|known| known.get("name") == Some(version));
    let lost = stored.iter().find(|version| !is_served(version))?;
    let message =
        format!("objects of {name} may be stored in the version {lost}, which is not served");
    Some(
        Finding::error(CHECK, message)
            .advise("write all of them anew before you take the version away"),
    )
}

/// Whether the cluster has what we mean: it may add defaults of its own, and leaves out what is empty.
fn is_covered(ours: Option<&Value>, live: Option<&Value>) -> bool {
    match (ours, live) {
        (Some(Value::Object(ours)), Some(Value::Object(live))) => {
            ours.iter().all(|(name, ours)| is_covered(Some(ours), live.get(name)))
        }
        (Some(Value::Object(ours)), None) => ours.is_empty(),
        (Some(Value::Array(ours)), Some(Value::Array(live))) => {
            ours.len() == live.len()
                && ours.iter().zip(live).all(|(ours, live)| is_covered(Some(ours), Some(live)))
        }
        (ours, live) => ours == live,
    }
}
