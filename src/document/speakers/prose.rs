//! Speakers in the first sentence of a note: `Ada Example (Harbor) talked about tides.`

use super::name_confidence::NameConfidence;
use super::people::People;
use crate::document::title::plain;
use crate::document::words::words;

/// Characters of a sentence in which its subject is looked for.
const MAX_SUBJECT: usize = 80;

/// The people of whom a sentence says that they spoke; `None` where it is not sure.
pub(in crate::document) fn speakers(line: &str) -> Option<People> {
    let text = plain(line);
    let folded = text.to_lowercase();
    if folded.len() != text.len() || !words().holds_talk_verb(&folded) {
        return None;
    }
    let verbs = words().talk_verbs().filter_map(|verb| folded.find(&format!(" {verb} ")));
    let at = verbs.min().filter(|at| *at <= MAX_SUBJECT)?;
    named(text.get(..at)?)
}

fn named(text: &str) -> Option<People> {
    Some(People::parse(text)).filter(|people| people.name_confidence >= NameConfidence::Medium)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_name_speakers() {
        for (line, name, company) in [
            ("Ada Example (Harbor) talked about tides.", "Ada Example", Some("Harbor")),
            ("[Peter Example](https://a.example) explained caches.", "Peter Example", None),
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
