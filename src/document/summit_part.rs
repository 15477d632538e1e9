//! What a document says about its summit as a whole.

use jiff::civil::Date;

use super::linked;
use super::parsed::Document;
use super::report::Report;
use crate::api::SummitSpec;
use crate::document::naming;
use crate::document::title;

/// A summit as one document describes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SummitPart {
    pub name: String,
    pub spec: SummitSpec,
    pub line: usize,
    /// Whether the document is about the summit rather than about one of its talks.
    pub described: bool,
}

/// Gathers title, dates, links and all text that belongs to no talk.
pub(super) fn new(
    document: &Document<'_>,
    overview: &[(usize, usize)],
    days: &[Date],
    report: &mut Report,
) -> SummitPart {
    let front = &document.front;
    let text = |date: Date| date.to_string();
    let mut found = Vec::new();
    let mut parts: Vec<&str> = front.description.iter().map(String::as_str).collect();
    for &(from, to) in overview {
        found.extend_from_slice(document.links(from, to));
        parts.push(document.outline.slice(from, to));
    }
    parts.retain(|part| !part.is_empty());
    let overview = Some(parts.join("\n\n")).filter(|text| !text.is_empty());
    let mut tags = front.tags.clone();
    for tag in hashtags(document) {
        if !tags.iter().any(|known| known.eq_ignore_ascii_case(&tag)) {
            tags.push(tag);
        }
    }
    let spec = SummitSpec {
        title: title_of(document),
        url: front
            .url
            .clone()
            .filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        start_date: front
            .start_date
            .or(days.iter().min().copied())
            .or(front.day)
            .or(front.date)
            .map(text),
        end_date: front.end_date.or(days.iter().max().copied()).map(text),
        time_zone: front.time_zone.clone(),
        location: front.location.clone(),
        tags,
        links: linked::typed(document, found, report),
        rendering: document.rendering().filter(|_| overview.is_some()),
        overview: overview.map(|text| linked::with_definitions(&text, document)),
        images: Vec::new(),
        targets: Vec::new(),
        robots: front.robots.clone(),
        ..SummitSpec::default()
    };
    let heading = document.outline.headings.iter().find(|heading| heading.level == 1);
    let heading_line = heading.map_or(1, |heading| document.line(heading.line));
    let line = if document.has_front { 1 } else { heading_line };
    SummitPart { name: name_of(document), spec, line, described: true }
}

/// The name of the summit that a document is about.
pub(super) fn name_of(document: &Document<'_>) -> String {
    let front = &document.front;
    let stated = document.stated.rule.summit.as_deref();
    let named = front.summit.as_deref().or(front.event.as_deref());
    let explicit = stated.or(named).map(naming::summit_among_others);
    let address =
        || front.slug.iter().chain(&front.url).find_map(|text| naming::from_address(text));
    let (folder, _) = document.folders();
    let file = match folder {
        Some(folder) if document.is_index() => folder,
        _ => naming::without_copy_mark(document.stem()),
    };
    explicit.or_else(address).unwrap_or_else(|| naming::summit_among_others(file))
}

fn title_of(document: &Document<'_>) -> String {
    let heading = document
        .outline
        .headings
        .iter()
        .find(|heading| {
            heading.level == 1 && crate::document::dates::DayHeading::parse(&heading.text).is_none()
        })
        .map(|heading| title::plain(&heading.text))
        .filter(|title| !title.is_empty());
    let folder = document.folders().0.filter(|_| document.is_index());
    let file = || folder.unwrap_or_else(|| document.stem()).to_owned();
    let stated = document.stated.rule.summit.clone();
    stated.or(document.front.title.clone()).or(heading).unwrap_or_else(file)
}

/// Hashtags of the last fence, where it holds nothing else, and those of `###### tags:` lines.
fn hashtags(document: &Document<'_>) -> Vec<String> {
    let outline = &document.outline;
    let lines = outline.fences.last().filter(|fence| fence.closed).map(|fence| {
        outline.lines.get(fence.line + 1..fence.end.saturating_sub(1)).unwrap_or_default()
    });
    let words: Vec<&str> =
        lines.unwrap_or_default().iter().flat_map(|line| line.text.split_whitespace()).collect();
    let fenced: Option<Vec<String>> = words.into_iter().map(hashtag).collect();
    let listed = outline
        .tags
        .iter()
        .flat_map(|list| list.split(['`', ',']))
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty());
    fenced.unwrap_or_default().into_iter().chain(listed).collect()
}

fn hashtag(word: &str) -> Option<String> {
    let tag = word.strip_prefix('#').filter(|tag| !tag.is_empty() && !tag.starts_with('#'));
    tag.map(str::to_owned)
}
