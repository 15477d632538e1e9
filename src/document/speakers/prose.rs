//! Speakers in the first sentence of a note: `Ada Example (Harbor) talked about tides.`

use super::likeness::Likeness;
use super::people::People;
use crate::document::title::plain;
use crate::document::words::words;

/// Characters of a sentence in which its subject is looked for.
const MAX_SUBJECT: usize = 80;

/// The people of whom a sentence says that they spoke; `None` where it is not sure.
pub(in crate::document) fn speakers(line: &str) -> Option<People> {
    let text = plain(line);
    subject(&text).or_else(|| predicate(&text))
}

/// `Ada Example (Harbor) and Bo Pier talked about …`.
fn subject(text: &str) -> Option<People> {
    let folded = text.to_lowercase();
    if folded.len() != text.len() {
        return None;
    }
    if !words().holds_talk_verb(&folded) {
        return None;
    }
    let verbs = words().talk_verbs().filter_map(|verb| folded.find(&format!(" {verb} ")));
    let at = verbs.min().filter(|at| *at <= MAX_SUBJECT)?;
    named(text.get(..at)?)
}

/// `講者是來自潮汐科技的王小明，…`.
fn predicate(text: &str) -> Option<People> {
    if !words().holds_spoken_label(text) {
        return None;
    }
    let at = words().spoken_labels().find_map(|label| {
        let at = text.find(label)?.checked_add(label.len())?;
        let rest = text.get(at..)?;
        words().marks.copulas.iter().find_map(|word| rest.strip_prefix(word.as_str()))
    })?;
    let name = at.split(['，', '。', ',', '、', '；']).next()?.trim();
    let marks = &words().marks;
    let from = marks.from_companies.iter().find_map(|word| {
        let rest = name.strip_prefix(word.as_str())?;
        marks.of_companies.iter().find_map(|word| rest.rsplit_once(word.as_str()))
    });
    let Some((company, name)) = from else { return named(name) };
    let mut people = named(name)?;
    if let [speaker] = people.speakers.as_mut_slice() {
        speaker.organization = speaker.organization.take().or(Some(company.trim().to_owned()));
    }
    Some(people)
}

fn named(text: &str) -> Option<People> {
    Some(People::parse(text)).filter(|people| people.likeness >= Likeness::Medium)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_name_speakers() {
        for (line, name, company) in [
            ("Ada Example (Harbor) talked about tides.", "Ada Example", Some("Harbor")),
            ("[Peter Example](https://a.example) explained caches.", "Peter Example", None),
            ("這場的講者是王小明，他說了很多。", "王小明", None),
            ("講者是來自潮汐票務的王小明。他們沒有文件。", "王小明", Some("潮汐票務")),
        ] {
            let people = speakers(line).unwrap();
            let speaker = people.speakers.first().unwrap();
            assert_eq!((speaker.name.as_str(), speaker.organization.as_deref()), (name, company));
        }
        for line in ["The team talked about tides.", "It explained nothing.", "講者是一位工程師。"]
        {
            assert_eq!(speakers(line), None, "{line}");
        }
    }
}
