//! What stands under a heading that may be a talk.

use super::roles::Segment;
use crate::api::LinkKind;
use crate::document::markdown::link::FoundLink;
use crate::document::markdown::outline::Line;
use crate::document::markdown::scanner::LineKind;
use crate::document::parsed::Document;
use crate::document::text::is_cjk;
use crate::document::words::words;

/// Lines under a heading in which words about talks are looked for.
const NEAR: usize = 8;

/// What stands directly under a heading, before the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct Below {
    /// Whether it links to slides or a recording.
    pub has_media: bool,
    /// Whether it says that this was a talk.
    pub speaks_of_talk: bool,
    /// Whether it begins with sentences rather than with notes.
    pub is_prose: bool,
    /// Whether several items of a list stand there.
    pub has_list: bool,
}

impl Below {
    /// Looks at the lines of `segment` up to `end`, in which `links` stand.
    pub fn of(document: &Document<'_>, segment: &Segment, end: usize, links: &[FoundLink]) -> Self {
        let lines = document.outline.lines.get(segment.body..end).unwrap_or_default();
        let told = lines.iter().filter(|line| line.kind != LineKind::Blank);
        let media = |kind| matches!(kind, Some(LinkKind::Slides | LinkKind::Video));
        let items = |line: &&Line<'_>| matches!(line.kind, LineKind::Item { depth: 0, .. });
        Self {
            has_media: links
                .iter()
                .take(5)
                .any(|link| link.to_link().is_some_and(|link| media(link.kind))),
            speaks_of_talk: told.clone().take(NEAR).any(|line| words().speaks_of_talk(line.text)),
            has_list: lines.iter().filter(items).count() >= 2,
            is_prose: told.clone().next().is_some_and(is_prose),
        }
    }
}

fn is_prose(line: &Line<'_>) -> bool {
    let text = line.text.trim_end();
    let wide = text.chars().filter(|c| is_cjk(*c)).count();
    line.kind == LineKind::Text
        && (text.len() >= 60
            || wide >= 12
            || (text.len() >= 30 && text.ends_with(['.', '。', '!'])))
        && !text.ends_with([':', '：'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Format;
    use crate::document::reading::roles::{Role, Segment};
    use crate::document::report::Report;

    fn below(text: &str) -> Below {
        let document = Document::new("x.md", text, Format::Auto, &mut Report::new("x.md")).unwrap();
        let end = document.outline.lines.len();
        let segment = Segment { role: Role::Talk, heading: Some(0), start: 0, body: 1, end };
        Below::of(&document, &segment, end, &[])
    }

    #[test]
    fn prose_and_notes() {
        let prose =
            below("## Ropes\n\nWe went to the harbor in the morning, and it was raining.\n");
        assert!(prose.is_prose && !prose.has_list);
        let notes = below("## Ropes\n\n- knots\n- more knots\n");
        assert!(notes.has_list && !notes.is_prose);
        assert!(below("## Ropes\n\nThe speaker showed knots.\n").speaks_of_talk);
    }
}
