//! An upgrade from an earlier version: its objects are read, its manifests are taken, and nobody has to write
//! anything anew. `tests/upgrade/take-crds` takes the definitions of that version from the history.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod grown;

use std::fs;
use std::path::Path;

use kube::ResourceExt as _;
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, names};

use support::Result;
use support::control_plane::{ControlPlane, install_crds};
use support::git_server::GitServer;
use support::kstatus::is_true;
use support::namespace::{TestNamespace, with_namespace_on};
use support::publishing::{self, NAME, talk};
use support::wait;

/// The definitions of the earlier version.
fn earlier() -> Result<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/crds");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        all.push(serde_saphyr::from_str(&fs::read_to_string(entry?.path())?)?);
    }
    assert_eq!(all.len(), 3, "NoteRepository, Summit and TalkNote");
    Ok(all)
}

async fn install_earlier(control_plane: &ControlPlane) -> Result {
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": earlier()? }).to_string();
    let kubectl = control_plane.admin().kubectl();
    kubectl.succeed(&["apply", "--server-side", "--force-conflicts", "-f", "-"], &list).await?;
    kubectl.run(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]).await?;
    kubectl.forget_kinds()
}

/// What people had, with fields that the earlier version knew.
fn manifests(url: &str) -> String {
    let of = |kind: &str, name: &str, spec: Value| json!({ "apiVersion": names::API_VERSION, "kind": kind, "metadata": { "name": name }, "spec": spec });
    let items = [
        of(
            "Summit",
            "harbour",
            json!({ "title": "Harbour Days", "startDate": "2031-05-14", "timeZone": "Asia/Taipei",
                "links": [{ "title": "Site", "url": "https://harbour.example" }] }),
        ),
        of(
            "TalkNote",
            "quay",
            json!({ "title": "Quay", "summitRef": { "name": "harbour" }, "markdown": "Ink.",
                "speakers": [{ "name": "Ada Example" }], "day": "2031-05-14", "startTime": "10:00",
                "medal": "Gold", "tags": ["water"], "kind": "Keynote" }),
        ),
        of("NoteRepository", NAME, json!({ "url": url, "interval": "10m", "drafts": "Hide" })),
    ];
    json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string()
}

/// A cluster of its own: kinds are everybody's.
#[tokio::test]
async fn objects_and_clients_of_an_earlier_version_go_on() {
    let control_plane = ControlPlane::start().await.expect("a control plane");
    let control_plane: &'static ControlPlane = Box::leak(Box::new(control_plane));
    install_earlier(control_plane).await.expect("earlier definitions");
    with_namespace_on(control_plane, upgrade).await;
}

async fn upgrade(test: &TestNamespace) -> Result {
    let server = GitServer::start();
    server.create(NAME).commit(&[("a.md", &talk("Alpha", "One."))], "Take notes");
    let (kubectl, old) = (test.kubectl(), manifests(&server.url(NAME)));
    let apply = ["apply", "--server-side", "-f", "-"];
    kubectl.succeed(&apply, &old).await?;
    let stored = test.api::<TalkNote>().get("quay").await?;

    install_crds(test.control_plane.admin()).await?;
    let _controller = test.start_controller().await?;
    wait::for_existing(&test.api::<NoteRepository>(), NAME, "ready", ready).await?;
    wait::for_existing(&test.api::<Summit>(), "harbour", "ready", ready).await?;
    let read = wait::for_existing(&test.api::<TalkNote>(), "quay", "ready", ready).await?;
    assert_eq!((read.spec, read.metadata.uid), (stored.spec, stored.metadata.uid));
    publishing::page_holds(test, &names::note_config_map("quay"), "Ink.").await?;

    // A client that knows the earlier version goes on with what it had, and changes nothing by it.
    kubectl.forget_kinds()?;
    let before = test.api::<TalkNote>().get("quay").await?;
    let again = kubectl.succeed(&apply, &old).await?;
    assert_eq!(again.stderr, "", "a warning");
    let after = test.api::<TalkNote>().get("quay").await?;
    assert_eq!(after.metadata.generation, before.metadata.generation);
    assert_eq!(after.resource_version(), before.resource_version());
    Ok(())
}

fn ready<K: serde::Serialize>(object: &K) -> bool {
    serde_json::to_value(object).is_ok_and(|object| is_true(&object, "Ready"))
}
