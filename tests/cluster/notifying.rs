//! Sinks hear what happens to notes, whatever fails in between.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::api::events::v1::Event;
use kube::ResourceExt as _;
use kube::api::ListParams;
use serde_json::{Value, json};

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, NAME, Titles, create_repository, talk};
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::web_server::{Answer, Asked, WebServer};

const TOKEN: &str = "a-key-of-the-harbour-2718";
/// What every note of these tests belongs to.
const SUMMIT: &str = "moon-gardening-summit-2026";

async fn secret(test: &TestNamespace, data: Value) -> Result {
    let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "sink" },
        "stringData": data });
    test.kubectl().succeed(&["apply", "-f", "-"], &secret.to_string()).await?;
    Ok(())
}

fn spec(sink: &WebServer) -> Value {
    json!({ "maxDeletePercent": 100, "notify": [{
        "name": "board", "url": sink.url("/events"), "secretRef": { "name": "sink" },
        "viewerURL": "https://notes.example/base",
    }] })
}

/// What a sink has heard, without repeats: type and note.
fn heard(sink: &WebServer) -> Vec<(String, String)> {
    let mut ids = BTreeSet::new();
    let all = sink.asked().into_iter().map(|asked| asked.json());
    let new = all.filter(|event| ids.insert(text(event, "/id")));
    let short = |event: &Value| text(event, "/type").replace("dev.talknotes.", "");
    new.map(|event| (short(&event), text(&event, "/data/title"))).collect()
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is(kind: &'static str, title: &'static str) -> impl Fn(&Asked) -> bool {
    move |asked| {
        let event = asked.json();
        text(&event, "/type").ends_with(kind) && text(&event, "/data/title") == title
    }
}

/// Waits until a sink has heard these, in whatever order, and fails where it heard others.
async fn has_heard(sink: &WebServer, expected: &[(&str, &str)]) -> Result {
    let mut expected: Vec<(String, String)> =
        expected.iter().map(|(kind, title)| ((*kind).into(), (*title).into())).collect();
    expected.sort();
    wait::until("the sink to have heard all", DEADLINE, async || {
        let mut found = heard(sink);
        found.sort();
        Ok(Look::at(found == expected, || format!("{found:?}")))
    })
    .await
}

/// Fails where the signature is not the one of the specification, calculated in another way than ours.
fn is_signed(asked: &Asked) {
    let (id, time) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
    assert_eq!(id, text(&asked.json(), "/id"));
    assert!(time.parse::<i64>().is_ok_and(|time| time > 1_700_000_000), "{time}");
    let signed = [id.as_bytes(), b".", time.as_bytes(), b".", &asked.body].concat();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, TOKEN.as_bytes());
    let expected = BASE64_STANDARD.encode(ring::hmac::sign(&key, &signed).as_ref());
    assert_eq!(asked.header("webhook-signature"), format!("v1,{expected}"));
}

#[tokio::test]
async fn a_sink_hears_what_becomes_of_notes_in_signed_cloud_events() {
    with_namespace(async |test| -> Result {
        let (server, sink) = (GitServer::start(), WebServer::with_tls(|_| Answer::status(202)));
        let git = server.create(NAME);
        secret(test, json!({ "token": format!("{TOKEN}\n"), "ca.crt": sink.ca_pem() })).await?;
        let first = git.commit(&[("a.md", &talk("Alpha", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&sink)).await?;
        let asked = sink.wait_for("a publication", is("note.published", "Alpha")).await;
        is_signed(&asked);
        assert!(asked.header("content-type").starts_with("application/cloudevents+json"));
        let (event, namespace) = (asked.json(), &test.name);
        let source =
            format!("/apis/talknotes.dev/v1alpha1/namespaces/{namespace}/noterepositories/notes");
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["source"], json!(source));
        let note = text(&event, "/data/note");
        assert_eq!(event["subject"], json!(format!("{namespace}/{note}")));
        let path = format!("/{namespace}/{SUMMIT}/{note}");
        assert_eq!(event["data"]["path"], json!(path));
        assert_eq!(event["data"]["page"], json!(format!("https://notes.example/base{path}")));
        assert!(text(&event, "/data/revision").ends_with(&first), "{event}");

        let second = git.commit(&[("a.md", &talk("Alpha", "Two."))], "Write more");
        publishing::request(test, NAME).await?;
        let asked = sink.wait_for("a change", is("note.changed", "Alpha")).await;
        assert!(text(&asked.json(), "/data/revision").ends_with(&second));
        git.remove(&["a.md"], "Throw it away");
        publishing::request(test, NAME).await?;
        let gone = |asked: &Asked| text(&asked.json(), "/type").ends_with("note.withdrawn");
        let asked = sink.wait_for("a withdrawal", gone).await;
        assert_eq!(asked.json()["data"]["note"], json!(note));
        assert_eq!(asked.json()["data"]["path"], json!(path));

        // A repository that cannot be fetched is told of, too, and when it can be again.
        publishing::change_repository(test, NAME, json!({ "ref": { "branch": "gone" } })).await?;
        let failed =
            |asked: &Asked| text(&asked.json(), "/type").ends_with("noterepository.failed");
        let asked = sink.wait_for("a failure", failed).await;
        assert_eq!(asked.json()["data"]["reason"], "RevisionNotFound", "{}", asked.json());
        publishing::change_repository(test, NAME, json!({ "ref": null })).await?;
        let back =
            |asked: &Asked| text(&asked.json(), "/type").ends_with("noterepository.recovered");
        sink.wait_for("a recovery", back).await;
        Ok(())
    })
    .await;
}

/// The sink answers with every kind of fault, hangs, goes and comes back, and hears everything in the end. Pages are
/// there meanwhile, and of what happened more than once only the last is told.
#[tokio::test]
async fn a_sink_that_fails_hears_everything_in_the_end_and_nothing_waits_for_it() {
    with_namespace(async |test| -> Result {
        let (server, sink) = (GitServer::start(), WebServer::start(|_| Answer::Hangs));
        let git = server.create(NAME);
        secret(test, json!({ "token": TOKEN })).await?;
        git.commit(&[("a.md", &talk("Alpha", "One."))], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&sink)).await?;
        sink.wait_for("the first attempt", is("note.published", "Alpha")).await;
        publishing::shows(test, &Titles::everywhere(&["Alpha"])).await?;
        let port = sink.port();
        drop(sink);
        for body in ["Two.", "Three."] {
            git.commit(&[("a.md", &talk("Alpha", body)), ("b.md", &talk("Beta", body))], "More");
            publishing::request(test, NAME).await?;
            publishing::shows(test, &Titles::everywhere(&["Alpha", "Beta"])).await?;
        }
        let faults = std::sync::Mutex::new(vec![
            Answer::status(202),
            Answer::status(503),
            Answer::with(429, ("retry-after", "1")),
            Answer::status(500),
        ]);
        let sink = WebServer::start_at(port, move |_| {
            let mut faults = faults.lock().unwrap();
            if faults.len() == 1 { faults[0].clone() } else { faults.pop().unwrap() }
        });
        has_heard(&sink, &[("note.published", "Alpha"), ("note.published", "Beta")]).await?;
        sink.asked().iter().for_each(is_signed);
        let repeats: Vec<Vec<u8>> = sink.asked().into_iter().map(|asked| asked.body).collect();
        assert!(repeats.len() >= 5, "{} attempts", repeats.len());
        // What is sent again is the same.
        assert_eq!(repeats.iter().collect::<BTreeSet<_>>().len(), 2);
        Ok(())
    })
    .await;
}

/// What a sink refuses for good keeps nothing else from it, and is told without what the sink said or the key.
#[tokio::test]
async fn what_a_sink_refuses_keeps_nothing_else_from_it() {
    with_namespace(async |test| -> Result {
        let refuse = |asked: &Asked| match is("published", "Alpha")(asked) {
            true => Answer::json(400, &json!({ "secret of the intranet": 1 })),
            false => Answer::status(204),
        };
        let (server, sink) = (GitServer::start(), WebServer::start(refuse));
        let git = server.create(NAME);
        secret(test, json!({ "token": TOKEN })).await?;
        git.commit(&[("a.md", &talk("Alpha", "1.")), ("b.md", &talk("Beta", "1."))], "Take notes");
        let controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&sink)).await?;
        sink.wait_for("the other", is("note.published", "Beta")).await;
        let mut note = String::new();
        wait::until("an event", DEADLINE, async || {
            let events = test.api::<Event>().list(&ListParams::default()).await?.items;
            let found = events.iter().find(|e| e.reason.as_deref() == Some("NotificationFailed"));
            note = found.and_then(|event| event.note.clone()).unwrap_or_default();
            Ok(Look::at(found.is_some(), || format!("{events:?}")))
        })
        .await?;
        assert!(note.contains("board") && note.contains("status 400"), "{note}");
        let log = std::fs::read_to_string(controller.log())?;
        for text in [note, log] {
            assert!(!text.contains("intranet") && !text.contains(TOKEN), "{text}");
        }
        assert!(controller.metric("talknotes_notifications_pending").await? >= 1.0);
        sink.answer(|_| Answer::status(204));
        wait::until("nothing to be owed", DEADLINE, async || {
            let pending = controller.metric("talknotes_notifications_pending").await?;
            Ok(Look::at(pending == 0.0, || pending.to_string()))
        })
        .await?;
        has_heard(&sink, &[("note.published", "Alpha"), ("note.published", "Beta")]).await
    })
    .await;
}

/// The controller is killed whenever something was pushed. Without repeats, a sink has heard each change of each note
/// in order, and what was told is not told anew.
#[tokio::test]
async fn a_controller_that_is_killed_goes_on_where_it_was() {
    with_namespace(async |test| -> Result {
        let (server, sink) = (GitServer::start(), WebServer::start(|_| Answer::status(200)));
        let git = server.create(NAME);
        secret(test, json!({ "token": TOKEN })).await?;
        git.commit(&[("a.md", &talk("Alpha", "0.")), ("b.md", &talk("Beta", "0."))], "Take notes");
        let mut controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), spec(&sink)).await?;
        has_heard(&sink, &[("note.published", "Alpha"), ("note.published", "Beta")]).await?;

        // Nobody listens while it is killed.
        let port = sink.port();
        drop(sink);
        git.remove(&["b.md"], "Throw Beta away");
        publishing::request(test, NAME).await?;
        publishing::shows(test, &Titles::everywhere(&["Alpha"])).await?;
        controller.kill()?;
        git.commit(&[("c.md", &talk("Gamma", "0."))], "Write another");
        let sink = WebServer::start_at(port, |_| Answer::status(200));
        controller.start_again().await?;
        has_heard(&sink, &[("note.withdrawn", ""), ("note.published", "Gamma")]).await?;

        for round in 1..4 {
            let body = format!("{round}.");
            git.commit(&[("a.md", &talk("Alpha", &body))], &body);
            publishing::request(test, NAME).await?;
            let changes = async || {
                let found = heard(&sink).into_iter().filter(|(kind, _)| kind == "note.changed");
                found.count()
            };
            wait::until("the change", DEADLINE, async || {
                let found = changes().await;
                Ok(Look::at(found == round, || found.to_string()))
            })
            .await?;
            controller.kill()?;
            controller.start_again().await?;
        }
        // At rest nothing is told and nothing written.
        let told = format!("told-noterepository-{NAME}.board");
        let version = test.api::<ConfigMap>().get(&told).await?.resource_version();
        let asked = sink.asked().len();
        controller.kill()?;
        controller.start_again().await?;
        git.commit(&[("d.md", &talk("Delta", "0."))], "Write one more");
        publishing::request(test, NAME).await?;
        sink.wait_for("the last", is("note.published", "Delta")).await;
        assert_eq!(sink.asked().len(), asked + 1);
        wait::until("it to be remembered", DEADLINE, async || {
            let now = test.api::<ConfigMap>().get(&told).await?.resource_version();
            Ok(Look::at(now != version, || "not yet".to_owned()))
        })
        .await
    })
    .await;
}

/// Whoever writes documents does not choose whom the controller speaks to; whoever applies a Summit does.
#[tokio::test]
async fn summits_that_are_written_by_hand_have_sinks_and_imported_ones_have_none() {
    with_namespace(async |test| -> Result {
        let (server, sink) = (GitServer::start(), WebServer::start(|_| Answer::status(200)));
        let (git, stranger) = (server.create(NAME), WebServer::start(|_| Answer::status(200)));
        secret(test, json!({ "token": TOKEN })).await?;
        let summit = |name: &str, sink: &WebServer| {
            json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit",
                "metadata": { "name": name }, "spec": { "title": "Harbour", "notify": [{
                    "name": "board", "url": sink.url("/"), "secretRef": { "name": "sink" } }] } })
        };
        let note = |name: &str, summit: &str| {
            json!({ "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
                "metadata": { "name": name }, "spec": { "title": name, "markdown": "Ink.",
                    "summitRef": { "name": summit } } })
        };
        let imported = format!("{}\n---\n{}\n", summit("port", &stranger), note("pier", "port"));
        git.commit(&[("port.yaml", &imported)], "Take notes");
        let _controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), json!({})).await?;
        publishing::shows(test, &Titles::everywhere(&["pier"])).await?;
        for object in [summit("harbour", &sink), note("quay", "harbour")] {
            test.kubectl().succeed(&["apply", "-f", "-"], &object.to_string()).await?;
        }
        let asked = sink.wait_for("the note by hand", is("note.published", "quay")).await;
        assert!(text(&asked.json(), "/source").ends_with("/summits/harbour"), "{}", asked.json());
        assert_eq!(asked.json()["data"]["summit"], "harbour");
        test.kubectl().run(&["delete", "talknote", "quay"]).await?;
        let gone = |asked: &Asked| text(&asked.json(), "/type").ends_with("note.withdrawn");
        sink.wait_for("its end", gone).await;
        assert_eq!(stranger.asked().len(), 0);
        Ok(())
    })
    .await;
}
