//! A document's structure becomes a summit and its talks.

use jiff::civil::Date;

use super::codes::Code;
use super::dates::{DayHeading, Resolved};
use super::links;
use super::naming;
use super::parsed::Document;
use super::report::{Place, Report};
use super::roles::{Role, roles};
use super::speakers::{self, Likeness};
use super::summit_part::{self, SummitPart};
use super::talk::{self, Convention, Talk};
use super::title;

/// What a document gave.
#[derive(Debug)]
pub(super) enum Reading {
    /// A summit with its talks.
    Summit(SummitPart, Vec<Talk>),
    /// One talk, and the summit that it names or whose folder it is in.
    Talk(Option<SummitPart>, Box<Talk>),
    /// No talk; if files beside it hold talks, it may be about their summit.
    Prose(SummitPart),
}

/// The lines under a heading up to the next one that ends them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub role: Role,
    /// Index of its heading; `None` for what stands before the first one.
    pub heading: Option<usize>,
    /// Index of its first line, the heading's.
    pub start: usize,
    /// Index of the first line under the heading.
    pub body: usize,
    /// Index of the line after its last.
    pub end: usize,
}

/// Reads the talks of a document.
pub(super) fn read(document: &Document<'_>, report: &mut Report) -> Reading {
    let roles = roles(document);
    let segments = segments(document, &roles);
    let mut reader = Reader::new(document, &segments);
    for segment in &segments {
        reader.segment(segment, report);
    }
    let Reader { talks, overview, days, .. } = reader;
    if talks.is_empty()
        && let Some(reading) = super::single::read(document, report)
    {
        return reading;
    }
    let part = summit_part::new(document, &overview, &days, report);
    if talks.is_empty() { Reading::Prose(part) } else { Reading::Summit(part, talks) }
}

fn segments(document: &Document<'_>, roles: &[Role]) -> Vec<Segment> {
    let end = document.outline.lines.len();
    let preamble = Segment { role: Role::Other, heading: None, start: 0, body: 0, end };
    let mut segments = vec![preamble];
    for (index, (heading, role)) in document.outline.headings.iter().zip(roles).enumerate() {
        if *role == Role::Section {
            continue;
        }
        if let Some(last) = segments.last_mut() {
            last.end = heading.line;
        }
        let (start, body) = (heading.line, heading.end);
        segments.push(Segment { role: *role, heading: Some(index), start, body, end });
    }
    segments
}

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
    convention: Convention,
    year: Option<i16>,
    day: Option<Date>,
    days: Vec<Date>,
    talks: Vec<Talk>,
    /// Text that belongs to no talk, as ranges of lines.
    overview: Vec<(usize, usize)>,
}

impl<'a, 'd> Reader<'a, 'd> {
    fn new(document: &'a Document<'d>, segments: &[Segment]) -> Self {
        Self {
            document,
            convention: convention(document, segments),
            year: document.year(),
            day: None,
            days: Vec::new(),
            talks: Vec::new(),
            overview: Vec::new(),
        }
    }

    fn segment(&mut self, segment: &Segment, report: &mut Report) {
        match segment.role {
            Role::Talk => self.talk(segment, report),
            Role::Group => self.list(segment, report),
            Role::Day(day) => {
                self.begin_day(day, self.document.line(segment.start), report);
                self.keep_with_heading(segment);
            }
            Role::Title => self.overview.push((segment.body, segment.end)),
            Role::Other if lists_talks(self.document, segment) => self.list(segment, report),
            Role::Other | Role::Section => self.overview.push((segment.start, segment.end)),
        }
    }

    fn talk(&mut self, segment: &Segment, report: &mut Report) {
        match talk::from_heading(self.document, segment, self.convention, self.day, report) {
            Some(talk) => self.talks.push(talk),
            None => self.overview.push((segment.start, segment.end)),
        }
    }

    /// Items of a list that are talks; the other lines stay in the overview.
    fn list(&mut self, segment: &Segment, report: &mut Report) {
        let mut rest = segment.body;
        let mut kept = Vec::new();
        for item in self.document.outline.items(segment.body, segment.end) {
            if let Some(talk) = talk::from_item(self.document, item, self.day, report) {
                self.talks.push(talk);
                kept.push((rest, item.line));
                rest = item.end;
            }
        }
        kept.push((rest, segment.end));
        kept.retain(|(from, to)| !self.document.outline.slice(*from, *to).is_empty());
        if !kept.is_empty() {
            self.overview.push((segment.start, segment.body));
            self.overview.extend(kept);
        }
    }

    fn keep_with_heading(&mut self, segment: &Segment) {
        if !self.document.outline.slice(segment.body, segment.end).is_empty() {
            self.overview.push((segment.start, segment.end));
        }
    }

    fn begin_day(&mut self, day: DayHeading, line: usize, report: &mut Report) {
        let place = Place::line(line);
        self.day = None;
        let unknown = match day.resolve(self.year) {
            Resolved::Date { date, wrong_weekday } => {
                self.day = Some(date);
                self.days.push(date);
                if wrong_weekday {
                    let message =
                        format!("{date} is not that day of the week; correct one of them");
                    report.at(Code::WeekdayMismatch, place, message);
                }
                return;
            }
            Resolved::NoYear => "the year of this day is not known; write it in the title",
            Resolved::NoDate => "the date of this day is not known; write it in the heading",
            Resolved::Impossible => "no calendar has this date; correct it",
        };
        report.at(Code::UnknownDate, place, unknown);
    }
}

/// Whether most of the headings with a separator end in what is surely a name.
fn convention(document: &Document<'_>, segments: &[Segment]) -> Convention {
    let talks = segments.iter().filter(|segment| segment.role == Role::Talk);
    let parted: Vec<Likeness> = talks
        .filter_map(|segment| document.outline.headings.get(segment.heading?))
        .filter_map(|heading| speakers::part(&title::undecorate(&heading.text).text))
        .map(|parted| parted.likeness)
        .collect();
    let strong = parted.iter().filter(|likeness| **likeness == Likeness::Strong).count();
    if strong >= 1 && strong * 2 >= parted.len() {
        Convention::Speakers
    } else {
        Convention::Unknown
    }
}

/// Whether a section that does not say so is a list of talks: two items at least begin with a link to
/// the page of a talk, and they are most of its items.
fn lists_talks(document: &Document<'_>, segment: &Segment) -> bool {
    let heading = segment.heading.and_then(|index| document.outline.headings.get(index));
    if heading.is_none_or(|heading| super::words::words().is_not_talk(&heading.text)) {
        return false;
    }
    let items = document.outline.items(segment.body, segment.end);
    let pages = items.iter().filter(|item| {
        let found =
            links::in_lines(&document.outline, item.line, item.line + 1, &document.definitions);
        found
            .first()
            .is_some_and(|link| link.is_talk_page() && naming::title_key(&link.text).len() > 12)
    });
    let pages = pages.count();
    pages >= 2 && pages * 2 >= items.len()
}
