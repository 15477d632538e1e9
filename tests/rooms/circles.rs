//! Circles of modules that use each other.

use std::collections::{BTreeMap, BTreeSet};

/// Which module uses which others.
pub type Uses = BTreeMap<String, BTreeSet<String>>;

/// The modules that stand in circles: those that come back to themselves along what they use.
pub fn in_circles(uses: &Uses) -> BTreeSet<String> {
    uses.keys().filter(|module| reached(uses, module).contains(*module)).cloned().collect()
}

/// All modules that one needs, directly or by others.
fn reached(uses: &Uses, module: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![module.to_owned()];
    while let Some(module) = next.pop() {
        for used in uses.get(&module).into_iter().flatten() {
            if found.insert(used.clone()) {
                next.push(used.clone());
            }
        }
    }
    found
}
