//! `talknotes explain`.

use std::io::Write;
use std::process::ExitCode;

use anstyle::Style;
use clap::Args;

use super::Failure;
use crate::lint;

#[derive(Args)]
#[command(after_help = "\
The same pages are in docs/diagnostics.

Examples:
  talknotes explain TN1302
  talknotes explain          every code with its title")]
pub(super) struct Arguments {
    /// Code in brackets, such as TN1302; if not given, all codes are listed
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut out = anstream::stdout().lock();
    match &arguments.code {
        Some(code) => print(&mut out, code)?,
        None => {
            for page in lint::explained() {
                writeln!(out, "{}  {}", page.code, page.title)?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, code: &str) -> Result<(), Failure> {
    let page = lint::explain(code).map_err(|near| {
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("there is no code {code}{near} (`talknotes explain` lists them)")
    })?;
    let bold = Style::new().bold();
    for line in page.page.lines() {
        match line.strip_prefix("# ").or_else(|| line.strip_prefix("## ")) {
            Some(heading) => writeln!(out, "{bold}{heading}{bold:#}")?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}
