//! `.talknotes.yaml`: the rules that an author writes beside the notes.

use super::check::{self, Step};
use super::shape;
use crate::api::{MAX_RULES, ReadingRule};
use crate::document::codes::Code;
use crate::document::report::{Place, Report};
use crate::document::yaml::node::{Node, Placed, place};
use crate::document::{text, yaml};

/// Largest file that is read, in bytes.
const MAX_FILE: usize = 64 * 1024;

/// A rule with its index and its place in the file.
type Found = (usize, Place, ReadingRule);

/// Reads the file. What is wrong with it is reported and ignored; `false` where anything is.
pub(super) fn read(content: &[u8], report: &mut Report) -> (Vec<Found>, bool) {
    if content.len() > MAX_FILE {
        let message = format!("the file has more than {MAX_FILE} bytes: write fewer rules");
        report.whole(Code::RulesFile, message);
        return (Vec::new(), false);
    }
    let Some(text) = text::decode(content, report) else { return (Vec::new(), false) };
    match yaml::tree(&text) {
        Ok(None) => (Vec::new(), true),
        Ok(Some(root)) => rules(&root, report),
        Err(fault) => {
            let message = format!("the file cannot be read: {}", fault.reason);
            report.at(Code::RulesFile, fault.place, message);
            (Vec::new(), false)
        }
    }
}

fn rules(root: &Placed, report: &mut Report) -> (Vec<Found>, bool) {
    let Node::Fields(fields) = &root.value else {
        report.at(
            Code::RulesFile,
            place(root),
            "the file should begin with `rules:` and a list of them",
        );
        return (Vec::new(), false);
    };
    let mut sound = true;
    for (name, _) in fields.iter().filter(|(name, _)| name.value != "rules") {
        report.at(Code::Rule, place(name), shape::unknown(&name.value, &["rules"]));
        sound = false;
    }
    let items = match root.value.field("rules") {
        None | Some(Placed { value: Node::Scalar(serde_json::Value::Null), .. }) => &[],
        Some(Placed { value: Node::List(items), .. }) => items.as_slice(),
        Some(other) => {
            report.at(
                Code::RulesFile,
                place(other),
                "`rules` should be a list: begin each rule with `- `",
            );
            return (Vec::new(), false);
        }
    };
    if let Some(first) = items.get(MAX_RULES) {
        let message =
            format!("there are more than {MAX_RULES} rules; those from here on are ignored");
        report.at(Code::RulesFile, place(first), message);
        sound = false;
    }
    let schema = shape::of_a_rule();
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate().take(MAX_RULES) {
        match rule(item, &schema) {
            Ok(rule) => found.push((index, place(item), rule)),
            Err(misfits) => {
                sound = false;
                for (place, message) in misfits {
                    let message = format!("{message} (rule {} is ignored)", index + 1);
                    report.at(Code::Rule, place, message);
                }
            }
        }
    }
    (found, sound)
}

fn rule(item: &Placed, schema: &serde_json::Value) -> Result<ReadingRule, Vec<shape::Misfit>> {
    let misfits = shape::misfits(item, schema);
    if !misfits.is_empty() {
        return Err(misfits);
    }
    let mut value = item.value.to_value();
    shape::make_texts(&mut value, schema);
    let rule: ReadingRule =
        serde_json::from_value(value).map_err(|error| vec![(place(item), error.to_string())])?;
    let faults = check::faults(&rule);
    if faults.is_empty() {
        return Ok(rule);
    }
    Err(faults.into_iter().map(|(steps, message)| (place_of(item, &steps), message)).collect())
}

/// The place of the field that `steps` lead to, or of the last one on the way that is there.
fn place_of(rule: &Placed, steps: &[Step]) -> Place {
    let mut node = rule;
    for step in steps {
        let next = match step {
            Step::Field(name) => node.value.field(name),
            Step::Item(index) => node.value.item(*index),
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    place(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Diagnostic;
    use crate::document::selection::RULES_FILE;

    fn reading(text: &str) -> (Vec<Found>, Vec<Diagnostic>) {
        let mut report = Report::new(RULES_FILE);
        let (rules, sound) = read(text.as_bytes(), &mut report);
        let diagnostics = report.into_diagnostics();
        assert_eq!(sound, diagnostics.is_empty(), "{diagnostics:?}");
        (rules, diagnostics)
    }

    /// What is said of `text`: place and message of the first diagnostic.
    fn said(text: &str) -> (i32, i32, String) {
        let first = reading(text).1.into_iter().next().unwrap();
        (first.line.unwrap(), first.column.unwrap(), first.message)
    }

    #[test]
    fn rules_are_read_with_their_places() {
        let text = "# mine\nrules:\n  - paths: [2031/**]\n    talks: {at: Heading, level: 3}\n    \
                    days: {startDate: 2031-05-14}\n  - speakers: {at: [None]}\n";
        let (rules, _) = reading(text);
        assert_eq!(rules.len(), 2);
        assert_eq!((rules[0].1.line, rules[1].1.line), (3, 6));
        assert_eq!(rules[0].2.talks.unwrap().level, Some(3));
        assert!(reading("").0.is_empty() && reading("rules:\n").0.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_place_and_suggestion() {
        for (text, line, column, words) in [
            ("rules:\n  - speaker: {at: [Bold]}\n", 2, 5, "did you mean `speakers`?"),
            ("rules:\n  - talks: {at: Headings, level: 2}\n", 2, 17, "did you mean `Heading`?"),
            ("rules:\n  - talks: {at: Heading, level: two}\n", 2, 33, "a whole number"),
            ("rules:\n  - talks: {at: Heading, level: 02}\n", 2, 33, "a whole number"),
            ("rules:\n  - talks: {at: Heading, level: 9}\n", 2, 33, "from 1 to 6"),
            ("rules:\n  - talks: {level: 2}\n", 2, 12, "`at` is missing"),
            ("rules:\n  - talks: {at: Heading}\n", 2, 12, "`level`"),
            ("rules:\n  - paths: a/**\n", 2, 12, "a list such as"),
            ("rules:\n  - paths: [ok, 'a[']\n", 2, 17, "a["),
            ("rules:\n  - speakers: [Bold]\n", 2, 15, "fields such as"),
            ("rules:\n  - days: {day: 2031-02-30}\n", 2, 17, "2026-05-14"),
            ("rules: {}\n", 1, 8, "begin each rule"),
            ("rulez: []\n", 1, 1, "did you mean `rules`?"),
            ("- a\n", 1, 1, "begin with `rules:`"),
            ("rules: [\n", 1, 8, "cannot be read"),
        ] {
            let (at, width, message) = said(text);
            assert!(message.contains(words), "{text}: {message}");
            assert_eq!((at, width), (line, column), "{text}: {message}");
        }
    }

    #[test]
    fn texts_that_look_like_numbers_are_texts() {
        let (rules, _) = reading(
            "rules:\n  - summit: 2031\n  - summit: 1.10\n  - summit: 007\n  - summit: Yes\n  - summit: True\n",
        );
        let summits: Vec<_> = rules.iter().map(|rule| rule.2.summit.as_deref().unwrap()).collect();
        assert_eq!(summits, ["2031", "1.10", "007", "Yes", "True"]);
    }

    #[test]
    fn a_bad_rule_takes_nothing_from_the_others() {
        let (rules, diagnostics) = reading("rules:\n  - kind: Keynotes\n  - kind: Panel\n");
        assert_eq!(rules.len(), 1);
        assert_eq!((rules[0].0, diagnostics.len()), (1, 1));
    }

    #[test]
    fn files_that_cost_too_much_are_refused() {
        let many = format!("rules:\n{}", "  - kind: Panel\n".repeat(65));
        assert_eq!((reading(&many).0.len(), reading(&many).1.len()), (64, 1));
        let large = format!("rules: []\n# {}\n", "x".repeat(MAX_FILE));
        assert_eq!(reading(&large).1[0].code, "TN1801");
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let before = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(", "));
        }
        assert_eq!(reading(&format!("{bomb}rules: *a8\n")).1[0].code, "TN1801");
        let deep = format!("rules: {}{}\n", "[".repeat(2000), "]".repeat(2000));
        assert_eq!(reading(&deep).1[0].code, "TN1801");
    }
}
