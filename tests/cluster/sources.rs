//! What Flux fetched is published without a second set of credentials.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::Result;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, NAME, Titles, repository, talk};
use crate::support::web_server::{Answer, WebServer};

const API_VERSION: &str = "source.toolkit.fluxcd.io/v1";

/// The kind of Flux with no more of its schema than this needs: `tests/neighbours.rs` and `tests/flux`
/// have the real one.
fn kind() -> Value {
    let schema = json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": { "name": "gitrepositories.source.toolkit.fluxcd.io" },
        "spec": {
            "group": "source.toolkit.fluxcd.io", "scope": "Namespaced",
            "names": { "kind": "GitRepository", "plural": "gitrepositories" },
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "schema": { "openAPIV3Schema": schema }, "subresources": { "status": {} },
            }],
        },
    })
}

/// An artifact with these files, and its digest.
fn artifact(files: &[(&str, &str)]) -> (Vec<u8>, String) {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    let mut packer = tar.into_inner().unwrap();
    packer.flush().unwrap();
    let archive = packer.finish().unwrap();
    let digits: String =
        Sha256::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    (archive, format!("sha256:{digits}"))
}

/// Says at the source what source-controller says after a fetch.
async fn fetched(test: &TestNamespace, status: Value) -> Result {
    let patch = json!({ "status": status }).to_string();
    let arguments =
        ["patch", "gitrepository", "flux", "--subresource=status", "--type=merge", "-p", &patch];
    test.kubectl().succeed(&arguments, "").await?;
    Ok(())
}

#[tokio::test]
async fn what_flux_fetched_is_published_and_only_as_its_digest_says() {
    with_namespace(async |test| -> Result {
        let apply = ["apply", "-f", "-"];
        test.kubectl().succeed(&apply, &kind().to_string()).await?;
        let established =
            ["wait", "--for=condition=Established", "crd/gitrepositories.source.toolkit.fluxcd.io"];
        test.kubectl().succeed(&established, "").await?;
        let source = json!({
            "apiVersion": API_VERSION, "kind": "GitRepository", "metadata": { "name": "flux" },
            "spec": { "url": "ssh://git@git.example/notes", "interval": "1m" },
        });
        let object = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "NoteRepository",
            "metadata": { "name": NAME },
            "spec": {
                "sourceRef": { "kind": "GitRepository", "name": "flux" }, "interval": "10m",
                "prunePolicy": "Delete", "maxDeletePercent": 100,
            },
        });
        test.kubectl().succeed(&apply, &object.to_string()).await?;
        let _controller = test.start_controller().await?;
        let waits = |words: &'static str| {
            repository(test, NAME, words, move |object| {
                object["status"]["conditions"].to_string().contains(words)
            })
        };
        waits("there is no GitRepository flux").await?;
        test.kubectl().succeed(&apply, &source.to_string()).await?;
        fetched(
            test,
            json!({ "conditions": [
            { "type": "Ready", "status": "False", "message": "no route to git.example" },
        ] }),
        )
        .await?;
        publishing::request(test, NAME).await?;
        waits("has no artifact yet: no route to git.example").await?;

        let (first, digest) =
            artifact(&[("a.md", &talk("A", "One.")), ("b.md", &talk("B", "Two."))]);
        let server = WebServer::start(move |_| Answer::ok(first.clone()));
        let revision = "main@sha1:0123456789abcdef0123456789abcdef01234567";
        let says = |digest: &str| {
            let url = server.url("/gitrepository/x/flux/0123.tar.gz");
            json!({ "artifact": { "url": url, "digest": digest, "revision": revision } })
        };
        fetched(test, says(&digest)).await?;
        publishing::request(test, NAME).await?;
        publishing::shows(test, &Titles::everywhere(&["A", "B"])).await?;
        let object = repository(test, NAME, "to be ready", |object| {
            kstatus::status(object) == Status::Current
        })
        .await?;
        assert_eq!(object["status"]["lastAppliedRevision"], revision);
        let downloads = server.asked().len();
        publishing::request(test, NAME).await?;
        publishing::request(test, NAME).await?;
        // A wish by hand looks at everything anew; the artifact is the same.
        assert!(server.asked().len() <= downloads + 2);

        // The source leaves out a file now: another artifact of the same revision.
        let (second, digest) = artifact(&[("a.md", &talk("A", "One."))]);
        server.answer(move |_| Answer::ok(second.clone()));
        fetched(test, says(&digest)).await?;
        publishing::request(test, NAME).await?;
        publishing::shows(test, &Titles::everywhere(&["A"])).await?;

        // Somebody between changes the bytes.
        let (third, _) = artifact(&[("evil.md", &talk("Evil", "Three."))]);
        let (_, digest) = artifact(&[("c.md", &talk("C", "Three."))]);
        server.answer(move |_| Answer::ok(third.clone()));
        fetched(test, says(&digest)).await?;
        publishing::request(test, NAME).await?;
        let object = repository(test, NAME, "to be refused", |object| {
            kstatus::reason(object, "Ready") == "ArtifactInvalid"
        })
        .await?;
        assert_eq!(kstatus::status(&object), Status::Failed);
        publishing::shows(test, &Titles::everywhere(&["A"])).await
    })
    .await;
}

#[tokio::test]
async fn a_repository_has_an_address_or_a_source_and_not_both() {
    with_namespace(async |test| -> Result {
        for spec in [
            json!({}),
            json!({ "url": "https://git.example/n", "sourceRef": { "kind": "Bucket", "name": "n" } }),
        ] {
            let object = json!({
                "apiVersion": "talknotes.dev/v1alpha1", "kind": "NoteRepository",
                "metadata": { "name": NAME }, "spec": spec,
            });
            let output = test.kubectl().attempt(&["apply", "-f", "-"], &object.to_string()).await?;
            let errors = &output.stderr;
            assert!(!output.status.success() && errors.contains("one of the two"), "{errors}");
        }
        Ok(())
    })
    .await;
}
