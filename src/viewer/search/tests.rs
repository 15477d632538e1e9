use super::*;
use crate::api::Speaker;
use crate::render::{Card, NoteDocument};
use crate::viewer::address::Key;
use crate::viewer::library::{Library, PublishedNote};

fn note(name: &str, title: &str, html: &str) -> PublishedNote {
    let speakers =
        vec![Speaker {
            name: "林霧燈".into(), alias: Some("Misty".into()), ..Speaker::default()
        }];
    let speakers = if name == "fog" { speakers } else { Vec::new() };
    let card = Card {
        name: name.to_owned(),
        title: title.to_owned(),
        speakers,
        tags: vec!["觀測".into()],
        ..Card::default()
    };
    let summit = Some(if name == "far" { "other" } else { "harbor" }.to_owned());
    PublishedNote::new("n", NoteDocument { card, summit, ..NoteDocument::default() }, html)
}

fn filled() -> Library {
    let library = Library::default();
    for note in [
        note(
            "fog",
            "霧中節流",
            "<h2 id=\"note-p\">Personal</h2><p>client-side Throttling 的訊息</p>",
        ),
        note(
            "tides",
            "Tide tables",
            "<p>限流、節流、丟棄：三個詞</p><h3 id=\"note-q\">Q&amp;A</h3><p>a</p>",
        ),
        note("far", "Ferries", "<p>臺灣的 throttle 與 backpressure</p>"),
    ] {
        library.upsert_note(note);
    }
    library
}

fn names(library: &Library, query: &str, summit: Option<&str>) -> Vec<String> {
    let summit = summit.map(|name| Key::new("n", name));
    library.read(|shelf| {
        let found = find(shelf, &Query::parse(query), summit.as_ref());
        found.notes.iter().map(|note| note.document().card.name.clone()).collect()
    })
}

#[test]
fn han_text_is_found_wherever_it_stands_and_titles_come_first() {
    let library = filled();
    assert_eq!(names(&library, "節流", None), ["fog", "tides"]);
    assert_eq!(names(&library, "流", None), ["fog", "tides"]);
    assert_eq!(names(&library, "流、節", None), ["tides"], "across what a dictionary would part");
    assert_eq!(names(&library, "台灣", None), ["far"], "written otherwise");
    assert_eq!(names(&library, "節水", None), Vec::<String>::new());
}

#[test]
fn all_words_have_to_be_there_in_title_people_tags_or_text() {
    let library = filled();
    assert_eq!(names(&library, "節流 THROTTL", None), ["fog"]);
    assert_eq!(names(&library, "misty 訊息", None), ["fog"]);
    assert_eq!(names(&library, "觀測 backpressure", None), ["far"]);
    assert_eq!(names(&library, "throttl", Some("other")), ["far"]);
    assert_eq!(names(&library, "", None), Vec::<String>::new());
}

#[test]
fn a_slip_in_a_latin_word_is_repaired_and_said() {
    let library = filled();
    library.read(|shelf| {
        let found = find(shelf, &Query::parse("throtle"), None);
        assert_eq!(found.repairs, [Repair { asked: "throtle".into(), used: "throttle".into() }]);
        let found: Vec<&str> = found.notes.iter().map(|n| &*n.document().card.name).collect();
        assert_eq!(found, ["far"]);
        for exact in ["throttl", "節水", "tide", "xyzzyx"] {
            assert!(find(shelf, &Query::parse(exact), None).repairs.is_empty(), "{exact}");
        }
    });
    library.remove_note(&Key::new("n", "far"));
    library.read(|shelf| {
        let found = find(shelf, &Query::parse("throtle"), None);
        assert!(found.notes.is_empty(), "no word of a note that is gone");
    });
}

#[test]
fn a_hit_names_its_place_and_shows_what_was_found_as_it_is_written() {
    let library = filled();
    library.read(|shelf| {
        let note = shelf.note(&Key::new("n", "fog")).unwrap();
        let hits = hits(note, &["throttling".into(), "訊息".into()], 3);
        assert_eq!(hits.len(), 1);
        assert_eq!(
            (hits[0].anchor.as_deref(), &*hits[0].path),
            (Some("note-p"), &["Personal".to_owned()][..])
        );
        assert_eq!(hits[0].found(), Some("Throttling"));
        let text: String = hits[0].snippet.iter().map(|piece| &*piece.text).collect();
        assert_eq!(text, "client-side Throttling 的訊息");
    });
}

#[test]
fn snippets_are_cut_between_graphemes() {
    let family = "👨‍👩‍👧".repeat(100);
    let long = note("x", "t", &format!("<p>{family}目標{family}</p>"));
    let hits = hits(&long, &["目標".into()], 1);
    let shown: String = hits[0].snippet.iter().map(|piece| &*piece.text).collect();
    let inner = shown.trim_matches('…').replace("目標", "");
    assert_eq!(inner.replace("👨‍👩‍👧", ""), "", "{shown}");
    assert!(shown.starts_with('…') && shown.ends_with('…'));
}

#[test]
fn overlapping_terms_are_marked_once() {
    let marks = marked("Ｋubernetes kube", &["kube".into(), "kubern".into()]);
    let shown: Vec<(&str, bool)> = marks.iter().map(|p| (&*p.text, p.is_hit)).collect();
    assert_eq!(shown, [("Ｋubern", true), ("etes ", false), ("kube", true)]);
}
