//! What a repository follows: tags that come and go.

use serde_json::json;

use crate::support::Result;
use crate::support::git_server::GitServer;
use crate::support::kstatus::{self, Status};
use crate::support::namespace::with_namespace;
use crate::support::publishing::{self, NAME, Titles, create_repository, repository, talk};

#[tokio::test]
async fn a_range_follows_the_newest_tag_and_a_tag_that_goes_takes_nothing_away() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        let first = git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        git.tag("v1.0.0");
        let _controller = test.start_controller().await?;
        let spec = json!({ "ref": { "semver": ">=1.0.0 <2.0.0", "branch": "nowhere" } });
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        let applied = |revision: String| {
            move |object: &serde_json::Value| {
                kstatus::status(object) == Status::Current
                    && object["status"]["lastAppliedRevision"] == json!(revision)
            }
        };
        let one = format!("v1.0.0@sha1:{first}");
        repository(test, NAME, "to have the first", applied(one)).await?;

        let second = git.commit(&[("b.md", &talk("B", "Two."))], "More");
        git.tag("v1.1.0");
        git.commit(&[("c.md", &talk("C", "Three."))], "Even more");
        git.tag("v2.0.0");
        publishing::request(test, NAME).await?;
        let two = format!("v1.1.0@sha1:{second}");
        repository(test, NAME, "to have the second", applied(two.clone())).await?;
        publishing::shows(test, &Titles::everywhere(&["A", "B"])).await?;

        for tag in ["v1.0.0", "v1.1.0"] {
            git.at_server(&["update-ref", "-d", &format!("refs/tags/{tag}")]);
        }
        publishing::request(test, NAME).await?;
        let gone = repository(test, NAME, "to miss the tag", |object| {
            kstatus::reason(object, "Ready") == "RevisionNotFound"
        })
        .await?;
        let told = gone["status"]["conditions"].to_string();
        assert!(told.contains(&format!("{two} stays published")), "{told}");
        assert!(told.contains("v2.0.0"), "{told}");
        publishing::shows(test, &Titles::everywhere(&["A", "B"])).await
    })
    .await;
}
