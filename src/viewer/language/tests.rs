use std::collections::BTreeSet;

use axum::http::HeaderValue;

use super::*;

fn zh() -> Language {
    Language::named("zh-hant").unwrap()
}

#[test]
fn all_languages_have_the_same_phrases_with_the_same_gaps() {
    let gaps = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect()
    };
    let shape = |words: &Words| -> BTreeSet<(String, BTreeSet<String>)> {
        words.phrases.iter().map(|(key, text)| (key.clone(), gaps(text))).collect()
    };
    assert_eq!(ALL.len(), FILES.len(), "a file cannot be read");
    let first = shape(&ALL[0]);
    for words in ALL.iter() {
        let own = shape(words);
        let odd: Vec<_> =
            first.symmetric_difference(&own).filter(|(key, _)| !key.ends_with("-one")).collect();
        assert!(odd.is_empty(), "{}: {odd:?}", words.about.tag);
    }
}

/// Phrases that are named in the code of pages and scripts, and those that there are.
#[test]
fn every_phrase_that_a_page_says_is_there_and_every_other_is_gone() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/viewer");
    let mut code = String::new();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_code = path.extension().is_some_and(|kind| kind == "rs" || kind == "html");
            if path.is_dir() {
                folders.push(path);
            } else if is_code {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for key in ALL[0].phrases.keys() {
        let stem = key.trim_end_matches("-one").trim_end_matches("-other");
        let is_said = code.contains(&format!("\"{key}\"")) || code.contains(&format!("\"{stem}\""));
        assert!(is_said, "no page says {key}");
    }
    let regex =
        regex::Regex::new(r#"\b(?:l|language)\.(?:say|with|count)\(\s*"([a-z-]+)""#).unwrap();
    for found in regex.captures_iter(&code) {
        let key = &found[1];
        let known = &ALL[0].phrases;
        let is_known = known.contains_key(key) || known.contains_key(&format!("{key}-other"));
        assert!(is_known, "{key} is in no language");
    }
}

#[test]
fn a_day_has_its_weekday_in_the_language_of_the_page() {
    let en = Language::default();
    assert_eq!(en.day_and_weekday("2026-05-14"), "Thursday, 14 May 2026");
    assert_eq!(zh().day_and_weekday("2026-05-14"), "2026年5月14日 星期四");
    assert_eq!(zh().weekday("2026-05-17"), Some("星期日"));
    assert_eq!(en.day("<soon>"), "<soon>");
    assert_eq!(en.weekday("soon"), None);
}

#[test]
fn a_range_says_nothing_twice() {
    let days = |from, to| Language::default().days(Some(from), Some(to)).unwrap();
    assert_eq!(days("2026-05-14", "2026-05-14"), "14 May 2026");
    assert_eq!(days("2026-05-14", "2026-05-15"), "14–15 May 2026");
    assert_eq!(days("2026-04-30", "2026-05-02"), "30 April – 2 May 2026");
    assert_eq!(days("2026-12-31", "2027-01-01"), "31 December 2026 – 1 January 2027");
    assert_eq!(zh().days(Some("2026-04-30"), Some("2026-05-02")).unwrap(), "2026年4月30日至5月2日");
    assert_eq!(Language::default().days(None, Some("2026-05-14")).as_deref(), Some("14 May 2026"));
    assert_eq!(Language::default().days(None, None), None);
}

#[test]
fn a_reader_gets_what_was_chosen_else_what_the_browser_asks_for() {
    let of = |accept: &'static str, cookie: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        Language::of(&headers).tag()
    };
    assert_eq!(of("zh-TW,zh;q=0.9,en;q=0.8", ""), "zh-Hant");
    assert_eq!(of("de, en;q=0.5, zh;q=0.7", ""), "zh-Hant");
    assert_eq!(of("fr", ""), "en");
    assert_eq!(of("zh;q=0, en", ""), "en");
    assert_eq!(of("zh", "a=b; talknotes-language=en"), "en");
    assert_eq!(of("zh", "talknotes-language=xx"), "zh-Hant");
}

#[test]
fn what_is_filled_in_is_not_filled_again() {
    assert_eq!(fill("a {x} b {y}", &[("x", "{y}"), ("y", "1")]), "a {y} b 1");
}

#[test]
fn only_the_languages_that_are_chosen_are_offered_the_first_by_default() {
    let known = || FILES.iter().filter_map(|file| toml::from_str(file).ok()).collect();
    let tags = |chosen: &[&str]| -> Vec<String> {
        let chosen: Vec<String> = chosen.iter().map(ToString::to_string).collect();
        chosen_of(known(), &chosen).into_iter().map(|words| words.about.tag).collect()
    };
    assert_eq!(tags(&[]), ["en", "zh-Hant"]);
    assert_eq!(tags(&["zh-hant", "en"]), ["zh-Hant", "en"]);
    assert_eq!(tags(&["zh-Hant"]), ["zh-Hant"]);
    assert!(offer(vec!["tlh".to_owned()]).unwrap_err().contains("choose among en, zh-Hant"));
}
