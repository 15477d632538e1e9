//! Notes that are pushed to a git server on the node and read through the viewer's Service.

use crate::site::Site;
use crate::support::Result;
use crate::support::git_server::{GitServer, Options, Repository};
use crate::support::kubectl::Kubectl;
use crate::support::node::ADDRESS;
use crate::support::publishing::{NAME, talk};

/// The namespace of the notes.
const NAMESPACE: &str = "summits";
/// The summit of [`talk`].
const SUMMIT: &str = "moon-gardening-summit-2026";
/// How many notes the first push has.
const MANY: usize = 200;

/// A git server that Pods reach by the name `git`, and a repository in it that is published.
pub struct Notes {
    _server: GitServer,
    git: Repository,
    kubectl: Kubectl,
}

impl Notes {
    /// Pushes notes and waits until they are published.
    pub async fn publish(site: &Site<'_>) -> Result<Self> {
        let server = GitServer::with_options(Options {
            address: Some(ADDRESS.parse()?),
            ..Options::default()
        });
        let git = server.create(NAME);
        let files: Vec<(String, String)> = (0..MANY)
            .map(|number| (format!("{number}.md"), talk(&format!("Crater {number}"), "Dust.")))
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        git.commit(&files, "Take notes");
        let kubectl = site.node.admin().kubectl();
        kubectl.run(&["create", "namespace", NAMESPACE]).await?;
        let kubectl = kubectl.in_namespace(NAMESPACE);
        kubectl.succeed(&["apply", "-f", "-"], &manifests(server.port())).await?;
        let notes = Self { _server: server, git, kubectl };
        notes.current().await?;
        notes.are_read(site, "Crater 7").await?;
        Ok(notes)
    }

    /// Pushes one more note, asks for it, and waits until it can be read.
    pub async fn push(&self, site: &Site<'_>, title: &str) -> Result {
        let commit = self.git.commit(&[(&format!("{title}.md"), &talk(title, "Regolith."))], title);
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

/// A name for the git server, whose endpoint is the node itself, and the repository.
fn manifests(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Service, metadata: {{name: git}}, spec: {{ports: [{{name: http, port: 80}}]}}}}\n\
         ---\n\
         {{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,\n\
          metadata: {{name: git, labels: {{kubernetes.io/service-name: git}}}},\n\
          ports: [{{name: http, port: {port}}}], endpoints: [{{addresses: [{ADDRESS}]}}]}}\n\
         ---\n\
         {{apiVersion: talknotes.dev/v1alpha1, kind: NoteRepository, metadata: {{name: {NAME}}},\n\
          spec: {{url: \"http://git.{NAMESPACE}.svc.cluster.local/{NAME}.git\", interval: 10m}}}}\n"
    )
}
