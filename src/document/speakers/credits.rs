//! What the lines under a title say of a talk: who gave it, on which day, in which room.

use jiff::civil::Date;

use super::positions::{Credit, SpeakerPosition};
use super::{byline, handles};
use super::{
    name_confidence::NameConfidence,
    people::{Expected, People},
};
use crate::api::{LinkKind, Speaker};
use crate::document::dates;
use crate::document::markdown::outline::Heading;
use crate::document::markdown::{line::indentation, scanner::LineKind};
use crate::document::parsed::Document;
use crate::document::title::{self, plain};
use crate::document::words::{Label, words};

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

/// Reads the lines from `from` up to `to`, which stand directly under the title of a talk.
pub(in crate::document) fn under(document: &Document<'_>, from: usize, to: usize) -> Under {
    let any_text = document.stated.rule.speakers.is_some();
    let mut under = Under { any_text, ..Under::default() };
    under.labels(document, from, to);
    under.near(document, from, to);
    under
}

impl Under {
    /// The same with the first heading under a title.
    pub fn with_child(mut self, child: &Heading) -> Self {
        self.heading(&child.text);
        self
    }

    /// `Speaker: Name`, `講者：王小明`, and names in a list under a label without any.
    fn labels(&mut self, document: &Document<'_>, from: usize, to: usize) {
        let lines = document.outline.lines.get(from..to).unwrap_or_default();
        let mut organization = None;
        for (index, line) in lines.iter().enumerate().take(LABELLED) {
            if matches!(line.kind, LineKind::Opaque | LineKind::ListCode | LineKind::FenceStart) {
                continue;
            }
            let Some((label, value)) = labelled(line.text) else {
                continue;
            };
            match label {
                Label::Speakers if value.is_empty() => {
                    let (indent, _) = indentation(line.text);
                    let names = nested(
                        lines.get(index + 1..).unwrap_or_default().iter().map(|l| l.text),
                        indent,
                    );
                    self.people(
                        SpeakerPosition::Label,
                        &people_of(names).join("\n、"),
                        Expected::Several,
                    );
                }
                Label::Speakers => self.people(SpeakerPosition::Label, &value, expected(line.text)),
                Label::Who => {
                    let people = byline::people(&value, Expected::Any);
                    if people.name_confidence >= NameConfidence::Medium {
                        self.credits.push(Credit {
                            position: SpeakerPosition::Heading,
                            title: None,
                            people,
                        });
                    }
                }
                Label::Date => self.day = self.day.or_else(|| dates::find(&value)),
                Label::Room => {
                    self.room = self.room.take().or(Some(value).filter(|room| !room.is_empty()))
                }
                Label::Organization => organization = organization.or(Some(value)),
            }
        }
        let alone =
            self.credits.iter_mut().find(|credit| credit.position == SpeakerPosition::Label);
        if let Some([speaker]) = alone.map(|credit| credit.people.speakers.as_mut_slice()) {
            speaker.organization = speaker.organization.take().or(organization);
        }
    }

    /// Adds handles that stand on a line of their own.
    pub(super) fn handles(&mut self, handles: &[String], name_confidence: NameConfidence) {
        let text: Vec<String> = handles.iter().map(|handle| format!("@{handle}")).collect();
        let people = People { name_confidence, ..People::parse(&text.join("、")) };
        self.credits.push(Credit { position: SpeakerPosition::Handle, title: None, people });
    }

    /// A heading of its own: `Name - @handle - 30 Sept 2014 15:25`.
    fn heading(&mut self, text: &str) {
        let text = plain(text);
        if let Some((label, value)) = labelled(&text) {
            match label {
                Label::Speakers => self.people(SpeakerPosition::Label, &value, expected(&text)),
                Label::Who => self.credit(SpeakerPosition::Heading, &value),
                Label::Date => self.day = self.day.or_else(|| dates::find(&value)),
                Label::Room | Label::Organization => {}
            }
            return;
        }
        if words().link_kind(&text, "") != LinkKind::Reference {
            return;
        }
        let parts = byline::parts(&text);
        let date = parts.iter().skip(1).find_map(|part| dates::find(part));
        let told = |part: &str| {
            handles::of_line(part).is_some() || dates::find(part).is_some() || title::is_time(part)
        };
        if !parts.iter().skip(1).all(|part| told(part)) {
            return;
        }
        let before = self.credits.len();
        self.credit(SpeakerPosition::Heading, &text);
        if self.credits.len() > before {
            self.day = self.day.or(date);
        }
    }

    pub(super) fn credit(&mut self, position: SpeakerPosition, names: &str) {
        self.people(position, names, Expected::Any);
    }

    pub(super) fn people(&mut self, position: SpeakerPosition, names: &str, expected: Expected) {
        let mut people = byline::people(names, expected);
        let trusted = matches!(position, SpeakerPosition::Label | SpeakerPosition::ByLine);
        if trusted && people.name_confidence == NameConfidence::None {
            people.speakers.retain(|speaker: &Speaker| speaker.name.chars().count() <= 60);
        }
        if trusted
            && !people.speakers.is_empty()
            && (position == SpeakerPosition::Label || people.name_confidence > NameConfidence::None)
        {
            people.name_confidence = NameConfidence::Strong;
        }
        if self.any_text || people.name_confidence > NameConfidence::None || people.personal_data {
            self.credits.push(Credit { position, title: None, people });
        }
    }
}

/// How many people the label of a line lets expect.
fn expected(line: &str) -> Expected {
    let label = line.split([':', '：']).next().unwrap_or_default();
    let label = label.trim_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')');
    if words().is_plural_label(label) { Expected::Several } else { Expected::Any }
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

/// The names without what stands among them and is surely none, such as a link to a site.
fn people_of(names: Vec<String>) -> Vec<String> {
    let named =
        |name: &String| byline::people(name, Expected::Any).name_confidence > NameConfidence::None;
    if !names.iter().any(named) {
        return names;
    }
    names.into_iter().filter(named).collect()
}

/// The items that stand deeper than `indent`, up to the first line that does not.
fn nested<'a>(lines: impl Iterator<Item = &'a str>, indent: usize) -> Vec<String> {
    lines
        .filter(|line| !line.trim().is_empty())
        .take_while(|line| indentation(line).0 > indent)
        .map(|line| line.trim().trim_start_matches(['*', '-', '+', ' ']).to_owned())
        .collect()
}

/// The date of a line that says little more.
pub(in crate::document) fn stated_day(text: &str) -> Option<Date> {
    (text.chars().count() <= 60).then(|| dates::find(text)).flatten()
}
