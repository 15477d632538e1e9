//! May this be public? Asked once of each document, before anything else of it counts, in the words of every
//! tool that we know.
//!
//! Whatever holds a document back holds back all that it gives. What seems to hold something back and cannot
//! be understood does so, too.

use jiff::Timestamp;
use serde_json::Value;

use super::dates::moment::{has_come, moment, outer};
use super::text::fold;
use super::values::scalar;
use super::words::{FieldWords, HoldsBack, words};
use super::{folder, limits};
use crate::api::{DraftPolicy, Publication, SummitSpec, TalkNoteSpec};

/// What a document says of when it may be public.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish {
    /// What it says to us in so many words: `publication`.
    pub stated: Option<Publication>,
    /// Whether a field of any tool makes it a draft.
    pub draft: bool,
    /// From when on, by our own field.
    pub publish_at: Option<String>,
    /// The same by those of other tools, which have it for pages that have long been public, too.
    pub published: Option<String>,
    /// Until when.
    pub unpublish_at: Option<String>,
}

/// What becomes of all that a document gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub publication: Option<Publication>,
    pub publish_at: Option<String>,
    pub unpublish_at: Option<String>,
    /// Why, where the author might not know.
    pub because: Option<String>,
}

/// What a field says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sign {
    Draft,
    /// It may be public, or says nothing of it.
    Public,
    From(String),
    Until(String),
    Stated(Publication),
    /// It says something of it that is not understood, so that the document is held back.
    Unclear,
}

/// Whether the field `key`, as [`FieldWords::plain`] has it, can say whether a document may be public.
pub(super) fn is_about(key: &str) -> bool {
    sign(key, &Value::Bool(true)).is_some()
}

/// Both values of a field that is there twice: each counts.
pub(super) fn together(a: Value, b: Value) -> Value {
    let list = |value: Value| match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    Value::Array(list(a).into_iter().chain(list(b)).collect())
}

/// All that the field `key` says with `value`.
pub(super) fn signs(key: &str, value: &Value) -> Vec<Sign> {
    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    values.iter().filter_map(|value| sign(key, value)).collect()
}

/// What the field `key` says with `value`; `None` where it is about something else.
fn sign(key: &str, value: &Value) -> Option<Sign> {
    let fields = &words().fields;
    let is = |name: &str| key == name || fields.names_of(name).any(|other| other == key);
    if key == "build" {
        let renders = value.get("render").and_then(scalar).map(|word| fold(&word));
        return renders.map(|word| match word.as_str() {
            "never" | "false" | "link" => Sign::Draft,
            _ => Sign::Public,
        });
    }
    let holds_back = fields.holds_back(key);
    let dated = is("publishat") || is("publicationdate") || is("unpublishat");
    if holds_back.is_none() && !dated && key != "publication" {
        return None;
    }
    if value.is_null() {
        return Some(Sign::Public);
    }
    let Some(text) = scalar(value).filter(|text| !text.is_empty()) else {
        return Some(unless_optional(holds_back, value));
    };
    Some(match holds_back {
        _ if key == "publication" => stated(&text),
        Some(how) => held(how, &text, dated),
        None => match moment(&text) {
            Some(time) if is("unpublishat") => Sign::Until(time),
            Some(time) => Sign::From(time),
            None if fields.truth(&text) == Some(false) => Sign::Public,
            None => Sign::Unclear,
        },
    })
}

/// A list or fields: hardly a wish where the key means other things, too, as `status` does.
fn unless_optional(how: Option<HoldsBack>, value: &Value) -> Sign {
    let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
    if empty || matches!(how, Some(HoldsBack::ByStatus)) { Sign::Public } else { Sign::Unclear }
}

fn held(how: HoldsBack, text: &str, dated: bool) -> Sign {
    let fields = &words().fields;
    match (how, fields.truth(text)) {
        (HoldsBack::IfTrue, Some(true)) | (HoldsBack::IfFalse, Some(false)) => Sign::Draft,
        (HoldsBack::IfTrue, Some(false)) | (HoldsBack::IfFalse, Some(true)) => Sign::Public,
        (HoldsBack::IfFalse, None) if !dated => match fields.is_draft_status(text) {
            true => Sign::Draft,
            // `permalink: /tides/`.
            false => Sign::Public,
        },
        (HoldsBack::IfTrue | HoldsBack::IfFalse, None) => match moment(text) {
            Some(time) => Sign::From(time),
            None if fields.is_draft_status(text) => Sign::Draft,
            None if fields.is_public(text) => Sign::Public,
            None => Sign::Unclear,
        },
        (HoldsBack::ByStatus, _) if fields.is_draft_status(text) => Sign::Draft,
        (HoldsBack::ByStatus, _) => Sign::Public,
        (HoldsBack::UnlessPublic, truth) if fields.is_public(text) || truth == Some(true) => {
            Sign::Public
        }
        (HoldsBack::UnlessPublic, _) if fields.is_draft_status(text) => Sign::Draft,
        (HoldsBack::UnlessPublic, Some(_)) => Sign::Draft,
        (HoldsBack::UnlessPublic, None) => Sign::Unclear,
    }
}

/// Our own field. Themes for scientists have the name of a journal in a field of this name.
fn stated(text: &str) -> Sign {
    let fields = &words().fields;
    if fields.is_draft_status(text) || fields.truth(text) == Some(false) {
        Sign::Stated(Publication::Draft)
    } else if fields.is_public(text) || fields.truth(text) == Some(true) {
        Sign::Stated(Publication::Published)
    } else if text.contains(char::is_whitespace) {
        Sign::Public
    } else {
        Sign::Unclear
    }
}

impl Wish {
    /// Takes what a field says into account. `own` is whether the field is ours.
    pub fn add(&mut self, sign: Sign, own: bool) {
        let field = if own { &mut self.publish_at } else { &mut self.published };
        match sign {
            Sign::Draft | Sign::Unclear => self.draft = true,
            Sign::Public => {}
            Sign::From(time) => *field = outer(field.take(), Some(time), true),
            Sign::Until(time) => {
                self.unpublish_at = outer(self.unpublish_at.take(), Some(time), false);
            }
            Sign::Stated(publication) => self.stated = Some(publication),
        }
    }

    /// What becomes of all that the document at `path` gives. Times that have come are told apart where
    /// `now` is known; else whoever has a clock does so.
    pub fn decide(&self, path: &str, drafts: DraftPolicy, now: Option<Timestamp>) -> Decision {
        let come = |time: &Option<String>| {
            now.zip(time.as_deref()).is_some_and(|(now, time)| has_come(time, now))
        };
        let expired = come(&self.unpublish_at);
        let place = draft_place(path);
        let policy = || match drafts {
            DraftPolicy::Hide => Publication::Draft,
            DraftPolicy::Publish => Publication::Published,
        };
        let draft = self.draft || place.is_some();
        let publication = match self.stated {
            _ if expired => Some(Publication::Draft),
            Some(stated) => Some(stated),
            None => draft.then(policy),
        };
        let because = match (&self.unpublish_at, place) {
            (Some(time), _) if expired => Some(format!("its front matter takes it down at {time}")),
            (_, Some(place)) if self.stated != Some(Publication::Published) => Some(place),
            _ => None,
        };
        Decision {
            publication,
            publish_at: self
                .publish_at
                .clone()
                .or(self.published.clone().filter(|time| !come(&Some(time.clone())))),
            unpublish_at: self.unpublish_at.clone(),
            because,
        }
    }
}

impl Decision {
    /// Whether it is not public now, or may not be so always.
    pub fn withholds(&self) -> bool {
        self.publication == Some(Publication::Draft) || self.publish_at.is_some()
    }

    /// Holds a note to it.
    pub fn bind_note(&self, spec: &mut TalkNoteSpec) {
        spec.publication = self.publication.or(spec.publication);
        spec.publish_at = self.publish_at.clone().or(spec.publish_at.take());
        spec.unpublish_at = self.unpublish_at.clone().or(spec.unpublish_at.take());
    }

    /// Holds a summit to it. A summit is public unless something says that it is not.
    pub fn bind_summit(&self, spec: &mut SummitSpec) {
        let draft = self.publication.filter(|publication| *publication == Publication::Draft);
        spec.publication = draft.or(spec.publication);
        spec.publish_at = self.publish_at.clone().or(spec.publish_at.take());
        spec.unpublish_at = self.unpublish_at.clone().or(spec.unpublish_at.take());
    }
}

/// What of a path says that its file is a draft: a folder such as `_drafts`, a name such as `tides.draft.md`
/// or `_tides.md`.
fn draft_place(path: &str) -> Option<String> {
    let files = &words().files;
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if let Some(name) = folder(path).split('/').find(|name| files.is_draft_folder(name)) {
        return Some(format!("the folder `{name}` is one of drafts"));
    }
    let end = stem.rsplit_once('.').map(|(_, end)| end);
    if let Some(end) = end.filter(|end| files.is_draft_end(end)) {
        return Some(format!("its name ends with `.{end}`"));
    }
    let partial = stem.starts_with('_') && !files.is_index(stem);
    partial.then(|| "its name begins with `_`".to_owned())
}

/// Whether a document that cannot be read seems to hold itself back: a line in its front matter does so.
pub(super) fn seems_withheld(path: &str, content: &[u8]) -> bool {
    let head = content.get(..limits::MAX_HEAD.min(content.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    draft_place(path).is_some() || front_lines(&text).any(holds_back)
}

/// The lines that may be those of front matter: up to the first that ends it.
fn front_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut fences = 0;
    text.lines().take_while(move |line| {
        let line = line.trim().trim_start_matches('\u{feff}');
        let fence =
            line.len() >= 3 && ["-", "+", ";"].iter().any(|mark| line.replace(mark, "").is_empty());
        fences += usize::from(fence);
        fences < 2
    })
}

/// Whether a line such as `draft: true`, `draft = true` or `"draft": true,` holds a document back.
pub(super) fn holds_back(line: &str) -> bool {
    line.split(['{', ',']).any(|part| {
        let Some((key, value)) = part.split_once([':', '=']) else { return false };
        let bare = |text: &str| {
            let text = text.split(" #").next().unwrap_or_default();
            text.trim_matches(|c: char| c.is_whitespace() || "\"'},;".contains(c)).to_owned()
        };
        let key = FieldWords::plain(&bare(key));
        let said = sign(&key, &Value::String(bare(value)));
        !matches!(said, None | Some(Sign::Public | Sign::Stated(Publication::Published)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_tool() {
        let said = |key: &str, value: Value| sign(&FieldWords::plain(key), &value);
        let from = |time: &str| Some(Sign::From(time.to_owned()));
        for (key, value, expected) in [
            ("draft", "true".into(), Some(Sign::Draft)),
            ("draft", true.into(), Some(Sign::Draft)),
            ("Draft", "Yes".into(), Some(Sign::Draft)),
            ("draft", 1.into(), Some(Sign::Draft)),
            ("draft", "ＴＲＵＥ".into(), Some(Sign::Draft)),
            ("draft", "maybe".into(), Some(Sign::Unclear)),
            ("draft", serde_json::json!({"until": "later"}), Some(Sign::Unclear)),
            ("draft", "no".into(), Some(Sign::Public)),
            ("draft", Value::Null, Some(Sign::Public)),
            ("draft", "2099-01-01".into(), from("2099-01-01T00:00:00Z")),
            ("is_draft", "on".into(), Some(Sign::Draft)),
            ("published", false.into(), Some(Sign::Draft)),
            ("published", "FALSE".into(), Some(Sign::Draft)),
            ("published", "2031-05-14".into(), from("2031-05-14T00:00:00Z")),
            ("published", "after the talk".into(), Some(Sign::Unclear)),
            ("publish", "off".into(), Some(Sign::Draft)),
            ("publish", "in spring".into(), Some(Sign::Unclear)),
            ("permalink", false.into(), Some(Sign::Draft)),
            ("permalink", "/tides/".into(), Some(Sign::Public)),
            ("status", "WIP".into(), Some(Sign::Draft)),
            ("status", "accepted".into(), Some(Sign::Public)),
            ("visibility", "Private".into(), Some(Sign::Draft)),
            ("visibility", "friends of ours".into(), Some(Sign::Unclear)),
            ("visibility", "public".into(), Some(Sign::Public)),
            ("build", serde_json::json!({"render": "never"}), Some(Sign::Draft)),
            ("expiryDate", "2020-01-01".into(), Some(Sign::Until("2020-01-01T00:00:00Z".into()))),
            ("publishDate", "soon".into(), Some(Sign::Unclear)),
            ("publication", "draft".into(), Some(Sign::Stated(Publication::Draft))),
            ("publication", "*Journal of Tides*".into(), Some(Sign::Public)),
            ("title", "draft".into(), None),
            ("date", "2099-01-01".into(), None),
        ] {
            assert_eq!(said(key, value.clone()), expected, "{key}: {value}");
        }
    }

    #[test]
    fn folders_and_files_of_drafts() {
        for path in [
            "_drafts/a.md",
            "notes/Drafts/b/a.md",
            "草稿/a.md",
            "notes/tides.draft.md",
            "notes/_tides.md",
            "private/a.yaml",
        ] {
            assert!(draft_place(path).is_some(), "{path}");
        }
        for path in [
            "_posts/a.md",
            "_talks/a.md",
            "content/_index.md",
            "draughts/a.md",
            "a.v1.md",
            "draft.md",
        ] {
            assert_eq!(draft_place(path), None, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_read_and_seems_to_hold_back_does() {
        for text in [
            "---\ntitle: [\ndraft: true\n---\n",
            "---\n\tdraft: yes\n",
            "+++\ndraft = true\n",
            "{\"title\": \"A\", \"draft\": true",
            "---\r\nvisibility: private # for now\r\ntitle: a: b\r\n---\r\n",
            "---\ntitle: a: b\npublishDate: 2099-01-01\n---\n",
        ] {
            assert!(seems_withheld("a.md", text.as_bytes()), "{text}");
        }
        for text in ["---\ntitle: [\ndraft: false\n---\n", "---\na: [\n---\ndraft: true\n", "a"] {
            assert!(!seems_withheld("a.md", text.as_bytes()), "{text}");
        }
        assert!(seems_withheld("_drafts/a.md", b"\xff"));
    }

    #[test]
    fn times_count_against_now_where_it_is_known() {
        let wish = Wish {
            published: Some("2031-01-01T00:00:00Z".into()),
            unpublish_at: Some("2032-01-01T00:00:00Z".into()),
            ..Wish::default()
        };
        let at = |now: Option<&str>| {
            wish.decide("a.md", DraftPolicy::Publish, now.map(|now| now.parse().unwrap()))
        };
        assert_eq!(at(None).publish_at, wish.published);
        assert_eq!(at(Some("2030-12-31T00:00:00Z")).publish_at, wish.published);
        let public = at(Some("2031-06-01T00:00:00Z"));
        assert_eq!((public.publication, public.publish_at), (None, None));
        let expired = at(Some("2032-01-01T00:00:00Z"));
        assert_eq!(expired.publication, Some(Publication::Draft));
        assert!(expired.because.unwrap().contains("2032-01-01T00:00:00Z"));
    }
}
