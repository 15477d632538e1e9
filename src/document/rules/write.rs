//! The rules that detection would have written, as a file to start from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::trial::{Detected, where_talks_are};
use crate::api::{MAX_RULE_PATHS, MAX_RULES, ReadingRule, TalksRule};

/// What detection makes of the document at `path`.
pub(in crate::document) type Found = (String, Detected);

/// The text of a `.talknotes.yaml` with which the documents give the same talks.
///
/// # Errors
/// Where a rule cannot be written as YAML.
pub(in crate::document) fn write(
    found: &[Found],
) -> Result<String, serde_saphyr::ser_error::Error> {
    let mut text = HEAD.to_owned();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (glob, members) in globs(found) {
        let Some((_, first)) = members.first() else { continue };
        let same = |group: &&mut Group<'_>| {
            let same = group.rule == first.rule && group.unsure() == first.unsure;
            same && group.globs.len() < MAX_RULE_PATHS
        };
        match groups.iter_mut().find(same) {
            Some(group) => {
                group.globs.push(glob);
                group.members.extend(members);
            }
            None => groups.push(Group { rule: first.rule.clone(), globs: vec![glob], members }),
        }
    }
    if groups.is_empty() {
        text.push_str("rules: []\n");
        return Ok(text);
    }
    text.push_str("rules:\n");
    let left = groups.len().saturating_sub(MAX_RULES);
    for group in groups.into_iter().take(MAX_RULES) {
        group.write(&mut text)?;
    }
    if left > 0 {
        let _ =
            writeln!(text, "  # {left} more would not fit: those documents are left to detection.");
    }
    Ok(text)
}

const HEAD: &str = "\
# Where talks, speakers and days stand, as detection found them. Save this as .talknotes.yaml in the
# root of the repository, correct what is wrong, and remove the rest: what no rule says is left to
# detection. The first rule that matches a path and sets a part decides that part.
";

struct Group<'f> {
    rule: ReadingRule,
    globs: Vec<String>,
    members: Vec<&'f Found>,
}

impl Group<'_> {
    /// Where talks may stand in its documents.
    fn unsure(&self) -> Option<TalksRule> {
        self.members.first().and_then(|(_, found)| found.unsure)
    }

    fn write(self, text: &mut String) -> Result<(), serde_saphyr::ser_error::Error> {
        for line in self.comments().iter().flat_map(|comment| wrapped(comment)) {
            let _ = writeln!(text, "  # {line}");
        }
        // One glob for all documents says no more than none.
        let all = self.globs.iter().any(|glob| glob == ALL);
        let paths = if all { Vec::new() } else { self.globs };
        let yaml = serde_saphyr::to_string(&[ReadingRule { paths, ..self.rule }])?;
        for line in yaml.lines() {
            let _ = writeln!(text, "  {line}");
        }
        Ok(())
    }

    /// What was seen. Nothing of it was written by strangers.
    fn comments(&self) -> Vec<String> {
        let talks: usize = self.members.iter().map(|(_, found)| found.talks).sum();
        let reading = self.members.first().map_or("", |(_, found)| found.reading);
        let many = |number: usize, word: &str| {
            format!("{number} {word}{}", if number == 1 { "" } else { "s" })
        };
        let mut lines = vec![format!(
            "{}, {}: {reading}.",
            many(self.members.len(), "document"),
            many(talks, "talk")
        )];
        let mut points: BTreeMap<&str, f32> = BTreeMap::new();
        for evidence in self.members.iter().flat_map(|(_, found)| &found.evidence) {
            *points.entry(evidence.what).or_default() += evidence.points;
        }
        let mut points: Vec<(&str, f32)> = points.into_iter().collect();
        points.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        #[allow(clippy::cast_precision_loss, reason = "there are few documents")]
        let count = self.members.len() as f32;
        let seen: Vec<String> = points
            .iter()
            .map(|(what, sum)| (what, sum / count))
            .filter(|(_, mean)| mean.abs() >= 0.05)
            .map(|(what, mean)| format!("{what} {mean:+.1}"))
            .collect();
        if !seen.is_empty() {
            let each =
                if self.members.len() == 1 { "points" } else { "points for each, on average" };
            lines.push(format!("Seen, in {each}: {}.", seen.join(", ")));
        }
        if let Some(talks) = self.unsure() {
            lines.push(
                "There may be talks, which is too unsure to publish them. If so, write:".into(),
            );
            lines.push(format!("talks: {}", where_talks_are(talks)));
        }
        let left: BTreeSet<&str> =
            self.members.iter().flat_map(|(_, found)| found.left.iter().copied()).collect();
        for part in left {
            lines.push(format!("`{part}` is left to detection: they stand in several ways."));
        }
        lines
    }
}

/// Longest line of a comment, in bytes; the comments are ASCII.
const WIDTH: usize = 92;

/// A text in lines, of which those behind the first are indented.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(last) = lines.last_mut() else { continue };
        if last.trim().is_empty() {
            last.push_str(word);
        } else if last.len() + word.len() < WIDTH {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(format!("  {word}"));
        }
    }
    lines
}

/// The glob for all documents.
const ALL: &str = "**";

/// Globs with the documents that each is for, as short as they can be: a folder where all in it agree.
fn globs(found: &[Found]) -> Vec<(String, Vec<&Found>)> {
    let mut covered = Vec::new();
    cover("", found.iter().collect(), &mut covered);
    covered
}

/// Covers the documents in `folder`, which is empty or ends with `/`.
fn cover<'f>(folder: &str, found: Vec<&'f Found>, covered: &mut Vec<(String, Vec<&'f Found>)>) {
    let Some((_, first)) = found.first() else { return };
    let agree =
        found.iter().all(|(_, other)| other.rule == first.rule && other.unsure == first.unsure);
    // A single document in a folder says little about those to come.
    if agree && found.len() > 1 {
        covered.push((format!("{}{ALL}", globset::escape(folder)), found));
        return;
    }
    let mut folders: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for document in found {
        let path = document.0.as_str();
        match path.strip_prefix(folder).and_then(|rest| rest.split_once('/')) {
            Some((inner, _)) => folders.entry(inner).or_default().push(document),
            None => covered.push((globset::escape(path), vec![document])),
        }
    }
    for (inner, documents) in folders {
        cover(&format!("{folder}{inner}/"), documents, covered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::TalkKind;

    fn found(path: &str, kind: TalkKind) -> Found {
        let rule = ReadingRule { kind: Some(kind), ..ReadingRule::default() };
        let (evidence, left) = (Vec::new(), Vec::new());
        let unsure = None;
        (path.to_owned(), Detected { rule, reading: "x", evidence, talks: 1, left, unsure })
    }

    fn globs_of(documents: &[Found]) -> Vec<String> {
        globs(documents).into_iter().map(|(glob, _)| glob).collect()
    }

    #[test]
    fn globs_are_as_short_as_documents_agree() {
        let (panel, other) = (TalkKind::Panel, TalkKind::Other);
        let all = [found("a/x.md", panel), found("b.md", panel)];
        assert_eq!(globs_of(&all), ["**"]);
        let mixed = [
            found("a/b/x.md", panel),
            found("a/y.md", panel),
            found("c/[1].md", other),
            found("z.md", other),
        ];
        assert_eq!(globs_of(&mixed), ["z.md", "a/**", "c/[[]1[]].md"]);
        let yaml = write(&mixed).unwrap();
        assert_eq!(yaml.matches("- paths").count(), 2, "{yaml}");
    }

    #[test]
    fn nothing_is_a_file_too() {
        assert!(write(&[]).unwrap().ends_with("rules: []\n"));
    }
}
