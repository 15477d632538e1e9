//! One Markdown document on its way from text to talks.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::codes::Code;
use super::dialect::{self, Dialect};
use super::front_matter::{self, FrontMatter};
use super::markdown::defined::Defined;
use super::markdown::link::{Definitions, FoundLink};
use super::markdown::links;
use super::markdown::outline::{Hint, Outline};
use super::publication::Decision;
use super::report::{Place, Report};
use super::stated::Stated;
use super::words::words;
use crate::api::{Format, LineBreaks, Rendering};
use crate::document::dates;

/// A document with its structure.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub path: &'a str,
    pub front: FrontMatter,
    pub has_front: bool,
    pub dialect: Dialect,
    /// The text below the front matter, byte for byte.
    pub body: &'a str,
    pub outline: Outline<'a>,
    pub definitions: Definitions<'a>,
    /// Footnotes and abbreviations, which each talk may refer to.
    pub defined: Defined,
    /// What rules say of it.
    pub stated: Stated,
    /// Whether all that it gives may be public.
    pub decision: Decision,
    /// The lines with a link to a file that is among the documents.
    pub targets: BTreeSet<usize>,
    lines_before: usize,
    /// What its top states of days, for the year that was asked for last: each reading asks again.
    dates: Cell<Option<DatesOfYear>>,
    links: OnceCell<Vec<FoundLink>>,
}

/// A year, and the date that the top of a document states if its dates are of that year; whether it
/// is the first of several.
type DatesOfYear = (Option<i16>, Option<(Date, bool)>);

impl<'a> Document<'a> {
    /// Reads front matter and structure; `None`, with a diagnostic, where the front matter cannot be
    /// read.
    pub fn new(path: &'a str, text: &'a str, format: Format, report: &mut Report) -> Option<Self> {
        let split = front_matter::split(text);
        let front = match &split.front {
            Some(source) => front_matter::read(source, report)?,
            None => FrontMatter::default(),
        };
        let outline = Outline::new(split.body);
        let document = Self {
            path,
            has_front: split.front.is_some(),
            dialect: dialect::detect(format, &front, split.body),
            front,
            definitions: links::definitions(&outline),
            defined: Defined::of(&outline),
            outline,
            stated: Stated::default(),
            decision: Decision::default(),
            targets: BTreeSet::new(),
            body: split.body,
            lines_before: split.lines_before,
            dates: Cell::default(),
            links: OnceCell::new(),
        };
        document.report_hints(report);
        Some(document)
    }

    /// How the notes are to be shown, where the document says or shows it: Hugo joins lines.
    pub fn rendering(&self) -> Option<Rendering> {
        let stated = self.stated.rule.rendering.unwrap_or_default();
        let line_breaks = stated.line_breaks.or(match self.front.breaks {
            Some(true) => Some(LineBreaks::Hard),
            Some(false) => Some(LineBreaks::Soft),
            None => (self.dialect == Dialect::Hugo).then_some(LineBreaks::Soft),
        });
        let rendering = Rendering {
            line_breaks,
            nesting: stated.nesting.or(self.front.nesting),
            direction: stated.direction.or(self.front.dir),
            toc_max_level: stated.toc_max_level.or(self.front.toc_max_level),
        };
        (rendering != Rendering::default()).then_some(rendering)
    }

    /// The links in the lines from `from` up to `to`.
    pub fn links(&self, from: usize, to: usize) -> &[FoundLink] {
        let end = self.outline.lines.len();
        let find = || links::in_lines(&self.outline, 0, end, &self.definitions);
        let all = self.links.get_or_init(find);
        let at = |line: usize| all.partition_point(|link| link.line < line);
        all.get(at(from)..at(to)).unwrap_or_default()
    }

    /// The line of the file that the line `index` of the body is.
    pub fn line(&self, index: usize) -> usize {
        index + self.lines_before + 1
    }

    /// Whether the front matter is that of a summit, even while no talk stands below it.
    pub fn declares_a_summit(&self) -> bool {
        self.front.start_date.is_some() || self.front.end_date.is_some()
    }

    /// The file's name without its extension.
    pub fn stem(&self) -> &'a str {
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    }

    /// The name of the folder that the file is in, and that of the folder above it.
    pub fn folders(&self) -> (Option<&'a str>, Option<&'a str>) {
        let mut parts = self.path.rsplit('/').skip(1);
        (parts.next(), parts.next())
    }

    /// Whether the file stands for its folder.
    pub fn is_index(&self) -> bool {
        words().files.is_index(self.stem())
    }

    /// The year of dates that are written without one, from the document's titles, its dates or its
    /// path.
    pub fn year(&self) -> Option<i16> {
        self.told_year().or_else(|| self.stated_dates().map(|(date, _)| date.year()))
    }

    /// The year of the titles, the fields or the path.
    fn told_year(&self) -> Option<i16> {
        let headings = self.outline.headings.iter().filter(|heading| heading.level == 1);
        let titles = self.front.title.iter().chain(headings.map(|heading| &heading.text));
        let front = &self.front;
        let dates = [front.day, front.start_date, front.date, front.published]
            .into_iter()
            .flatten()
            .map(|date| date.year());
        let stated = self.stated.start().map(|date| date.year());
        stated
            .into_iter()
            .chain(titles.filter_map(|title| dates::year_in(title)))
            .chain(dates)
            .chain(self.path.rsplit('/').filter_map(dates::year_in))
            .next()
    }

    /// What the document calls itself: its field, its first heading of level 1 or its first line.
    pub fn title(&self) -> Option<String> {
        let heading = self.outline.headings.iter().find(|heading| heading.level == 1);
        let first = || self.outline.first_line().map(|line| line.text);
        let heading = heading.map(|heading| heading.text.clone()).or_else(first);
        self.front.title.clone().or(heading).map(|title| crate::document::title::plain(&title))
    }

    /// The first day of the event, so that `Day 2` can be counted.
    pub fn start(&self) -> Option<Date> {
        let front = self.front.day.or(self.front.start_date);
        let own = || front.or_else(|| self.stated_dates().map(|(date, _)| date));
        let published = self.front.date.filter(|_| !self.is_post());
        self.stated.start().or_else(own).or(published)
    }

    /// The day of all talks of an event of one day, from its title or the lines at the top.
    pub fn only_day(&self) -> Option<Date> {
        self.front.day.or_else(|| self.own_day()).or_else(|| self.counted_day())
    }

    /// The day that a title such as `Harbor Days 2031 - Day 2` counts from the first one.
    fn counted_day(&self) -> Option<Date> {
        let title = self.title()?;
        let day = dates::counted_at_end(&title)?;
        match day.resolve(None, self.start()) {
            dates::Resolved::Date { date, .. } => Some(date),
            _ => None,
        }
    }

    /// The only day in the title or the lines at the top.
    pub fn own_day(&self) -> Option<Date> {
        self.stated_dates().filter(|(_, several)| !several).map(|(date, _)| date)
    }

    /// The `date` of the front matter, where it is that of the event rather than that of a post or of a
    /// report written afterwards.
    pub fn event_date(&self) -> Option<Date> {
        let report = || words().is_report(&self.title().unwrap_or_default());
        self.front
            .date
            .filter(|_| !self.front.is_post && self.stated_dates().is_none() && !report())
    }

    /// Whether it says on which day or days the event was.
    pub fn states_days(&self) -> bool {
        self.stated_dates().is_some()
    }

    /// The date of the event, and whether it is the first of several.
    fn stated_dates(&self) -> Option<(Date, bool)> {
        let year = self.told_year();
        match self.dates.get() {
            Some((known, dates)) if known == year => dates,
            _ => {
                let dates = dates::of_document::stated(&self.outline, || self.title(), year);
                self.dates.set(Some((year, dates)));
                dates
            }
        }
    }

    /// Whether the dates of its front matter and its path are rather those of a post about an event.
    pub fn is_post(&self) -> bool {
        self.front.is_post || self.path.split('/').any(|folder| words().is_blog_folder(folder))
    }

    fn report_hints(&self, report: &mut Report) {
        for hint in &self.outline.hints {
            match *hint {
                Hint::Setext(index) => report.at(
                    Code::SetextTrap,
                    Place::line(self.line(index)),
                    "Markdown makes a heading of this line because of the `---` under it (here it is \
                     read as text and a rule); put a blank line between them",
                ),
                Hint::NoSpace(index) => report.at(
                    Code::HeadingWithoutSpace,
                    Place::line(self.line(index)),
                    "this is not a heading in Markdown (here it is read as one); put a space after the `#` marks",
                ),
                Hint::OpenHtml(index) => report.at(
                    Code::OpenHtml,
                    Place::line(self.line(index)),
                    "this comment or HTML is never closed, so that everything below it is a part of it; \
                     close it",
                ),
            }
        }
        for fence in self.outline.fences.iter().filter(|fence| !fence.closed) {
            report.at(
                Code::OpenFence,
                Place::line(self.line(fence.line)),
                "this code fence is never closed, so that everything below it is code; close it",
            );
        }
    }
}
