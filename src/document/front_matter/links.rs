//! Links in front matter: entries with title, URL and kind, and fields such as `slides` of other tools.

use super::fields::Fields;
use crate::api::Link;
use crate::document::codes::Code;
use crate::document::markdown::link::FoundLink;
use crate::document::markdown::links;
use crate::document::words::words;

impl Fields<'_> {
    pub(super) fn links(&mut self) -> Vec<Link> {
        let wanted = "entries with title, url and kind";
        let mut all: Vec<Link> = self.typed("links", wanted).unwrap_or_default();
        for (kind, keys) in words().fields.links() {
            for (key, urls) in self.among(keys) {
                for url in urls {
                    let found = FoundLink { text: String::new(), url, line: 0, column: 1 };
                    if found.is_signed() {
                        let message = "this link carries a signature, a credential or an expiry; it \
                                       is left out: replace it with a public one";
                        self.tell(Code::SignedLink, &key, message);
                    } else if let Some(link) = found.to_link() {
                        links::add(&mut all, Link { kind: Some(kind), ..link });
                    }
                }
            }
        }
        all
    }
}
