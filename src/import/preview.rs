//! A preview: all that a revision gives under names of its own, found by its address alone.
//!
//! Pure. It comes before links and images are looked up, which take the names as they are then.

use std::collections::BTreeSet;

use crate::api::names::hex_digest;
use crate::api::{RobotsRule, SummitReference, SummitSpec};
use crate::document::{Collection, Imported};

/// Longest name of an imported object, in bytes.
const MAX_NAME: usize = 200;

/// How a preview is told from what it is a preview of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What all names end in.
    pub suffix: String,
    /// The line above each page.
    pub banner: String,
    /// What the summit of notes without one is called.
    pub repository: String,
}

impl Preview {
    /// Makes a preview of `collection`: every name gets the suffix, every summit the banner. A note never
    /// stands on an agenda that is not a preview's; where its summit is not among the summits, or it has
    /// none, there is one for it.
    pub(super) fn of(&self, collection: &mut Collection) {
        let Self { suffix, banner, repository } = self;
        for note in &mut collection.notes {
            note.name = suffixed(&note.name, suffix);
            let summit = note.spec.summit_ref.take();
            let summit = summit.map_or_else(|| repository.clone(), |summit| summit.name);
            note.spec.summit_ref = Some(SummitReference { name: suffixed(&summit, suffix) });
            note.spec.unlisted = Some(true);
            hide(&mut note.spec.robots);
        }
        for summit in &mut collection.summits {
            summit.name = suffixed(&summit.name, suffix);
        }
        collection.overviews = std::mem::take(&mut collection.overviews)
            .into_iter()
            .map(|(summit, paths)| (suffixed(&summit, suffix), paths))
            .collect();
        let missing = missing_summits(collection);
        collection.summits.extend(missing);
        for summit in &mut collection.summits {
            summit.spec.unlisted = Some(true);
            summit.spec.banner = Some(banner.clone());
            hide(&mut summit.spec.robots);
        }
    }
}

fn hide(robots: &mut Vec<RobotsRule>) {
    if !robots.contains(&RobotsRule::NoIndex) {
        robots.push(RobotsRule::NoIndex);
    }
}

fn missing_summits(collection: &Collection) -> Vec<Imported<SummitSpec>> {
    let mut known: BTreeSet<&str> =
        collection.summits.iter().map(|summit| summit.name.as_str()).collect();
    let mut missing = Vec::new();
    for note in &collection.notes {
        let Some(named) = &note.spec.summit_ref else { continue };
        if known.insert(&named.name) {
            let spec = SummitSpec { title: named.name.clone(), ..SummitSpec::default() };
            missing.push(Imported::new(named.name.clone(), spec, &note.path, note.line));
        }
    }
    missing
}

/// Different names stay different: what is cut off is in a digest.
fn suffixed(name: &str, suffix: &str) -> String {
    let whole = format!("{name}-{suffix}");
    if whole.len() <= MAX_NAME {
        return whole;
    }
    let digest: String = hex_digest(name.as_bytes()).chars().take(10).collect();
    let room = MAX_NAME.saturating_sub(suffix.len() + digest.len() + 2);
    // Names of objects are ASCII.
    let kept: String = name.chars().take(room).collect();
    format!("{}-{digest}-{suffix}", kept.trim_end_matches(['-', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{ReadOptions, SourceFile, read};

    fn preview(files: &[(&str, &str)]) -> Collection {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            content: text.as_bytes().to_vec(),
        };
        let files: Vec<SourceFile> = files.iter().map(file).collect();
        let mut collection = read(&files, ReadOptions::default());
        let text = str::to_owned;
        let (suffix, banner) = (text("pr-42"), text("Preview of #42"));
        Preview { suffix, banner, repository: text("notes") }.of(&mut collection);
        collection
    }

    #[test]
    fn names_banner_and_listing_are_those_of_a_preview() {
        let talk =
            "---\ntitle: Tides\nsummit: Harbor Days 2031\nspeakers: [Ada Example]\n---\nText.\n";
        let found = preview(&[("a.md", talk)]);
        let [summit] = found.summits.as_slice() else { panic!("{:?}", found.summits) };
        assert_eq!(summit.name, "harbor-days-2031-pr-42");
        assert_eq!(summit.spec.title, "Harbor Days 2031");
        assert_eq!(summit.spec.banner.as_deref(), Some("Preview of #42"));
        assert_eq!(
            (summit.spec.unlisted, &*summit.spec.robots),
            (Some(true), &[RobotsRule::NoIndex][..])
        );
        let [note] = found.notes.as_slice() else { panic!("{:?}", found.notes) };
        assert!(note.name.ends_with("-pr-42"), "{}", note.name);
        assert_eq!(note.spec.summit_ref.as_ref().unwrap().name, summit.name);
        assert_eq!(note.spec.unlisted, Some(true));
    }

    #[test]
    fn no_note_stands_on_an_agenda_that_is_public() {
        let manifest = |more: &str| {
            format!(
                "apiVersion: talknotes.dev/v1alpha1\nkind: TalkNote\nmetadata: {{ name: a }}\nspec: {{ title: A, markdown: x{more} }}\n"
            )
        };
        for (more, expected) in [("", "notes-pr-42"), (", summitRef: { name: big }", "big-pr-42")] {
            let found = preview(&[("a.yaml", &manifest(more))]);
            assert_eq!(found.notes[0].spec.summit_ref.as_ref().unwrap().name, expected);
            assert_eq!(found.summits[0].name, expected);
            assert_eq!(found.summits[0].spec.unlisted, Some(true));
        }
    }

    #[test]
    fn long_names_stay_different() {
        let long = |end: &str| suffixed(&format!("{}{end}", "a".repeat(199)), "pr-42");
        assert!(long("b").len() <= MAX_NAME && long("b").ends_with("-pr-42"));
        assert_ne!(long("b"), long("c"));
        assert_eq!(suffixed("a", "pr-42"), "a-pr-42");
    }
}
