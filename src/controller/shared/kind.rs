//! What the shared steps need to know of a kind.

use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::names::{
    MANAGER_NOTE_REPOSITORY, MANAGER_SUMMIT, MANAGER_TALK_NOTE, MANAGER_VIEWER,
};
use crate::api::{
    NoteRepository, NoteRepositoryStatus, Summit, SummitStatus, TalkNote, TalkNoteStatus, Viewer,
    ViewerStatus,
};

/// A kind that a controller of ours reconciles.
pub trait Kind:
    Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + Serialize
    + DeserializeOwned
    + Clone
    + Debug
    + Default
    + Send
    + Sync
    + 'static
{
    /// Its name, such as `TalkNote`.
    const NAME: &'static str;
    /// The field manager of its controller.
    const MANAGER: &'static str;
    /// Its status.
    type Status: Serialize + PartialEq + Send + Sync;

    /// The status as the cluster has it.
    fn status(&self) -> Option<&Self::Status>;
    /// The conditions in a status.
    fn conditions(status: &Self::Status) -> &[Condition];

    /// The conditions as the cluster has them.
    fn previous_conditions(&self) -> &[Condition] {
        self.status().map_or(&[], Self::conditions)
    }

    /// Namespace and name, which every object from the API server has.
    fn address(&self) -> (String, String) {
        let meta = self.meta();
        (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default())
    }

    /// The token by which somebody asked for a reconciliation now.
    fn requested_at(&self) -> Option<String> {
        use crate::api::names::{FLUX_REQUESTED_AT, REQUESTED_AT};
        let annotations = self.meta().annotations.as_ref()?;
        annotations
            .get(REQUESTED_AT)
            .or_else(|| annotations.get(FLUX_REQUESTED_AT))
            .map(|token| token.chars().take(256).collect())
    }
}

macro_rules! kind {
    ($kind:ident, $status:ident, $manager:ident) => {
        impl Kind for $kind {
            const NAME: &'static str = stringify!($kind);
            const MANAGER: &'static str = $manager;
            type Status = $status;

            fn status(&self) -> Option<&$status> {
                self.status.as_ref()
            }

            fn conditions(status: &$status) -> &[Condition] {
                &status.conditions
            }
        }
    };
}

kind!(NoteRepository, NoteRepositoryStatus, MANAGER_NOTE_REPOSITORY);
kind!(Summit, SummitStatus, MANAGER_SUMMIT);
kind!(TalkNote, TalkNoteStatus, MANAGER_TALK_NOTE);
kind!(Viewer, ViewerStatus, MANAGER_VIEWER);
