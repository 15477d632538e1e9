//! What an operator's people see: a site whose features are switched, and a board that hears of notes.

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::support::Result;
use crate::support::page::Reader;
use crate::support::web_server::{Answer, Asked, WebServer};
use crate::tell;

/// Name of the Viewer.
const SITE: &str = "site";

/// A receiver of notifications, which says what it hears.
pub struct Board(WebServer);

impl Board {
    /// Starts it.
    pub fn listen() -> Self {
        Self(WebServer::start(|asked| {
            let event = asked.json();
            tell::step(&format!(
                "the board heard {}: {}",
                text(&event, "type"),
                text(&event, "subject")
            ));
            Answer::status(204)
        }))
    }

    /// The entry of `spec.notify` that leads here.
    pub fn sink(&self) -> Value {
        json!({ "name": "board", "url": self.0.url("/"), "secretRef": { "name": "board" } })
    }

    /// Waits until it has heard that the note has changed.
    pub async fn hears_of_a_change(&self, note: &str) {
        let is_it = |asked: &Asked| {
            let event = asked.json();
            let data = event.get("data").unwrap_or(&Value::Null);
            text(&event, "type") == "dev.talknotes.note.changed" && text(data, "note") == note
        };
        self.0.wait_for("a change", is_it).await;
        tell::step("ok: the board heard of the push");
    }
}

fn text<'e>(event: &'e Value, name: &str) -> &'e str {
    event.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Makes the Viewer and the key of the board. The site has no Pods of its own, since the demo serves it.
///
/// # Errors
/// Where the cluster does not take them.
pub async fn set_up(cluster: &Cluster) -> Result {
    let viewer = json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "Viewer",
        "metadata": { "name": SITE },
        "spec": { "title": "Notes of the demo", "image": "talknotes:demo", "replicas": 0 } });
    let key = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "board" },
        "stringData": { "token": "a key for the demo" } });
    for object in [viewer, key] {
        cluster.kubectl().succeed(&["apply", "-f", "-"], &object.to_string()).await?;
    }
    Ok(())
}

/// The ConfigMap with the features of the site.
pub fn features(namespace: &str) -> String {
    format!("{namespace}/{SITE}-viewer-features")
}

/// What switches the mind map off.
pub const TOGGLE: [&str; 5] = [
    "patch",
    "viewer/site",
    "--type=merge",
    "-p",
    r#"{"spec":{"features":[{"name":"MindMap","state":"Disabled"}]}}"#,
];

/// Switches the mind map off and waits until the page has it no more.
///
/// # Errors
/// Where it stays.
pub async fn a_feature_is_switched_off(cluster: &Cluster, page: &str, viewer: &str) -> Result {
    let reader = Reader::new(viewer)?;
    let map = format!("{page}/mindmap");
    reader.wait_for(page, "the way to the mind map", |html| html.contains(&map)).await?;
    cluster.kubectl().run(&TOGGLE).await?;
    reader.wait_for(page, "no way to the mind map", |html| !html.contains(&map)).await?;
    tell::step("ok: the mind map is switched off without a restart");
    Ok(())
}
