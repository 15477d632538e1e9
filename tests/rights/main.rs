//! Each right of the shipped roles is needed: the operator runs without it, and says what it misses.
//! A right that nothing misses here does not belong into a role.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod page;
mod reasons;
mod roles;
mod scene;

use std::future::ready;
use std::panic::AssertUnwindSafe;

use futures::{FutureExt as _, StreamExt as _, stream};

use roles::Right;
use support::child::log_holds;
use support::control_plane::ControlPlane;
use support::gateway_api::install_routes;
use support::git_server::{Auth, GitServer, Options};
use support::namespace::{TestNamespace, with_namespace};
use support::{Result, rbac};

/// Operators that run at once.
const AT_ONCE: usize = 8;

#[tokio::test]
async fn the_controller_needs_each_of_its_rights() {
    let options = Options {
        tls: true,
        auth: Some(Auth::basic(scene::USERNAME, scene::PASSWORD)),
        ..Options::default()
    };
    let server = GitServer::with_options(options);
    // A right to what is unknown is never missed.
    install_routes(ControlPlane::shared().admin()).await.expect("HTTPRoutes");
    for_each_right(rbac::CONTROLLER, async |test, without, granted| {
        let access = roles::grant(test, granted).await?;
        let mut controller = scene::controller(&access, test)?;
        let refusal = without.refusal();
        let missed = log_holds(controller.log(), &refusal);
        let outcome = tokio::select! {
            missed = missed => missed,
            failure = scene::keep_busy(test, &server) => failure.map(|never| match never {}),
        };
        controller.kill()?;
        outcome
    })
    .await;
}

#[tokio::test]
async fn the_viewer_needs_each_of_its_rights() {
    for_each_right(rbac::VIEWER, async |test, without, granted| {
        let access = roles::grant(test, granted).await?;
        let mut viewer = scene::viewer(&access, test)?;
        let missed = log_holds(viewer.log(), &without.refusal()).await;
        viewer.kill()?;
        missed
    })
    .await;
}

/// Runs `missed` for each right of `account`, with that right and with all others.
async fn for_each_right(
    account: &str,
    missed: impl AsyncFn(&TestNamespace, &Right, &[Right]) -> Result,
) {
    let rights = roles::shipped(account).await.expect("roles");
    assert!(rights.len() > 1, "{account} has no rights");
    let outcomes = stream::iter(&rights).map(|without| {
        let granted: Vec<Right> =
            rights.iter().filter(|right| *right != without).cloned().collect();
        let missed = &missed;
        let run = with_namespace(async move |test| missed(test, without, &granted).await);
        AssertUnwindSafe(run).catch_unwind().map(move |outcome| outcome.err().map(|_| without))
    });
    let unneeded: Vec<String> = outcomes
        .buffer_unordered(AT_ONCE)
        .filter_map(|without| ready(without.map(ToString::to_string)))
        .collect()
        .await;
    assert!(unneeded.is_empty(), "nothing was missed without these rights: {unneeded:?}");
}
