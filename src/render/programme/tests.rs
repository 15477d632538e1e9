use super::*;
use crate::api::{Link, SummitAgenda};

const SCHEDULE: &str = r#"{"schedule": {"conference": {"days": [
  {"date": "2031-10-22", "rooms": {
    "Beacon": [
      {"code": "FOG123", "date": "2031-10-22T10:40:00+08:00", "start": "10:40", "duration": "0:40", "title": "Keynote: 霧中的節流", "type": "keynote",
       "track": "Traffic", "url": "https://program.example/talk/FOG123/", "persons": [{"public_name": "林霧燈"}]},
      {"code": "NGT456", "date": "2031-10-23T00:15:00+08:00", "start": "00:15", "duration": "0:30", "title": "Night shift", "persons": []}],
    "Drydock": [
      {"id": 7, "start": "9:00", "duration": "1:30", "title": "Tides of storage", "persons": [{"name": "Otto Fathom"}], "url": "javascript:x"}]}}]}}}"#;

fn read(text: &str) -> Vec<Session> {
    super::read(text, Some("Asia/Taipei")).unwrap()
}

fn facts(session: &Session) -> [&str; 5] {
    let text = |text: &Option<String>| -> &str {
        text.as_deref().map_or("-", |text| text.to_owned().leak())
    };
    [
        session.title.clone().leak(),
        text(&session.day),
        text(&session.start_time),
        text(&session.end_time),
        text(&session.room),
    ]
}

#[test]
fn a_schedule_is_read_with_nights_that_belong_to_their_day() {
    let sessions = read(SCHEDULE);
    let facts: Vec<_> = sessions.iter().map(facts).collect();
    assert_eq!(
        facts,
        [
            ["Tides of storage", "2031-10-22", "09:00", "10:30", "Drydock"],
            ["Keynote: 霧中的節流", "2031-10-22", "10:40", "11:20", "Beacon"],
            ["Night shift", "2031-10-22", "24:15", "24:45", "Beacon"],
        ]
    );
    assert_eq!(sessions[1].kind, Some(TalkKind::Keynote));
    assert_eq!((&*sessions[1].id, &*sessions[0].id), ("FOG123", "7"));
    assert_eq!((sessions[0].url.as_deref(), sessions[1].track.as_deref()), (None, Some("Traffic")));
}

#[test]
fn our_own_schedule_is_read_back() {
    let card = Card {
        name: "fog".to_owned(),
        title: "Fog".to_owned(),
        day: Some("2031-10-22".to_owned()),
        start_time: Some("23:50".to_owned()),
        end_time: Some("24:20".to_owned()),
        room: Some("R1".to_owned()),
        ..Card::default()
    };
    let summit = crate::render::SummitDocument { name: "harbor".to_owned(), ..Default::default() };
    let exported =
        crate::render::Exported { summit: &summit, cards: &[&card], title: "x", page: None };
    let sessions = read(&crate::render::exports::schedule(&exported));
    assert_eq!(facts(&sessions[0]), ["Fog", "2031-10-22", "23:50", "24:20", "R1"]);
}

#[test]
fn sessions_of_opass_and_sessionize_name_speakers_and_rooms_by_ids() {
    let opass = r#"{"sessions": [{"id": "a1", "type": "L", "room": "R2", "start": "2031-10-22T10:00:00+08:00", "end": "2031-10-22T10:30:00+08:00",
        "speakers": ["s1", "gone"], "zh": {"title": "夜航"}, "en": {"title": "Night voyage"}, "uri": "https://program.example/a1"}],
      "speakers": [{"id": "s1", "zh": {"name": "林霧燈"}, "en": {"name": "Misty Lin"}}],
      "session_types": [{"id": "L", "zh": {"name": "閃電演講"}, "en": {"name": "Lightning Talk"}}], "rooms": [{"id": "R2", "zh": {"name": "二號碼頭"}, "en": {"name": "Pier 2"}}], "tags": []}"#;
    let session = &read(opass)[0];
    assert_eq!(facts(session), ["夜航", "2031-10-22", "10:00", "10:30", "二號碼頭"]);
    assert_eq!(session.kind, Some(TalkKind::Lightning));
    assert_eq!(session.speakers.len(), 1);
    assert_eq!(session.speakers[0].alias.as_deref(), Some("Misty Lin"));
    let sessionize = r#"{"sessions": [{"id": "9", "title": "Ropes", "startsAt": "2031-10-22T10:00:00", "endsAt": "2031-10-22T11:00:00", "roomId": 4, "speakers": ["u"]}],
      "speakers": [{"id": "u", "fullName": "Ada Pier"}], "rooms": [{"id": 4, "name": "Mole"}]}"#;
    assert_eq!(facts(&read(sessionize)[0]), ["Ropes", "2031-10-22", "10:00", "11:00", "Mole"]);
    assert_eq!(read(sessionize)[0].speakers[0].name, "Ada Pier");
}

#[test]
fn submissions_of_pretalx_are_read_in_the_time_of_the_summit() {
    let text = r#"{"count": 2, "results": [
      {"code": "ABC", "title": "Kelp", "state": "confirmed", "submission_type": {"en": "Workshop"}, "track": {"en": "Green"}, "speakers": [{"name": "Ada Pier"}],
       "slot": {"start": "2031-10-22T02:00:00Z", "end": "2031-10-22T04:00:00Z", "room": {"en": "Mole"}}},
      {"code": "DEF", "title": "Rejected", "state": "rejected", "speakers": []}]}"#;
    let sessions = read(text);
    assert_eq!(sessions.len(), 1);
    assert_eq!(facts(&sessions[0]), ["Kelp", "2031-10-22", "10:00", "12:00", "Mole"]);
    assert_eq!(sessions[0].kind, Some(TalkKind::Workshop));
}

#[test]
fn what_is_no_agenda_is_refused_and_what_is_odd_takes_nothing_else_with_it() {
    assert_eq!(super::read("{", None), Err(Unreadable::Syntax));
    for text in [
        "{}",
        "[]",
        "[1]",
        "{\"schedule\": 3}",
        "{\"sessions\": {}}",
        "{\"results\": [{\"code\": 1}]}",
    ] {
        assert_eq!(super::read(text, None), Err(Unreadable::Unknown), "{text}");
    }
    let odd = r#"{"schedule": {"conference": {"days": [{"date": 5, "rooms": {"A": [3, {"title": 4}, {"title": ""},
        {"title": "a\u202e\nb", "start": "later", "duration": [], "persons": [{"name": 1}, {}, "x"]}]}}, {"rooms": []}]}}}"#;
    let sessions = read(odd);
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    assert_eq!(sessions[1].title, "a b");
    let many: Vec<String> = (0..3001).map(|n| format!("{{\"title\": \"t{n}\"}}")).collect();
    let many = format!("{{\"sessions\": [{}]}}", many.join(","));
    assert_eq!(super::read(&many, None), Err(Unreadable::TooMany(3000)));
}

fn card(name: &str, title: &str, speakers: &[&str]) -> Card {
    let speaker = |name: &&str| Speaker { name: (*name).to_owned(), ..Speaker::default() };
    Card {
        name: name.to_owned(),
        title: title.to_owned(),
        speakers: speakers.iter().map(speaker).collect(),
        ..Card::default()
    }
}

/// The session and the confidence of each note that has one.
fn joined(cards: &mut [Card], links: &[&[Link]]) -> (Vec<(String, String, u8)>, Programme) {
    let programme = join(cards, links, read(SCHEDULE));
    let told = |joined: &Joined| (joined.note.clone(), joined.session.clone(), joined.confidence);
    (programme.joined.iter().map(told).collect(), programme)
}

#[test]
fn a_link_to_the_session_decides_whatever_the_title() {
    let link = |url: &str| Link { url: url.to_owned(), ..Link::default() };
    let (by_id, none) = ([link("https://other.example/session-page/ngt456?x")], []);
    let mut cards = [card("a", "Night shift", &[]), card("b", "About the evening", &[])];
    let (told, programme) = joined(&mut cards, &[&none, &by_id]);
    assert_eq!(told, [("b".to_owned(), "NGT456".to_owned(), 100)]);
    assert_eq!(programme.without_session, ["a"]);
    assert_eq!(cards[1].start_time.as_deref(), Some("24:15"));
}

#[test]
fn titles_and_speakers_join_with_a_confidence_and_times_flow_in() {
    let mut cards = [
        card("fog", "霧中的節流", &["林霧燈"]),
        card("tides", "The tide of storage", &["otto fathom"]),
        card("else", "Something else", &["Otto Fathom"]),
        card("night", "Night shift!", &["Ada Pier"]),
    ];
    let (told, programme) = joined(&mut cards, &[&[], &[], &[], &[]]);
    let sessions: Vec<(&str, &str)> =
        told.iter().map(|(note, session, _)| (&**note, &**session)).collect();
    assert_eq!(sessions, [("fog", "FOG123"), ("night", "NGT456"), ("tides", "7")]);
    assert!(told.iter().all(|(.., sure)| (60..100).contains(sure)), "{told:?}");
    assert_eq!(programme.without_session, ["else"]);
    assert!(programme.without_notes.is_empty());
    let fog = &cards[0];
    assert_eq!(
        [&fog.day, &fog.start_time, &fog.end_time, &fog.room, &fog.track]
            .map(|text| text.as_deref().unwrap()),
        ["2031-10-22", "10:40", "11:20", "Beacon", "Traffic"]
    );
}

#[test]
fn what_a_note_says_itself_stays() {
    let own = Card {
        day: Some("2031-10-22".to_owned()),
        start_time: Some("10:45".to_owned()),
        room: Some("Crow's nest".to_owned()),
        ..card("fog", "霧中的節流", &["林霧燈"])
    };
    let other_day = Card {
        day: Some("2031-10-21".to_owned()),
        ..card("tides", "Tides of storage", &["Otto Fathom"])
    };
    let mut cards = [own.clone(), other_day];
    joined(&mut cards, &[&[], &[]]);
    assert_eq!(
        (&cards[0].start_time, &cards[0].end_time, &cards[0].room),
        (&own.start_time, &None, &own.room)
    );
    assert_eq!(cards[1].start_time, None, "a time of another day");
}

#[test]
fn two_notes_of_one_session_and_two_sessions_of_one_title_are_told_apart() {
    let mut cards = [card("b", "Night shift", &[]), card("a", "Night shift", &[])];
    let (told, programme) = joined(&mut cards, &[&[], &[]]);
    assert_eq!(told.len(), 1);
    assert_eq!(programme.without_session.len(), 1);
    let twice = r#"{"sessions": [
        {"id": "1a", "title": "Ropes", "start": "2031-10-22T10:00:00"}, {"id": "2b", "title": "Ropes", "start": "2031-10-23T10:00:00"}]}"#;
    let mut cards = [Card { day: Some("2031-10-23".to_owned()), ..card("ropes", "Ropes", &[]) }];
    let programme = join(&mut cards, &[&[]], read(twice));
    assert_eq!(programme.joined[0].session, "2b");
    assert_eq!(programme.without_notes[0].id, "1a");
}

#[test]
fn an_agenda_that_cannot_be_read_is_told_and_a_note_is_begun_at_an_address() {
    let agenda = SummitAgenda {
        start_note_url: Some(
            "https://git.example/new?file={id}.md&value={title}+{day}{x}".to_owned(),
        ),
        ..SummitAgenda::default()
    };
    let spec = SummitSpec { agenda: Some(agenda), ..SummitSpec::default() };
    let official = |text| OfficialAgenda { text, links: Vec::new() };
    let (programme, told) = of(&spec, &mut [], Some(&official(Ok("no".into()))));
    assert_eq!((programme, &*told[0].code), (None, "TN2040"));
    assert!(told[0].message.ends_with("it is no JSON"), "{told:?}");
    let (_, told) = of(&spec, &mut [], Some(&official(Err("gone".to_owned()))));
    assert!(told[0].message.ends_with(": gone"), "{told:?}");
    let mut cards = [card("stray", "Nothing alike", &[])];
    let text = SCHEDULE.replace("Night shift", "{day} & <x>");
    let (programme, told) =
        of(&spec, &mut cards, Some(&OfficialAgenda { text: Ok(text.into()), links: vec![&[]] }));
    let starts: Vec<_> = programme
        .unwrap()
        .without_notes
        .into_iter()
        .map(|session| session.start_note.unwrap())
        .collect();
    assert_eq!(
        starts[2],
        "https://git.example/new?file=NGT456.md&value=%7Bday%7D%20%26%20%3Cx%3E+2031%2D10%2D22{x}"
    );
    assert_eq!(&*told[0].code, "TN2041");
    assert!(told[0].message.ends_with(": stray"), "{told:?}");
    let hostile = SummitAgenda {
        start_note_url: Some("javascript:{title}".to_owned()),
        ..SummitAgenda::default()
    };
    let spec = SummitSpec { agenda: Some(hostile), ..SummitSpec::default() };
    let (programme, _) = of(&spec, &mut [], Some(&official(Ok(SCHEDULE.into()))));
    assert!(programme.unwrap().without_notes.iter().all(|session| session.start_note.is_none()));
}
