//! What a document tells about the others, and what its reading takes from outside of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::indexes::{Indexes, Links};
use super::surroundings::{self, Neighbour, Surroundings};
use crate::api::DraftPolicy;
use crate::document::ReadOptions;
use crate::document::parsed::Document;
use crate::document::publication::{Decision, Wish};

/// What a document tells about those beside it, and what it says of when it may be public.
#[derive(Clone, Debug)]
pub(in crate::document) struct Facts {
    neighbour: Neighbour,
    links: Links,
    wish: Wish,
}

impl Facts {
    /// Finds them. What stands beside the document plays no part.
    pub fn of(document: &Document<'_>) -> Self {
        Self {
            neighbour: Neighbour::of(document),
            links: Links::of(document),
            wish: document.front.wish.clone(),
        }
    }

    /// How many bytes they take, about.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.links.weight()
    }
}

/// All that the reading of a document takes from outside of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Beside {
    pub around: Surroundings,
    /// Its lines with a link to a file that is among the documents.
    pub targets: BTreeSet<usize>,
    /// Whether it may be public: it depends on the time that it is.
    decision: Decision,
}

/// The facts of all documents.
pub(in crate::document) struct Repository<'a> {
    around: BTreeMap<String, Surroundings>,
    indexes: Indexes,
    paths: BTreeSet<&'a str>,
    drafts: DraftPolicy,
    now: Option<Timestamp>,
}

impl<'a> Repository<'a> {
    /// Gathers them, in the order of their paths. `paths` are those of all documents, those without facts, too.
    pub fn of<'f>(
        facts: impl Iterator<Item = (&'f str, &'f Facts)> + Clone,
        paths: BTreeSet<&'a str>,
        options: &ReadOptions,
    ) -> Self {
        let mut repository = Self {
            around: surroundings::all(facts.clone().map(|(_, facts)| &facts.neighbour)),
            indexes: Indexes::default(),
            paths,
            drafts: options.drafts,
            now: options.now,
        };
        // What an index that is held back tells must not become public by the files that it lists.
        let open = facts.filter(|(path, facts)| !repository.decide(path, facts).withholds());
        repository.indexes = Indexes::of(open.map(|(_, facts)| &facts.links));
        repository
    }

    /// What they tell about the document at `path`, which has these facts.
    pub fn about(&self, path: &str, facts: &Facts) -> Beside {
        let around = self.around.get(facts.neighbour.key()).cloned().unwrap_or_default();
        let several = self.paths.len() > 1;
        Beside {
            around: Surroundings { told: self.indexes.about(path), ..around },
            targets: if several { facts.links.targets(&self.paths) } else { BTreeSet::new() },
            decision: self.decide(path, facts),
        }
    }

    fn decide(&self, path: &str, facts: &Facts) -> Decision {
        facts.wish.decide(path, self.drafts, self.now)
    }
}
