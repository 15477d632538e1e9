//! Says of each line what it is, with what must be remembered from the lines before it.

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) enum LineKind {
    /// Nothing but white space.
    Blank,
    /// An ATX heading at the top level with its level.
    Heading(u8),
    /// `===` (a heading) or `---` under that many lines of text.
    Underline { lines: usize, heading: bool },
    /// Begins an item of a list; `depth` 0 is the top level, `content` the column of its content.
    Item { depth: usize, content: usize },
    /// Belongs to an item of a list.
    InList,
    /// Belongs to an item of a list and is code or HTML.
    ListCode,
    /// Opens a code fence at the top level.
    FenceStart,
    /// Closes a code fence at the top level.
    FenceEnd,
    /// In a fence, in HTML, in a comment or in indented code at the top level.
    Opaque,
    /// Begins like a heading, but for the space after `#`.
    NoSpace,
    /// Anything else.
    Text,
}

/// Marks of list items that one line opens at most; more are hostile and count as text.
const MAX_MARKERS: usize = 32;

/// What stands open at the beginning of a line.
#[derive(Debug, Default)]
pub(in crate::document) struct Scanner {
    fence: Option<OpenFence>,
    html: Option<HtmlEnd>,
    /// Columns of the content of open list items, outermost first.
    lists: Vec<usize>,
    /// Lines of the paragraph at the top level that the line before belongs to.
    paragraph: usize,
    /// Whether the line before is text in a list, so that a line of text goes on with it.
    list_text: bool,
}

#[derive(Debug)]
struct OpenFence {
    mark: char,
    length: usize,
    container: usize,
}

/// What ends a block of HTML.
#[derive(Clone, Copy, Debug)]
enum HtmlEnd {
    Blank,
    Text(&'static str),
}

impl Scanner {
    /// Classifies the next line.
    pub fn next(&mut self, line: &str) -> LineKind {
        let (indent, rest) = indentation(line);
        if let Some(kind) = self.in_fence(indent, rest).or_else(|| self.in_html(rest)) {
            return kind;
        }
        if rest.is_empty() {
            self.paragraph = 0;
            self.list_text = false;
            return LineKind::Blank;
        }
        if indent < self.container() && self.list_text && !begins_a_block(rest) {
            return LineKind::InList;
        }
        while self.container() > indent {
            self.lists.pop();
        }
        let kind = self.block(indent, rest);
        self.paragraph = if kind == LineKind::Text { self.paragraph + 1 } else { 0 };
        if kind == LineKind::Text && !can_be_paragraph(rest) {
            self.paragraph = 0;
        }
        kind
    }

    fn container(&self) -> usize {
        self.lists.last().copied().unwrap_or(0)
    }

    fn in_fence(&mut self, indent: usize, rest: &str) -> Option<LineKind> {
        let fence = self.fence.as_ref()?;
        if !rest.is_empty() && indent < fence.container {
            self.fence = None;
            return None;
        }
        let top = fence.container == 0;
        let marks = rest.chars().take_while(|&c| c == fence.mark).count();
        let closes = marks >= fence.length && rest.chars().skip(marks).all(char::is_whitespace);
        if closes {
            self.fence = None;
        }
        Some(match (top, closes) {
            (true, true) => LineKind::FenceEnd,
            (true, false) => LineKind::Opaque,
            (false, _) => LineKind::ListCode,
        })
    }

    fn in_html(&mut self, rest: &str) -> Option<LineKind> {
        let ends = match self.html? {
            HtmlEnd::Blank => rest.is_empty(),
            HtmlEnd::Text(end) => contains_ignoring_case(rest, end),
        };
        if ends {
            self.html = None;
        }
        Some(if self.lists.is_empty() { LineKind::Opaque } else { LineKind::ListCode })
    }

    /// Classifies a line that is not blank and stands in no fence or HTML.
    fn block(&mut self, indent: usize, rest: &str) -> LineKind {
        let top = self.lists.is_empty();
        let inside = |kind: LineKind| match kind {
            kind if top => kind,
            LineKind::Opaque | LineKind::FenceStart => LineKind::ListCode,
            _ => LineKind::InList,
        };
        let in_text = self.paragraph > 0 || self.list_text;
        self.list_text = false;
        if indent.saturating_sub(self.container()) >= 4 {
            self.list_text = !top && in_text;
            return inside(if in_text { LineKind::Text } else { LineKind::Opaque });
        }
        if self.opens_fence(rest) {
            return inside(LineKind::FenceStart);
        }
        if let Some(level) = heading_level(rest) {
            return inside(LineKind::Heading(level));
        }
        if self.paragraph > 0
            && let Some(mark) = underline(rest)
        {
            return LineKind::Underline { lines: self.paragraph, heading: mark == '=' };
        }
        if is_rule(rest) {
            return inside(LineKind::Opaque);
        }
        if let Some(kind) = self.item(indent, rest) {
            return kind;
        }
        if let Some(end) = html_start(rest, in_text) {
            self.html = Some(end).filter(|end| !closes_at_once(*end, rest));
            return inside(LineKind::Opaque);
        }
        self.list_text = !top;
        if top && lacks_space(rest) {
            return LineKind::NoSpace;
        }
        inside(LineKind::Text)
    }

    fn opens_fence(&mut self, rest: &str) -> bool {
        let Some(mark) = rest.chars().next().filter(|&c| c == '`' || c == '~') else {
            return false;
        };
        let length = rest.chars().take_while(|&c| c == mark).count();
        let info = rest.trim_start_matches(mark);
        let opens = length >= 3 && !(mark == '`' && info.contains('`'));
        if opens {
            self.fence = Some(OpenFence { mark, length, container: self.container() });
        }
        opens
    }

    /// Opens the items whose marks begin a line, of which there may be several: `- 1. text`.
    fn item(&mut self, indent: usize, rest: &str) -> Option<LineKind> {
        let depth = self.lists.len();
        let (mut column, mut rest) = (indent, rest);
        let mut first = None;
        for _ in 0..MAX_MARKERS {
            let Some((width, after)) = marker(rest, self.paragraph > 0) else {
                break;
            };
            let (spaces, content) = indentation(after);
            let gap = if content.is_empty() || spaces > 4 { 1 } else { spaces };
            column = column.saturating_add(width).saturating_add(gap);
            self.lists.push(column);
            first = first.or(Some(column));
            self.paragraph = 0;
            rest = content;
            if spaces > 4 || is_rule(rest) {
                break;
            }
        }
        let content = first?;
        let fence = self.opens_fence(rest);
        self.list_text = !fence && !rest.is_empty() && heading_level(rest).is_none();
        Some(LineKind::Item { depth, content })
    }
}

/// Columns of white space in front of a line (a tab goes to the next multiple of four), and what
/// follows, without white space at its end.
pub(in crate::document) fn indentation(line: &str) -> (usize, &str) {
    let mut columns = 0_usize;
    for c in line.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    (columns, line.trim_start_matches([' ', '\t']).trim_end())
}

fn heading_level(rest: &str) -> Option<u8> {
    let marks = rest.chars().take_while(|&c| c == '#').count();
    let after = rest.chars().nth(marks);
    let level = u8::try_from(marks).ok().filter(|level| (1..=6).contains(level))?;
    after.is_none_or(|c| c == ' ' || c == '\t').then_some(level)
}

/// `##Heading`, which is no heading for `CommonMark`; a single `#word` is a hashtag unless more words
/// and no other hashtag follow.
fn lacks_space(rest: &str) -> bool {
    let marks = rest.chars().take_while(|&c| c == '#').count();
    let begins = rest.chars().nth(marks).is_some_and(|c| c.is_alphanumeric() || !c.is_ascii());
    let first =
        rest.chars().nth(1).is_some_and(|c| c.is_uppercase() || crate::document::text::is_cjk(c));
    let sentence = || first && rest.contains(' ') && rest.matches('#').count() == 1;
    begins && ((2..=6).contains(&marks) || (marks == 1 && sentence()))
}

fn underline(rest: &str) -> Option<char> {
    let mark = rest.chars().next().filter(|&c| c == '=' || c == '-')?;
    rest.chars().all(|c| c == mark).then_some(mark)
}

fn is_rule(rest: &str) -> bool {
    let Some(mark) = rest.chars().next().filter(|c| "-*_".contains(*c)) else {
        return false;
    };
    let mut marks = 0;
    rest.chars().all(|c| {
        marks += usize::from(c == mark);
        c == mark || c == ' ' || c == '\t'
    }) && marks >= 3
}

/// The width of a list marker and what follows it. In a paragraph, only `1.` and items with text
/// begin a list.
fn marker(rest: &str, in_paragraph: bool) -> Option<(usize, &str)> {
    let (width, after) = if let Some(after) = rest.strip_prefix(['*', '+', '-']) {
        (1, after)
    } else {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = rest.strip_suffix(after)?;
        if number.is_empty() || number.len() > 9 || (in_paragraph && number != "1") {
            return None;
        }
        (number.len() + 1, after.strip_prefix(['.', ')'])?)
    };
    let ends = if in_paragraph { false } else { after.is_empty() };
    (ends || after.starts_with([' ', '\t'])).then_some((width, after))
}

/// Whether a line ends the text of a list item rather than going on with it.
fn begins_a_block(rest: &str) -> bool {
    heading_level(rest).is_some()
        || is_rule(rest)
        || marker(rest, true).is_some()
        || rest.starts_with("```")
        || rest.starts_with("~~~")
        || rest.starts_with('>')
        || rest.starts_with(":::")
        || html_start(rest, true).is_some()
}

/// Whether `---` under a line of text would make it a heading. Tables, quotes, containers and
/// definitions are no paragraphs.
fn can_be_paragraph(rest: &str) -> bool {
    !rest.starts_with(['|', '>'])
        && !rest.starts_with(":::")
        && super::links::definition(rest).is_none()
}

/// Names of elements that begin a block of HTML even in a paragraph (`CommonMark` 4.6, kind 6).
const BLOCK_ELEMENTS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

fn html_start(rest: &str, in_text: bool) -> Option<HtmlEnd> {
    let after = rest.strip_prefix('<')?;
    if after.starts_with("!--") {
        return Some(HtmlEnd::Text("-->"));
    }
    if after.starts_with('?') {
        return Some(HtmlEnd::Text("?>"));
    }
    let name_of = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(32).collect()
    };
    let tag = after.strip_prefix('/').unwrap_or(after);
    let name = name_of(tag).to_ascii_lowercase();
    let ends_name =
        tag.chars().nth(name.len()).is_none_or(|c| c == '>' || c == '/' || c.is_whitespace());
    if name.is_empty() || !ends_name {
        return None;
    }
    let raw = [
        ("script", "</script>"),
        ("pre", "</pre>"),
        ("style", "</style>"),
        ("textarea", "</textarea>"),
    ];
    if let Some((_, end)) =
        raw.iter().find(|(element, _)| *element == name && !after.starts_with('/'))
    {
        return Some(HtmlEnd::Text(end));
    }
    let alone = rest.ends_with('>') && rest.matches('<').count() == 1;
    (BLOCK_ELEMENTS.contains(&name.as_str()) || (alone && !in_text)).then_some(HtmlEnd::Blank)
}

fn closes_at_once(end: HtmlEnd, rest: &str) -> bool {
    matches!(end, HtmlEnd::Text(text) if contains_ignoring_case(rest, text))
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.contains(part) || text.to_ascii_lowercase().contains(part)
}
