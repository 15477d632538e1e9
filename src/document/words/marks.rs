//! What stands between the parts of a line, and the names of files that say what they are.

use super::{MarkList, WordList};
use crate::document::text::fold;
use serde::Deserialize;

/// Separators and the small words that work like them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct MarkWords {
    /// What stands between a title and its speakers, with white space around it.
    pub dashes: MarkList,
    /// The same, of which another one may follow behind the speakers.
    pub bars: MarkList,
    /// The same where none of those stands in the title.
    pub slashes: MarkList,
    spaced: WordList,
    between_names: String,
    company_tails: WordList,
    /// What stands between a name and its company, the first that is found counts.
    pub before_companies: MarkList,
    /// What names behind a bold title begin with.
    pub behind_bold: Vec<String>,
    numerals: Vec<String>,
    day_units: String,
}

impl MarkWords {
    /// Whether a separator needs white space at both sides.
    pub fn is_spaced(&self, mark: &str) -> bool {
        self.spaced.contains(mark)
    }

    /// Whether a character stands between two people wherever it stands.
    pub fn is_between_names(&self, c: char) -> bool {
        self.between_names.contains(c)
    }

    /// Whether a word behind `&` ends the name of a company.
    pub fn is_company_tail(&self, word: &str) -> bool {
        self.company_tails.contains(&fold(word))
    }

    /// The number that a numeral stands for.
    pub fn number(&self, numeral: &str) -> Option<usize> {
        self.numerals.iter().position(|known| known == numeral).map(|index| index + 1)
    }

    /// Whether a character stands behind the number of a day.
    pub fn is_day_unit(&self, c: char) -> bool {
        self.day_units.contains(c)
    }
}

/// Names of files without their extension.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::document) struct FileWords {
    index: WordList,
    not_notes: WordList,
    draft_folders: WordList,
    draft_ends: WordList,
}

impl FileWords {
    /// Whether a file of this name stands for its folder.
    pub fn is_index(&self, stem: &str) -> bool {
        self.index.contains(&stem.to_ascii_lowercase())
    }

    /// Whether a folder of this name holds drafts.
    pub fn is_draft_folder(&self, name: &str) -> bool {
        self.draft_folders.contains(&fold(name))
    }

    /// Whether a file is a draft that has this in front of its extension.
    pub fn is_draft_end(&self, end: &str) -> bool {
        self.draft_ends.contains(&fold(end))
    }

    /// Whether a file of this name lies beside notes and is none.
    pub fn is_not_notes(&self, stem: &str) -> bool {
        self.not_notes.contains(&stem.to_ascii_lowercase())
    }
}
