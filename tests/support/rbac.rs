//! The operator's service accounts and what they may do, as `deploy/` ships them.

use std::path::Path;

use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::Api;
use kube::api::PostParams;
use serde_json::{Value, json};

use super::Result;
use super::access::Access;
use super::binaries::Binaries;
use super::kubectl::Kubectl;

/// Where `deploy/` puts the operator.
pub const SYSTEM_NAMESPACE: &str = "talknotes-system";
/// Service account of `talknotes controller`.
pub const CONTROLLER: &str = "talknotes-controller";
/// Service account of `talknotes viewer`.
pub const VIEWER: &str = "talknotes-viewer";

/// The kinds of `deploy/` that say who may do what. The programs themselves run outside of the
/// cluster here.
const KINDS: [&str; 6] =
    ["Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// How long a token is good for: longer than any test.
const TOKEN_SECONDS: i64 = 6 * 3600;

/// The name by which the API server knows a service account of the operator.
pub fn user(account: &str) -> String {
    format!("system:serviceaccount:{SYSTEM_NAMESPACE}:{account}")
}

/// Applies namespace, service accounts and roles.
///
/// # Errors
/// Where something cannot be applied.
pub async fn install(admin: &Access) -> Result {
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": shipped().await? }).to_string();
    admin.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &list).await?;
    Ok(())
}

/// Namespace, service accounts and roles as `deploy/` has them.
///
/// # Errors
/// Where kubectl cannot render it.
pub async fn shipped() -> Result<Vec<Value>> {
    rendered("deploy").await
}

/// The same of any folder of the repository that has a kustomization.
///
/// # Errors
/// As there.
pub async fn rendered(folder: &str) -> Result<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let kubectl = Kubectl::new(&Binaries::find_or_build()?.kubectl, Path::new("/dev/null"));
    select(&kubectl.run(&["kustomize", &folder.to_string_lossy()]).await?)
}

/// The objects of [`KINDS`] in a stream of manifests, namespaces first.
fn select(manifests: &str) -> Result<Vec<Value>> {
    let mut objects = Vec::new();
    for manifest in serde_saphyr::from_multiple::<Value>(manifests)? {
        let kind = manifest.get("kind").and_then(Value::as_str).unwrap_or_default();
        if KINDS.contains(&kind) {
            objects.push(manifest);
        }
    }
    objects.sort_by_key(|object| {
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
        KINDS.iter().position(|known| *known == kind)
    });
    Ok(objects)
}

/// A token of a service account of the operator, by which a program is that account.
///
/// # Errors
/// Where there is no such account.
pub async fn token(admin: &Access, account: &str) -> Result<String> {
    token_in(admin, SYSTEM_NAMESPACE, account).await
}

/// A token of any service account.
///
/// # Errors
/// Where there is no such account.
pub async fn token_in(admin: &Access, namespace: &str, account: &str) -> Result<String> {
    let accounts: Api<ServiceAccount> = Api::namespaced(admin.client().await?, namespace);
    let request = TokenRequest {
        spec: TokenRequestSpec { expiration_seconds: Some(TOKEN_SECONDS), ..Default::default() },
        ..Default::default()
    };
    let granted = accounts.create_token_request(account, &PostParams::default(), &request).await?;
    Ok(granted.status.ok_or("the API server granted no token")?.token)
}
