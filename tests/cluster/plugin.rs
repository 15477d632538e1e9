//! `kubectl talknotes`, called by kubectl itself.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use kube::ResourceExt as _;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use talknotes::api::{NoteRepository, TalkNote, names};

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::{Program, binary};
use crate::support::ports::free_port;
use crate::support::publishing::{self, Publishing};

const MOON: &str = "---\ntitle: Moon 2031\n---\n\n# 2031-05-14\n\n\
    ## 09:30 🥇 潮汐與控制器 - 林小舟\n\n**Water** finds [a way](https://x.example/way).\n\n- one\n- two\n\n\
    ## Fog Horns - Bo Pier\n\nFog.\n";

/// What a run printed.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// Runs `kubectl talknotes …` with the plugin where kubectl looks for it, and prints it for the docs.
async fn plugin(test: &TestNamespace, arguments: &[&str]) -> Result<Run> {
    let folder = test.folder().join("plugins");
    std::fs::create_dir_all(&folder)?;
    for name in ["kubectl-talknotes", "kubectl_complete-talknotes"] {
        let link = folder.join(name);
        if !link.exists() {
            symlink(binary()?, link)?;
        }
    }
    let admin = test.control_plane.admin();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH")?);
    let mut command = tokio::process::Command::new(&admin.kubectl);
    command.arg("talknotes").args(arguments).args(["--namespace", test.name()]);
    command.env("PATH", path).env("KUBECONFIG", &admin.kubeconfig).env("COLUMNS", "80");
    command.env_remove("TALKNOTES_VIEWER_URL").kill_on_drop(true);
    let output = command.output().await?;
    let (stdout, stderr) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    println!("$ kubectl talknotes {}\n{stdout}{stderr}", arguments.join(" "));
    Ok(Run { code: output.status.code(), stdout, stderr })
}

async fn named(test: &TestNamespace, title: &str) -> Result<String> {
    let notes = test.api::<TalkNote>().list(&ListParams::default()).await?;
    let found = notes.into_iter().find(|note| note.spec.title == title);
    Ok(found.ok_or_else(|| format!("no note {title}"))?.name_any())
}

#[tokio::test]
async fn the_address_of_a_webhook_is_told_with_what_to_click() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("moon.md", MOON)]).await?;
        let refused = plugin(test, &["webhook", "notes"]).await?;
        assert_eq!(refused.code, Some(1));
        for words in ["openssl rand", "kubectl patch", "notes-webhook"] {
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
        let spec = json!({ "webhook": { "secretRef": { "name": "push" } } });
        publishing::change_repository(test, "notes", spec).await?;
        let deaf = plugin(test, &["webhook", "notes"]).await?;
        assert!(deaf.stderr.contains("--webhook-address"), "{}", deaf.stderr);

        drop(publishing.controller);
        let admin = test.control_plane.admin();
        let address = format!("127.0.0.1:{}", free_port()?);
        let more = ["--webhook-address", &address];
        let _controller =
            Program::controller_with(admin, test.name(), test.folder(), &more).await?;
        let object = publishing::repository(test, "notes", "to have a path", |object| {
            object["status"]["webhookPath"].is_string()
        })
        .await?;
        let path = object["status"]["webhookPath"].as_str().unwrap();
        let told = plugin(test, &["webhook", "notes", "--webhook-url", "https://hooks.example/"]);
        let told = told.await?.ok();
        for words in [
            &format!("https://hooks.example{path}\n"),
            "get secret push",
            "GitHub",
            "GitLab",
            "Bitbucket",
            "Forgejo",
            "X-Signature",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn notes_are_listed_and_shown() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("moon.md", MOON)]).await?;
        publishing.shows(&["潮汐與控制器", "Fog Horns"]).await?;
        let table = plugin(test, &["list"]).await?.ok();
        let mut lines = table.lines();
        assert!(lines.next().unwrap().starts_with("NAME "), "{table}");
        let first = lines.next().unwrap();
        for word in ["2031-05-14", "09:30", "林小舟", "Gold", "Ready", "潮汐與控制器"] {
            assert!(first.contains(word), "{word}: {table}");
        }
        let some = plugin(test, &["list", "--speaker", "bo pier", "-o", "name"]).await?.ok();
        assert_eq!(
            some.trim(),
            format!("talknote.talknotes.dev/{}", named(test, "Fog Horns").await?)
        );
        for (filter, count) in
            [(["--day", "2031-05-14"], 2), (["--summit", "moon"], 2), (["--summit", "x"], 0)]
        {
            let list = plugin(test, &[&["list", "-o", "json"], &filter[..]].concat()).await?.ok();
            let list: Value = serde_json::from_str(&list)?;
            assert_eq!(list["items"].as_array().unwrap().len(), count, "{filter:?}");
        }
        plugin(test, &["list", "-o", "wide", "-l", "talknotes.dev/repository=notes"]).await?.ok();

        let name = named(test, "潮汐與控制器").await?;
        let shown = plugin(test, &["show", &name]).await?.ok();
        assert!(
            shown.contains("Water finds a way <https://x.example/way>.\n\n• one\n• two\n"),
            "{shown}"
        );
        assert!(!shown.contains('\u{1b}'));
        let missing = plugin(test, &["show", "missing"]).await?;
        assert_eq!(missing.code, Some(1));
        assert!(missing.stderr.contains("there is no TalkNote missing"), "{}", missing.stderr);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn pages_are_opened_and_compared() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("moon.md", MOON)]).await?;
        publishing.shows(&["潮汐與控制器", "Fog Horns"]).await?;
        let name = named(test, "Fog Horns").await?;
        let unknown = plugin(test, &["open", &name]).await?;
        assert_eq!(unknown.code, Some(1));
        assert!(unknown.stderr.contains("port-forward"), "{}", unknown.stderr);
        let opened =
            plugin(test, &["open", &name, "--viewer-url", "https://n.example"]).await?.ok();
        assert_eq!(opened, format!("https://n.example/{}/moon/{name}\n", test.name()));
        let annotation = format!("{}=https://a.example", names::VIEWER_URL);
        test.kubectl().run(&["annotate", "namespace", test.name(), &annotation]).await?;
        let opened = plugin(test, &["open", "summit/moon"]).await?.ok();
        assert_eq!(opened, format!("https://a.example/{}/moon\n", test.name()));

        for object in [name.as_str(), "summit/moon"] {
            assert_eq!(plugin(test, &["diff", object]).await?.ok(), "", "{object}");
        }
        // Nobody publishes any more, so that the edit stays a difference.
        drop(publishing);
        let edit = json!({ "spec": { "markdown": "Thicker fog." } });
        test.api::<TalkNote>().patch(&name, &PatchParams::default(), &Patch::Merge(&edit)).await?;
        let diff = plugin(test, &["diff", &name]).await?;
        assert_eq!(diff.code, Some(1));
        assert!(diff.stdout.contains("+<p>Thicker fog.</p>"), "{}", diff.stdout);
        assert!(diff.stdout.contains("-<p>Fog.</p>"), "{}", diff.stdout);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repositories_are_reconciled_suspended_and_resumed() {
    with_namespace(async |test| -> Result {
        let publishing = Publishing::start(test, &[("moon.md", MOON)]).await?;
        publishing.git.commit(&[("moon.md", &MOON.replace("Fog Horns", "Lamp Oil"))], "Rename");
        let done = plugin(test, &["reconcile", "nrepo/notes", "--wait"]).await?.ok();
        assert!(done.contains("noterepository/notes is reconciled"), "{done}");
        publishing.shows(&["潮汐與控制器", "Lamp Oil"]).await?;
        let name = named(test, "Lamp Oil").await?;
        plugin(test, &["reconcile", &name, "--wait"]).await?.ok();
        plugin(test, &["reconcile", "summit/moon", "--wait"]).await?.ok();

        assert_eq!(
            plugin(test, &["suspend", "notes"]).await?.ok(),
            "noterepository/notes suspended\n"
        );
        let again = plugin(test, &["suspend", "notes"]).await?.ok();
        assert!(again.contains("suspended already"), "{again}");
        let repository = test.api::<NoteRepository>().get("notes").await?;
        assert_eq!(repository.spec.suspend, Some(true));
        let refused = plugin(test, &["reconcile", "nrepo/notes", "--wait"]).await?;
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains("is suspended"), "{}", refused.stderr);
        assert_eq!(
            plugin(test, &["resume", "notes"]).await?.ok(),
            "noterepository/notes resumed\n"
        );
        let repository = test.api::<NoteRepository>().get("notes").await?;
        assert_eq!(repository.spec.suspend, None);
        let note = plugin(test, &["suspend", &format!("tn/{name}")]).await?;
        assert_eq!(note.code, Some(1));
        assert!(note.stderr.contains("suspend noterepository/notes"), "{}", note.stderr);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn why_says_what_to_do() {
    with_namespace(async |test| -> Result {
        let spec = json!({ "title": "Fog", "summitRef": { "name": "gone" }, "markdown": "x", "publication": "Draft" });
        let note = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "fog" }, "spec": spec,
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &note.to_string()).await?;
        let unseen = plugin(test, &["why", "fog"]).await?.ok();
        assert!(unseen.starts_with("talknote/fog: Not seen yet\n"), "{unseen}");
        assert!(unseen.contains("next: no controller has seen it"), "{unseen}");

        let _publishing = Publishing::start(test, &[("moon.md", MOON)]).await?;
        publishing::note(test, "fog", "to be seen", |object| {
            object.pointer("/status/observedGeneration") == Some(&json!(1))
        })
        .await?;
        let draft = plugin(test, &["why", "fog"]).await?.ok();
        for words in ["talknote/fog: Draft", "summit/gone does not exist", "somebody applied it", "next: take `draft`"] {
            assert!(draft.contains(words), "{words}: {draft}");
        }
        let name = named(test, "Fog Horns").await?;
        let known = plugin(test, &["why", &name]).await?.ok();
        assert!(known.contains("it comes from noterepository/notes (moon.md)"), "{known}");
        plugin(test, &["why", "nrepo/notes"]).await?.ok();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn kubectl_asks_for_completions_and_missing_rights_are_named() {
    with_namespace(async |test| -> Result {
        let note = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "fog" },
            "spec": { "title": "Fog\u{1b}[31m", "markdown": "\u{1b}]0;x\u{7}" },
        });
        let summit = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit", "metadata": { "name": "moon" },
            "spec": { "title": "Moon" },
        });
        let repository = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "NoteRepository", "metadata": { "name": "notes" },
            "spec": { "url": "https://git.example/notes.git" },
        });
        for object in [&note, &summit, &repository] {
            test.kubectl().succeed(&["apply", "-f", "-"], &object.to_string()).await?;
        }
        for arguments in [&["list"][..], &["show", "fog"], &["why", "fog"], &["list", "-o", "json"], &["diff", "fog"]] {
            let run = plugin(test, arguments).await?;
            let foreign = |c: char| c.is_control() && c != '\n';
            assert!(!run.stdout.contains(foreign) && !run.stderr.contains(foreign), "{arguments:?}");
        }
        let completer: PathBuf = test.folder().join("plugins/kubectl_complete-talknotes");
        let complete = async |words: &[&str]| -> Result<String> {
            let mut command = tokio::process::Command::new(&completer);
            let output = command.env("KUBECONFIG", &test.control_plane.admin().kubeconfig).args(words).output().await?;
            Ok(String::from_utf8(output.stdout)?)
        };
        assert_eq!(complete(&["li"]).await?, "list\n:4\n");
        assert_eq!(complete(&["list", "--sum"]).await?, "--summit\n:4\n");
        assert_eq!(complete(&["list", "--output", ""]).await?, "table\nwide\njson\nyaml\nname\n:4\n");
        // The words in front say in which namespace names are looked up.
        let own = format!("--namespace={}", test.name());
        let namespace = ["--namespace", test.name()];
        for words in [&[own.as_str(), "show", "f"][..], &["show", namespace[0], namespace[1], "f"]] {
            assert_eq!(complete(words).await?, "fog\n:4\n", "{words:?}");
        }
        let all = complete(&["why", &own, ""]).await?;
        assert_eq!(all, "fog\nsummit/moon\nnoterepository/notes\n:4\n");
        assert_eq!(complete(&["suspend", &own, ""]).await?, "notes\n:4\n");
        // As kubectl calls it: it looks for the completer on its path.
        let mut kubectl = tokio::process::Command::new(&test.control_plane.admin().kubectl);
        let folder = completer.parent().unwrap().display().to_string();
        kubectl.env("PATH", format!("{folder}:{}", std::env::var("PATH")?));
        kubectl.env("KUBECONFIG", &test.control_plane.admin().kubeconfig);
        let output = kubectl.args(["__complete", "talknotes", "show", &own, "f"]).output().await?;
        assert_eq!(String::from_utf8(output.stdout)?, "fog\n:4\n");

        let kubeconfig = test.folder().join("nobody.kubeconfig");
        test.control_plane.admin().with_token("none", &kubeconfig)?;
        let kubeconfig = kubeconfig.to_string_lossy().into_owned();
        test.kubectl().run(&["create", "serviceaccount", "nobody"]).await?;
        let token = test.kubectl().run(&["create", "token", "nobody"]).await?;
        test.control_plane.admin().with_token(token.trim(), std::path::Path::new(&kubeconfig))?;
        for (arguments, right) in [
            (&["list"][..], "list talknotes"),
            (&["show", "fog"], "get talknotes"),
            (&["why", "fog"], "get talknotes"),
            (&["reconcile", "fog"], "patch talknotes"),
            (&["suspend", "notes"], "get noterepositories"),
        ] {
            let run = plugin(test, &[arguments, &["--kubeconfig", &kubeconfig]].concat()).await?;
            assert_eq!(run.code, Some(1));
            assert!(run.stderr.contains(&format!("you may not {right}")), "{}", run.stderr);
        }
        Ok(())
    })
    .await;
}
