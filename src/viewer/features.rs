//! Parts of the site that are on or off for a reader: flags in flagd's format, evaluated by flagd's own
//! engine with OpenFeature's context.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, HeaderValue, header};
use flagd_evaluation_engine::{FeatureFlag, FlagParser, Operator};
use open_feature::EvaluationContext;
use tokio::sync::watch;

use super::language::Language;
use crate::api::FeatureName;

/// Holds what tells one reader from another, where a flag asks for it. It is a number of chance.
const COOKIE: &str = "talknotes-reader";
/// A proxy says here which group a reader belongs to.
const GROUP: &str = "x-talknotes-segment";
/// Longest value that is looked at.
const MAX_VALUE: usize = 64;

/// What one reader has. A set in a byte, because every page is kept once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Features(u8);

impl Features {
    /// Everything.
    pub const ALL: Self = Self(u8::MAX);

    /// Whether `name` is on.
    pub fn has(self, name: FeatureName) -> bool {
        self.0 & bit(name) != 0
    }

    /// The set as a number, to name what is kept of a page.
    pub fn number(self) -> u8 {
        self.0
    }

    fn set(&mut self, name: FeatureName, on: bool) {
        self.0 = if on { self.0 | bit(name) } else { self.0 & !bit(name) };
    }
}

fn bit(name: FeatureName) -> u8 {
    match name {
        FeatureName::SearchAsYouType => 1,
        FeatureName::MindMap => 2,
        FeatureName::LiveUpdates => 4,
        FeatureName::SocialCards => 8,
    }
}

/// The flags. Clones share them. Everything is on until they are set.
#[derive(Clone, Debug)]
pub struct Flags {
    set: Arc<RwLock<Arc<FlagSet>>>,
    changed: Arc<watch::Sender<()>>,
}

#[derive(Default)]
struct FlagSet {
    flags: HashMap<String, FeatureFlag>,
    operator: Operator,
    /// Whether any of them tells readers apart.
    knows_readers: bool,
}

impl std::fmt::Debug for FlagSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlagSet").field("flags", &self.flags).finish_non_exhaustive()
    }
}

impl Default for Flags {
    fn default() -> Self {
        Self { set: Arc::default(), changed: Arc::new(watch::Sender::new(())) }
    }
}

impl Flags {
    /// Takes the flags of `document`, flagd's JSON, in the place of the ones that there are.
    ///
    /// # Errors
    /// Where it cannot be read; the flags stay what they are.
    pub fn set(&self, document: &str) -> Result<(), String> {
        let parsed = FlagParser::parse_string(document).map_err(|error| error.to_string())?;
        let knows_readers = parsed.flags.values().any(|flag| {
            let targeting = flag.get_targeting();
            ["targetingKey", "returning"].iter().any(|name| targeting.contains(name))
        });
        let set = FlagSet { flags: parsed.flags, operator: Operator::new(), knows_readers };
        self.put(set);
        Ok(())
    }

    /// Everything is on again.
    pub fn clear(&self) {
        self.put(FlagSet::default());
    }

    fn put(&self, set: FlagSet) {
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        self.changed.send_replace(());
    }

    /// Tells of each change from now on.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// What the reader has who asks with `headers` for a page in `language`, and the cookie that tells the
    /// reader from others, where one is needed and there is none.
    pub fn of(&self, headers: &HeaderMap, language: Language) -> (Features, Option<HeaderValue>) {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner).clone();
        if set.flags.values().all(|flag| flag.targeting.is_none()) {
            return (set.features(&EvaluationContext::default()), None);
        }
        let known = cookie(headers);
        let reader = known.clone().unwrap_or_else(|| format!("{:016x}", fastrand::u64(..)));
        let group = headers.get(GROUP).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let group: String = group.chars().take(MAX_VALUE).collect();
        let context = EvaluationContext::default()
            .with_targeting_key(reader.clone())
            .with_custom_field("language", language.tag())
            .with_custom_field("returning", known.is_some())
            .with_custom_field("group", group);
        let new = (known.is_none() && set.knows_readers).then(|| {
            format!("{COOKIE}={reader}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
        });
        (set.features(&context), new.and_then(|cookie| HeaderValue::from_str(&cookie).ok()))
    }
}

impl FlagSet {
    fn features(&self, context: &EvaluationContext) -> Features {
        let mut features = Features::ALL;
        for name in FeatureName::ALL {
            if let Some(flag) = self.flags.get(name.key()) {
                features.set(name, self.is_on(name.key(), flag, context));
            }
        }
        features
    }

    /// A flag that is disabled leaves the choice to us, and a rule that cannot be evaluated to its default.
    fn is_on(&self, key: &str, flag: &FeatureFlag, context: &EvaluationContext) -> bool {
        if flag.state != "ENABLED" {
            return true;
        }
        let chosen = flag.targeting.as_ref().and_then(|_| {
            let rule = flag.get_targeting();
            self.operator.apply(key, &rule, context).ok().flatten()
        });
        let variant = chosen.as_deref().unwrap_or(&flag.default_variant);
        let variant =
            flag.variants.get(variant).or_else(|| flag.variants.get(&flag.default_variant));
        variant.and_then(serde_json::Value::as_bool).unwrap_or(true)
    }
}

/// What an earlier answer called the reader.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim() == COOKIE)?;
    let value = value.trim();
    let is_ours = value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn flags(targeting: Value) -> Flags {
        let mut flag = json!({ "state": "ENABLED", "variants": { "on": true, "off": false },
            "defaultVariant": "on" });
        if !targeting.is_null() {
            flag["targeting"] = targeting;
        }
        let flags = Flags::default();
        flags.set(&json!({ "flags": { "mind-map": flag } }).to_string()).unwrap();
        flags
    }

    fn reader(number: u64) -> HeaderMap {
        let cookie = format!("a=b; {COOKIE}={number:016x}");
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&cookie).unwrap())])
    }

    fn has_map(flags: &Flags, headers: &HeaderMap) -> bool {
        flags.of(headers, Language::default()).0.has(FeatureName::MindMap)
    }

    fn share(percent: u8) -> Value {
        let bucket = json!({ "cat": ["mind-map", { "var": "targetingKey" }] });
        json!({ "fractional": [bucket, ["on", percent], ["off", 100 - percent]] })
    }

    #[test]
    fn everything_is_on_where_nothing_is_said_and_what_cannot_be_read_changes_nothing() {
        let flags = Flags::default();
        assert_eq!(flags.of(&HeaderMap::new(), Language::default()), (Features::ALL, None));
        flags.set(r#"{"flags":{"mind-map":{"state":"ENABLED","variants":{"off":false},"defaultVariant":"off"}}}"#).unwrap();
        assert!(flags.set("{").is_err());
        assert!(!has_map(&flags, &HeaderMap::new()));
        flags.clear();
        assert!(has_map(&flags, &HeaderMap::new()));
    }

    #[test]
    fn a_share_of_readers_has_it_and_keeps_it_while_the_share_grows() {
        let (some, more) = (flags(share(20)), flags(share(60)));
        let of = |flags: &Flags| -> Vec<u64> {
            (0..1000).filter(|number| has_map(flags, &reader(*number))).collect()
        };
        let (few, many) = (of(&some), of(&more));
        assert!((120..280).contains(&few.len()), "{}", few.len());
        assert!((520..680).contains(&many.len()), "{}", many.len());
        assert!(few.iter().all(|number| many.contains(number)), "somebody lost it");
        assert!(of(&flags(share(0))).is_empty());
        assert_eq!(of(&flags(share(100))).len(), 1000);
    }

    #[test]
    fn a_reader_is_told_from_others_only_where_a_flag_asks_for_it() {
        let cookie = |flags: &Flags, headers: &HeaderMap| {
            flags
                .of(headers, Language::default())
                .1
                .map(|cookie| cookie.to_str().unwrap().to_owned())
        };
        let set = cookie(&flags(share(50)), &HeaderMap::new()).unwrap();
        assert!(set.starts_with("talknotes-reader=") && set.contains("HttpOnly"), "{set}");
        assert_eq!(cookie(&flags(share(50)), &reader(7)), None);
        let group = json!({ "if": [{ "in": [{ "var": "group" }, ["staff"]] }, "on", "off"] });
        assert_eq!(cookie(&flags(group), &HeaderMap::new()), None);
        assert_eq!(cookie(&flags(Value::Null), &HeaderMap::new()), None);
    }

    #[test]
    fn segments_go_by_the_group_the_language_and_earlier_visits() {
        let rule = |test: Value| flags(json!({ "if": [test, "on", "off"] }));
        let staff = rule(json!({ "in": [{ "var": "group" }, ["staff"]] }));
        let mut headers = HeaderMap::new();
        assert!(!has_map(&staff, &headers));
        headers.insert(GROUP, HeaderValue::from_static("staff"));
        assert!(has_map(&staff, &headers));
        let returning = rule(json!({ "==": [{ "var": "returning" }, true] }));
        assert!(!has_map(&returning, &HeaderMap::new()));
        assert!(has_map(&returning, &reader(1)));
        let english = rule(json!({ "in": [{ "var": "language" }, ["en"]] }));
        assert!(has_map(&english, &HeaderMap::new()));
    }
}
