//! Texts of others in our messages. They may quote a server, so they are cut and cleaned.

use super::GitError;

/// `bytes` in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A limit of ours, told from a fault of theirs: the library names a kind of repository that it does
/// not know, and only in its text.
pub(super) fn unsupported(error: &gix::Error) -> Option<GitError> {
    const KINDS: [(&str, &str); 3] = [
        ("object format", "it names its objects by a hash that is not known"),
        ("objectformat", "it names its objects by a hash that is not known"),
        ("reftable", "it keeps its references in the format reftable"),
    ];
    let text = chain(error).to_lowercase();
    let (_, what) = KINDS.iter().find(|(word, _)| text.contains(word))?;
    Some(GitError::Unsupported((*what).to_owned()))
}

/// The texts of an error of the git library and its causes, on one line of bounded length.
pub(super) fn chain(error: &gix::Error) -> String {
    let mut text = String::new();
    for cause in error.iter_errors() {
        let part = cause.to_string();
        if text.contains(&part) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&part);
    }
    one_line(&text)
}

/// The text without control characters, 300 characters at most.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = clean.take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_is_cut_and_has_no_control_characters() {
        let line = one_line(&format!("a\n\u{1b}[31m{}", "b".repeat(1000)));
        assert!(line.starts_with("a  [31mb"));
        assert_eq!(line.chars().count(), 301);
    }
}
