//! An ApplicationSet with the git generator: one Application for each folder of a summit.

use kube::Api;
use kube::api::{DynamicObject, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::Summit;

use crate::application::{Application, kind, spec};
use crate::install::ArgoCd;
use crate::steps::Steps;
use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::with_namespace;
use crate::support::publishing::{Titles, shows};
use crate::support::wait;

fn talk(summit: &str, title: &str) -> String {
    format!("---\ntitle: {title}\nsummit: {summit}\nday: 2031-05-14\n---\n\nAbout {title}.\n")
}

#[tokio::test]
async fn each_folder_of_a_summit_is_an_application() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create("notes");
        let files = [
            ("summits/harbor/tides.md", &*talk("Cloud Harbor 2031", "Tides")),
            ("summits/reef/crabs.md", &talk("Reef Days 2031", "Crabs")),
        ];
        git.commit(&files, "Take notes");
        let _controller = test.start_controller().await?;
        let argo_cd = ArgoCd::shared();
        let mut steps = Steps::of("summits");
        let set = application_set(test.name(), &server.url("notes"));
        argo_cd.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &set.to_string()).await?;
        let named = |folder: &str| format!("{}-{folder}", test.name());
        let application =
            |folder: &str| Application::existing(argo_cd, &test.client, &named(folder));
        for folder in ["harbor", "reef"] {
            application(folder).is_well().await?;
        }
        shows(test, &Titles::everywhere(&["Crabs", "Tides"])).await?;
        steps.done("two folders, two Applications Synced and Healthy");

        let sets: Api<DynamicObject> =
            Api::namespaced_with(test.client.clone(), &argo_cd.namespace, &kind("ApplicationSet"));
        let pushed = async || -> Result {
            const KEY: &str = "argocd.argoproj.io/application-set-refresh";
            let patch = json!({ "metadata": { "annotations": { KEY: "true" } } });
            sets.patch(test.name(), &PatchParams::default(), &Patch::Merge(patch)).await?;
            Ok(())
        };
        git.commit(&[("summits/delta/eels.md", &talk("Delta Forum 2031", "Eels"))], "Go there");
        pushed().await?;
        application("delta").is_well().await?;
        shows(test, &Titles::everywhere(&["Crabs", "Eels", "Tides"])).await?;
        steps.done("a folder more, an Application more");

        git.remove(&["summits/reef"], "Forget it");
        pushed().await?;
        wait::for_absence(&application("reef").api, &named("reef")).await?;
        shows(test, &Titles::everywhere(&["Eels", "Tides"])).await?;
        let summits = test.api::<Summit>().list(&kube::api::ListParams::default()).await?;
        assert_eq!(summits.items.len(), 2, "the summit of a folder that is gone is left");
        steps.done("a folder less, its Application and notes gone");

        argo_cd.kubectl().run(&["delete", "applicationset", test.name()]).await?;
        Ok(())
    })
    .await;
}

fn application_set(name: &str, url: &str) -> Value {
    let source = json!({
        "repoURL": url, "targetRevision": "main", "path": "{{.path.path}}",
        "plugin": { "name": "talknotes" },
    });
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
        "metadata": { "name": name },
        "spec": {
            "goTemplate": true,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [{ "git": {
                "repoURL": url, "revision": "main", "directories": [{ "path": "summits/*" }],
            } }],
            "template": {
                "metadata": {
                    "name": format!("{name}-{{{{.path.basename}}}}"),
                    "finalizers": ["resources-finalizer.argocd.argoproj.io"],
                },
                "spec": spec(&source, name),
            },
        },
    })
}
