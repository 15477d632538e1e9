//! Texts of notes and summits that are about to be rendered.
//!
//! Texts are most of what notes are, and are needed only while a page is made. A watched object is kept
//! without its text; that of an event that asks for a new page is kept here until the page is made, as
//! far as there is room. What finds no room is read again from the API server.

use std::sync::Arc;

use crate::document::KeepingRoom;

/// Bytes of texts that may wait.
const ROOM: usize = 16 * 1024 * 1024;

/// How much room is taken. Clones share it.
#[derive(Clone, Debug)]
pub struct TextRoom(KeepingRoom);

impl Default for TextRoom {
    fn default() -> Self {
        Self(KeepingRoom::of(ROOM))
    }
}

/// A text that waits. Its room is free again when it is dropped.
#[derive(Debug)]
pub struct WaitingText {
    uid: Option<String>,
    generation: Option<i64>,
    text: String,
    room: KeepingRoom,
}

impl TextRoom {
    /// Bytes of all texts that wait.
    pub fn taken(&self) -> usize {
        self.0.taken()
    }

    /// Keeps the text of an object, if there is room for it.
    pub fn keep(
        &self,
        uid: Option<String>,
        generation: Option<i64>,
        text: String,
    ) -> Option<Arc<WaitingText>> {
        let room = self.0.take(text.len()).then(|| self.0.clone())?;
        Some(Arc::new(WaitingText { uid, generation, text, room }))
    }
}

impl WaitingText {
    /// The text, if it is that of this object at this generation.
    pub fn of(&self, uid: Option<&String>, generation: Option<i64>) -> Option<&str> {
        let is_it = self.uid.as_ref() == uid && self.generation == generation;
        is_it.then_some(self.text.as_str())
    }
}

impl PartialEq for WaitingText {
    fn eq(&self, other: &Self) -> bool {
        (&self.uid, self.generation) == (&other.uid, other.generation)
    }
}

impl Drop for WaitingText {
    fn drop(&mut self) {
        self.room.give_back(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_wait_as_far_as_there_is_room_for_them() {
        let room = TextRoom::default();
        let first = room.keep(None, Some(1), "x".repeat(ROOM - 1)).unwrap();
        assert!(room.keep(None, Some(1), "xx".to_owned()).is_none());
        let small = room.keep(None, Some(2), "x".to_owned()).unwrap();
        assert_eq!(room.taken(), ROOM);
        drop(first);
        assert_eq!(room.taken(), 1);
        assert_eq!((small.of(None, Some(2)), small.of(None, Some(3))), (Some("x"), None));
    }
}
