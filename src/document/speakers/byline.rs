//! Lines about people whose parts stand apart by dashes or bars: `Ada Example - @ada - Harbor`.

use super::handles;
use super::name_confidence::NameConfidence;
use super::occupation;
use super::people::{Expected, People};
use crate::document::dates;
use crate::document::markdown::inline::without_addresses;
use crate::document::title;
use crate::document::words::words;

/// What stands between the parts of a line about people.
const MARKS: &[&str] =
    &[" - ", " – ", " — ", " -- ", " | ", " │ ", "｜", " ― ", " ── ", " -", " –", " —"];

/// The people of a line.
pub(super) fn people(text: &str, expected: Expected) -> People {
    let text = &without_addresses(text).replace("**", "");
    let parts = parts(text);
    let apart = if parts.len() > 1 { several(&parts, expected) } else { None };
    apart.unwrap_or_else(|| People::parse_as(text, expected))
}

/// The parts of a line, without the emphasis around each.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for mark in MARKS {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A name, and what the other parts say of that person or who else there is; `None` where a part says
/// something else.
fn several(parts: &[&str], expected: Expected) -> Option<People> {
    let (first, rest) = parts.split_first()?;
    let mut people = People::parse_as(first, expected);
    for part in rest {
        if let Some(handles) = handles::of_line(part) {
            people.add_aliases(&handles);
            continue;
        }
        if is_when(part) || words().is_handle_label(part) {
            continue;
        }
        let alone = people.speakers.len() == 1;
        if alone && occupation::is_job(part) && is_job_or_company(part) && !part.contains('(') {
            people.set_organization(part);
            continue;
        }
        let more = People::parse(part);
        if more.name_confidence == NameConfidence::Strong
            && people.name_confidence >= NameConfidence::Medium
        {
            people.speakers.extend(more.speakers);
        } else if alone && is_company(part) {
            people.set_organization(part);
        } else {
            return None;
        }
    }
    (people.name_confidence >= NameConfidence::Medium).then_some(people)
}

/// Whether a part is a day or a time of day.
fn is_when(part: &str) -> bool {
    dates::find(part).is_some() || dates::DayHeading::parse(part).is_some() || title::is_time(part)
}

/// Whether a part is short enough for a company or a job, and no sentence.
fn is_company(part: &str) -> bool {
    part.split(' ').count() <= 6 && is_job_or_company(part)
}

/// The same of one that holds a job and may be longer: `VP Tides & Harbor Relations at Quay`.
fn is_job_or_company(part: &str) -> bool {
    let sentence = [". ", "。", ":", "：", "?", "？", "!"];
    part.split(' ').count() <= 10 && !sentence.iter().any(|mark| part.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<String>> {
        let people = people(text, Expected::Any);
        let show = |s: &crate::api::Speaker| {
            let alias = s.alias.as_ref().map(|alias| format!("={alias}")).unwrap_or_default();
            let organization = s.organization.as_ref().map(|o| format!("@{o}")).unwrap_or_default();
            format!("{}{alias}{organization}", s.name)
        };
        let named = people.name_confidence >= NameConfidence::Medium;
        named.then(|| people.speakers.iter().map(show).collect())
    }

    #[test]
    fn parts_of_lines() {
        for (text, expected) in [
            ("Ada Example - @ada", Some(vec!["Ada Example=ada"])),
            ("Ada Example -  @ada_x_", Some(vec!["Ada Example=ada_x_"])),
            ("_Nia Example_ - **Harbor** - _@nia_", Some(vec!["Nia Example=nia@Harbor"])),
            ("Nia Example - Harbor Labs", Some(vec!["Nia Example@Harbor Labs"])),
            (
                "Nia Example - VP Tides & Rope Relations at Quayside",
                Some(vec!["Nia Example@Quayside"]),
            ),
            ("Nia Example - Peter Pier", Some(vec!["Nia Example", "Peter Pier"])),
            (
                "Nia Example - Bo Quay (lead engineer of tides)",
                Some(vec!["Nia Example", "Bo Quay"]),
            ),
            ("@nia - engineer on the tides team", Some(vec!["nia"])),
            ("潮風けんた(@kenta)さん | Twitter", Some(vec!["潮風けんた=kenta"])),
            ("Nia Example - 1 Oct 2031 09:00", Some(vec!["Nia Example"])),
            ("王小明 | 潮汐科技 資深工程師", Some(vec!["王小明@潮汐科技"])),
            ("王小明 (浪花大叔) | 潮汐科技", Some(vec!["王小明=浪花大叔@潮汐科技"])),
            ("王小明 | Tides MVP、Full Stack Engineer", Some(vec!["王小明"])),
            ("山田 花 - しおかぜ株式会社", Some(vec!["山田 花@しおかぜ株式会社"])),
            ("Tides - how they come and where they go again", None),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|all| all.into_iter().map(str::to_owned).collect());
            assert_eq!(names(text), expected, "{text}");
        }
    }
}
