//! A summit for other programs: calendar, feed, schedule and outline. Pure: same talks, same bytes. No
//! clock is asked: what formats want to know of changes is told by the times of the talks.

mod calendar;
mod feed;
mod moments;
mod outline;
mod schedule;
mod sessions;
mod words;

pub use calendar::calendar;
pub use feed::feed;
pub use outline::outline;
pub use schedule::schedule;
pub use sessions::sessions;

use super::contract::{Card, SummitDocument};
pub(super) use words::clean;

const FEED: &str = "feed.xml";

/// Keys of the contract for these.
pub const KEYS: [&str; 4] = ["calendar.ics", FEED, "schedule.json", "mindmap.md"];

/// Talks above which a summit is published without these: they would be of megabytes, written anew with
/// every change of a title. A viewer makes them from the agenda as well.
const MOST: usize = 1000;

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct Exported<'a> {
    /// The summit that the talks are of. A person's talks may be of several: they are exported one by one.
    pub summit: &'a SummitDocument,
    /// The talks.
    pub cards: &'a [&'a Card],
    /// What the calendar or feed is called.
    pub title: &'a str,
    /// The address of the summit's page, below which those of the talks are; none where nobody knows it.
    pub page: Option<&'a str>,
}

impl<'a> Exported<'a> {
    /// The address of the page of a talk.
    fn page_of(&self, card: &Card) -> Option<String> {
        self.page.map(|page| format!("{page}/{}", card.name))
    }

    /// Names the talk for ever and everywhere.
    fn uid(&self, card: &Card) -> String {
        format!("{}.{}@talknotes.dev", card.name, self.summit.name)
    }
}

/// The exports of a whole summit with their keys; none where it has too many talks.
pub(super) fn all(summit: &SummitDocument) -> Vec<(String, String)> {
    if summit.agenda.len() > MOST {
        return Vec::new();
    }
    let cards: Vec<&Card> = summit.agenda.iter().collect();
    let exported = Exported { summit, cards: &cards, title: &summit.title, page: None };
    let parts = [exported];
    let texts = [calendar(&parts), feed(&parts), schedule(&exported), outline(&exported)];
    let named = KEYS.iter().map(|key| (*key).to_owned()).zip(texts);
    // Readers of a feed would find it on a list of theirs.
    named.filter(|(key, _)| !(summit.unlisted && key == FEED)).collect()
}

/// The speakers of a talk in one line.
fn people(card: &Card) -> String {
    card.speakers.iter().map(|speaker| clean(&speaker.name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
