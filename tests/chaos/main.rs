//! Storms: whatever authors, people, other programs and failing machines do at once, in the end the
//! cluster is what `talknotes import` says of each HEAD, and nothing else was touched.
//!
//! ```text
//!  seed ──▶ notes ──▶ two git repositories ──▶ the operator, a process ──▶ a real API server
//!    └────▶ operations: pushes, moves, foreign hands, kills, outages, damaged caches
//!                                     then: compare with `talknotes import` of each HEAD
//! ```
//!
//! `make chaos` runs a hundred storms; `cargo test` five. `CHAOS_SEED` is the seed of the first storm,
//! each storm after it has the next number, and each is a world of its own: so the seed that a failure
//! names brings back that storm alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

mod bystanders;
mod changes;
mod compare;
mod edits;
mod hands;
mod imported;
mod notes;
mod operations;
mod pages;
mod repository;
mod storm;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::time::Instant;

use storm::Settings;
use support::namespace::with_namespace;

#[tokio::test]
async fn after_every_storm_the_cluster_is_what_head_says() {
    let settings = Settings::from_environment().unwrap();
    println!("CHAOS_SEED={} CHAOS_STORMS={}", settings.seed, settings.storms);
    for number in 1..=settings.storms {
        let (seed, start) = (settings.seed + number - 1, Instant::now());
        println!("storm {number} of {}, seed {seed}", settings.storms);
        with_namespace(async |test| {
            let told = storm::rage(test, seed).await?;
            println!("  {told}; {} s", start.elapsed().as_secs());
            Ok(())
        })
        .await;
    }
}
