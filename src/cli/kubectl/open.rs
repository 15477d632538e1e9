//! `kubectl talknotes open`.

use std::io::{IsTerminal as _, Write as _};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, ResourceExt};
use url::Url;

use super::session::{Kind, Session, Target};
use crate::api::{Summit, TalkNote, names};
use crate::cli::Failure;
use crate::viewer::{Key, PageId};

#[derive(Args)]
#[command(after_help = "\
The viewer's address is that of --viewer-url or $TALKNOTES_VIEWER_URL, else that of the annotation \
talknotes.dev/viewer-url on the Summit or on the namespace.

Examples:
  kubectl talknotes open summit/cloud-harbor-2031 --viewer-url https://notes.example.org
  kubectl annotate namespace summits talknotes.dev/viewer-url=https://notes.example.org
  kubectl talknotes open level-triggered-70164052 --print")]
pub(super) struct Arguments {
    /// Name of a note, or talknote/NAME or summit/NAME
    target: Target,
    /// Address at which the viewer is reached, such as https://notes.example.org
    #[arg(long, env = "TALKNOTES_VIEWER_URL", value_name = "URL")]
    viewer_url: Option<String>,
    /// Only print the address; also where standard output is no terminal
    #[arg(long)]
    print: bool,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (page, summit) = page(session, &arguments.target).await?;
    let base = match &arguments.viewer_url {
        Some(url) => Some(url.clone()),
        None => annotated(session, summit.as_ref()).await,
    };
    let Some(base) = base else {
        return Err(format!(
            "the viewer's address is not known: name it with --viewer-url, or run `kubectl --namespace \
             talknotes-system port-forward service/talknotes-viewer 8080:80` and use --viewer-url \
             http://localhost:8080 (the page is {page})"
        )
        .into());
    };
    let url = address(&base, &page)?;
    writeln!(std::io::stdout().lock(), "{url}")?;
    if !arguments.print && std::io::stdout().is_terminal() {
        browse(&url);
    }
    Ok(ExitCode::SUCCESS)
}

/// The page of an object, and its summit.
async fn page(session: &Session, target: &Target) -> Result<(PageId, Option<Summit>), Failure> {
    let key = Key::new(&session.namespace, &target.name);
    match target.kind {
        Kind::Summit => Ok((PageId::Summit(key), Some(session.get(&target.name).await?))),
        Kind::TalkNote => {
            let note: TalkNote = session.get(&target.name).await?;
            let name = note.spec.summit_ref.map(|summit| summit.name);
            let summit = match &name {
                Some(name) => session.find::<Summit>(name).await?,
                None => None,
            };
            Ok((PageId::Note { key, summit: name }, summit))
        }
        Kind::NoteRepository => Err("a NoteRepository has no page; name a note or a summit".into()),
    }
}

/// The address that the summit or the namespace states. Not to be allowed to read the namespace is no
/// failure: there are other ways to name the address.
async fn annotated(session: &Session, summit: Option<&Summit>) -> Option<String> {
    if let Some(url) = summit.and_then(|summit| summit.annotations().get(names::VIEWER_URL)) {
        return Some(url.clone());
    }
    let namespaces: Api<Namespace> = Api::all(session.client.clone());
    let namespace = namespaces.get_opt(&session.namespace).await.ok()??;
    namespace.annotations().get(names::VIEWER_URL).cloned()
}

fn address(base: &str, page: &PageId) -> Result<Url, Failure> {
    let url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut url = url.ok_or("the viewer's address should begin with http:// or https://")?;
    let path = format!("{}{page}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// Shows a page in the person's browser, as well as that can be done.
fn browse(url: &Url) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = || Stdio::null();
    let started = Command::new(program)
        .arg(url.as_str())
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .status();
    if !started.is_ok_and(|status| status.success()) {
        anstream::eprintln!("no browser could be started; the address is above");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_viewer() {
        let page = PageId::Summit(Key::new("ns", "moon"));
        for base in ["https://x.example", "https://x.example/"] {
            assert_eq!(address(base, &page).unwrap().as_str(), "https://x.example/ns/moon");
        }
        let below = address("https://x.example/notes/", &page).unwrap();
        assert_eq!(below.as_str(), "https://x.example/notes/ns/moon");
        for base in ["javascript:alert(1)", "x.example", "file:///etc"] {
            assert!(address(base, &page).is_err(), "{base}");
        }
    }
}
