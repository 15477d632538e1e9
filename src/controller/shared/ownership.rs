//! Whose an object is: what its controller reference says, by uid. A label is no sign of it, because
//! everybody writes labels. Pure.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{
    ManagedFieldsEntry, ObjectMeta, OwnerReference,
};

use crate::api::names::GROUP;
use crate::controller::shared::kind::Kind;

/// What every field manager of ours begins with.
const MANAGERS: &str = "talknotes/";

/// The object that others are made for.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// Field manager of the controller that makes objects for it.
    pub manager: &'static str,
}

impl Owner {
    /// Of what is made for `object`.
    pub fn of<K: Kind>(object: &K) -> Self {
        let uid = object.meta().uid.clone().unwrap_or_default();
        Self { kind: K::NAME, name: object.address().1, uid, manager: K::MANAGER }
    }

    /// Whether an object was made for it, or for an earlier one of its name. An object that has lost its
    /// reference is known by its field manager: nobody but us applies under that name.
    pub fn made(&self, meta: &ObjectMeta) -> bool {
        match controller(meta) {
            Some(found) => found.uid == self.uid || self.is_named_by(found),
            None => was_applied_by(meta, self.manager),
        }
    }

    fn is_named_by(&self, reference: &OwnerReference) -> bool {
        is_of_group(reference) && reference.kind == self.kind && reference.name == self.name
    }
}

/// The object that controls the one with `meta`.
pub fn controller(meta: &ObjectMeta) -> Option<&OwnerReference> {
    meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// Name of the object of kind `K` that controls the one with `meta`.
pub fn controller_of_kind<K: Kind>(meta: &ObjectMeta) -> Option<&str> {
    let found = controller(meta).filter(|found| is_of_group(found) && found.kind == K::NAME)?;
    Some(&found.name)
}

fn is_of_group(reference: &OwnerReference) -> bool {
    reference.api_version.split('/').next() == Some(GROUP)
}

/// Whether `manager` has applied the object.
pub fn was_applied_by(meta: &ObjectMeta, manager: &str) -> bool {
    entries(meta).any(|entry| entry.manager.as_deref() == Some(manager))
}

/// Whether `manager` is the field manager of a controller of ours.
pub fn is_of_ours(manager: &str) -> bool {
    manager.starts_with(MANAGERS)
}

fn entries(meta: &ObjectMeta) -> impl Iterator<Item = &ManagedFieldsEntry> {
    let applied = |entry: &&ManagedFieldsEntry| {
        let ours = entry.manager.as_deref().is_some_and(is_of_ours);
        ours && entry.operation.as_deref() == Some("Apply") && entry.subresource.is_none()
    };
    meta.managed_fields.iter().flatten().filter(applied)
}

/// Drops of the managed fields of a watched object what [`Owner::made`] does not need: most of them
/// are long, and thousands of objects are kept.
pub fn reduce(meta: &mut ObjectMeta) {
    let needed = match controller(meta) {
        Some(_) => Vec::new(),
        None => entries(meta).map(name_only).collect(),
    };
    meta.managed_fields = (!needed.is_empty()).then_some(needed);
}

fn name_only(entry: &ManagedFieldsEntry) -> ManagedFieldsEntry {
    ManagedFieldsEntry {
        manager: entry.manager.clone(),
        operation: entry.operation.clone(),
        ..ManagedFieldsEntry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::names::{MANAGER_NOTE_REPOSITORY, MANAGER_TALK_NOTE};

    fn owner() -> Owner {
        let (name, uid) = ("ferris".to_owned(), "1".to_owned());
        Owner { kind: "TalkNote", name, uid, manager: MANAGER_TALK_NOTE }
    }

    fn controlled(api_version: &str, name: &str, uid: &str) -> ObjectMeta {
        let reference = OwnerReference {
            api_version: api_version.to_owned(),
            kind: "TalkNote".to_owned(),
            name: name.to_owned(),
            uid: uid.to_owned(),
            controller: Some(true),
            ..OwnerReference::default()
        };
        ObjectMeta { owner_references: Some(vec![reference]), ..ObjectMeta::default() }
    }

    fn managed(manager: &str, operation: &str, subresource: Option<&str>) -> ObjectMeta {
        let entry = ManagedFieldsEntry {
            manager: Some(manager.to_owned()),
            operation: Some(operation.to_owned()),
            subresource: subresource.map(str::to_owned),
            fields_type: Some("FieldsV1".to_owned()),
            ..ManagedFieldsEntry::default()
        };
        ObjectMeta { managed_fields: Some(vec![entry]), ..ObjectMeta::default() }
    }

    #[test]
    fn ours_is_what_our_object_controls_by_uid_whatever_else_it_says() {
        assert!(owner().made(&controlled("talknotes.dev/v1alpha1", "renamed", "1")));
        assert!(owner().made(&controlled("talknotes.dev/v1", "ferris", "an earlier one")));
        assert!(!owner().made(&controlled("talknotes.dev/v1alpha1", "other", "2")));
        assert!(!owner().made(&controlled("example.org/v1", "ferris", "2")));
    }

    #[test]
    fn without_a_controller_ours_is_what_our_field_manager_has_applied() {
        assert!(owner().made(&managed(MANAGER_TALK_NOTE, "Apply", None)));
        assert!(!owner().made(&managed(MANAGER_TALK_NOTE, "Apply", Some("status"))));
        assert!(!owner().made(&managed(MANAGER_TALK_NOTE, "Update", None)));
        assert!(!owner().made(&managed(MANAGER_NOTE_REPOSITORY, "Apply", None)));
        assert!(!owner().made(&managed("kubectl", "Apply", None)));
        assert!(!owner().made(&ObjectMeta::default()));
    }

    #[test]
    fn of_managed_fields_only_what_may_be_asked_for_is_kept() {
        let mut lost = managed(MANAGER_TALK_NOTE, "Apply", None);
        reduce(&mut lost);
        assert!(owner().made(&lost));
        assert!(lost.managed_fields.as_ref().unwrap()[0].fields_type.is_none());
        let mut theirs = managed("kubectl", "Apply", None);
        reduce(&mut theirs);
        assert!(theirs.managed_fields.is_none());
        let mut controlled = controlled("talknotes.dev/v1alpha1", "ferris", "1");
        controlled.managed_fields = managed(MANAGER_TALK_NOTE, "Apply", None).managed_fields;
        reduce(&mut controlled);
        assert!(controlled.managed_fields.is_none());
    }
}
