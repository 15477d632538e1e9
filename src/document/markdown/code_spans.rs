//! Code within a line.

use std::collections::BTreeMap;

/// Which characters stand in code spans.
pub(super) fn code_spans(chars: &[char]) -> Vec<bool> {
    let mut code = vec![false; chars.len()];
    let runs = backtick_runs(chars);
    let mut next_of_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (start, length) in runs.iter().rev() {
        next_of_length.entry(*length).or_default().push(*start);
    }
    let mut until = 0;
    for (start, length) in runs {
        // The first of them stands for itself behind a backslash.
        let escaped = usize::from(is_escaped(chars, start));
        let (start, length) = (start + escaped, length - escaped);
        if start < until || length == 0 {
            continue;
        }
        let starts = next_of_length.entry(length).or_default();
        while starts.last().is_some_and(|candidate| *candidate <= start) {
            starts.pop();
        }
        if let Some(close) = starts.last() {
            until = close + length;
            code.get_mut(start..until).unwrap_or_default().fill(true);
        }
    }
    code
}

/// Whether a backslash takes its meaning from the character at an index.
pub(super) fn is_escaped(chars: &[char], index: usize) -> bool {
    let before = chars.get(..index).unwrap_or_default();
    before.iter().rev().take_while(|c| **c == '\\').count() % 2 == 1
}

/// Beginnings and lengths of the runs of backticks.
fn backtick_runs(chars: &[char]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (index, _) in chars.iter().enumerate().filter(|(_, c)| **c == '`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == index => *length += 1,
            _ => runs.push((index, 1)),
        }
    }
    runs
}
