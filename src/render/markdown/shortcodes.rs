//! The syntax of Hugo's shortcodes `{{< name … >}}` and HackMD's embeds `{%name … %}`.

use super::start;

/// Bytes of a shortcode.
pub(super) const MAX_LENGTH: usize = 2048;

/// What stands around a shortcode: its beginning and its end.
const MARKS: [(&str, &str); 3] = [("{%", "%}"), ("{{<", ">}}"), ("{{%", "%}}")];

/// A shortcode: its name and what it is given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shortcode<'t> {
    /// With the `/` of an end.
    pub name: &'t str,
    arguments: Vec<(Option<&'t str>, &'t str)>,
}

impl<'t> Shortcode<'t> {
    /// The argument without a name at `index`.
    pub(super) fn at(&self, index: usize) -> Option<&'t str> {
        self.arguments.iter().filter(|(name, _)| name.is_none()).nth(index).map(|(_, value)| *value)
    }

    /// The argument that has one of `names`; an earlier one goes before a later one.
    pub(super) fn named(&self, names: &[&str]) -> Option<&'t str> {
        names.iter().find_map(|wanted| {
            let is_it = |name: &str| name.eq_ignore_ascii_case(wanted);
            self.arguments.iter().find(|(name, _)| name.is_some_and(is_it)).map(|(_, value)| *value)
        })
    }

    /// How many arguments have no name.
    pub(super) fn unnamed(&self) -> usize {
        self.arguments.iter().filter(|(name, _)| name.is_none()).count()
    }

    /// Reads what stands between the marks. `None` where it has no name, or a quote stays open.
    fn parse(inner: &'t str) -> Option<Self> {
        let inner = inner.trim().trim_end_matches('/').trim_end();
        let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, mut rest) = inner.split_at_checked(end)?;
        let is_name = |c: char| c.is_alphanumeric() || "/_-.".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let mut arguments = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Some(Self { name, arguments });
            }
            let end = rest.find(|c: char| c.is_whitespace() || "=\"".contains(c));
            let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            let (key, value) = match after.strip_prefix('=') {
                Some(value) if is_key(word) => (Some(word), value),
                _ => (None, rest),
            };
            let (value, after) = value_of(value)?;
            arguments.push((key, value));
            rest = after;
        }
    }
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// The value at the beginning of `text`, in quotes or up to the next space, and what follows.
fn value_of(text: &str) -> Option<(&str, &str)> {
    for quote in ['"', '`'] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote);
        }
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// What would end the shortcode that `text` leaves open.
pub(super) fn open_end(text: &str) -> Option<&'static str> {
    let is_open = |open: &str, close: &str| {
        text.rsplit_once(open).is_some_and(|(_, inner)| !inner.contains(close))
    };
    MARKS.iter().find(|(open, close)| is_open(open, close)).map(|(_, close)| *close)
}

/// The shortcode that `text` begins with, and what follows it.
pub(super) fn leading(text: &str) -> Option<(Shortcode<'_>, &str)> {
    let (open, close) = MARKS.iter().find(|(open, _)| text.starts_with(open))?;
    let rest = text.strip_prefix(open)?;
    let (inner, _) = start(rest, MAX_LENGTH).split_once(close)?;
    Some((Shortcode::parse(inner)?, rest.get(inner.len() + close.len()..)?))
}

/// The shortcode that `text` is, with nothing around it.
pub(super) fn alone(text: &str) -> Option<Shortcode<'_>> {
    leading(text).filter(|(_, after)| after.is_empty()).map(|(code, _)| code)
}

/// The first shortcode in `text` of which `make` makes something: what stands before it, the thing,
/// and what follows.
pub(super) fn find<'t, T>(
    text: &'t str,
    make: impl Fn(&Shortcode<'t>) -> Option<T>,
) -> Option<(&'t str, T, &'t str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let (before, rest) = text.split_at_checked(at)?;
        let (code, after) = leading(rest)?;
        Some((before, make(&code)?, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_names_or_places() {
        let code = alone("{{< figure src=\"a b.png\" Caption=c d >}}").unwrap();
        assert_eq!(code.name, "figure");
        assert_eq!(code.named(&["src"]), Some("a b.png"));
        assert_eq!(code.named(&["title", "caption"]), Some("c"));
        assert_eq!(code.at(0), Some("d"));
        assert_eq!(alone("{%youtube a=b%}").unwrap().named(&["a"]), Some("b"));
        assert_eq!(alone("{{% /notice %}}").unwrap().name, "/notice");
    }

    #[test]
    fn a_shortcode_may_be_left_open() {
        assert_eq!(open_end("a {{< figure src=\"_"), Some(">}}"));
        assert_eq!(open_end("a {%pdf https://a"), Some("%}"));
        for closed in ["a", "{{< a >}} b", "{{ a", "{% a %}", "{"] {
            assert_eq!(open_end(closed), None, "{closed}");
        }
    }

    #[test]
    fn what_is_no_shortcode_is_none() {
        for text in ["{{ page.title }}", "{{< >}}", "{{< a \"b >}}", "{% %}", "a {{< b >}}"] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
