//! May this be public now? The one place that decides, and what is asked before anything else. Pure.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Publication, SummitSpec, TalkNoteSpec};
use crate::controller::shared::error::Fault;

/// Longest sleep until a moment: clocks are set, and machines pause.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// What an author says of who may see something, and when.
#[derive(Clone, Copy, Default)]
pub struct PublicationWindow<'a> {
    publication: Option<Publication>,
    publish_at: Option<&'a str>,
    unpublish_at: Option<&'a str>,
}

impl<'a> From<&'a TalkNoteSpec> for PublicationWindow<'a> {
    fn from(spec: &'a TalkNoteSpec) -> Self {
        Self {
            publication: spec.publication,
            publish_at: spec.publish_at.as_deref(),
            unpublish_at: spec.unpublish_at.as_deref(),
        }
    }
}

impl<'a> From<&'a SummitSpec> for PublicationWindow<'a> {
    fn from(spec: &'a SummitSpec) -> Self {
        Self {
            publication: spec.publication,
            publish_at: spec.publish_at.as_deref(),
            unpublish_at: spec.unpublish_at.as_deref(),
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It may be shown.
    Public {
        /// When to ask again, where that changes without anybody's doing.
        ask_again: Option<Duration>,
    },
    /// It may not.
    Withheld(Withheld),
}

/// Why something may not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// One word for the conditions.
    pub reason: &'static str,
    /// One sentence.
    pub message: Cow<'static, str>,
    /// When to ask again, where that changes without anybody's doing.
    pub ask_again: Option<Duration>,
}

impl PublicationWindow<'_> {
    /// Whether it may be public at `now`. What seems to hold it back and cannot be read does.
    pub fn at(self, now: Timestamp) -> Visibility {
        if self.publication == Some(Publication::Draft) {
            return withheld("Draft", "Not published: it is a draft", None);
        }
        let (Ok(from), Ok(to)) = (moment(self.publish_at), moment(self.unpublish_at)) else {
            let message = "Not published: when it may be cannot be read";
            return withheld("InvalidSpec", message, None);
        };
        let (opens, closes) = (from.and_then(|at| wait(at, now)), to.map(|at| wait(at, now)));
        match (opens, closes) {
            (_, Some(None)) => {
                let until = self.unpublish_at.unwrap_or_default();
                withheld("Expired", format!("Not published from {until} on"), None)
            }
            (Some(opens), _) => {
                let from = self.publish_at.unwrap_or_default();
                withheld("Scheduled", format!("Not published before {from}"), Some(opens))
            }
            (None, closes) => Visibility::Public { ask_again: closes.flatten() },
        }
    }

    /// What of it cannot be read.
    pub fn faults(self) -> Vec<Fault> {
        let moments =
            [("spec.publishAt", self.publish_at), ("spec.unpublishAt", self.unpublish_at)];
        let fault = |(field, text): (&'static str, Option<&str>)| {
            let text = text.filter(|text| text.parse::<Timestamp>().is_err())?;
            let message = format!(
                "{text} is not a time such as 2026-05-14T18:00:00+08:00; nothing is published until it \
                 is one"
            );
            Some(Fault::new(field, message))
        };
        moments.into_iter().filter_map(fault).collect()
    }
}

impl Visibility {
    /// When to ask again, where the answer changes without anybody's doing.
    pub fn ask_again(&self) -> Option<Duration> {
        match self {
            Self::Public { ask_again } => *ask_again,
            Self::Withheld(withheld) => withheld.ask_again,
        }
    }
}

fn withheld(
    reason: &'static str,
    message: impl Into<Cow<'static, str>>,
    ask_again: Option<Duration>,
) -> Visibility {
    Visibility::Withheld(Withheld { reason, message: message.into(), ask_again })
}

fn moment(text: Option<&str>) -> Result<Option<Timestamp>, jiff::Error> {
    text.map(str::parse).transpose()
}

/// How long to sleep before `time` is looked at again; none where it has passed.
fn wait(time: Timestamp, now: Timestamp) -> Option<Duration> {
    let rest = Duration::try_from(time.duration_since(now)).ok()?;
    (!rest.is_zero()).then(|| rest.min(LONGEST_SLEEP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_noon(window: PublicationWindow<'_>) -> Visibility {
        window.at("2026-05-14T12:00:00Z".parse().unwrap())
    }

    fn reason(window: PublicationWindow<'_>) -> &'static str {
        match at_noon(window) {
            Visibility::Public { .. } => "public",
            Visibility::Withheld(withheld) => withheld.reason,
        }
    }

    #[test]
    fn what_may_be_public_is_decided_by_its_author_and_the_clock() {
        let (before, after) = (Some("2026-05-14T19:59:59+08:00"), Some("2026-05-14T12:00:01Z"));
        let draft = Some(Publication::Draft);
        let cases = [
            (None, None, None, "public"),
            (Some(Publication::Published), before, after, "public"),
            (draft, before, None, "Draft"),
            (draft, Some("soon"), None, "Draft"),
            (None, after, None, "Scheduled"),
            (None, Some("2026-05-14T12:00:00Z"), None, "public"),
            (None, None, before, "Expired"),
            (None, None, Some("2026-05-14T12:00:00Z"), "Expired"),
            (None, after, before, "Expired"),
            (None, Some("soon"), None, "InvalidSpec"),
            (Some(Publication::Published), Some(""), None, "InvalidSpec"),
            (None, None, Some("2026-13-40"), "InvalidSpec"),
        ];
        for (publication, publish_at, unpublish_at, expected) in cases {
            let window = PublicationWindow { publication, publish_at, unpublish_at };
            assert_eq!(reason(window), expected, "{publication:?} {publish_at:?} {unpublish_at:?}");
        }
    }

    #[test]
    fn a_moment_is_waited_for_in_sleeps_of_an_hour_at_most() {
        let ask_again = |publish_at| {
            let window =
                PublicationWindow { publish_at: Some(publish_at), ..PublicationWindow::default() };
            let Visibility::Withheld(withheld) = at_noon(window) else { panic!("is public") };
            withheld.ask_again
        };
        assert_eq!(ask_again("2026-05-14T12:01:00Z"), Some(Duration::from_secs(60)));
        assert_eq!(ask_again("2099-01-01T00:00:00Z"), Some(Duration::from_secs(3600)));

        let expiring = PublicationWindow {
            unpublish_at: Some("2027-01-01T00:00:00Z"),
            ..PublicationWindow::default()
        };
        let ask_again = Some(Duration::from_secs(3600));
        assert_eq!(at_noon(expiring), Visibility::Public { ask_again });
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let window = PublicationWindow {
            publication: Some(Publication::Draft),
            publish_at: Some("soon"),
            unpublish_at: Some("later"),
        };
        let faults = window.faults();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["spec.publishAt", "spec.unpublishAt"]);
    }
}
