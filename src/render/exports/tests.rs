use super::*;
use crate::api::{EventStatus, Speaker};

fn card(name: &str, title: &str, day: &str, start: &str, end: &str) -> Card {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Card {
        name: name.to_owned(),
        title: title.to_owned(),
        day: some(day),
        start_time: some(start),
        end_time: some(end),
        ..Card::default()
    }
}

fn summit() -> SummitDocument {
    let fog = Card {
        speakers: vec![Speaker { name: "林霧燈".into(), ..Speaker::default() }],
        room: Some("主廳; Beacon".into()),
        tags: vec!["a,b".into(), "節流".into()],
        ..card(
            "fog",
            "霧中節流：當 admission webhook 比船還慢，而且非常非常慢，慢到沒有人等",
            "2031-10-22",
            "10:40",
            "11:20",
        )
    };
    let hostile = Card {
        event_status: Some(EventStatus::Cancelled),
        ..card(
            "evil",
            "a\r\nATTENDEE:x\u{202e}</title><x> & \u{1}# *b*",
            "2031-10-22",
            "23:30",
            "00:15",
        )
    };
    SummitDocument {
        name: "cloud-harbor-2031".into(),
        title: "雲港年會, 2031".into(),
        time_zone: Some("Asia/Taipei".into()),
        start_date: Some("2031-10-22".into()),
        end_date: Some("2031-10-22".into()),
        agenda: vec![
            fog,
            hostile,
            card("all-day", "No time", "2031-10-22", "", ""),
            card("when", "No day", "", "", ""),
        ],
        ..SummitDocument::default()
    }
}

fn exported<'a>(summit: &'a SummitDocument, cards: &'a [&'a Card]) -> Exported<'a> {
    Exported { summit, cards, title: &summit.title, page: Some("https://notes.example/n/s") }
}

/// Each export of the test's summit.
fn with(export: impl Fn(&Exported<'_>) -> String) -> String {
    let summit = summit();
    let cards: Vec<&Card> = summit.agenda.iter().collect();
    let text = export(&exported(&summit, &cards));
    assert_eq!(text, export(&exported(&summit, &cards)), "same talks, same bytes");
    text
}

#[test]
fn a_calendar_has_times_in_utc_folded_lines_and_no_line_of_a_note() {
    let text = with(|exported| calendar(&[*exported]));
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "DTSTART:20311022T024000Z",
        "DTEND:20311022T032000Z",
        "UID:fog.cloud-harbor-2031@talknotes.dev",
        "LOCATION:主廳\\; Beacon",
        "CATEGORIES:a\\,b,節流",
        "DTSTART;VALUE=DATE:20311022",
        "STATUS:CANCELLED",
        "URL:https://notes.example/n/s/fog",
        "DTEND:20311022T161500Z",
    ] {
        assert!(unfolded.lines().any(|found| found == line), "{line}: {unfolded}");
    }
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 3, "a talk without a day has no place");
    assert!(!unfolded.lines().any(|line| line.starts_with("ATTENDEE")), "{unfolded}");
    assert!(!unfolded.contains('\u{202e}') && !unfolded.contains('\u{1}'));
}

#[test]
fn a_feed_is_xml_with_an_entry_a_talk_whose_ids_last() {
    let text = with(|exported| feed(&[*exported]));
    let read: atom_syndication::Feed = text.parse().unwrap();
    assert_eq!(read.entries.len(), 4);
    let evil = read.entries.iter().find(|entry| entry.title.value.contains("ATTENDEE")).unwrap();
    assert_eq!(evil.title.value, "a ATTENDEE:x</title><x> & # *b*");
    assert!(read.entries.iter().all(|entry| entry.id.starts_with("urn:uuid:")));
    assert_eq!(read.entries[0].updated.to_rfc3339(), "2031-10-22T16:15:00+00:00");
    assert!(!text.contains("</title><x>"), "{text}");
}

#[test]
fn a_schedule_has_what_its_schema_asks_for_and_only_talks_with_times() {
    let text = with(schedule);
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    let conference = &read["schedule"]["conference"];
    assert_eq!(conference["acronym"], "cloud_harbor_2031");
    assert_eq!(conference["daysCount"], 1);
    let events = &conference["days"][0]["rooms"]["主廳; Beacon"];
    let event = &events[0];
    assert_eq!(event["date"], "2031-10-22T10:40:00+08:00");
    assert_eq!((&event["start"], &event["duration"]), (&"10:40".into(), &"0:40".into()));
    assert_eq!(conference["days"][0]["rooms"]["-"][0]["duration"], "0:45");
    assert_eq!(conference["days"][0]["day_end"], "2031-10-23T00:15:00+08:00");
    let code = regex::Regex::new("^[A-Z0-9]{6}$").unwrap();
    assert!(code.is_match(event["code"].as_str().unwrap()));
    let slug = regex::Regex::new("^[a-z0-9_]{4,}-[a-z0-9]+$").unwrap();
    assert!(slug.is_match(event["slug"].as_str().unwrap()), "{event}");
    assert!(event["id"].as_u64().unwrap() >= 1 && event["guid"].as_str().unwrap().len() == 36);
    assert!(!text.contains("No time") && !text.contains("No day"));
}

#[test]
fn sessions_lead_to_their_notes() {
    let read: serde_json::Value = serde_json::from_str(&with(sessions)).unwrap();
    assert_eq!(read["sessions"][0]["co_write"], "https://notes.example/n/s/fog");
    assert_eq!(read["sessions"][0]["speakers"][0], read["speakers"][0]["id"]);
    assert_eq!(read["sessions"].as_array().unwrap().len(), 2);
}

#[test]
fn an_outline_is_headings_and_lists_in_which_titles_are_text() {
    let text = with(outline);
    assert!(text.contains("\n# 雲港年會, 2031\n\n## 2031\\-10\\-22\n"), "{text}");
    assert!(text.contains("](<https://notes.example/n/s/fog>)\n  - 林霧燈\n"), "{text}");
    assert!(text.contains("\\<\\/title\\>") || text.contains("\\</title\\>"), "{text}");
    assert!(text.contains("\\# \\*b\\*"), "{text}");
}

#[test]
fn times_without_a_zone_are_those_of_wherever_one_is() {
    let mut summit = summit();
    summit.time_zone = None;
    let cards: Vec<&Card> = summit.agenda.iter().collect();
    assert!(calendar(&[exported(&summit, &cards)]).contains("DTSTART:20311022T104000\r\n"));
}

#[test]
fn a_summit_of_thousands_is_published_without_them() {
    let mut large = summit();
    assert_eq!(all(&large).len(), KEYS.len());
    large.agenda = (0..=MOST).map(|n| card(&n.to_string(), "t", "", "", "")).collect();
    assert!(all(&large).is_empty());
}

#[test]
fn what_is_withheld_leaves_the_exports_with_the_agenda() {
    let summit = summit();
    let published = crate::render::RenderedSummit { document: summit, diagnostics: Vec::new() }
        .publication()
        .unwrap();
    let titles = |text: &str| text.replace("\r\n ", "").contains("No time");
    for key in ["calendar.ics", "feed.xml", "mindmap.md"] {
        assert!(titles(&published.entry(key).unwrap().unwrap()), "{key}");
    }
    let rest = crate::render::withdrawn(&published, |name| name != "all-day").unwrap().unwrap();
    for key in KEYS {
        assert!(!titles(&rest.entry(key).unwrap().unwrap()), "{key}");
    }
    assert!(KEYS.iter().all(|key| crate::render::is_contract_key(key)));
    assert!(
        crate::render::is_contract_key("calendar.ics.gz")
            && !crate::render::is_contract_key("poem.ics")
    );
}

#[test]
fn a_schedule_in_xml_has_the_events_of_the_other_and_escapes_them() {
    let summit = summit();
    let cards: Vec<&Card> = summit.agenda.iter().collect();
    let text = schedule_xml(&exported(&summit, &cards)).unwrap();
    for part in [
        "<acronym>cloud_harbor_2031</acronym>",
        "<day index=\"1\" date=\"2031-10-22\" start=\"2031-10-22T10:40:00+08:00\" end=\"2031-10-23T00:15:00+08:00\">",
        "<room name=\"主廳; Beacon\" guid=\"",
        "<duration>0:40</duration>",
        "<person>林霧燈</person>",
        "<url>https://notes.example/n/s/fog</url>",
        "a ATTENDEE:x&lt;/title&gt;&lt;x&gt; &amp; # *b*",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(text.matches("<event ").count(), 2);
    let untimed: Vec<&Card> = summit.agenda.iter().skip(2).collect();
    assert_eq!(schedule_xml(&exported(&summit, &untimed)), None, "the format wants a day");
}

#[test]
fn a_json_feed_has_the_entries_of_the_other() {
    let read: serde_json::Value =
        serde_json::from_str(&with(|exported| json_feed(&[*exported]))).unwrap();
    assert_eq!(read["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(read["home_page_url"], "https://notes.example/n/s");
    let items = read["items"].as_array().unwrap();
    assert_eq!(items.len(), 4);
    let fog = items.iter().find(|item| item["url"] == "https://notes.example/n/s/fog").unwrap();
    assert_eq!((&fog["authors"][0]["name"], &fog["tags"][1]), (&"林霧燈".into(), &"節流".into()));
    assert_eq!(fog["date_published"], "2031-10-22T03:20:00Z");
    assert!(items.iter().all(|item| item["id"].as_str().unwrap().starts_with("urn:uuid:")));
}

#[test]
fn an_outline_in_opml_nests_and_escapes() {
    let text = with(opml);
    let fog = "<outline text=\"10:40 霧中節流";
    let day = "<outline text=\"2031-10-22\">";
    assert!(text.contains(&format!("<body>{day}{fog}")), "{text}");
    assert!(text.contains("type=\"link\" url=\"https://notes.example/n/s/fog\"><outline text=\"林霧燈\"/></outline>"), "{text}");
    assert!(text.contains("&lt;/title&gt;") && !text.contains("</title><x>"), "{text}");
    let line =
        |text: &str, lines| Line { text: text.into(), url: Some("https://x/?a&b".into()), lines };
    let nested = nested("T *x*", &[line("a", vec![line("# b", Vec::new())])]);
    assert!(
        nested.ends_with("# T \\*x\\*\n\n- [a](<https://x/?a&b>)\n  - [\\# b](<https://x/?a&b>)\n"),
        "{nested}"
    );
}

#[test]
fn search_engines_read_an_event_from_which_nothing_breaks_out() {
    let summit = summit();
    let exported = exported(&summit, &[]);
    let read = |card: &Card| -> serde_json::Value {
        let text = json_ld(&exported, card, "</script>&").unwrap();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        serde_json::from_str(&text).unwrap()
    };
    let fog = read(&summit.agenda[0]);
    assert_eq!(fog["startDate"], "2031-10-22T10:40:00+08:00");
    assert_eq!(
        (&fog["performer"][0]["name"], &fog["description"]),
        (&"林霧燈".into(), &"</script>&".into())
    );
    assert_eq!(read(&summit.agenda[1])["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(read(&summit.agenda[2])["startDate"], "2031-10-22");
    assert_eq!(json_ld(&exported, &summit.agenda[3], ""), None);
}
