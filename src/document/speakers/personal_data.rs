//! Addresses of people, which are never copied.

/// Removes e-mail addresses and phone numbers with the labels in front of them; whether there were
/// any.
pub(super) fn without_personal_data(text: &str) -> (String, bool) {
    let mut found = false;
    let separators = |c: char| c.is_whitespace() || "()（）,，、;<>[]：".contains(c);
    let mut kept = String::new();
    for piece in text.split_inclusive(separators) {
        let word = piece.trim_end_matches(separators);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let mail =
            word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        let phone = digits >= 7 && !word.contains("://");
        if mail || phone {
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
