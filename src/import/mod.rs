//! What a source of documents is to be in the cluster, for the command line and the controller alike: the files
//! that its notes name, and what their author is told of those that were not read.

mod forge;
mod images;
mod link_targets;
mod preview;
mod references;
mod revision_images;
mod skipped;
mod texts;

pub use images::{ImageFile, ImageFiles, ImageReferences};
pub use link_targets::LinkReferences;
pub use preview::as_preview;
pub use references::resolve as resolve_references;
pub use revision_images::RevisionImages;
pub use skipped::diagnostic as about_skipped;
