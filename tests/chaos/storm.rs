//! One storm: gusts of operations, each followed by a calm in which the cluster has to become what
//! HEAD says.

use crate::compare::{self, Seen};
use crate::operations;
use crate::support::namespace::TestNamespace;
use crate::support::wait::{self, DEADLINE, Look};
use crate::support::{Result, child};
use crate::world::World;

/// How many gusts a storm has: what agreed once has memories that what begins has not.
const GUSTS: usize = 2;

/// How many storms, and which.
pub struct Settings {
    pub seed: u64,
    pub storms: u64,
}

impl Settings {
    /// `CHAOS_SEED` and `CHAOS_STORMS`; a few storms that are always the same where they are not set.
    pub fn from_environment() -> Result<Self> {
        let number = |name: &str, otherwise: u64| match std::env::var(name) {
            Ok(text) if !text.is_empty() => {
                text.parse().map_err(|error| format!("{name}={text}: {error}"))
            }
            _ => Ok(otherwise),
        };
        Ok(Self { seed: number("CHAOS_SEED", 1)?, storms: number("CHAOS_STORMS", 5)? })
    }
}

/// The storm of the seed `seed`. Says in a few words what there was.
///
/// # Errors
/// With everything that was done and the first difference that stays.
pub async fn rage(test: &TestNamespace, seed: u64) -> Result<String> {
    let mut world = World::start(test, seed).await?;
    match gusts(&mut world).await {
        Ok(()) => {
            world.bystanders.remove().await?;
            let (operations, kills) = (world.log.len(), world.kills);
            Ok(format!("{operations} operations, {kills} of them kills"))
        }
        Err(error) => Err(format!(
            "{error}\n\nWhat was done, in this order:\n  {}\n\nThis storm alone: make chaos \
             CHAOS_SEED={seed} CHAOS_STORMS=1",
            world.log.join("\n  ")
        )
        .into()),
    }
}

async fn gusts(world: &mut World<'_>) -> Result {
    for gust in 1..=GUSTS {
        for _ in 0..world.rng.usize(3..8) {
            operations::any(world).await?;
        }
        operations::calm(world).await?;
        agree(world).await?;
        world.tell(format!("calm {gust}: the cluster is what HEAD says"));
    }
    let log = std::fs::read_to_string(world.operator.log())?;
    if log.contains("panicked at") {
        return Err(format!("the controller panicked:\n{}", lines_around(&log)).into());
    }
    Ok(())
}

fn lines_around(log: &str) -> String {
    let from = log.find("panicked at").unwrap_or_default();
    log[from..].lines().take(10).collect::<Vec<_>>().join("\n")
}

/// Waits until the cluster is what each HEAD says.
async fn agree(world: &mut World<'_>) -> Result {
    let seen = wait::until("the cluster to be what HEAD says", DEADLINE, async || {
        world.operator.check_running()?;
        operations::allow_what_is_guarded(world).await?;
        let seen = Seen::list(world.test).await?;
        let differences = compare::differences(world, &seen).await?;
        Ok(match differences.split_first() {
            None => Look::Met(seen),
            Some((first, others)) => {
                Look::NotYet(format!("{first}\n(and {} other differences)", others.len()))
            }
        })
    })
    .await
    .map_err(|error| {
        let log = child::last_lines(world.operator.log(), 15);
        format!("{error}\n\nThe controller said last:\n{log}")
    })?;
    for repository in &mut world.repositories {
        let kept = compare::kept(repository, &seen);
        repository.agreed(kept);
    }
    Ok(())
}
