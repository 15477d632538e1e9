//! Programs that are started while the API server is away: they are alive, say what they wait for, and
//! a restart would help nobody.

use crate::fake_api::{Away, FakeApi};
use crate::probes::Probes;
use crate::scene::{access, note, start_service};
use crate::state::{Fault, NAMESPACE};
use crate::support::Result;
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::scratch::Scratch;

const WAITS: &str = "the API server has not answered yet: cannot list NoteRepository objects";

#[tokio::test]
async fn a_controller_waits_alive_and_unready_and_begins_when_the_api_server_comes() -> Result {
    let (away, folder) = (Away::new()?, Scratch::new()?);
    let (mut controller, probes) = start_service(&away.url(), &folder).await?;
    probes.until_ready_is(503, WAITS).await?;
    probes.until_ready_is(503, "refused").await?;
    let (status, metrics) = probes.ask("/metrics").await?;
    assert!(status == 200 && metrics.contains("talknotes_leader 0"), "{status}: {metrics}");
    let api = away.ends()?;
    api.put("talknotes", "a", &note("first"));
    probes.until_ready_is(200, "ok").await?;
    controller.check_running()
}

#[tokio::test]
async fn a_controller_that_waits_ends_when_it_is_asked_to() -> Result {
    let (away, folder) = (Away::new()?, Scratch::new()?);
    let (mut controller, probes) = start_service(&away.url(), &folder).await?;
    probes.until_ready_is(503, WAITS).await?;
    let status = controller.stop().await?;
    assert!(status.success(), "{status}");
    Ok(())
}

/// That it is away would be a lie.
#[tokio::test]
async fn a_controller_that_is_refused_says_so() -> Result {
    let (api, folder) = (FakeApi::start()?, Scratch::new()?);
    api.plan("list summits", usize::MAX, Fault::Refuse(403));
    let (mut controller, probes) = start_service(&api.url(), &folder).await?;
    let refused = "cannot list Summit objects: the API server answers 403: this is a test of 403";
    probes.until_ready_is(503, refused).await?;
    api.heal();
    probes.until_ready_is(200, "ok").await?;
    controller.check_running()
}

#[tokio::test]
async fn a_viewer_waits_alive_and_unready_and_ends_when_it_is_asked_to() -> Result {
    let (away, folder) = (Away::new()?, Scratch::new()?);
    let access = access(&away.url(), &folder)?;
    let start = || Program::spawn_viewer(&access, NAMESPACE, free_port()?, folder.path());
    let (mut viewer, mut other) = (start()?, start()?);
    for viewer in [&viewer, &other] {
        let probes = Probes::at(viewer.address())?;
        probes.until_there().await?;
        probes.until_ready_is(503, "waiting for the first list of notes").await?;
    }
    let status = other.stop().await?;
    assert!(status.success(), "{status}");
    let _api = away.ends()?;
    Probes::at(viewer.address())?.until_ready_is(200, "ready").await?;
    viewer.check_running()
}
