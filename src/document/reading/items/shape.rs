//! The grammar of an item's first line: a title, set apart by marks or not, people in front of it or
//! behind it, and the prose or the links that end them.

use super::spans::{self, Mark, Span};
use crate::api::LinkKind;
use crate::document::reading::evidence::is_wordy;
use crate::document::speakers::by_words;
use crate::document::speakers::likeness::Likeness;
use crate::document::speakers::names_at_start::{self, Named};
use crate::document::speakers::people::People;
use crate::document::speakers::prose;
use crate::document::speakers::seats::Seat;
use crate::document::title;
use crate::document::words::words;

/// Bytes of a line that are read: a title with its people stands among them.
const MAX_LINE: usize = 600;

/// Bytes of a line in which a title that marks set apart begins.
const MAX_BEFORE: usize = 120;

/// How a line is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// A title between marks, people behind it.
    Behind,
    /// People in front of a title between marks.
    Before,
    /// A title without marks, and people at this seat.
    Plain(Seat),
    /// A sentence that says who spoke about a title in quotes.
    Prose,
    /// A title that is a link or stands above text, and nobody.
    Alone,
    /// A title between other marks, and nobody.
    Titled,
}

impl Shape {
    /// Whether people stand beside the title, in a form in which nothing but a title has people.
    pub fn names_people(self) -> bool {
        !matches!(self, Self::Alone | Self::Titled | Self::Plain(Seat::BeforeDash | Seat::Dash))
    }
}

/// A line as the grammar reads it.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub shape: Shape,
    pub title: String,
    pub people: Option<(Seat, People)>,
    /// What follows the title and its people.
    pub rest: String,
}

/// Reads the text of an item in which links are written `[[text]]`; `None` where it has no title
/// that something shows.
pub(super) fn read(text: &str) -> Option<Reading> {
    let text = text.get(..text.floor_char_boundary(MAX_LINE))?.trim();
    let text = without_remark(text);
    let span = spans::first(text, MAX_BEFORE);
    let marked = span.filter(|span| !is_media(span.inner));
    marked
        .and_then(|span| of_marked(&span))
        .or_else(|| in_brackets(text))
        .or_else(|| behind_by(text))
        .or_else(|| around_dash(text))
        .or_else(|| marked.and_then(|span| titled(&span)))
}

/// A text without a remark in brackets in front: `(needs links) [[Title]]`.
fn without_remark(text: &str) -> &str {
    let rest = text.strip_prefix('(').and_then(|text| text.split_once(") "));
    rest.map_or(text, |(_, rest)| rest.trim_start())
}

/// Whether a link leads to slides, a recording or the like.
fn is_media(text: &str) -> bool {
    let text = title::plain(text);
    let short = text.split(' ').count() <= 2;
    words().is_link_word(&text) || (short && words().link_kind(&text, "") != LinkKind::Reference)
}

/// A title between marks with its people.
fn of_marked(span: &Span<'_>) -> Option<Reading> {
    let reading = |shape, people, rest: &str| Reading {
        shape,
        title: span.inner.trim().to_owned(),
        people: Some(people),
        rest: rest.trim().to_owned(),
    };
    if is_decoration(span) {
        if let Some(found) = behind(span.after, span.mark) {
            return Some(reading(Shape::Behind, (found.seat, found.people), found.rest));
        }
        let inside = || inside(span);
        return name_between_marks(span).or_else(inside);
    }
    if let Some(people) = before(span) {
        return Some(reading(Shape::Before, (Seat::BeforeColon, people), span.after));
    }
    let people = in_sentence(span)?;
    Some(reading(Shape::Prose, (Seat::ByLine, people), ""))
}

/// A title with its people, both between the same marks: `[Title - Name](…): prose`.
fn inside(span: &Span<'_>) -> Option<Reading> {
    let text = title::plain(span.inner);
    let found = in_brackets(&text).or_else(|| behind_by(&text)).or_else(|| around_dash(&text));
    let whole = found.filter(|own| own.rest.is_empty() && span.mark != Mark::Quote)?;
    Some(Reading { rest: span.after.trim().to_owned(), ..whole })
}

/// Whether nothing but a time, a room, a number or a kind stands in front of a title.
fn is_decoration(span: &Span<'_>) -> bool {
    if span.before.trim().is_empty() {
        return true;
    }
    let own = title::undecorate(span.inner).text;
    !own.is_empty() && title::undecorate(&format!("{} {}", span.before, span.inner)).text == own
}

/// `**Name** - Title - prose` and `**Name**: "Title"`: the marks are around the name.
fn name_between_marks(span: &Span<'_>) -> Option<Reading> {
    let people = People::parse(span.inner);
    let rest = span.after.trim_start();
    let title = rest.trim_start_matches([':', '：', '-', '–', '—', '~', '|', ',', ' ']);
    if people.likeness < Likeness::Medium || title.len() == rest.len() || span.mark == Mark::Quote {
        return None;
    }
    let next = spans::leading(title).filter(|next| !is_media(next.inner))?;
    Some(Reading {
        shape: Shape::Before,
        title: next.inner.trim().to_owned(),
        people: Some((Seat::BeforeColon, people)),
        rest: next.after.trim().to_owned(),
    })
}

struct Found<'t> {
    seat: Seat,
    people: People,
    rest: &'t str,
}

/// The people behind a title: in brackets, behind a word such as `by` or a mark, or between marks.
fn behind(text: &str, mark: Mark) -> Option<Found<'_>> {
    let text = text.trim_start();
    if let Some((inner, rest)) = text.strip_prefix(['(', '（']).and_then(split_bracket) {
        let people = names_at_start::in_brackets(inner)?;
        return Some(Found { seat: Seat::Parenthesis, people, rest });
    }
    let rest = text.trim_start_matches([',', '-', '–', '—', ':', '：', '/', '|', '·', '~', ' ']);
    if let Some((_, names)) = by_words::leading(rest) {
        let Named { people, rest } = names_at_start::named(names, Likeness::Weak)?;
        return Some(Found { seat: Seat::By, people, rest });
    }
    let parted = rest.len() < text.len() || matches!(mark, Mark::Link | Mark::Bold);
    let between = spans::leading(rest).is_some_and(|span| span.mark != Mark::Quote);
    if rest.len() == text.len() && !between || !parted {
        return None;
    }
    let Named { people, rest } = names_at_start::named(rest, Likeness::Medium)?;
    Some(Found { seat: Seat::Dash, people, rest })
}

/// `inner) rest` as both, the brackets inside counted.
fn split_bracket(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_usize;
    let (at, close) = text.char_indices().find(|(_, c)| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some((text.get(..at)?, text.get(at + close.len_utf8()..)?))
}

/// The people in front of a title between marks: `Name, "Title"`, `von Name [Title]`.
fn before(span: &Span<'_>) -> Option<People> {
    let text = title::undecorate(span.before.trim_start_matches(['*', '_'])).text;
    let names =
        text.trim_end_matches([',', ':', '：', '-', '–', '—', '~', '|', '/', '*', '_', ' ']);
    let names = by_words::leading(names).map_or(names, |(_, names)| names);
    let names = &with_initial(names, span.before);
    let people = People::parse(names);
    // A handle is as good where the title is quoted.
    let parted = names.len() < text.len() && span.mark == Mark::Quote;
    let least = if parted { Likeness::Weak } else { Likeness::Medium };
    (people.likeness >= least && names.chars().count() <= 80).then_some(people)
}

/// Names with the initial in front of them in a text, which looks like a number such as `A.`.
fn with_initial(names: &str, text: &str) -> String {
    let before = text.rfind(names).and_then(|at| text.get(..at)).unwrap_or_default().trim_end();
    let initial = before.rsplit(' ').next().unwrap_or_default();
    let is_initial = initial
        .strip_suffix('.')
        .is_some_and(|own| own.chars().count() == 1 && own.chars().all(char::is_uppercase));
    if is_initial { format!("{initial} {names}") } else { names.to_owned() }
}

/// The people of a sentence about a title in quotes: `Name spoke about “Title”`, `Name’s talk on
/// “Title”`, `a talk on “Title” by Name`.
fn in_sentence(span: &Span<'_>) -> Option<People> {
    let spoken = span.mark == Mark::Quote && is_wordy(span.inner);
    let spoken = spoken && !span.before.contains(". ");
    if !spoken {
        return None;
    }
    let of = ["’s ", "'s "].iter().find_map(|mark| span.before.split_once(mark));
    let of = of.filter(|(_, talk)| words().speaks_of_talk(talk) || talk.contains("talk"));
    let owner =
        of.map(|(names, _)| People::parse(names)).filter(|own| own.likeness >= Likeness::Medium);
    owner.or_else(|| prose::speakers(span.before)).or_else(|| {
        let (_, names) = by_words::leading(span.after.trim_start())?;
        let told = words().speaks_of_talk(span.before) || span.before.contains("talk");
        names_at_start::named(names, Likeness::Medium).filter(|_| told).map(|own| own.people)
    })
}

/// `Title (Name): [Slides] …`
fn in_brackets(text: &str) -> Option<Reading> {
    let opens = text.match_indices(['(', '（']).take(3);
    opens.into_iter().find_map(|(at, open)| {
        let title = text.get(..at)?.trim_end();
        let (inner, rest) = split_bracket(text.get(at + open.len()..)?)?;
        let next = rest.trim_start();
        let ends = next.is_empty()
            || next.starts_with([':', '：', '-', '–', '—', '.', ',', ';', '[', '|', '<']);
        let people = names_at_start::in_brackets(inner).filter(|_| ends && is_title(title))?;
        Some(plain(Seat::Parenthesis, title, people, rest))
    })
}

/// `Title by Name. Prose`
fn behind_by(text: &str) -> Option<Reading> {
    if let Some(credit) = by_words::behind_kind(text) {
        return Some(plain(Seat::By, &credit.title?, credit.people, ""));
    }
    if !by_words::is_in(text) {
        return None;
    }
    let spaces = text.match_indices(' ').map(|(at, _)| at).take(40);
    spaces.into_iter().find_map(|at| {
        let (title, rest) = text.split_at_checked(at)?;
        let (weak, names) = by_words::leading(rest.trim_start())?;
        let least = if weak { Likeness::Strong } else { Likeness::Medium };
        let title = title.trim_end_matches([' ', ',', '-', '–', '—', ':']);
        let named = names_at_start::named(names, least).filter(|_| is_title(title))?;
        Some(plain(Seat::By, title, named.people, named.rest))
    })
}

/// `Title - Name - prose` and `Name - Title - prose`.
fn around_dash(text: &str) -> Option<Reading> {
    let marks = [" - ", " – ", " — ", " -- ", " ~ ", " | ", " / "];
    let first = marks.iter().filter_map(|mark| Some((text.find(mark)?, *mark)));
    let (at, mark) = first.min_by_key(|(at, _)| *at)?;
    let (head, tail) = (text.get(..at)?.trim(), text.get(at + mark.len()..)?.trim());
    let people = People::parse(head);
    if people.likeness >= Likeness::Medium {
        let (title, rest) = up_to_prose(tail, mark);
        return is_title(title).then(|| plain(Seat::BeforeDash, title, people, rest));
    }
    let Named { people, rest } = names_at_start::named(tail, Likeness::Medium)?;
    is_title(head).then(|| plain(Seat::Dash, head, people, rest))
}

/// A title up to what parts it from prose or links: the same mark as in front of it.
fn up_to_prose<'t>(text: &'t str, mark: &str) -> (&'t str, &'t str) {
    let links = [" [[", " http", "<br"].iter().filter_map(|mark| text.find(mark)).min();
    let prose = text.find(mark).filter(|at| {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        rest.starts_with(char::is_lowercase)
            || rest.split(' ').count() >= 6
            || rest.starts_with("http")
    });
    let end = links.into_iter().chain(prose).min().unwrap_or(text.len());
    let (title, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (title.trim_end_matches([';', '；', '.', ',', ' ']), rest)
}

fn plain(seat: Seat, title: &str, people: People, rest: &str) -> Reading {
    let rest = rest.trim_start_matches([':', '：', '-', '–', '—', '.', ',', ';', ' ']).trim();
    Reading {
        shape: Shape::Plain(seat),
        title: title.to_owned(),
        people: Some((seat, people)),
        rest: rest.to_owned(),
    }
}

/// Whether a text without marks may be a title: short, and no link to something else.
fn is_title(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && text.chars().count() <= 160 && !text.contains("://") && !text.contains(". ")
}

/// A title that a line break parts from the text about it.
pub(super) fn broken(text: &str) -> Option<Reading> {
    let title =
        text.trim_end_matches("<br>").trim_end_matches("<br/>").trim_end_matches("<br />").trim();
    let fits = is_title(title) && !title.contains("[[");
    fits.then(|| Reading {
        shape: Shape::Alone,
        title: title.to_owned(),
        people: None,
        rest: String::new(),
    })
}

/// A title between marks at the beginning, in front of prose, a colon or nothing.
fn titled(span: &Span<'_>) -> Option<Reading> {
    let rest = span.after.trim_start();
    let inner = span.inner.trim_end_matches([':', '：', ' ']);
    let ends = rest.is_empty()
        || inner.len() < span.inner.len()
        || rest.starts_with([':', '：', '-', '–', '—', '[', '('])
        || rest.starts_with("<br");
    let wanted = ends && is_decoration(span) && is_title(inner);
    wanted.then(|| Reading {
        shape: if span.mark == Mark::Link { Shape::Alone } else { Shape::Titled },
        title: inner.to_owned(),
        people: None,
        rest: rest.trim_start_matches([':', '：', '-', '–', '—', ' ']).to_owned(),
    })
}
