//! What the files beside a document tell about it: notes of one talk a file come in numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::evidence::Topic;
use super::indexes::Around;
use super::single_draft;
use crate::document::folder;
use crate::document::naming;
use crate::document::parsed::Document;
use crate::document::speakers::name_confidence::NameConfidence;
use crate::document::speakers::positions::{Credit, SpeakerPosition};

/// Files of one folder, or index files of the folders of one folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Surroundings {
    /// Files with one title.
    pub alike: usize,
    /// Those of them whose title or first lines name a speaker.
    pub credited: usize,
    /// Those that name a speaker and whose names begin with a number.
    pub numbered: usize,
    /// Where they have their speakers.
    pub usual: BTreeSet<SpeakerPosition>,
    /// Whether this is one of many documents of which few are about an event, and nothing says that it is.
    pub is_elsewhere: bool,
    /// What an index tells about this document.
    pub told: Around,
}

/// What a document tells about the files beside it.
#[derive(Clone, Debug)]
pub(in crate::document) struct Neighbour {
    /// The folder that it shares with those like it.
    key: String,
    /// Whether it names a speaker; none where it has not one title.
    credited: Option<bool>,
    /// What stands at each position of a speaker.
    positions: Vec<Positioned>,
    numbered: bool,
    /// Whether it says that it is about an event.
    of_event: bool,
}

impl Neighbour {
    /// What `document` tells.
    pub fn of(document: &Document<'_>) -> Self {
        let (credited, positions) = match single_draft::credits(document) {
            Some((credited, credits)) => (Some(credited), Positioned::of(&credits)),
            None => (None, Vec::new()),
        };
        let of_event = Topic::of(document).is_of_event() || document.front.speaks_of_a_talk();
        let numbered = single_draft::is_numbered(document);
        Self { key: key(document), credited, positions, numbered, of_event }
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        self.key.len() + self.positions.len() * size_of::<Positioned>()
    }

    /// Whether it says that it is about an event.
    pub fn is_of_event(&self) -> bool {
        self.of_event
    }

    /// The folder that it shares with those like it.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// What stands at a position: how likely it is a name, and a hash of it.
#[derive(Clone, Copy, Debug)]
struct Positioned {
    position: SpeakerPosition,
    name_confidence: NameConfidence,
    names: u64,
}

impl Positioned {
    fn of(credits: &[Credit]) -> Vec<Self> {
        let one = |credit: &Credit| {
            let mut hasher = DefaultHasher::new();
            naming::speakers_key(&credit.people.speakers).hash(&mut hasher);
            let (position, name_confidence) = (credit.position, credit.people.name_confidence);
            Self { position, name_confidence, names: hasher.finish() }
        };
        credits.iter().map(one).collect()
    }
}

/// What stands at one position of the documents of a folder.
#[derive(Clone, Debug, Default)]
struct Place {
    documents: usize,
    /// Different texts that may be names.
    shaped: BTreeSet<u64>,
    likely: usize,
    strong: usize,
}

impl Place {
    fn add(&mut self, own: Positioned) {
        self.documents += 1;
        if own.name_confidence > NameConfidence::None {
            self.shaped.insert(own.names);
        }
        self.likely += usize::from(own.name_confidence >= NameConfidence::Medium);
        self.strong += usize::from(own.name_confidence == NameConfidence::Strong);
    }

    /// Whether nearly all that stands there is different from each other, and most of it are names.
    fn is_usual(&self) -> bool {
        let different = self.shaped.len() * 5 >= self.documents * 4;
        let named = self.strong >= 1 || self.likely == self.documents;
        self.documents >= 2 && named && different && self.likely * 2 >= self.documents
    }
}

/// How many documents of a folder or of a repository are about an event.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::document) struct Share {
    all: usize,
    of_events: usize,
}

impl Share {
    /// Counts a document.
    pub fn add(&mut self, document: &Neighbour) {
        self.all += 1;
        self.of_events += usize::from(document.of_event);
    }

    /// Whether there are many documents, and few of them are about an event: those of a site.
    pub fn is_small(self) -> bool {
        self.all >= MANY && self.of_events * 3 < self.all
    }

    /// Whether half of the documents are about an event.
    pub fn is_half(self) -> bool {
        self.of_events * 2 >= self.all
    }

    /// Whether it is that of a folder which gathers what is about events.
    pub fn gathers(self) -> bool {
        self.of_events >= GATHERED && self.is_half()
    }
}

/// Documents about events from which on a folder is one of them.
const GATHERED: usize = 3;

/// Documents of a repository from which on most of them say what it is about.
const MANY: usize = 8;

/// The surroundings of all documents, by the folder that they share.
pub(in crate::document) fn all<'a>(
    documents: impl Iterator<Item = &'a Neighbour>,
) -> BTreeMap<String, Surroundings> {
    let mut found: BTreeMap<String, Surroundings> = BTreeMap::new();
    let mut places: BTreeMap<&str, BTreeMap<SpeakerPosition, Place>> = BTreeMap::new();
    for document in documents {
        let own = places.entry(&document.key).or_default();
        document
            .positions
            .iter()
            .for_each(|seated| own.entry(seated.position).or_default().add(*seated));
        if let Some(credited) = document.credited {
            let around = found.entry(document.key.clone()).or_default();
            around.alike += 1;
            around.credited += usize::from(credited);
            around.numbered += usize::from(credited && document.numbered);
        }
    }
    for (key, places) in places {
        let usual = places.into_iter().filter(|(_, place)| place.is_usual());
        let usual: BTreeSet<SpeakerPosition> = usual.map(|(position, _)| position).collect();
        if let Some(around) = found.get_mut(key) {
            around.usual = usual;
        }
    }
    found
}

/// The folder that a document shares with those like it.
fn key(document: &Document<'_>) -> String {
    let own = folder(document.path);
    if document.is_index() { format!("{}/*", folder(own)) } else { own.to_owned() }
}
