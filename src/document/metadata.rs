//! Labels and annotations that people give their objects.

use std::collections::BTreeMap;

use super::codes::Code;
use super::report::{Place, Report};
use crate::api::names;

/// Labels and annotations that an object keeps on its way from a manifest into a cluster and back: those
/// that people set, such as Argo CD's sync waves. Left out is what the operator, kubectl and the API
/// server write, and by what a deployment tool marks the objects that it made: another object with these
/// marks is one that the tool believes to be its own, and deletes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

/// Longest part of a key behind its prefix, and longest value of a label, in bytes.
const MAX_PART: usize = 63;
/// Longest prefix of a key, in bytes.
const MAX_PREFIX: usize = 253;
/// Bytes of all annotations that are kept. An object may have 256 KiB, and some are for the operator.
const MAX_ANNOTATIONS: usize = 192 * 1024;
/// Labels and annotations that are kept of one object, each.
const MAX_ENTRIES: usize = 64;

/// Keys that are left out.
const LEFT_OUT: &[&str] = &[
    names::MANAGED_BY,
    names::REPOSITORY_LABEL,
    names::SUMMIT_LABEL,
    names::TALK_LABEL,
    names::CONTENT_LABEL,
    names::CONTENT_DIGEST,
    names::SOURCE_DIGEST,
    names::RENDERER,
    names::CONTRACT,
    names::SOURCE_PATH,
    names::OTHER_SOURCE_PATHS,
    names::KEPT_METADATA,
    names::ALLOW_PRUNE,
    names::REQUESTED_AT,
    names::FLUX_REQUESTED_AT,
    names::FLUX_SUBSTITUTE,
    // Marks of Argo CD, Flux, Helm, kubectl's ApplySets, kapp, Config Sync and Rancher.
    "app.kubernetes.io/instance",
    "argocd.argoproj.io/instance",
    "argocd.argoproj.io/installation-id",
    "argocd.argoproj.io/tracking-id",
    "kustomize.toolkit.fluxcd.io/checksum",
    "kustomize.toolkit.fluxcd.io/name",
    "kustomize.toolkit.fluxcd.io/namespace",
    "helm.toolkit.fluxcd.io/name",
    "helm.toolkit.fluxcd.io/namespace",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
    "applyset.kubernetes.io/part-of",
    "config.k8s.io/owning-inventory",
    "kapp.k14s.io/app",
    "kapp.k14s.io/association",
    "kapp.k14s.io/identity",
    "kapp.k14s.io/original",
    "kapp.k14s.io/original-diff-md5",
];

/// Prefixes of keys that are left out.
const LEFT_OUT_PREFIXES: &[&str] = &[
    "kubectl.kubernetes.io/",
    "internal.config.kubernetes.io/",
    "configsync.gke.io/",
    "configmanagement.gke.io/",
    "objectset.rio.cattle.io/",
];

impl Metadata {
    /// What an object with these labels and annotations keeps.
    pub fn given(
        labels: &BTreeMap<String, String>,
        annotations: &BTreeMap<String, String>,
    ) -> Self {
        let kept = |map: &BTreeMap<String, String>| {
            let kept = map.iter().filter(|(key, value)| is_kept(key) && !is_of_kind(key, value));
            kept.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        Self { labels: kept(labels), annotations: kept(annotations) }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.annotations.is_empty()
    }

    /// Takes what `other` has and this has not.
    pub(super) fn fill(&mut self, other: Self) {
        for (key, value) in other.labels {
            self.labels.entry(key).or_insert(value);
        }
        for (key, value) in other.annotations {
            self.annotations.entry(key).or_insert(value);
        }
    }

    /// Leaves out what the API server would refuse, and the object with it.
    pub(super) fn fit(&mut self, place: Place, report: &mut Report) {
        let mut refused = Vec::new();
        let mut keep = |fits: bool, what: &str, key: &str| {
            if !fits {
                refused.push(format!("the {what} {key:?}"));
            }
            fits
        };
        let mut count = 0;
        self.labels.retain(|key, value| {
            count += 1;
            keep(count <= MAX_ENTRIES && is_key(key) && is_label_value(value), "label", key)
        });
        let (mut count, mut bytes) = (0, 0);
        self.annotations.retain(|key, value| {
            count += 1;
            bytes += key.len() + value.len();
            keep(count <= MAX_ENTRIES && is_key(key) && bytes <= MAX_ANNOTATIONS, "annotation", key)
        });
        if let Some(first) = refused.first() {
            let more = match refused.len() {
                1 => String::new(),
                several => format!(" and {} more", several - 1),
            };
            let message = format!(
                "{first}{more}: the API server would not take it, so that it is left out; correct or \
                 remove it"
            );
            report.at(Code::ManifestMetadata, place, message);
        }
    }
}

/// Whether it is the label that all objects of our kinds are made with.
fn is_of_kind(key: &str, value: &str) -> bool {
    key == "app.kubernetes.io/part-of" && value == names::MANAGED_BY_VALUE
}

fn is_kept(key: &str) -> bool {
    !LEFT_OUT.contains(&key) && !LEFT_OUT_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// A qualified name: `name` or `prefix.example/name`.
fn is_key(key: &str) -> bool {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let prefixed = prefix.is_none_or(|prefix| {
        prefix.len() <= MAX_PREFIX && prefix.split('.').all(|label| is_word(label, "-", false))
    });
    prefixed && name.len() <= MAX_PART && is_word(name, "-_.", true)
}

fn is_label_value(value: &str) -> bool {
    value.len() <= MAX_PART && (value.is_empty() || is_word(value, "-_.", true))
}

/// Letters and digits at both ends, and `marks` between them.
fn is_word(text: &str, marks: &str, upper: bool) -> bool {
    let letter =
        |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || upper && c.is_ascii_uppercase();
    text.starts_with(letter)
        && text.ends_with(letter)
        && text.chars().all(|c| letter(c) || marks.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(keys: &[&str]) -> BTreeMap<String, String> {
        keys.iter().map(|key| ((*key).to_owned(), "x".to_owned())).collect()
    }

    #[test]
    fn what_people_set_is_kept_and_what_tools_mark_is_not() {
        let kept = [
            "team",
            "argocd.argoproj.io/sync-wave",
            "argocd.argoproj.io/sync-options",
            "kustomize.toolkit.fluxcd.io/prune",
            "helm.sh/resource-policy",
            names::VIEWER_URL,
        ];
        let dropped = [
            names::MANAGED_BY,
            names::SOURCE_PATH,
            "argocd.argoproj.io/tracking-id",
            "app.kubernetes.io/instance",
            "kubectl.kubernetes.io/last-applied-configuration",
            "kustomize.toolkit.fluxcd.io/name",
        ];
        let all: Vec<&str> = kept.iter().chain(&dropped).copied().collect();
        let found = Metadata::given(&map(&all), &map(&all));
        assert_eq!(found, Metadata { labels: map(&kept), annotations: map(&kept) });
    }

    #[test]
    fn what_the_server_would_refuse_is_left_out_and_told() {
        let long = "x".repeat(64);
        for key in ["", "a b", "-a", "a-", "A.example/x", "a/b/c", "/a", "a/", "年", &long] {
            assert!(!is_key(key), "{key}");
        }
        for key in ["a", "A_b.c-1", "x.example/Y", "a/b", &"x".repeat(63)] {
            assert!(is_key(key), "{key}");
        }
        assert!(is_label_value("") && is_label_value("1.2_x") && !is_label_value("a b"));
        let mut metadata =
            Metadata { labels: map(&["ok", "a b"]), annotations: map(&["年", "ok"]) };
        let mut report = Report::new("a.yaml");
        metadata.fit(Place::line(3), &mut report);
        assert_eq!(metadata, Metadata { labels: map(&["ok"]), annotations: map(&["ok"]) });
        let found = report.into_diagnostics();
        assert_eq!((found.len(), found[0].code.as_str(), found[0].line), (1, "TN1703", Some(3)));
        assert!(found[0].message.contains("\"a b\" and 1 more"), "{}", found[0].message);

        let huge = |c: char| c.to_string().repeat(100 * 1024);
        let mut metadata = Metadata::default();
        metadata.annotations.insert("a".to_owned(), huge('a'));
        metadata.annotations.insert("b".to_owned(), huge('b'));
        metadata.fit(Place::line(1), &mut Report::new("a.yaml"));
        assert_eq!(metadata.annotations.keys().collect::<Vec<_>>(), ["a"]);
    }
}
