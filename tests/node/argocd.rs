//! Argo CD by its own manifests with our component, all of it real Pods under restricted Pod Security:
//! the plugin runs beside the repo-server, from our image as it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::git::Git;
use crate::notes::SUMMIT;
use crate::site::Site;
use crate::support::Result;
use crate::support::argocd;
use crate::support::kubectl::Kubectl;
use crate::support::node::{Node, platform};
use crate::support::publishing::talk;
use crate::support::wait::{self, Look};

const NAMESPACE: &str = "argocd";
/// The example of docs/gitops.md, its Application and the namespace of its notes.
const EXAMPLE: &str = "examples/neighbours/argocd-application-markdown.yaml";
const APPLICATION: &str = "harbor-markdown";
const NOTES: &str = "notes";

/// How long Argo CD may take: only a failing test waits so long.
const DEADLINE: Duration = Duration::from_secs(180);

/// Packs the images of Argo CD and its redis into `folder`.
pub fn images(folder: &Path) -> Result<Vec<PathBuf>> {
    let program = argocd::PROGRAMS.find_or_build()?.join("argocd");
    let mut command = Command::new(repository().join("tests/node/argocd-images"));
    let output = command.arg(program).arg(platform()).arg(folder).output()?;
    if !output.status.success() {
        return Err(format!("argocd-images: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(vec![folder.join("argocd.tar"), folder.join("redis.tar")])
}

pub async fn life(node: &Node) -> Result {
    let (site, begin) = (Site::new(node), Instant::now());
    node.admin().kubectl().run(&["apply", "-k", "deploy"]).await?;
    let argo_cd = ArgoCd::install(node).await?;
    site.ready().await?;
    println!("TalkNotes and Argo CD ready after {:.1} s", begin.elapsed().as_secs_f64());
    argo_cd.both_ways_of_installing_agree().await?;

    let git = Git::serve(node, "harbor").await?;
    let files = [("README.md", "# Not a talk\n"), ("talks/tides.md", &*talk("Tides", "High."))];
    let commit = git.repository.commit(&files, "Take notes");
    argo_cd.create_application(&git.url, "talks").await?;
    argo_cd.synced(&commit).await?;
    let reader = site.reader().await?;
    let agenda = format!("/{NOTES}/{SUMMIT}/");
    reader.wait_for(&agenda, "Tides", |html| html.contains("Tides")).await?;

    let files =
        [("talks/tides.md", &*talk("Tides", "Low.")), ("talks/crabs.md", &talk("Crabs", "Aside."))];
    let begin = Instant::now();
    argo_cd.synced(&git.repository.commit(&files, "Ebb")).await?;
    reader.wait_for(&agenda, "Crabs", |html| html.contains("Crabs")).await?;
    let note = argo_cd.note("Tides").await?;
    reader.wait_for(&format!("{agenda}{note}/"), "Low.", |html| html.contains("Low.")).await?;
    println!(
        "a push was Synced, Healthy and to be read after {:.1} s",
        begin.elapsed().as_secs_f64()
    );
    argo_cd.sidecar_is_inside_its_limit().await
}

struct ArgoCd<'a> {
    node: &'a Node,
    kubectl: Kubectl,
}

impl<'a> ArgoCd<'a> {
    /// Applies everything, and waits until all Pods are ready.
    async fn install(node: &'a Node) -> Result<Self> {
        let kubectl = node.admin().kubectl();
        for manifest in [namespace(), redis_password()] {
            kubectl.succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
        }
        let folder = node.folder().join("argocd");
        let manifests = argocd::core_install(NAMESPACE, &folder, &kubectl, &changes()).await?;
        // Nothing can be pulled here.
        let manifests = manifests.replace("imagePullPolicy: Always", "imagePullPolicy: Never");
        argocd::apply(&kubectl, NAMESPACE, &manifests, &[]).await?;
        let argo_cd = Self { node, kubectl: kubectl.in_namespace(NAMESPACE) };
        for workload in WORKLOADS {
            let status = ["rollout", "status", workload, "--timeout=180s"];
            if let Err(error) = argo_cd.kubectl.run(&status).await {
                return Err(argo_cd.report(&error.to_string()).await);
            }
        }
        Ok(argo_cd)
    }

    /// The component and the patch by hand, which docs/gitops.md shows, lead to the same.
    async fn both_ways_of_installing_agree(&self) -> Result {
        let file = "deploy/argocd/plugin-sidecar.yaml";
        let patch = ["patch", "deployment", "argocd-repo-server", "--patch-file", file];
        let patched = self.kubectl.run(&patch).await?;
        assert_eq!(patched, "deployment.apps/argocd-repo-server patched (no change)\n");
        Ok(())
    }

    /// Applies the example with another repository.
    async fn create_application(&self, url: &str, path: &str) -> Result {
        let example = fs::read_to_string(repository().join(EXAMPLE))?;
        let manifest = example
            .replace("https://git.example.org/harbor/notes.git", url)
            .replace("path: .", &format!("path: {path}"));
        assert!(manifest.contains(url) && manifest.contains(path), "{manifest}");
        self.kubectl.succeed(&["apply", "-f", "-"], &manifest).await?;
        Ok(())
    }

    /// Makes Argo CD compare now, as its webhook does, and waits until the commit is synced and everything
    /// is healthy.
    async fn synced(&self, commit: &str) -> Result {
        let application = format!("application/{APPLICATION}");
        let refresh = "argocd.argoproj.io/refresh=normal";
        self.kubectl.run(&["annotate", "--overwrite", &application, refresh]).await?;
        let wanted = format!("{commit} Synced Healthy");
        let synced = wait::until(&wanted, DEADLINE, async || {
            let path =
                "jsonpath={.status.sync.revision} {.status.sync.status} {.status.health.status}";
            let state = self.kubectl.run(&["get", &application, "-o", path]).await?;
            Ok(Look::at(state == wanted, || state))
        });
        match synced.await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.report(&error.to_string()).await),
        }
    }

    /// The name of the note with this title.
    async fn note(&self, title: &str) -> Result<String> {
        let path = format!("jsonpath={{.items[?(@.spec.title==\"{title}\")].metadata.name}}");
        let get = ["get", "talknotes", "-o", &path];
        self.kubectl.in_namespace(NOTES).run(&get).await
    }

    /// The plugin has not been restarted, and used less memory than deploy/argocd gives it.
    async fn sidecar_is_inside_its_limit(&self) -> Result {
        let label = "app.kubernetes.io/name=argocd-repo-server";
        let path = "jsonpath={range .items[0].status.containerStatuses[?(@.name==\"talknotes\")]}\
                    {.restartCount} {.containerID} {end}\
                    {.items[0].spec.containers[?(@.name==\"talknotes\")].resources.limits.memory}";
        let found = self.kubectl.run(&["get", "pods", "-l", label, "-o", path]).await?;
        let [restarts, id, limit] = found.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("the sidecar is {found:?}").into());
        };
        let id = id.trim_start_matches("containerd://");
        let peak = self.node.cgroups().peak_memory(id)? / (1024 * 1024);
        println!("sidecar: at most {peak} of {limit}, {restarts} restarts");
        assert!(restarts == "0" && peak < limit.trim_end_matches("Mi").parse()?, "{found}");
        Ok(())
    }

    /// An error with what the Pods and the Application say.
    async fn report(&self, error: &str) -> crate::support::Error {
        let mut report = error.to_owned();
        let repo_server = "deployment/argocd-repo-server";
        for question in [
            &["get", "pods,applications", "-o", "wide"][..],
            &["get", "events", "--field-selector=type=Warning"],
            &["logs", repo_server, "-c", "talknotes", "--tail=30"],
            &["logs", repo_server, "-c", "argocd-repo-server", "--tail=30"],
            &["logs", "statefulset/argocd-application-controller", "--tail=30"],
            &["get", "applications", "-o", "jsonpath={.items[*].status}"],
        ] {
            let said = match self.kubectl.attempt(question, "").await {
                Ok(output) => output.stdout + &output.stderr,
                Err(error) => error.to_string(),
            };
            report.push_str(&format!("\n--- kubectl {}\n{said}", question.join(" ")));
        }
        report.into()
    }
}

const WORKLOADS: [&str; 4] = [
    "deployment/argocd-redis",
    "deployment/argocd-repo-server",
    "deployment/argocd-applicationset-controller",
    "statefulset/argocd-application-controller",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn namespace() -> Value {
    let level = |mode: &str| (format!("pod-security.kubernetes.io/{mode}"), json!("restricted"));
    let labels: serde_json::Map<_, _> = ["enforce", "warn"].map(level).into_iter().collect();
    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NAMESPACE, "labels": labels } })
}

/// What is different here from an installation of people: where images come from, that the program is
/// without the commands for people, one of which makes redis' password, and that there is no gpg.
fn changes() -> Value {
    let image = |from: &str, to: &str| json!({ "name": from, "newName": format!("talknotes.dev/{to}"), "newTag": "node" });
    let remove = json!([{ "op": "remove", "path": "/spec/template/spec/initContainers" }]);
    let without_gpg = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "argocd-repo-server" },
        "spec": { "template": { "spec": { "containers": [{
            "name": "argocd-repo-server",
            "env": [{ "name": "ARGOCD_GPG_ENABLED", "value": "false" }],
        }] } } },
    });
    json!({
        "images": [
            image("quay.io/argoproj/argocd", "argocd"),
            image("public.ecr.aws/docker/library/redis", "redis"),
        ],
        "patches": [
            { "target": { "kind": "Deployment", "name": "argocd-redis" }, "patch": remove.to_string() },
            { "patch": without_gpg.to_string() },
        ],
    })
}

fn redis_password() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "argocd-redis", "namespace": NAMESPACE },
        "stringData": { "auth": "test" },
    })
}
