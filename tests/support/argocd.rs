//! Argo CD of one version: its programs, its manifests, and what people add to them from `deploy/`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Result;
use super::go_module::{Build, GoModule, Pinned};
use super::kubectl::Kubectl;

/// The programs of Argo CD: one binary, whose environment or name says which of them it is.
pub const PROGRAMS: GoModule = GoModule {
    folder: "tests/argocd",
    title: "Argo CD",
    sources: &["go.mod", "go.sum", "main.go", "lua.go"],
    build: Build::Packages(&[("argocd", ".")]),
    takes: "this takes about five minutes on two cores",
};

/// The module of Argo CD, of the version in `tests/argocd/go.mod`, for its manifests.
pub const MODULE: Pinned = Pinned {
    path: "github.com/argoproj/argo-cd/v3",
    version: "v3.2.6",
    sum: "h1:nDCjBnHyxUf6JFuCKjuuXHS23LFj6/TjuO/APrS1ku4=",
};

/// The folder that people add to their kustomization of Argo CD.
pub fn component() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/argocd")
}

/// The manifests of Argo CD's core install with our component, as people apply them to `namespace`, and
/// with the fields `more` in the kustomization. It is written into `folder`.
///
/// # Errors
/// Where Argo CD's module cannot be had, or kustomize refuses the whole.
pub async fn core_install(
    namespace: &str,
    folder: &Path,
    kubectl: &Kubectl,
    more: &Value,
) -> Result<String> {
    let module = tokio::task::spawn_blocking(|| MODULE.folder()).await??;
    let ours = folder.join("talknotes");
    fs::create_dir_all(&ours)?;
    for file in fs::read_dir(component())? {
        let file = file?;
        fs::copy(file.path(), ours.join(file.file_name()))?;
    }
    let theirs = fs::read(module.join("manifests/core-install.yaml"))?;
    fs::write(folder.join("core-install.yaml"), theirs)?;
    let mut kustomization = json!({
        "namespace": namespace, "resources": ["core-install.yaml"], "components": ["talknotes"],
    });
    kustomization
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    fs::write(folder.join("kustomization.yaml"), kustomization.to_string())?;
    kubectl.run(&["kustomize", &folder.to_string_lossy()]).await
}

/// Applies `manifests` and what people have beside them: `more`, and what Argo CD's API server makes at
/// its start, which the core install lacks.
///
/// # Errors
/// Where the API server refuses something.
pub async fn apply(kubectl: &Kubectl, namespace: &str, manifests: &str, more: &[Value]) -> Result {
    let apply = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
    let applied = kubectl.succeed(&apply, manifests).await?;
    assert!(!applied.stderr.contains("PodSecurity"), "{}", applied.stderr);
    kubectl.run(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]).await?;
    kubectl.forget_kinds()?;
    let items: Vec<Value> = more.iter().cloned().chain([secret(), project()]).collect();
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string();
    let kubectl = kubectl.in_namespace(namespace);
    kubectl.succeed(&["apply", "--server-side", "-f", "-"], &list).await?;
    Ok(())
}

fn secret() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "argocd-secret" },
        "stringData": { "server.secretkey": "signs nothing in a test" },
    })
}

/// The project of Applications that name no other.
fn project() -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject",
        "metadata": { "name": "default" },
        "spec": {
            "sourceRepos": ["*"],
            "destinations": [{ "server": "*", "namespace": "*" }],
            "clusterResourceWhitelist": [{ "group": "*", "kind": "*" }],
        },
    })
}
