//! Where the speakers of a talk can stand.

use super::people::People;

/// Where the speakers of a talk stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::document) enum SpeakerPosition {
    /// `Speaker: Name` on a line of its own or in a list.
    Label,
    /// A heading of their own under that of the talk.
    Heading,
    /// A line in bold under the heading.
    Bold,
    /// A line in italics under the heading.
    Italic,
    /// A quote under the heading.
    Quote,
    /// A link under the heading.
    Link,
    /// `by Name` under the heading.
    ByLine,
    /// `Name | Company | Title`.
    BeforeBar,
    /// `Title - Name`.
    Dash,
    /// `Title | Name`.
    Bar,
    /// `Title by Name`.
    By,
    /// `Title with Name`: of a word that as often joins things.
    With,
    /// `Name: Title`.
    BeforeColon,
    /// `Name - Title`.
    BeforeDash,
    /// `Title: Name`.
    Colon,
    /// `Name, Title`.
    BeforeComma,
    /// `Title (Name)`.
    Parenthesis,
    /// A plain line under the heading that says a name, a company and nothing else.
    NameLine,
    /// The heading above that of the talk.
    Above,
    /// A link that the first sentence under the heading begins with.
    Linked,
    /// A plain line under the heading.
    Plain,
    /// The first item of a list under the heading.
    Bullet,
    /// A line of handles under the heading.
    Handle,
    /// Where a rule says.
    Stated,
}

impl SpeakerPosition {
    /// Whether a name at this position is believed without other talks that have one there.
    pub fn is_usual(self) -> bool {
        !matches!(
            self,
            Self::Colon
                | Self::BeforeComma
                | Self::Parenthesis
                | Self::Above
                | Self::Linked
                | Self::With
                | Self::Plain
                | Self::Bullet
                | Self::BeforeDash
        )
    }
}

/// People at one position of a talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document) struct Credit {
    pub position: SpeakerPosition,
    /// The title without them, where they stand in its line.
    pub title: Option<String>,
    pub people: People,
}

impl Credit {
    /// Whether it is a plain line without a company, which may be anything of that shape.
    pub fn is_bare_line(&self) -> bool {
        let company = self.people.speakers.iter().any(|speaker| speaker.organization.is_some());
        self.position == SpeakerPosition::NameLine && !company
    }
}
