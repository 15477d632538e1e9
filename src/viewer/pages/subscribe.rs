//! How a summit is followed elsewhere: calendars, feeds and files for other programs.

use askama::Template;

use super::part::Head;
use crate::viewer::exports::Export;
use crate::viewer::language::Language;
use crate::viewer::library::PublishedSummit;

#[derive(Template)]
#[template(path = "subscribe.html")]
struct Subscribe {
    l: Language,
    head: Head,
    exports: Vec<Line>,
}

struct Line {
    href: String,
    title: &'static str,
    about: &'static str,
}

pub fn main(l: Language, head: Head, summit: &PublishedSummit) -> askama::Result<String> {
    let line = |export: &Export| {
        let (title, about) = export.phrases();
        Line {
            href: format!("{}/-/{}", summit.page(), export.file()),
            title: l.say(title),
            about: l.say(about),
        }
    };
    let exports = Export::ALL.iter().filter(|export| export.is_of(summit.document()));
    Subscribe { l, head, exports: exports.map(line).collect() }.render()
}
