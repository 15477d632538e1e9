//! The object whose sinks are told: a repository, or a summit that is written by hand.

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, OwnerReference};
use kube::Resource;
use kube::runtime::events::EventType;
use kube::runtime::reflector::ObjectRef;

use crate::api::names::{self, API_VERSION};
use crate::api::{NoteRepository, NotificationSink, Summit};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::{owner_reference, ownership, report};

/// A kind that has sinks.
pub trait HasSinks: Kind {
    /// Its sinks; none where others have given it.
    fn sinks(&self) -> &[NotificationSink];
}

impl HasSinks for NoteRepository {
    fn sinks(&self) -> &[NotificationSink] {
        &self.spec.notify
    }
}

impl HasSinks for Summit {
    /// Whoever writes documents is not to choose whom the controller speaks to.
    fn sinks(&self) -> &[NotificationSink] {
        let labels = self.metadata.labels.as_ref();
        let is_labelled = labels.is_some_and(|labels| labels.contains_key(names::REPOSITORY_LABEL));
        let is_given = ownership::controller_of_kind::<NoteRepository>(&self.metadata).is_some();
        if is_labelled || is_given { &[] } else { &self.spec.notify }
    }
}

/// The object whose sinks are told.
#[derive(Clone)]
pub enum Owner {
    Repository(Arc<NoteRepository>),
    Summit(Arc<Summit>),
}

macro_rules! of {
    ($self:expr, $object:ident => $value:expr) => {
        match $self {
            Self::Repository($object) => $value,
            Self::Summit($object) => $value,
        }
    };
}

impl Owner {
    /// Its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Repository(_) => NoteRepository::NAME,
            Self::Summit(_) => Summit::NAME,
        }
    }

    /// Namespace and name.
    pub fn address(&self) -> (String, String) {
        of!(self, object => object.address())
    }

    pub fn uid(&self) -> String {
        of!(self, object => object.meta().uid.clone()).unwrap_or_default()
    }

    pub fn conditions(&self) -> &[Condition] {
        of!(self, object => object.previous_conditions())
    }

    pub fn sinks(&self) -> &[NotificationSink] {
        of!(self, object => object.sinks())
    }

    /// The same object as it is now; as it was where it has gone.
    pub fn current(&self, ctx: &Context) -> Self {
        match self {
            Self::Repository(object) => {
                let now = ctx.stores.repositories.get(&ObjectRef::from_obj(object.as_ref()));
                now.map_or_else(|| self.clone(), Self::Repository)
            }
            Self::Summit(object) => {
                let now = ctx.stores.summits.get(&ObjectRef::from_obj(object.as_ref()));
                now.map_or_else(|| self.clone(), Self::Summit)
            }
        }
    }

    /// Whether nothing was made of it yet.
    pub fn is_new(&self) -> bool {
        match self {
            Self::Repository(object) => {
                let status = object.status.as_ref();
                status.is_none_or(|status| status.last_applied_revision.is_none())
            }
            Self::Summit(object) => {
                let status = object.status.as_ref();
                status.is_none_or(|status| status.config_map.is_none())
            }
        }
    }

    /// For what goes with it.
    ///
    /// # Errors
    /// Where it is no object of the cluster.
    pub fn reference(&self) -> Result<OwnerReference, Error> {
        of!(self, object => owner_reference(object.as_ref()))
    }

    /// Where its events say that they are from.
    pub fn source(&self) -> String {
        let (namespace, name) = self.address();
        let plural = match self {
            Self::Repository(_) => NoteRepository::plural(&()),
            Self::Summit(_) => Summit::plural(&()),
        };
        format!("/apis/{API_VERSION}/namespaces/{namespace}/{plural}/{name}")
    }

    /// Writes an event of Kubernetes about it.
    pub async fn warn(&self, reason: &str, note: &str, ctx: &Context) {
        let kind = EventType::Warning;
        of!(self, object => report::event(object.as_ref(), kind, reason, note, ctx).await);
    }
}
