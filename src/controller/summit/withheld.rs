//! Whether a summit may be public, asked before anything else. Pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Publication, SummitSpec};

/// Longest sleep until a time of publication: clocks are set, and machines pause.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// Why a summit is not public now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    pub reason: &'static str,
    pub message: String,
    /// When to ask again, where that changes without anybody's doing.
    pub visit_again: Option<Duration>,
}

/// `None` where it may be public. A time that cannot be understood is no leave.
pub(super) fn of(spec: &SummitSpec, now: Timestamp) -> Option<Withheld> {
    let withheld =
        |reason, message: String, visit_again| Some(Withheld { reason, message, visit_again });
    if spec.publication == Some(Publication::Draft) {
        return withheld("Draft", "Not published: it is a draft".to_owned(), None);
    }
    let time = |text: &Option<String>| text.as_deref().map(str::parse::<Timestamp>);
    match (time(&spec.publish_at), time(&spec.unpublish_at)) {
        (Some(Err(_)), _) | (_, Some(Err(_))) => {
            let message = "Not published: spec.publishAt or spec.unpublishAt is not a time such as \
                           2026-05-14T18:00:00+08:00";
            withheld("InvalidSpec", message.to_owned(), None)
        }
        (_, Some(Ok(time))) if time <= now => {
            withheld("Expired", format!("Not published from {time} on"), None)
        }
        (Some(Ok(time)), _) if time > now => {
            withheld("Scheduled", format!("Not published before {time}"), until(time, now))
        }
        _ => None,
    }
}

/// When a summit that is public is to be looked at, because it may be so no longer.
pub(super) fn closes(spec: &SummitSpec, now: Timestamp) -> Option<Duration> {
    until(spec.unpublish_at.as_deref()?.parse().ok()?, now)
}

fn until(time: Timestamp, now: Timestamp) -> Option<Duration> {
    let wait = Duration::try_from(time.duration_since(now)).ok()?;
    (!wait.is_zero()).then(|| wait.min(LONGEST_SLEEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_and_times_hold_a_summit_back() {
        let now = "2031-06-01T00:00:00Z".parse().unwrap();
        let hour = Some(Duration::from_secs(3600));
        let (past, later) = (Some("2031-05-31T23:00:00Z"), Some("2031-06-01T00:01:00Z"));
        let far = Some("2099-01-01T00:00:00Z");
        for (publication, from, to, expected) in [
            (None, None, None, None),
            (None, past, far, None),
            (
                Some(Publication::Published),
                later,
                None,
                Some(("Scheduled", Some(Duration::from_secs(60)))),
            ),
            (Some(Publication::Draft), past, None, Some(("Draft", None))),
            (None, far, None, Some(("Scheduled", hour))),
            (None, None, past, Some(("Expired", None))),
            (None, far, past, Some(("Expired", None))),
            (None, Some("soon"), None, Some(("InvalidSpec", None))),
            (None, None, Some("soon"), Some(("InvalidSpec", None))),
        ] {
            let owned = |time: Option<&str>| time.map(str::to_owned);
            let spec = SummitSpec {
                publication,
                publish_at: owned(from),
                unpublish_at: owned(to),
                ..SummitSpec::default()
            };
            let found = of(&spec, now).map(|withheld| (withheld.reason, withheld.visit_again));
            assert_eq!(found, expected, "{publication:?} {from:?} {to:?}");
        }
    }
}
