//! The language of a page's own words. A language is a file of `languages/`; what people wrote keeps
//! the language that it has.

mod dates;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use axum::http::{HeaderMap, header};
use serde::Deserialize;

/// Holds the tag of the language that a reader chose.
pub const COOKIE: &str = "talknotes-language";

/// The first is for those who ask for none that we have.
const FILES: [&str; 2] =
    [include_str!("languages/en.toml"), include_str!("languages/zh-Hant.toml")];

static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let known = FILES.iter().filter_map(|file| toml::from_str(file).ok());
    chosen_of(known.collect(), OFFERED.get().map(Vec::as_slice).unwrap_or_default())
});
static OFFERED: OnceLock<Vec<String>> = OnceLock::new();
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// A file of `languages/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    about: About,
    dates: dates::Dates,
    phrases: HashMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    tag: String,
    name: String,
}

/// A language that pages are written in.
#[derive(Clone, Copy, Debug)]
pub struct Language(&'static Words);

impl Default for Language {
    fn default() -> Self {
        Self(ALL.first().unwrap_or(&NONE))
    }
}

impl Language {
    /// The language `tag`, if we have it.
    pub fn named(tag: &str) -> Option<Self> {
        ALL.iter().find(|words| words.about.tag.eq_ignore_ascii_case(tag)).map(Self)
    }

    /// All that there are; the first is for those who ask for none of them.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(Self)
    }

    /// What the reader chose, else the first that the browser asks for and we have.
    pub fn of(headers: &HeaderMap) -> Self {
        chosen(headers).or_else(|| asked(headers)).unwrap_or_default()
    }

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        &self.0.about.tag
    }

    /// The language that a switch leads to.
    pub fn next(self) -> Self {
        let at = ALL.iter().position(|words| words.about.tag == self.0.about.tag);
        let next = at.map_or(0, |at| at.saturating_add(1));
        ALL.get(next).or_else(|| ALL.first()).map_or(self, Self)
    }

    /// Its own name, in itself.
    pub fn name(self) -> &'static str {
        &self.0.about.name
    }

    /// The phrase `key`.
    pub fn say(self, key: &'static str) -> &'static str {
        self.0.phrases.get(key).map_or(key, String::as_str)
    }

    /// The phrase `key` with what is filled in.
    pub fn with(self, key: &'static str, values: &[(&str, &str)]) -> String {
        fill(self.say(key), values)
    }

    /// The phrase `key` for a number: `key-one` or `key-other`.
    pub fn count(self, key: &str, number: usize) -> String {
        let form = if number == 1 { "one" } else { "other" };
        let phrase = self.0.phrases.get(&format!("{key}-{form}"));
        fill(phrase.map_or(key, String::as_str), &[("n", &number.to_string())])
    }

    /// The parts that there are, one after the other.
    pub fn list(self, parts: impl IntoIterator<Item = Option<String>>) -> String {
        parts.into_iter().flatten().collect::<Vec<_>>().join(self.say("comma"))
    }
}

/// Offers only the languages `tags`, the first to those who ask for none of them. All are offered where it
/// is not called. It is for the start of the process: it changes nothing once a page was asked for.
///
/// # Errors
/// Where there is no such language.
pub fn offer(tags: Vec<String>) -> Result<(), String> {
    let known: Vec<Words> = FILES.iter().filter_map(|file| toml::from_str(file).ok()).collect();
    let is_known =
        |tag: &String| known.iter().any(|words| words.about.tag.eq_ignore_ascii_case(tag));
    if let Some(tag) = tags.iter().find(|tag| !is_known(tag)) {
        let names: Vec<&str> = known.iter().map(|words| &*words.about.tag).collect();
        return Err(format!("the viewer does not speak {tag}: choose among {}", names.join(", ")));
    }
    let _ = OFFERED.set(tags);
    Ok(())
}

/// Those of `known` that `tags` names, in its order; all where it names none.
fn chosen_of(mut known: Vec<Words>, tags: &[String]) -> Vec<Words> {
    if tags.is_empty() {
        return known;
    }
    let place =
        |words: &Words| tags.iter().position(|tag| words.about.tag.eq_ignore_ascii_case(tag));
    known.retain(|words| place(words).is_some());
    known.sort_by_key(place);
    known
}

/// Puts `values` into the braces of `template`. A value is never looked at again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        text.push_str(value.map_or("", |(_, value)| value));
        text.push_str(rest);
    }
    text
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|c| c.split_once('='));
    let (_, tag) = pairs.find(|(name, _)| name.trim() == COOKIE)?;
    Language::named(tag.trim())
}

/// The languages of `Accept-Language`, those that are liked best first.
fn asked(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut ranges: Vec<(f32, &str)> = value.split(',').take(32).filter_map(range).collect();
    ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranges.into_iter().find_map(|(_, tag)| {
        let primary = tag.split('-').next().unwrap_or_default();
        let is_meant = |words: &&Words| {
            words.about.tag.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary))
        };
        Language::named(tag).or_else(|| ALL.iter().find(is_meant).map(Language))
    })
}

fn range(range: &str) -> Option<(f32, &str)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight = weight.trim().strip_prefix("q=")?.parse().ok()?;
    (weight > 0.0).then_some((weight, tag.trim()))
}

#[cfg(test)]
mod tests;
