//! How wide the screen is on which people read.

/// Columns where nobody says how many there are.
const USUAL: usize = 80;
/// Wider lines are hard to read.
const WIDEST: usize = 100;
/// On less nothing can be laid out.
const NARROWEST: usize = 20;
/// Columns of messages where they go to no terminal: lines of code beside them are not cut there.
const MESSAGES: usize = 140;

/// Columns for text, from `$COLUMNS` or the terminal at standard output.
pub(super) fn width_of_text() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = told.or_else(|| columns(terminal_size::terminal_size_of(std::io::stdout())));
    width.unwrap_or(USUAL).clamp(NARROWEST, WIDEST)
}

/// Columns for messages, from the terminal at standard error.
pub(super) fn width_of_messages() -> usize {
    let width = columns(terminal_size::terminal_size_of(std::io::stderr()));
    width.map_or(MESSAGES, |width| width.max(NARROWEST))
}

fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}
