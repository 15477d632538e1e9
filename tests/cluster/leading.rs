//! Two replicas, one writer: a clean stop, a crash, and a leader that is paused and goes on later.

use std::time::Instant;

use k8s_openapi::api::coordination::v1::Lease;
use kube::Api;
use serde_json::{Value, json};

use crate::support::Result;
use crate::support::access::Access;
use crate::support::child::log_holds;
use crate::support::forge::{github, pushed};
use crate::support::git_server::{GitServer, Repository};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::Program;
use crate::support::ports::free_port;
use crate::support::publishing::{NAME, create_repository, page_holds, repository, talk};
use crate::support::rbac::{self, SYSTEM_NAMESPACE};
use crate::support::wait::{self, Look};

/// The only Lease that the shipped role allows. No other test may stand for election.
const LEASE: &str = "talknotes-controller";

/// A controller among several. Each has a token of its own, by which its requests can be told apart.
struct Replica {
    name: &'static str,
    program: Program,
    /// What the API server calls the token in its audit log.
    credential: String,
    /// Where it takes webhooks.
    webhooks: String,
}

impl Replica {
    async fn start(test: &TestNamespace, name: &'static str) -> Result<Self> {
        let folder = test.folder().join(name);
        std::fs::create_dir_all(&folder)?;
        let admin = test.control_plane.admin();
        let token = rbac::token(admin, rbac::CONTROLLER).await?;
        let access = admin.with_token(&token, &folder.join("kubeconfig"))?;
        let webhooks = format!("127.0.0.1:{}", free_port()?);
        let election = [
            "--webhook-address",
            &webhooks,
            "--leader-election",
            "--leader-election-namespace",
            SYSTEM_NAMESPACE,
            "--leader-election-identity",
            name,
        ];
        let credential = credential(&access).await?;
        let program = Program::controller_with(&access, &test.name, &folder, &election).await?;
        Ok(Self { name, program, credential, webhooks })
    }

    /// Waits until it holds the Lease.
    async fn leads(&self, test: &TestNamespace) -> Result {
        let leases: Api<Lease> = Api::namespaced(test.client.clone(), SYSTEM_NAMESPACE);
        let what = format!("{} to lead", self.name);
        let mine = format!("{}_", self.name);
        wait::for_existing(&leases, LEASE, &what, |lease| {
            let spec = lease.spec.as_ref();
            let holder = spec.and_then(|spec| spec.holder_identity.as_deref());
            holder.is_some_and(|holder| holder.starts_with(&mine))
        })
        .await?;
        Ok(())
    }

    /// Reports a push to it, whether it leads or not, and waits until that is applied.
    async fn hears_of(&self, test: &TestNamespace, git: &Repository, title: &str) -> Result {
        let commit = git.commit(&[(&format!("{title}.md"), &talk(title, "One."))], title);
        let ready = repository(test, NAME, "to have a webhook", |object| {
            object["status"]["webhookPath"].is_string()
        })
        .await?;
        let path = ready["status"]["webhookPath"].as_str().unwrap_or_default();
        let url = format!("http://{}{path}", self.webhooks);
        let answer = github(&url, "token", &pushed("refs/heads/main")).await?;
        assert_eq!(answer.status, 202, "{}: {answer:?}", self.name);
        repository(test, NAME, "to have what was reported", |object| {
            object["status"]["lastAppliedRevision"].to_string().contains(&commit)
        })
        .await?;
        Ok(())
    }

    /// Waits until it knows that another leads.
    async fn stands_by(&self) -> Result {
        log_holds(self.program.log(), "standing by").await
    }
}

/// The id of the token in `access`.
async fn credential(access: &Access) -> Result<String> {
    let answer: Value =
        serde_json::from_str(&access.kubectl().run(&["auth", "whoami", "-o", "json"]).await?)?;
    let id = answer.pointer("/status/userInfo/extra/authentication.kubernetes.io~1credential-id/0");
    Ok(id.and_then(Value::as_str).ok_or("a token without an id")?.to_owned())
}

/// Writes a note by hand and waits until whoever leads has published it.
async fn published(test: &TestNamespace, text: &str) -> Result {
    let manifest = json!({
        "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
        "metadata": { "name": "tides" }, "spec": { "title": "Tides", "markdown": text },
    });
    test.kubectl().succeed(&["apply", "-f", "-"], &manifest.to_string()).await?;
    page_holds(test, "talknote-tides", text).await?;
    Ok(())
}

/// Fails where a write of `before` was answered with success after the first write of `after`.
async fn assert_never_two_writers(
    test: &TestNamespace,
    before: &Replica,
    after: &Replica,
) -> Result {
    let user = rbac::user(rbac::CONTROLLER);
    let by = |replica: &Replica| {
        let credential = replica.credential.clone();
        move |write: &crate::support::audit::Request| write.user.has_credential(&credential)
    };
    // A watch tells of a write before the audit log does.
    let (writes, first) = wait::until("a write of the new leader", wait::DEADLINE, async || {
        let mut writes = test.control_plane.audit().writes(&user, &test.name)?;
        writes.retain(|write| write.response_status.code < 300);
        Ok(match writes.iter().position(by(after)) {
            Some(first) => Look::Met((writes, first)),
            None => Look::NotYet(format!("{} writes of others", writes.len())),
        })
    })
    .await?;
    let late: Vec<_> = writes.into_iter().skip(first).filter(by(before)).collect();
    if late.is_empty() {
        return Ok(());
    }
    Err(format!("{} wrote after {} led: {late:?}", before.name, after.name).into())
}

#[tokio::test]
async fn one_replica_writes_and_another_takes_over() {
    with_namespace(async |test| -> Result {
        let server = GitServer::start();
        let git = server.create(NAME);
        git.commit(&[("a.md", &talk("A", "One."))], "Take notes");
        let secret = ["create", "secret", "generic", "push", "--from-literal=token=token"];
        test.kubectl().run(&secret).await?;
        let spec = json!({ "interval": "1h", "webhook": { "secretRef": { "name": "push" } } });
        create_repository(test, NAME, &server.url(NAME), spec).await?;
        let mut first = Replica::start(test, "first").await?;
        first.leads(test).await?;
        published(test, "The sea comes in.").await?;
        first.hears_of(test, &git, "B").await?;

        let mut second = Replica::start(test, "second").await?;
        second.stands_by().await?;
        second.hears_of(test, &git, "C").await?;
        let start = Instant::now();
        let status = first.program.stop().await?;
        assert!(status.success(), "{status}");
        second.leads(test).await?;
        eprintln!("a clean stop: {} leads after {:?}", second.name, start.elapsed());
        published(test, "The sea goes out.").await?;
        assert_never_two_writers(test, &first, &second).await?;

        let mut third = Replica::start(test, "third").await?;
        third.stands_by().await?;
        let start = Instant::now();
        second.program.kill()?;
        // While nobody leads, the report waits for whoever will.
        third.hears_of(test, &git, "D").await?;
        third.leads(test).await?;
        eprintln!("a crash: {} leads after {:?}", third.name, start.elapsed());
        published(test, "The sea is calm.").await?;
        assert_never_two_writers(test, &second, &third).await?;

        let fourth = Replica::start(test, "fourth").await?;
        fourth.stands_by().await?;
        let start = Instant::now();
        third.program.signal("STOP")?;
        fourth.leads(test).await?;
        eprintln!("a pause: {} leads after {:?}", fourth.name, start.elapsed());
        published(test, "The sea is rough.").await?;
        third.program.signal("CONT")?;
        let status = third.program.ended().await?;
        assert!(!status.success(), "a leader that was overtaken must say so: {status}");
        log_holds(third.program.log(), "leadership lost").await?;
        published(test, "The sea sleeps.").await?;
        assert_never_two_writers(test, &third, &fourth).await
    })
    .await;
}
