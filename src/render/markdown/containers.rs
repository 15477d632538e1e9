//! Boxes: HackMD's containers and GitHub's alerts.

use std::fmt::{self, Write as _};

use comrak::html::Context;
use comrak::nodes::AlertType;

use super::format::State;

pub(super) fn write_container(
    context: &mut Context<'_, '_, State>,
    container: &Container,
    entering: bool,
) -> fmt::Result {
    if container.kind != "spoiler" {
        let Container { kind, label, title, .. } = container;
        return write_alert(context, kind, label, title, entering);
    }
    context.cr()?;
    if entering {
        let open = if container.open { " open" } else { "" };
        write!(context, "<details class=\"spoiler\"{open}><summary>")?;
        let title = if container.title.is_empty() { container.label } else { &container.title };
        context.escape(title)?;
        context.write_str("</summary>\n")
    } else {
        context.write_str("</details>\n")
    }
}

/// A box with its type in words: colour alone says nothing to many readers.
pub(super) fn write_alert(
    context: &mut Context<'_, '_, State>,
    kind: &str,
    label: &str,
    title: &str,
    entering: bool,
) -> fmt::Result {
    context.cr()?;
    if !entering {
        return context.write_str("</div>\n");
    }
    write!(context, "<div class=\"alert alert-{kind}\" role=\"note\">\n<p class=\"alert-title\">")?;
    write!(context, "<span class=\"alert-type\">{label}</span>")?;
    if !title.is_empty() {
        context.write_str(" ")?;
        context.escape(title)?;
    }
    context.write_str("</p>\n")
}

/// The kind that GitHub's alerts have here, and what it is called.
pub(super) fn alert_kind(kind: AlertType) -> (&'static str, &'static str) {
    match kind {
        AlertType::Note => ("info", "Note"),
        AlertType::Tip => ("success", "Tip"),
        AlertType::Important => ("info", "Important"),
        AlertType::Warning => ("warning", "Warning"),
        AlertType::Caution => ("danger", "Caution"),
    }
}

/// HackMD's `:::info Title` and its kin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// One of a fixed set, so it can stand in a class.
    kind: &'static str,
    label: &'static str,
    title: String,
    open: bool,
}

impl Container {
    /// Reads what stands behind the colons. `None` where the kind is not known.
    pub(super) fn parse(info: &str) -> Option<Self> {
        let info = info.trim_start();
        let end = info.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(info.len());
        let (name, rest) = info.split_at_checked(end)?;
        let (kind, label) = match name.to_ascii_lowercase().as_str() {
            "info" => ("info", "Info"),
            "note" => ("info", "Note"),
            "important" => ("info", "Important"),
            "success" => ("success", "Success"),
            "tip" => ("success", "Tip"),
            "warning" => ("warning", "Warning"),
            "danger" => ("danger", "Danger"),
            "caution" => ("danger", "Caution"),
            "spoiler" => ("spoiler", "Spoiler"),
            _ => return None,
        };
        let rest =
            rest.trim_start_matches(|c: char| c.is_whitespace() || ":：".contains(c)).trim_end();
        let (attributes, title) = match rest.strip_prefix('{').and_then(|rest| rest.split_once('}'))
        {
            Some((attributes, title)) => (attributes, title.trim()),
            None => ("", rest),
        };
        Some(Self { kind, label, title: title.to_owned(), open: attributes.contains("open") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_split_from_kinds() {
        let parsed = |info| Container::parse(info).unwrap();
        assert_eq!(parsed("info 提示").title, "提示");
        assert_eq!(parsed("Warning").kind, "warning");
        assert!(parsed("spoiler {state=\"open\"} 答案").open);
        assert_eq!(parsed("spoiler {state=\"open\"} 答案").title, "答案");
        assert_eq!(parsed("info：為什麼").title, "為什麼");
        assert_eq!(parsed("info: why").title, "why");
        assert_eq!(parsed("info Q: why").title, "Q: why");
        assert_eq!(Container::parse("theorem"), None);
        assert_eq!(Container::parse(""), None);
    }
}
