//! What documents told on their way into a collection, in their order.

use super::collect::{Collector, Listed};
use super::files::KeptText;
use super::manifest::Manifests;
use super::reading::talk::Talk;
use super::report::Report;
use super::summit_part::SummitPart;
use crate::api::Diagnostic;

/// What documents told. It is kept between revisions, so that a document that did not change needs not be read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    calls: Vec<Call>,
    /// Documents to which indexes link.
    pub listed: Vec<Listed>,
    /// Diagnostics of no document.
    pub diagnostics: Vec<Diagnostic>,
}

/// One thing that a document told.
#[derive(Clone, Debug)]
enum Call {
    Summit(String, Box<SummitPart>),
    Talk(String, Option<String>, Box<Talk>, Option<KeptText>),
    Manifests(Manifests),
    Report(Report),
}

impl Told {
    /// Adds a summit, as [`Collector::summit`] does.
    pub fn summit(&mut self, path: &str, part: SummitPart) {
        self.calls.push(Call::Summit(path.to_owned(), Box::new(part)));
    }

    /// Adds a talk of the summit `summit`.
    pub fn talk(&mut self, path: &str, summit: Option<&str>, talk: Talk) {
        let summit = summit.map(str::to_owned);
        self.calls.push(Call::Talk(path.to_owned(), summit, Box::new(talk), None));
    }

    /// Adds the manifests of a file.
    pub fn manifests(&mut self, manifests: Manifests) {
        self.calls.push(Call::Manifests(manifests));
    }

    /// Adds the diagnostics of a document.
    pub fn report(&mut self, report: Report) {
        self.calls.push(Call::Report(report));
    }

    /// Adds what another document told.
    pub fn extend(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.listed.extend(other.listed);
        self.diagnostics.extend(other.diagnostics);
    }

    /// Collects everything.
    pub fn collector(self) -> Collector {
        let mut collector = Collector::default();
        for call in self.calls {
            match call {
                Call::Summit(path, part) => collector.summit(&path, *part),
                Call::Talk(path, summit, talk, text) => {
                    collector.talk(&path, summit.as_deref(), *talk, text);
                }
                Call::Manifests(manifests) => collector.manifests(manifests),
                Call::Report(report) => collector.report(report),
            }
        }
        collector.listed.extend(self.listed);
        collector.diagnostics.extend(self.diagnostics);
        collector
    }

    /// The Markdown of each talk, in their order, with what says where it stands once it is taken away.
    pub fn talk_texts(
        &mut self,
    ) -> impl Iterator<Item = (&mut Option<String>, &mut Option<KeptText>)> {
        self.calls.iter_mut().filter_map(|call| match call {
            Call::Talk(_, _, talk, text) => Some((&mut talk.spec.markdown, text)),
            Call::Summit(..) | Call::Manifests(_) | Call::Report(_) => None,
        })
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        self.calls.iter().map(Call::weight).sum()
    }
}

impl Call {
    fn weight(&self) -> usize {
        // Fields that are short are counted with the structs.
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        size_of::<Self>()
            + match self {
                Self::Summit(_, part) => size_of::<SummitPart>() + 512 + text(&part.spec.overview),
                Self::Talk(_, _, talk, _) => {
                    let links = talk.spec.links.iter();
                    let links = links.map(|link| 64 + link.url.len() + text(&link.title));
                    size_of::<Talk>() + 256 + text(&talk.spec.markdown) + links.sum::<usize>()
                }
                Self::Manifests(manifests) => {
                    let notes = manifests.notes.iter().map(|note| 2048 + text(&note.spec.markdown));
                    let summits =
                        manifests.summits.iter().map(|own| 2048 + text(&own.spec.overview));
                    notes.chain(summits).sum()
                }
                Self::Report(report) => report.weight(),
            }
    }
}
