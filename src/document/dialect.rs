//! Which tool a document was written for.

use super::front_matter::FrontMatter;
use crate::api::Format;

/// The tool that a document was written for. In a Hugo post headings are chapters unless they show
/// that they are talks; in a HackMD note of a summit `Title - Speaker` is a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    HackMd,
    Hugo,
}

/// The dialect that `format` asks for, or the one that the document shows.
pub(super) fn detect(format: Format, front: &FrontMatter, body: &str) -> Dialect {
    let looks_like_hugo =
        || front.is_hugo || ["<!--more-->", "{{<", "{{%"].iter().any(|mark| body.contains(mark));
    match format {
        Format::Hugo => Dialect::Hugo,
        Format::HackMD => Dialect::HackMd,
        Format::Auto | Format::YAML if looks_like_hugo() => Dialect::Hugo,
        Format::Auto | Format::YAML => Dialect::HackMd,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_show_their_dialect_and_the_format_overrides_it() {
        let hugo = FrontMatter { is_hugo: true, ..FrontMatter::default() };
        let plain = FrontMatter::default();
        assert_eq!(detect(Format::Auto, &hugo, ""), Dialect::Hugo);
        assert_eq!(detect(Format::Auto, &plain, ":::info\n:::"), Dialect::HackMd);
        assert_eq!(detect(Format::Auto, &plain, "{{< youtube x >}}"), Dialect::Hugo);
        assert_eq!(detect(Format::HackMD, &hugo, ""), Dialect::HackMd);
        assert_eq!(detect(Format::Hugo, &plain, ""), Dialect::Hugo);
    }
}
