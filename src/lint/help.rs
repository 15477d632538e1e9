//! What helps, beyond what a message says: something that is known of this one place.

use jiff::civil::{Date, Weekday};

use super::Mark;
use super::text::Text;
use crate::api::Diagnostic;
use crate::document::Code as Reading;
use crate::render::Code as Rendering;

/// How alike two words must be for one to be taken for a slip of the other.
const ALIKE: f64 = 0.75;
/// What containers can be, and kinds of talks.
const CONTAINERS: [&str; 5] = ["info", "success", "warning", "danger", "spoiler"];
const KINDS: [&str; 5] = ["Keynote", "Session", "Workshop", "Lightning", "Panel"];

/// Help for `diagnostic`.
pub(super) fn of(
    diagnostic: &Diagnostic,
    marks: &[Mark],
    text: Option<&Text<'_>>,
) -> Option<String> {
    let code = diagnostic.code.as_str();
    let marked = || text.zip(marks.first()).map(|(text, mark)| text.slice(mark.range()));
    if code == Reading::NotText.code() {
        text.and_then(not_text)
    } else if code == Reading::FrontMatter.code() {
        let line = diagnostic.line.and_then(|line| usize::try_from(line).ok())?;
        unquoted(text?.line(line)?, &diagnostic.message)
    } else if code == Reading::WeekdayMismatch.code() {
        weekday(&diagnostic.message)
    } else if code == Reading::OpenFence.code() {
        marked().map(|fence| {
            let marks: String = fence.chars().take_while(|c| "`~".contains(*c)).collect();
            format!("end the code with a line of {marks} or remove this line")
        })
    } else if code == Rendering::ContainerUnknown.code() {
        let name =
            |line: &str| line.trim_start_matches(':').split_whitespace().next().map(str::to_owned);
        did_you_mean(&marked().and_then(name)?, &CONTAINERS)
    } else if code == Reading::Field.code() && diagnostic.message.contains("`kind`") {
        did_you_mean(marked()?.trim_matches(['"', '\'']), &KINDS)
    } else {
        None
    }
}

/// Which of `known` a word may be a slip of.
fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let folded = word.to_lowercase();
    let score = |known: &&str| {
        let known = known.to_lowercase();
        let begins = folded.len() >= 3 && known.starts_with(&folded);
        if begins { 1.0 } else { strsim::jaro_winkler(&folded, &known) }
    };
    let best = known.iter().copied().max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(&best) >= ALIKE).then_some(best)
}

fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    closest(word, known).map(|known| format!("did you mean `{known}`?"))
}

/// What would help a line of YAML that cannot be read.
fn unquoted(line: &str, message: &str) -> Option<String> {
    if message.contains("quoted scalar") {
        return Some("a text in quotation marks ends in its line, or goes on indented".to_owned());
    }
    let (key, value) = line.split_once(": ")?;
    let value = value.trim();
    let open = |begin: char, end: char| value.starts_with(begin) && !value.ends_with(end);
    let odd = open('[', ']')
        || open('{', '}')
        || value.starts_with(['@', '`', '%', '*', '&', '!', '|', '>'])
        || (value.contains(": ") && !value.starts_with(['"', '\'']));
    odd.then(|| format!("put what stands behind `{}:` in quotation marks", key.trim()))
}

/// Where a file stops being text.
fn not_text(text: &Text<'_>) -> Option<String> {
    let bytes = text.bytes();
    let valid = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    let at = valid.or_else(|| bytes.iter().position(|byte| *byte == 0))?;
    let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    let byte = bytes.get(at)?;
    let zero = if *byte == 0 { ", as in UTF-16 and in files that hold no text" } else { "" };
    Some(format!("byte {at} of the file, in line {line}, is 0x{byte:02x}{zero}"))
}

/// The day of the week of the date that a message begins with.
fn weekday(message: &str) -> Option<String> {
    let date: Date = message.split_whitespace().next()?.parse().ok()?;
    let name = match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    Some(format!("{date} is a {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_words() {
        let known = ["info", "warning", "danger"];
        assert_eq!(closest("warn", &known), Some("warning"));
        assert_eq!(closest("Dangr", &known), Some("danger"));
        assert_eq!(closest("poem", &known), None);
        assert_eq!(closest("", &known), None);
    }

    #[test]
    fn texts_that_yaml_takes_for_something_else_want_quotation_marks() {
        let help = Some("put what stands behind `by:` in quotation marks".to_owned());
        for line in ["  by: [Bo Pier](https://a.example)", "by: @bo", "by: Bo: the Pier"] {
            assert_eq!(unquoted(line, "did not find expected key"), help, "{line}");
        }
        for line in ["by: Bo Pier", "by: [Bo, Mira]", "by: \"a: b\"", "- x"] {
            assert_eq!(unquoted(line, "did not find expected key"), None, "{line}");
        }
        assert!(unquoted("x", "invalid indentation in multiline quoted scalar").is_some());
    }

    #[test]
    fn dates_have_their_weekdays() {
        let help = weekday("2031-05-14 is not that day of the week; correct one of them");
        assert_eq!(help.as_deref(), Some("2031-05-14 is a Wednesday"));
        assert_eq!(weekday("no date"), None);
    }

    #[test]
    fn the_first_byte_that_is_no_text_is_named() {
        let help = not_text(&Text::new(b"a\nb\xff")).unwrap();
        assert_eq!(help, "byte 3 of the file, in line 2, is 0xff");
        assert!(not_text(&Text::new(b"a\0")).unwrap().contains("UTF-16"));
    }
}
