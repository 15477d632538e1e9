use super::*;
use crate::api::Severity;
use crate::render::{Card, NoteDocument, SummitDocument};

fn card(name: &str) -> Card {
    Card { name: name.to_owned(), title: format!("Talk {name}"), ..Card::default() }
}

fn note(name: &str, summit: Option<&str>) -> PublishedNote {
    let document = NoteDocument {
        card: card(name),
        summit: summit.map(str::to_owned),
        language: "en".to_owned(),
        ..NoteDocument::default()
    };
    PublishedNote::new("n", document, "<p>text</p>")
}

fn with_html(note: PublishedNote, html: &str) -> PublishedNote {
    PublishedNote::new(note.namespace(), note.document().clone(), html)
}

fn summit(name: &str, notes: &[&str]) -> PublishedSummit {
    let agenda = notes.iter().map(|name| card(name)).collect();
    let document = SummitDocument { name: name.to_owned(), agenda, ..SummitDocument::default() };
    PublishedSummit::new("n", document)
}

/// A library with the summit `s`, its notes `a` to `d`, and the note `solo` without a summit.
fn filled() -> Library {
    let library = Library::default();
    library.upsert_summit(summit("s", &["a", "b", "c", "d"]));
    ["a", "b", "c", "d"].iter().for_each(|name| library.upsert_note(note(name, Some("s"))));
    library.upsert_note(note("solo", None));
    library
}

/// The pages that are told of while `work` is done.
fn told(library: &Library, work: impl FnOnce(&Library)) -> Vec<String> {
    let mut changes = library.subscribe();
    work(library);
    let mut paths = Vec::new();
    while let Ok(change) = changes.try_recv() {
        match change {
            Change::All => paths.push("all".to_owned()),
            Change::Pages(pages) => paths.extend(pages.iter().map(ToString::to_string)),
        }
    }
    paths.sort();
    paths
}

#[test]
fn the_same_again_is_no_change() {
    let library = filled();
    let again = told(&library, |library| {
        library.upsert_note(note("a", Some("s")));
        library.upsert_summit(summit("s", &["a", "b", "c", "d"]));
        library.remove_note(&Key::new("n", "nobody"));
        library.set_diagnostics(Vec::new());
    });
    assert_eq!(again, Vec::<String>::new());
}

#[test]
fn an_edit_of_the_text_concerns_only_its_page() {
    let edited = with_html(note("b", Some("s")), "<p>better</p>");
    assert_eq!(told(&filled(), |library| library.upsert_note(edited)), ["/n/s/b"]);
}

#[test]
fn a_note_without_a_summit_is_on_the_first_page() {
    let mut document = note("solo", None).document().clone();
    document.card.title = "Other".to_owned();
    let edited = PublishedNote::new("n", document, "<p>text</p>");
    assert_eq!(told(&filled(), |library| library.upsert_note(edited)), ["/", "/n/-/solo"]);
}

#[test]
fn a_note_that_goes_concerns_those_that_link_to_it() {
    let gone = told(&filled(), |library| library.remove_note(&Key::new("n", "b")));
    assert_eq!(gone, ["/", "/n/s", "/n/s/a", "/n/s/b", "/n/s/c"]);
}

#[test]
fn a_note_that_is_withheld_is_on_no_agenda_and_beside_no_note_though_the_index_names_it() {
    let library = filled();
    library.remove_note(&Key::new("n", "b"));
    library.read(|shelf| {
        let summit = shelf.summit(&Key::new("n", "s")).unwrap();
        let names: Vec<&str> = shelf.agenda(summit).map(|card| card.name.as_str()).collect();
        assert_eq!(names, ["a", "c", "d"]);
        let [before, after] = shelf.neighbours(summit, "c").map(|card| card.map(|c| &*c.name));
        assert_eq!((before, after), (Some("a"), Some("d")));
        let [before, after] = shelf.neighbours(summit, "a").map(|card| card.map(|c| &*c.name));
        assert_eq!((before, after), (None, Some("c")));
    });
}

#[test]
fn an_image_that_only_a_withheld_note_shows_is_shown_by_nothing() {
    let library = filled();
    library.upsert_note(with_html(note("b", Some("s")), "<img src=\"b/image-0123\">"));
    let shown = |note: &str| library.read(|shelf| shelf.shows_image("n", "s", note, "0123"));
    assert!(shown("b") && !shown("a") && !shown("-"));
    library.remove_note(&Key::new("n", "b"));
    assert!(!shown("b"));
}

#[test]
fn a_note_that_moves_concerns_both_places() {
    let moved = told(&filled(), |library| library.upsert_note(note("d", None)));
    assert_eq!(moved, ["/", "/n/-/d", "/n/s", "/n/s/c", "/n/s/d"]);
}

#[test]
fn a_new_title_on_the_agenda_concerns_the_talks_beside_it() {
    let mut document = summit("s", &["a", "b", "c", "d"]).document().clone();
    document.agenda[1].title = "Renamed".to_owned();
    let renamed = told(&filled(), |library| {
        library.upsert_summit(PublishedSummit::new("n", document));
    });
    assert_eq!(renamed, ["/n/s", "/n/s/a", "/n/s/c"]);
}

#[test]
fn a_talk_more_is_counted_on_the_first_page() {
    let longer = told(&filled(), |library| {
        library.upsert_summit(summit("s", &["a", "b", "c", "d", "e"]));
    });
    assert_eq!(longer, ["/", "/n/s", "/n/s/d", "/n/s/e"]);
}

#[test]
fn replacing_all_tells_of_what_differs_in_one_change() {
    let library = filled();
    let mut changes = library.subscribe();
    let edited = with_html(note("a", Some("s")), "<p>test</p>");
    let notes = [edited, note("b", Some("s")), note("c", Some("s")), note("d", Some("s"))];
    library.replace_all(
        None,
        vec![Arc::new(summit("s", &["a", "b", "c", "d"]))],
        notes.into_iter().map(Arc::new).collect(),
    );
    let Ok(Change::Pages(pages)) = changes.try_recv() else { panic!("no change") };
    let paths: BTreeSet<String> = pages.iter().map(ToString::to_string).collect();
    assert_eq!(paths.into_iter().collect::<Vec<_>>(), ["/", "/n/-/solo", "/n/s/a"]);
    assert!(changes.try_recv().is_err(), "one change is enough");
}

#[test]
fn notes_of_an_unknown_summit_are_not_lost() {
    let library = filled();
    library.remove_summit(&Key::new("n", "s"));
    let count = library.read(|shelf| shelf.notes_without_summit().count());
    assert_eq!(count, 5);
}

#[test]
fn diagnostics_concern_every_page() {
    let diagnostic = Diagnostic {
        path: "day-1.md".to_owned(),
        line: None,
        column: None,
        severity: Severity::Error,
        code: "TN1".to_owned(),
        message: "unreadable".to_owned(),
    };
    let told = told(&filled(), |library| library.set_diagnostics(vec![diagnostic]));
    assert_eq!(told, ["all"]);
}
