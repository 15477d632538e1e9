//! Much work on few cores: a probe that waits for the work would have the process restarted because it
//! works, and worker threads follow what the process may use.

use std::thread::available_parallelism;

use crate::fake_api::FakeApi;
use crate::probes::Probes;
use crate::scene::{access, note};
use crate::state::{NAMESPACE, State};
use crate::support::Result;
use crate::support::cpu_quota::CpuQuota;
use crate::support::operator::Program;
use crate::support::scratch::Scratch;

/// Twice as many as are visited at once, so that there is always another one.
const NOTES: usize = 64;

/// How often liveness is asked. Each answer would wait for some of the pages.
const QUESTIONS: usize = 10;

fn pages(state: &State) -> usize {
    let page = |request: &&String| request.starts_with("apply configmaps/talknote-heavy-");
    state.requests().iter().filter(page).count()
}

#[tokio::test]
async fn liveness_is_answered_while_there_are_pages_to_render() -> Result {
    let (api, folder) = (FakeApi::start()?, Scratch::new()?);
    let heavy = "- *a* **b** `c` [d](https://e.example/) ~~f~~ <b>g</b>\n".repeat(4_000);
    for number in 0..NOTES {
        api.put("talknotes", &format!("heavy-{number}"), &note(&heavy));
    }
    let access = access(&api.url(), &folder)?;
    let one_worker = ["env", "TOKIO_WORKER_THREADS=1"];
    let controller =
        Program::launch_controller(&one_worker, &access, NAMESPACE, folder.path(), &[])?;
    api.until("the first page", |state| pages(state) > 0).await?;
    let probes = Probes::at(controller.address())?;
    for _ in 0..QUESTIONS {
        probes.until_there().await?;
    }
    let done = api.look(pages);
    assert!(done < NOTES, "liveness waited for all {done} pages");
    Ok(())
}

/// The number of worker threads that the controller says it has.
async fn workers(launcher: &[&str]) -> Result<usize> {
    let (api, folder) = (FakeApi::start()?, Scratch::new()?);
    let access = access(&api.url(), &folder)?;
    let controller = Program::launch_controller(launcher, &access, NAMESPACE, folder.path(), &[])?;
    let probes = Probes::at(controller.address())?;
    probes.until_there().await?;
    let (_, metrics) = probes.ask("/metrics").await?;
    let line = metrics.lines().find_map(|line| line.strip_prefix("talknotes_worker_threads "));
    Ok(line.ok_or("no such metric")?.parse()?)
}

#[tokio::test]
async fn worker_threads_follow_the_quota_of_processor_time() -> Result {
    let Some(quota) = CpuQuota::find_place()? else { return Ok(()) };
    let cores = available_parallelism()?.get();
    // In percent of a core: rounded down, and one at least.
    for (percent, expected) in
        [(None, cores), (Some(50), 1), (Some(100), 1), (Some(200), 2), (Some(250), 2)]
    {
        quota.set(percent)?;
        for below in [false, true] {
            let launcher = quota.launcher(below);
            let found = workers(&launcher.each_ref().map(String::as_str)).await?;
            assert_eq!(found, expected.min(cores), "{percent:?} %, below: {below}");
        }
    }
    Ok(())
}
