//! `talknotes crds`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Failure;
use crate::api::crds;

#[derive(Args)]
#[command(after_help = "\
Examples:
  talknotes crds | kubectl apply --server-side -f -
  talknotes crds --output-dir crds/")]
pub(super) struct Arguments {
    /// Write one file a kind into this folder instead of printing them
    #[arg(long, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let definitions = crds::all()?;
    if let Some(folder) = &arguments.output_dir {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
        for definition in definitions {
            let path = folder.join(&definition.file_name);
            std::fs::write(&path, definition.yaml()?)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
    } else {
        let mut out = std::io::stdout().lock();
        for definition in definitions {
            out.write_all(definition.yaml()?.as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
