//! Documents and manifests that say what they are.

use super::counts::Counted;
use super::{Reader, tell_why};
use crate::api::ReadingDecider;
use crate::document::explicit_document::{self, ExplicitObject};
use crate::document::manifest::{self, Manifests};
use crate::document::parsed::Document;
use crate::document::publication::Wish;
use crate::document::reading::talk;
use crate::document::report::Report;
use crate::document::summit_part::{self, SummitPart};
use crate::document::{Code, Imported, elsewhere, text};

impl Reader {
    /// A document that says what it is. One that says its name, too, is as good as a manifest.
    pub(super) fn explicit(
        &mut self,
        document: &Document<'_>,
        fields: &serde_json::Map<String, serde_json::Value>,
        mut report: Report,
    ) {
        let path = document.path.to_owned();
        let mut named = Manifests::default();
        let mut said = explicit_document::read(document, fields, &mut report);
        match &mut said {
            Some(ExplicitObject::Note(_, spec)) => document.decision.bind_note(spec),
            Some(ExplicitObject::Summit(_, spec)) => document.decision.bind_summit(spec),
            None => {}
        }
        let metadata = explicit_document::metadata(fields, said.is_some(), &mut report);
        let talks = match &said {
            Some(ExplicitObject::Note(..)) => Some(1),
            Some(ExplicitObject::Summit(..)) => Some(0),
            None => None,
        };
        if let Some(talks) = talks {
            let counted = Counted { documents: 1, talks, confidence: None };
            self.add_reading(explicit_document::READING, ReadingDecider::Document, counted);
        }
        match said {
            Some(ExplicitObject::Note(Some(name), spec)) => {
                let note = Imported::new(name, *spec, &path, 1);
                named.notes.push(Imported { metadata, ..note });
            }
            Some(ExplicitObject::Summit(Some(name), spec)) => {
                let summit = Imported::new(name, *spec, &path, 1);
                named.summits.push(Imported { metadata, ..summit });
            }
            Some(ExplicitObject::Note(None, spec)) => {
                let summit = spec.summit_ref.clone().map(|summit| summit.name);
                self.collector.talk(&path, summit.as_deref(), talk::Talk { spec: *spec, line: 1 });
            }
            Some(ExplicitObject::Summit(None, spec)) => {
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

    pub(super) fn manifests(&mut self, path: &str, content: &[u8]) {
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
}
