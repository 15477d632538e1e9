//! Summits get the names that they have among each other.

use std::collections::{BTreeMap, BTreeSet};

use super::Collector;
use crate::document::naming;

impl Collector {
    /// Where several summits would have one name, each gets its own.
    pub(super) fn name_summits(&mut self) {
        let refs = self.talks.iter().filter_map(|talk| talk.spec.summit_ref.as_ref());
        let parts = self.summits.iter().map(|(summit, _)| summit.name.as_str());
        let stated = self.manifests.summits.iter().map(|summit| summit.name.as_str());
        let all: BTreeSet<&str> =
            parts.chain(stated).chain(refs.map(|summit| summit.name.as_str())).collect();
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &all {
            *alike.entry(naming::alone(name)).or_default() += 1;
        }
        let named = |name: &&str| match alike.get(naming::alone(name)) {
            Some(1) => naming::alone(name).to_owned(),
            _ => naming::apart(name),
        };
        let names: BTreeMap<String, String> =
            all.iter().map(|name| ((*name).to_owned(), named(name))).collect();
        let rename = |name: &mut String| {
            if let Some(named) = names.get(name) {
                name.clone_from(named);
            }
        };
        self.summits.iter_mut().for_each(|(summit, _)| rename(&mut summit.name));
        let refs = self.talks.iter_mut().filter_map(|talk| talk.spec.summit_ref.as_mut());
        refs.for_each(|summit| rename(&mut summit.name));
        for (mut name, paths) in std::mem::take(&mut self.overviews) {
            rename(&mut name);
            self.overviews.insert(name, paths);
        }
    }
}
