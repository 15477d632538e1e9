//! A git server on the node's address, which Pods reach by a name.

use crate::support::Result;
use crate::support::git_server::{GitServer, Options, Repository};
use crate::support::node::{ADDRESS, Node};

/// The namespace of the server's Service.
const NAMESPACE: &str = "git";

/// A repository in a git server of its own.
pub struct Git {
    pub repository: Repository,
    /// Where Pods find it.
    pub url: String,
    _server: GitServer,
}

impl Git {
    /// Serves an empty repository.
    pub async fn serve(node: &Node, name: &str) -> Result<Self> {
        let address = Some(ADDRESS.parse()?);
        let server = GitServer::with_options(Options { address, ..Options::default() });
        let kubectl = node.admin().kubectl();
        kubectl.run(&["create", "namespace", NAMESPACE]).await?;
        let service = service(server.port());
        kubectl.in_namespace(NAMESPACE).succeed(&["apply", "-f", "-"], &service).await?;
        let repository = server.create(name);
        let url = format!("http://git.{NAMESPACE}.svc.cluster.local/{name}.git");
        Ok(Self { repository, url, _server: server })
    }
}

/// A name for the server, whose endpoint is the node itself.
fn service(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Service, metadata: {{name: git}}, spec: {{ports: [{{name: http, port: 80}}]}}}}\n\
         ---\n\
         {{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,\n\
          metadata: {{name: git, labels: {{kubernetes.io/service-name: git}}}},\n\
          ports: [{{name: http, port: {port}}}], endpoints: [{{addresses: [{ADDRESS}]}}]}}\n"
    )
}
