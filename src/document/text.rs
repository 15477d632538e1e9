//! Bytes become text: UTF-8 without a byte order mark, with `\n` at the ends of lines.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use super::codes::Code;
use super::elsewhere;
use super::report::Report;

/// Largest document that is read, in bytes.
pub(super) const MAX_DOCUMENT: usize = 1024 * 1024;

/// The text of a document, or `None` with a diagnostic where it has none.
pub(super) fn decode(content: &[u8], report: &mut Report) -> Option<String> {
    if content.len() > MAX_DOCUMENT {
        report.whole(
            Code::TooLarge,
            format!(
                "the document has {} bytes, more than the {MAX_DOCUMENT} that are read; split it",
                content.len()
            ),
        );
        return None;
    }
    if let Some(elsewhere) = elsewhere::look(content) {
        let (told, cure) = (elsewhere.told(), elsewhere.cure());
        report.whole(
            Code::KeptElsewhere,
            format!("the document {told}; {cure}. What is published of it is kept"),
        );
        return None;
    }
    let text = normal(content);
    if text.is_none() {
        report.whole(Code::NotText, "the document is not UTF-8 text; save it as UTF-8");
    }
    text.map(Cow::into_owned)
}

/// The text that bytes are; `None` where they are none.
pub(super) fn normal(content: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(content).ok().filter(|text| !text.contains('\0'))?;
    let text = text.trim_start_matches('\u{feff}');
    Some(match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    })
}

/// The first `max` characters of `text`.
pub(crate) fn first_chars(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

/// `text` as it is compared: in the composed normal form, full-width forms become ASCII, letters become
/// lower-case, white space becomes single spaces.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.chars().all(is_composed) {
        add_folded(&mut folded, text.chars());
    } else {
        add_folded(&mut folded, text.nfc());
    }
    folded
}

fn add_folded(folded: &mut String, text: impl Iterator<Item = char>) {
    let mut parted = false;
    for c in text.map(narrow) {
        if c.is_whitespace() {
            parted = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut parted) {
            folded.push(' ');
        }
        if c.is_ascii() || is_cjk(c) {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
    }
}

/// Whether `c` is one of the many characters that are composed as they are, whatever stands beside them.
fn is_composed(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}')
}

/// Whether a text surely has more characters than `most` when it is folded.
pub(super) fn is_longer(text: &str, most: usize) -> bool {
    text.chars().filter(|c| !c.is_whitespace() && is_composed(*c)).nth(most).is_some()
}

/// The ASCII form of a full-width character, or the character itself.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
        }
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Whether `c` is a Chinese character, kana or Hangul: scripts that put no spaces into names.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_are_gone() {
        let mut report = Report::new("a.md");
        let text = decode(b"\xef\xbb\xbf# A\r\nb\r\n", &mut report).unwrap();
        assert_eq!(text, "# A\nb\n");
        assert!(report.into_diagnostics().is_empty());
    }

    #[test]
    fn what_is_no_text_is_reported() {
        for (content, code) in [
            (b"\xff\xfe".to_vec(), "TN1001"),
            (b"a\0b".to_vec(), "TN1001"),
            (vec![b'a'; MAX_DOCUMENT + 1], "TN1002"),
        ] {
            let mut report = Report::new("a.md");
            assert_eq!(decode(&content, &mut report), None);
            assert_eq!(report.into_diagnostics()[0].code, code);
        }
    }

    #[test]
    fn folding_ignores_case_width_and_spacing() {
        assert_eq!(fold(" ＧＫＥ　Autopilot：  A "), "gke autopilot: a");
        assert_eq!(fold("Cafe\u{301}"), fold("caf\u{e9}"));
    }
}
