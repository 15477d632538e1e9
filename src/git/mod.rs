//! Git: the only code that speaks it.
//!
//! Everything here blocks; callers run it where blocking is allowed. A fetch is shallow and bare, and
//! the cache folder may vanish at any time.
