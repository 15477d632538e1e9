//! `talknotes import`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use kube::{Resource, ResourceExt};
use serde::Serialize;
use serde_json::{Value, json};

use super::source::Source;
use super::{Failure, diagnostics, explain, findings};
use crate::api::{Diagnostic, DraftPolicy, Severity, Summit, TalkNote, names};
use crate::controller::image_config_map;
use crate::document::{Collection, Imported};

#[derive(Args)]
#[command(after_help = "\
Diagnostics go to standard error. The exit code is 1 when a document could not be read, or when there \
is none: its notes are then missing from the output, and whoever applies it with pruning would delete \
them. With --keep-going it is 0 all the same. Plain `kubectl apply` refuses objects of more than \
256 KiB, such as images; with --server-side it takes them.

Examples:
  talknotes import notes/ -o yaml | kubectl apply --server-side -f -
  talknotes import --explain summit.md
  talknotes import summit.md -o json | jq -r '.items[].spec.title'")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Output format
    #[arg(long, short, value_enum, default_value = "yaml")]
    output: Output,
    /// Namespace to write into the manifests
    #[arg(long, short)]
    namespace: Option<String>,
    /// What becomes of documents that are marked as drafts
    #[arg(long, value_enum, default_value = "hide")]
    drafts: Drafts,
    /// Exit with 0 even when a document could not be read, or when there is none
    #[arg(long)]
    keep_going: bool,
    /// Print how each document is read and why, in place of manifests
    #[arg(long)]
    explain: bool,
}

/// What stands in the names of images in place of a repository.
const IMPORTED: &str = "imported";

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// YAML documents
    Yaml,
    /// One JSON List
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Drafts {
    /// Their notes exist, but are not published
    Hide,
    /// Their notes are published like others
    Publish,
}

impl From<Drafts> for DraftPolicy {
    fn from(drafts: Drafts) -> Self {
        match drafts {
            Drafts::Hide => Self::Hide,
            Drafts::Publish => Self::Publish,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.explain {
        explain::print(&arguments.source)?;
        return Ok(ExitCode::SUCCESS);
    }
    let namespace = arguments.namespace.clone();
    let (collection, files) = arguments.source.read_for(arguments.drafts.into(), namespace)?;
    findings::tell(&arguments.source, &collection.diagnostics, &files)?;
    if collection.documents == 0 && collection.diagnostics.is_empty() {
        let advice = arguments.source.nothing_found();
        if !arguments.keep_going {
            return Err(advice.into());
        }
        anstream::eprintln!("{advice}");
    }
    let manifests = manifests(&collection, arguments.namespace.as_deref())?;
    warn_of_large(&manifests);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match arguments.output {
        Output::Json => {
            let list = json!({ "apiVersion": "v1", "kind": "List", "items": manifests });
            writeln!(out, "{}", diagnostics::escaped(&serde_json::to_string_pretty(&list)?))?;
        }
        Output::Yaml => {
            for manifest in &manifests {
                write!(out, "---\n{}", serde_saphyr::to_string(manifest)?)?;
            }
        }
    }
    out.flush()?;
    // What could not be read and is no note (a template, say) leaves nothing out.
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    let complete = arguments.keep_going || !collection.diagnostics.iter().any(is_error);
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Bytes that the annotations of an object may have together. `kubectl apply` without `--server-side`
/// puts the whole object into one.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Says that plain `kubectl apply` would refuse some of the objects.
fn warn_of_large(manifests: &[Value]) {
    let large: Vec<String> = manifests
        .iter()
        .filter(|manifest| applied_bytes(manifest) > MAX_ANNOTATIONS)
        .map(|manifest| {
            let text =
                |pointer| manifest.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            format!("{} {}", text("/kind"), text("/metadata/name"))
        })
        .collect();
    if let Some(first) = large.first() {
        let more = match large.len() {
            1 => String::new(),
            several => format!(" and {} more", several - 1),
        };
        anstream::eprintln!(
            "warning: larger than 256 KiB: {}{more}; plain `kubectl apply` would refuse that, use \
             `kubectl apply --server-side`",
            diagnostics::visible(first)
        );
    }
}

/// Bytes of the annotations of an object that `kubectl apply` makes of a manifest. It adds the namespace
/// that it applies to.
fn applied_bytes(manifest: &Value) -> usize {
    const KEY: &str = "kubectl.kubernetes.io/last-applied-configuration";
    const NAMESPACE: usize = r#""namespace":"","#.len() + 63;
    let annotations = manifest.pointer("/metadata/annotations").and_then(Value::as_object);
    let own = annotations.into_iter().flatten();
    let own: usize = own.map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    manifest.to_string().len() + KEY.len() + NAMESPACE + own
}

fn manifests(collection: &Collection, namespace: Option<&str>) -> Result<Vec<Value>, Failure> {
    let summits = collection.summits.iter().map(|imported| {
        manifest(Summit::new(&imported.name, imported.spec.clone()), imported, namespace)
    });
    let notes = collection.notes.iter().map(|imported| {
        manifest(TalkNote::new(&imported.name, imported.spec.clone()), imported, namespace)
    });
    let images = collection.images.iter().map(|(digest, content)| {
        let mut image = image_config_map("", IMPORTED, None, digest, content.clone());
        image.metadata.namespace = namespace.map(str::to_owned);
        // It came from no NoteRepository, which would delete it.
        image.labels_mut().remove(names::REPOSITORY_LABEL);
        Ok(serde_json::to_value(image)?)
    });
    summits.chain(images).chain(notes).collect()
}

fn manifest<K: Resource + Serialize, S>(
    mut object: K,
    imported: &Imported<S>,
    namespace: Option<&str>,
) -> Result<Value, Failure> {
    object.meta_mut().namespace = namespace.map(str::to_owned);
    object.labels_mut().extend(imported.metadata.labels.clone());
    let annotations = object.annotations_mut();
    annotations.extend(imported.metadata.annotations.clone());
    annotations.insert(names::SOURCE_PATH.to_owned(), imported.path.clone());
    let others = imported.other_paths();
    annotations.extend(others.map(|paths| (names::OTHER_SOURCE_PATHS.to_owned(), paths)));
    annotations.insert(names::FLUX_SUBSTITUTE.to_owned(), "disabled".to_owned());
    Ok(serde_json::to_value(object)?)
}
