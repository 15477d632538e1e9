//! A Markdown document becomes what it told.

use super::counts::Counted;
use super::{Prose, Reader, tell_why};
use crate::api::{EventStatus, ReadingDecider};
use crate::document::collect::Listed;
use crate::document::front_matter::key_typos;
use crate::document::parsed::Document;
use crate::document::reading::beside::Beside;
use crate::document::reading::candidate::Candidate;
use crate::document::reading::select::{self, Choice};
use crate::document::reading::surroundings::Surroundings;
use crate::document::reading::{self, Reading, talk};
use crate::document::report::Report;
use crate::document::summit_part::SummitPart;
use crate::document::words::words;
use crate::document::{Code, folder, rules, unsure};

impl Reader {
    /// Reads a document with what stands beside it.
    pub fn read(&mut self, mut document: Document<'_>, beside: &Beside, report: Report) {
        document.targets.clone_from(&beside.targets);
        self.markdown(&document, &beside.around, report);
    }

    fn markdown(&mut self, document: &Document<'_>, around: &Surroundings, mut report: Report) {
        let front = &document.front;
        if let Some(fields) = &front.explicit {
            key_typos::report(&front.key_typos, true, &mut report);
            tell_why(&document.decision, &mut report);
            self.explicit(document, fields, report);
            return;
        }
        let choice = select::select(document, around);
        let reading = reading::read(document, choice.best.as_ref(), &around.told, &mut report);
        let is_note = !matches!(reading, Reading::Prose(_)) || document.declares_a_summit();
        key_typos::report(&front.key_typos, is_note, &mut report);
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
}
