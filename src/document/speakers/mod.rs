//! Who gave a talk: names, and the places in and under a title where they stand.

mod brackets;
pub(super) mod by_words;
mod byline;
mod companies;
pub(super) mod credits;
mod expected;
mod handles;
pub(super) mod in_title;
mod lines;
mod list;
pub(super) mod name_confidence;
mod occupation;
pub(super) mod people;
mod person;
pub(super) mod personal_data;
pub(super) mod positions;
pub(super) mod prose;
pub(super) mod same;
mod scripts;
mod separators;
