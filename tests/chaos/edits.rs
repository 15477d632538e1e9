//! What authors do to their files between two pushes.

use fastrand::Rng;

use crate::notes::{Author, Document, Files, Style};

/// Changes something about `files` and says what.
pub fn edit(files: &mut Files, author: &mut Author, rng: &mut Rng) -> String {
    // Not everything is possible at any time; adding a document is.
    for _ in 0..10 {
        let done = match rng.u8(..24) {
            0..5 => edit_talk(files, author, rng),
            5..8 => add_talk(files, author, rng),
            8..10 => remove_talk(files, rng),
            10 => swap_talks(files, rng),
            11..13 => remove_document(files, rng),
            13..15 => rename(files, author, rng),
            15 => set_broken(files, rng, true),
            16..18 => set_broken(files, rng, false),
            18..20 => toggle_draft(files, rng),
            20..22 => show_image(files, author, rng),
            22 => change_image(files, author, rng),
            _ => remove_image(files, rng),
        };
        if let Some(done) = done {
            return done;
        }
    }
    let (path, document) = author.document();
    let done = format!("add {path}");
    files.documents.insert(path, document);
    done
}

/// A document for which `wanted` is true.
fn any<'a>(
    files: &'a mut Files,
    rng: &mut Rng,
    wanted: impl Fn(&Document) -> bool,
) -> Option<(&'a String, &'a mut Document)> {
    let found = files.documents.iter_mut().filter(|(_, document)| wanted(document));
    rng.choice(found.collect::<Vec<_>>())
}

fn edit_talk(files: &mut Files, author: &mut Author, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |document| !document.talks.is_empty())?;
    let number = rng.usize(..document.talks.len());
    author.edit(&mut document.talks[number]);
    Some(format!("edit talk {number} of {path}"))
}

fn add_talk(files: &mut Files, author: &mut Author, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |document| document.style != Style::Single)?;
    let place = rng.usize(..=document.talks.len());
    document.talks.insert(place, author.talk());
    Some(format!("add talk {place} to {path}"))
}

fn remove_talk(files: &mut Files, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |document| document.talks.len() > 1)?;
    let number = rng.usize(..document.talks.len());
    document.talks.remove(number);
    Some(format!("remove talk {number} of {path}"))
}

fn swap_talks(files: &mut Files, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |document| document.talks.len() > 1)?;
    let last = document.talks.len() - 1;
    document.talks.swap(0, last);
    Some(format!("swap the first and the last talk of {path}"))
}

fn remove_document(files: &mut Files, rng: &mut Rng) -> Option<String> {
    if files.documents.len() < 3 {
        return None;
    }
    let path = any(files, rng, |_| true)?.0.clone();
    files.documents.remove(&path);
    Some(format!("remove {path}"))
}

fn rename(files: &mut Files, author: &mut Author, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |_| true)?;
    let (path, document) = (path.clone(), document.clone());
    // A path of the same style, in the same folder.
    let fresh = (0..20).map(|_| author.document()).find(|(_, new)| new.style == document.style)?.0;
    files.documents.remove(&path);
    let done = format!("rename {path} to {fresh}");
    files.documents.insert(fresh, document);
    Some(done)
}

fn set_broken(files: &mut Files, rng: &mut Rng, broken: bool) -> Option<String> {
    let (path, document) = any(files, rng, |document| document.broken != broken)?;
    document.broken = broken;
    Some(format!("{} {path}", if broken { "break" } else { "mend" }))
}

fn toggle_draft(files: &mut Files, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, Document::may_be_draft)?;
    document.draft = !document.draft;
    Some(format!("set draft: {} in {path}", document.draft))
}

fn show_image(files: &mut Files, author: &mut Author, rng: &mut Rng) -> Option<String> {
    let (path, document) = any(files, rng, |document| document.style != Style::Manifest)?;
    let number = rng.usize(..document.talks.len());
    let shown = author.number();
    let image = format!("images/quay-{shown}.png");
    document.talks[number].image = Some(image.clone());
    let done = format!("show {image} in talk {number} of {path}");
    files.images.insert(image, shown);
    Some(done)
}

fn change_image(files: &mut Files, author: &mut Author, rng: &mut Rng) -> Option<String> {
    let (path, shown) = rng.choice(files.images.iter_mut().collect::<Vec<_>>())?;
    *shown = author.number();
    Some(format!("change {path}"))
}

fn remove_image(files: &mut Files, rng: &mut Rng) -> Option<String> {
    let path = rng.choice(files.images.keys().cloned().collect::<Vec<_>>())?;
    files.images.remove(&path);
    Some(format!("remove {path}"))
}
