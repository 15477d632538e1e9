//! Titles: what the heading of a talk says beside its title.

mod cancelled;
mod ends;
mod labels;
mod parts;
mod places;
mod plain;
mod times;

use super::dates::DayHeading;
use super::memo::Memo;
use super::words::words;
use crate::api::{Medal, TalkKind};
pub(super) use ends::trim_end;
use labels::{kind_behind, kind_of_quoted, kind_prefix, without_chapter, without_number};
use parts::Part;
use places::{room_behind, room_behind_time, room_in_front, tag_in_front};
use plain::without_symbols;
pub(super) use plain::{is_symbol, plain};
pub(super) use times::{begins_with_time, is_time};
use times::{clock_in_front, day_in_front, times_behind, times_in_front};

/// A heading without what decorates it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// The title, and the speaker behind it where there is one.
    pub text: String,
    pub medal: Option<Medal>,
    pub kind: Option<TalkKind>,
    pub room: Option<String>,
    /// The company that a tag such as `[Company]` in front names.
    pub company: Option<String>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    /// The language that brackets behind the title name: `(EN)`.
    pub language: Option<&'static str>,
    /// The day in front of the title.
    pub day: Option<DayHeading>,
    /// Whether a number stood in front.
    pub numbered: bool,
    /// Whether it says that the talk was not given.
    pub cancelled: bool,
}

/// Decorations in front of a title that are taken off at most.
const MAX_DECORATIONS: usize = 8;

/// Takes medals, numbering, times, rooms and the kind of talk off a heading.
pub(super) fn undecorate(heading: &str) -> Title {
    thread_local! { static KEPT: Memo<Title> = Memo::default(); }
    KEPT.with(|kept| kept.of(heading, || without_decorations(heading)))
}

fn without_decorations(heading: &str) -> Title {
    let (heading, struck) = cancelled::unstruck(heading);
    let mut title = Title { text: plain(&heading), cancelled: struck, ..Title::default() };
    for _ in 0..MAX_DECORATIONS {
        let before = title.text.clone();
        title.text = without_symbols(&before, &mut title.medal);
        title.decoration();
        if title.text == before {
            break;
        }
    }
    title.language = ends::language(&title.text);
    title.text = trim_end(&title.text).to_owned();
    title
}

impl Title {
    fn takes_place(&mut self, times: Vec<String>) {
        let mut times = times.into_iter();
        self.start_time = self.start_time.take().or(times.next());
        self.end_time = self.end_time.take().or(times.next());
    }

    /// Takes one decoration off.
    fn decoration(&mut self) {
        if let Some(rest) = cancelled::without_word(&self.text) {
            self.cancelled = true;
            self.text = rest;
        } else if let Some((times, rest)) =
            times_in_front(&self.text).or_else(|| clock_in_front(&self.text))
        {
            self.takes_place(times);
            self.text = rest;
        } else if let Some((times, place, rest)) = times_behind(&self.text) {
            self.takes_place(times);
            let room = words().is_room(&place) || place.contains(|c: char| c.is_ascii_digit());
            self.room = self.room.take().or(Some(place.clone()).filter(|_| room));
            self.text = if room || place.is_empty() { rest } else { format!("{rest} ({place})") };
        } else if let Some((room, rest)) =
            room_in_front(&self.text).or_else(|| room_behind(&self.text))
        {
            self.room = self.room.take().or(Some(room));
            self.text = rest;
        } else if let Some((room, rest)) =
            room_behind_time(&self.text).filter(|_| self.start_time.is_some())
        {
            self.room = self.room.take().or(Some(room));
            self.text = rest;
        } else if let Some((kind, rest)) = kind_prefix(&self.text)
            .or_else(|| kind_of_quoted(&self.text))
            .or_else(|| kind_behind(&self.text))
        {
            self.kind = self.kind.or(Some(kind));
            self.text = rest;
        } else if let Some((tag, rest)) = tag_in_front(&self.text) {
            let track = words().is_group(&tag) || words().holds_not_name(&tag);
            let field = if words().is_room(&tag) { &mut self.room } else { &mut self.company };
            *field = field.take().or(Some(tag).filter(|_| !track));
            self.text = rest;
        } else if let Some(rest) =
            without_number(&self.text).or_else(|| without_chapter(&self.text))
        {
            self.numbered = true;
            self.text = rest;
        } else if let Some((day, rest)) = day_in_front(&self.text).filter(|_| self.day.is_none()) {
            self.day = Some(day);
            self.text = rest;
        } else if let Some((part, rest)) =
            parts::in_front(&self.text).or_else(|| parts::behind(&self.text))
        {
            self.take(part);
            self.text = rest;
        }
    }

    fn take(&mut self, part: Part) {
        match part {
            Part::Times(times) => self.takes_place(times),
            Part::Room(room) => self.room = self.room.take().or(Some(room)),
            Part::Kind(kind) => self.kind = self.kind.or(Some(kind)),
            Part::Day(day) => self.day = self.day.or(Some(day)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(heading: &str) -> (String, Option<Medal>, Option<TalkKind>) {
        let title = undecorate(heading);
        (title.text, title.medal, title.kind)
    }

    #[test]
    fn decorations_become_fields() {
        let gold = Some(Medal::Gold);
        assert_eq!(title("🥇 Keynote 3: 省一半"), ("省一半".into(), gold, Some(TalkKind::Keynote)));
        assert_eq!(
            title("Workshop 2 - **Fast** `tests`"),
            ("Fast tests".into(), None, Some(TalkKind::Workshop))
        );
        assert_eq!(
            title("【閃電講】快問快答"),
            ("快問快答".into(), None, Some(TalkKind::Lightning))
        );
        assert_eq!(
            title("1. 🥈 [A talk](https://x.example):"),
            ("A talk".into(), Some(Medal::Silver), None)
        );
        assert_eq!(title("Keynote A: x").2, Some(TalkKind::Keynote));
    }

    #[test]
    fn places_times_and_tags_become_fields() {
        let found = undecorate("09:30-10:15 Talk - @R0 🎤 開源與潮汐");
        assert_eq!((found.text.as_str(), found.room.as_deref()), ("開源與潮汐", Some("R0")));
        assert_eq!(
            (found.start_time.as_deref(), found.end_time.as_deref()),
            (Some("09:30"), Some("10:15"))
        );
        let found = undecorate("[Harbor] 年度調查");
        assert_eq!((found.text.as_str(), found.company.as_deref()), ("年度調查", Some("Harbor")));
        let found = undecorate("【Room A】年度調查 ##");
        assert_eq!((found.text.as_str(), found.room.as_deref()), ("年度調查", Some("Room A")));
        let found = undecorate("10:00 / Track 1 / Keynote: Sails - Again");
        assert_eq!(
            (found.text.as_str(), found.room.as_deref()),
            ("Sails - Again", Some("Track 1"))
        );
        assert_eq!(undecorate("Sails / Main / Ropes").room, None);
        let found = undecorate("Ropes: why? (K.3.601 11:40 - 12:10)");
        assert_eq!((found.text.as_str(), found.room.as_deref()), ("Ropes: why?", Some("K.3.601")));
        assert_eq!(found.start_time.as_deref(), Some("11:40"));
        assert_eq!(undecorate("Ropes (Mira Quell, 11:40)").text, "Ropes (Mira Quell)");
        assert_eq!(undecorate("Ropes (2031 12)").text, "Ropes (2031 12)");
        let found = undecorate("10:30a Ropes and routes");
        assert_eq!(
            (found.text.as_str(), found.start_time.as_deref()),
            ("Ropes and routes", Some("10:30"))
        );
        let found = undecorate("1:30p–2:15p: Ropes and routes");
        assert_eq!(
            (found.start_time.as_deref(), found.end_time.as_deref()),
            (Some("13:30"), Some("14:15"))
        );
        let found = undecorate("10:00–10:45: Ropes and routes");
        assert_eq!(
            (found.text.as_str(), found.end_time.as_deref()),
            ("Ropes and routes", Some("10:45"))
        );
        assert_eq!(undecorate("COVID19: what changed").text, "COVID19: what changed");
        assert_eq!(undecorate("Chapitre 3 : Partir").text, "Partir");
        assert_eq!(undecorate("第三場：繩索").text, "繩索");
        assert_eq!(undecorate("第三場").text, "第三場");
        assert_eq!(undecorate("2031-05-14: Partir demain").text, "Partir demain");
    }

    #[test]
    fn titles_keep_what_belongs_to_them() {
        for text in [
            "360 度看雲",
            "1.5 倍速",
            "12-Factor Apps",
            "Session Affinity: why",
            "A tale",
            "Clusters for Data: Building",
            "Keynote",
            "C# in the cloud",
            "🥇",
        ] {
            assert_eq!(title(text).0, text);
        }
    }
}
