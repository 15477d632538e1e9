//! A fake API server with an operator at work on it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::fake_api::FakeApi;
use crate::probes::Probes;
use crate::state::{NAMESPACE, State};
use crate::support::Result;
use crate::support::access::{Access, write_kubeconfig};
use crate::support::child::last_lines;
use crate::support::operator::Program;
use crate::support::scratch::Scratch;

pub struct Scene {
    pub api: FakeApi,
    operator: Program,
    folder: Scratch,
}

/// Runs `test` with an operator, after `prepare` has set the stage. A failure shows what was asked of
/// the API server and the operator's last words; that the operator still runs is part of each test.
pub async fn scene(
    prepare: impl FnOnce(&FakeApi),
    test: impl AsyncFnOnce(&Scene) -> Result,
) -> Result {
    scene_with(&[], prepare, test).await
}

/// The same with more arguments for the operator.
pub async fn scene_with(
    more: &[&str],
    prepare: impl FnOnce(&FakeApi),
    test: impl AsyncFnOnce(&Scene) -> Result,
) -> Result {
    let api = FakeApi::start()?;
    prepare(&api);
    let folder = Scratch::new()?;
    let access = access(&api.url(), &folder)?;
    let operator = Program::controller_with(&access, NAMESPACE, folder.path(), more).await?;
    let mut scene = Scene { api, operator, folder };
    let outcome = test(&scene).await;
    scene.operator.check_running()?;
    outcome.map_err(|error| {
        let requests = scene.api.look(|state| state.requests().join("\n"));
        let log = last_lines(&scene.folder.path().join("controller.log"), 25);
        format!("{error}\n--- requests\n{requests}\n--- operator\n{log}").into()
    })
}

/// Starts a controller of the API server at `url`, as `deploy/` does: a service and no person's. It may
/// never be ready; its probes are there.
pub async fn start_service(url: &str, folder: &Scratch) -> Result<(Program, Probes)> {
    let service = ["--leader-election", "--leader-election-namespace", NAMESPACE];
    let access = access(url, folder)?;
    let controller = Program::spawn_controller(&access, NAMESPACE, folder.path(), &service)?;
    let probes = Probes::at(controller.address())?;
    probes.until_there().await?;
    Ok((controller, probes))
}

/// How to reach the API server at `url`.
pub fn access(url: &str, folder: &Scratch) -> Result<Access> {
    let kubeconfig = folder.path().join("kubeconfig");
    write_kubeconfig(&kubeconfig, &json!({ "server": url }), &json!({}))?;
    Ok(Access { kubeconfig, kubectl: PathBuf::new() })
}

/// The spec of a note with this text.
pub fn note(text: &str) -> Value {
    json!({ "title": "Knots", "markdown": text })
}

impl Scene {
    /// Where the operator serves its probes.
    pub fn probes(&self) -> &str {
        self.operator.address()
    }

    /// Waits until the note's page holds `text` and its status says so.
    pub async fn published(&self, name: &str, text: &str) -> Result {
        let what = format!("{name} to be published with {text}");
        self.api.until(&what, |state| shows(state, name, text) && is_ready(state, name)).await
    }

    /// Changes a note, and waits until all that this leads to is done: what would be repeated at
    /// once has been repeated by then.
    pub async fn another_note_goes_through(&self) -> Result {
        let text = format!("fence {}", self.api.look(|state| state.requests().len()));
        self.api.put("talknotes", "fence", &note(&text));
        self.published("fence", &text).await
    }

    #[track_caller]
    pub fn saw(&self, request: &str, times: std::ops::RangeInclusive<usize>) {
        let count = self.api.look(|state| state.count(request));
        let requests = self.api.look(|state| state.requests().join("\n"));
        assert!(times.contains(&count), "{count} times, not {times:?}: {request}\n{requests}");
    }
}

pub fn shows(state: &State, name: &str, text: &str) -> bool {
    let page = state.object("configmaps", &format!("talknote-{name}"));
    page.is_some_and(|page| {
        page["data"]["note.html"].as_str().is_some_and(|html| html.contains(text))
    })
}

/// Whether the note's condition `Ready` is true for what it is now.
pub fn is_ready(state: &State, name: &str) -> bool {
    condition(state, name, "Ready").is_some_and(|condition| condition["status"] == "True")
}

/// A condition of the note, if it is about the note as it is now.
pub fn condition<'a>(state: &'a State, name: &str, type_: &str) -> Option<&'a Value> {
    let note = state.object("talknotes", name)?;
    let conditions = note["status"]["conditions"].as_array()?;
    let found = conditions.iter().find(|condition| condition["type"] == type_)?;
    (found["observedGeneration"] == note["metadata"]["generation"]).then_some(found)
}
