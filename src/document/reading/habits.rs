//! How a document writes down speakers: a name is believed where the other talks have one, too.

use std::collections::BTreeMap;

use crate::api::Speaker;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::seats::{self, Credit, Seat};
use crate::document::title;

/// Whether the text of a heading names speakers beyond doubt.
pub(in crate::document) fn is_credited(heading: &str) -> bool {
    let text = title::undecorate(heading).text;
    seats::in_title(&text)
        .iter()
        .any(|credit| credit.seat.is_usual() && credit.people.likeness >= Likeness::Medium)
}

/// How many talks have people at a seat.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Talks with something at the seat.
    parted: usize,
    /// Talks with what has the shape of a name there.
    likely: usize,
    /// Talks with what may be a name there, each another one.
    shaped: usize,
}

/// The seats at which the talks of a document have their speakers.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct Habits {
    seats: BTreeMap<Seat, Count>,
    talks: usize,
}

impl Habits {
    /// Counts the seats of all talks.
    pub fn of<'a>(talks: impl Iterator<Item = &'a [Credit]>) -> Self {
        let mut habits = Self::default();
        let mut known = std::collections::BTreeSet::new();
        for credits in talks {
            habits.talks += 1;
            let mut seats: BTreeMap<Seat, bool> = BTreeMap::new();
            for credit in credits.iter().filter(|credit| credit.people.likeness > Likeness::None) {
                let names = crate::document::naming::speakers_key(&credit.people.speakers);
                if known.insert((credit.seat, names)) {
                    habits.seats.entry(credit.seat).or_default().shaped += 1;
                }
            }
            for credit in credits {
                *seats.entry(credit.seat).or_default() |=
                    credit.people.likeness >= Likeness::Medium;
            }
            for (seat, likely) in seats {
                let count = habits.seats.entry(seat).or_default();
                count.parted += 1;
                count.likely += usize::from(likely);
            }
        }
        habits
    }

    /// Whether the people of a credit are believed.
    pub fn accept(&self, credit: &Credit) -> bool {
        let Count { parted, likely, shaped } =
            self.seats.get(&credit.seat).copied().unwrap_or_default();
        let most = likely * 2 >= parted;
        let known = most && likely * 3 >= self.talks;
        let firm = most && likely >= 2 && likely * 2 >= self.talks;
        let direct = matches!(
            credit.seat,
            Seat::Above
                | Seat::NameLine
                | Seat::Dash
                | Seat::Bar
                | Seat::By
                | Seat::At
                | Seat::ByLine
        );
        // Nearly all talks have something else there that may be a name.
        let steady = shaped == parted && parted >= 3 && parted * 5 >= self.talks * 4;
        match credit.people.likeness {
            Likeness::None => false,
            Likeness::Weak if steady && credit.seat == Seat::Dash => true,
            Likeness::Weak => firm && likely * 3 >= parted * 2,
            Likeness::Medium => firm || (direct && known && !credit.is_bare_line()),
            Likeness::Strong => firm || credit.seat.is_usual(),
        }
    }

    /// Whether nearly all talks, three at least, have people at a seat.
    fn is_rule(&self, seat: Seat) -> bool {
        let likely = self.seats.get(&seat).map_or(0, |count| count.likely);
        likely >= 3 && likely * 5 >= self.talks * 4
    }

    /// Whether a single talk of many has people at a seat in its title, as by chance.
    fn is_exception(&self, seat: Seat) -> bool {
        let chance = matches!(seat, Seat::Dash | Seat::Bar | Seat::By | Seat::BeforeColon);
        chance && self.talks >= 3 && self.seats.get(&seat).is_some_and(|count| count.likely <= 1)
    }

    /// The seat of the people that are believed.
    pub fn seat(&self, credits: &[Credit]) -> Option<Seat> {
        credits.iter().filter(|credit| self.accept(credit)).map(|credit| credit.seat).min()
    }

    /// The title and the speakers of a talk whose heading says `text`.
    pub fn choose(&self, text: &str, credits: &[Credit]) -> (String, Vec<Speaker>) {
        let mut accepted: Vec<&Credit> =
            credits.iter().filter(|credit| self.accept(credit)).collect();
        if accepted.iter().any(|credit| self.is_rule(credit.seat)) {
            accepted.retain(|credit| !self.is_exception(credit.seat));
        }
        accepted.sort_by_key(|credit| credit.seat);
        let title = accepted.iter().find_map(|credit| credit.title.clone()).or_else(|| {
            let hidden =
                |credit: &&Credit| credit.people.personal_data && credit.people.speakers.is_empty();
            credits.iter().filter(hidden).find_map(|credit| credit.title.clone())
        });
        let speakers = accepted.first().map(|credit| credit.people.speakers.clone());
        let title = title.unwrap_or_else(|| text.to_owned());
        (title::trim_end(&title).to_owned(), speakers.unwrap_or_default())
    }
}
