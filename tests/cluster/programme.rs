//! The official agenda of a summit, in a ConfigMap of somebody else's.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Patch, PatchParams};
use serde_json::json;
use talknotes::api::Summit;

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::wait;

const INDEX: &str = "summit-fern-days";
const PROGRAMME: &str = r#"{"sessions": [
    {"id": "ferns", "title": "All about ferns", "startsAt": "2031-05-14T10:40:00", "endsAt": "2031-05-14T11:20:00", "room": "Glasshouse"},
    {"id": "moss", "title": "Moss", "startsAt": "2031-05-14T13:00:00", "endsAt": "2031-05-14T13:30:00"}]}"#;

/// Waits until the summit's index has `text`.
async fn index_holds(test: &TestNamespace, text: &str) -> Result {
    wait::for_existing(&test.api::<ConfigMap>(), INDEX, &format!("to hold `{text}`"), |map| {
        let index = map.data.as_ref().and_then(|data| data.get("summit.json"));
        index.is_some_and(|index| index.contains(text))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn times_flow_from_the_programme_and_its_absence_holds_nothing_back() {
    with_namespace(async |test| -> Result {
        let _controller = test.start_controller().await?;
        let manifests = json!({ "apiVersion": "v1", "kind": "List", "items": [
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit", "metadata": { "name": "fern-days" }, "spec": {
                "title": "Fern Days",
                "agenda": {
                    "contentFrom": { "configMapKeyRef": { "name": "programme", "key": "session.json" } },
                    "startNoteUrl": "https://git.example/new?file={id}.md",
                },
            } },
            { "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "ferns" },
              "spec": { "title": "All about ferns", "markdown": "Soft.", "summitRef": { "name": "fern-days" } } },
        ] });
        let kubectl = test.kubectl();
        kubectl.succeed(&["apply", "--server-side", "-f", "-"], &manifests.to_string()).await?;
        index_holds(test, "All about ferns").await?;
        let summits = test.api::<Summit>();
        let told = |summit: &Summit, code: &str| {
            let diagnostics = summit.status.iter().flat_map(|status| &status.diagnostics);
            diagnostics.into_iter().any(|diagnostic| diagnostic.code == code)
        };
        wait::for_existing(&summits, "fern-days", "to miss its programme", |summit| told(summit, "TN2040")).await?;

        let literal = format!("--from-literal=session.json={PROGRAMME}");
        kubectl.run(&["create", "configmap", "programme", &literal]).await?;
        index_holds(test, "10:40").await?;
        index_holds(test, "https://git.example/new?file=moss.md").await?;
        wait::for_existing(&summits, "fern-days", "to have its programme", |summit| !told(summit, "TN2040")).await?;

        let later = json!({ "data": { "session.json": PROGRAMME.replace("10:40", "10:50") } });
        let maps = test.api::<ConfigMap>();
        maps.patch("programme", &PatchParams::default(), &Patch::Merge(&later)).await?;
        index_holds(test, "10:50").await?;
        Ok(())
    })
    .await;
}
