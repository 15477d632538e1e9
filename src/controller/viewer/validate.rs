//! Step 2: a spec with nothing left to doubt, or all its faults at once. Pure.

use kube::ResourceExt;

use super::compare;
use crate::api::{ALL_NAMESPACES, Resources, Viewer, names};
use crate::controller::shared::error::{Error, Fault};
use crate::controller::shared::kind::Kind;
use crate::controller::shared::owner_reference;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

/// Longest name of a Service.
const MAX_SERVICE_NAME: usize = 63;

/// A viewer that can be built.
pub(super) struct ValidViewer<'a> {
    pub viewer: &'a Viewer,
    pub namespace: String,
    pub name: String,
    pub owner: OwnerReference,
    /// Image of the Pods.
    pub image: String,
    /// Namespaces to show; all where it is empty.
    pub namespaces: Vec<String>,
    /// Host of the base URL.
    pub host: Option<String>,
}

pub(super) fn viewer<'a>(
    viewer: &'a Viewer,
    default_image: Option<&str>,
) -> Result<ValidViewer<'a>, Error> {
    let spec = &viewer.spec;
    let (namespace, name) = viewer.address();
    let mut faults = Vec::new();
    faults.extend(name_fault(&name));
    let namespaces = namespaces(viewer, &namespace, &mut faults);
    let image = spec.image.as_deref().or(default_image);
    if image.is_none() {
        let message = "name the image of the Pods, or start the controller with --viewer-image";
        faults.push(Fault::new("spec.image", message));
    }
    let host = spec.base_url.as_deref().and_then(host);
    for (field, way) in
        [("spec.ingress", spec.ingress.is_some()), ("spec.httpRoute", spec.http_route.is_some())]
    {
        if way && host.is_none() {
            let message = "needs spec.baseURL, whose host leads here";
            faults.push(Fault::new(field, message));
        }
    }
    if spec.ingress.is_some() && spec.http_route.is_some() {
        faults.push(Fault::new("spec.httpRoute", "choose one way in: ingress or httpRoute"));
    }
    faults.extend(spec.resources.iter().flat_map(quantity_faults));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(ValidViewer {
        viewer,
        owner: owner_reference(viewer)?,
        image: image.unwrap_or_default().to_owned(),
        namespaces,
        host,
        namespace,
        name,
    })
}

/// A Service has a DNS label for a name.
fn name_fault(name: &str) -> Option<Fault> {
    let is_label =
        name.starts_with(|first: char| first.is_ascii_lowercase()) && !name.contains('.');
    let room = MAX_SERVICE_NAME.saturating_sub(names::viewer_objects("").len());
    (!is_label || name.len() > room).then(|| {
        let message = format!(
            "a viewer gives its name to a Service: begin with a letter, leave out dots, and take {room} \
             characters at most"
        );
        Fault::new("metadata.name", message)
    })
}

/// The namespaces to show; none are all of them.
fn namespaces(viewer: &Viewer, own: &str, faults: &mut Vec<Fault>) -> Vec<String> {
    let wished = &viewer.spec.namespaces;
    let elsewhere = wished.iter().any(|namespace| namespace != own);
    // Nobody gets at the notes of others by making a Viewer.
    if elsewhere && viewer.spec.service_account_name.is_none() {
        let message = "other namespaces than the Viewer's own are shown only with \
                       spec.serviceAccountName: name an account that may list and watch ConfigMaps there";
        faults.push(Fault::new("spec.namespaces", message));
    }
    if wished.iter().any(|namespace| namespace == ALL_NAMESPACES) {
        return Vec::new();
    }
    if wished.is_empty() { vec![own.to_owned()] } else { wished.clone() }
}

/// The host of a URL, without its port.
fn host(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    url.host_str().map(str::to_owned)
}

fn quantity_faults(resources: &Resources) -> Vec<Fault> {
    let lists = [("requests", &resources.requests), ("limits", &resources.limits)];
    let all = lists.into_iter().flat_map(|(list, amounts)| {
        amounts.iter().map(move |(resource, amount)| (list, resource, amount))
    });
    let wrong = all.filter(|(_, _, amount)| compare::amount(&amount.0).is_none());
    wrong
        .map(|(list, resource, amount)| {
            let message = format!("{} is no quantity such as 500m or 128Mi", amount.0);
            Fault::new(format!("spec.resources.{list}.{resource}"), message)
        })
        .collect()
}

/// Where readers reach the site.
pub(super) fn url(viewer: &Viewer) -> String {
    let (namespace, name) = (viewer.namespace().unwrap_or_default(), viewer.name_any());
    let inside = || format!("http://{}.{namespace}.svc", names::viewer_objects(&name));
    viewer.spec.base_url.as_deref().map_or_else(inside, |url| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(name: &str, spec: serde_json::Value) -> Viewer {
        let mut viewer = Viewer::new(name, serde_json::from_value(spec).unwrap());
        viewer.metadata.namespace = Some("north".to_owned());
        viewer.metadata.uid = Some("1".to_owned());
        viewer
    }

    fn faults(name: &str, spec: serde_json::Value) -> Vec<String> {
        match viewer(&of(name, spec), None) {
            Err(Error::Invalid(faults)) => {
                faults.into_iter().map(|fault| fault.field.into_owned()).collect()
            }
            other => panic!("{:?}", other.err()),
        }
    }

    #[test]
    fn all_faults_are_found_at_once() {
        let spec = json!({
            "namespaces": ["south"],
            "ingress": {},
            "httpRoute": { "parentRefs": [{ "name": "g" }] },
            "resources": { "limits": { "cpu": "much" } },
        });
        let expected = [
            "metadata.name",
            "spec.namespaces",
            "spec.image",
            "spec.ingress",
            "spec.httpRoute",
            "spec.httpRoute",
            "spec.resources.limits.cpu",
        ];
        assert_eq!(faults("2031.site", spec), expected);
        assert_eq!(faults(&"a".repeat(60), json!({ "image": "a" })), ["metadata.name"]);
    }

    #[test]
    fn its_own_namespace_is_shown_unless_an_account_may_see_others() {
        let shown = |spec| viewer(&of("site", spec), Some("image")).map(|valid| valid.namespaces);
        assert_eq!(shown(json!({})).unwrap(), ["north"]);
        assert_eq!(shown(json!({ "namespaces": ["north"] })).unwrap(), ["north"]);
        let all = json!({ "namespaces": ["*"], "serviceAccountName": "reader" });
        assert!(shown(all).unwrap().is_empty());
        assert!(shown(json!({ "namespaces": ["*"] })).is_err());
    }

    #[test]
    fn the_url_is_the_base_url_or_that_of_the_service() {
        assert_eq!(url(&of("site", json!({}))), "http://site-viewer.north.svc");
        let public = of("site", json!({ "baseURL": "https://notes.example.org/" }));
        assert_eq!(url(&public), "https://notes.example.org");
        assert_eq!(host("https://notes.example.org:8443/").as_deref(), Some("notes.example.org"));
    }
}
