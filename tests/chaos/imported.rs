//! What `talknotes import` says of a folder: the measure for the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use serde::Serialize;
use serde_json::Value;
use talknotes::api::{Summit, TalkNote, names};

use crate::support::Result;
use crate::support::operator::binary;

/// The kinds that repositories give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Summit,
    TalkNote,
}

/// Kind and name.
pub type Key = (Kind, String);

/// An object as a revision has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub spec: Value,
    /// The document that it came from.
    pub source: String,
    /// Other documents that it came from, too, one a line.
    pub others: String,
}

impl Version {
    /// What there is to compare of an object.
    pub fn of<K: kube::Resource + Serialize>(object: &K) -> Result<Self> {
        let annotation = |name| object.annotations().get(name).cloned().unwrap_or_default();
        Ok(Self {
            spec: serde_json::to_value(object)?["spec"].take(),
            source: annotation(names::SOURCE_PATH),
            others: annotation(names::OTHER_SOURCE_PATHS),
        })
    }

    /// Whether it came from one of the documents at `paths`.
    pub fn came_from(&self, paths: &BTreeSet<String>) -> bool {
        paths.contains(&self.source) || self.others.lines().any(|path| paths.contains(path))
    }
}

/// What a revision gives.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub objects: BTreeMap<Key, Version>,
    /// Images by the beginning of their digests.
    pub images: BTreeMap<String, ConfigMap>,
    /// Documents that cannot be read.
    pub broken: BTreeSet<String>,
}

impl Import {
    /// Runs `talknotes import` on `folder`.
    pub async fn of(folder: &Path, broken: BTreeSet<String>) -> Result<Self> {
        let output = tokio::process::Command::new(binary()?)
            .arg("import")
            .arg(folder)
            .args(["--output", "json", "--keep-going"])
            .env_remove("RUST_LOG")
            .kill_on_drop(true)
            .output()
            .await?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("talknotes import ended with {}: {said}", output.status).into());
        }
        let mut list: Value = serde_json::from_slice(&output.stdout)?;
        let mut import = Self { broken, ..Self::default() };
        for item in list["items"].as_array_mut().ok_or("no list of manifests")? {
            import.add(item.take())?;
        }
        Ok(import)
    }

    fn add(&mut self, manifest: Value) -> Result {
        match manifest["kind"].as_str() {
            Some("Summit") => {
                let summit: Summit = serde_json::from_value(manifest)?;
                self.objects.insert((Kind::Summit, summit.name_any()), Version::of(&summit)?);
            }
            Some("TalkNote") => {
                let note: TalkNote = serde_json::from_value(manifest)?;
                self.objects.insert((Kind::TalkNote, note.name_any()), Version::of(&note)?);
            }
            _ => {
                let image: ConfigMap = serde_json::from_value(manifest)?;
                let name = image.name_any();
                let digest = name.split('-').nth(1).ok_or("an image without a digest")?;
                self.images.insert(digest.to_owned(), image);
            }
        }
        Ok(())
    }

    /// How many notes there are.
    pub fn notes(&self) -> usize {
        self.objects.keys().filter(|(kind, _)| *kind == Kind::TalkNote).count()
    }
}
