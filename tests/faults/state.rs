//! What the fake API server holds, has seen and is to do.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The one namespace.
pub const NAMESPACE: &str = "t";

/// What happens to a request instead of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Nothing is done, and this is the status.
    Refuse(u16),
    /// The same, with the wish to be asked again after a second.
    Later(u16),
    /// Everything is done, and this is the status all the same.
    DoneBut(u16),
    /// Nothing is done, and no answer comes.
    Hang,
    /// The connection ends in the middle of the answer.
    Break,
    /// The answer stops in the middle, and the connection stays.
    Stall,
}

struct Planned {
    request: String,
    times: usize,
    fault: Fault,
}

/// A line of a watch. An interruption concerns those who listen, not those who come later.
pub struct Line {
    kind: String,
    version: u64,
    pub text: String,
    pub interruption: bool,
}

/// Where a watch stands.
pub struct Position {
    pub kind: String,
    /// Events after this version are told.
    pub since: u64,
    /// Number of lines when the watch began.
    pub opened: usize,
    /// The first line that was not looked at yet.
    pub next: usize,
}

#[derive(Default)]
pub struct State {
    version: u64,
    objects: BTreeMap<(String, String), Value>,
    lines: Vec<Line>,
    requests: Vec<String>,
    planned: Vec<Planned>,
}

impl State {
    pub fn object(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.get(&(kind.to_owned(), name.to_owned()))
    }

    /// How often there was a request such as `apply configmaps/talknote-a` or `list talknotes`.
    pub fn count(&self, request: &str) -> usize {
        self.requests.iter().filter(|seen| *seen == request).count()
    }

    pub fn requests(&self) -> &[String] {
        &self.requests
    }

    pub fn plan(&mut self, request: &str, times: usize, fault: Fault) {
        self.planned.push(Planned { request: request.to_owned(), times, fault });
    }

    pub fn heal(&mut self) {
        self.planned.clear();
    }

    /// Notes a request and says what is to happen to it.
    pub fn record(&mut self, request: String) -> Option<Fault> {
        let planned = self.planned.iter_mut().find(|p| p.times > 0 && p.request == request);
        let fault = planned.map(|planned| {
            planned.times -= 1;
            planned.fault
        });
        self.requests.push(request);
        fault
    }

    pub fn list(&self, kind: &str) -> Value {
        let items: Vec<&Value> =
            self.objects.iter().filter(|((k, _), _)| k == kind).map(|(_, object)| object).collect();
        let version = self.version.to_string();
        json!({ "apiVersion": "v1", "kind": "List", "items": items,
            "metadata": { "resourceVersion": version } })
    }

    /// Somebody gives an object a new spec.
    pub fn edit(&mut self, kind: &str, name: &str, spec: &Value, silently: bool) {
        let mut object = self.object_or_new(kind, name);
        let generation = object["metadata"]["generation"].as_u64().unwrap_or(0) + 1;
        object["spec"] = spec.clone();
        object["metadata"]["generation"] = json!(generation);
        self.put(kind, name, object, silently);
    }

    /// What the operator applies, over what is there.
    pub fn apply(&mut self, kind: &str, name: &str, applied: &Value) -> Value {
        let mut object = self.object_or_new(kind, name);
        for field in ["data", "binaryData"] {
            if let Some(value) = applied.get(field) {
                object[field] = value.clone();
            }
        }
        for field in ["labels", "annotations", "ownerReferences"] {
            if let Some(value) = applied["metadata"].get(field) {
                object["metadata"][field] = value.clone();
            }
        }
        self.put(kind, name, object, false)
    }

    pub fn apply_status(&mut self, kind: &str, name: &str, applied: &Value) -> Option<Value> {
        let mut object = self.object(kind, name)?.clone();
        object["status"] = applied["status"].clone();
        Some(self.put(kind, name, object, false))
    }

    pub fn remove(&mut self, kind: &str, name: &str) -> Option<Value> {
        let object = self.objects.remove(&(kind.to_owned(), name.to_owned()))?;
        self.version += 1;
        self.tell(kind, json!({ "type": "DELETED", "object": object }).to_string(), false);
        Some(object)
    }

    /// Keeps `object` and tells those who watch, unless `silently`. Nothing happens where nothing
    /// changes.
    fn put(&mut self, kind: &str, name: &str, mut object: Value, silently: bool) -> Value {
        let old = self.object(kind, name);
        if old == Some(&object) {
            return object;
        }
        let event = if old.is_some() { "MODIFIED" } else { "ADDED" };
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.objects.insert((kind.to_owned(), name.to_owned()), object.clone());
        if !silently {
            self.tell(kind, json!({ "type": event, "object": object }).to_string(), false);
        }
        object
    }

    pub fn tell(&mut self, kind: &str, text: String, interruption: bool) {
        let line = Line { kind: kind.to_owned(), version: self.version, text, interruption };
        self.lines.push(line);
    }

    /// The next line that a watch is to be told, and where it stands then.
    pub fn next_line(&self, position: &Position) -> Option<(&Line, usize)> {
        let due = |at: usize, line: &Line| match line.interruption {
            true => at >= position.opened,
            false => line.version > position.since,
        };
        let mut lines = self.lines.iter().enumerate().skip(position.next);
        let (at, line) = lines.find(|(at, line)| line.kind == position.kind && due(*at, line))?;
        Some((line, at + 1))
    }

    /// Whether `holds` was true of any version of the object that watches were told of: what lasted for a
    /// moment is not missed.
    pub fn ever(&self, kind: &str, name: &str, holds: impl Fn(&Value) -> bool) -> bool {
        let lines = self.lines.iter().filter(|line| line.kind == kind && !line.interruption);
        let events = lines.filter_map(|line| serde_json::from_str::<Value>(&line.text).ok());
        let mut objects = events.map(|mut event| event["object"].take());
        objects.any(|object| object["metadata"]["name"] == name && holds(&object))
    }

    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    fn object_or_new(&self, kind: &str, name: &str) -> Value {
        self.object(kind, name).cloned().unwrap_or_else(|| new_object(kind, name))
    }
}

fn new_object(kind: &str, name: &str) -> Value {
    let (version, kind) = match kind {
        "talknotes" => ("talknotes.dev/v1alpha1", "TalkNote"),
        "summits" => ("talknotes.dev/v1alpha1", "Summit"),
        "viewers" => ("talknotes.dev/v1alpha1", "Viewer"),
        "noterepositories" => ("talknotes.dev/v1alpha1", "NoteRepository"),
        _ => ("v1", "ConfigMap"),
    };
    json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": { "name": name, "namespace": NAMESPACE, "uid": format!("uid-of-{name}") },
    })
}
