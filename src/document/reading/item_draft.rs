//! An item of a list, or a row of a table, that may be a talk.

use crate::document::markdown::link::FoundLink;
use crate::document::markdown::outline::Item;
use crate::document::speakers::positions::Credit;
use crate::document::title::Title;

/// An item of a list that may be a talk.
#[derive(Clone, Debug)]
pub(in crate::document) struct ItemDraft {
    pub item: Item,
    pub title: Title,
    pub credits: Vec<Credit>,
    pub link: Option<FoundLink>,
    /// What stands behind the title in its line.
    pub rest: String,
    /// Whether it is a row of a table or stands among items with speakers.
    pub is_listed: bool,
    pub under_day: bool,
    pub under_group: bool,
    pub has_page: bool,
    /// Whether it links to a file that is not there and names no speaker.
    pub is_bare_link: bool,
}
