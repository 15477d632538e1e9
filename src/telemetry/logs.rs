//! Logs on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Starts logging. `RUST_LOG` chooses what is logged; without it, our own messages from `info` and
/// those of libraries from `warn`. What the parser of HTML says of odd tags is about the text of
/// notes, and diagnostics say it better.
pub fn init(format: Option<LogFormat>) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,html5ever=error,talknotes=info"));
    let terminal = std::io::stderr().is_terminal();
    let colours = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours);
    let format = format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    // A second start is possible in tests only, and then the first one holds.
    let _ = match format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
