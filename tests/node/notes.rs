//! Notes that are pushed to a git server of the node and read through the viewer's Service.

use crate::git::Git;
use crate::site::Site;
use crate::support::Result;
use crate::support::kubectl::Kubectl;
use crate::support::publishing::{NAME, talk};

/// The namespace of the notes.
const NAMESPACE: &str = "summits";
/// The summit of [`talk`].
pub const SUMMIT: &str = "moon-gardening-summit-2026";
/// How many notes the first push has.
const MANY: usize = 200;

/// A git repository that is published.
pub struct Notes {
    git: Git,
    kubectl: Kubectl,
}

impl Notes {
    /// Pushes notes and waits until they are published.
    pub async fn publish(site: &Site<'_>) -> Result<Self> {
        let git = Git::serve(site.node, NAME).await?;
        let files: Vec<(String, String)> = (0..MANY)
            .map(|number| (format!("{number}.md"), talk(&format!("Crater {number}"), "Dust.")))
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        git.repository.commit(&files, "Take notes");
        let kubectl = site.node.admin().kubectl();
        kubectl.run(&["create", "namespace", NAMESPACE]).await?;
        let kubectl = kubectl.in_namespace(NAMESPACE);
        kubectl.succeed(&["apply", "-f", "-"], &manifest(&git.url)).await?;
        let notes = Self { git, kubectl };
        notes.current().await?;
        notes.are_read(site, "Crater 7").await?;
        Ok(notes)
    }

    /// Pushes one more note, asks for it, and waits until it can be read.
    pub async fn push(&self, site: &Site<'_>, title: &str) -> Result {
        let document = (&*format!("{title}.md"), &*talk(title, "Regolith."));
        let commit = self.git.repository.commit(&[document], title);
        let request = format!("talknotes.dev/requested-at={commit}");
        let repository = format!("noterepository/{NAME}");
        self.kubectl.run(&["annotate", "--overwrite", &repository, &request]).await?;
        self.are_read(site, title).await
    }

    /// Waits until the agenda, read through the Service, has the title.
    pub async fn are_read(&self, site: &Site<'_>, title: &str) -> Result {
        let agenda = format!("/{NAMESPACE}/{SUMMIT}/");
        let reader = site.reader().await?;
        reader.wait_for(&agenda, title, |html| html.contains(title)).await?;
        Ok(())
    }

    /// Waits until the repository is ready.
    async fn current(&self) -> Result {
        let repository = format!("noterepository/{NAME}");
        let ready = ["wait", "--for=condition=Ready", &repository, "--timeout=120s"];
        self.kubectl.run(&ready).await?;
        Ok(())
    }

    /// How many notes and how many published ConfigMaps there are.
    pub async fn count(&self) -> Result<(usize, usize)> {
        let notes = self.kubectl.run(&["get", "talknotes", "-o", "name"]).await?;
        let managed = "app.kubernetes.io/managed-by=talknotes";
        let maps = self.kubectl.run(&["get", "configmaps", "-l", managed, "-o", "name"]).await?;
        Ok((notes.lines().count(), maps.lines().count()))
    }
}

fn manifest(url: &str) -> String {
    format!(
        "{{apiVersion: talknotes.dev/v1alpha1, kind: NoteRepository, metadata: {{name: {NAME}}},\n\
          spec: {{url: \"{url}\", interval: 10m}}}}\n"
    )
}
