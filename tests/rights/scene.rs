//! A namespace in which everything happens that the operator has rights for.

use std::convert::Infallible;
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::api::{Patch, PatchParams, PostParams};
use kube::{Api, Resource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, Summit, TalkNote, Viewer, names};

use crate::support::Result;
use crate::support::access::Access;
use crate::support::git_server::{GitServer, Repository};
use crate::support::namespace::TestNamespace;
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::publishing::{self, NAME};

/// Who may read the git repository.
pub const USERNAME: &str = "reader";
/// See [`USERNAME`].
pub const PASSWORD: &str = "correct-horse-battery";

/// Pause between rounds: the operator is to see each.
const ROUND: Duration = Duration::from_millis(400);

/// A controller that stands for election in the test's namespace. It is not waited for, since it
/// may never get ready.
pub fn controller(access: &Access, test: &TestNamespace) -> Result<Program> {
    let of = format!("{}/{DEFAULT_VIEWER}", test.name);
    let more =
        ["--leader-election", "--leader-election-namespace", &test.name, "--default-viewer", &of];
    test.note("controller.log");
    Program::spawn_controller(access, &test.name, test.folder(), &more)
}

/// A viewer, which is not waited for.
pub fn viewer(access: &Access, test: &TestNamespace) -> Result<Program> {
    test.note("viewer.log");
    Program::spawn_viewer(access, &test.name, free_port()?, test.folder())
}

/// Changes things until it is dropped: pushes, hand-written notes, and what others do to our objects.
pub async fn keep_busy(test: &TestNamespace, server: &GitServer) -> Result<Infallible> {
    let git = server.create(&test.name);
    round_of_pushes(&git, 0);
    let secret = json!({
        "metadata": { "name": "login" },
        "stringData": { "username": USERNAME, "password": PASSWORD, "ca.crt": server.ca_pem() },
    });
    let secrets: Api<Secret> = test.api();
    secrets.create(&PostParams::default(), &serde_json::from_value(secret)?).await?;
    let spec = json!({ "secretRef": { "name": "login" }, "maxDeletePercent": 100 });
    publishing::create_repository(test, NAME, &server.url(&test.name), spec).await?;
    // The kinds of Flux are not installed: whether somebody may read them is asked before.
    for kind in ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"] {
        let object = json!({
            "metadata": { "name": format!("of-{}", kind.to_lowercase()) },
            "spec": { "sourceRef": { "kind": kind, "name": "notes" } },
        });
        let repositories: Api<NoteRepository> = test.api();
        repositories.create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    }
    let by_hand = json!({
        "apiVersion": names::API_VERSION, "kind": "TalkNote", "metadata": { "name": "by-hand" },
        "spec": { "title": "By hand", "markdown": "Ink." },
    });
    let notes: Api<TalkNote> = test.api();
    notes.create(&PostParams::default(), &serde_json::from_value(by_hand)?).await?;
    let viewer = Viewer::new(SITE, serde_json::from_value(site(0))?);
    test.api::<Viewer>().create(&PostParams::default(), &viewer).await?;
    for round in 1.. {
        tokio::time::sleep(ROUND).await;
        round_of_pushes(&git, round);
        default_viewer(test, round).await?;
        change::<Viewer>(test, SITE, json!({ "spec": site(round) })).await?;
        let now = json!({ names::REQUESTED_AT: round.to_string() });
        change::<NoteRepository>(test, NAME, json!({ "metadata": { "annotations": now } })).await?;
        let publication = if round % 2 == 0 { "Published" } else { "Draft" };
        let draft = json!({ "spec": { "publication": publication } });
        change::<TalkNote>(test, "by-hand", draft).await?;
        drift::<TalkNote>(test, round).await?;
        drift::<Summit>(test, round).await?;
    }
    Err("the rounds have ended".into())
}

/// Name of the ConfigMap with the viewer of the installation.
const DEFAULT_VIEWER: &str = "talknotes-default-viewer";

/// The viewer of the installation, which is another one in each round.
async fn default_viewer(test: &TestNamespace, round: u32) -> Result {
    let manifest = json!({ "apiVersion": names::API_VERSION, "kind": "Viewer",
        "metadata": { "name": "talknotes" }, "spec": { "title": format!("Round {round}") } });
    let map = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": DEFAULT_VIEWER },
        "data": { names::DEFAULT_VIEWER_KEY: manifest.to_string() } });
    let params = PatchParams::apply("meddler").force();
    test.api::<ConfigMap>().patch(DEFAULT_VIEWER, &params, &Patch::Apply(map)).await?;
    Ok(())
}

/// Name of the viewer.
const SITE: &str = "site";

/// A viewer that wants everything, and one that wants as little as it can.
fn site(round: u32) -> Value {
    let state = if round.is_multiple_of(4) { "Enabled" } else { "Disabled" };
    let features = json!([{ "name": "MindMap", "state": state }]);
    // Each stays for two rounds, so that the operator sees it.
    match round / 2 % 3 {
        0 => json!({ "image": "registry.example/talknotes:1", "features": features,
            "baseURL": "https://notes.example.org", "ingress": {}, "httpRoute": null,
            "autoscaling": { "maxReplicas": 3 }, "replicas": null, "serviceAccountName": null }),
        1 => json!({ "ingress": null, "httpRoute": { "parentRefs": [{ "name": "public" }] },
            "features": features }),
        _ => json!({ "ingress": null, "httpRoute": null, "autoscaling": null, "replicas": 1,
            "serviceAccountName": "default", "features": features }),
    }
}

/// One document stays, one comes and goes with a summit of its own.
fn round_of_pushes(git: &Repository, round: u32) {
    let document = |title: &str, summit: &str| {
        format!(
            "---\ntitle: {title}\nsummit: {summit}\nspeakers: [Ada Example]\n---\nRound {round}.\n"
        )
    };
    let stays = document("Stays", "Long Summit 2031");
    let goes = document("Goes", "Short Summit 2031");
    if round.is_multiple_of(2) {
        git.commit(&[("stays.md", &stays), ("goes.md", &goes)], "Take notes");
    } else {
        git.remove(&["goes.md"], "Throw notes away");
    }
}

/// Somebody else keeps changing the imported objects.
async fn drift<K>(test: &TestNamespace, round: u32) -> Result
where
    K: Resource<Scope = k8s_openapi::NamespaceResourceScope>
        + Clone
        + std::fmt::Debug
        + DeserializeOwned,
    K::DynamicType: Default,
{
    for object in test.api::<K>().list(&Default::default()).await? {
        let name = object.meta().name.clone().unwrap_or_default();
        if name != "by-hand" {
            change::<K>(test, &name, json!({ "spec": { "title": format!("Drift {round}") } }))
                .await?;
        }
    }
    Ok(())
}

/// An object that has gone meanwhile is left alone.
async fn change<K>(test: &TestNamespace, name: &str, patch: Value) -> Result
where
    K: Resource<Scope = k8s_openapi::NamespaceResourceScope>
        + Clone
        + std::fmt::Debug
        + DeserializeOwned,
    K::DynamicType: Default,
{
    let params =
        PatchParams { field_manager: Some("meddler".to_owned()), ..PatchParams::default() };
    match test.api::<K>().patch(name, &params, &Patch::Merge(&patch)).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(error.into()),
    }
}
