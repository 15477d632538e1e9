//! Where notes come from.

pub mod cluster;
pub mod collection;
mod decode;
pub mod flags;
pub mod selection;
