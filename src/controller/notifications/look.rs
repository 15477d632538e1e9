//! Looks at how the notes of a sink stand, by what the watches show.

use kube::ResourceExt;
use kube::runtime::reflector::ObjectRef;
use serde_json::{Map, Value, json};
use url::Url;

use super::owner::Owner;
use super::standing::{Now, Standing, Subject};
use crate::api::{NoteRepository, NotificationSink, TalkNote, condition, names};
use crate::controller::note_repository::Claimant;
use crate::controller::shared::context::Context;
use crate::controller::shared::kind::Kind;
use crate::controller::shared::ownership;

/// How many characters of a digest or a uid are remembered.
const SHORT: usize = 12;
/// Longest reason that is told, in characters.
const LONGEST: usize = 500;

/// The beginning of a digest or a uid.
pub fn short(text: &str) -> String {
    let text = text.strip_prefix("sha256:").unwrap_or(text);
    text.chars().take(SHORT).collect()
}

/// All notes of `owner`, and under the empty name itself.
pub fn now(owner: &Owner, ctx: &Context) -> Now {
    let (namespace, _) = owner.address();
    let claimant = match owner {
        Owner::Repository(repository) => {
            Some(Claimant::new(repository, &ctx.stores.repositories.state()))
        }
        Owner::Summit(_) => None,
    };
    let is_its = |note: &TalkNote| match (owner, &claimant) {
        (Owner::Summit(summit), _) => {
            note.spec.summit_ref.as_ref().is_some_and(|named| named.name == summit.name_any())
        }
        (_, Some(claimant)) => claimant.gave(&note.metadata),
        (_, None) => false,
    };
    let mut now: Now = ctx
        .stores
        .talk_notes
        .state()
        .iter()
        .filter(|note| note.metadata.namespace.as_deref() == Some(&namespace) && is_its(note))
        .map(|note| (note.name_any(), subject(note)))
        .collect();
    now.insert(String::new(), own(owner));
    now
}

fn subject(note: &TalkNote) -> Subject {
    let status = note.status.as_ref();
    let why = why(note.previous_conditions());
    // One that is about to go has a page as long as it is there.
    let page = status.filter(|status| status.config_map.is_some());
    let page = page.and_then(|status| status.content_digest.as_deref()).map(short);
    Subject {
        uid: short(note.metadata.uid.as_deref().unwrap_or_default()),
        standing: Standing {
            page,
            failure: why.as_ref().map(digest),
            summit: note.spec.summit_ref.as_ref().map(|named| named.name.clone()),
        },
        title: note.spec.title.clone(),
        why,
    }
}

fn own(owner: &Owner) -> Subject {
    let why = why(owner.conditions());
    Subject {
        uid: short(&owner.uid()),
        standing: Standing { failure: why.as_ref().map(digest), ..Standing::default() },
        title: String::new(),
        why,
    }
}

/// Why an object is stuck, where it is.
fn why(
    conditions: &[k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition],
) -> Option<(String, String)> {
    let stalled = condition(conditions, "Stalled").filter(|stalled| stalled.status == "True")?;
    Some((stalled.reason.clone(), stalled.message.chars().take(LONGEST).collect()))
}

fn digest((reason, message): &(String, String)) -> String {
    short(&names::hex_digest(format!("{reason}\n{message}").as_bytes()))
}

/// Whether the note `name` is published, whoever gives it.
pub fn is_published(namespace: &str, name: &str, ctx: &Context) -> bool {
    let note = ObjectRef::<TalkNote>::new(name).within(namespace);
    let note = ctx.stores.talk_notes.get(&note);
    note.is_some_and(|note| note.status.as_ref().is_some_and(|s| s.config_map.is_some()))
}

/// What an event says of the note `name`, which stands or stood like `standing`.
pub fn data(
    owner: &Owner,
    sink: &NotificationSink,
    (name, standing): (&str, &Standing),
    subject: Option<&Subject>,
    ctx: &Context,
) -> Value {
    let (namespace, owner_name) = owner.address();
    let mut data = Map::new();
    let mut say = |key: &str, value: Option<String>| {
        data.extend(value.map(|value| (key.to_owned(), json!(value))));
    };
    say("namespace", Some(namespace.clone()));
    if !name.is_empty() {
        say("note", Some(name.to_owned()));
        say("title", subject.map(|subject| subject.title.clone()));
        say("summit", standing.summit.clone());
        let path = standing.summit.as_ref().map(|summit| format!("/{namespace}/{summit}/{name}"));
        say("page", path.as_ref().and_then(|path| page(sink.viewer_url.as_deref()?, path)));
        say("path", path);
    }
    say("repository", repository(owner, &namespace, name, ctx));
    say("revision", revision(owner, &namespace, name, ctx));
    if let Owner::Summit(_) = owner {
        say("summit", Some(owner_name));
    }
    if let Some((reason, message)) = subject.and_then(|subject| subject.why.clone()) {
        say("reason", Some(reason));
        say("message", Some(message));
    }
    Value::Object(data)
}

fn page(viewer: &str, path: &str) -> Option<String> {
    let mut url = Url::parse(viewer).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(path.trim_start_matches('/').split('/'));
    Some(url.into())
}

/// The repository that gave a note.
fn repository(owner: &Owner, namespace: &str, name: &str, ctx: &Context) -> Option<String> {
    if let Owner::Repository(repository) = owner {
        return Some(repository.name_any());
    }
    let note = ctx.stores.talk_notes.get(&ObjectRef::new(name).within(namespace))?;
    ownership::controller_of_kind::<NoteRepository>(&note.metadata).map(str::to_owned)
}

fn revision(owner: &Owner, namespace: &str, name: &str, ctx: &Context) -> Option<String> {
    let repository = repository(owner, namespace, name, ctx)?;
    if let Some(revision) = ctx.notifications.revision(namespace, &repository) {
        return Some(revision);
    }
    let repository = ctx.stores.repositories.get(&ObjectRef::new(&repository).within(namespace))?;
    repository.status.as_ref()?.last_applied_revision.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_below_the_address_of_the_viewer() {
        let of = |base: &str| page(base, "/notes/harbour/a-talk");
        let expected = "https://n.example/base/notes/harbour/a-talk";
        assert_eq!(of("https://n.example/base/").as_deref(), Some(expected));
        assert_eq!(of("https://n.example/base").as_deref(), Some(expected));
        assert_eq!(of("javascript:alert(1)"), None);
    }
}
