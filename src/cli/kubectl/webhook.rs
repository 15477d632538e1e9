//! `kubectl talknotes webhook`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use kube::Resource as _;
use url::Url;

use super::session::{Kind, Session, Target};
use crate::api::NoteRepository;
use crate::cli::Failure;
use crate::cli::diagnostics::visible;

/// What to do at each kind of git server: part of its address, its name, and where to click.
const FORGES: [(&str, &str, &str); 4] = [
    (
        "github",
        "GitHub",
        "Settings > Webhooks > Add webhook: Payload URL, content type application/json, Secret; Just the \
         push event",
    ),
    (
        "gitlab",
        "GitLab",
        "Settings > Webhooks > Add new webhook: URL, Secret token; Push events, and Tag push events where \
         tags are followed",
    ),
    (
        "bitbucket",
        "Bitbucket",
        "Repository settings > Webhooks > Add webhook: URL, Secret; Repository push",
    ),
    (
        "",
        "Gitea, Forgejo",
        "Settings > Webhooks > Add Webhook > Gitea or Forgejo: Target URL, POST, application/json, Secret; \
         Push Events",
    ),
];

#[derive(Args)]
#[command(after_help = "\
Examples:
  kubectl talknotes webhook my-notes
  kubectl talknotes webhook my-notes --webhook-url https://hooks.example.org")]
pub(super) struct Arguments {
    /// Name of the NoteRepository, or noterepository/NAME
    name: String,
    /// Address at which git servers reach the controllers' webhooks, such as https://hooks.example.org
    #[arg(long, env = "TALKNOTES_WEBHOOK_URL", value_name = "URL")]
    webhook_url: Option<String>,
}

pub(super) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let text = &arguments.name;
    let target: Target = match text.contains('/') {
        true => text.parse()?,
        false => format!("noterepository/{text}").parse()?,
    };
    if target.kind != Kind::NoteRepository {
        return Err(format!("only a NoteRepository has a webhook; {target} has none").into());
    }
    let repository: NoteRepository = session.get(&target.name).await?;
    let name = &target.name;
    let Some(webhook) = &repository.spec.webhook else {
        return Err(not_wanted(name).into());
    };
    let path = repository.status.as_ref().and_then(|status| status.webhook_path.as_deref());
    let Some(path) = path.filter(|_| repository.meta().uid.is_some()) else {
        return Err(format!(
            "{target} has no status.webhookPath: is the controller running, and was it started with \
             --webhook-address?"
        )
        .into());
    };
    let address = match &arguments.webhook_url {
        Some(base) => address(base, path)?,
        None => format!("https://<where git servers reach the controllers>{path}"),
    };
    let secret = &webhook.secret_ref.name;
    let mut out = std::io::stdout().lock();
    writeln!(out, "URL:     {}", visible(&address))?;
    writeln!(
        out,
        "Secret:  kubectl get secret {secret} -n {} -o go-template='{{{{.data.token | base64decode}}}}'",
        session.namespace
    )?;
    let url = repository.spec.url.to_lowercase();
    let known = FORGES.iter().find(|(part, ..)| !part.is_empty() && url.contains(part));
    for (_, forge, clicks) in
        FORGES.iter().filter(|forge| known.is_none_or(|known| *forge == known))
    {
        writeln!(out, "\n{forge}\n  {clicks}")?;
    }
    if known.is_none() {
        writeln!(
            out,
            "\nAnything else\n  POST with the header X-Signature: sha256=<HMAC-SHA256 of the body by the \
             token>"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn not_wanted(name: &str) -> String {
    format!(
        "noterepository/{name} has no spec.webhook. Make a token and name it:\n  kubectl create secret \
         generic {name}-webhook --from-literal=token=\"$(openssl rand -hex 32)\"\n  kubectl patch \
         noterepository {name} --type=merge -p '{{\"spec\":{{\"webhook\":{{\"secretRef\":{{\"name\":\
         \"{name}-webhook\"}}}}}}}}'"
    )
}

fn address(base: &str, path: &str) -> Result<String, Failure> {
    let url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or("the address of webhooks should begin with http:// or https://")?;
    Ok(format!("{}{path}", url.as_str().trim_end_matches('/')))
}
