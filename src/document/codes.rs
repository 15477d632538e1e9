//! Every diagnostic that reading a document can give. Codes are a contract: one that was published
//! keeps its meaning, and a new meaning gets a new code.

use crate::api::Severity;

/// What a diagnostic says. `docs/diagnostics.md` lists the same codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The document is not UTF-8 text.
    NotText,
    /// The document is larger than what is read.
    TooLarge,
    /// The front matter cannot be parsed.
    FrontMatter,
    /// The front matter is larger than what is read.
    FrontMatterTooLarge,
    /// A field of the front matter has a value that it cannot have.
    Field,
    /// A key of the front matter is not read, and seems to be meant as one that is.
    Key,
    /// A file is too large, or no file at all, and was not looked at.
    LeftOut,
    /// A document is held back by its place or by a time that has passed.
    Withheld,
    /// A document is kept in Git LFS or the like.
    KeptElsewhere,
    /// A document is the template of a site generator.
    Template,
    /// A symbolic link or a submodule was not followed.
    NotFollowed,
    /// Text directly above `---` is turned into a heading.
    SetextTrap,
    /// `##Heading` without a space is no heading.
    HeadingWithoutSpace,
    /// A code fence is never closed.
    OpenFence,
    /// A comment or a block of HTML is never closed.
    OpenHtml,
    /// The document gave no talk.
    NoTalks,
    /// A document may hold talks, but too unsurely to publish them.
    Unsure,
    /// A talk has no notes yet.
    EmptyNote,
    /// A heading for a talk has no title.
    EmptyTitle,
    /// The weekday in a heading is not that of its date.
    WeekdayMismatch,
    /// A heading names a day whose date cannot be known.
    UnknownDate,
    /// A talk ends before it begins.
    EndBeforeStart,
    /// A link carries a signature, a token or an expiry.
    SignedLink,
    /// An e-mail address or phone number stands where a speaker is expected.
    PersonalData,
    /// A talk is written about in two places, which became one note.
    DuplicateTalk,
    /// Several documents speak of one summit under different titles.
    SummitTitles,
    /// Two manifests have the same name.
    DuplicateName,
    /// A text was cut at the limit of its field.
    TextCut,
    /// A list was cut at the limit of its field.
    ListCut,
    /// The body of a note is too long.
    BodyTooLong,
    /// A manifest cannot be read.
    Manifest,
    /// A manifest names a namespace that its object does not go to.
    ManifestNamespace,
    /// A manifest has a label or an annotation that no object can have.
    ManifestMetadata,
    /// The file of an author's rules cannot be read.
    RulesFile,
    /// A rule has a field or value that it cannot have.
    Rule,
    /// A rule is for no document.
    UnusedRule,
    /// A rule says where talks stand, and there is none.
    RuleWithoutTalk,
    /// An image is not in the repository.
    ImageMissing,
    /// An image is too large, or of a kind that is not published.
    ImageLinked,
    /// A link leads to a file that is not in the repository.
    LinkMissing,
    /// A link leads to a file that is not published.
    LinkUnpublished,
    /// A link leads to a heading that is not there.
    AnchorMissing,
    /// An image is kept in Git LFS or the like.
    ImageKeptElsewhere,
}

impl Code {
    /// All codes, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::NotText,
        Self::TooLarge,
        Self::FrontMatter,
        Self::FrontMatterTooLarge,
        Self::Field,
        Self::LeftOut,
        Self::Key,
        Self::Withheld,
        Self::KeptElsewhere,
        Self::Template,
        Self::NotFollowed,
        Self::SetextTrap,
        Self::HeadingWithoutSpace,
        Self::OpenFence,
        Self::OpenHtml,
        Self::NoTalks,
        Self::EmptyNote,
        Self::EmptyTitle,
        Self::Unsure,
        Self::WeekdayMismatch,
        Self::UnknownDate,
        Self::EndBeforeStart,
        Self::SignedLink,
        Self::PersonalData,
        Self::DuplicateTalk,
        Self::SummitTitles,
        Self::DuplicateName,
        Self::TextCut,
        Self::ListCut,
        Self::BodyTooLong,
        Self::Manifest,
        Self::ManifestNamespace,
        Self::ManifestMetadata,
        Self::RulesFile,
        Self::Rule,
        Self::UnusedRule,
        Self::RuleWithoutTalk,
        Self::ImageMissing,
        Self::ImageLinked,
        Self::LinkMissing,
        Self::LinkUnpublished,
        Self::AnchorMissing,
        Self::ImageKeptElsewhere,
    ];

    /// The stable code, such as `TN1001`.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    /// How grave it is.
    pub fn severity(self) -> Severity {
        self.entry().1
    }

    const fn entry(self) -> (&'static str, Severity) {
        use Severity::{Error, Info, Warning};
        match self {
            Self::NotText => ("TN1001", Error),
            Self::TooLarge => ("TN1002", Error),
            Self::FrontMatter => ("TN1003", Error),
            Self::FrontMatterTooLarge => ("TN1004", Error),
            Self::Field => ("TN1005", Warning),
            Self::LeftOut => ("TN1006", Error),
            Self::Key => ("TN1007", Warning),
            Self::Withheld => ("TN1008", Info),
            Self::KeptElsewhere => ("TN1011", Error),
            Self::Template => ("TN1012", Info),
            Self::NotFollowed => ("TN1013", Info),
            Self::SetextTrap => ("TN1101", Warning),
            Self::HeadingWithoutSpace => ("TN1102", Warning),
            Self::OpenFence => ("TN1103", Warning),
            Self::OpenHtml => ("TN1104", Warning),
            Self::NoTalks => ("TN1201", Info),
            Self::EmptyNote => ("TN1202", Info),
            Self::EmptyTitle => ("TN1203", Warning),
            Self::Unsure => ("TN1204", Warning),
            Self::WeekdayMismatch => ("TN1301", Warning),
            Self::UnknownDate => ("TN1302", Warning),
            Self::EndBeforeStart => ("TN1303", Warning),
            Self::SignedLink => ("TN1401", Warning),
            Self::PersonalData => ("TN1402", Warning),
            Self::DuplicateTalk => ("TN1501", Warning),
            Self::SummitTitles => ("TN1502", Warning),
            Self::DuplicateName => ("TN1503", Error),
            Self::TextCut => ("TN1601", Warning),
            Self::ListCut => ("TN1602", Warning),
            Self::BodyTooLong => ("TN1603", Error),
            Self::Manifest => ("TN1701", Error),
            Self::ManifestNamespace => ("TN1702", Info),
            Self::ManifestMetadata => ("TN1703", Warning),
            Self::RulesFile => ("TN1801", Error),
            Self::Rule => ("TN1802", Error),
            Self::UnusedRule => ("TN1803", Warning),
            Self::RuleWithoutTalk => ("TN1804", Warning),
            Self::ImageMissing => ("TN1901", Warning),
            Self::ImageLinked => ("TN1902", Info),
            Self::LinkMissing => ("TN1903", Warning),
            Self::LinkUnpublished => ("TN1904", Info),
            Self::AnchorMissing => ("TN1905", Info),
            Self::ImageKeptElsewhere => ("TN1911", Warning),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    }
}
