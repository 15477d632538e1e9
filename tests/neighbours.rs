//! The examples for Argo CD, Flux, Config Sync, External Secrets, KEDA, cert-manager and the Gateway API are what
//! those accept: a real API server with their own CRDs is asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::Result;
use support::argocd;
use support::control_plane::ControlPlane;
use support::gateway_api;
use support::go_module::Pinned;

/// Where a neighbour's CRDs are, and the examples that need them.
struct Neighbour {
    module: Pinned,
    crds: &'static [&'static str],
    examples: &'static [&'static str],
}

const NEIGHBOURS: [Neighbour; 7] = [
    Neighbour {
        module: argocd::MODULE,
        crds: &["manifests/crds/application-crd.yaml", "manifests/crds/applicationset-crd.yaml"],
        examples: &[
            "argocd-application.yaml",
            "argocd-application-markdown.yaml",
            "argocd-applicationset.yaml",
            "argocd-applicationset-previews.yaml",
        ],
    },
    Neighbour {
        module: Pinned {
            path: "github.com/fluxcd/source-controller",
            version: "v1.9.1",
            sum: "h1:FF8XTxLND/pXzVtUESKURUDiItFJQDZBZkbHvZimN8s=",
        },
        crds: &["config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml"],
        examples: &[],
    },
    Neighbour {
        module: Pinned {
            path: "github.com/fluxcd/kustomize-controller",
            version: "v1.9.5",
            sum: "h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=",
        },
        crds: &["config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
        examples: &["flux.yaml"],
    },
    Neighbour {
        module: Pinned {
            path: "github.com/external-secrets/external-secrets",
            version: "v1.3.2",
            sum: "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        },
        crds: &["config/crds/bases/external-secrets.io_externalsecrets.yaml"],
        examples: &["external-secrets.yaml"],
    },
    Neighbour {
        module: Pinned {
            path: "github.com/kedacore/keda/v2",
            version: "v2.20.0",
            sum: "h1:nPKQL9iKsPpoyq7BftlBzJiQzb2LdKHiqBIEG6ju3bk=",
        },
        crds: &["config/crd/bases/keda.sh_scaledobjects.yaml"],
        examples: &["keda.yaml"],
    },
    Neighbour {
        module: Pinned {
            path: "github.com/cert-manager/cert-manager",
            version: "v1.21.0",
            sum: "h1:BCoB2BxA1lbqPusZCqPLPn8Q9MhraL7RbZGHbBcm3W8=",
        },
        crds: &["deploy/crds/cert-manager.io_certificates.yaml"],
        examples: &["cert-manager.yaml"],
    },
    Neighbour {
        module: gateway_api::MODULE,
        crds: &["config/crd/standard/gateway.networking.k8s.io_gateways.yaml"],
        examples: &["gateway-api.yaml"],
    },
];

/// Config Sync has no module whose CRDs can be had.
const UNCHECKED: &str = "config-sync-rootsync.yaml";

const NAMESPACES: [&str; 4] = ["argocd", "flux-system", "gateways", "notes"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/neighbours")
}

#[tokio::test]
async fn neighbours_accept_the_examples() -> Result {
    let kubectl = ControlPlane::shared().admin().kubectl();
    for namespace in NAMESPACES {
        kubectl.run(&["create", "namespace", namespace]).await?;
    }
    for neighbour in &NEIGHBOURS {
        let module = neighbour.module.folder()?;
        for file in neighbour.crds {
            let crd = fs::read_to_string(module.join(file))?;
            kubectl.succeed(&["apply", "--server-side", "-f", "-"], &crd).await?;
        }
    }
    kubectl.run(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]).await?;
    kubectl.forget_kinds()?;
    for example in NEIGHBOURS.iter().flat_map(|neighbour| neighbour.examples) {
        let manifests = fs::read_to_string(folder().join(example))?;
        let apply = ["apply", "--server-side", "--validate=strict", "-f", "-"];
        kubectl.succeed(&apply, &manifests).await?;
    }
    eprintln!("{UNCHECKED} is not checked: the CRDs of Config Sync are in no Go module to be had");
    Ok(())
}

#[test]
fn each_example_is_checked_or_named_as_unchecked() -> Result {
    let found: BTreeSet<String> = fs::read_dir(folder())?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    let known = NEIGHBOURS.iter().flat_map(|neighbour| neighbour.examples).chain([&UNCHECKED]);
    assert_eq!(found, known.map(ToString::to_string).collect());
    Ok(())
}
