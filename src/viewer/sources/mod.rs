//! Where notes come from.

pub mod cluster;
mod decode;
pub mod flags;
pub mod selection;
