//! The three controllers.
