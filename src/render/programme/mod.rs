//! The official agenda of a summit, and its notes: who wrote about which session.
//!
//! ```text
//!  text of schedule.json, session.json or pretalx ──read──▶ sessions ──┐
//!                                                     cards of notes ──┴──join──▶ cards with times and rooms,
//!                                                                               sessions without notes
//! ```

mod alike;
mod join;
mod pretalx;
mod read;
mod schedule;
mod sessions;

use serde::{Deserialize, Serialize};

use crate::api::{Speaker, TalkKind};

/// Field of the spec that an agenda stands in.
const FIELD: &str = "spec.agenda";
/// Notes that a diagnostic names.
const NAMED: usize = 5;

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Card, Code, OfficialAgenda, links};
use crate::api::{Diagnostic, SummitSpec};
use join::join;
use read::read;

/// A session of the official agenda.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// What the agenda calls it; empty where it has no name of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Title of the talk.
    pub title: String,
    /// Kind of the talk, where the agenda says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TalkKind>,
    /// Who gives the talk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speakers: Vec<Speaker>,
    /// Day of the talk (ISO 8601).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// When the talk begins (HH:MM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    /// When the talk ends (HH:MM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// Room of the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Track of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<String>,
    /// The session's own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where a note about it is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_note: Option<String>,
}

/// How the notes of a summit and its official agenda fit.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Programme {
    /// Sessions that have a note.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Sessions without a note, in the order of the agenda.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_notes: Vec<Session>,
    /// Names of notes that no session of the agenda is like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_session: Vec<String>,
}

impl Programme {
    /// Forgets the notes that are not `kept`. Their sessions are not said to be without a note: that would
    /// tell of them.
    pub(super) fn retain(&mut self, kept: impl Fn(&str) -> bool) {
        self.joined.retain(|joined| kept(&joined.note));
        self.without_session.retain(|note| kept(note));
    }
}

/// A note and the session that it is about.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    /// Name of the `TalkNote`.
    pub note: String,
    /// The session: its id or, where it has none, its title.
    pub session: String,
    /// How sure that is, in percent; 100 where the note names the session.
    pub confidence: u8,
}

/// Why an agenda cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON.
    #[error("it is no JSON")]
    Syntax,
    /// It is some other JSON.
    #[error(
        "it is neither a schedule.json (frab, pretalx), a session.json (OPass) nor an answer of pretalx's API \
         (submissions, talks)"
    )]
    Unknown,
    /// It has more sessions than are looked at.
    #[error("it has more than {0} sessions")]
    TooMany(usize),
}

/// Joins `cards` with the official agenda of their summit. An agenda that cannot be read is told, and holds
/// back no note.
pub(super) fn of(
    spec: &SummitSpec,
    cards: &mut [Card],
    agenda: Option<&OfficialAgenda<'_>>,
) -> (Option<Programme>, Vec<Diagnostic>) {
    let Some(OfficialAgenda { text, links }) = agenda else { return (None, Vec::new()) };
    let sessions = match text {
        Ok(text) => read(text, spec.time_zone.as_deref()).map_err(|error| error.to_string()),
        Err(reason) => Err(reason.clone()),
    };
    let mut programme = match sessions {
        Ok(sessions) => join(cards, links, sessions),
        Err(reason) => return (None, vec![told(Code::AgendaUnreadable, &reason)]),
    };
    let template = spec.agenda.as_ref().and_then(|agenda| agenda.start_note_url.as_deref());
    for session in &mut programme.without_notes {
        session.start_note = template.and_then(|template| start_note(template, session));
    }
    let stray = &programme.without_session;
    let mut names: Vec<&str> = stray.iter().take(NAMED).map(String::as_str).collect();
    if stray.len() > NAMED {
        names.push("…");
    }
    let stray = (!stray.is_empty()).then(|| told(Code::NotesWithoutSession, &names.join(", ")));
    (Some(programme), stray.into_iter().collect())
}

fn told(code: Code, more: &str) -> Diagnostic {
    let diagnostic = code.of_field(FIELD);
    Diagnostic { message: format!("{}: {more}", diagnostic.message), ..diagnostic }
}

/// The address in which `{id}`, `{title}`, `{speakers}` and `{day}` stand for what the agenda says.
fn start_note(template: &str, session: &Session) -> Option<String> {
    let speakers: Vec<&str> = session.speakers.iter().map(|speaker| &*speaker.name).collect();
    let values: [(&str, Cow<'_, str>); 4] = [
        ("{id}", (&*session.id).into()),
        ("{title}", (&*session.title).into()),
        ("{speakers}", speakers.join(", ").into()),
        ("{day}", session.day.as_deref().unwrap_or_default().into()),
    ];
    // A value may look like the name of another: what is filled in is not looked at again.
    let mut address = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at_checked(at)?;
        address.push_str(before);
        let known = values.iter().find(|(name, _)| after.starts_with(name));
        rest = match known {
            Some((name, value)) => {
                address.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
                after.strip_prefix(name)?
            }
            None => {
                address.push('{');
                after.strip_prefix('{')?
            }
        };
    }
    address.push_str(rest);
    links::is_publishable(&address).then_some(address)
}

#[cfg(test)]
mod tests;
