//! Who gave a talk: names, and the places in and under a title where they stand.

pub(super) mod credits;
pub(super) mod people;
pub(super) mod seats;
