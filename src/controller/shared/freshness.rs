//! Whether what is published is current, told from digests: nothing is rendered to know it. Pure.

use k8s_openapi::api::core::v1::ConfigMap;

use crate::controller::shared::published::{Address, Source, is_made_from};

/// How a published ConfigMap stands to what is to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It was rendered from just this, by this version of the renderer.
    Current,
    /// The same, but by another version of the renderer.
    Outdated,
    /// It was made from something else, somebody changed it, or it is not known what it was made from.
    Stale,
}

/// Of `found`, a watched ConfigMap, whose owner's status tells that it has the content `content`, where
/// `source` is to be published at `address`.
pub fn freshness(found: &ConfigMap, address: Address, source: String, content: &str) -> Freshness {
    let (wanted, told) = (Source::of(source), Source::told(found));
    // The status told of this generation: versions that wrote no digest of the source checked it.
    let is_same = told.digest.is_none() || told.digest == wanted.digest;
    if is_made_from(found, address.clone(), &wanted, content) {
        Freshness::Current
    } else if is_same
        && told.renderer != wanted.renderer
        && is_made_from(found, address, &told, content)
    {
        Freshness::Outdated
    } else {
        Freshness::Stale
    }
}

#[cfg(test)]
mod tests {
    use kube::ResourceExt as _;

    use super::*;
    use crate::api::names;
    use crate::controller::shared::published::{self, config_map};
    use crate::render::Publication;

    fn address() -> Address {
        Address {
            name: "talknote-ferris".to_owned(),
            namespace: "summits".to_owned(),
            owner: None,
            content: names::CONTENT_NOTE,
            repository: None,
            summit: None,
            talk: Some("ferris".to_owned()),
        }
    }

    fn seen(edit: fn(&mut ConfigMap)) -> Freshness {
        let publication = Publication::new([("note.html".to_owned(), "x".to_owned())]).unwrap();
        let content = publication.digest.clone();
        let source = Source::of("sha256:1".to_owned());
        let mut found = config_map(address(), publication, Some(&source));
        edit(&mut found);
        published::reduce(&mut found);
        freshness(&found, address(), "sha256:1".to_owned(), &content)
    }

    #[test]
    fn a_page_is_current_while_it_is_what_it_says_and_says_what_is_wanted() {
        assert_eq!(seen(|_| ()), Freshness::Current);
        assert_eq!(seen(|page| page.data = None), Freshness::Stale);
        let lies = |page: &mut ConfigMap| {
            page.annotations_mut().insert(names::SOURCE_DIGEST.to_owned(), "sha256:2".to_owned());
        };
        assert_eq!(seen(lies), Freshness::Stale);
        let lies_about_content = |page: &mut ConfigMap| {
            page.annotations_mut().insert(names::CONTENT_DIGEST.to_owned(), "sha256:2".to_owned());
        };
        assert_eq!(seen(lies_about_content), Freshness::Stale);
    }

    #[test]
    fn a_page_of_another_renderer_is_outdated_unless_anything_else_is_wrong_with_it() {
        let older = |page: &mut ConfigMap| {
            page.annotations_mut().insert(names::RENDERER.to_owned(), "0".to_owned());
        };
        assert_eq!(seen(older), Freshness::Outdated);
        let without = |page: &mut ConfigMap| {
            page.annotations_mut().remove(names::RENDERER);
            page.annotations_mut().remove(names::SOURCE_DIGEST);
        };
        assert_eq!(seen(without), Freshness::Outdated);
        let changed = |page: &mut ConfigMap| {
            page.annotations_mut().insert(names::RENDERER.to_owned(), "0".to_owned());
            page.data = None;
        };
        assert_eq!(seen(changed), Freshness::Stale);
        let no_digest = |page: &mut ConfigMap| {
            page.annotations_mut().remove(names::SOURCE_DIGEST);
        };
        assert_eq!(seen(no_digest), Freshness::Stale);
    }
}
