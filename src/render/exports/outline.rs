//! `mindmap.md`: an outline for Markmap.

use super::words::markdown;
use super::{Card, Exported, Line};

/// Days, then talks, then who spoke.
pub fn outline(exported: &Exported<'_>) -> String {
    let mut text =
        String::from("---\nmarkmap:\n  colorFreezeLevel: 2\n  initialExpandLevel: 3\n---\n\n");
    text.push_str(&format!("# {}\n", markdown(exported.title)));
    for talks in exported.cards.chunk_by(|a, b| a.day == b.day) {
        if let Some(day) = talks.first().and_then(|card| card.day.as_deref()) {
            text.push_str(&format!("\n## {}\n", markdown(day)));
        }
        text.push('\n');
        talks.iter().for_each(|card| text.push_str(&talk(exported, card)));
    }
    text
}

fn talk(exported: &Exported<'_>, card: &Card) -> String {
    let title = markdown(&card.title);
    let title = match exported.page_of(card) {
        Some(page) => format!("[{title}](<{page}>)"),
        None => title,
    };
    let time = card.start_time.as_deref().map(|time| format!("{} ", markdown(time)));
    let mut text = format!("- {}{title}\n", time.unwrap_or_default());
    for speaker in &card.speakers {
        text.push_str(&format!("  - {}\n", markdown(&speaker.name)));
    }
    text
}

/// Any outline, as headings and nested lists.
pub fn nested(title: &str, lines: &[Line]) -> String {
    let mut text =
        format!("---\nmarkmap:\n  colorFreezeLevel: 2\n---\n\n# {}\n\n", markdown(title));
    put(lines, 0, &mut text);
    text
}

fn put(lines: &[Line], depth: usize, text: &mut String) {
    for Line { text: own, url, lines } in lines {
        let own = markdown(own);
        let own = match url {
            Some(url) => format!("[{own}](<{url}>)"),
            None => own,
        };
        text.push_str(&format!("{}- {own}\n", "  ".repeat(depth)));
        put(lines, depth.saturating_add(1), text);
    }
}
