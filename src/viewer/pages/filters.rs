//! Which talks an agenda shows: links, each with the whole state in its address.

use std::collections::BTreeMap;

use super::tags::{counted, has_tag};
use crate::api::{LinkKind, TalkKind};
use crate::render::Card;
use crate::viewer::language::Language;
use crate::viewer::library::Listed;
use crate::viewer::view::{KINDS, Only, View};
use crate::viewer::words::{self, Words};

/// Tags that are offered.
const TAGS: usize = 16;

/// The ways to see less of an agenda, or all of it again.
pub struct Filters {
    pub kinds: Vec<Chip>,
    pub tags: Vec<Chip>,
    pub languages: Vec<Chip>,
    pub only: Vec<Chip>,
    /// How many talks remain.
    pub shown: usize,
    pub is_filtered: bool,
    pub clear: String,
    pub has_grid: bool,
    pub is_grid: bool,
    pub list_href: String,
    pub grid_href: String,
}

/// A filter with how many talks it would leave under the others.
pub struct Chip {
    pub href: String,
    pub text: Words,
    pub count: usize,
    pub on: bool,
}

/// Whether `view` shows a talk.
pub fn matches(view: &View, talk: Listed<'_>) -> bool {
    let card = talk.card();
    let only = view.only.iter().all(|only| match only {
        Only::Recommended => card.medal.is_some(),
        Only::Slides => talk.has_link(LinkKind::Slides),
        Only::Source => talk.has_link(LinkKind::Source),
        Only::Missing => !talk.is_written(),
    });
    let kind = view.kind.is_none_or(|kind| kind_of(card) == kind);
    let tag = view.tag.as_ref().is_none_or(|tag| has_tag(&card.tags, tag));
    let language = view.language.as_ref().is_none_or(|wanted| language_of(talk) == Some(&**wanted));
    only && kind && tag && language
}

/// An agenda that says nothing means an ordinary talk.
fn kind_of(card: &Card) -> TalkKind {
    card.kind.unwrap_or(TalkKind::Session)
}

fn language_of(talk: Listed<'_>) -> Option<&str> {
    talk.note().map(|note| primary(&note.document().language))
}

/// The language without script and country.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

impl Filters {
    /// Of the page at `path`, which shows `notes`.
    ///
    /// There are files for one filter at a time: with more of them, their number would have no end.
    pub fn new(l: Language, view: &View, path: &str, talks: &[Listed<'_>], files: bool) -> Self {
        let maker = Maker { view, path, talks, one_by_one: files };
        let grid = View { grid: true, ..view.clone() };
        let list = View { grid: false, ..view.clone() };
        let timed = |talk: &Listed<'_>| talk.card().start_time.is_some();
        Self {
            kinds: kinds(l, &maker),
            tags: tags(&maker),
            languages: languages(&maker),
            only: Only::ALL
                .into_iter()
                .map(|only| {
                    let on = view.only.contains(&only);
                    let text = Words { text: l.say(only.phrase()).to_owned(), lang: None };
                    maker.chip(text, |view| view.toggled(only), on)
                })
                .collect(),
            shown: maker.count(view),
            is_filtered: view.is_filtered(),
            clear: view.unfiltered().address(path),
            has_grid: talks.iter().any(timed),
            is_grid: view.grid,
            list_href: list.address(path),
            grid_href: grid.address(path),
        }
    }
}

impl Filters {
    /// The menus of a wide screen: the phrase for each, whether something of it is on, and its chips.
    pub fn menus(&self) -> [(&'static str, bool, &[Chip]); 3] {
        [("kind", &self.kinds), ("tag", &self.tags), ("language", &self.languages)]
            .map(|(name, chips)| (name, chips.iter().any(|chip| chip.on), &**chips))
    }
}

struct Maker<'a> {
    view: &'a View,
    path: &'a str,
    talks: &'a [Listed<'a>],
    /// Whether a filter takes the place of the others.
    one_by_one: bool,
}

impl Maker<'_> {
    fn count(&self, view: &View) -> usize {
        self.talks.iter().filter(|talk| matches(view, **talk)).count()
    }

    /// A chip that leads to what `switch` makes of the view. One that is on tells of what is shown now.
    fn chip(&self, text: Words, switch: impl FnOnce(View) -> View, on: bool) -> Chip {
        let then = match (self.one_by_one, on) {
            (true, true) => self.view.unfiltered(),
            (true, false) => switch(self.view.unfiltered()),
            (false, _) => switch(self.view.clone()),
        };
        let count = self.count(if on { self.view } else { &then });
        Chip { href: then.address(self.path), text, count, on }
    }
}

fn kinds(l: Language, maker: &Maker<'_>) -> Vec<Chip> {
    let is_there = |kind| maker.talks.iter().any(|talk| kind_of(talk.card()) == kind);
    let there: Vec<_> = KINDS.iter().filter(|(kind, _)| is_there(*kind)).collect();
    // One kind is no choice.
    if there.len() < 2 {
        return Vec::new();
    }
    let chip = |(kind, _): &(crate::api::TalkKind, &str)| {
        let on = maker.view.kind == Some(*kind);
        let text = Words { text: l.say(words::any_kind(*kind)).to_owned(), lang: None };
        maker.chip(text, |view| View { kind: (!on).then_some(*kind), ..view }, on)
    };
    there.into_iter().map(chip).collect()
}

fn tags(maker: &Maker<'_>) -> Vec<Chip> {
    let all = counted(maker.talks.iter().map(|talk| &*talk.card().tags));
    let chip = |(tag, _): (String, usize)| {
        let on = maker
            .view
            .tag
            .as_ref()
            .is_some_and(|wanted| has_tag(std::slice::from_ref(&tag), wanted));
        let text = Words::guess(&tag);
        maker.chip(text, |view| View { tag: (!on).then_some(tag), ..view }, on)
    };
    all.into_iter().take(TAGS).map(chip).collect()
}

fn languages(maker: &Maker<'_>) -> Vec<Chip> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for language in maker.talks.iter().filter_map(|talk| language_of(*talk)) {
        let count = counts.entry(language).or_default();
        *count = count.saturating_add(1);
    }
    if counts.len() < 2 {
        return Vec::new();
    }
    let chip = |language: &str| {
        let on = maker.view.language.as_deref() == Some(language);
        let switch = |view| View { language: (!on).then(|| language.to_owned()), ..view };
        maker.chip(name_of(language), switch, on)
    };
    counts.keys().map(|language| chip(language)).collect()
}

/// A language's own name, in itself.
fn name_of(language: &str) -> Words {
    let (text, lang) = match language {
        "zh" => ("中文", Some("zh-Hant")),
        "en" => ("English", Some("en")),
        "ja" => ("日本語", Some("ja")),
        "ko" => ("한국어", Some("ko")),
        other => (other, None),
    };
    Words { text: text.to_owned(), lang: lang.map(str::to_owned) }
}
