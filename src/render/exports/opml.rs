//! `mindmap.opml`: an outline for outliners and mind maps (OPML 2.0).

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Card, Exported, clean};

/// A line of an outline, with those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// The lines below.
    pub lines: Vec<Line>,
}

/// Days, then talks, then who spoke.
pub fn opml(exported: &Exported<'_>) -> String {
    let days = exported.cards.chunk_by(|a, b| a.day == b.day);
    let lines = days.flat_map(|talks| {
        let day = talks.first().and_then(|card| card.day.as_deref());
        let talks: Vec<Line> = talks.iter().map(|card| talk(exported, card)).collect();
        match day {
            Some(day) => vec![Line { text: clean(day), url: None, lines: talks }],
            None => talks,
        }
    });
    outline_opml(exported.title, &lines.collect::<Vec<_>>())
}

fn talk(exported: &Exported<'_>, card: &Card) -> Line {
    let time = card.start_time.iter().map(|time| clean(time));
    let text: Vec<String> = time.chain([clean(&card.title)]).collect();
    let person = |name: &str| Line { text: clean(name), ..Line::default() };
    Line {
        text: text.join(" "),
        url: exported.page_of(card),
        lines: card.speakers.iter().map(|speaker| person(&speaker.name)).collect(),
    }
}

/// Any outline.
pub fn outline_opml(title: &str, lines: &[Line]) -> String {
    let mut out = Writer::new(Vec::new());
    // Only writing can fail, and writing to memory does not.
    let _ = write(&mut out, title, lines);
    String::from_utf8(out.into_inner()).unwrap_or_default()
}

fn write(out: &mut Writer<Vec<u8>>, title: &str, lines: &[Line]) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    out.create_element("opml").with_attribute(("version", "2.0")).write_inner_content(|out| {
        out.create_element("head").write_inner_content(|out| {
            out.create_element("title").write_text_content(BytesText::new(&clean(title)))?;
            Ok::<_, io::Error>(())
        })?;
        out.create_element("body").write_inner_content(|out| write_lines(out, lines))?;
        Ok::<_, io::Error>(())
    })?;
    Ok(())
}

fn write_lines(out: &mut Writer<Vec<u8>>, lines: &[Line]) -> io::Result<()> {
    for line in lines {
        let text = clean(&line.text);
        let mut element = out.create_element("outline").with_attribute(("text", &*text));
        if let Some(url) = &line.url {
            element = element.with_attributes([("type", "link"), ("url", &**url)]);
        }
        if line.lines.is_empty() {
            element.write_empty()?;
        } else {
            element.write_inner_content(|out| write_lines(out, &line.lines))?;
        }
    }
    Ok(())
}
