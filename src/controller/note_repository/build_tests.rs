use std::collections::BTreeMap;

use super::*;
use crate::api::NoteRepositorySpec;
use crate::controller::note_repository::validate;
use crate::document::Metadata;

fn repository() -> NoteRepository {
    let mut repository = NoteRepository::new(
        "notes",
        NoteRepositorySpec { url: "https://git.example/n".to_owned(), ..Default::default() },
    );
    repository.metadata.namespace = Some("summits".to_owned());
    repository.metadata.uid = Some("r1".to_owned());
    repository
}

fn imported(name: &str, path: &str) -> Imported<TalkNoteSpec> {
    let spec = TalkNoteSpec { title: name.to_owned(), ..TalkNoteSpec::default() };
    Imported {
        name: name.to_owned(),
        spec,
        metadata: Metadata::default(),
        path: path.to_owned(),
        line: 1,
        also: Vec::new(),
    }
}

fn collection(names: &[&str]) -> Collection {
    let notes = names.iter().map(|name| imported(name, "a.md")).collect();
    Collection { notes, ..Collection::default() }
}

fn revision() -> Revision {
    Revision { name: "main".to_owned(), commit: "c0ffee".to_owned() }
}

fn planned(repository: &NoteRepository, collection: &Collection, notes: Vec<TalkNote>) -> Plan {
    let valid = validate::repository(repository).unwrap();
    let existing = Existing {
        summits: Vec::new(),
        notes: notes.into_iter().map(Arc::new).collect(),
        config_maps: Vec::new(),
    };
    plan(repository, &valid, &revision(), &mut collection.clone(), &existing).unwrap()
}

/// What the cluster holds after a revision with these notes.
fn cluster(names: &[&str]) -> Vec<TalkNote> {
    let plan = planned(&repository(), &collection(names), Vec::new());
    plan.notes.apply.into_iter().map(|(note, _)| note).collect()
}

fn names(notes: &[Arc<TalkNote>]) -> Vec<String> {
    notes.iter().map(|note| note.name_any()).collect()
}

#[test]
fn what_is_as_wanted_is_not_written() {
    let plan = planned(&repository(), &collection(&["a", "b"]), cluster(&["a", "b"]));
    assert!(plan.notes.apply.is_empty() && plan.notes.delete.is_empty());
    assert_eq!(plan.notes.keep.len(), 2);
}

#[test]
fn what_left_the_revision_is_deleted() {
    let plan = planned(&repository(), &collection(&["a", "b"]), cluster(&["a", "b", "c"]));
    assert_eq!(names(&plan.notes.delete), ["c"]);
    assert!(plan.guard.is_none());
}

#[test]
fn orphans_are_kept_and_have_no_owner() {
    let mut orphaning = repository();
    orphaning.spec.prune_policy = Some(PrunePolicy::Orphan);
    let plan = planned(&orphaning, &collection(&["a"]), cluster(&["a", "b"]));
    assert!(plan.notes.delete.is_empty());
    let (note, exists) = &plan.notes.apply[0];
    assert!(*exists && note.owner_references().is_empty());
}

#[test]
fn an_edit_by_others_is_undone() {
    let mut notes = cluster(&["a"]);
    notes[0].spec.title = "edited".to_owned();
    let plan = planned(&repository(), &collection(&["a"]), notes);
    assert_eq!(plan.notes.apply[0].0.spec.title, "a");
}

#[test]
fn what_others_made_is_left_alone() {
    let mut notes = cluster(&["a", "b"]);
    for note in &mut notes {
        note.metadata.labels = None;
    }
    let plan = planned(&repository(), &collection(&["a"]), notes);
    assert!(plan.notes.apply.is_empty() && plan.notes.delete.is_empty());
    assert_eq!(plan.diagnostics[0].code, "TN3003");
}

#[test]
fn notes_of_a_document_that_cannot_be_read_stay() {
    let mut empty = collection(&[]);
    empty.unreadable.insert("a.md".to_owned());
    let plan = planned(&repository(), &empty, cluster(&["a", "b"]));
    assert!(plan.notes.delete.is_empty() && plan.guard.is_none());
}

#[test]
fn a_revision_that_takes_too_much_deletes_nothing_until_it_is_allowed() {
    let shrunken = collection(&["a"]);
    let plan = planned(&repository(), &shrunken, cluster(&["a", "b", "c", "d"]));
    assert!(plan.notes.delete.is_empty());
    assert!(plan.guard.unwrap().to_string().contains("3 of 4"));

    let mut allowing = repository();
    allowing.annotations_mut().insert(names::ALLOW_PRUNE.to_owned(), revision().to_string());
    let plan = planned(&allowing, &shrunken, cluster(&["a", "b", "c", "d"]));
    assert_eq!(plan.notes.delete.len(), 3);
}

#[test]
fn renaming_everything_is_no_loss() {
    let plan = planned(&repository(), &collection(&["x", "y"]), cluster(&["a", "b"]));
    assert!(plan.guard.is_none());
    assert_eq!((plan.notes.created(), plan.notes.delete.len()), (2, 2));
}

#[test]
fn a_note_of_two_documents_stays_as_it_is_while_one_of_them_cannot_be_read() {
    let place = |path: &str| crate::document::SourcePlace { path: path.to_owned(), line: 3 };
    let mut both = collection(&["a"]);
    both.notes[0].also = vec![place("b.md"), place("a.md"), place("b.md")];
    let plan = planned(&repository(), &both, Vec::new());
    let note = plan.notes.apply.into_iter().map(|(note, _)| note).next().unwrap();
    assert_eq!(note.annotations()[names::OTHER_SOURCE_PATHS], "b.md");
    let steady = planned(&repository(), &both, vec![note.clone()]);
    assert!(steady.notes.apply.is_empty());

    let mut one = collection(&["a"]);
    let gone = planned(&repository(), &one, vec![note.clone()]);
    assert_eq!(gone.notes.apply.len(), 1, "the second place was removed");
    one.unreadable.insert("b.md".to_owned());
    let broken = planned(&repository(), &one, vec![note.clone()]);
    assert!(broken.notes.apply.is_empty() && broken.notes.delete.is_empty());
    assert_eq!(broken.notes.keep.len(), 1);
    let mut none = collection(&[]);
    none.unreadable.insert("b.md".to_owned());
    assert!(planned(&repository(), &none, vec![note]).notes.delete.is_empty());
}

#[test]
fn labels_and_annotations_of_manifests_are_kept_and_those_of_others_are_theirs() {
    let entry = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    let mut labelled = collection(&["a"]);
    labelled.notes[0].metadata = Metadata {
        labels: entry("crew", "north"),
        annotations: entry("argocd.argoproj.io/sync-options", "Prune=false"),
    };
    let plan = planned(&repository(), &labelled, Vec::new());
    let note = plan.notes.apply.into_iter().map(|(note, _)| note).next().unwrap();
    assert_eq!(note.labels()["crew"], "north");
    assert_eq!(note.labels()[names::MANAGED_BY], names::MANAGED_BY_VALUE);
    assert_eq!(note.annotations()["argocd.argoproj.io/sync-options"], "Prune=false");

    let written = |note: &TalkNote, wanted: &Collection| {
        planned(&repository(), wanted, vec![note.clone()]).notes.apply.len()
    };
    assert_eq!(written(&note, &labelled), 0, "as it is wanted");
    let mut other = note.clone();
    other.labels_mut().insert("team".to_owned(), "docks".to_owned());
    other.annotations_mut().insert("x.example/y".to_owned(), "z".to_owned());
    assert_eq!(written(&other, &labelled), 0, "others may add theirs");
    for change in [
        |note: &mut TalkNote| drop(note.labels_mut().insert("crew".to_owned(), "x".to_owned())),
        |note: &mut TalkNote| drop(note.labels_mut().remove("crew")),
        |note: &mut TalkNote| {
            drop(note.annotations_mut().remove("argocd.argoproj.io/sync-options"))
        },
        |note: &mut TalkNote| drop(note.annotations_mut().remove(names::KEPT_METADATA)),
    ] {
        let mut changed = note.clone();
        change(&mut changed);
        assert_eq!(written(&changed, &labelled), 1, "{:?}", changed.metadata);
    }
    assert_eq!(written(&note, &collection(&["a"])), 1, "what the manifest no longer sets goes");
}

#[test]
fn what_is_kept_of_a_revision_counts_all_diagnostics_and_holds_those_of_a_status() {
    let of = |severity, line| Diagnostic {
        severity,
        line: Some(line),
        ..Code::NameTaken.at("a.md", "x".repeat(5000))
    };
    let mut collection = collection(&["a"]);
    collection.diagnostics = (0..1000).map(|line| of(Severity::Warning, line)).collect();
    let summary = summary(collection, vec![of(Severity::Error, 1)]);
    assert_eq!((summary.errors, summary.warnings), (1, 1000));
    assert_eq!(summary.diagnostics.len(), crate::api::MAX_DIAGNOSTICS);
    assert_eq!(summary.diagnostics[0].severity, Severity::Error);
    assert_eq!(summary.diagnostics[0].message.len(), 1024);
}

fn image_of(repository: &NoteRepository) -> ConfigMap {
    let owner = owner_reference(repository).unwrap();
    crate::controller::published::image("summits", "notes", Some(owner), "c0ffee", Vec::new())
}

#[test]
fn images_wait_for_notes_that_stay_and_for_nothing_else() {
    let repository = repository();
    let valid = validate::repository(&repository).unwrap();
    let doomed = |unreadable: &str| {
        let mut wanted = collection(&["a"]);
        wanted.unreadable.insert(unreadable.to_owned());
        let mut notes = cluster(&["a", "b"]);
        let at = |path: &str| (names::SOURCE_PATH.to_owned(), path.to_owned());
        notes[1].annotations_mut().extend([at("talks/b.md")]);
        let existing = Existing {
            summits: Vec::new(),
            notes: notes.into_iter().map(Arc::new).collect(),
            config_maps: vec![Arc::new(image_of(&repository))],
        };
        let plan = plan(&repository, &valid, &revision(), &mut wanted, &existing).unwrap();
        (plan.notes.delete.len(), plan.images.delete.len())
    };
    assert_eq!(doomed("talks/b.md"), (0, 0), "its document cannot be read");
    assert_eq!(doomed("talks"), (0, 0), "nor its folder");
    assert_eq!(doomed("templates/talk.md"), (1, 1), "no note came from there");
    assert_eq!(doomed("talk"), (1, 1), "another folder");
}
