//! What the lines under a title say of a talk: who gave it, on which day, in which room.

use jiff::civil::Date;

use super::prose;
use super::seats::{Credit, Seat};
use super::{
    likeness::Likeness,
    people::{Expected, People},
};
use crate::api::Speaker;
use crate::document::dates;
use crate::document::markdown::outline::Heading;
use crate::document::markdown::{line::indentation, scanner::LineKind};
use crate::document::parsed::Document;
use crate::document::text::is_cjk;
use crate::document::title::plain;
use crate::document::words::{Label, words};

/// Lines under a title that may say who speaks.
const NEAR: usize = 4;
/// Lines with names under a heading such as `Speaker`.
const MAX_BELOW: usize = 4;
/// Lines under a title in which labels are looked for.
const LABELLED: usize = 20;

/// What stands under the title of a talk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Under {
    pub credits: Vec<Credit>,
    pub day: Option<Date>,
    pub room: Option<String>,
    /// Whether a rule says where speakers stand, so that any text there may name them.
    any_text: bool,
}

/// Reads the lines from `from` up to `to`, which stand under the title of a talk, and the first
/// heading among them.
pub(in crate::document) fn under(
    document: &Document<'_>,
    from: usize,
    to: usize,
    child: Option<&Heading>,
) -> Under {
    let any_text = document.stated.rule.speakers.is_some();
    let mut under = Under { any_text, ..Under::default() };
    let direct = child.map_or(to, |heading| heading.line.min(to));
    under.labels(document, from, direct);
    under.near(document, from, direct);
    if let Some(child) = child.filter(|heading| heading.line < to) {
        under.heading(&child.text);
        if words().label(&plain(&child.text)) == Some(Label::Speakers) {
            under.below(document, child.end, to);
        }
    }
    under
}

impl Under {
    /// `Speaker: Name`, `講者：王小明`, and names in a list under a label without any.
    fn labels(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let mut organization = None;
        for (index, line) in lines.iter().enumerate().take(LABELLED) {
            if matches!(line.kind, LineKind::Opaque | LineKind::ListCode | LineKind::FenceStart) {
                continue;
            }
            let Some((label, value)) = labelled(line.text) else {
                self.named_title_label(line.text);
                continue;
            };
            match label {
                Label::Speakers if value.is_empty() => {
                    let (indent, _) = indentation(line.text);
                    let names = nested(
                        lines.get(index + 1..).unwrap_or_default().iter().map(|l| l.text),
                        indent,
                    );
                    self.people(Seat::Label, &names.join("\n、"), Expected::Several);
                }
                Label::Speakers => self.people(Seat::Label, &value, expected(line.text)),
                Label::Who => {
                    let people = people_of(&value, Expected::Any);
                    if people.likeness >= Likeness::Medium {
                        self.credits.push(Credit { seat: Seat::Heading, title: None, people });
                    }
                }
                Label::Date => self.day = self.day.or_else(|| dates::find(&value)),
                Label::Room => {
                    self.room = self.room.take().or(Some(value).filter(|room| !room.is_empty()))
                }
                Label::Organization => organization = organization.or(Some(value)),
            }
        }
        let alone = self.credits.iter_mut().find(|credit| credit.seat == Seat::Label);
        if let Some([speaker]) = alone.map(|credit| credit.people.speakers.as_mut_slice()) {
            speaker.organization = speaker.organization.take().or(organization);
        }
    }

    /// Names in bold, italics, a quote, a link or alone on one of the first lines.
    fn near(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let told = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !matches!(line.kind, LineKind::Blank | LineKind::Opaque));
        let paragraph = |index: usize| {
            lines.get(index + 1).is_none_or(|next| !matches!(next.kind, LineKind::Text))
        };
        let first = told.clone().next().map_or(0, |(index, _)| index);
        for (index, line) in told.take(NEAR) {
            let text = line.text.trim();
            if labelled(text).is_some() {
                continue;
            }
            let (seat, inner) = seat_of(text);
            if self.joins_quote(seat, inner) {
                continue;
            }
            self.day = self.day.or_else(|| stated_day(inner));
            let inner = without_day(inner);
            if index == first
                && seat == Seat::Plain
                && let Some(people) = prose::speakers(inner)
            {
                self.credits.push(Credit { seat: Seat::ByLine, title: None, people });
            } else if let Some(names) = behind_by(inner) {
                self.credit(Seat::ByLine, names);
            } else if let Some(people) = behind_weak_word(inner) {
                self.credits.push(Credit { seat: Seat::ByLine, title: None, people });
            } else if seat == Seat::Plain && self.credits.is_empty() && paragraph(index) {
                let people = People::parse(inner);
                let named = people.likeness > Likeness::Weak;
                let seat = if named { Seat::NameLine } else { Seat::Plain };
                self.credit(seat, inner);
            } else if !self.credits.iter().any(|credit| credit.seat == seat) {
                self.credit(seat, inner);
            }
        }
    }

    /// The names under a heading such as `Speaker`, up to the next blank line behind them.
    fn below(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let names: Vec<&str> = lines
            .iter()
            .skip_while(|line| line.kind == LineKind::Blank)
            .take_while(|line| matches!(line.kind, LineKind::Text | LineKind::Item { .. }))
            .take(MAX_BELOW + 1)
            .map(|line| line.text.trim().trim_start_matches(['*', '-', '+', ' ']))
            .collect();
        let short = names.len() <= MAX_BELOW && names.iter().all(|name| name.chars().count() <= 80);
        let people: Vec<People> = names.iter().map(|name| people_of(name, Expected::Any)).collect();
        let named = people.iter().all(|people| people.likeness > Likeness::None);
        if short && named && !names.is_empty() {
            self.people(Seat::Label, &names.join("\n、"), Expected::Any);
        }
    }

    /// `발표: 서리안 (Lian)`: a label that may stand in front of a title stands in front of a name.
    fn named_title_label(&mut self, line: &str) {
        let text = line.trim().trim_start_matches(['>', '-', '*', ' ']);
        let Some((label, value)) = text.split_once([':', '：']) else { return };
        let value = value.trim();
        if !self.credits.is_empty() || !words().is_title_label(&plain(label)) {
            return;
        }
        let people = People::parse(value);
        if people.likeness == Likeness::Strong && value.chars().count() <= 40 {
            self.credits.push(Credit { seat: Seat::Label, title: None, people });
        }
    }

    /// Adds the person in a line of a quote to those of the line before.
    fn joins_quote(&mut self, seat: Seat, names: &str) -> bool {
        let Some(last) = self.credits.last_mut() else { return false };
        if seat != Seat::Quote || last.seat != Seat::Quote {
            return false;
        }
        let more = people_of(names, Expected::Any);
        let named = more.likeness.min(last.people.likeness) >= Likeness::Medium;
        if named {
            last.people.speakers.extend(more.speakers);
        }
        named
    }

    /// A heading of its own: `Name - @handle - 30 Sept 2014 15:25`.
    fn heading(&mut self, text: &str) {
        let text = plain(text);
        if let Some((label, value)) = labelled(&text) {
            match label {
                Label::Speakers | Label::Who => self.credit(Seat::Heading, &value),
                Label::Date => self.day = self.day.or_else(|| dates::find(&value)),
                Label::Room | Label::Organization => {}
            }
            return;
        }
        let mut pieces = text.split(" - ").map(str::trim).peekable();
        let name = pieces.next().unwrap_or_default();
        let handle = pieces.next_if(|piece| piece.starts_with('@') && !piece.contains(' '));
        let rest: Vec<&str> = pieces.collect();
        let date = dates::find(&rest.join(" "));
        if !rest.is_empty() && date.is_none() {
            return;
        }
        let names = handle.map_or(name.to_owned(), |handle| format!("{name} {handle}"));
        let before = self.credits.len();
        self.credit(Seat::Heading, &names);
        if self.credits.len() > before {
            self.day = self.day.or(date);
        }
    }

    fn credit(&mut self, seat: Seat, names: &str) {
        self.people(seat, names, Expected::Any);
    }

    fn people(&mut self, seat: Seat, names: &str, expected: Expected) {
        let mut people = people_of(names, expected);
        let trusted = matches!(seat, Seat::Label | Seat::ByLine);
        if trusted && people.likeness == Likeness::None {
            people.speakers.retain(|speaker: &Speaker| speaker.name.chars().count() <= 60);
        }
        if trusted
            && !people.speakers.is_empty()
            && (seat == Seat::Label || people.likeness > Likeness::None)
        {
            people.likeness = Likeness::Strong;
        }
        if self.any_text || people.likeness > Likeness::None || people.personal_data {
            self.credits.push(Credit { seat, title: None, people });
        }
    }
}

/// The people of a line; a company may stand behind a dash: `Ada Example — Harbor`.
fn people_of(names: &str, expected: Expected) -> People {
    let people = People::parse_as(names, expected);
    if people.likeness >= Likeness::Medium {
        return people;
    }
    let parted = [" — ", " – ", " - "].iter().find_map(|mark| names.split_once(*mark));
    let Some((name, company)) = parted else { return people };
    let mut named = People::parse_as(name, expected);
    let short =
        company.split(' ').count() <= 5 && !company.contains(['.', '。', ':', '：', ',', '?']);
    match named.speakers.as_mut_slice() {
        [speaker] if short && named.likeness >= Likeness::Medium => {
            speaker.organization = speaker.organization.take().or(Some(company.trim().to_owned()));
            named
        }
        _ => people,
    }
}

/// How many people the label of a line lets expect.
fn expected(line: &str) -> Expected {
    let label = line.split([':', '：']).next().unwrap_or_default();
    let label = label.trim_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')');
    if words().is_plural_label(label) { Expected::Several } else { Expected::Any }
}

/// A line without a date behind a dash: `Ada Example, Harbor — 12/04/2033`.
fn without_day(text: &str) -> &str {
    let parted = [" — ", " – ", " - ", " | "].iter().find_map(|mark| text.rsplit_once(*mark));
    match parted {
        Some((head, tail)) if dates::find(tail).is_some() => head,
        _ => text,
    }
}

/// The names behind `by` at the beginning of a line, or behind `given by` in its first sentence.
fn behind_by(text: &str) -> Option<&str> {
    let first = text
        .split_once(' ')
        .filter(|(word, _)| words().by_words(false).iter().any(|by| word.eq_ignore_ascii_case(by)));
    let folded = text.to_lowercase();
    if first.is_some() || folded.len() != text.len() {
        return first.map(|(_, names)| names);
    }
    let at = words().by_phrases().filter_map(|phrase| {
        let at = folded.find(phrase)?;
        let begins = at == 0 || folded.get(..at)?.ends_with(' ');
        (begins && at <= 40).then_some(at + phrase.len())
    });
    let rest = text.get(at.max()?..)?.trim_start_matches([':', ' ']);
    let end = rest.find(". ").unwrap_or(rest.len());
    let names = rest.get(..end)?.trim_end_matches('.');
    let begins = names.chars().next().is_some_and(|c| c.is_uppercase() || is_cjk(c));
    (begins && names.chars().count() <= 80).then_some(names)
}

/// The people of a line `avec Name`: believed only where other talks have them there, too.
fn behind_weak_word(text: &str) -> Option<People> {
    let (word, names) = text.split_once(' ')?;
    let weak = words().by_words(true).contains(&word.to_lowercase());
    let people = Some(names).filter(|names| weak && names.chars().count() <= 80).map(People::parse);
    people.filter(|people| people.likeness >= Likeness::Medium)
}

/// Whether a line says `by` and a name and nothing else.
pub(in crate::document) fn is_by_line(line: &str) -> bool {
    let text = plain(line.trim().trim_start_matches(['*', '_']));
    let named = text.chars().count() <= 80;
    behind_by(&text).is_some_and(|names| named && People::parse(names).likeness >= Likeness::Medium)
}

/// A line such as `- **講者**：王小明` as label and value.
pub(in crate::document) fn labelled(line: &str) -> Option<(Label, String)> {
    let text = line.trim().trim_start_matches(['*', '-', '+', '>', '_', '#', ' ', '\t']);
    let clean = |c: char| c.is_whitespace() || "*_`".contains(c) || is_pictograph(c);
    if let Some(row) = text.strip_prefix('|') {
        // A row of two cells such as `| Speaker | Ada Example |`, but not the header of a table.
        let mut cells = row.trim_end_matches('|').split('|').map(plain);
        let (label, value) = (cells.next()?, cells.next()?);
        let label = words().label(label.trim_matches(clean)).filter(|_| cells.next().is_none())?;
        let header = words().label(&value).is_some() || words().is_title_column(&value);
        return (!header && !value.is_empty()).then_some((label, value));
    }
    let Some((label, value)) = text.split_once([':', '：']) else {
        // An item that is a label and nothing else: the names are nested in it.
        let item = line.trim().starts_with(['*', '-', '+']);
        let label = item.then(|| words().label(text.trim_matches(clean))).flatten();
        return label.filter(|label| *label == Label::Speakers).map(|label| (label, String::new()));
    };
    let label = words().label(label.trim_matches(clean))?;
    let value = plain(value.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_'));
    Some((label, value.trim_start_matches([':', '：']).trim().to_owned()))
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}')
}

/// The items that stand deeper than `indent`, up to the first line that does not.
fn nested<'a>(lines: impl Iterator<Item = &'a str>, indent: usize) -> Vec<String> {
    lines
        .filter(|line| !line.trim().is_empty())
        .take_while(|line| indentation(line).0 > indent)
        .map(|line| line.trim().trim_start_matches(['*', '-', '+', ' ']).to_owned())
        .collect()
}

/// How a line is marked up as a whole, and what is inside.
fn seat_of(text: &str) -> (Seat, &str) {
    let wrapped = |mark: &str| {
        text.strip_prefix(mark)?
            .strip_suffix(mark)
            .filter(|inner| !inner.contains(mark) && !inner.is_empty())
    };
    if let Some(quote) = text.strip_prefix('>') {
        return (Seat::Quote, quote.trim());
    }
    if let Some(inner) = wrapped("**").or_else(|| wrapped("__")) {
        return (Seat::Bold, inner);
    }
    if let Some(inner) = wrapped("*").or_else(|| wrapped("_")) {
        return (Seat::Italic, inner);
    }
    let item = ["* ", "- ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    let inner = item.unwrap_or(text).trim();
    let link = inner.starts_with('[') && inner.ends_with(')') && inner.contains("](");
    match (link, item) {
        (true, _) => (Seat::Link, inner),
        (false, Some(_)) => (Seat::Bullet, inner),
        (false, None) => (Seat::Plain, inner),
    }
}

/// The date of a line that says little more.
pub(in crate::document) fn stated_day(text: &str) -> Option<Date> {
    (text.chars().count() <= 60).then(|| dates::find(text)).flatten()
}
