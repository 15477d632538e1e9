//! A cluster, a namespace in it, and objects by the names that people type.

use std::str::FromStr;

use clap::Args;
use kube::api::DynamicObject;
use kube::core::NamespaceResourceScope;
use kube::discovery::ApiResource;
use kube::{Api, Client, Resource};
use serde::de::DeserializeOwned;

use crate::api::{NoteRepository, Summit, TalkNote};
use crate::cli::Failure;
use crate::cli::cluster::{Cluster, refused};

#[derive(Args)]
pub(super) struct Connection {
    #[command(flatten)]
    cluster: Cluster,
    /// Namespace to look into; that of the context, if not given
    #[arg(long, short, global = true)]
    namespace: Option<String>,
}

impl Connection {
    pub(super) async fn open(&self) -> Result<Session, Failure> {
        let client = self.cluster.client().await?;
        let namespace = self.namespace.as_deref().unwrap_or(client.default_namespace()).to_owned();
        Ok(Session { client, namespace })
    }
}

/// A client and the namespace that is looked into.
pub(super) struct Session {
    pub client: Client,
    pub namespace: String,
}

impl Session {
    /// The objects of a kind in the namespace.
    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// The objects of a kind whatever they hold.
    pub fn dynamic(&self, kind: Kind) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), &self.namespace, &kind.resource())
    }

    /// One object.
    ///
    /// # Errors
    /// Where there is none, or reading it is refused.
    pub async fn get<K>(&self, name: &str) -> Result<K, Failure>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + std::fmt::Debug
            + DeserializeOwned,
    {
        self.find(name).await?.ok_or_else(|| {
            let kind = K::kind(&()).into_owned();
            format!("there is no {kind} {name} in the namespace {}", self.namespace).into()
        })
    }

    /// One object, where there is one.
    ///
    /// # Errors
    /// Where reading it is refused.
    pub async fn find<K>(&self, name: &str) -> Result<Option<K>, Failure>
    where
        K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
            + Clone
            + std::fmt::Debug
            + DeserializeOwned,
    {
        let found = self.api::<K>().get_opt(name).await;
        found.map_err(|error| refused("get", &K::plural(&()), error))
    }
}

/// A kind of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    TalkNote,
    Summit,
    NoteRepository,
}

impl Kind {
    pub fn resource(self) -> ApiResource {
        match self {
            Self::TalkNote => ApiResource::erase::<TalkNote>(&()),
            Self::Summit => ApiResource::erase::<Summit>(&()),
            Self::NoteRepository => ApiResource::erase::<NoteRepository>(&()),
        }
    }
}

/// An object as people name it: `NAME` for a note, or `summit/NAME` as for kubectl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub kind: Kind,
    pub name: String,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, name) = text.split_once('/').unwrap_or(("talknote", text));
        let kind = match kind.split('.').next().unwrap_or_default() {
            "talknote" | "talknotes" | "tn" | "note" => Kind::TalkNote,
            "summit" | "summits" | "smt" => Kind::Summit,
            "noterepository" | "noterepositories" | "nrepo" | "repository" => Kind::NoteRepository,
            other => {
                return Err(format!(
                    "{other} is no kind: write talknote, summit or noterepository"
                ));
            }
        };
        if name.is_empty() || name.contains('/') {
            return Err("a name is missing, as in summit/my-summit".to_owned());
        }
        Ok(Self { kind, name: name.to_owned() })
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind.resource().kind.to_lowercase(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_as_kubectl_names_them() {
        for (text, target) in [
            ("a", "talknote/a"),
            ("tn/a", "talknote/a"),
            ("summits.talknotes.dev/a.b", "summit/a.b"),
            ("nrepo/a", "noterepository/a"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), target);
        }
        for text in ["pod/a", "summit/", "a/b/c", ""] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
