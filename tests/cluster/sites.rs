//! A `Viewer` object and what it is made of.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::Api;
use kube::ResourceExt as _;
use kube::api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use talknotes::api::{Viewer, names};

use crate::support::Result;
use crate::support::gateway_api::{install_routes, route};
use crate::support::kstatus::{self, Status};
use crate::support::namespace::TestNamespace;
use crate::support::namespace::with_namespace;
use crate::support::page::Reader;
use crate::support::wait::{self, Look};

const NAME: &str = "site";
/// Name of what it is made of.
const OWN: &str = "site-viewer";
const IMAGE: &str = "registry.example/talknotes:1";

async fn create(test: &TestNamespace, mut spec: Value) -> Result {
    spec["image"] = json!(IMAGE);
    let viewer = Viewer::new(NAME, serde_json::from_value(spec)?);
    test.api::<Viewer>().create(&PostParams::default(), &viewer).await?;
    Ok(())
}

/// Changes the spec by a merge patch, as `person`.
async fn change(test: &TestNamespace, person: &str, spec: Value) -> Result {
    let params = PatchParams { field_manager: Some(person.to_owned()), ..Default::default() };
    let patch = Patch::Merge(json!({ "spec": spec }));
    test.api::<Viewer>().patch(NAME, &params, &patch).await?;
    Ok(())
}

async fn viewer_is(
    test: &TestNamespace,
    what: &str,
    holds: impl Fn(&Viewer) -> bool,
) -> Result<Viewer> {
    wait::for_existing(&test.api::<Viewer>(), NAME, what, holds).await
}

async fn deployment_is(
    test: &TestNamespace,
    what: &str,
    holds: impl Fn(&Deployment) -> bool,
) -> Result<Deployment> {
    wait::for_existing(&test.api::<Deployment>(), OWN, what, holds).await
}

fn replicas(deployment: &Deployment) -> Option<i32> {
    deployment.spec.as_ref()?.replicas
}

/// Says that all Pods of the Deployment answer, as its controller would, which does not run here.
async fn roll_out(test: &TestNamespace) -> Result {
    let deployment = test.api::<Deployment>().get(OWN).await?;
    let count = replicas(&deployment);
    let status = json!({ "status": {
        "observedGeneration": deployment.metadata.generation, "replicas": count,
        "updatedReplicas": count, "readyReplicas": count, "availableReplicas": count,
    }});
    let api = test.api::<Deployment>();
    api.patch_status(OWN, &PatchParams::default(), &Patch::Merge(status)).await?;
    Ok(())
}

fn reason(viewer: &Viewer, type_: &str) -> Option<String> {
    let conditions = &viewer.status.as_ref()?.conditions;
    let found = conditions.iter().find(|condition| condition.type_ == type_);
    found.filter(|condition| condition.status == "True").map(|condition| condition.reason.clone())
}

#[tokio::test]
async fn a_viewer_becomes_a_whole_site_and_is_ready_when_its_pods_are() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        create(
            test,
            json!({ "replicas": 2, "baseURL": "https://notes.example.org",
            "ingress": {}, "access": { "from": [{ "podSelector": {} }] } }),
        )
        .await?;
        let waiting = viewer_is(test, "to be rolled out", |viewer| {
            reason(viewer, "Reconciling").as_deref() == Some("RollingOut")
        });
        let waiting = serde_json::to_value(waiting.await?)?;
        assert_eq!(kstatus::status(&waiting), Status::InProgress);
        test.api::<Service>().get(OWN).await?;
        test.api::<PodDisruptionBudget>().get(OWN).await?;
        test.api::<NetworkPolicy>().get(OWN).await?;
        test.api::<Ingress>().get(OWN).await?;
        test.api::<ServiceAccount>().get(OWN).await?;
        test.api::<Role>().get(OWN).await?;
        test.api::<RoleBinding>().get(OWN).await?;
        deployment_is(test, "there", |_| true).await?;
        roll_out(test).await?;
        let ready = viewer_is(test, "ready", |viewer| {
            reason(viewer, "Ready").as_deref() == Some("Available")
        })
        .await?;
        assert_eq!(kstatus::status(&serde_json::to_value(&ready)?), Status::Current);
        let status = ready.status.expect("a status");
        assert_eq!(status.url.as_deref(), Some("https://notes.example.org"));
        assert_eq!((status.replicas, status.ready_replicas), (Some(2), Some(2)));

        // The garbage collector takes everything away with it.
        test.api::<Viewer>().delete(NAME, &DeleteParams::background()).await?;
        wait::for_absence(&test.api::<Deployment>(), OWN).await?;
        wait::for_absence(&test.api::<Service>(), OWN).await?;
        wait::for_absence(&test.api::<Role>(), OWN).await?;
        wait::for_absence(&test.api::<ConfigMap>(), &names::viewer_features(NAME)).await
    })
    .await;
}

#[tokio::test]
async fn whoever_scales_the_deployment_is_left_to_it() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        create(test, json!({})).await?;
        deployment_is(test, "to begin with two Pods", |found| replicas(found) == Some(2)).await?;
        let kubectl = test.kubectl();
        kubectl.run(&["scale", "deployment", OWN, "--replicas=5"]).await?;
        // Another change is applied, and the number stays.
        change(test, "kubectl", json!({ "title": "Harbour" })).await?;
        let titled = |found: &Deployment| {
            serde_json::to_string(found).is_ok_and(|text| text.contains("--title=Harbour"))
        };
        let scaled = deployment_is(test, "to have the title", titled).await?;
        assert_eq!(replicas(&scaled), Some(5));

        // The Viewer's own number wins where it has one, and kubectl scales the Viewer.
        change(test, "kubectl", json!({ "replicas": 1 })).await?;
        deployment_is(test, "to have one Pod", |found| replicas(found) == Some(1)).await?;
        viewer_is(test, "to tell its selector", |viewer| {
            viewer.status.as_ref().is_some_and(|status| status.selector.is_some())
        })
        .await?;
        kubectl.run(&["scale", "viewer", NAME, "--replicas=3"]).await?;
        deployment_is(test, "to have three Pods", |found| replicas(found) == Some(3)).await?;

        // An autoscaler takes over what there is.
        change(test, "kubectl", json!({ "autoscaling": { "maxReplicas": 9 } })).await?;
        let scalers = test.api::<HorizontalPodAutoscaler>();
        wait::for_existing(&scalers, OWN, "there", |_| true).await?;
        deployment_is(test, "to be left to the autoscaler", |found| {
            let ours = found
                .managed_fields()
                .iter()
                .find(|entry| entry.manager.as_deref() == Some(names::MANAGER_VIEWER));
            let fields = ours.and_then(|entry| entry.fields_v1.as_ref());
            fields.is_some_and(|fields| fields.0.pointer("/f:spec/f:replicas").is_none())
        })
        .await?;
        assert_eq!(replicas(&test.api::<Deployment>().get(OWN).await?), Some(3));
        kubectl.run(&["scale", "deployment", OWN, "--replicas=7"]).await?;
        change(test, "kubectl", json!({ "title": "Airport" })).await?;
        let titled = |found: &Deployment| {
            serde_json::to_string(found).is_ok_and(|text| text.contains("--title=Airport"))
        };
        let scaled = deployment_is(test, "to have the new title", titled).await?;
        assert_eq!(replicas(&scaled), Some(7));

        change(test, "kubectl", json!({ "autoscaling": null, "replicas": 2 })).await?;
        wait::for_absence(&scalers, OWN).await?;
        deployment_is(test, "to have two Pods", |found| replicas(found) == Some(2)).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_others_change_is_put_right_and_what_they_add_stays() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        create(test, json!({ "resources": { "limits": { "cpu": "0.5" } } })).await?;
        let services = test.api::<Service>();
        let service = wait::for_existing(&services, OWN, "there", |_| true).await?;
        deployment_is(test, "there", |_| true).await?;
        services.delete(OWN, &DeleteParams::default()).await?;
        wait::for_existing(&services, OWN, "to be restored", |found| found.uid() != service.uid())
            .await?;

        let theirs = json!({ "metadata": { "annotations": { "example.org/mesh": "on" } },
            "spec": { "template": { "spec": { "priorityClassName": "system-cluster-critical" } } } });
        let api = test.api::<Deployment>();
        api.patch(OWN, &PatchParams::default(), &Patch::Merge(theirs)).await?;
        let image = json!([{ "op": "replace", "path": "/spec/template/spec/containers/0/image",
            "value": "registry.example/other:1" }]);
        let image = Patch::Json::<()>(serde_json::from_value(image)?);
        api.patch(OWN, &PatchParams::default(), &image).await?;
        let healed = deployment_is(test, "to have its image", |found| {
            serde_json::to_string(found).is_ok_and(|text| text.contains(IMAGE))
        })
        .await?;
        assert_eq!(healed.annotations()["example.org/mesh"], "on");
        let pod = healed.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
        let priority = pod.and_then(|pod| pod.priority_class_name.as_deref());
        assert_eq!(priority, Some("system-cluster-critical"));
        roll_out(test).await?;
        viewer_is(test, "ready", |viewer| reason(viewer, "Ready").is_some()).await?;

        // At rest nothing is written: a quantity that the API server writes in another way is the same.
        let version = api.get(OWN).await?.resource_version();
        let now = json!({ "metadata": { "annotations": { names::REQUESTED_AT: "now" } } });
        test.api::<Viewer>().patch(NAME, &PatchParams::default(), &Patch::Merge(now)).await?;
        viewer_is(test, "to be asked", |viewer| {
            let handled = viewer.status.as_ref().and_then(|s| s.last_handled_reconcile_at.clone());
            handled.as_deref() == Some("now")
        })
        .await?;
        assert_eq!(api.get(OWN).await?.resource_version(), version);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_site_is_reached_by_a_route_that_the_gateway_api_accepts() {
    with_namespace(async |test| -> Result {
        install_routes(test.control_plane.admin()).await?;
        let _controller = test.start_controller().await?;
        create(
            test,
            json!({ "baseURL": "https://notes.example.org",
            "httpRoute": { "parentRefs": [{ "name": "public", "namespace": "gateways" }] } }),
        )
        .await?;
        let routes: Api<DynamicObject> =
            Api::namespaced_with(test.client.clone(), test.name(), &route());
        let there = async || routes.get_opt(OWN).await;
        wait::until("the route", wait::DEADLINE, async || {
            Ok(Look::at(there().await?.is_some(), || "none".to_owned()))
        })
        .await?;
        let route = there().await?.ok_or("no route")?;
        assert_eq!(route.data["spec"]["hostnames"], json!(["notes.example.org"]));
        // What others change is put right at once.
        let elsewhere = Patch::Merge(json!({ "spec": { "hostnames": ["elsewhere.example.org"] } }));
        routes.patch(OWN, &PatchParams::default(), &elsewhere).await?;
        wait::until("the host to be put right", wait::DEADLINE, async || {
            let hosts = routes.get(OWN).await?.data["spec"]["hostnames"].clone();
            Ok(Look::at(hosts == json!(["notes.example.org"]), || hosts.to_string()))
        })
        .await?;
        let uid = route.uid();
        routes.delete(OWN, &DeleteParams::default()).await?;
        wait::until("the route to be restored", wait::DEADLINE, async || {
            let restored = there().await?.is_some_and(|found| found.uid() != uid);
            Ok(Look::at(restored, || "it is gone".to_owned()))
        })
        .await?;
        change(test, "kubectl", json!({ "httpRoute": null })).await?;
        wait::until("the route to go", wait::DEADLINE, async || {
            Ok(Look::at(there().await?.is_none(), || "still there".to_owned()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_others_is_left_alone_and_faults_are_told() {
    with_namespace(async |test| -> Result {
        let service = json!({ "metadata": { "name": OWN },
            "spec": { "ports": [{ "name": "ssh", "port": 22 }] } });
        let service: Service = serde_json::from_value(service)?;
        test.api::<Service>().create(&PostParams::default(), &service).await?;
        let _controller = test.start_controller().await?;
        create(test, json!({})).await?;
        let stalled = viewer_is(test, "to be stalled", |viewer| {
            reason(viewer, "Stalled").as_deref() == Some("NameTaken")
        })
        .await?;
        assert_eq!(kstatus::status(&serde_json::to_value(stalled)?), Status::Failed);
        deployment_is(test, "there in spite of the Service", |_| true).await?;
        let left = test.api::<Service>().get(OWN).await?;
        assert_eq!(left.spec.and_then(|spec| spec.ports).map(|ports| ports[0].port), Some(22));
        test.api::<Service>().delete(OWN, &DeleteParams::default()).await?;
        viewer_is(test, "to go on", |viewer| reason(viewer, "Stalled").is_none()).await?;

        change(test, "kubectl", json!({ "namespaces": ["kube-system"] })).await?;
        let invalid = viewer_is(test, "to be invalid", |viewer| {
            reason(viewer, "Stalled").as_deref() == Some("InvalidSpec")
        })
        .await?;
        let diagnostics = invalid.status.map(|status| status.diagnostics).unwrap_or_default();
        assert_eq!(diagnostics[0].path, "spec.namespaces", "{diagnostics:?}");
        Ok(())
    })
    .await;
}

const DOCUMENT: &str = "---\ntitle: Ferns\nsummit: Harbour 2031\nspeakers: [Ada Example]\n---\n\
                        ## Roots\n\nDeep.\n\n## Leaves\n\nGreen.\n";

#[tokio::test]
async fn a_feature_is_switched_off_without_a_restart_and_who_did_it_is_told() {
    with_namespace(async |test| -> Result {
        let publishing =
            crate::support::publishing::Publishing::start(test, &[("ferns.md", DOCUMENT)]).await?;
        publishing.shows(&["Ferns"]).await?;
        create(test, json!({})).await?;
        let features = names::viewer_features(NAME);
        wait::for_existing(&test.api::<ConfigMap>(), &features, "there", |_| true).await?;
        viewer_is(test, "to tell its URL", |viewer| {
            viewer.status.as_ref().is_some_and(|status| status.url.is_some())
        })
        .await?;
        let note = publishing.note("Ferns").await?;
        let summit = note.spec.summit_ref.as_ref().expect("a summit").name.clone();
        let page = format!("/{}/{summit}/{}", test.name, note.name_any());
        let of = format!("{}/{features}", test.name);
        let viewer = test.start_viewer_with(&["--features", &of]).await?;
        let reader = Reader::new(viewer.address())?;
        let map = format!("{page}/mindmap");
        reader.wait_for(&page, "the way to the map", |html| html.contains(&map)).await?;

        let mut events = reader.events(&format!("/-/events?page={page}")).await?;
        let off = json!([{ "name": "MindMap", "state": "Disabled" }]);
        change(test, "head-of-the-site", json!({ "features": off })).await?;
        reader.wait_for(&page, "no way to the map", |html| !html.contains(&map)).await?;
        assert_eq!(reader.get(&map).await?.0, 404);
        // Open pages look again.
        assert!(events.wait_for("changed").await.is_err(), "the stream ends where flags change");

        let told = "head-of-the-site changed mind-map from on to off";
        wait::until("an event that names who did it", wait::DEADLINE, async || {
            let events = test.api::<Event>().list(&ListParams::default()).await?.items;
            let messages: Vec<String> =
                events.into_iter().filter_map(|event| event.message).collect();
            Ok(Look::at(messages.iter().any(|text| text == told), || messages.join("\n")))
        })
        .await?;
        let quiet = json!([{ "name": "LiveUpdates", "state": "Disabled" }]);
        change(test, "kubectl", json!({ "features": quiet })).await?;
        reader
            .wait_for(&page, "the map and no stream", |html| {
                html.contains(&map) && html.contains("data-still")
            })
            .await?;
        assert_eq!(reader.get(&format!("/-/events?page={page}")).await?.0, 204);
        Ok(())
    })
    .await;
}
