//! Conditions as kstatus, `kubectl wait` and Argo CD read them. Pure.
//!
//! `Ready` is always there. `Reconciling` and `Stalled` are there only while they are True, and never
//! both. `lastTransitionTime` moves only when a condition's status changes.

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};

use crate::api;
use crate::controller::shared::error::{Class, Error};

/// Reason of what is published as desired.
pub const PUBLISHED: &str = "Published";
/// Longest message that a condition may carry.
const MAX_MESSAGE: usize = 4096;

/// How an object stands after a reconciliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// As desired.
    Ready {
        /// One word, such as `Published`.
        reason: &'static str,
        /// One sentence.
        message: String,
    },
    /// Left alone at the user's request; `Ready` keeps its value.
    Suspended {
        /// One sentence.
        message: String,
    },
    /// Not there yet, and tried again without anybody's doing.
    Retrying {
        /// One word.
        reason: &'static str,
        /// One sentence.
        message: String,
    },
    /// Not there, and goes on as soon as something else is over, without anybody's doing.
    Waiting {
        /// One word.
        reason: &'static str,
        /// One sentence.
        message: String,
    },
    /// Not there, and somebody has to act.
    Stalled {
        /// One word.
        reason: &'static str,
        /// One sentence.
        message: String,
    },
    /// Not known, because of a fault in the operator.
    Unknown {
        /// One sentence.
        message: String,
    },
}

impl State {
    /// The table: class of an error to state. None where the object is going away.
    pub fn of_error(error: &Error) -> Option<Self> {
        let (reason, message) = (error.reason(), error.to_string());
        match error.class() {
            // What is missing was never there: an earlier `Ready` says nothing of it.
            Class::Transient if matches!(error, Error::NamesTaken { .. }) => {
                Some(Self::Waiting { reason, message })
            }
            Class::Terminal => Some(Self::Stalled { reason, message }),
            Class::Transient | Class::Conflict => Some(Self::Retrying { reason, message }),
            Class::Gone => None,
            Class::Bug => Some(Self::Unknown { message }),
        }
    }
}

/// The conditions of an object in `state`, given the ones that it has.
pub fn compute(
    previous: &[Condition],
    state: &State,
    generation: Option<i64>,
    now: Timestamp,
) -> Vec<Condition> {
    let condition = |type_: &str, status: &str, reason: &str, message: &str| {
        let since = previous
            .iter()
            .find(|old| old.type_ == type_ && old.status == status)
            .map_or(Time(now), |old| old.last_transition_time.clone());
        Condition {
            type_: type_.to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            message: message.chars().take(MAX_MESSAGE).collect(),
            observed_generation: generation,
            last_transition_time: since,
        }
    };
    let ready = api::condition(previous, "Ready");
    match state {
        State::Ready { reason, message } => vec![condition("Ready", "True", reason, message)],
        State::Suspended { message } => {
            let status =
                if ready.is_some_and(|old| old.status == "True") { "True" } else { "False" };
            vec![condition("Ready", status, "Suspended", message)]
        }
        State::Retrying { reason, message } => {
            let kept = ready
                .filter(|old| old.status == "True" && old.observed_generation == generation)
                .cloned()
                .unwrap_or_else(|| condition("Ready", "False", reason, message));
            vec![kept, condition("Reconciling", "True", "ProgressingWithRetry", message)]
        }
        State::Waiting { reason, message } => vec![
            condition("Ready", "False", reason, message),
            condition("Reconciling", "True", reason, message),
        ],
        State::Stalled { reason, message } => vec![
            condition("Ready", "False", reason, message),
            condition("Stalled", "True", reason, message),
        ],
        State::Unknown { message } => vec![
            condition("Ready", "Unknown", "InternalError", message),
            condition("Reconciling", "True", "ProgressingWithRetry", message),
        ],
    }
}

/// Whether conditions say of this generation that all is published, and nothing else.
pub fn is_published(conditions: &[Condition], generation: Option<i64>) -> bool {
    let [ready] = conditions else { return false };
    (ready.type_.as_str(), ready.status.as_str(), ready.reason.as_str())
        == ("Ready", "True", PUBLISHED)
        && ready.observed_generation == generation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ready(message: &str) -> State {
        State::Ready { reason: "Published", message: message.to_owned() }
    }

    #[test]
    fn the_transition_time_stays_while_the_status_stays() {
        let first = compute(&[], &ready("one"), Some(1), at(1));
        let second = compute(&first, &ready("two"), Some(2), at(2));
        assert_eq!(second[0].last_transition_time, Time(at(1)));
        assert_eq!(second[0].message, "two");
        assert_eq!(second[0].observed_generation, Some(2));
    }

    #[test]
    fn a_transient_failure_keeps_ready_for_the_same_generation_only() {
        let published = compute(&[], &ready("one"), Some(1), at(1));
        let retrying = State::Retrying { reason: "Unreachable", message: "later".to_owned() };

        let same = compute(&published, &retrying, Some(1), at(2));
        assert_eq!((same[0].type_.as_str(), same[0].status.as_str()), ("Ready", "True"));
        assert_eq!(same[1].type_, "Reconciling");

        let newer = compute(&published, &retrying, Some(2), at(2));
        assert_eq!(newer[0].status, "False");
    }

    #[test]
    fn stalled_and_reconciling_never_stand_together() {
        let states = [
            ready("x"),
            State::Suspended { message: "x".to_owned() },
            State::Retrying { reason: "Timeout", message: "x".to_owned() },
            State::Waiting { reason: "NameTaken", message: "x".to_owned() },
            State::Stalled { reason: "InvalidSpec", message: "x".to_owned() },
            State::Unknown { message: "x".to_owned() },
        ];
        for before in &states {
            for after in &states {
                let old = compute(&[], before, Some(1), at(1));
                let new = compute(&old, after, Some(2), at(2));
                let has = |type_: &str| new.iter().any(|c| c.type_ == type_ && c.status == "True");
                assert!(!(has("Stalled") && has("Reconciling")), "{after:?}");
                assert!(!(has("Stalled") && has("Ready")), "{after:?}");
                assert!(new.iter().any(|c| c.type_ == "Ready"), "{after:?}");
            }
        }
    }
}
