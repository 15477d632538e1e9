//! What must hold of everything that is rendered.

use crate::api::{LineBreaks, Nesting, NoteImage, Rendering, TalkNoteSpec};
use crate::render::{self, BUDGET, NOTE_HTML, NOTE_JSON};

/// Renders `markdown` and checks what came of it.
///
/// # Panics
///
/// Where something does not hold.
pub fn render_note(markdown: &str) {
    let url = Some("https://images.example/a.png".to_owned());
    let spec = TalkNoteSpec {
        title: "Tides".to_owned(),
        rendering: rendering(markdown),
        images: vec![NoteImage { source: "a.png".to_owned(), digest: None, url }],
        ..TalkNoteSpec::default()
    };
    let note = render::note("tides", &spec, markdown);
    assert!(note == render::note("tides", &spec, markdown), "not deterministic");
    assert_eq!(
        render::sanitize_published(&note.html),
        note.html,
        "the viewer would not show what was rendered"
    );
    let lines = markdown.split(['\n', '\r']).count();
    for diagnostic in &note.diagnostics {
        assert!(
            diagnostic.line.is_none_or(|line| line >= 1 && line as usize <= lines),
            "{diagnostic:?} is of {lines} lines"
        );
    }
    for section in &note.document.sections {
        assert!((2..=6).contains(&section.level), "{section:?}");
        let id = format!("id=\"{}\"", section.anchor);
        assert!(note.html.matches(&id).count() <= 1, "{section:?} has two places");
    }
    let Ok(publication) = note.publication() else { return };
    let json = serde_json::json!({
        "data": publication.data,
        "binaryData": publication.binary_data.values().map(|value| "=".repeat(value.len().div_ceil(3) * 4)).collect::<Vec<_>>(),
    });
    assert!(json.to_string().len() <= BUDGET);
    let read = |key| publication.entry(key).expect("what was packed").expect("what was put in");
    assert_eq!(read(NOTE_HTML), note.html);
    serde_json::from_str::<render::NoteDocument>(&read(NOTE_JSON)).expect("what was written");
}

/// One of the two ways in which notes are shown, told by the text so that every input has its own.
fn rendering(markdown: &str) -> Option<Rendering> {
    let soft = Rendering {
        line_breaks: Some(LineBreaks::Soft),
        nesting: Some(Nesting::AsWritten),
        ..Rendering::default()
    };
    (markdown.len() % 2 == 1).then_some(soft)
}
