//! Documents that say what they are: `talknotes: talk` or `talknotes: summit` in the front matter.
//!
//! Nothing is guessed in them. Each field of the front matter is the field of the spec, and the text
//! below is taken byte for byte, so that what [`super::writing`] writes is read back as it was.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::codes::Code;
use super::limits;
use super::metadata::Metadata;
use super::naming;
use super::parsed::Document;
use super::report::{Place, Report};
use super::values;
use crate::api::{SummitSpec, TalkNoteSpec};

/// The field by which a document says what it is.
pub(super) const MARKER: &str = "talknotes";
/// How such a document is read, in words.
pub(super) const READING: &str = "it is what it says, byte for byte";
/// Value of [`MARKER`] for the notes of one talk.
pub(super) const TALK: &str = "talk";
/// Value of [`MARKER`] for a summit.
pub(super) const SUMMIT: &str = "summit";

/// The fields of a talk: in the front matter in lower case, and in the spec.
const TALK_FIELDS: &[(&str, &str)] = &[
    ("title", "title"),
    ("summit", "summitRef"),
    ("kind", "kind"),
    ("eventstatus", "eventStatus"),
    ("speakers", "speakers"),
    ("speaker", "speakers"),
    ("day", "day"),
    ("starttime", "startTime"),
    ("endtime", "endTime"),
    ("track", "track"),
    ("room", "room"),
    ("lang", "language"),
    ("medal", "medal"),
    ("tags", "tags"),
    ("links", "links"),
    ("order", "order"),
    ("publication", "publication"),
    ("publishat", "publishAt"),
    ("unpublishat", "unpublishAt"),
    ("contentfrom", "contentFrom"),
    ("images", "images"),
    ("targets", "targets"),
    ("source", "source"),
    ("rendering", "rendering"),
    ("robots", "robots"),
    ("showinlists", "unlisted"),
];

/// The fields of a summit, likewise.
const SUMMIT_FIELDS: &[(&str, &str)] = &[
    ("title", "title"),
    ("url", "url"),
    ("startdate", "startDate"),
    ("enddate", "endDate"),
    ("timezone", "timeZone"),
    ("location", "location"),
    ("publication", "publication"),
    ("publishat", "publishAt"),
    ("unpublishat", "unpublishAt"),
    ("tags", "tags"),
    ("links", "links"),
    ("images", "images"),
    ("targets", "targets"),
    ("rendering", "rendering"),
    ("robots", "robots"),
    ("showinlists", "unlisted"),
    ("banner", "banner"),
    ("agenda", "agenda"),
    ("theme", "theme"),
];

/// The keys that a document may have that says that it is `kind`, as people write them.
pub(super) fn keys(kind: &str) -> Vec<&'static str> {
    let fields = if kind == SUMMIT { SUMMIT_FIELDS } else { TALK_FIELDS };
    // `speakers` may be `speaker`, and `lang` is `language` in the spec.
    let spelled = fields.iter().map(|(key, field)| match *key {
        "showinlists" => "showInLists",
        key if field.eq_ignore_ascii_case(key) => field,
        key => key,
    });
    let own = [MARKER, "name", "labels", "annotations", "draft"];
    own.into_iter().chain(spelled).collect()
}

/// What a document says that it is.
#[derive(Debug)]
pub(super) enum ExplicitObject {
    /// A note, and the name of its object where it is stated.
    Note(Option<String>, Box<TalkNoteSpec>),
    /// A summit, likewise.
    Summit(Option<String>, Box<SummitSpec>),
}

/// Reads a document with the fields `front`, whose keys are in lower case; `None`, with a diagnostic,
/// where they cannot be read.
pub(super) fn read(
    document: &Document<'_>,
    front: &Map<String, Value>,
    report: &mut Report,
) -> Option<ExplicitObject> {
    let outcome = match front.get(MARKER).and_then(Value::as_str) {
        Some(TALK) => note(document, front, report),
        Some(SUMMIT) => summit(document, front, report),
        _ if front.get(MARKER).is_some_and(Value::is_object) => Err(format!(
            "`{MARKER}` should be {TALK} or {SUMMIT}; write the fields under it at the top, not \
             indented"
        )),
        _ => Err(format!("`{MARKER}` should be {TALK} or {SUMMIT}")),
    };
    outcome
        .map_err(|reason| {
            let message = format!("the front matter cannot be read: {reason}");
            report.at(Code::FrontMatter, Place::line(1), message);
        })
        .ok()
        .flatten()
}

fn note(
    document: &Document<'_>,
    front: &Map<String, Value>,
    report: &mut Report,
) -> Result<Option<ExplicitObject>, String> {
    let name = name(front)?;
    let mut spec: TalkNoteSpec = spec(front, TALK_FIELDS)?;
    spec.markdown = match (&spec.content_from, document.body) {
        (Some(_), "") => None,
        (_, body) => Some(text(body).to_owned()),
    };
    if spec.markdown.as_ref().is_some_and(|text| text.trim().is_empty()) {
        report.at(Code::EmptyNote, Place::line(1), "there are no notes about this talk yet");
    }
    let fits = limits::fit_note(&mut spec, Place::line(1), report);
    Ok(fits.then(|| ExplicitObject::Note(name, Box::new(spec))))
}

fn summit(
    document: &Document<'_>,
    front: &Map<String, Value>,
    report: &mut Report,
) -> Result<Option<ExplicitObject>, String> {
    let name = name(front)?;
    let mut spec: SummitSpec = spec(front, SUMMIT_FIELDS)?;
    spec.overview = Some(document.body).filter(|body| !body.is_empty()).map(|b| text(b).to_owned());
    let fits = limits::fit_summit(&mut spec, Place::line(1), report);
    Ok(fits.then(|| ExplicitObject::Summit(name, Box::new(spec))))
}

/// The text of a file: without the blank line behind the front matter, and without the end of the
/// file's last line. [`super::writing`] adds exactly these.
fn text(body: &str) -> &str {
    let body = body.strip_prefix('\n').unwrap_or(body);
    body.strip_suffix('\n').unwrap_or(body)
}

fn name(front: &Map<String, Value>) -> Result<Option<String>, String> {
    match front.get("name") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if naming::is_valid(name) => Ok(Some(name.clone())),
        Some(_) => {
            Err("`name` must be lower-case letters, digits, `-` and `.`, 200 at most".into())
        }
    }
}

/// The labels and annotations of the object. They are for one that has a name: without it, a document
/// gives an object together with others.
pub(super) fn metadata(front: &Map<String, Value>, is_read: bool, report: &mut Report) -> Metadata {
    let mut faults = Vec::new();
    let mut map = |field: &str| -> BTreeMap<String, String> {
        let value = front.get(field).filter(|value| is_read && !value.is_null());
        let Some(value) = value else { return BTreeMap::new() };
        let entries = value.as_object().filter(|_| front.contains_key("name"));
        let entries = entries.map(|map| {
            map.iter().map(|(key, value)| Some((key.clone(), plain(value).as_str()?.to_owned())))
        });
        let found = entries.and_then(Iterator::collect::<Option<_>>);
        if found.is_none() {
            faults.push(field.to_owned());
        }
        found.unwrap_or_default()
    };
    let mut metadata = Metadata::given(&map("labels"), &map("annotations"));
    for field in faults {
        let message =
            format!("`{field}` is ignored; it should be texts by their keys, beside a `name`");
        report.at(Code::Field, Place::line(1), message);
    }
    metadata.fit(Place::line(1), report);
    metadata
}

/// The spec that the fields make. Fields of other tools are left alone.
fn spec<S: DeserializeOwned>(
    front: &Map<String, Value>,
    known: &[(&str, &str)],
) -> Result<S, String> {
    let fields = known.iter().filter_map(|(key, field)| {
        let value = front.get(*key).filter(|value| !value.is_null())?;
        Some(((*field).to_owned(), shaped(field, value)))
    });
    let fields: Map<String, Value> = fields.collect();
    // The library names the field and what it should be, never more than one value.
    serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
}

/// A value as the spec has it: people write `speakers: [Ada]` for `[{name: Ada}]`, one value for a
/// list of one, and numbers for text.
fn shaped(field: &str, value: &Value) -> Value {
    match (field, value) {
        ("summitRef", name) => json!({ "name": plain(name) }),
        ("speakers", Value::Array(people)) => people.iter().map(person).collect(),
        ("speakers", one) => json!([person(one)]),
        ("tags", Value::Array(tags)) => tags.iter().map(plain).collect(),
        ("tags", one) => json!([plain(one)]),
        ("robots", Value::String(text)) => json!(values::robots(text).collect::<Vec<_>>()),
        // `unlisted` itself holds a document back, as other tools mean it.
        ("unlisted", Value::Bool(shown)) => Value::Bool(!shown),
        (
            "order" | "links" | "contentFrom" | "rendering" | "images" | "targets" | "source"
            | "robots" | "agenda" | "theme",
            value,
        ) => value.clone(),
        (_, value) => plain(value),
    }
}

fn person(value: &Value) -> Value {
    if value.is_object() { value.clone() } else { json!({ "name": plain(value) }) }
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::crds;

    /// Whoever writes documents is not to choose whom the controller speaks to.
    const NOT_FOR_DOCUMENTS: &str = "notify";

    /// A field that the schema has and front matter cannot say would be lost by an export.
    #[test]
    fn every_field_of_the_schema_has_a_key() {
        for (kind, fields, body) in
            [("TalkNote", TALK_FIELDS, "markdown"), ("Summit", SUMMIT_FIELDS, "overview")]
        {
            let all = crds::all().unwrap();
            let yaml = all.iter().map(|crd| crd.yaml().unwrap());
            let yaml: Value = yaml
                .map(|yaml| serde_saphyr::from_str::<Value>(&yaml).unwrap())
                .find(|crd| crd["spec"]["names"]["kind"] == kind)
                .unwrap();
            let schema = yaml
                .pointer("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties")
                .unwrap();
            for field in schema.as_object().unwrap().keys().filter(|field| *field != body) {
                if kind == "Summit" && field == NOT_FOR_DOCUMENTS {
                    continue;
                }
                assert!(fields.iter().any(|(_, known)| known == field), "{kind}: {field}");
            }
        }
    }

    #[test]
    fn what_is_found_by_its_address_alone_is_written_and_read_as_that() {
        use crate::api::SummitTheme;
        use crate::document::writing::text::{note_text, summit_text};
        use crate::document::{ReadOptions, SourceFile};
        let note = TalkNoteSpec {
            title: "Knots".to_owned(),
            unlisted: Some(true),
            markdown: Some("Hemp.".to_owned()),
            ..TalkNoteSpec::default()
        };
        let agenda = json!({ "text": "{}", "startNoteUrl": "https://git.example/{id}" });
        let summit = SummitSpec {
            title: "Harbor Days 2031".to_owned(),
            unlisted: Some(true),
            banner: Some("Preview".to_owned()),
            agenda: serde_json::from_value(agenda).unwrap(),
            theme: Some(SummitTheme {
                color: Some("#336699".to_owned()),
                logo: Some("logo.png".to_owned()),
            }),
            ..SummitSpec::default()
        };
        let metadata = Metadata::default();
        let texts = [
            ("knots.md", note_text(Some("knots"), &metadata, &note).unwrap()),
            ("harbor.md", summit_text(Some("harbor"), &metadata, &summit).unwrap()),
        ];
        let files = texts
            .map(|(path, text)| SourceFile { path: path.to_owned(), content: text.into_bytes() });
        let read = crate::document::read(&files, ReadOptions::default());
        assert_eq!(read.notes[0].spec, note);
        assert_eq!(read.summits[0].spec, summit);
    }
}
