//! See [`super`].

use super::*;

fn standing(page: Option<&str>, failure: Option<&str>) -> Standing {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Standing { page: own(page), failure: own(failure), summit: own(Some("harbour")) }
}

fn now(notes: &[(&str, Standing)]) -> Now {
    let subject = |standing: &Standing| Subject {
        uid: "u".to_owned(),
        standing: standing.clone(),
        ..Subject::default()
    };
    notes.iter().map(|(name, standing)| ((*name).to_owned(), subject(standing))).collect()
}

/// Tells `ledger` all that has happened, and says it.
fn tell(ledger: &mut Ledger, now: &Now) -> Vec<String> {
    let mut said = Vec::new();
    loop {
        let round = happened(ledger, now, |_| false);
        if round.is_empty() {
            return said;
        }
        for one in round {
            said.extend(one.kind.map(|kind| format!("{} {kind}", one.name)));
            match one.told {
                Some(told) => ledger.insert(one.name, told),
                None => ledger.remove(&one.name),
            };
        }
    }
}

#[test]
fn the_life_of_a_note_is_told_step_by_step() {
    let mut ledger = Ledger::new();
    for (page, failure, expected) in [
        (None, None, &[][..]),
        (Some("1"), None, &["a published"]),
        (Some("1"), None, &[]),
        (Some("2"), None, &["a changed"]),
        (Some("2"), Some("x"), &["a failed"]),
        (Some("2"), Some("y"), &["a failed"]),
        (Some("3"), None, &["a changed", "a recovered"]),
        (None, Some("x"), &["a withdrawn", "a failed"]),
        (Some("3"), None, &["a published", "a recovered"]),
    ] {
        let said = tell(&mut ledger, &now(&[("a", standing(page, failure))]));
        assert_eq!(said, expected, "{page:?} {failure:?}");
    }
    assert_eq!(tell(&mut ledger, &Now::new()), ["a withdrawn"]);
    assert!(ledger.is_empty());
}

/// A receiver that drops what it has had may not drop what happens again.
#[test]
fn what_happens_again_is_another_event() {
    let mut ledger = Ledger::new();
    let mut seen = std::collections::BTreeSet::new();
    for page in [Some("1"), Some("2"), Some("1"), Some("2"), None, Some("1"), None] {
        tell(&mut ledger, &now(&[("a", standing(page, None))]));
        let told = &ledger["a"];
        assert!(seen.insert((told.count, told.standing.page.clone())), "{told:?} again");
    }
}

#[test]
fn a_note_that_another_repository_has_taken_is_not_withdrawn() {
    let mut ledger = Ledger::new();
    tell(&mut ledger, &now(&[("a", standing(Some("1"), None))]));
    let gone = happened(&ledger, &Now::new(), |name| name == "a");
    assert_eq!((gone[0].kind, gone[0].told.as_ref()), (None, None));
}

#[test]
fn a_note_that_moves_to_another_summit_has_another_page() {
    let mut ledger = Ledger::new();
    tell(&mut ledger, &now(&[("a", standing(Some("1"), None)), ("b", standing(None, None))]));
    let moved = |page| Standing { summit: Some("port".to_owned()), ..standing(page, None) };
    let said = tell(&mut ledger, &now(&[("a", moved(Some("1"))), ("b", moved(None))]));
    assert_eq!(said, ["a changed"]);
}
