//! A git repository with notes, its `NoteRepository`, and what each of its revisions gives.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use crate::imported::{Import, Key, Version};
use crate::notes::Files;
use crate::support::Result;
use crate::support::git_server::{GitServer, Repository};

/// A repository and what is known of it.
pub struct Repo {
    /// Name of the `NoteRepository`.
    pub name: &'static str,
    pub url: String,
    /// More fields of the spec.
    pub spec: Value,
    pub git: Repository,
    /// What is to be in the next commit.
    pub files: Files,
    /// HEAD.
    pub commit: String,
    past: Vec<(String, Files)>,
    written: BTreeMap<String, Vec<u8>>,
    /// What the revisions gave since the cluster agreed last, HEAD's at the end.
    heads: Vec<Import>,
    /// Whether the `NoteRepository` exists.
    pub there: bool,
    pub suspended: bool,
    /// Whether nobody told the operator of the last push.
    pub untold: bool,
    /// Whether nothing need be left of documents that cannot be read: the first revision may never have
    /// been applied, and objects go with their `NoteRepository`.
    pub lost: bool,
}

/// What may stand under a name on behalf of a repository.
pub struct Claim<'a> {
    pub repository: &'a Repo,
    /// It may be any of these.
    pub versions: Vec<&'a Version>,
    /// Whether there has to be one.
    pub required: bool,
    /// Whether HEAD gives it.
    pub current: bool,
    /// Whether a document that it came from cannot be read now.
    pub unreadable: bool,
}

impl Repo {
    /// A repository whose first commit holds `files`.
    pub async fn start(
        server: &GitServer,
        name: &'static str,
        files: Files,
        spec: Value,
    ) -> Result<Self> {
        let mut repository = Self {
            name,
            url: server.url(name),
            spec,
            git: server.create(name),
            files,
            commit: String::new(),
            past: Vec::new(),
            written: BTreeMap::new(),
            heads: Vec::new(),
            there: false,
            suspended: false,
            untold: false,
            lost: true,
        };
        repository.push("Take notes").await?;
        Ok(repository)
    }

    /// Commits and pushes the files.
    pub async fn push(&mut self, message: &str) -> Result {
        self.write();
        self.commit = self.git.commit(&[], message);
        self.past.push((self.commit.clone(), self.files.clone()));
        self.pushed().await
    }

    /// Puts the files into the last commit and pushes over it.
    pub async fn push_over(&mut self, message: &str) -> Result {
        self.write();
        self.commit = self.git.force_push_rewritten(&[], message);
        self.past.pop();
        self.past.push((self.commit.clone(), self.files.clone()));
        self.pushed().await
    }

    /// Goes back by as many commits as there are, `back` at most, and pushes over what was there.
    /// Says by how many.
    pub async fn rewind(&mut self, back: usize) -> Result<usize> {
        let back = back.min(self.past.len() - 1);
        self.past.truncate(self.past.len() - back);
        let (commit, files) = self.past.last().ok_or("no commit is left")?.clone();
        self.git.run(&["reset", "-q", "--hard", &commit]);
        self.git.run(&["push", "-q", "--force", "origin", "HEAD"]);
        (self.commit, self.written, self.files) = (commit, files.contents(), files);
        self.pushed().await?;
        Ok(back)
    }

    fn write(&mut self) {
        let contents = self.files.contents();
        for path in self.written.keys().filter(|path| !contents.contains_key(*path)) {
            self.git.run(&["rm", "-q", "--ignore-unmatch", "--", path]);
        }
        for (path, content) in &contents {
            if self.written.get(path) != Some(content) {
                self.git.write(path, content);
            }
        }
        self.written = contents;
    }

    async fn pushed(&mut self) -> Result {
        let folder = PathBuf::from(self.git.run(&["rev-parse", "--show-toplevel"]));
        let broken = self.files.broken().cloned().collect();
        self.heads.push(Import::of(&folder, broken).await?);
        self.untold = true;
        Ok(())
    }

    /// What HEAD gives.
    pub fn head(&self) -> &Import {
        self.heads.last().expect("there is a commit from the start")
    }

    /// What any revision since the last agreement gave.
    pub fn heads(&self) -> &[Import] {
        &self.heads
    }

    /// The names that were asked for since the last agreement.
    pub fn keys(&self) -> BTreeSet<&Key> {
        self.heads.iter().flat_map(|head| head.objects.keys()).collect()
    }

    /// What may stand under `key`. A document that cannot be read keeps what any of its revisions since
    /// the last agreement gave: which of them were applied is the operator's affair.
    pub fn claim(&self, key: &Key) -> Option<Claim<'_>> {
        let head = self.head();
        let current = head.objects.get(key);
        let of_broken = |import: &'_ Import| {
            import.objects.get(key).is_some_and(|version| version.came_from(&head.broken))
        };
        let kept = self.heads.iter().filter(|import| of_broken(import));
        let kept: Vec<&Version> = kept.filter_map(|import| import.objects.get(key)).collect();
        let stayed = !self.lost
            && self.heads.first().is_some_and(of_broken)
            && self.heads.iter().all(|import| {
                import.objects.contains_key(key) || kept.iter().any(|v| v.came_from(&import.broken))
            });
        let unreadable = !kept.is_empty();
        let versions: Vec<&Version> = current.into_iter().chain(kept).collect();
        (!versions.is_empty()).then_some(Claim {
            repository: self,
            versions,
            required: current.is_some() || stayed,
            current: current.is_some(),
            unreadable,
        })
    }

    /// The cluster agrees: from here on it holds what HEAD gives and what was `kept` of documents that
    /// cannot be read.
    pub fn agreed(&mut self, kept: BTreeMap<Key, Version>) {
        let mut now = self.head().clone();
        now.objects.extend(kept);
        for import in &self.heads {
            let images = import.images.iter().filter(|_| !now.broken.is_empty());
            now.images.extend(images.map(|(digest, image)| (digest.clone(), image.clone())));
        }
        let head = self.head().clone();
        self.heads = vec![now, head];
        self.lost = false;
    }
}
