//! The web viewer.
