//! Only what is signed by those who are trusted is published.

use serde_json::{Value, json};

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;
use crate::support::publishing::{self, NAME, Titles, create_repository, repository, talk};
use crate::support::ssh_server::new_key;

/// Status and message of the condition.
fn verified(object: &Value) -> Option<(&str, &str)> {
    let conditions = object["status"]["conditions"].as_array()?;
    let found = conditions.iter().find(|condition| condition["type"] == "SourceVerified")?;
    Some((found["status"].as_str()?, found["message"].as_str()?))
}

#[tokio::test]
async fn a_revision_without_a_trusted_signature_is_refused_and_the_last_good_one_stays() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let (key, public) = new_key(test.folder(), "anna", "ed25519");
        let first = git.signed_commit(&[("a.md", &talk("A", "One."))], "Take notes", &key);
        let secret = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "signers" },
            "stringData": { "anna.sshpub": public },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &secret.to_string()).await?;
        let _controller = test.start_controller().await?;
        let spec = json!({ "verify": { "mode": "HEAD", "secretRef": { "name": "signers" } } });
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        let ready = |object: &Value| kstatus::status(object) == Status::Current;
        let object = repository(test, NAME, "to be ready", ready).await?;
        let (status, message) = verified(&object).expect("a condition");
        assert_eq!(status, "True");
        assert!(message.contains("anna.sshpub (SHA256:") && message.contains(&first), "{message}");
        publishing::shows(test, &Titles::everywhere(&["A"])).await?;

        git.commit(&[("b.md", &talk("B", "Two."))], "Not signed");
        publishing::request(test, NAME).await?;
        let object = repository(test, NAME, "to be refused", |object| {
            kstatus::reason(object, "Ready") == "VerificationFailed"
        })
        .await?;
        assert_eq!(kstatus::status(&object), Status::Failed);
        let (status, message) = verified(&object).expect("a condition");
        assert!(status == "False" && message.contains("is not signed"), "{message}");
        let conditions = object["status"]["conditions"].to_string();
        assert!(conditions.contains(&format!("main@sha1:{first} stays published")), "{conditions}");
        publishing::shows(test, &Titles::everywhere(&["A"])).await?;

        git.signed_commit(&[], "Signed", &key);
        publishing::request(test, NAME).await?;
        publishing::shows(test, &Titles::everywhere(&["A", "B"])).await?;
        let object = repository(test, NAME, "to be ready again", ready).await?;
        assert_eq!(verified(&object).map(|(status, _)| status), Some("True"));

        // It stays after a visit that finds nothing new, and goes with the wish for it.
        let object = publishing::request(test, NAME).await?;
        assert_eq!(verified(&object).map(|(status, _)| status), Some("True"));
        publishing::change_repository(test, NAME, json!({ "verify": null })).await?;
        repository(test, NAME, "to say nothing of signatures", |object| {
            ready(object) && verified(object).is_none()
        })
        .await?;
        Ok(())
    })
    .await;
}
