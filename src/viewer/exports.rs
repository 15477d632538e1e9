//! What other programs read: calendars, feeds and files.

/// A file of a summit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// iCalendar.
    Calendar,
    /// Atom.
    Feed,
    /// The common format of conferences.
    Schedule,
    /// OPass.
    Sessions,
    /// Markmap.
    Outline,
}

impl Export {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 5] =
        [Self::Calendar, Self::Feed, Self::Schedule, Self::Sessions, Self::Outline];

    fn named(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|export| export.file() == file)
    }

    /// Name of the file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Calendar => "calendar.ics",
            Self::Feed => "feed.xml",
            Self::Schedule => "schedule.json",
            Self::Sessions => "session.json",
            Self::Outline => "mindmap.md",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Feed => "application/atom+xml; charset=utf-8",
            Self::Schedule | Self::Sessions => "application/json",
            Self::Outline => "text/markdown; charset=utf-8",
        }
    }

    /// The phrases for its name and for what it is.
    pub fn phrases(self) -> (&'static str, &'static str) {
        match self {
            Self::Calendar => ("calendar", "calendar-about"),
            Self::Feed => ("feed", "feed-about"),
            Self::Schedule => ("schedule", "schedule-about"),
            Self::Sessions => ("sessions", "sessions-about"),
            Self::Outline => ("outline", "outline-about"),
        }
    }
}
