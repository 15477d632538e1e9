//! Where notes come from.

pub mod cluster;
mod decode;
