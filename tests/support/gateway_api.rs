//! The kinds of the Gateway API, which no API server has by itself.

use std::fs;

use super::Result;
use super::access::Access;
use super::go_module::Pinned;

/// Where its CRDs are.
pub const MODULE: Pinned = Pinned {
    path: "sigs.k8s.io/gateway-api",
    version: "v1.6.3",
    sum: "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=",
};

/// Lets the API server know HTTPRoutes.
///
/// # Errors
/// Where they cannot be installed.
pub async fn install_routes(admin: &Access) -> Result {
    let file = "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml";
    let definition = fs::read_to_string(MODULE.folder()?.join(file))?;
    let kubectl = admin.kubectl();
    kubectl.succeed(&["apply", "--server-side", "-f", "-"], &definition).await?;
    let established = ["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"];
    kubectl.run(&established).await?;
    kubectl.forget_kinds()
}
