//! Images of the repository that notes show: one ConfigMap for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;

use super::build::is_ours;
use super::imported::Origin;
use crate::api::{PrunePolicy, names};
use crate::controller::published;
use crate::document::{Collection, ImageFile, ImageFiles, ImageReferences, SourceFile};
use crate::git::{Entry, GitError, Snapshot};
use crate::render;

/// What is to be done about images.
pub(super) struct Images {
    /// All that there are to be.
    pub apply: Vec<ConfigMap>,
    /// Those that no note shows any more.
    pub delete: Vec<Arc<ConfigMap>>,
}

impl Images {
    /// `wanted` are those that notes show, by their digests.
    pub(super) fn new(
        wanted: BTreeMap<String, Vec<u8>>,
        existing: &[Arc<ConfigMap>],
        origin: &Origin,
    ) -> Self {
        let delete_unused = origin.prune == PrunePolicy::Delete;
        let owner = delete_unused.then(|| origin.owner.clone());
        let Origin { namespace, name, .. } = origin;
        let apply: Vec<ConfigMap> = wanted
            .into_iter()
            .map(|(digest, content)| {
                published::image(namespace, name, owner.clone(), &digest, content)
            })
            .collect();
        let kept: BTreeSet<String> = apply.iter().map(ResourceExt::name_any).collect();
        let is_image = |config_map: &ConfigMap| {
            config_map.labels().get(names::CONTENT_LABEL).is_some_and(|l| l == names::CONTENT_IMAGE)
        };
        let delete = existing
            .iter()
            .filter(|_| delete_unused)
            .filter(|found| found.metadata.namespace.as_ref() == Some(namespace))
            .filter(|found| is_image(found) && is_ours(found.as_ref(), origin))
            .filter(|found| !kept.contains(&found.name_any()))
            .cloned()
            .collect();
        Self { apply, delete }
    }
}

/// The images of a revision that notes name: found, and none of them read.
pub struct RepositoryImages {
    references: ImageReferences,
    found: Found,
}

/// The files of a revision that notes name.
struct Found {
    snapshot: Snapshot,
    files: BTreeMap<String, Entry>,
    /// Of the repository.
    url: String,
}

impl RepositoryImages {
    /// The images that `references` name, as far as they are among `files`. `url` is the repository's.
    pub(super) fn new(
        references: ImageReferences,
        files: Vec<Entry>,
        snapshot: Snapshot,
        url: &str,
    ) -> Self {
        let files = files.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        Self { references, found: Found { snapshot, files, url: url.to_owned() } }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.found.files.is_empty()
    }

    /// Reads those that fit and puts them into `collection`. `documents` are the files that it was
    /// read from. Blocks.
    ///
    /// # Errors
    /// Where the snapshot cannot be read.
    pub fn attach(
        self,
        collection: &mut Collection,
        documents: &[SourceFile],
    ) -> Result<(), GitError> {
        self.references.attach(collection, documents, &self.found)
    }
}

impl ImageFiles for Found {
    type Error = GitError;

    fn find(&self, path: &str) -> Option<ImageFile> {
        let entry = self.files.get(path)?;
        Some(ImageFile { bytes: entry.bytes, content_id: entry.content_id() })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, GitError> {
        self.files.get(path).map_or_else(|| Ok(Vec::new()), |entry| self.snapshot.read(entry))
    }

    fn is_image(&self, content: &[u8]) -> bool {
        render::image_type(content).is_some()
    }

    fn url(&self, path: &str) -> Option<String> {
        raw_url(&self.url, path)
    }
}

/// Where a public forge shows the file at `path` as it is. The head of the repository is named and no
/// commit, so that a push changes no note that it did not touch.
pub(super) fn raw_url(repository: &str, path: &str) -> Option<String> {
    let mut url = url::Url::parse(repository).ok().filter(|url| url.scheme() == "https")?;
    let between: &[&str] = match url.host_str()? {
        "github.com" => &["raw", "HEAD"],
        host if host.starts_with("gitlab.") => &["-", "raw", "HEAD"],
        _ => return None,
    };
    let _ = (url.set_username(""), url.set_password(None));
    let project = url.path().trim_end_matches('/').trim_end_matches(".git").to_owned();
    url.set_path(&project);
    url.path_segments_mut().ok()?.extend(between).extend(path.split('/'));
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forges_show_files_at_their_own_addresses() {
        let raw = |repository| raw_url(repository, "圖/a b.png");
        assert_eq!(
            raw("https://user:secret@github.com/harbor/notes.git").as_deref(),
            Some("https://github.com/harbor/notes/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(
            raw("https://gitlab.example/harbor/notes").as_deref(),
            Some("https://gitlab.example/harbor/notes/-/raw/HEAD/%E5%9C%96/a%20b.png")
        );
        assert_eq!(raw("https://git.example/notes.git"), None);
        assert_eq!(raw("http://github.com/harbor/notes"), None);
    }
}
