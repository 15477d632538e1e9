//! Repairs of the text, line by line, before it is parsed: what needs to be known before blocks are.
//! Lines keep their numbers.
//!
//! * Containers in containers of the same length: their fences get lengths that tell them apart.
//! * `:::info Q: why`: a colon in a title would make it no container.
//! * Hugo's shortcodes around text become the containers and fences that they stand for.

use std::borrow::Cow;
use std::collections::HashSet;

use super::escaped;
use super::shortcodes::{self, Shortcode};

/// Columns by which a closing fence may be out of line with its opening one.
const SLACK: usize = 3;

/// The text as the parser should see it.
pub(super) fn prepare(markdown: &str) -> Cow<'_, str> {
    let has_shortcodes = markdown.contains("{{<") || markdown.contains("{{%");
    if !has_shortcodes && !markdown.contains(":::") {
        return Cow::Borrowed(markdown);
    }
    let mut lines: Vec<Cow<'_, str>> = markdown.split('\n').map(Cow::Borrowed).collect();
    if has_shortcodes {
        lines = lines.into_iter().map(hide).collect();
        replace_shortcodes(&mut lines);
    }
    let containers = pair_fences(&lines);
    for container in containers {
        container.rewrite(&mut lines);
    }
    Cow::Owned(lines.join("\n"))
}

fn hide(line: Cow<'_, str>) -> Cow<'_, str> {
    match line {
        Cow::Borrowed(line) => escaped::hide(line),
        Cow::Owned(line) => Cow::Owned(escaped::hide(&line).into_owned()),
    }
}

/// A line behind what lists and quotes put before it.
struct Line<'t> {
    before: &'t str,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn new(line: &'t str) -> Self {
        let marks = |c: char| c.is_ascii_digit() || " \t>*+-.)".contains(c);
        let text = line.trim_start_matches(marks);
        let before = line.strip_suffix(text).unwrap_or_default();
        Self { before, text: text.trim_end() }
    }

    /// How often `mark` stands at the beginning.
    fn run(&self, mark: char) -> usize {
        self.text.chars().take_while(|c| *c == mark).count()
    }
}

/// Fenced code, in which nothing is repaired.
#[derive(Default)]
struct Fence(Option<(char, usize)>);

impl Fence {
    /// Whether `line` is a part of fenced code, its fences among it.
    fn holds(&mut self, line: &Line<'_>) -> bool {
        let run = |mark: char| Some((mark, line.run(mark))).filter(|(_, length)| *length >= 3);
        let fence = run('`').or_else(|| run('~'));
        match (self.0, fence) {
            (None, None) => false,
            (None, opened) => {
                self.0 = opened;
                true
            }
            (Some((mark, length)), Some((other, run))) => {
                if mark == other && run >= length && line.text.chars().all(|c| c == mark) {
                    self.0 = None;
                }
                true
            }
            (Some(_), None) => true,
        }
    }
}

/// Replaces each shortcode that stands alone on its line, and whose end is there, by what it means.
fn replace_shortcodes(lines: &mut [Cow<'_, str>]) {
    let ends: HashSet<String> = lines
        .iter()
        .filter_map(|line| shortcodes::alone(Line::new(line).text))
        .filter_map(|code| code.name.strip_prefix('/').map(str::to_ascii_lowercase))
        .collect();
    if ends.is_empty() {
        return;
    }
    let mut fence = Fence::default();
    let mut in_code = false;
    for line in lines {
        let parsed = Line::new(line);
        let code = shortcodes::alone(parsed.text);
        let is_end = code.as_ref().is_some_and(|code| code.name == "/highlight");
        if (in_code && !is_end) || (!in_code && fence.holds(&parsed)) {
            continue;
        }
        let Some(meant) = code.and_then(|code| block(&code, &ends)) else { continue };
        in_code = meant.starts_with("```") && !is_end;
        *line = Cow::Owned(format!("{}{meant}", parsed.before));
    }
}

/// The fence that `code` stands for.
fn block(code: &Shortcode<'_>, ends: &HashSet<String>) -> Option<String> {
    let name = code.name.to_ascii_lowercase();
    let (name, is_end) = match name.strip_prefix('/') {
        Some(name) => (name, true),
        None => (name.as_str(), false),
    };
    if !ends.contains(name) {
        return None;
    }
    let is_code = name == "highlight";
    let kind = match name {
        "details" | "expand" | "spoiler" => "spoiler",
        // The kind is what the first word says; the names of these say nothing.
        "notice" | "admonition" | "callout" | "alert" | "hint" => code
            .named(&["type", "style", "context", "color"])
            .or_else(|| code.at(0))
            .unwrap_or("note"),
        "note" | "tip" | "info" | "warning" | "danger" | "important" | "caution" => name,
        "highlight" => "",
        _ => return None,
    };
    if is_end {
        return Some(if is_code { "```" } else { ":::" }.to_owned());
    }
    if is_code {
        let options = highlight_options(code.at(1).unwrap_or_default());
        return Some(format!("```{}{options}", code.at(0).unwrap_or_default()));
    }
    let title = code.named(&["title", "summary"]).or_else(|| {
        let at = usize::from(!matches!(name, "details" | "expand" | "spoiler") && name != kind);
        code.at(at)
    });
    let is_open = kind == "spoiler" && code.named(&["open"]) == Some("true");
    let state = if is_open { "{state=\"open\"} " } else { "" };
    let title = title.unwrap_or_default().replace('"', "");
    Some(format!(":::{kind} {state}{title}").trim_end().to_owned())
}

/// `linenos=table,hl_lines=1 3-4` as a fence of code has it.
fn highlight_options(options: &str) -> String {
    if options.is_empty() || options.contains('`') {
        return String::new();
    }
    let options = options.split(',').map(|option| match option.trim().split_once('=') {
        Some(("hl_lines", lines)) => format!("hl_lines=[{lines}]"),
        _ => option.trim().to_owned(),
    });
    format!(" {{{}}}", options.collect::<Vec<_>>().join(","))
}

/// A container with both its fences.
struct Pair {
    open: usize,
    close: usize,
    /// Containers that stand in each other in it.
    height: usize,
    /// Whether the parser would take the end of something in it for its own.
    is_torn: bool,
}

struct Open {
    line: usize,
    length: usize,
    column: usize,
    quotes: usize,
    height: usize,
    is_torn: bool,
}

/// Finds which closing fence belongs to which opening one: the nearest that stands in line with it.
/// Containers without an end are left to the parser, which ends them where it can.
fn pair_fences(lines: &[Cow<'_, str>]) -> Vec<Pair> {
    let mut fence = Fence::default();
    let mut open: Vec<Open> = Vec::new();
    let mut pairs = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = Line::new(line);
        if fence.holds(&line) || !line.text.starts_with(":::") {
            continue;
        }
        let length = line.run(':');
        let column = line.before.chars().count();
        let quotes = line.before.matches('>').count();
        if line.text.len() > length {
            open.push(Open { line: at, length, column, quotes, height: 0, is_torn: false });
            continue;
        }
        let fits = |open: &&Open| open.quotes == quotes && open.column.abs_diff(column) <= SLACK;
        let own = open.iter().rposition(|one| fits(&one) && one.length == length);
        let Some(found) = own.or_else(|| open.iter().rposition(|one| fits(&one))) else { continue };
        open.truncate(found + 1);
        let Some(closed) = open.pop() else { continue };
        if let Some(parent) = open.last_mut() {
            parent.height = parent.height.max(closed.height + 1);
            parent.is_torn |= closed.is_torn || closed.length >= parent.length;
        }
        pairs.push(Pair {
            open: closed.line,
            close: at,
            height: closed.height,
            is_torn: closed.is_torn,
        });
    }
    pairs.extend(open.into_iter().map(|open| Pair {
        open: open.line,
        close: open.line,
        height: 0,
        is_torn: false,
    }));
    pairs
}

impl Pair {
    fn rewrite(&self, lines: &mut [Cow<'_, str>]) {
        let fence = self.is_torn.then(|| ":".repeat(3 + self.height));
        for at in [self.open, self.close] {
            let Some(line) = lines.get_mut(at) else { continue };
            let parsed = Line::new(line);
            let info = parsed.text.trim_start_matches(':');
            if fence.is_none() && !info.contains(':') {
                continue;
            }
            let own = parsed.text.strip_suffix(info).unwrap_or_default();
            let fence = fence.as_deref().unwrap_or(own);
            let info = info.replace(':', "&#58;");
            *line = Cow::Owned(format!("{}{fence}{info}", parsed.before));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_fences_is_not_copied() {
        assert!(matches!(prepare("a\n\nb"), Cow::Borrowed(_)));
    }

    #[test]
    fn fences_of_one_length_are_told_apart() {
        assert_eq!(
            prepare(":::info\n:::warning\na\n:::\nb\n:::\n"),
            "::::info\n:::warning\na\n:::\nb\n::::\n"
        );
        for kept in [
            "::::info\n:::warning\na\n:::\nb\n::::",
            ":::info\na\n:::\n:::warning\nb\n:::",
            "```\n:::info\n:::info\n:::\n:::\n```",
            ":::info\n:::warning\nb\n:::\n",
        ] {
            assert_eq!(prepare(kept), kept);
        }
    }

    #[test]
    fn colons_in_titles_are_written_as_references() {
        assert_eq!(prepare(":::info Q: why"), ":::info Q&#58; why");
        assert_eq!(prepare("* :::info: why\n  :::"), "* :::info&#58; why\n  :::");
    }

    #[test]
    fn shortcodes_around_text_become_fences() {
        assert_eq!(
            prepare("{{< notice tip \"Try: it\" >}}\na\n{{< /notice >}}"),
            ":::tip Try&#58; it\na\n:::"
        );
        assert_eq!(
            prepare("{{% details summary=\"More\" %}}\na\n{{% /details %}}"),
            ":::spoiler More\na\n:::"
        );
        assert_eq!(
            prepare("{{< highlight go >}}\n{{< notice >}}\n{{< /highlight >}}"),
            "```go\n{{< notice >}}\n```"
        );
        for kept in ["{{< notice tip >}}", "a {{< tip >}} b\n{{< /tip >}} c", "{{< /x >}}"] {
            assert_eq!(prepare(kept), kept);
        }
    }
}
