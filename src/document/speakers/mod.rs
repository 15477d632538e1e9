//! Who gave a talk: names, and the places in and under a title where they stand.

pub(super) mod credits;
pub(super) mod likeness;
pub(super) mod people;
mod person;
pub(super) mod personal_data;
mod prose;
pub(super) mod same;
pub(super) mod seats;
