//! The documents of a revision on their way into a collection, one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::{Joined, Listed};
use super::elsewhere;
use super::files::KeptText;
use super::front_matter::slips;
use super::literal::{self, Literal};
use super::manifest::{self, Manifests};
use super::parsed::Document;
use super::publication::{self, Decision, Wish};
use super::reading::beside::Beside;
use super::reading::candidate::Candidate;
use super::reading::surroundings::Surroundings;
use super::reading::weigh::{self, Choice};
use super::reading::{self, Reading, talk};
use super::report::{Place, Report};
use super::rules::{self, RULES_FILE, Rules, Stated};
use super::summit_part::{self, SummitPart};
use super::text;
use super::told::Told;
use super::unsure;
use super::words::words;
use super::{Code, Collection, Imported, ReadOptions, extension, folder, is_markdown};
use crate::api::{DocumentReading, DraftPolicy, EventStatus, Format, ReadingDecider};

/// A Markdown file as text, with what was reported of it so far.
pub(super) struct Decoded<'a> {
    pub path: &'a str,
    text: String,
    report: Report,
}

/// What has been read so far.
#[derive(Clone, Default)]
pub(super) struct Reader {
    options: ReadOptions,
    collector: Told,
    rules: Rules,
    /// How documents were read.
    readings: BTreeMap<(&'static str, ReadingDecider), Counted>,
    /// Documents without talks, which may describe the summit of the files beside them.
    prose: Vec<Prose>,
    /// Folders with one talk a file, and the names of their summits.
    folders: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
    /// Documents that hold back what they give, or seem to.
    withheld: BTreeSet<String>,
    /// Documents that detection read.
    detected: BTreeSet<String>,
    documents: usize,
}

/// Documents that were read alike.
#[derive(Clone, Copy, Default)]
struct Counted {
    documents: usize,
    talks: usize,
    /// The least confidence of any of them, in percent.
    confidence: Option<u8>,
}

impl Counted {
    fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.talks += other.talks;
        self.confidence = self.confidence.into_iter().chain(other.confidence).min();
    }
}

#[derive(Clone)]
struct Prose {
    path: String,
    /// What it says of a summit, where it may describe one.
    part: Option<SummitPart>,
    is_index: bool,
    stated: Stated,
    /// Whether its front matter is that of a summit.
    declared: bool,
    /// Whether it may hold talks, which its report says.
    unsure: bool,
    report: Report,
}

impl Reader {
    pub fn new(options: ReadOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Takes the author's rules from the file of rules, where there is one beside the files at `paths`. What is wrong
    /// with them makes nothing vanish that is published.
    pub fn rules<'f>(&mut self, own: Option<&[u8]>, paths: impl Iterator<Item = &'f str>) {
        self.rules = Rules::of_spec(&self.options.rules);
        let paths: Vec<&str> = paths.filter(|path| is_markdown(path)).collect();
        if let Some(content) = own.filter(|_| self.options.format != Format::YAML) {
            let mut report = Report::new(RULES_FILE);
            if !self.rules.add_file(content, &mut report) {
                self.unreadable.extend(paths.iter().map(|path| (*path).to_owned()));
            }
            self.collector.report(report);
        }
        self.collector.diagnostics.extend(self.rules.unused(&paths));
    }

    /// How documents are read.
    pub fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// What rules say of the document at `path`.
    pub fn stated(&self, path: &str) -> Stated {
        self.rules.of(path)
    }

    /// One for a single file, which [`Self::absorb`] takes.
    pub fn part(&self) -> Self {
        let ReadOptions { format, drafts, now, .. } = self.options;
        let namespace = self.options.namespace.clone();
        Self::new(ReadOptions { format, drafts, now, namespace, rules: Vec::new() })
    }

    /// Takes what the file at `path` told.
    pub fn absorb(&mut self, path: &str, part: Self) {
        self.collector.extend(part.collector);
        for (reading, counted) in part.readings {
            self.readings.entry(reading).or_default().add(counted);
        }
        self.prose.extend(part.prose);
        for (of, name) in part.folders {
            // A talk names the summit of its own folder; that of the index which tells of it, where nothing does.
            if of == folder(path) {
                self.folders.insert(of, name);
            } else {
                self.folders.entry(of).or_insert(name);
            }
        }
        self.unreadable.extend(part.unreadable);
        self.withheld.extend(part.withheld);
        self.detected.extend(part.detected);
        self.documents += part.documents;
    }

    /// The Markdown of each talk, as [`Told::talk_texts`] gives it.
    pub fn talk_texts(
        &mut self,
    ) -> impl Iterator<Item = (&mut Option<String>, &mut Option<KeptText>)> {
        self.collector.talk_texts()
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        let prose = self.prose.iter().map(|prose| {
            let overview = prose.part.as_ref().and_then(|part| part.spec.overview.as_ref());
            size_of::<Prose>() + 512 + overview.map_or(0, String::len) + prose.report.weight()
        });
        size_of::<Self>() + self.collector.weight() + prose.sum::<usize>()
    }

    /// Reads a document with what stands beside it.
    pub fn read(&mut self, mut document: Document<'_>, beside: &Beside, report: Report) {
        document.targets.clone_from(&beside.targets);
        self.markdown(&document, &beside.around, report);
    }

    /// The text of a Markdown file. Manifests are read at once.
    pub fn decode<'f>(&mut self, path: &'f str, content: &[u8]) -> Option<Decoded<'f>> {
        let extension = extension(path);
        let format = self.options.format;
        match extension.as_deref() {
            Some("md" | "markdown") if format != Format::YAML => {}
            Some("yaml" | "yml" | "json") if matches!(format, Format::Auto | Format::YAML) => {
                self.manifests(path, content);
                return None;
            }
            _ => return None,
        }
        self.documents += 1;
        let mut report = Report::new(path);
        let Some(text) = text::decode(content, &mut report) else {
            self.give_up(path, content, report);
            return None;
        };
        Some(Decoded { path, text, report })
    }

    /// The structure of a document, with what was reported so far.
    pub fn parse<'t>(&mut self, decoded: &'t Decoded<'_>) -> Option<(Document<'t>, Report)> {
        let mut report = decoded.report.clone();
        let document = Document::new(decoded.path, &decoded.text, self.options.format, &mut report);
        let Some(mut document) = document else {
            self.give_up(decoded.path, decoded.text.as_bytes(), report);
            return None;
        };
        document.stated = self.rules.of(decoded.path);
        document.decision = self.decision(decoded.path, &document.front.wish);
        Some((document, report))
    }

    /// Whether what a document gives may be public.
    fn decision(&mut self, path: &str, wish: &Wish) -> Decision {
        let decision = wish.decide(path, self.options.drafts, self.options.now);
        if decision.withholds() {
            self.withheld.insert(path.to_owned());
        }
        decision
    }

    fn give_up(&mut self, path: &str, content: &[u8], report: Report) {
        if self.options.drafts == DraftPolicy::Hide && publication::seems_withheld(path, content) {
            self.withheld.insert(path.to_owned());
        }
        self.unreadable.insert(path.to_owned());
        self.collector.report(report);
    }

    fn markdown(&mut self, document: &Document<'_>, around: &Surroundings, mut report: Report) {
        let front = &document.front;
        if let Some(fields) = &front.literal {
            slips::report(&front.slips, true, &mut report);
            tell_why(&document.decision, &mut report);
            self.literal(document, fields, report);
            return;
        }
        let choice = weigh::weigh(document, around);
        let reading = reading::read(document, choice.best.as_ref(), &around.told, &mut report);
        let is_note = !matches!(reading, Reading::Prose(_)) || document.declares_a_summit();
        slips::report(&front.slips, is_note, &mut report);
        let unsure = choice.unsure(document);
        let unsure = unsure.and_then(|own| unsure::message(document, own, &around.told));
        if let Some(message) = &unsure {
            report.whole(Code::Unsure, message);
            // What an earlier revision made of it stays.
            self.unreadable.insert(document.path.to_owned());
        }
        self.count(document, &choice, &reading, unsure.is_some());
        if reading.talks() > 0 {
            tell_why(&document.decision, &mut report);
        }
        match reading {
            Reading::Summit(mut part, talks) => {
                document.decision.bind_summit(&mut part.spec);
                for talk in talks {
                    let talk = self.finished(document, talk);
                    self.collector.talk(document.path, Some(&part.name), talk);
                }
                self.collector.summit(document.path, part);
            }
            Reading::Talk(part, talk) => self.talk(document, around, part, *talk),
            Reading::Prose(mut part) => {
                document.decision.bind_summit(&mut part.spec);
                let (is_index, declared) = (document.is_index(), document.declares_a_summit());
                self.prose.push(Prose {
                    path: document.path.to_owned(),
                    part: (is_index || declared).then_some(part),
                    is_index,
                    stated: document.stated.clone(),
                    declared,
                    unsure: unsure.is_some(),
                    report,
                });
                return;
            }
        }
        self.collector.report(report);
    }

    /// A talk with what its document says of all that it gives.
    fn finished(&self, document: &Document<'_>, mut talk: talk::Talk) -> talk::Talk {
        let (front, stated) = (&document.front, &document.stated.rule);
        let spec = &mut talk.spec;
        document.decision.bind_note(spec);
        if front.cancelled {
            spec.event_status = Some(EventStatus::Cancelled);
        }
        spec.rendering = document.rendering();
        spec.robots.clone_from(&front.robots);
        let language = stated.language.as_ref().or(front.lang.as_ref());
        spec.language = language.cloned().or(spec.language.take());
        spec.kind = stated.kind.or(spec.kind);
        talk
    }

    /// A document about one talk, and the summit that it or an index names.
    fn talk(
        &mut self,
        document: &Document<'_>,
        around: &Surroundings,
        part: Option<SummitPart>,
        talk: talk::Talk,
    ) {
        let (path, entry) = (document.path, &around.told.entry);
        // An index that names the event knows better than a folder whose name says only what is in it.
        let front = &document.front;
        let named = document.stated.rule.summit.as_ref().or(front.summit.as_ref());
        let named = named.or(front.event.as_ref()).is_some();
        let bare = |part: &SummitPart| !named && words().is_talk_folder(&part.spec.title);
        let index = entry.summit.clone().zip(entry.place.clone());
        let mut part = match index.filter(|_| part.as_ref().is_none_or(bare)) {
            Some((told, (index, _))) => {
                self.folders.entry(folder(&index).to_owned()).or_insert(told.name.clone());
                Some(told)
            }
            None => part,
        };
        if let Some(place) = &entry.place {
            self.collector.listed.push(Listed {
                path: path.to_owned(),
                index: place.clone(),
                has_summit: named,
            });
        }
        part.iter_mut().for_each(|part| document.decision.bind_summit(&mut part.spec));
        let summit = part.as_ref().map(|part| part.name.as_str());
        self.collector.talk(path, summit, self.finished(document, talk));
        if let Some(part) = part {
            self.folders.insert(folder(path).to_owned(), part.name.clone());
            self.collector.summit(path, part);
        }
    }

    /// Counts how a document was read.
    fn count(&mut self, document: &Document<'_>, choice: &Choice, reading: &Reading, unsure: bool) {
        let talks = reading.talks();
        let none = if unsure { unsure::READING } else { rules::NO_TALKS };
        let chosen = choice.best.as_ref().filter(|_| talks > 0);
        let words = chosen.map_or(none, |own| own.shape.describe());
        let by = if document.stated.by().is_empty() {
            ReadingDecider::Detection
        } else {
            ReadingDecider::Rule
        };
        if document.stated.rule.talks.is_none() {
            self.detected.insert(document.path.to_owned());
        }
        let detected = chosen.filter(|_| document.stated.rule.talks.is_none());
        let confidence = detected.map(Candidate::confidence);
        self.add_reading(words, by, Counted { documents: 1, talks, confidence });
    }

    fn add_reading(&mut self, words: &'static str, by: ReadingDecider, counted: Counted) {
        self.readings.entry((words, by)).or_default().add(counted);
    }

    /// A document that says what it is. One that says its name, too, is as good as a manifest.
    fn literal(
        &mut self,
        document: &Document<'_>,
        fields: &serde_json::Map<String, serde_json::Value>,
        mut report: Report,
    ) {
        let path = document.path.to_owned();
        let mut named = Manifests::default();
        let mut said = literal::read(document, fields, &mut report);
        match &mut said {
            Some(Literal::Note(_, spec)) => document.decision.bind_note(spec),
            Some(Literal::Summit(_, spec)) => document.decision.bind_summit(spec),
            None => {}
        }
        let metadata = literal::metadata(fields, said.is_some(), &mut report);
        let talks = match &said {
            Some(Literal::Note(..)) => Some(1),
            Some(Literal::Summit(..)) => Some(0),
            None => None,
        };
        if let Some(talks) = talks {
            let counted = Counted { documents: 1, talks, confidence: None };
            self.add_reading(literal::READING, ReadingDecider::Document, counted);
        }
        match said {
            Some(Literal::Note(Some(name), spec)) => {
                let note = Imported::new(name, *spec, &path, 1);
                named.notes.push(Imported { metadata, ..note });
            }
            Some(Literal::Summit(Some(name), spec)) => {
                let summit = Imported::new(name, *spec, &path, 1);
                named.summits.push(Imported { metadata, ..summit });
            }
            Some(Literal::Note(None, spec)) => {
                let summit = spec.summit_ref.clone().map(|summit| summit.name);
                self.collector.talk(&path, summit.as_deref(), talk::Talk { spec: *spec, line: 1 });
            }
            Some(Literal::Summit(None, spec)) => {
                let (name, described) = (summit_part::name_of(document), true);
                self.collector.summit(&path, SummitPart { name, spec: *spec, line: 1, described });
            }
            None => {
                self.unreadable.insert(path);
            }
        }
        self.collector.manifests(named);
        self.collector.report(report);
    }

    fn manifests(&mut self, path: &str, content: &[u8]) {
        if let Some(elsewhere) = elsewhere::look(content) {
            // Most such files are no manifests; one that was is not taken for one that its author removed.
            let mut report = Report::new(path);
            report
                .whole(Code::NotFollowed, format!("the file {} and is not read", elsewhere.told()));
            self.give_up(path, content, report);
            return;
        }
        if !manifest::may_be_ours(content) {
            return;
        }
        let mut report = Report::new(path);
        match text::decode(content, &mut report) {
            Some(text) => {
                let mut manifests =
                    manifest::read(path, &text, self.options.namespace.as_deref(), &mut report);
                self.hold_back(&mut manifests, &mut report);
                self.documents += usize::from(manifests.ours);
                if manifests.broken {
                    self.unreadable.insert(path.to_owned());
                }
                self.collector.manifests(manifests);
            }
            None => {
                self.documents += 1;
                self.unreadable.insert(path.to_owned());
            }
        }
        self.collector.report(report);
    }

    /// Manifests say themselves whether they are public, but for those in a folder of drafts.
    fn hold_back(&mut self, manifests: &mut Manifests, report: &mut Report) {
        let now = self.options.now;
        for note in &mut manifests.notes {
            let wish = Wish { stated: note.spec.publication, ..Wish::default() };
            let decision = wish.decide(&note.path, self.options.drafts, now);
            decision.bind_note(&mut note.spec);
            tell_why(&decision, report);
        }
        for summit in &mut manifests.summits {
            let wish = Wish { stated: summit.spec.publication, ..Wish::default() };
            let decision = wish.decide(&summit.path, self.options.drafts, now);
            decision.bind_summit(&mut summit.spec);
        }
    }

    /// An index beside talks describes their summit; other documents without talks are reported. Tells, too,
    /// which texts became one.
    pub fn finish(mut self) -> (Collection, Joined) {
        for Prose { path, part, is_index, stated, declared, unsure, mut report } in self.prose {
            let named = self.folders.get(folder(&path)).filter(|_| is_index);
            let described = part.filter(|_| named.is_some() || declared);
            if let Some(mut part) = described {
                if let Some(name) = named {
                    part.name.clone_from(name);
                }
                self.collector.summit(&path, part);
            } else if let Some(said) = stated.without_talks() {
                said.into_iter().for_each(|said| report.whole(Code::RuleWithoutTalk, said));
            } else if !is_index && !unsure {
                report.whole(
                    Code::NoTalks,
                    "no talk was found here: write talks as headings such as `## Title - Speaker` under \
                     a day such as `# 2026-05-14`, one talk a file with front matter, or exclude this file",
                );
            }
            self.collector.report(report);
        }
        let readings = readings_in_order(self.readings);
        let (mut all, joined) = self.collector.collector().finish(self.unreadable, self.documents);
        all.withheld = self.withheld.intersection(&all.unreadable).cloned().collect();
        (Collection { readings, detected: self.detected, ..all }, joined)
    }
}

/// Tells why a document is held back, where its author might not know.
fn tell_why(decision: &Decision, report: &mut Report) {
    if let Some(because) = &decision.because {
        report.at(Code::Withheld, Place::line(1), format!("its notes are drafts: {because}"));
    }
}

/// Readings as a status has them, the most frequent first.
fn readings_in_order(
    counted: BTreeMap<(&'static str, ReadingDecider), Counted>,
) -> Vec<DocumentReading> {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let mut readings: Vec<DocumentReading> = counted
        .into_iter()
        .map(|((reading, by), counted)| DocumentReading {
            reading: reading.to_owned(),
            by,
            documents: number(counted.documents),
            talks: number(counted.talks),
            confidence: counted.confidence.map(i32::from),
        })
        .collect();
    readings.sort_by_key(|reading| std::cmp::Reverse((reading.documents, reading.talks)));
    readings
}
