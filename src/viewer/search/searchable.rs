//! What a search looks at in a note.

use memchr::memmem::Finder;

use super::fold::fold;
use crate::render::Card;
use crate::viewer::library::Passage;

/// Places of a term that are looked at to see whether one is in a heading.
const LOOKED_AT: usize = 24;

/// Part of a note that a term is found in; the better ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Title,
    Speaker,
    Tag,
    Heading,
    Text,
}

/// Where a term is found best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub field: Field,
    /// Whether a word begins there.
    pub at_word: bool,
    /// How often it is found, up to a few.
    pub count: usize,
}

/// A note's words in their simplest form: title, speakers, tags, then each heading and what is below it,
/// all in one string, parted by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searchable {
    text: Box<str>,
    /// Where each field ends.
    ends: Box<[u32]>,
}

impl Searchable {
    /// Of the note that `card` is of.
    pub fn new(card: &Card, passages: &[Passage]) -> Self {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(passages.len().saturating_mul(2).saturating_add(3));
        let mut add = |part: &str| {
            text.push_str(&fold(part));
            text.push('\n');
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        };
        add(&card.title);
        let people = card.speakers.iter().flat_map(|speaker| {
            [Some(&speaker.name), speaker.alias.as_ref(), speaker.organization.as_ref()]
        });
        add(&people.flatten().map(String::as_str).collect::<Vec<_>>().join(" , "));
        add(&card.tags.join(" , "));
        for passage in passages {
            add(&passage.title);
            add(&passage.text);
        }
        Self { text: text.into(), ends: ends.into() }
    }

    /// Where the term of `finder` is found best, if it is.
    pub(super) fn find(&self, finder: &Finder<'_>) -> Option<Place> {
        let mut best: Option<Place> = None;
        let mut count = 0_usize;
        for at in finder.find_iter(self.text.as_bytes()).take(LOOKED_AT) {
            count = count.saturating_add(1);
            let (field, at_word) = (self.field(at), self.begins_word(at));
            let is_better = best.is_none_or(|best| (field, !at_word) < (best.field, !best.at_word));
            if is_better {
                best = Some(Place { field, at_word, count: 0 });
            }
        }
        best.map(|best| Place { count, ..best })
    }

    fn field(&self, at: usize) -> Field {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        match self.ends.partition_point(|end| *end <= at) {
            0 => Field::Title,
            1 => Field::Speaker,
            2 => Field::Tag,
            odd if odd % 2 == 1 => Field::Heading,
            _ => Field::Text,
        }
    }

    /// Han text has no words, so that they begin anywhere.
    fn begins_word(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_alphanumeric())
    }

    /// The Latin words of the note.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.text
            .split(|c: char| !c.is_alphabetic() || !is_latin(c))
            .filter(|word| !word.is_empty())
    }
}

/// Whether `c` is a letter that words of the Latin alphabet have, once accents are gone.
pub(super) fn is_latin(c: char) -> bool {
    c.is_ascii_lowercase() || matches!(c, '\u{e0}'..='\u{24f}')
}
