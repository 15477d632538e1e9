//! How a document writes down speakers: a name is believed where the other talks have one, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Speaker;
use crate::document::speakers::in_title;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::positions::{Credit, SpeakerPosition};
use crate::document::speakers::same;
use crate::document::title;

/// Whether the text of a heading names speakers beyond doubt.
pub(in crate::document) fn is_credited(heading: &str) -> bool {
    let text = title::undecorate(heading).text;
    in_title::credits(&text).iter().any(|credit| {
        credit.position.is_usual() && credit.people.name_confidence >= NameConfidence::Medium
    })
}

/// How many talks have people at a position.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Talks with something at the position.
    parted: usize,
    /// Talks with what has the shape of a name there.
    likely: usize,
    /// Talks with what may be a name there, each another one.
    shaped: usize,
}

/// The positions at which the talks of a document have their speakers.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct PositionStatistics {
    positions: BTreeMap<SpeakerPosition, Count>,
    talks: usize,
    /// Talks with people that are named beyond doubt.
    credited: usize,
    /// Positions at which the documents beside this one have their speakers.
    usual: BTreeSet<SpeakerPosition>,
}

impl PositionStatistics {
    /// Counts the positions of all talks.
    pub fn of<'a>(talks: impl Iterator<Item = &'a [Credit]>) -> Self {
        let mut statistics = Self::default();
        let mut known = BTreeSet::new();
        for credits in talks {
            statistics.talks += 1;
            let sure = |credit: &Credit| {
                credit.position.is_usual()
                    && credit.people.name_confidence == NameConfidence::Strong
            };
            statistics.credited += usize::from(credits.iter().any(sure));
            let mut positions: BTreeMap<SpeakerPosition, bool> = BTreeMap::new();
            for credit in
                credits.iter().filter(|credit| credit.people.name_confidence > NameConfidence::None)
            {
                let names = crate::document::naming::speakers_key(&credit.people.speakers);
                if known.insert((credit.position, names)) {
                    statistics.positions.entry(credit.position).or_default().shaped += 1;
                }
            }
            for credit in credits {
                *positions.entry(credit.position).or_default() |=
                    credit.people.name_confidence >= NameConfidence::Medium;
            }
            for (position, likely) in positions {
                let count = statistics.positions.entry(position).or_default();
                count.parted += 1;
                count.likely += usize::from(likely);
            }
        }
        statistics
    }

    /// The same where the documents beside this one have their speakers at the positions `usual`.
    pub fn with_usual(self, usual: &BTreeSet<SpeakerPosition>) -> Self {
        Self { usual: usual.clone(), ..self }
    }

    /// Whether the people of a credit are believed.
    pub fn accept(&self, credit: &Credit) -> bool {
        if self.usual.contains(&credit.position)
            && credit.people.name_confidence > NameConfidence::None
        {
            return true;
        }
        let Count { parted, likely, shaped } =
            self.positions.get(&credit.position).copied().unwrap_or_default();
        let most = likely * 2 >= parted;
        let known = most && likely * 3 >= self.talks;
        let least = if credit.position == SpeakerPosition::BeforeComma { 3 } else { 2 };
        // The same words at the place of several talks are a part of their notes.
        let same =
            shaped == 1 && parted >= 3 && credit.people.name_confidence < NameConfidence::Strong;
        let firm = most && !same && likely >= least && likely * 2 >= self.talks;
        let direct = matches!(
            credit.position,
            SpeakerPosition::Above
                | SpeakerPosition::NameLine
                | SpeakerPosition::Link
                | SpeakerPosition::BeforeBar
                | SpeakerPosition::Dash
                | SpeakerPosition::Bar
                | SpeakerPosition::By
                | SpeakerPosition::ByLine
        );
        // Nearly all talks have something else there that may be a name.
        let steady = shaped == parted && parted >= 3 && parted * 4 >= self.talks * 3;
        match credit.people.name_confidence {
            NameConfidence::None => false,
            NameConfidence::Weak if steady && credit.position == SpeakerPosition::Dash => true,
            // Whatever stands behind a dash here may be a name, and some of it surely is.
            _ if credit.position == SpeakerPosition::Dash
                && shaped * 6 >= parted * 5
                && parted >= 5
                && likely >= 2 =>
            {
                true
            }
            NameConfidence::Weak => firm && likely * 3 >= parted * 2,
            NameConfidence::Medium => firm || (direct && known && !credit.is_bare_line()),
            NameConfidence::Strong => firm || credit.position.is_usual(),
        }
    }

    /// Whether nearly all talks, three at least, have people at a position.
    fn is_rule(&self, position: SpeakerPosition) -> bool {
        let likely = self.positions.get(&position).map_or(0, |count| count.likely);
        likely >= 3 && likely * 5 >= self.talks * 4
    }

    /// Whether a single talk of many has people at a position in its title, as by chance.
    fn is_exception(&self, position: SpeakerPosition) -> bool {
        let chance = matches!(
            position,
            SpeakerPosition::Dash
                | SpeakerPosition::Bar
                | SpeakerPosition::By
                | SpeakerPosition::BeforeColon
        );
        chance
            && self.talks >= 3
            && self.positions.get(&position).is_some_and(|count| count.likely <= 1)
    }

    /// The position of the people that are believed.
    pub fn position(&self, credits: &[Credit]) -> Option<SpeakerPosition> {
        credits.iter().filter(|credit| self.accept(credit)).map(|credit| credit.position).min()
    }

    /// The title and the speakers of a talk whose heading says `text`.
    pub fn choose(&self, text: &str, credits: &[Credit]) -> (String, Vec<Speaker>) {
        let mut accepted: Vec<&Credit> =
            credits.iter().filter(|credit| self.accept(credit)).collect();
        if accepted.iter().any(|credit| self.is_rule(credit.position)) {
            accepted.retain(|credit| !self.is_exception(credit.position));
        }
        let all = accepted.clone();
        accepted.retain(|credit| !all.iter().any(|other| is_part(credit, other)));
        accepted.sort_by_key(|credit| credit.position);
        let handles = credits.iter().find(|credit| {
            credit.position == SpeakerPosition::Handle
                && credit.people.name_confidence == NameConfidence::Strong
        });
        if accepted.is_empty() && self.credited >= 3 && self.credited * 2 >= self.talks {
            accepted.extend(credits.iter().filter(|credit| is_sure_behind(credit)));
        }
        let title = accepted.iter().find_map(|credit| credit.title.clone()).or_else(|| {
            let hidden =
                |credit: &&Credit| credit.people.personal_data && credit.people.speakers.is_empty();
            credits.iter().filter(hidden).find_map(|credit| credit.title.clone())
        });
        let title = title.unwrap_or_else(|| text.to_owned());
        (title::trim_end(&title).to_owned(), speakers(&accepted, handles))
    }
}

/// Whether people stand behind a title, surely but where one alone might be something else.
fn is_sure_behind(credit: &Credit) -> bool {
    let behind = matches!(credit.position, SpeakerPosition::Parenthesis | SpeakerPosition::Colon);
    behind && credit.people.name_confidence == NameConfidence::Strong
}

/// The people of the first of the credits, or of a longer list that holds them; with their handles.
fn speakers(accepted: &[&Credit], handles: Option<&Credit>) -> Vec<Speaker> {
    let Some((first, others)) = accepted.split_first() else { return Vec::new() };
    let holds = |credit: &&&Credit| {
        let known = |speaker: &Speaker| {
            credit.people.speakers.iter().any(|other| other.name == speaker.name)
        };
        credit.people.speakers.len() > first.people.speakers.len()
            && first.people.speakers.iter().all(known)
    };
    let mut people = others.iter().find(holds).unwrap_or(first).people.clone();
    for other in accepted {
        same::complete(&mut people.speakers, &other.people.speakers);
    }
    if let Some(handles) = handles.filter(|_| first.position != SpeakerPosition::Handle) {
        let names = handles.people.speakers.iter().map(|handle| handle.name.clone());
        people.add_aliases(&names.collect::<Vec<_>>());
    }
    people.speakers
}

/// Whether a credit names one person by the first name of one that another credit names.
fn is_part(credit: &Credit, whole: &Credit) -> bool {
    let [speaker] = credit.people.speakers.as_slice() else { return false };
    let begins = |name: &str| name.split_once(' ').is_some_and(|(first, _)| first == speaker.name);
    whole.people.speakers.iter().any(|other| begins(&other.name))
}
