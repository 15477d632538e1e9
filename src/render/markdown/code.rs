//! Blocks of code: their language, numbers of lines, marked lines, and diagrams, which are shown as
//! the text that they are drawn from.

use std::fmt::{self, Write};

use super::highlight::{Budget, Class, Token};

/// Characters of the name of a language.
const MAX_LANGUAGE: usize = 32;
/// Highest number that a line can begin with.
const MAX_LINE: u32 = 99_999;

/// Languages that HackMD and others draw pictures from, with what people call them.
const DIAGRAMS: &[(&str, &str)] = &[
    ("abc", "Music"),
    ("csvpreview", "Table (CSV)"),
    ("dot", "Graphviz diagram"),
    ("flow", "Flow chart"),
    ("fretboard", "Fretboard"),
    ("geo", "Map (GeoJSON)"),
    ("graphviz", "Graphviz diagram"),
    ("markmap", "Mind map"),
    ("math", "Formula (TeX)"),
    ("mermaid", "Mermaid diagram"),
    ("plantuml", "PlantUML diagram"),
    ("sequence", "Sequence diagram"),
    ("vega", "Vega chart"),
];

/// What stands behind the fence of a block of code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    pub language: String,
    pub numbers: Option<Numbers>,
    /// First and last lines of what is marked, counted from 1 in the block.
    marked: Vec<(u32, u32)>,
    wraps: bool,
    pub title: Option<String>,
    /// Whether the first line of values names the columns.
    pub has_header: bool,
    /// What stands between values.
    pub delimiter: Option<char>,
}

/// Where the numbers of lines begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    From(u32),
    /// Where the block before ended.
    Continued,
}

impl Info {
    /// Reads `rust`, `rust=`, `rust=101`, `rust=+`, `rust!`, `rust {1,3-5}` and
    /// `rust {linenos=true,hl_lines=[1,"3-5"],title="main.rs"}`.
    pub(super) fn parse(info: &str) -> Self {
        let info = info.trim();
        let is_name = |c: char| c.is_alphanumeric() || "+#-_.".contains(c);
        let (name, rest) = info
            .split_at_checked(info.find(|c| !is_name(c)).unwrap_or(info.len()))
            .unwrap_or_default();
        let language: String = name.chars().take(MAX_LANGUAGE).collect();
        let mut parsed = Self { language: language.to_ascii_lowercase(), ..Self::default() };
        let (flags, attributes) = rest.split_once('{').unwrap_or((rest, ""));
        parsed.read_flags(flags);
        parsed.read_attributes(attributes.trim_end().trim_end_matches('}'));
        parsed
    }

    fn read_flags(&mut self, flags: &str) {
        let Some(flags) = flags.strip_prefix('=') else {
            self.wraps = flags.starts_with('!');
            return;
        };
        let digits: String = flags.chars().take_while(char::is_ascii_digit).collect();
        self.wraps = flags.contains('!');
        self.numbers = Some(match digits.parse() {
            Ok(first) => Numbers::From(MAX_LINE.min(first)),
            Err(_) if flags.starts_with('+') => Numbers::Continued,
            Err(_) => Numbers::From(1),
        });
    }

    fn read_attributes(&mut self, attributes: &str) {
        let after = |key: &str| {
            let rest = attributes.split_once(key)?.1.trim_start();
            rest.strip_prefix('=').map(str::trim_start)
        };
        if let Some(title) = after("title").and_then(|rest| rest.strip_prefix('"')) {
            self.title = title.split_once('"').map(|(title, _)| title.trim().to_owned());
        }
        self.wraps |= attributes.split([' ', ',']).any(|word| matches!(word, "wrap" | "wrap=true"));
        let quoted = |key| after(key).map(|rest| rest.trim_start_matches(['"', '\'']));
        self.has_header = quoted("header").is_some_and(|rest| rest.starts_with("true"));
        self.delimiter = quoted("delimiter").and_then(|rest| match rest.strip_prefix("\\t") {
            Some(_) => Some('\t'),
            None => rest.chars().next(),
        });
        let first = after("linenostart").and_then(|rest| {
            rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok())
        });
        let is_numbered = after("linenos").is_some_and(|rest| !rest.starts_with("false"));
        if is_numbered || first.is_some() {
            self.numbers = Some(Numbers::From(MAX_LINE.min(first.unwrap_or(1))));
        }
        let is_bare = attributes.chars().all(|c| c.is_ascii_digit() || ", -".contains(c));
        let lines = match after("hl_lines") {
            Some(rest) => rest.strip_prefix('[').and_then(|rest| rest.split(']').next()),
            None => is_bare.then_some(attributes),
        };
        self.marked = lines.unwrap_or_default().split([',', ' ']).filter_map(range).collect();
    }

    /// What the block is where it is no code to read.
    fn diagram(&self) -> Option<&'static str> {
        let found = DIAGRAMS.iter().find(|(name, _)| *name == self.language);
        found.map(|(_, label)| *label)
    }

    /// Writes the block. The number of the first line is `first` where lines have numbers; what is
    /// given back is the number after the last.
    pub(super) fn write(
        &self,
        out: &mut dyn Write,
        code: &str,
        first: u32,
        colours: &mut Budget,
    ) -> Result<u32, fmt::Error> {
        let label = self.title.as_deref().or_else(|| self.diagram());
        if let Some(label) = label {
            out.write_str("<figure class=\"code-figure\"><figcaption>")?;
            comrak::html::escape(out, label)?;
            out.write_str("</figcaption>")?;
        }
        out.write_str(if self.wraps { "<pre class=\"code-wrap\"" } else { "<pre" })?;
        // A diagram has its name above it.
        if !self.language.is_empty() && self.diagram().is_none() {
            write!(out, " data-language=\"{}\"", self.language)?;
        }
        out.write_str("><code")?;
        if !self.language.is_empty() {
            write!(out, " class=\"language-{}\"", self.language)?;
        }
        out.write_str(">")?;
        // What a diagram is drawn from is no code.
        let name = if self.diagram().is_some() { "" } else { &self.language };
        let tokens = colours.tokens(name, code);
        let next = if self.numbers.is_some() || !self.marked.is_empty() {
            self.write_lines(out, &tokens, first)?
        } else {
            tokens.iter().try_for_each(|token| write_token(out, token.text, token.class))?;
            first
        };
        out.write_str("</code></pre>")?;
        out.write_str(if label.is_some() { "</figure>\n" } else { "\n" })?;
        Ok(next)
    }

    fn write_lines(
        &self,
        out: &mut dyn Write,
        tokens: &[Token<'_>],
        first: u32,
    ) -> Result<u32, fmt::Error> {
        let mut number = first;
        for (index, line) in (1_u32..).zip(lines(tokens)) {
            let is_marked = self.marked.iter().any(|(from, to)| (*from..=*to).contains(&index));
            let class = if is_marked { "code-line code-line-marked" } else { "code-line" };
            write!(out, "<span class=\"{class}\"")?;
            if self.numbers.is_some() {
                write!(out, " data-line=\"{number}\"")?;
            }
            out.write_str(">")?;
            line.iter().try_for_each(|token| write_token(out, token.text, token.class))?;
            out.write_str("</span>\n")?;
            number = number.saturating_add(1);
        }
        Ok(number)
    }
}

/// The pieces of each line. What goes over several lines is a piece in each.
fn lines<'c>(tokens: &[Token<'c>]) -> Vec<Vec<Token<'c>>> {
    let mut lines = vec![Vec::new()];
    for Token { text, class } in tokens {
        for (index, text) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            let text = text.strip_suffix('\r').unwrap_or(text);
            if let Some(line) = lines.last_mut().filter(|_| !text.is_empty()) {
                line.push(Token { text, class: *class });
            }
        }
    }
    // The last line ends, too.
    if lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}

fn write_token(out: &mut dyn Write, text: &str, class: Option<Class>) -> fmt::Result {
    let Some(class) = class else { return comrak::html::escape(out, text) };
    write!(out, "<span class=\"{}\">", class.name())?;
    comrak::html::escape(out, text)?;
    out.write_str("</span>")
}

/// `3` or `3-5`, with quotes or without.
fn range(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().trim_matches('"');
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_told_from_what_follows_it() {
        for info in ["rust", "Rust", "rust=", "rust=7", "rust!", "rust {title=\"x\"}", "rust=+"] {
            assert_eq!(Info::parse(info).language, "rust", "{info}");
        }
        assert_eq!(Info::parse("c++").language, "c++");
        assert_eq!(Info::parse("=101").language, "");
    }

    #[test]
    fn numbers_marks_and_titles_are_read() {
        assert_eq!(Info::parse("rust=").numbers, Some(Numbers::From(1)));
        assert_eq!(Info::parse("rust=101").numbers, Some(Numbers::From(101)));
        assert_eq!(Info::parse("=+").numbers, Some(Numbers::Continued));
        assert_eq!(Info::parse("ruby startline=3").numbers, None);
        assert!(Info::parse("rust!").wraps);
        assert_eq!(Info::parse("rust {1,3-5}").marked, [(1, 1), (3, 5)]);
        let hugo = Info::parse("go {linenos=inline,hl_lines=[2,\"6-8\"],linenostart=199}");
        assert_eq!(hugo.numbers, Some(Numbers::From(199)));
        assert_eq!(hugo.marked, [(2, 2), (6, 8)]);
        assert_eq!(Info::parse("js {title=\"a.js\"}").title.as_deref(), Some("a.js"));
    }
}
