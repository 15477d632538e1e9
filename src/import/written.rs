//! Where notes are written: what their pages say of the repository and the revision that they came from.

use crate::api::NoteSource;
use crate::document::Collection;
use crate::git::{Reference, Snapshot};
use crate::render::Forge;

/// A revision of a repository at a forge whose addresses are known.
#[derive(Clone, Debug)]
pub struct Written(NoteSource);

impl Written {
    /// `snapshot`, which `reference` led to in the repository at `url`; none where readers cannot be led there.
    pub fn at(url: &str, reference: &Reference, snapshot: &Snapshot) -> Option<Self> {
        let forge = Forge::of(url)?;
        let revision = snapshot.revision();
        let is_branch = matches!(reference, Reference::Head | Reference::Branch(_));
        let made = snapshot.seconds().and_then(|at| jiff::Timestamp::from_second(at).ok());
        Some(Self(NoteSource {
            repository: forge.address().to_owned(),
            branch: (is_branch && !revision.name.is_empty()).then(|| revision.name.clone()),
            revision: Some(revision.commit.clone()),
            changed_at: made.map(|at| at.to_string()),
            ..NoteSource::default()
        }))
    }

    /// Says of each note of `collection` where it is written. What documents say of it themselves does not
    /// count: they would lead readers wherever their author likes.
    pub fn say(written: Option<&Self>, collection: &mut Collection) {
        for note in &mut collection.notes {
            note.spec.source = written.map(|Self(at)| {
                let line = i32::try_from(note.line).ok().filter(|line| *line > 0);
                Box::new(NoteSource { path: note.path.clone(), line, ..at.clone() })
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, ReadOptions, SourceFile};

    fn read(text: &str) -> Collection {
        let file = SourceFile { path: "days/one.md".to_owned(), content: text.as_bytes().to_vec() };
        document::read(&[file], ReadOptions::default())
    }

    #[test]
    fn a_note_says_its_file_and_line_and_a_document_does_not_say_another() {
        let mut collection = read(
            "---\ntalknotes: talk\ntitle: Tides\nsource: {repository: 'https://github.com/x/y', path: z}\n---\nWater.\n",
        );
        assert_eq!(collection.notes[0].spec.source.as_ref().unwrap().path, "z", "{collection:?}");
        Written::say(None, &mut collection);
        assert_eq!(collection.notes[0].spec.source, None);
        let at = NoteSource { revision: Some("c0".repeat(20)), ..NoteSource::default() };
        Written::say(Some(&Written(at.clone())), &mut collection);
        let expected = NoteSource { path: "days/one.md".to_owned(), line: Some(1), ..at };
        assert_eq!(collection.notes[0].spec.source.as_deref(), Some(&expected));
    }
}
