//! Watched notes and summits are kept without their texts: see [`crate::controller::state::texts`].

use std::sync::Arc;

use kube::Api;

use crate::api::names::hex;
use crate::api::{Summit, TalkNote};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::kind::Kind;
use crate::controller::state::memory::{Fact, Key, key};
use crate::controller::state::texts::{TextRoom, WaitingText};
use crate::document::{TextDigest, text_digest};

/// Where a watched object keeps the digest of its text: an annotation that no API server would take, so
/// that nobody else can set it, and no copy of such an object can be written by mistake.
pub const DIGEST: &str = "digest of the text";

/// A kind whose spec has a text.
pub trait Written: Kind {
    /// Name of the text's field in the spec.
    const FIELD: &'static str;

    /// The text.
    fn text(&self) -> Option<&String>;
    /// The same, to be changed.
    fn text_mut(&mut self) -> &mut Option<String>;
    /// The generation that the status describes.
    fn observed_generation(&self) -> Option<i64>;
}

impl Written for TalkNote {
    const FIELD: &'static str = "markdown";

    fn text(&self) -> Option<&String> {
        self.spec.markdown.as_ref()
    }

    fn text_mut(&mut self) -> &mut Option<String> {
        &mut self.spec.markdown
    }

    fn observed_generation(&self) -> Option<i64> {
        self.status.as_ref()?.observed_generation
    }
}

impl Written for Summit {
    const FIELD: &'static str = "overview";

    fn text(&self) -> Option<&String> {
        self.spec.overview.as_ref()
    }

    fn text_mut(&mut self) -> &mut Option<String> {
        &mut self.spec.overview
    }

    fn observed_generation(&self) -> Option<i64> {
        self.status.as_ref()?.observed_generation
    }
}

/// The texts of a scope's objects that are about to be rendered.
#[derive(Clone)]
pub struct Texts {
    /// Those of each object.
    pub kept: Fact<Arc<WaitingText>>,
    /// What they take.
    pub room: TextRoom,
}

impl Texts {
    /// Takes its text from an object that was just watched, and keeps it for the page that is to be made
    /// of it.
    pub fn take_from<K: Written>(&self, object: &mut K) {
        let Some(text) = object.text_mut().as_mut().map(std::mem::take) else { return };
        let digest = hex(&text_digest(&text));
        object.meta_mut().annotations.get_or_insert_default().insert(DIGEST.to_owned(), digest);
        let meta = object.meta();
        let kept = (object.observed_generation() != meta.generation)
            .then(|| self.room.keep(meta.uid.clone(), meta.generation, text));
        match kept.flatten() {
            Some(kept) => self.kept.put(memory(object), kept),
            None => self.kept.forget(&memory(object)),
        }
    }
}

fn memory<K: Kind>(object: &K) -> Key {
    let (namespace, name) = object.address();
    key(K::NAME, &namespace, &name)
}

/// Whether the text of an object is not in it.
pub fn is_without_text<K: Kind>(object: &K) -> bool {
    object.meta().annotations.as_ref().is_some_and(|told| told.contains_key(DIGEST))
}

/// Digest of the text of an object, whether it has the text or not; of one without text, that of none.
pub fn digest_of_text<K: Written>(object: &K) -> String {
    let digest = told_digest(object)
        .unwrap_or_else(|| text_digest(object.text().map_or("", String::as_str)));
    hex(&digest)
}

/// Digest of the text of a watched object, which is not in it.
pub fn told_digest<K: Kind>(object: &K) -> Option<TextDigest> {
    let told = object.meta().annotations.as_ref()?.get(DIGEST)?;
    let mut digest = TextDigest::default();
    for (byte, digits) in digest.iter_mut().zip(told.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// The text of a watched object.
///
/// # Errors
/// Where the API server does not have it, and where the object changed meanwhile: then the watch tells
/// of it.
pub async fn text_of<K: Written>(object: &K, ctx: &Context) -> Result<Option<String>, Error> {
    if object.text().is_none() || !is_without_text(object) {
        return Ok(object.text().cloned());
    }
    let (meta, memory) = (object.meta(), memory(object));
    let kept = ctx.texts.kept.get(&memory);
    if let Some(text) = kept.as_ref().and_then(|kept| kept.of(meta.uid.as_ref(), meta.generation)) {
        return Ok(Some(text.to_owned()));
    }
    Ok(whole(object, ctx).await?.text().cloned())
}

/// A watched object with its text, as the API server has it now.
///
/// # Errors
/// Where the API server does not answer, and where the object changed meanwhile.
pub async fn whole<K: Written>(object: &K, ctx: &Context) -> Result<K, Error> {
    let (namespace, name) = object.address();
    let api: Api<K> = Api::namespaced(ctx.client.clone(), &namespace);
    let doing = format!("read the {} {namespace}/{name}", K::NAME);
    let live = api.get(&name).await.map_err(Error::api(doing))?;
    let (seen, found) = (object.meta(), live.meta());
    if (&seen.uid, seen.generation) != (&found.uid, found.generation) {
        return Err(Error::Overtaken { kind: K::NAME, name });
    }
    Ok(live)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{TalkNoteSpec, TalkNoteStatus};
    use crate::controller::state::memory::Memory;

    fn note(text: &str, observed: Option<i64>) -> TalkNote {
        let spec = TalkNoteSpec { markdown: Some(text.to_owned()), ..TalkNoteSpec::default() };
        let mut note = TalkNote::new("a", spec);
        note.metadata.generation = Some(2);
        note.status =
            Some(TalkNoteStatus { observed_generation: observed, ..TalkNoteStatus::default() });
        note
    }

    #[test]
    fn the_text_of_what_is_rendered_waits_and_that_of_the_rest_does_not() {
        let memory = Memory::default();
        let texts = Texts { kept: memory.texts(), room: TextRoom::default() };
        let mut changed = note("Knots.", Some(1));
        texts.take_from(&mut changed);
        assert_eq!(changed.spec.markdown.as_deref(), Some(""), "that there is one can be seen");
        assert_eq!(digest_of_text(&changed), digest_of_text(&note("Knots.", None)));
        assert_eq!(texts.room.taken(), 6);
        let kept = texts.kept.get(&key("TalkNote", "", "a")).unwrap();
        assert_eq!(kept.of(None, Some(2)), Some("Knots."));
        drop(kept);

        texts.take_from(&mut note("Knots.", Some(2)));
        assert_eq!(texts.room.taken(), 0, "its page is made");
        let mut without = TalkNote::default();
        texts.take_from(&mut without);
        assert_eq!(without.spec.markdown, None);
    }
}
