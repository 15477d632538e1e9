//! What a source of documents is to be in the cluster, for the command line and the controller alike: the files
//! that its notes name, and what their author is told of those that were not read.

mod contents;
mod generations;
mod images;
mod importer;
mod link_targets;
mod mentions;
mod preview;
mod references;
mod revision_files;
mod revision_images;
mod skipped;
mod texts;
mod written;

pub use contents::{Contents, Markdown};
pub use images::{ImageFile, ImageFiles, ImageReferences, Looked, Picture, Refusal};
pub use importer::Importer;
pub use link_targets::LinkReferences;
pub use mentions::Mentions;
pub use preview::Preview;
pub use references::resolve as resolve_references;
pub use revision_files::RevisionFiles;
pub use revision_images::{PublishedImage, RevisionImages};
pub use skipped::diagnostic as about_skipped;
pub use written::Written;
