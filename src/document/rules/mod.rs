//! Rules: what an author or an administrator says about where talks, speakers and days stand. What no
//! rule says is left to detection.

mod check;
pub(super) mod days;
mod file;
mod flow;
mod shape;
pub(super) mod speakers;
mod trial;
mod write;

use globset::GlobSet;

use super::codes::Code;
use super::report::{self, Report};
use super::selection::{self, RULES_FILE};
use super::stated::{Origin, Stated};
use crate::api::{Diagnostic, ReadingRule};

pub use check::{RuleFault, check_rules};
pub use flow::in_a_line;
pub(super) use trial::NO_TALKS;
pub(super) use trial::{confirming, detected};
pub(super) use write::write;

/// All rules that there are, in the order in which they count.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    rules: Vec<Compiled>,
}

#[derive(Clone, Debug)]
struct Compiled {
    rule: ReadingRule,
    paths: GlobSet,
    origin: Origin,
}

impl Compiled {
    fn matches(&self, path: &str) -> bool {
        self.rule.paths.is_empty() || self.paths.is_match(path)
    }
}

impl Rules {
    /// The rules of a spec. Those that [`check_rules`] finds fault with are left out.
    pub fn of_spec(rules: &[ReadingRule]) -> Self {
        let sound = rules.iter().enumerate().filter(|(_, rule)| check::faults(rule).is_empty());
        let mut all = Self::default();
        for (index, rule) in sound {
            all.add(rule.clone(), Origin::Spec(index));
        }
        all
    }

    /// Adds those of the repository's own file behind them. `false` where the file has errors.
    pub fn add_file(&mut self, content: &[u8], report: &mut Report) -> bool {
        let (rules, sound) = file::read(content, report);
        for (index, place, rule) in rules {
            self.add(rule, Origin::File(index, place));
        }
        sound
    }

    fn add(&mut self, rule: ReadingRule, origin: Origin) {
        if let Ok(paths) = selection::set(&rule.paths) {
            self.rules.push(Compiled { rule, paths, origin });
        }
    }

    /// What the rules say of the document at `path`.
    pub fn of(&self, path: &str) -> Stated {
        let mut stated = Stated::default();
        for Compiled { rule, origin, .. } in self.rules.iter().filter(|rule| rule.matches(path)) {
            stated.fill(rule, origin);
        }
        stated
    }

    /// A warning for each rule that is for none of the documents at `paths`.
    pub fn unused(&self, paths: &[&str]) -> Vec<Diagnostic> {
        let message = "this rule is for no document that is read: correct its paths, or remove it";
        let unused = self.rules.iter().filter(|rule| !paths.iter().any(|path| rule.matches(path)));
        unused
            .map(|rule| match rule.origin {
                Origin::Spec(_) => {
                    report::diagnostic(&rule.origin.to_string(), Code::UnusedRule, None, message)
                }
                Origin::File(_, place) => {
                    report::diagnostic(RULES_FILE, Code::UnusedRule, Some(place), message)
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{DaysRule, TalkKind};
    use crate::document::report::Place;

    fn rule(paths: &[&str], kind: Option<TalkKind>, language: Option<&str>) -> ReadingRule {
        ReadingRule {
            paths: paths.iter().map(|&path| path.to_owned()).collect(),
            kind,
            language: language.map(str::to_owned),
            ..ReadingRule::default()
        }
    }

    #[test]
    fn the_first_rule_that_matches_and_sets_a_part_decides_it() {
        let mut rules = Rules::of_spec(&[
            rule(&["a/**"], Some(TalkKind::Panel), None),
            rule(&[], Some(TalkKind::Workshop), Some("fr")),
        ]);
        rules.add(rule(&["**/*.md"], None, Some("de")), Origin::File(0, Place::line(2)));
        let stated = rules.of("a/x.md");
        assert_eq!(stated.rule.kind, Some(TalkKind::Panel));
        assert_eq!(stated.rule.language.as_deref(), Some("fr"));
        let by: Vec<String> = stated.by().iter().map(|(p, o)| format!("{p} by {o}")).collect();
        assert_eq!(by, ["kind by spec.rules[0]", "language by spec.rules[1]"]);
        assert_eq!(rules.of("b.md").rule.kind, Some(TalkKind::Workshop));
    }

    #[test]
    fn rules_for_no_document_are_told() {
        let mut rules = Rules::of_spec(&[rule(&["a/*"], None, None), rule(&["b/*"], None, None)]);
        rules.add(rule(&["c/*"], None, None), Origin::File(0, Place::line(4)));
        let unused = rules.unused(&["a/x.md"]);
        let places: Vec<_> = unused.iter().map(|d| (d.path.as_str(), d.line)).collect();
        assert_eq!(places, [("spec.rules[1]", None), (RULES_FILE, Some(4))]);
    }

    #[test]
    fn a_bad_rule_of_a_spec_is_left_out() {
        let days = DaysRule { day: Some("2026-02-30".to_owned()), ..DaysRule::default() };
        let bad = ReadingRule { days: Some(days), ..ReadingRule::default() };
        let rules = Rules::of_spec(&[bad, rule(&[], Some(TalkKind::Other), None)]);
        assert_eq!(rules.of("a.md").by().len(), 1);
    }
}
