//! `talknotes export`: what is in a cluster survives as files.

use std::collections::BTreeMap;
use std::process::Output;

use kube::ResourceExt as _;
use kube::api::ListParams;
use serde_json::json;
use talknotes::api::{Summit, SummitSpec, TalkNote, TalkNoteSpec};

use crate::support::Result;
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::operator::binary;
use crate::support::publishing::Publishing;

async fn export(test: &TestNamespace, arguments: &[&str]) -> Result<Output> {
    let mut command = tokio::process::Command::new(binary()?);
    command.arg("export").arg("--kubeconfig").arg(&test.control_plane.admin().kubeconfig);
    Ok(command.args(arguments).current_dir(test.folder()).output().await?)
}

type Objects = (BTreeMap<String, SummitSpec>, BTreeMap<String, TalkNoteSpec>);

async fn objects(test: &TestNamespace) -> Result<Objects> {
    let all = ListParams::default();
    let summits = test.api::<Summit>().list(&all).await?.into_iter();
    let notes = test.api::<TalkNote>().list(&all).await?.into_iter();
    Ok((
        summits.map(|summit| (summit.name_any(), summit.spec)).collect(),
        notes.map(|note| (note.name_any(), note.spec)).collect(),
    ))
}

#[tokio::test]
async fn a_namespace_is_restored_from_its_export() {
    with_namespace(async |test| -> Result {
        let document = "# 2031-05-14\n\n## Tides of Traffic - Mira Quell\n\nWater.\n\n## Fog Horns - Bo Pier\n\nFog.\n";
        let publishing = Publishing::start(test, &[("moon.md", document)]).await?;
        let by_hand = json!({
            "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "readme" },
            "spec": { "title": "a: \"b\" # c", "markdown": "---\nx\n\n", "medal": "Gold", "order": 7 },
        });
        test.kubectl().succeed(&["apply", "-f", "-"], &by_hand.to_string()).await?;
        let before = objects(test).await?;
        assert_eq!((before.0.len(), before.1.len()), (1, 3));

        let output = export(test, &["--namespace", test.name(), "--output-dir", "backup"]).await?;
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.contains("4 files written"), "{told}");

        drop(publishing);
        test.kubectl().run(&["delete", "noterepository,talknote,summit", "--all"]).await?;
        assert_eq!(objects(test).await?, Objects::default());
        let mut import = tokio::process::Command::new(binary()?);
        let manifests = import.args(["import", "backup"]).current_dir(test.folder()).output().await?;
        assert!(manifests.status.success(), "{}", String::from_utf8_lossy(&manifests.stderr));
        let manifests = String::from_utf8(manifests.stdout)?;
        test.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &manifests).await?;
        assert_eq!(objects(test).await?, before);
        Ok(())
    })
    .await;
}

/// Each namespace is restored from its own folder; names may repeat between them.
#[tokio::test]
async fn all_namespaces_are_restored_from_one_export() {
    with_namespace(async |test| -> Result {
        let mut outcome = Ok(());
        with_namespace(async |other| -> Result {
            outcome = two_namespaces(test, other).await;
            Ok(())
        })
        .await;
        outcome
    })
    .await;
}

async fn two_namespaces(test: &TestNamespace, other: &TestNamespace) -> Result {
    for (namespace, title) in [(test, "Tides of Traffic"), (other, "潮汐與控制器")] {
        let objects = json!({ "apiVersion": "v1", "kind": "List", "items": [
            {
                "apiVersion": "talknotes.dev/v1alpha1", "kind": "Summit", "metadata": { "name": "moon" },
                "spec": { "title": title, "startDate": "2031-05-14" },
            },
            {
                "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote", "metadata": { "name": "tides" },
                "spec": { "title": title, "summitRef": { "name": "moon" }, "markdown": format!("# {title}\n\nx  ") },
            },
        ] });
        namespace.kubectl().succeed(&["apply", "-f", "-"], &objects.to_string()).await?;
    }
    let before = (objects(test).await?, objects(other).await?);
    for format in ["markdown", "yaml"] {
        let folder = format!("backup-{format}");
        let arguments = ["--all-namespaces", "--format", format, "--output-dir", &folder];
        let output = export(test, &arguments).await?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for namespace in [test, other] {
            namespace.kubectl().run(&["delete", "talknote,summit", "--all"]).await?;
            assert_eq!(objects(namespace).await?, Objects::default());
            let own = format!("{folder}/{}", namespace.name());
            let mut import = tokio::process::Command::new(binary()?);
            import.args(["import", &own, "--namespace", namespace.name()]);
            let manifests = import.current_dir(test.folder()).output().await?;
            assert!(manifests.status.success(), "{}", String::from_utf8_lossy(&manifests.stderr));
            let manifests = String::from_utf8(manifests.stdout)?;
            namespace.kubectl().succeed(&["apply", "--server-side", "-f", "-"], &manifests).await?;
        }
        assert_eq!((objects(test).await?, objects(other).await?), before, "{format}");
    }
    Ok(())
}

#[tokio::test]
async fn more_than_a_page_is_exported_and_an_empty_namespace_is_said() {
    with_namespace(async |test| -> Result {
        let arguments = ["--namespace", test.name(), "--output-dir", "out"];
        let output = export(test, &arguments).await?;
        assert_eq!(output.status.code(), Some(1));
        let notes: Vec<_> = (0..260)
            .map(|number| {
                json!({
                    "apiVersion": "talknotes.dev/v1alpha1", "kind": "TalkNote",
                    "metadata": { "name": format!("n-{number}") },
                    "spec": { "title": "x", "markdown": "x" },
                })
            })
            .collect();
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": notes });
        test.kubectl().succeed(&["create", "-f", "-"], &list.to_string()).await?;
        let output = export(test, &arguments).await?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout)?.lines().count(), 260);
        Ok(())
    })
    .await;
}
