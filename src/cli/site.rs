//! `talknotes site`.

use std::path::PathBuf;

use clap::Args;

use super::source::Source;
use super::{Failure, findings};
use crate::api::DraftPolicy;
use crate::controller::{PublicationWindow, Visibility};
use crate::document::Collection;
use crate::preview;
use crate::viewer::{self, Base, Library};
use output::Output;

mod output;

#[derive(Args)]
#[command(after_help = "\
The folder is for any server of files: GitHub Pages, GitLab Pages, nginx. What talknotes wrote there before \
and no longer needs is removed; other files stay. Drafts, and what is not public yet or no longer, are left out.

Examples:
  talknotes site notes/ public
  talknotes site notes/ public --base-url https://team.example/summit-notes
  talknotes site https://git.example/summit-notes.git public")]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Folder for the pages; it is made where there is none
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Where readers will find the site, with its path; feeds and calendars need whole addresses
    #[arg(long, env = "TALKNOTES_BASE_URL", value_name = "URL")]
    base_url: Option<Base>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { source, out, base_url } = arguments;
    let library = Library::default();
    let reading = source.clone();
    let (mut collection, files) =
        tokio::task::spawn_blocking(move || reading.read_with_files(DraftPolicy::Hide)).await??;
    findings::tell(&source, &collection.diagnostics, &files)?;
    leave_out_withheld(&mut collection);
    if collection.notes.is_empty() {
        let nothing = match collection.documents {
            0 => source.nothing_found(),
            _ => format!(
                "nothing in {} may be shown: its notes are drafts, or not public now",
                source.location()
            ),
        };
        // A folder that was mistyped is not to empty a site.
        return Err(nothing.into());
    }
    preview::publish(&collection, &library);
    let mut output = Output::open(out)?;
    viewer::write_site(library, base_url.unwrap_or_default(), |path, content| {
        output.put(path, content)
    })
    .await?;
    let told = output.finish()?;
    anstream::eprintln!("{told}");
    Ok(())
}

/// Takes out what its author holds back at this time.
fn leave_out_withheld(collection: &mut Collection) {
    let now = jiff::Timestamp::now();
    let is_public =
        |wishes: PublicationWindow<'_>| matches!(wishes.at(now), Visibility::Public { .. });
    collection.notes.retain(|note| is_public((&note.spec).into()));
    collection.summits.retain(|summit| is_public((&summit.spec).into()));
}
