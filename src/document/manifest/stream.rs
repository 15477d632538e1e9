//! A YAML stream becomes documents, so that one that cannot be read takes no other with it.

/// The documents of a stream, each with the number of lines before it. A line that begins with `---` or
/// `...` ends a document wherever it stands: no text within a document can begin so.
pub(super) fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut first_line, mut start, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let before = text.get(start..at).unwrap_or_default();
        // Files that were put together may have their byte order marks in the middle.
        let bare = line.trim_start_matches('\u{feff}');
        if is_marker(bare, "...") {
            documents.push((first_line, before));
            (first_line, start) = (number + 1, at + line.len());
        } else if is_marker(bare, "---") && !is_head(before) {
            documents.push((first_line, before));
            (first_line, start) = (number, at + (line.len() - bare.len()));
        }
        at += line.len();
    }
    documents.push((first_line, text.get(start..).unwrap_or_default()));
    documents
}

fn is_marker(line: &str, marker: &str) -> bool {
    let rest = line.strip_prefix(marker);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Whether there is nothing but what may stand in front of a `---` that begins a document.
fn is_head(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.starts_with(['#', '%']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_end_at_markers_at_the_beginning_of_a_line() {
        for (stream, expected) in [
            ("a: 1\n---\nb: 2\n", &[(0, "a: 1\n"), (1, "---\nb: 2\n")][..]),
            ("--- {a: 1}\n--- # two\nb: 2", &[(0, "--- {a: 1}\n"), (1, "--- # two\nb: 2")]),
            ("# head\n%YAML 1.2\n---\na: 1\n", &[(0, "# head\n%YAML 1.2\n---\na: 1\n")]),
            ("a: 1\n... # end\nb: 2\n", &[(0, "a: 1\n"), (2, "b: 2\n")]),
            (
                "a: |\n  ---\n  ...\nb: ---x\n---y: 1\n",
                &[(0, "a: |\n  ---\n  ...\nb: ---x\n---y: 1\n")],
            ),
            ("a: 1\n\u{feff}---\nb: 2\n", &[(0, "a: 1\n"), (1, "---\nb: 2\n")]),
        ] {
            assert_eq!(documents(stream), expected, "{stream}");
        }
    }
}
