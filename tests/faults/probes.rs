//! Probes tell the truth: readiness falls when a watch is stale and comes back with it, and liveness
//! stays, because a restart would help nobody.

use crate::fake_api::FakeApi;
use crate::scene::{Scene, access, note, scene_with};
use crate::state::{Fault, NAMESPACE};
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::scratch::Scratch;
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, http_client};

/// So that a test is over soon; the watches last for four seconds then.
const SOON: &[&str] = &["--stale-after", "6"];

/// What `/readyz` and `/healthz` say.
pub struct Probes {
    http: reqwest::Client,
    address: String,
}

impl Probes {
    pub fn at(address: &str) -> Result<Self> {
        Ok(Self { http: http_client()?, address: address.to_owned() })
    }

    pub async fn ask(&self, path: &str) -> Result<(u16, String)> {
        let answer = self.http.get(format!("http://{}{path}", self.address)).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Waits until the program says that it lives.
    pub async fn until_there(&self) -> Result {
        wait::until("the program to answer", DEADLINE, async || {
            let answer = self.ask("/healthz").await;
            Ok(Look::at(answer.is_ok_and(|(status, _)| status == 200), || "no answer".to_owned()))
        })
        .await
    }

    /// Waits until `/readyz` answers so; `/healthz` is well then.
    pub async fn until_ready_is(&self, status: u16, says: &str) -> Result {
        let what = format!("/readyz to be {status} with `{says}`");
        wait::until(&what, DEADLINE, async || {
            let (now, text) = self.ask("/readyz").await?;
            Ok(Look::at(now == status && text.contains(says), || format!("{now}: {text}")))
        })
        .await?;
        let (status, text) = self.ask("/healthz").await?;
        assert_eq!(status, 200, "liveness: {text}");
        Ok(())
    }
}

fn one_note(api: &FakeApi) {
    api.put("talknotes", "a", &note("first"));
}

/// A scene with a note that is published.
async fn published(test: impl AsyncFnOnce(&Scene, Probes) -> Result) -> Result {
    scene_with(SOON, one_note, async |scene| {
        scene.published("a", "first").await?;
        let probes = Probes::at(scene.probes())?;
        probes.until_ready_is(200, "ok").await?;
        test(scene, probes).await
    })
    .await
}

#[tokio::test]
async fn a_watch_that_is_refused_makes_the_controller_unready_until_it_is_accepted() -> Result {
    published(async |scene, probes| {
        scene.api.plan("watch talknotes", usize::MAX, Fault::Refuse(500));
        scene.api.cut("talknotes");
        probes.until_ready_is(503, "talknotes in t: no sign of life").await?;
        // Nothing changes in the cluster: that the watch is accepted has to be enough.
        scene.api.heal();
        probes.until_ready_is(200, "ok").await
    })
    .await
}

#[tokio::test]
async fn a_list_that_is_refused_makes_the_controller_unready() -> Result {
    published(async |scene, probes| {
        scene.api.plan("list summits", usize::MAX, Fault::Refuse(403));
        scene.api.expire("summits");
        probes.until_ready_is(503, "summits in t: no sign of life").await?;
        scene.api.heal();
        probes.until_ready_is(200, "ok").await
    })
    .await
}

#[tokio::test]
async fn an_api_server_that_hangs_makes_the_controller_unready_and_does_not_end_it() -> Result {
    published(async |scene, probes| {
        for kind in ["noterepositories", "summits", "talknotes", "configmaps"] {
            for verb in ["list", "watch"] {
                scene.api.plan(&format!("{verb} {kind}"), usize::MAX, Fault::Hang);
            }
            scene.api.cut(kind);
        }
        probes.until_ready_is(503, "configmaps in t: no sign of life").await?;
        scene.api.heal();
        probes.until_ready_is(200, "ok").await?;
        scene.another_note_goes_through().await
    })
    .await
}

#[tokio::test]
async fn a_watch_that_falls_silent_is_noticed_and_begun_again() -> Result {
    published(async |scene, probes| {
        // Not before we have seen that it was noticed is it begun again with success.
        scene.api.plan("watch talknotes", usize::MAX, Fault::Refuse(500));
        scene.api.mute("talknotes");
        probes.until_ready_is(503, "talknotes in t: no sign of life").await?;
        scene.api.put("talknotes", "b", &note("in the silence"));
        scene.api.heal();
        scene.published("b", "in the silence").await?;
        probes.until_ready_is(200, "ok").await
    })
    .await
}

#[tokio::test]
async fn a_list_that_stops_in_the_middle_is_given_up_and_tried_again() -> Result {
    published(async |scene, probes| {
        scene.api.plan("list talknotes", 1, Fault::Stall);
        scene.api.put_silently("talknotes", "b", &note("in the gap"));
        scene.api.expire("talknotes");
        scene.published("b", "in the gap").await?;
        probes.until_ready_is(200, "ok").await
    })
    .await
}

#[tokio::test]
async fn a_quiet_cluster_is_no_stale_one() -> Result {
    published(async |scene, probes| {
        // Two watches one after the other, without a change in between.
        let begun = scene.api.look(|state| state.count("watch summits"));
        let again = |state: &crate::state::State| state.count("watch summits") >= begun + 2;
        scene.api.until("the watch to be begun again, twice", again).await?;
        probes.until_ready_is(200, "ok").await
    })
    .await
}

#[tokio::test]
async fn the_viewer_is_unready_while_it_does_not_hear_of_changes() -> Result {
    let api = FakeApi::start()?;
    let folder = Scratch::new()?;
    let access = access(&api.url(), &folder)?;
    let viewer = Program::spawn_viewer_with(&access, NAMESPACE, free_port()?, folder.path(), SOON)?;
    let probes = Probes::at(viewer.address())?;
    probes.until_there().await?;
    probes.until_ready_is(200, "ready").await?;
    api.plan("watch configmaps", usize::MAX, Fault::Refuse(500));
    api.cut("configmaps");
    probes.until_ready_is(503, "configmaps in t: no sign of life").await?;
    // What it has is still served.
    assert_eq!(probes.ask("/").await?.0, 200);
    api.heal();
    probes.until_ready_is(200, "ready").await
}
