//! Addresses of people, which are never copied.

use crate::document::dates;

/// Digits of a phone number, with the code of its country or without (E.164 has 15 at most).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What parts words beside which an address may stand.
pub(crate) fn parts_addresses(c: char) -> bool {
    c.is_whitespace() || "()（）,，、;<>[]：".contains(c)
}

/// Whether a word is an e-mail address or a phone number.
pub(crate) fn is_address(word: &str) -> bool {
    let mail = |(user, host): (&str, &str)| !user.is_empty() && host.contains('.');
    word.split_once('@').is_some_and(mail) || is_phone(word)
}

/// Digits with marks between them, which are no date, version or amount. A label may stand in front.
fn is_phone(word: &str) -> bool {
    let number = word.rsplit_once(':').map_or(word, |(_, number)| number);
    let number = number.trim_end_matches(['.', '。']);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let marked = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let version = number.contains('.') && number.split('.').any(|part| part.len() < 2);
    DIGITS.contains(&digits) && marked && !version && dates::find(number).is_none()
}

/// Removes e-mail addresses and phone numbers with the labels in front of them; whether there were
/// any.
pub(super) fn without_personal_data(text: &str) -> (String, bool) {
    let mut found = false;
    let mut kept = String::new();
    for piece in text.split_inclusive(parts_addresses) {
        let word = piece.trim_end_matches(parts_addresses);
        if is_address(word) {
            found = true;
            kept.push_str(piece.strip_prefix(word).unwrap_or_default());
        } else {
            kept.push_str(piece);
        }
    }
    let kept = kept.replace("()", "").replace("（）", "").replace("<>", "");
    let labelled = kept.trim().trim_end_matches([',', '，', '、']).rsplit_once([',', '，', '、']);
    let kept = match labelled {
        Some((names, label)) if label.trim().ends_with([':', '：']) => names.to_owned(),
        _ => kept,
    };
    (kept.trim().trim_end_matches(['：', ':']).trim().to_owned(), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_other_things_are_no_phone_numbers() {
        for word in [
            "bo@pier.example",
            "+886-2-1234-5678",
            "0912345678",
            "Tel:02-1234-5678",
            "01.23.45.67.89",
        ] {
            assert!(is_address(word), "{word}");
        }
        for word in [
            "2031/05/08-10",
            "2031-05-08",
            "66.0.3359.139",
            "12345678901234567890",
            "Tides[*1380888.times.map{",
            "https://a.example/0123456789",
            "@bopier",
            "1,000,000",
        ] {
            assert!(!is_address(word), "{word}");
        }
    }
}
