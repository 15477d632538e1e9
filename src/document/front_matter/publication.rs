//! What front matter says of when a document may be public.

use super::fields::Fields;
use crate::document::codes::Code;
use crate::document::publication::{Sign, Wish, signs};

/// Our own field for the time from which on a note is public.
const PUBLISH_AT: &str = "publishat";

impl Fields<'_> {
    /// All that the fields say, of which the strictest counts.
    pub(super) fn wish(&mut self) -> Wish {
        let mut wish = Wish::default();
        let mut unclear = Vec::new();
        for (plain, field) in self.all() {
            for sign in signs(plain, &field.value) {
                if sign == Sign::Unclear {
                    unclear.push(field.key.clone());
                }
                wish.add(sign, plain == PUBLISH_AT);
            }
        }
        for key in unclear {
            let message = format!(
                "it is not clear what the field `{key}` says: the document is taken as a draft; write true \
                 or false, or a time such as 2031-05-14T18:00:00+08:00"
            );
            self.tell(Code::Field, &key, &message);
        }
        wish
    }
}
