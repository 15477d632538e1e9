//! `talknotes export`.

mod target;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use kube::core::NamespaceResourceScope;
use kube::{Api, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Failure;
use super::cluster::{Cluster, list};
use super::diagnostics::count;
use crate::api::{NoteImage, Summit, TalkNote, names::API_VERSION};
use crate::document::{Form, Layout, Metadata, Written};
use target::Target;

#[derive(Args)]
#[command(after_help = "\
Writes <summit>/index.md and <summit>/<note>.md, which `talknotes import` reads back as the same \
objects: same names, same specs, same labels and annotations but those of the operator, of kubectl and \
by which deployment tools mark what is theirs. What Markdown cannot carry is written as a manifest. \
Status is left out, and so are ConfigMaps that hold the text of notes (spec.contentFrom): back these up \
too.

Files that this did not write are never replaced, and nothing is deleted. The exit code is 1 where \
something could not be written.

Examples:
  talknotes export --namespace summits --output-dir backup/
  talknotes export --all-namespaces --format yaml --output-dir backup/
  kubectl get summits,talknotes -o yaml | talknotes export -f - --output-dir notes/")]
pub(super) struct Arguments {
    #[command(flatten)]
    cluster: Cluster,
    /// Namespace to export; that of the context, if not given
    #[arg(long, short, conflicts_with_all = ["all_namespaces", "filename"])]
    namespace: Option<String>,
    /// Export all namespaces, each into a folder of its own
    #[arg(long, short = 'A', conflicts_with = "filename")]
    all_namespaces: bool,
    /// File of manifests to export in place of a cluster, or - for standard input
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["kubeconfig", "context"])]
    filename: Option<PathBuf>,
    /// Export only this summit and its notes; may be given several times
    #[arg(long = "summit", value_name = "NAME")]
    summits: Vec<String>,
    /// Folder to write into
    #[arg(long, short, value_name = "FOLDER", default_value = ".")]
    output_dir: PathBuf,
    /// Form of the files
    #[arg(long, value_enum, default_value = "markdown")]
    format: FormArgument,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormArgument {
    /// Markdown with front matter
    Markdown,
    /// Manifests
    Yaml,
}

#[derive(Default)]
struct Objects {
    summits: Vec<Summit>,
    notes: Vec<TalkNote>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut objects = match &arguments.filename {
        Some(path) => from_manifests(path)?,
        None => super::runtime()?.block_on(from_cluster(arguments))?,
    };
    objects.narrow(&arguments.summits);
    if objects.summits.is_empty() && objects.notes.is_empty() {
        return Err("there is no Summit and no TalkNote to export".into());
    }
    let elsewhere = objects.notes.iter().filter(|note| is_elsewhere(note)).count();
    let pictured =
        objects.summits.iter().filter(|summit| has_published(&summit.spec.images)).count();
    let written = layout(&objects, arguments)?;
    let outcome = Target::new(&arguments.output_dir).write_all(&written)?;
    if elsewhere > 0 {
        let notes = count(elsewhere, "note");
        anstream::eprintln!(
            "text or images of {notes} lie in ConfigMaps, which are not exported: back these up too"
        );
    }
    if pictured > 0 {
        let summits = count(pictured, "summit");
        anstream::eprintln!(
            "images of {summits} lie in ConfigMaps, which are not exported: back these up too"
        );
    }
    Ok(outcome)
}

fn is_elsewhere(note: &TalkNote) -> bool {
    let spec = &note.spec;
    spec.markdown.is_none() && spec.content_from.is_some() || has_published(&spec.images)
}

fn has_published(images: &[NoteImage]) -> bool {
    images.iter().any(|image| image.digest.is_some())
}

impl Objects {
    fn narrow(&mut self, summits: &[String]) {
        if summits.is_empty() {
            return;
        }
        self.summits.retain(|summit| summits.contains(&summit.name_any()));
        self.notes.retain(|note| {
            note.spec.summit_ref.as_ref().is_some_and(|summit| summits.contains(&summit.name))
        });
    }

    /// Adds an object, or the objects of a list; others are not ours.
    fn add(&mut self, value: Value) -> Result<(), Failure> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        match (text("apiVersion"), text("kind")) {
            (Some(API_VERSION), Some("Summit")) => self.summits.push(object(value)?),
            (Some(API_VERSION), Some("TalkNote")) => self.notes.push(object(value)?),
            (_, Some(kind)) if kind.ends_with("List") => {
                let mut value = value;
                if let Some(Value::Array(items)) = value.get_mut("items").map(Value::take) {
                    items.into_iter().try_for_each(|item| self.add(item))?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn object<K: DeserializeOwned>(value: Value) -> Result<K, Failure> {
    let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let name = name.to_owned();
    if name.is_empty() {
        return Err("a manifest has no metadata.name".into());
    }
    serde_json::from_value(value)
        .map_err(|error| format!("the manifest {name} cannot be read: {error}").into())
}

fn from_manifests(path: &Path) -> Result<Objects, Failure> {
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    outcome.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let manifests: Vec<Value> = serde_saphyr::from_multiple(&text)
        .map_err(|error| format!("{} is no YAML: {}", path.display(), error.without_snippet()))?;
    let mut objects = Objects::default();
    manifests.into_iter().try_for_each(|manifest| objects.add(manifest))?;
    Ok(objects)
}

async fn from_cluster(arguments: &Arguments) -> Result<Objects, Failure> {
    let client = arguments.cluster.client().await?;
    let namespace = arguments.namespace.as_deref().unwrap_or(client.default_namespace()).to_owned();
    let scope = (!arguments.all_namespaces).then_some(namespace.as_str());
    Ok(Objects {
        summits: every::<Summit>(&client, scope).await?,
        notes: every::<TalkNote>(&client, scope).await?,
    })
}

async fn every<K>(client: &kube::Client, namespace: Option<&str>) -> Result<Vec<K>, Failure>
where
    K: Resource<Scope = NamespaceResourceScope, DynamicType = ()>
        + Clone
        + std::fmt::Debug
        + DeserializeOwned,
{
    let api: Api<K> = match namespace {
        Some(namespace) => Api::namespaced(client.clone(), namespace),
        None => Api::all(client.clone()),
    };
    list(&api, kube::api::ListParams::default()).await
}

/// The files of all objects, in the order of namespaces and names.
fn layout(objects: &Objects, arguments: &Arguments) -> Result<Vec<Written>, Failure> {
    let form = match arguments.format {
        FormArgument::Markdown => Form::Markdown,
        FormArgument::Yaml => Form::Yaml,
    };
    let mut layout = Layout::new(form);
    let folder = |namespace: Option<String>| match namespace {
        // A file may hold anything; a namespace of a cluster is a DNS label.
        Some(name) if arguments.all_namespaces => format!("{name}/"),
        _ => String::new(),
    };
    let mut written = Vec::new();
    let mut summits: Vec<&Summit> = objects.summits.iter().collect();
    summits.sort_by_key(|summit| (summit.namespace(), summit.name_any()));
    for summit in summits {
        let folder = folder(summit.namespace());
        let metadata = Metadata::given(summit.labels(), summit.annotations());
        written.push(layout.summit_with(&folder, &summit.name_any(), &metadata, &summit.spec)?);
    }
    let mut notes: Vec<&TalkNote> = objects.notes.iter().collect();
    notes.sort_by_key(|note| (note.namespace(), note.name_any()));
    for note in notes {
        let folder = folder(note.namespace());
        let metadata = Metadata::given(note.labels(), note.annotations());
        written.push(layout.note_with(&folder, &note.name_any(), &metadata, &note.spec)?);
    }
    Ok(written)
}
