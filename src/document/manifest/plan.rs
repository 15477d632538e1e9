//! What a document of a manifest file holds: one object, or a list of them as `kubectl get` writes it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::api::names::{API_VERSION, GROUP};

/// What is to be made of a node.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// An object of others, or of ours that is no note.
    Skip,
    Note,
    Summit,
    /// What says that it is ours and cannot be, and why.
    Fault(String),
    List(Vec<Plan>),
}

impl Plan {
    pub fn of(document: &Value) -> Self {
        plan(document, None)
    }

    /// Whether nothing in it is ours.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Skip => true,
            Self::List(plans) => plans.iter().all(Self::is_empty),
            _ => false,
        }
    }
}

/// `of` is what the items of a typed list are that do not say it themselves.
fn plan(node: &Value, of: Option<&str>) -> Plan {
    let text = |key: &str| node.get(key).and_then(Value::as_str);
    let version = text("apiVersion");
    let kind = text("kind").or(of.filter(|_| version.is_none()));
    let ours = version.map_or(of.is_some(), |version| version == API_VERSION);
    let list = kind.and_then(|kind| kind.strip_suffix("List"));
    if let Value::Array(items) = node {
        return Plan::List(items.iter().map(|item| plan(item, None)).collect());
    }
    if let (Some(item_kind), Some(Value::Array(items))) = (list, node.get("items")) {
        let of = Some(item_kind).filter(|kind| ours && !kind.is_empty());
        return Plan::List(items.iter().map(|item| plan(item, of)).collect());
    }
    match (ours, kind) {
        (true, Some("TalkNote")) => Plan::Note,
        (true, Some("Summit")) => Plan::Summit,
        (true, Some("NoteRepository")) => Plan::Skip,
        // A list without items.
        (true, Some(_)) if list.is_some() => Plan::Skip,
        (true, Some(kind)) => Plan::Fault(format!(
            "the kind {kind:?} is not known; the kinds are TalkNote, Summit and NoteRepository"
        )),
        (true, None) => Plan::Fault("`kind` is missing".to_owned()),
        (false, _) => {
            version.filter(|version| is_of_our_group(version)).map_or(Plan::Skip, |version| {
                Plan::Fault(format!("the version {version:?} is not known; write {API_VERSION}"))
            })
        }
    }
}

fn is_of_our_group(version: &str) -> bool {
    version.strip_prefix(GROUP).is_some_and(|rest| rest.starts_with('/'))
}

/// Takes the nodes of a document by their plans.
pub(super) trait Taker {
    fn take<'de, D: Deserializer<'de>>(&mut self, plan: &Plan, node: D) -> Result<(), D::Error>;
}

/// Walks over a document by its plan, so that each object is read as what it is, where it stands.
pub(super) struct Walk<'a, T> {
    pub plan: &'a Plan,
    pub taker: &'a mut T,
}

impl<'de, T: Taker> DeserializeSeed<'de> for Walk<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, node: D) -> Result<(), D::Error> {
        match self.plan {
            Plan::List(plans) => Items { plans, taker: self.taker }.deserialize(node),
            plan => self.taker.take(plan, node),
        }
    }
}

/// The items of a list, or the object around them.
struct Items<'a, T> {
    plans: &'a [Plan],
    taker: &'a mut T,
}

impl<'de, T: Taker> DeserializeSeed<'de> for Items<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, node: D) -> Result<(), D::Error> {
        node.deserialize_any(self)
    }
}

impl<'de, T: Taker> Visitor<'de> for Items<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { plans, taker } = self;
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                map.next_value_seed(Items { plans, taker })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for plan in self.plans {
            if seq.next_element_seed(Walk { plan, taker: &mut *self.taker })?.is_none() {
                break;
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
