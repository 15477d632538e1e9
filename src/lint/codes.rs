//! The page of each code, as it stands in `docs/diagnostics`.

use rust_embed::RustEmbed;

/// Pages by the names of their files.
#[derive(RustEmbed)]
#[folder = "docs/diagnostics"]
struct Pages;

/// What a page says of its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The code.
    pub code: String,
    /// What it says, in a few words.
    pub title: String,
    /// The whole page, in Markdown.
    pub page: String,
}

/// The page of `code`, in whatever case it is written.
///
/// # Errors
///
/// The code that was probably meant, where there is no such one and another is alike.
pub fn explain(code: &str) -> Result<Explained, Option<String>> {
    let code = code.to_ascii_uppercase();
    page(&code).ok_or_else(|| {
        let mut near: Vec<String> =
            all().filter(|known| strsim::damerau_levenshtein(&code, known) == 1).collect();
        near.sort();
        near.into_iter().next()
    })
}

/// Every page, in the order of the codes.
pub fn explained() -> Vec<Explained> {
    let mut pages: Vec<Explained> = all().filter_map(|code| page(&code)).collect();
    pages.sort_by(|a, b| a.code.cmp(&b.code));
    pages
}

/// Where the page of `code` can be read on the web.
pub fn url(code: &str) -> String {
    format!("{}/blob/main/docs/diagnostics/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

fn all() -> impl Iterator<Item = String> {
    Pages::iter().filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
}

fn page(code: &str) -> Option<Explained> {
    let file = Pages::get(&format!("{code}.md"))?;
    let page = String::from_utf8(file.data.into_owned()).ok()?;
    let title = page.lines().next()?.strip_prefix("# ")?.split_once(": ")?.1.to_owned();
    Some(Explained { code: code.to_owned(), title, page })
}
