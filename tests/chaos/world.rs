//! What a storm rages over: two repositories, the operator, and what it must leave alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fastrand::Rng;
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, names};

use crate::bystanders::Bystanders;
use crate::changes::Changes;
use crate::imported::Key;
use crate::notes::{Author, Files};
use crate::repository::Repo;
use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::TestNamespace;
use crate::support::operator::Program;
use crate::support::publishing::create_repository;

/// How long a kill waits for the writes that it is to interrupt.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Everything that a storm knows.
pub struct World<'a> {
    pub test: &'a TestNamespace,
    pub rng: Rng,
    pub author: Author,
    pub server: GitServer,
    pub repositories: Vec<Repo>,
    pub bystanders: Bystanders,
    /// What was done, a line each.
    pub log: Vec<String>,
    pub kills: usize,
    /// Whether there is no API server now.
    pub api_is_away: bool,
    /// Whether the git server refuses now.
    pub git_is_away: bool,
    /// Objects of ours that somebody changed or deleted by hand.
    pub touched: BTreeSet<Key>,
    pub operator: Program,
    changes: Changes,
}

impl<'a> World<'a> {
    /// Two repositories with notes and an operator that has not looked at them yet.
    pub async fn start(test: &'a TestNamespace, seed: u64) -> Result<Self> {
        let mut author = Author::new(seed);
        let server = GitServer::start();
        let [harbor, lagoon] = [(); 2].map(|()| Files::begin(&mut author));
        // What one deletes needs nobody's word; the other has the guard that there is by default.
        let harbor = Repo::start(&server, "harbor", harbor, json!({ "maxDeletePercent": 100 }));
        let harbor = harbor.await?;
        let lagoon = Repo::start(&server, "lagoon", lagoon, json!({})).await?;
        let operator = test.start_controller().await?;
        let mut world = Self {
            test,
            rng: Rng::with_seed(seed),
            author,
            server,
            repositories: vec![harbor, lagoon],
            bystanders: Bystanders::place(test).await?,
            log: Vec::new(),
            kills: 0,
            api_is_away: false,
            git_is_away: false,
            touched: BTreeSet::new(),
            operator,
            changes: Changes::count(test),
        };
        for index in 0..world.repositories.len() {
            world.create(index).await?;
        }
        Ok(world)
    }

    /// Writes down what is done, before it is done.
    pub fn tell(&mut self, what: String) {
        self.log.push(what);
    }

    /// Adds to the last line how it went.
    pub fn went(&mut self, how: &str) {
        if let Some(last) = self.log.last_mut() {
            last.push_str(&format!(" ({how})"));
        }
    }

    /// One of the repositories.
    pub fn any_repository(&mut self) -> usize {
        self.rng.usize(..self.repositories.len())
    }

    fn api(&self) -> Api<NoteRepository> {
        self.test.api()
    }

    /// Creates the `NoteRepository`.
    pub async fn create(&mut self, index: usize) -> Result {
        let repository = &mut self.repositories[index];
        let Repo { name, url, spec, .. } = &*repository;
        create_repository(self.test, name, url, spec.clone()).await?;
        (repository.there, repository.suspended, repository.untold) = (true, false, false);
        Ok(())
    }

    /// Deletes the `NoteRepository`.
    pub async fn delete(&mut self, index: usize) -> Result {
        self.api().delete(self.repositories[index].name, &DeleteParams::default()).await?;
        let repository = &mut self.repositories[index];
        (repository.there, repository.lost) = (false, true);
        Ok(())
    }

    /// Suspends the repository or lets it go on.
    pub async fn suspend(&mut self, index: usize, suspend: bool) -> Result {
        self.patch(index, json!({ "spec": { "suspend": suspend.then_some(true) } })).await?;
        self.repositories[index].suspended = suspend;
        Ok(())
    }

    /// Says that something was pushed, as a webhook of the git server would; later, where nobody can
    /// be told now.
    pub async fn announce(&mut self, index: usize) -> Result {
        let repository = &self.repositories[index];
        if self.api_is_away || !repository.there || !repository.untold {
            return Ok(());
        }
        let asked = format!("{}-{}", repository.commit, self.log.len());
        self.patch(index, json!({ "metadata": { "annotations": { names::REQUESTED_AT: asked } } }))
            .await?;
        self.repositories[index].untold = false;
        Ok(())
    }

    /// Merges `patch` into the `NoteRepository`.
    pub async fn patch(&self, index: usize, patch: Value) -> Result {
        let name = self.repositories[index].name;
        self.api().patch(name, &PatchParams::default(), &Patch::Merge(&patch)).await?;
        Ok(())
    }

    /// Kills the operator once there were `changes` more changes, or soon, and starts it again.
    pub async fn kill(&mut self, changes: u64) -> Result {
        self.changes.wait_for(changes, PATIENCE).await;
        // One that a person starts while the API server is away says so and ends.
        if !self.api_is_away {
            self.operator.check_running()?;
        }
        self.operator.kill()?;
        self.kills += 1;
        self.operator.spawn_again()
    }

    /// Takes the API server away.
    pub fn take_api_away(&mut self) -> Result {
        self.api_is_away = true;
        self.test.control_plane.api_server().kill()
    }

    /// Brings it back, and waits until the operator hears from it.
    pub async fn bring_api_back(&mut self) -> Result {
        self.test.control_plane.api_server().start_again(&self.test.client).await?;
        self.operator.kept_ready().await?;
        self.api_is_away = false;
        Ok(())
    }

    /// Has the git server refuse everything, or answer again.
    pub fn let_git_refuse(&mut self, refuse: bool) {
        self.server.fail_next(if refuse { u32::MAX } else { 0 }, 503);
        self.git_is_away = refuse;
    }

    /// The files of the operator's git caches, in order.
    pub fn cache_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        walk(&self.test.folder().join("git-cache"), &mut files)?;
        files.sort();
        Ok(files)
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    // What the operator removes while we look is no longer there.
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), files)?,
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}
