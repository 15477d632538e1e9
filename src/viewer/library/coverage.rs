//! How much is written about a talk, on either side: what one person noted, and what all wrote together.

use super::text::Passage;
use crate::render::reading_seconds;

/// How full the two pages of a note are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// What one person noted, or all of a note that has no such sections.
    pub own: Fill,
    /// What all wrote together.
    pub shared: Fill,
}

/// How full a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fill {
    /// Nothing is written.
    #[default]
    Empty,
    /// Less than a minute of reading.
    Short,
    /// Less than three minutes.
    Half,
    /// Three minutes or more.
    Full,
}

impl Fill {
    fn of(seconds: u32) -> Self {
        match seconds {
            0 => Self::Empty,
            1..60 => Self::Short,
            60..180 => Self::Half,
            _ => Self::Full,
        }
    }

    /// Height of what is filled, of 13.
    pub fn height(self) -> u8 {
        match self {
            Self::Empty => 0,
            Self::Short => 4,
            Self::Half => 8,
            Self::Full => 13,
        }
    }
}

/// Headings of what many wrote together, in small letters.
const SHARED: [&str; 8] =
    ["共筆", "共同筆記", "協作", "shared", "collaborative", "together", "共編", "collab"];

/// Whether a section's heading says that many wrote it.
fn is_shared(title: &str) -> bool {
    let title = title.to_lowercase();
    SHARED.iter().any(|word| title.contains(word))
}

impl Coverage {
    /// Of a note with these passages.
    pub fn of(passages: &[Passage]) -> Self {
        let (mut own, mut shared) = (0_u32, 0_u32);
        let mut in_shared = false;
        for passage in passages {
            if passage.level == 2 {
                in_shared = is_shared(&passage.title);
            }
            let to = if in_shared { &mut shared } else { &mut own };
            *to = to.saturating_add(reading_seconds(&passage.text));
        }
        Self { own: Fill::of(own), shared: Fill::of(shared) }
    }

    /// Whether nothing is written.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_by_their_headings() {
        let passage = |level, title: &str, words: usize| Passage {
            level,
            title: title.to_owned(),
            text: "字".repeat(words),
            ..Passage::default()
        };
        let note = [
            passage(2, "Personal", 1),
            passage(2, "共筆 notes", 0),
            passage(3, "Q&A", 2000),
            passage(2, "Ref", 600),
        ];
        let coverage = Coverage::of(&note);
        assert_eq!((coverage.own, coverage.shared), (Fill::Half, Fill::Full));
        assert!(Coverage::of(&note[1..2]).is_empty());
        assert_eq!(Coverage::of(&[passage(0, "", 5)]).own, Fill::Short);
    }
}
