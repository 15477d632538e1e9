//! What rendering reports, as stable codes.

use crate::api::{Diagnostic, Severity};

/// A kind of fault or hint that rendering finds. Codes are never given a new meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A link is no absolute http or https URL.
    LinkDropped,
    /// A link carries a signature, a token or a password.
    LinkSigned,
    /// A line of dashes under text would have made a heading of it.
    SetextRule,
    /// A container has no end.
    ContainerUnclosed,
    /// A container is of no known kind.
    ContainerUnknown,
    /// A footnote that nothing refers to.
    FootnoteUnused,
    /// HTML that may do harm was taken out.
    HtmlRemoved,
    /// The Markdown is longer than what is rendered.
    TooLong,
    /// Quotes, lists or emphasis are nested too deeply.
    TooDeep,
    /// Reading the Markdown takes too much work.
    TooComplex,
    /// More containers than are looked at.
    TooManyContainers,
    /// More footnotes than are looked at.
    TooManyFootnotes,
    /// More HTML than is looked at.
    TooMuchHtml,
    /// The HTML would be too long.
    OutputTooLong,
    /// A character turns the order of the text round, or hides in a word.
    HiddenCharacter,
    /// Lists without indentation were put into each other.
    NestingInferred,
    /// The scheme of a link was mistyped.
    LinkRepaired,
    /// A link leads nowhere.
    LinkEmpty,
    /// A row of a table has more cells than its head.
    RowTooLong,
    /// A table in values or a mind map is too large to be drawn.
    NotDrawn,
    /// An image is named by a path that the spec does not list.
    ImageUnknown,
    /// The official agenda cannot be read.
    AgendaUnreadable,
    /// Notes that no session of the official agenda is like.
    NotesWithoutSession,
}

impl Code {
    /// All codes in their order.
    pub const ALL: [Self; 23] = [
        Self::LinkDropped,
        Self::LinkSigned,
        Self::SetextRule,
        Self::ContainerUnclosed,
        Self::ContainerUnknown,
        Self::FootnoteUnused,
        Self::HtmlRemoved,
        Self::TooLong,
        Self::TooDeep,
        Self::TooComplex,
        Self::TooManyContainers,
        Self::TooManyFootnotes,
        Self::TooMuchHtml,
        Self::OutputTooLong,
        Self::HiddenCharacter,
        Self::NestingInferred,
        Self::LinkRepaired,
        Self::LinkEmpty,
        Self::RowTooLong,
        Self::NotDrawn,
        Self::ImageUnknown,
        Self::AgendaUnreadable,
        Self::NotesWithoutSession,
    ];

    /// The code as people see it.
    pub fn code(self) -> &'static str {
        match self {
            Self::LinkDropped => "TN2001",
            Self::LinkSigned => "TN2002",
            Self::SetextRule => "TN2003",
            Self::ContainerUnclosed => "TN2004",
            Self::ContainerUnknown => "TN2005",
            Self::FootnoteUnused => "TN2006",
            Self::HtmlRemoved => "TN2007",
            Self::TooLong => "TN2010",
            Self::TooDeep => "TN2011",
            Self::TooComplex => "TN2012",
            Self::TooManyContainers => "TN2013",
            Self::TooManyFootnotes => "TN2014",
            Self::TooMuchHtml => "TN2015",
            Self::OutputTooLong => "TN2016",
            Self::HiddenCharacter => "TN2020",
            Self::NestingInferred => "TN2021",
            Self::LinkRepaired => "TN2022",
            Self::LinkEmpty => "TN2023",
            Self::RowTooLong => "TN2024",
            Self::NotDrawn => "TN2025",
            Self::ImageUnknown => "TN2030",
            Self::AgendaUnreadable => "TN2040",
            Self::NotesWithoutSession => "TN2041",
        }
    }

    /// How much it matters. Rendering has no errors: it always has something to show.
    pub fn severity(self) -> Severity {
        match self {
            Self::SetextRule
            | Self::NotesWithoutSession
            | Self::FootnoteUnused
            | Self::NestingInferred
            | Self::LinkRepaired
            | Self::LinkEmpty
            | Self::RowTooLong => Severity::Info,
            _ => Severity::Warning,
        }
    }

    /// What is meant and what to do about it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::LinkDropped => {
                "the link is left out: only absolute http and https URLs can be followed by readers"
            }
            Self::LinkSigned => {
                "the link is left out: it carries a signature, a token or a password and will \
                 expire or give access away; link to the public page instead"
            }
            Self::SetextRule => {
                "the line of dashes directly under text is shown as a rule, not as the sign of a \
                 heading; put an empty line between them, or `## ` in front of a heading"
            }
            Self::ContainerUnclosed => {
                "the container has no end and holds everything that follows; close it with a line \
                 of `:::`"
            }
            Self::ContainerUnknown => {
                "the container is shown as plain text: known are info, success, warning, danger, \
                 spoiler, note, tip, important and caution"
            }
            Self::FootnoteUnused => {
                "nothing refers to the footnote, so it is shown where it is written"
            }
            Self::HtmlRemoved => {
                "HTML that may do harm is not shown; remove it, or write it in back-ticks to show it"
            }
            Self::TooLong => {
                "the Markdown is too long to be rendered and is shown as plain text; split the note"
            }
            Self::TooDeep => {
                "quotes, lists or emphasis are nested too deeply, so the Markdown is shown as \
                 plain text"
            }
            Self::TooComplex => {
                "reading the Markdown takes too much work, so it is shown as plain text; look for \
                 a long row of brackets or asterisks"
            }
            Self::TooManyContainers => {
                "there are too many lines of `:::`, so they are shown as plain text"
            }
            Self::TooManyFootnotes => {
                "there are too many footnotes, so they are shown as plain text"
            }
            Self::TooMuchHtml => "there is too much HTML, so all of it is shown as plain text",
            Self::ImageUnknown => {
                "an image is named by a path that spec.images does not list, so that its text stands in \
                 its place; import the note from its repository, or list the image"
            }
            Self::AgendaUnreadable => {
                "the official agenda cannot be read, so that the notes have only the times and rooms that they \
                 say themselves"
            }
            Self::NotesWithoutSession => {
                "no session of the official agenda is like these notes; compare titles and speakers, or give the \
                 note a link to the page of its session"
            }
            Self::OutputTooLong => {
                "the HTML would be too long, so the Markdown is shown as plain text; split the note"
            }
            Self::HiddenCharacter => {
                "a character that nobody sees changes what is read here, and is shown by its \
                 number; remove it"
            }
            Self::NestingInferred => {
                "lists without indentation are put into each other, as their marks change; indent \
                 them, or set nesting to AsWritten"
            }
            Self::LinkRepaired => "the scheme of a link is mistyped and was read as http or https",
            Self::LinkEmpty => {
                "a link has no address and is shown as text; write one into its parentheses"
            }
            Self::RowTooLong => {
                "a row of the table has more cells than its head; the head is given cells without a \
                 name, and a table that would become too large by it is shown as it is written; add \
                 the missing cells to the head and to the line below it"
            }
            Self::NotDrawn => {
                "the table or mind map is too large, or nested too deeply, and is shown as it is \
                 written; split it"
            }
        }
    }

    /// The diagnostic for a place in the Markdown: line and column in characters, from 1.
    pub(super) fn at(self, line: usize, column: usize) -> Diagnostic {
        let number = |number: usize| i32::try_from(number).ok();
        Diagnostic { line: number(line), column: number(column), ..self.diagnostic() }
    }

    /// The diagnostic for the Markdown as a whole.
    pub(super) fn diagnostic(self) -> Diagnostic {
        self.of_field("")
    }

    /// The diagnostic for a field of the spec.
    pub(super) fn of_field(self, path: &str) -> Diagnostic {
        Diagnostic {
            path: path.to_owned(),
            line: None,
            column: None,
            severity: self.severity(),
            code: self.code().to_owned(),
            message: self.meaning().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.code()).collect();
        let sorted: BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes, sorted.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn every_meaning_fits_a_diagnostic() {
        for code in Code::ALL {
            assert!(code.meaning().chars().count() <= 1024, "{code:?}");
        }
    }
}
