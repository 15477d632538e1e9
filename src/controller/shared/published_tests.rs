use super::*;

fn address() -> Address {
    Address {
        name: "talknote-ferris".to_owned(),
        namespace: "summits".to_owned(),
        owner: Some(OwnerReference {
            uid: "1".to_owned(),
            controller: Some(true),
            ..OwnerReference::default()
        }),
        content: names::CONTENT_NOTE,
        repository: None,
        summit: Some("crab-con".to_owned()),
        talk: Some("ferris".to_owned()),
    }
}

fn publication() -> Publication {
    let data = BTreeMap::from([("note.html".to_owned(), "<p>x</p>".to_owned())]);
    Publication::of(data, BTreeMap::from([("note.json.gz".to_owned(), vec![1, 2])]))
}

fn published() -> ConfigMap {
    config_map(address(), publication(), Some(&Source::of("sha256:2".to_owned())))
}

fn another_owner() -> OwnerReference {
    OwnerReference { uid: "2".to_owned(), ..OwnerReference::default() }
}

#[test]
fn what_others_put_where_ours_is_goes_and_the_rest_stays() {
    let mut watched = published();
    let data = watched.data.as_mut().unwrap();
    data.insert("note.json".to_owned(), "theirs".to_owned());
    data.insert("theirs".to_owned(), "x".to_owned());
    watched.owner_references_mut().push(another_owner());
    reduce(&mut watched);
    let patch = surplus(&watched, &published()).unwrap();
    assert_eq!(patch["data"], json!({ "note.json": null }));
    assert_eq!(patch["metadata"]["ownerReferences"], json!([{ "$patch": "delete", "uid": "2" }]));

    let mut as_wanted = published();
    reduce(&mut as_wanted);
    assert_eq!(surplus(&as_wanted, &published()), None);
    let emptied = emptied(&as_wanted);
    assert_eq!(emptied["data"], json!({ "note.html": null }));
    assert_eq!(emptied["binaryData"], json!({ "note.json.gz": null }));

    let mut swapped = published();
    swapped.data = None;
    let bytes = ByteString(b"theirs".to_vec());
    swapped.binary_data.as_mut().unwrap().insert("note.html".to_owned(), bytes);
    reduce(&mut swapped);
    let patch = surplus(&swapped, &published()).unwrap();
    assert_eq!(patch["binaryData"], json!({ "note.html": null }));
}

#[test]
fn what_is_to_outlive_us_may_have_any_owner() {
    let (mut orphan, mut adopted) = (published(), published());
    orphan.metadata.owner_references = None;
    adopted.metadata.owner_references = Some(vec![another_owner()]);
    assert_eq!(fingerprint(&orphan), fingerprint(&adopted));
    reduce(&mut adopted);
    assert_eq!(surplus(&adopted, &orphan), None);
}

#[test]
fn every_part_that_we_write_changes_the_fingerprint() {
    let wanted = fingerprint(&published());
    let edits: [fn(&mut ConfigMap); 11] = [
        |cm| drop(cm.data.as_mut().unwrap().insert("note.html".to_owned(), "!".to_owned())),
        |cm| cm.binary_data = None,
        |cm| drop(cm.labels_mut().remove(names::SUMMIT_LABEL)),
        |cm| drop(cm.annotations_mut().remove(names::CONTRACT)),
        |cm| drop(cm.annotations_mut().remove(names::SOURCE_DIGEST)),
        |cm| drop(cm.annotations_mut().insert(names::RENDERER.to_owned(), "0".to_owned())),
        |cm| cm.owner_references_mut().clear(),
        |cm| cm.owner_references_mut().push(another_owner()),
        |cm| cm.immutable = Some(true),
        |cm| drop(cm.data.as_mut().unwrap().insert("note.json".to_owned(), "{}".to_owned())),
        |cm| drop(cm.labels_mut().insert(names::MANAGED_BY.to_owned(), "others".to_owned())),
    ];
    for (index, edit) in edits.iter().enumerate() {
        let mut changed = published();
        edit(&mut changed);
        assert_ne!(fingerprint(&changed), wanted, "edit {index}");
    }
}

#[test]
fn a_page_is_known_by_what_it_was_made_from_without_its_data() {
    let (source, content) = (Source::of("sha256:2".to_owned()), publication().digest);
    let is_current = |edit: fn(&mut ConfigMap), source: &Source, content: &str| {
        let mut watched = published();
        edit(&mut watched);
        reduce(&mut watched);
        is_made_from(&watched, address(), source, content)
    };
    assert!(is_current(|_| (), &source, &content));
    assert!(!is_current(|_| (), &source, "sha256:3"));
    assert!(!is_current(|_| (), &Source::of("sha256:3".to_owned()), &content));
    let older = Source { renderer: Some("0".to_owned()), ..source.clone() };
    assert!(!is_current(|_| (), &older, &content));
    let edits: [fn(&mut ConfigMap); 4] = [
        |cm| drop(cm.data.as_mut().unwrap().insert("note.html".to_owned(), "!".to_owned())),
        |cm| drop(cm.labels_mut().remove(names::TALK_LABEL)),
        |cm| cm.owner_references_mut().push(another_owner()),
        |cm| cm.immutable = Some(true),
    ];
    for edit in edits {
        assert!(!is_current(edit, &source, &content));
    }
}

#[test]
fn what_others_add_does_not_change_the_fingerprint() {
    let mut annotated = published();
    annotated.annotations_mut().insert("team".to_owned(), "docs".to_owned());
    annotated.data.as_mut().unwrap().insert("theirs".to_owned(), "x".to_owned());
    assert_eq!(fingerprint(&annotated), fingerprint(&published()));
}

#[test]
fn a_reduced_config_map_keeps_its_fingerprint_and_not_its_data() {
    let mut watched = published();
    reduce(&mut watched);
    assert_eq!(observed_fingerprint(&watched), Some(fingerprint(&published()).as_str()));
    assert!(watched.data.is_none() && watched.binary_data.is_none());
}

#[test]
fn what_an_image_is_published_as_is_known_without_what_it_holds() {
    let published = image("summits", "notes", None, "c0ffee", b"PNG".to_vec());
    let digest = crate::render::digest_of_image(b"PNG");
    let known = |digest: &str| fingerprint_of_image("summits", "notes", None, "c0ffee", digest);
    assert_eq!(known(&digest), fingerprint(&published));
    assert_ne!(known("sha256:0"), fingerprint(&published));
}
