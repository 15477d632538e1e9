use super::*;

#[test]
fn nothing_is_left_of_an_object_that_is_forgotten() {
    let memory = Memory::default();
    let object = key("TalkNote", "north", "a");
    memory.attempts().put(object.clone(), 1);
    memory.drifts().put(object.clone(), 1);
    memory.statuses().put(object.clone(), ("1".to_owned(), 1));
    memory.expected().put(object.clone(), "x".to_owned());
    memory.restored().update(&object, |times| times.push_back(Instant::now()));
    memory.expected().put(key("TalkNote", "south", "a"), "x".to_owned());
    assert_eq!(memory.len(), 2);
    memory.forget(&object);
    assert_eq!(memory.len(), 1);
    assert_eq!(memory.attempts().get(&object), None);
    memory.expected().forget(&key("TalkNote", "south", "a"));
    assert_eq!(memory.len(), 0, "of which nothing is remembered, that takes no room");
}

#[test]
fn an_object_that_will_be_brought_back_is_expected_as_before() {
    let memory = Memory::default();
    let object = key("TalkNote", "north", "a");
    memory.attempts().put(object.clone(), 1);
    memory.expected().put(object.clone(), "x".to_owned());
    memory.gone(&object, true);
    assert_eq!(memory.attempts().get(&object), None);
    assert_eq!(memory.expected().get(&object).as_deref(), Some("x"));
    memory.gone(&object, false);
    assert_eq!(memory.len(), 0);
    memory.restored().put(object.clone(), VecDeque::new());
    memory.gone(&object, true);
    assert_eq!(memory.len(), 0, "one that is not expected will not be brought back");
}
