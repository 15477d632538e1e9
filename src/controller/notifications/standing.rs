//! How notes stand, as far as others are told of it, and what has happened to one that stands otherwise than
//! its sink was told. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::notify::EventType;

/// How a note stands.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The beginning of the digest of its page; none where it has no page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The same of why it cannot be published as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Name of the summit, which is part of the address of its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summit: Option<String>,
}

/// What a sink was told of a note.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How it stood.
    pub standing: Standing,
    /// The beginning of its uid.
    pub uid: String,
    /// How often something has happened to it.
    pub count: u64,
}

/// A note, or the object whose sink it is, as it is now.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The beginning of its uid.
    pub uid: String,
    /// How it stands.
    pub standing: Standing,
    /// Its title.
    pub title: String,
    /// Why it cannot be published: a word for programs, and a sentence.
    pub why: Option<(String, String)>,
}

/// All of a sink's notes by name. That of the object whose sink it is is empty.
pub type Now = BTreeMap<String, Subject>;
/// What the sink was told of them.
pub type Ledger = BTreeMap<String, Told>;

/// Something that happened to a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Name of the note.
    pub name: String,
    /// What has happened; none where it is nothing to be told.
    pub kind: Option<EventType>,
    /// What is remembered once the sink has heard of it; none where the note is gone.
    pub told: Option<Told>,
    /// What was remembered before.
    pub before: Option<Told>,
}

/// What has happened since `ledger`: one thing for each note at most, by name. `elsewhere` says whether a note
/// that is none of the sink's any more is still published.
pub fn happened(ledger: &Ledger, now: &Now, elsewhere: impl Fn(&str) -> bool) -> Vec<Happened> {
    let mut all = Vec::new();
    for (name, subject) in now {
        all.extend(changed(name, ledger.get(name), subject));
    }
    for (name, told) in ledger.iter().filter(|(name, _)| !now.contains_key(*name)) {
        let was_seen = told.standing.page.is_some() && !elsewhere(name);
        all.push(Happened {
            name: name.clone(),
            kind: was_seen.then_some(EventType::Withdrawn),
            told: None,
            before: Some(told.clone()),
        });
    }
    all
}

fn changed(name: &str, before: Option<&Told>, subject: &Subject) -> Option<Happened> {
    let nothing = Standing::default();
    let (old, new) = (before.map_or(&nothing, |told| &told.standing), &subject.standing);
    let (kind, standing) = step(old, new)?;
    let count = before.map_or(0, |told| told.count);
    let told =
        Told { standing, uid: subject.uid.clone(), count: count + u64::from(kind.is_some()) };
    let happened =
        Happened { name: name.to_owned(), kind, told: Some(told), before: before.cloned() };
    (happened.told != happened.before).then_some(happened)
}

/// The first of the steps that lead from one standing to another: that of the page, then that of the failure.
fn step(old: &Standing, new: &Standing) -> Option<(Option<EventType>, Standing)> {
    let moved = old.summit != new.summit;
    let of_page = match (&old.page, &new.page) {
        (None, Some(_)) => Some(EventType::Published),
        (Some(_), None) => Some(EventType::Withdrawn),
        (Some(old), Some(new)) if old != new || moved => Some(EventType::Changed),
        _ => None,
    };
    if of_page.is_some() {
        return Some((of_page, Standing { failure: old.failure.clone(), ..new.clone() }));
    }
    let of_failure = match (&old.failure, &new.failure) {
        (Some(_), None) => Some(EventType::Recovered),
        (old, Some(new)) if old.as_ref() != Some(new) => Some(EventType::Failed),
        _ => None,
    };
    if of_failure.is_some() || moved {
        return Some((of_failure, new.clone()));
    }
    None
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
