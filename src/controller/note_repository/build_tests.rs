use std::collections::{BTreeMap, HashMap};

use super::*;
use crate::api::{NoteRepositorySpec, PrunePolicy, SummitReference};
use crate::controller::note_repository::changes::Wanted;
use crate::controller::note_repository::{held, validate};
use crate::controller::shared::codes::Code;
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
        text: None,
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
    let valid = validate::repository(repository, false).unwrap();
    let existing = Existing {
        summits: Vec::new(),
        notes: notes.into_iter().map(Arc::new).collect(),
        images: Vec::new(),
        repositories: vec![Arc::new(repository.clone()), Arc::new(another())],
    };
    plan(repository, &valid, &revision(), (collection, Vec::new()), &existing).unwrap()
}

/// What the cluster holds after a revision with these notes.
fn cluster(names: &[&str]) -> Vec<TalkNote> {
    let plan = planned(&repository(), &collection(names), Vec::new());
    plan.notes.apply.into_iter().map(|wanted| wanted.object).collect()
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
    let Wanted { object: note, exists, .. } = &plan.notes.apply[0];
    assert!(*exists && note.owner_references().is_empty());
}

#[test]
fn an_edit_by_others_is_undone() {
    let mut notes = cluster(&["a"]);
    notes[0].spec.title = "edited".to_owned();
    let plan = planned(&repository(), &collection(&["a"]), notes);
    assert_eq!(plan.notes.apply[0].object.spec.title, "a");
}

#[test]
fn what_others_made_is_left_alone() {
    let mut notes = cluster(&["a", "b"]);
    for note in &mut notes {
        // It may say whatever it wants.
        note.metadata.owner_references = None;
    }
    let plan = planned(&repository(), &collection(&["a"]), notes);
    assert!(plan.notes.apply.is_empty() && plan.notes.delete.is_empty());
    assert_eq!(plan.diagnostics[0].code, "TN3003");
}

/// Another repository of the namespace.
fn another() -> NoteRepository {
    let mut another = repository();
    another.metadata.name = Some("archive".to_owned());
    another.metadata.uid = Some("r2".to_owned());
    another
}

fn why_taken(note: TalkNote) -> (String, bool) {
    let plan = planned(&repository(), &collection(&["a"]), vec![note]);
    assert!(plan.notes.apply.is_empty() && plan.notes.delete.is_empty());
    match held::names_taken(&plan.held, &revision(), plan.retry) {
        Some(Error::NamesTaken { message, leaving, .. }) => (message, leaving),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_name_that_is_taken_says_by_whom_and_whether_that_passes() {
    let theirs = planned(&another(), &collection(&["a"]), Vec::new()).notes.apply.remove(0).object;
    let (message, leaving) = why_taken(theirs.clone());
    assert!(message.contains("belongs to the NoteRepository archive"), "{message}");
    assert!(!leaving);

    let mut left = theirs.clone();
    left.owner_references_mut()[0].uid = "r0".to_owned();
    assert!(why_taken(left).1, "its repository is gone");

    let mut leaving = theirs.clone();
    leaving.metadata.deletion_timestamp =
        Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(jiff::Timestamp::UNIX_EPOCH));
    leaving.metadata.finalizers = Some(vec!["example.org/later".to_owned()]);
    let (message, leaving) = why_taken(leaving);
    assert!(message.contains("example.org/later") && leaving, "{message}");

    let mut orphan = applied(theirs);
    let (message, leaving) = why_taken(orphan.clone());
    assert!(message.contains("--overwrite talknote a talknotes.dev/repository=notes"), "{message}");
    assert!(!leaving);
    orphan.labels_mut().insert(names::REPOSITORY_LABEL.to_owned(), "notes".to_owned());
    let plan = planned(&repository(), &collection(&["a"]), vec![orphan]);
    assert!(plan.notes.apply[0].exists && plan.held.is_empty(), "it was handed over");
}

/// An object that has lost its owner, as the API server shows it.
fn applied(mut note: TalkNote) -> TalkNote {
    note.metadata.owner_references = None;
    let entry = k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry {
        manager: Some(names::MANAGER_NOTE_REPOSITORY.to_owned()),
        operation: Some("Apply".to_owned()),
        ..Default::default()
    };
    note.metadata.managed_fields = Some(vec![entry]);
    note
}

#[test]
fn what_lost_its_label_or_its_owner_is_ours_and_put_right() {
    let mut unlabelled = cluster(&["a"]).remove(0);
    unlabelled.metadata.labels = None;
    let mut relabelled = cluster(&["a"]).remove(0);
    relabelled.labels_mut().insert(names::REPOSITORY_LABEL.to_owned(), "archive".to_owned());
    let unowned = applied(cluster(&["a"]).remove(0));
    for note in [unlabelled, relabelled, unowned] {
        let gone = planned(&repository(), &collection(&["b"]), vec![note.clone()]);
        assert_eq!(names(&gone.notes.delete), ["a"], "it is pruned, too");
        let plan = planned(&repository(), &collection(&["a"]), vec![note]);
        assert!(plan.held.is_empty() && plan.notes.apply[0].exists);
        assert_eq!(plan.notes.apply[0].object.labels()[names::REPOSITORY_LABEL], "notes");
    }
}

#[test]
fn a_summit_of_two_repositories_is_a_fault_only_where_they_differ() {
    let summit = |title: &str, location: Option<&str>| {
        let location = location.map(str::to_owned);
        let spec =
            crate::api::SummitSpec { title: title.to_owned(), location, ..Default::default() };
        let name = "moon".to_owned();
        let (path, metadata) = ("a.md".to_owned(), Metadata::default());
        Imported { name, spec, path, line: 1, also: Vec::new(), metadata, text: None }
    };
    let owner = owner_reference(&another()).unwrap();
    let mut theirs = Summit::new("moon", summit("Moon", Some("Luna")).spec);
    theirs.metadata.namespace = Some("summits".to_owned());
    theirs.metadata.owner_references = Some(vec![owner]);
    let plan = |wanted: Imported<crate::api::SummitSpec>| {
        let collection = Collection { summits: vec![wanted], ..Collection::default() };
        let existing = Existing {
            summits: vec![Arc::new(theirs.clone())],
            notes: Vec::new(),
            images: Vec::new(),
            repositories: vec![Arc::new(another())],
        };
        let valid = validate::repository(&repository(), false).unwrap();
        super::plan(&repository(), &valid, &revision(), (&collection, Vec::new()), &existing)
            .unwrap()
    };
    let same = plan(summit("Moon", None));
    assert!(same.summits.apply.is_empty() && same.diagnostics.is_empty());
    assert_eq!(same.held.len(), 1, "it is made when the other one goes");
    assert!(held::names_taken(&same.held, &revision(), same.retry).is_none());
    let other = plan(summit("Moon", Some("Mars")));
    assert!(held::names_taken(&other.held, &revision(), other.retry).is_some());
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
    let note = plan.notes.apply.into_iter().map(|wanted| wanted.object).next().unwrap();
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
    let note = plan.notes.apply.into_iter().map(|wanted| wanted.object).next().unwrap();
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
    crate::controller::shared::published::image(
        "summits",
        "notes",
        Some(owner),
        "c0ffee",
        Vec::new(),
    )
}

#[test]
fn images_wait_for_notes_that_stay_and_for_nothing_else() {
    let repository = repository();
    let valid = validate::repository(&repository, false).unwrap();
    let doomed = |unreadable: &str| {
        let mut wanted = collection(&["a"]);
        wanted.unreadable.insert(unreadable.to_owned());
        let mut notes = cluster(&["a", "b"]);
        let at = |path: &str| (names::SOURCE_PATH.to_owned(), path.to_owned());
        notes[1].annotations_mut().extend([at("talks/b.md")]);
        let existing = Existing {
            summits: Vec::new(),
            notes: notes.into_iter().map(Arc::new).collect(),
            images: vec![Arc::new(image_of(&repository))],
            repositories: vec![Arc::new(repository.clone())],
        };
        let plan =
            plan(&repository, &valid, &revision(), (&wanted, Vec::new()), &existing).unwrap();
        (plan.notes.delete.len(), plan.images.delete.len())
    };
    assert_eq!(doomed("talks/b.md"), (0, 0), "its document cannot be read");
    assert_eq!(doomed("talks"), (0, 0), "nor its folder");
    assert_eq!(doomed("templates/talk.md"), (1, 1), "no note came from there");
    assert_eq!(doomed("talk"), (1, 1), "another folder");
}

#[test]
fn a_note_of_a_document_that_cannot_be_read_and_holds_back_is_taken_down() {
    let mut broken = collection(&[]);
    broken.unreadable.insert("a.md".to_owned());
    broken.withheld.insert("a.md".to_owned());
    let plan = planned(&repository(), &broken, cluster(&["a"]));
    let Wanted { object: note, exists, .. } = &plan.notes.apply[0];
    assert!(*exists && plan.notes.delete.is_empty());
    assert_eq!(note.spec.publication, Some(Publication::Draft));
    assert_eq!(note.annotations()[names::SOURCE_PATH], "a.md");
    let again = planned(&repository(), &broken, vec![note.clone()]);
    assert!(again.notes.apply.is_empty() && again.notes.delete.is_empty());
}

#[test]
fn a_draft_is_taken_down_although_its_other_document_cannot_be_read() {
    let place = crate::document::SourcePlace { path: "b.md".to_owned(), line: 3 };
    let mut both = collection(&["a"]);
    both.notes[0].also = vec![place];
    let plan = planned(&repository(), &both, Vec::new());
    let note = plan.notes.apply.into_iter().map(|wanted| wanted.object).next().unwrap();
    let mut draft = collection(&["a"]);
    draft.notes[0].spec.publication = Some(Publication::Draft);
    draft.unreadable.insert("b.md".to_owned());
    let plan = planned(&repository(), &draft, vec![note]);
    assert_eq!(plan.notes.apply[0].object.spec.publication, Some(Publication::Draft));
}

/// The plan for documents that the cluster's notes were read from, after they were read as `text`.
fn kept(repository: &NoteRepository, path: &str, text: &str) -> Plan {
    use crate::controller::note_repository::vanished::{self, Texts};
    use crate::document::{Loaded, ReadOptions, SourceFile, read};
    use crate::import::Contents;
    let file = |text: &str| SourceFile { path: path.to_owned(), content: text.as_bytes().to_vec() };
    let before = "# Harbor Days 2031\n\n## Tides of traffic - Mira Quell\n- water\n- more\n\n## Ropes and \
                  routes - Bo Reef\n- knots\n\n## Anchors as code - Nia Pier\n- chains\n";
    let first = file(before);
    let first = SourceFile { path: "harbor.md".to_owned(), ..first };
    let then = planned(repository, &read(&[first], ReadOptions::default()), Vec::new());
    let notes: Vec<TalkNote> = then.notes.apply.into_iter().map(|wanted| wanted.object).collect();
    assert_eq!(notes.len(), 3);
    let files = [file(text)];
    let collection = read(&files, ReadOptions::default());
    // Anybody may take a label.
    let bare = |mut note: TalkNote| {
        note.labels_mut().remove(names::REPOSITORY_LABEL);
        note
    };
    let notes: Vec<TalkNote> = notes.into_iter().map(bare).collect();
    let existing: Vec<Arc<TalkNote>> = notes.iter().cloned().map(Arc::new).collect();
    let claimant = Claimant::new(repository, &[Arc::new(repository.clone())]);
    let texts = Texts::where_needed(
        &claimant,
        &existing,
        &collection,
        &Contents::new(&Loaded::new(&files)),
    )
    .unwrap();
    let mut plan = planned(repository, &collection, notes);
    vanished::keep(&mut plan, &texts, &HashMap::new(), repository, &revision());
    plan
}

#[test]
fn notes_that_a_reading_loses_are_kept_until_a_person_allows_it() {
    let mut lenient = repository();
    lenient.spec.max_delete_percent = Some(100);
    let prose = "Things of the sea\n\nwater\n- water\n- more\n\nand\n- knots\n- chains\n";
    for path in ["harbor.md", "elsewhere/pier.md"] {
        let plan = kept(&lenient, path, prose);
        assert!(plan.notes.delete.is_empty(), "{path}");
        let codes: Vec<&str> = plan.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["TN3005"; 3], "{path}");
        assert!(plan.diagnostics[0].message.contains("allow-prune=main@sha1:c0ffee"));
    }
    let mut allowing = lenient.clone();
    allowing.annotations_mut().insert(names::ALLOW_PRUNE.to_owned(), revision().to_string());
    assert_eq!(kept(&allowing, "harbor.md", prose).notes.delete.len(), 3);
}

#[test]
fn notes_that_their_author_removed_or_renamed_go() {
    let mut lenient = repository();
    lenient.spec.max_delete_percent = Some(100);
    let removed = "# Harbor Days 2031\n\n## Ropes and routes - Bo Reef\n- knots\n\n## Anchors as code - Nia \
                   Pier\n- chains\n";
    assert_eq!(kept(&lenient, "harbor.md", removed).notes.delete.len(), 1);
    let renamed = "# Harbor Days 2031\n\n## Tides and traffic jams - Mira Quell\n- water\n- more\n\n## Ropes and \
                   routes - Bo Reef\n- knots\n\n## Anchors as code - Nia Pier\n- chains\n";
    assert_eq!(kept(&lenient, "harbor.md", renamed).notes.delete.len(), 1);
    assert_eq!(kept(&lenient, "harbor.md", "nothing here\n").notes.delete.len(), 3);
}

#[test]
fn what_others_add_to_a_spec_is_taken_away() {
    let mut notes = cluster(&["a"]);
    notes[0].metadata.uid = Some("n1".to_owned());
    notes[0].spec.title = "b".to_owned();
    notes[0].spec.tags = vec!["theirs".to_owned()];
    notes[0].spec.summit_ref = Some(SummitReference { name: "theirs".to_owned() });
    let plan = planned(&repository(), &collection(&["a"]), notes);
    let (_, patch) = &plan.notes.surplus["a"];
    let gone = serde_json::json!({ "summitRef": null, "tags": null });
    assert_eq!(*patch, serde_json::json!({ "metadata": { "uid": "n1" }, "spec": gone }));
    assert_eq!(plan.notes.apply[0].object.spec.title, "a", "an apply brings the rest back");

    let edited = planned(&repository(), &collection(&["a"]), {
        let mut notes = cluster(&["a"]);
        notes[0].spec.title = "b".to_owned();
        notes
    });
    assert!(edited.notes.surplus.is_empty() && edited.notes.apply.len() == 1);
}

#[test]
fn a_text_that_was_not_read_again_is_compared_by_its_digest_and_read_where_it_is_written() {
    use crate::document::{Loaded, ReadOptions, Readings, SourceFile, read};
    use crate::import::Contents;
    let file = SourceFile {
        path: "harbor.md".to_owned(),
        content: "# Harbor Days 2031\n\n## Tides of traffic - Mira Quell\n- water\n- more\n".into(),
    };
    let files = [file];
    let loaded = Loaded::new(&files);
    let mut readings = Readings::default();
    let first = read(&files, ReadOptions::default());
    let again = readings.read_changes(&loaded, &ReadOptions::default()).unwrap();
    assert!(first.notes[0].text.is_none() && again.notes[0].text.is_some());
    let plan = |wanted: &Collection, notes: Vec<TalkNote>| {
        let valid = validate::repository(&repository(), false).unwrap();
        let existing = Existing {
            summits: Vec::new(),
            notes: notes.into_iter().map(Arc::new).collect(),
            images: Vec::new(),
            repositories: vec![Arc::new(repository())],
        };
        let plan = super::plan(&repository(), &valid, &revision(), (wanted, Vec::new()), &existing);
        let read = |mut wanted: Wanted<TalkNote>| {
            if let Some(text) = &wanted.text {
                wanted.object.spec.markdown = Some(Contents::new(&loaded).kept(text));
            }
            wanted.object
        };
        plan.unwrap().notes.apply.into_iter().map(read).collect::<Vec<TalkNote>>()
    };
    let written = plan(&first, Vec::new());
    assert_eq!(written, plan(&again, Vec::new()), "read where it is to be written");
    assert!(plan(&again, written.clone()).is_empty(), "as it is wanted");
    let mut other = written.clone();
    other[0].spec.markdown = Some("- dry land".to_owned());
    assert_eq!(plan(&again, other), written, "and brought back");
}

#[test]
fn a_note_says_with_which_revision_it_changed_and_is_not_written_for_another() {
    use crate::api::NoteSource;
    let at = |revision: &str, line, path: &str| {
        let source = NoteSource {
            repository: "https://github.com/harbor/notes".to_owned(),
            path: path.to_owned(),
            revision: Some(revision.repeat(20)),
            line: Some(line),
            ..NoteSource::default()
        };
        let mut collection = collection(&["a"]);
        collection.notes[0].spec.source = Some(Box::new(source));
        collection
    };
    let first = planned(&repository(), &at("c0", 1, "a.md"), Vec::new());
    let notes = || first.notes.apply.iter().map(|wanted| wanted.object.clone()).collect::<Vec<_>>();
    let moved = planned(&repository(), &at("c1", 7, "a.md"), notes());
    assert!(moved.notes.apply.is_empty(), "a push that changes others costs it nothing");
    let renamed = planned(&repository(), &at("c1", 7, "b.md"), notes());
    assert_eq!(renamed.notes.apply.len(), 1);
    let mut edited = at("c1", 7, "a.md");
    edited.notes[0].spec.markdown = Some("Water.".to_owned());
    let note = &planned(&repository(), &edited, notes()).notes.apply[0].object;
    let source = note.spec.source.as_ref().unwrap();
    assert_eq!((source.line, source.revision.as_deref()), (Some(7), Some(&*"c1".repeat(20))));
}

#[test]
fn pages_lead_to_a_repository_that_needs_no_secret_or_that_is_to_be_shown() {
    use crate::api::{SecretReference, SourceLinks};
    let shows = |secret: bool, links| {
        let mut repository = repository();
        repository.spec.secret_ref = secret.then(|| SecretReference { name: "git".to_owned() });
        repository.spec.source_links = links;
        validate::repository(&repository, false).unwrap().shows_source
    };
    assert!(shows(false, None) && !shows(true, None));
    assert!(shows(true, Some(SourceLinks::Show)) && !shows(false, Some(SourceLinks::Hide)));
}
