//! How a page is looked at: what the query of its address says.

use url::form_urlencoded::{Serializer, parse};

use crate::api::TalkKind;

/// Characters of a value that are looked at.
const LONGEST: usize = 200;
/// Talks that a selection may have.
const TALKS: usize = 200;

/// Which talks an agenda shows, and how; what a search looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct View {
    /// Rooms and times instead of a list.
    pub grid: bool,
    /// Which section of a note; `column` for all in one column.
    pub section: Option<String>,
    /// Talks of this kind.
    pub kind: Option<TalkKind>,
    /// Talks of this day, in calendars.
    pub day: Option<String>,
    /// Talks with this tag.
    pub tag: Option<String>,
    /// Talks whose notes are in this language.
    pub language: Option<String>,
    /// Talks of which this holds.
    pub only: Vec<Only>,
    /// These talks and no others, by the names of their notes: what somebody chose.
    pub talks: Vec<String>,
    /// What is searched for.
    pub query: String,
    /// The summit that is searched, as `namespace/name`.
    pub scope: Option<String>,
}

/// What may be asked of a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Only {
    /// It has a medal.
    Recommended,
    /// It has slides.
    Slides,
    /// It has source code.
    Source,
    /// Nothing is written about it.
    Missing,
}

impl Only {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Recommended, Self::Slides, Self::Source, Self::Missing];

    fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Slides => "slides",
            Self::Source => "source",
            Self::Missing => "missing",
        }
    }

    /// The phrase for it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Slides => "has-slides",
            Self::Source => "has-source",
            Self::Missing => "needs-notes",
        }
    }
}

/// Kinds with their names in addresses.
pub const KINDS: [(TalkKind, &str); 6] = [
    (TalkKind::Keynote, "keynote"),
    (TalkKind::Session, "session"),
    (TalkKind::Workshop, "workshop"),
    (TalkKind::Lightning, "lightning"),
    (TalkKind::Panel, "panel"),
    (TalkKind::Other, "other"),
];

impl View {
    /// Reads the query of an address. What it does not know is left out.
    pub fn parse(query: &str) -> Self {
        let mut view = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            if name == "talks" {
                view.talks = value
                    .split(',')
                    .filter(|name| is_name(name))
                    .take(TALKS)
                    .map(str::to_owned)
                    .collect();
                continue;
            }
            let value: String = value.trim().chars().take(LONGEST).collect();
            if value.is_empty() {
                continue;
            }
            match &*name {
                "view" if value == "grid" => view.grid = true,
                "view" => view.section = Some(value),
                "kind" => {
                    let known = KINDS.iter().find(|(_, name)| *name == value);
                    view.kind = known.map(|(kind, _)| *kind);
                }
                "day" => view.day = Some(value),
                "tag" => view.tag = Some(value),
                "language" => view.language = Some(value),
                "only" => {
                    let known = Only::ALL.into_iter().find(|only| only.name() == value);
                    view.only.extend(known);
                }
                "q" => view.query = value,
                "in" => view.scope = Some(value),
                _ => {}
            }
        }
        view.only.sort_unstable();
        view.only.dedup();
        view
    }

    /// Whether some talks are left out.
    pub fn is_filtered(&self) -> bool {
        self.kind.is_some()
            || !self.talks.is_empty()
            || self.tag.is_some()
            || self.language.is_some()
            || !self.only.is_empty()
    }

    /// The same view of all talks.
    pub fn unfiltered(&self) -> Self {
        Self { grid: self.grid, section: self.section.clone(), ..Self::default() }
    }

    /// With `only` switched on or off.
    pub fn toggled(&self, only: Only) -> Self {
        let mut view = self.clone();
        if view.only.contains(&only) {
            view.only.retain(|known| *known != only);
        } else {
            view.only.push(only);
            view.only.sort_unstable();
        }
        view
    }

    /// The address of the page at `path` in this view.
    pub fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let kind = KINDS.iter().find(|(kind, _)| Some(*kind) == self.kind).map(|(_, name)| *name);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let pairs = [
            ("q", self.query.clone()),
            ("in", text(&self.scope)),
            ("view", if self.grid { "grid".to_owned() } else { text(&self.section) }),
            ("kind", kind.unwrap_or_default().to_owned()),
            ("day", text(&self.day)),
            ("tag", text(&self.tag)),
            ("language", text(&self.language)),
            ("talks", self.talks.join(",")),
        ];
        pairs.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            query.append_pair(name, value);
        });
        self.only.iter().for_each(|only| {
            query.append_pair("only", only.name());
        });
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// Whether this may be the name of an object.
fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    (1..=253).contains(&name.len()) && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_read_back_from_its_address() {
        let text = "q=a+b&in=n%2Fs&view=grid&kind=keynote&tag=c%2B%2B&language=zh&talks=a%2Cb.c-1&only=recommended&only=slides";
        let view = View::parse(text);
        assert_eq!(view.address("/x"), format!("/x?{text}"));
        assert_eq!(View::parse("").address("/x"), "/x");
    }

    #[test]
    fn what_is_not_known_is_left_out_and_order_does_not_matter() {
        let view = View::parse("only=slides&x=1&only=recommended&only=slides&kind=party&tag=");
        assert_eq!(view.only, [Only::Recommended, Only::Slides]);
        assert_eq!((view.kind, view.tag), (None, None));
        assert_eq!(View::parse("talks=a,,../b,B,c").talks, ["a", "c"]);
        assert!(View::parse("only=missing").toggled(Only::Missing).only.is_empty());
    }
}
