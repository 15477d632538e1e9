//! What may happen in a storm. The seed decides what does.

use std::fs::{self, File};
use std::io::Write as _;

use crate::edits::edit;
use crate::hands;
use crate::support::Result;
use crate::support::kstatus;
use crate::support::publishing;
use crate::world::World;

/// Does one thing, chosen by chance, and writes down what.
pub async fn any(world: &mut World<'_>) -> Result {
    match world.rng.u8(..100) {
        0..28 => push(world).await,
        28..36 => move_document(world, false).await,
        36..39 => move_document(world, true).await,
        39..44 => rewind(world).await,
        44..70 => hands::any(world).await,
        70..81 => kill(world).await,
        81..87 => damage_cache(world),
        87..90 => switch_api(world).await,
        90..93 => switch_git(world),
        93..96 => switch_suspension(world).await,
        _ => recreate(world).await,
    }
}

/// Everything is there again and nobody holds anything. What was pushed meanwhile is told.
pub async fn calm(world: &mut World<'_>) -> Result {
    if world.api_is_away {
        switch_api(world).await?;
    }
    if world.git_is_away {
        switch_git(world)?;
    }
    for index in 0..world.repositories.len() {
        if !world.repositories[index].there {
            recreate_at(world, index).await?;
        }
        if world.repositories[index].suspended {
            switch_suspension_at(world, index).await?;
        }
        world.announce(index).await?;
    }
    hands::let_go(world).await
}

async fn push(world: &mut World<'_>) -> Result {
    let index = world.any_repository();
    let edits = world.rng.usize(1..4);
    let mut done = Vec::new();
    for _ in 0..edits {
        let files = &mut world.repositories[index].files;
        done.push(edit(files, &mut world.author, &mut world.rng));
    }
    let (done, over) = (done.join(", "), world.rng.u8(..5) == 0);
    let name = world.repositories[index].name;
    world.tell(format!("{name}: {done}, {}", if over { "force-push" } else { "push" }));
    let repository = &mut world.repositories[index];
    match over {
        true => repository.push_over(&done).await?,
        false => repository.push(&done).await?,
    }
    world.announce(index).await
}

async fn rewind(world: &mut World<'_>) -> Result {
    let (index, back) = (world.any_repository(), world.rng.usize(1..4));
    world.tell(format!("{}: force-push an older commit", world.repositories[index].name));
    let back = world.repositories[index].rewind(back).await?;
    world.went(&format!("{back} back"));
    world.announce(index).await
}

/// Moves a document to the other repository, or copies it there.
async fn move_document(world: &mut World<'_>, copy: bool) -> Result {
    let from = world.any_repository();
    let to = 1 - from;
    let paths: Vec<String> = world.repositories[from].files.documents.keys().cloned().collect();
    let Some(path) = world.rng.choice(paths) else { return push(world).await };
    let added_first = copy || world.rng.bool();
    let (source, target) = (world.repositories[from].name, world.repositories[to].name);
    world.tell(match (copy, added_first) {
        (true, _) => format!("copy {path} from {source} to {target}"),
        (_, true) => format!("add {path} of {source} to {target}, then remove it from {source}"),
        (_, false) => format!("remove {path} from {source}, then add it to {target}"),
    });
    let document = world.repositories[from].files.documents[&path].clone();
    let images = document.talks.iter().filter_map(|talk| talk.image.clone());
    let images: Vec<String> = images.collect();
    let files = &mut world.repositories[to].files;
    files.documents.insert(path.clone(), document);
    for image in images {
        if let Some(shown) = world.repositories[from].files.images.get(&image).copied() {
            world.repositories[to].files.images.insert(image, shown);
        }
    }
    if !copy {
        world.repositories[from].files.documents.remove(&path);
    }
    let (first, second) = if added_first { (to, from) } else { (from, to) };
    world.repositories[first].push("Move notes").await?;
    world.announce(first).await?;
    if copy {
        return Ok(());
    }
    between(world, first).await?;
    world.repositories[second].push("Move notes").await?;
    world.announce(second).await
}

/// What may happen between the two pushes of a move.
async fn between(world: &mut World<'_>, first: usize) -> Result {
    let repository = &world.repositories[first];
    let seen = repository.there && !repository.suspended && !repository.untold;
    match world.rng.u8(..4) {
        0 => kill(world).await,
        1..3 if seen && !world.api_is_away && !world.git_is_away => {
            let repository = &world.repositories[first];
            let (name, commit) = (repository.name, repository.commit.clone());
            publishing::repository(world.test, name, &format!("{commit} to be seen"), |object| {
                let attempted = object["status"]["lastAttemptedRevision"].as_str();
                attempted.is_some_and(|revision| revision.ends_with(&commit))
            })
            .await?;
            world.went("the first push was seen before the second");
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn kill(world: &mut World<'_>) -> Result {
    let changes = world.rng.u64(..25);
    world.tell(format!("kill -9 the controller after {changes} changes"));
    world.kill(changes).await
}

/// Cuts, overwrites or removes a file of a git cache, while the operator runs.
fn damage_cache(world: &mut World<'_>) -> Result {
    let (how, number) = (world.rng.u8(..4), world.rng.usize(..));
    let files = world.cache_files()?;
    let Some(path) = files.get(number % files.len().max(1)) else {
        world.tell("damage a git cache (there is none yet)".to_owned());
        return Ok(());
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let what = ["truncate", "overwrite", "empty", "remove"][usize::from(how)];
    world.tell(format!("{what} {name} in a git cache"));
    let outcome = match how {
        0 => File::options().write(true).open(path).and_then(|file| {
            let length = file.metadata()?.len();
            file.set_len(length / 2)
        }),
        // As long as before: a size tells nothing then.
        1 => fs::read(path).and_then(|bytes| overwrite(path, bytes.len())),
        2 => File::options().write(true).truncate(true).open(path).map(drop),
        _ => fs::remove_file(path),
    };
    if let Err(error) = outcome {
        world.went(&error.to_string());
    }
    Ok(())
}

fn overwrite(path: &std::path::Path, length: usize) -> std::io::Result<()> {
    // Files of a cache cannot be written, as git makes them.
    let mut permissions = fs::metadata(path)?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    fs::set_permissions(path, permissions)?;
    File::options().write(true).open(path)?.write_all(&vec![0x5a; length])
}

async fn switch_api(world: &mut World<'_>) -> Result {
    if world.api_is_away {
        world.tell("start the API server again".to_owned());
        world.bring_api_back().await?;
        for index in 0..world.repositories.len() {
            world.announce(index).await?;
        }
        return Ok(());
    }
    world.tell("kill the API server".to_owned());
    world.take_api_away()
}

fn switch_git(world: &mut World<'_>) -> Result {
    let refuse = !world.git_is_away;
    let how = if refuse { "answers 503" } else { "answers again" };
    world.tell(format!("the git server {how}"));
    world.let_git_refuse(refuse);
    Ok(())
}

async fn switch_suspension(world: &mut World<'_>) -> Result {
    let index = world.any_repository();
    if world.api_is_away || !world.repositories[index].there {
        return push(world).await;
    }
    switch_suspension_at(world, index).await
}

async fn switch_suspension_at(world: &mut World<'_>, index: usize) -> Result {
    let suspend = !world.repositories[index].suspended;
    let how = if suspend { "suspend" } else { "resume" };
    world.tell(format!("{how} {}", world.repositories[index].name));
    world.suspend(index, suspend).await
}

async fn recreate(world: &mut World<'_>) -> Result {
    let index = world.any_repository();
    if world.api_is_away {
        return push(world).await;
    }
    if !world.repositories[index].there {
        return recreate_at(world, index).await;
    }
    world.tell(format!("delete the NoteRepository {}", world.repositories[index].name));
    world.delete(index).await?;
    if world.rng.bool() { recreate_at(world, index).await } else { Ok(()) }
}

async fn recreate_at(world: &mut World<'_>, index: usize) -> Result {
    world.tell(format!("create the NoteRepository {}", world.repositories[index].name));
    world.create(index).await
}

/// What a person does when the delete guard asks: this is meant.
pub async fn allow_what_is_guarded(world: &mut World<'_>) -> Result {
    for index in 0..world.repositories.len() {
        let name = world.repositories[index].name;
        let object = serde_json::to_value(
            world.test.api::<talknotes::api::NoteRepository>().get(name).await?,
        )?;
        let revision = object["status"]["lastAttemptedRevision"].as_str().unwrap_or_default();
        let allow = talknotes::api::names::ALLOW_PRUNE;
        let guarded = kstatus::reason(&object, "Stalled") == "DeleteGuard"
            && revision.ends_with(&world.repositories[index].commit)
            && object["metadata"]["annotations"][allow] != revision;
        if guarded {
            world.tell(format!("allow {name} to delete what {revision} has no longer"));
            let patch = serde_json::json!({ "metadata": { "annotations": { allow: revision } } });
            world.patch(index, patch).await?;
        }
    }
    Ok(())
}
