//! What a person does and where: `Staff Engineer at Harbor`, `Harbor, CTO`, `潮汐科技 工程師`.

use super::brackets::parenthesis;
use crate::document::text::is_cjk;
use crate::document::words::words;

/// What parts the things that are said of a person.
const PARTS: &[char] = &[',', '，', '、', ';', '；'];

/// The organization in what stands behind a name, without the job beside it; `None` where there is
/// nothing but a job.
pub(super) fn organization(text: &str) -> Option<String> {
    let text = match parenthesis(text) {
        (head, Some(note)) if is_job(note) || words().is_remark(note) => head,
        _ => text.trim(),
    };
    if let Some(place) = behind_at(text) {
        return organization(place);
    }
    let parts: Vec<&str> = text.split(PARTS).map(str::trim).filter(|p| !p.is_empty()).collect();
    let several = parts.len() > 1;
    let places: Vec<Option<String>> = parts.iter().map(|part| without_job(part, several)).collect();
    let Some(last_job) = places.iter().rposition(Option::is_none) else {
        let unchanged = places.iter().flatten().eq(parts.iter());
        let kept: Vec<String> = places.into_iter().flatten().collect();
        let kept = if unchanged { text.to_owned() } else { kept.join(", ") };
        return Some(kept).filter(|kept| !kept.is_empty());
    };
    // The company stands behind the jobs, or in front of them all.
    let (before, behind) = places.split_at_checked(last_job)?;
    let joined =
        |places: &[Option<String>]| places.iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    [joined(behind), joined(before)].into_iter().find(|kept| !kept.is_empty())
}

/// Whether a text says what somebody does.
pub(super) fn is_job(text: &str) -> bool {
    let words = words();
    let mut tokens = text.split([' ', ',', '、', '/']).filter(|token| !token.is_empty());
    words.ends_with_job(text)
        || words.is_award(text)
        || tokens.clone().any(|token| words.is_job(token))
        || (tokens.clone().count() >= 2 && tokens.all(|token| words.is_job_part(token)))
}

/// Whether a text is a room rather than where somebody works: `Room B`, `Salle Orion`, `R0`, but not
/// `Ada Hall`.
pub(super) fn is_room(text: &str) -> bool {
    let tokens: Vec<&str> = text.split(' ').collect();
    let counted =
        |token: &&str| token.chars().count() <= 2 && token.chars().any(char::is_alphanumeric);
    let first = tokens.first().is_some_and(|token| words().is_room(token));
    let last = tokens.last().is_some_and(counted) || text.chars().any(is_cjk);
    tokens.len() <= 3 && words().is_room(text) && (first || last) && !words().is_company(text)
}

/// `Harbor` in `Staff Engineer at Harbor`.
fn behind_at(text: &str) -> Option<&str> {
    let (job, place) = words().at_words().filter_map(|at| text.split_once(at)).next()?;
    let job = job.trim();
    let named = place.trim_start().starts_with(|c: char| c.is_uppercase() || is_cjk(c))
        || words().is_company(place);
    (!job.is_empty() && job.split(' ').count() <= 6 && named).then(|| place.trim())
}

/// A part without the words for a job at its ends. In Latin script only what is known to be a company
/// is left beside a job: `Chrome Engineer` names none.
fn without_job(part: &str, several: bool) -> Option<String> {
    if words().is_award(part) {
        return None;
    }
    let mut tokens: Vec<&str> = part.split_whitespace().collect();
    let jobs = |tokens: &[&str]| tokens.iter().any(|token| is_job(token));
    let only_parts = || several && tokens.iter().all(|token| words().is_job_part(token));
    if !(jobs(&tokens) || is_job(part) || only_parts()) {
        return Some(part.to_owned());
    }
    let part_of_job = |token: &str| is_job(token) || words().is_job_part(token);
    while let Some(last) = tokens.pop() {
        if !part_of_job(last) {
            tokens.push(last);
            break;
        }
    }
    let begin = tokens.iter().take_while(|token| part_of_job(token)).count();
    let rest = tokens.get(begin..).unwrap_or_default();
    match rest {
        [] => None,
        ["of", ..] => None,
        _ => {
            let rest = rest.join(" ");
            let chief = begin == 0 && part.split(' ').next_back().is_some_and(is_chief);
            let known = part.chars().any(is_cjk) || chief || holds_company(&rest);
            known.then_some(rest)
        }
    }
}

fn is_chief(word: &str) -> bool {
    words().is_chief(word)
}

fn holds_company(text: &str) -> bool {
    words().is_company(text) || text.split(' ').any(|word| words().is_company(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms() {
        for text in ["Room B", "Salle Orion", "Cedar Room B", "會議室 A", "國際會議廳", "Track 2"]
        {
            assert!(is_room(text), "{text}");
        }
        for text in ["Ada Hall", "Main Street Bank", "Harbor", "Stage Labs"] {
            assert!(!is_room(text), "{text}");
        }
    }

    #[test]
    fn jobs_are_no_organizations() {
        for (text, expected) in [
            ("Harbor Labs", Some("Harbor Labs")),
            ("Staff Engineer at Harbor", Some("Harbor")),
            ("Head of Data at Harbor Labs", Some("Harbor Labs")),
            ("Harborlight, SRE", Some("Harborlight")),
            ("Staff Engineer, Wharfside", Some("Wharfside")),
            ("DevOps, Wharfside", Some("Wharfside")),
            ("lead data engineer", None),
            ("Tides MVP、Full Stack Engineer", None),
            ("Harbor (Any Level)", Some("Harbor")),
            ("Harborlight CTO", Some("Harborlight")),
            ("Head of Data", None),
            ("Chrome Engineer", None),
            ("Design Principal @ Harbor", Some("Harbor")),
            ("VP/CTO Cloud Computing, Harbor Systems, Inc.", Some("Harbor Systems, Inc.")),
            ("Google Front End Engineer", Some("Google")),
            ("manager on the tides team", None),
            ("潮汐科技 資深工程師", Some("潮汐科技")),
            ("潮汐科技 TideAI 資深威脅研究員", Some("潮汐科技 TideAI")),
            ("潮汐科技 SRE 主管", Some("潮汐科技")),
            ("Ingénieure chez Marée", Some("Marée")),
            ("Verity Foods, Inc.", Some("Verity Foods, Inc.")),
        ] {
            assert_eq!(organization(text).as_deref(), expected, "{text}");
        }
    }
}
