//! Who gave a talk: names, and the places in and under a title where they stand.

pub(super) mod by_words;
mod byline;
mod companies;
pub(super) mod credits;
mod handles;
pub(super) mod in_title;
pub(super) mod likeness;
mod lines;
mod list;
pub(super) mod names_at_start;
mod occupation;
pub(super) mod parted;
pub(super) mod people;
mod person;
pub(super) mod personal_data;
pub(super) mod prose;
pub(super) mod same;
pub(super) mod seats;
mod separators;
