//! The documents of a revision on their way into a collection, one by one.

mod counts;
mod explicit;
mod markdown;

use std::collections::{BTreeMap, BTreeSet};

use super::collect::Joined;
use super::files::KeptText;
use super::parsed::Document;
use super::publication::{self, Decision, Wish};
use super::report::{Place, Report};
use super::rules::Rules;
use super::selection::RULES_FILE;
use super::stated::Stated;
use super::summit_part::SummitPart;
use super::text;
use super::told::Told;
use super::{Code, Collection, ReadOptions, extension, folder, is_markdown};
use crate::api::{DraftPolicy, Format, ReadingDecider};
use counts::{Counted, readings_in_order};

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

    fn add_reading(&mut self, words: &'static str, by: ReadingDecider, counted: Counted) {
        self.readings.entry((words, by)).or_default().add(counted);
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
