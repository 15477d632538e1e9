//! What a sink is told: CloudEvents 1.0 in the structured mode. Pure.

use std::fmt;

use serde_json::{Value, json};

/// What has happened to a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// It has a page, and had none.
    Published,
    /// Its page is another one.
    Changed,
    /// It has no page any more.
    Withdrawn,
    /// It cannot be published as it is.
    Failed,
    /// It failed, and does not any more.
    Recovered,
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "published",
            Self::Changed => "changed",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
            Self::Recovered => "recovered",
        })
    }
}

/// An event. It has no time of its own: it tells of a note as it stands when it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudEvent {
    /// By it a receiver knows an event that it has had.
    pub id: String,
    /// Whose sink this is, such as `/apis/talknotes.dev/v1alpha1/namespaces/notes/noterepositories/harbour`.
    pub source: String,
    /// What it is about: note or noterepository.
    pub about: &'static str,
    /// What has happened.
    pub kind: EventType,
    /// What has happened to what, such as `notes/a-talk`.
    pub subject: String,
    /// The rest.
    pub data: Value,
}

/// Media type of [`CloudEvent::body`].
pub const MEDIA_TYPE: &str = "application/cloudevents+json; charset=utf-8";

impl CloudEvent {
    /// What is sent.
    pub fn body(&self) -> String {
        let body = json!({
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": format!("dev.talknotes.{}.{}", self.about, self.kind),
            "subject": self.subject,
            "datacontenttype": "application/json",
            "data": self.data,
        });
        body.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_what_the_specification_asks_for() {
        let event = CloudEvent {
            id: "1".to_owned(),
            source: "/a".to_owned(),
            about: "note",
            kind: EventType::Withdrawn,
            subject: "notes/a".to_owned(),
            data: json!({ "note": "a" }),
        };
        let body: Value = serde_json::from_str(&event.body()).unwrap();
        for required in ["specversion", "id", "source", "type"] {
            assert!(body[required].as_str().is_some_and(|text| !text.is_empty()), "{required}");
        }
        assert_eq!(body["type"], "dev.talknotes.note.withdrawn");
        assert_eq!(event.body(), event.clone().body());
    }
}
