use super::split::Split;
use super::*;
use crate::api::TalkKind;

#[test]
fn a_rule_at_the_top_is_no_front_matter() {
    for text in
        ["---\n\nprose\n\n---\n", "---\n# A\ntext\n---\n", "---\nhttps://x.example\n---\n", "a", ""]
    {
        assert_eq!(split(text), Split { front: None, body: text, lines_before: 0 }, "{text:?}");
    }
}

#[test]
fn front_matter_ends_at_its_first_closing_line() {
    for (text, lines_before) in [
        ("---\ntitle: A\n---\nbody\n---\n", 3),
        ("---\ntitle: A\n...\nbody\n---\n", 3),
        ("+++\ntitle = 'A'\n# x\n+++\nbody\n---\n", 4),
        ("---\n# comment\n\n\"title\": A\n---\nbody\n---\n", 5),
    ] {
        let split = split(text);
        assert_eq!((split.body, split.lines_before), ("body\n---\n", lines_before), "{text:?}");
        let mut report = Report::new("a.md");
        let front = read(&split.front.unwrap(), &mut report).unwrap();
        assert_eq!(front.title.as_deref(), Some("A"));
    }
}

#[test]
fn comments_and_odd_spellings_are_understood() {
    let text = "---\nTitle:   A \n# date: 2030-01-01\ndate: 2031-05-14\ntags: \n  - '#x'\n  - y\nspeakers:\n  - name: Ada Example\n    organization: Example\n  - Bob Example (Bo)\nkind: 工作坊\nslug: no\n---\n";
    let mut report = Report::new("a.md");
    let front = read(&split(text).front.unwrap(), &mut report).unwrap();
    assert!(report.into_diagnostics().is_empty());
    assert_eq!(front.title.as_deref(), Some("A"));
    assert_eq!(front.date.unwrap().to_string(), "2031-05-14");
    assert_eq!(front.tags, ["x", "y"]);
    assert_eq!(front.speakers[0].organization.as_deref(), Some("Example"));
    assert_eq!(front.speakers[1].alias.as_deref(), Some("Bo"));
    assert_eq!(front.kind, Some(TalkKind::Workshop));
    assert_eq!(front.slug.as_deref(), Some("no"));
}

fn read_all(text: &str) -> (Option<FrontMatter>, Vec<crate::api::Diagnostic>) {
    let mut report = Report::new("a.md");
    let front = split(text).front.and_then(|source| read(&source, &mut report));
    (front, report.into_diagnostics())
}

#[test]
fn json_is_read_up_to_its_last_brace() {
    for (text, lines_before) in [
        ("{\"title\": \"A\"}\nbody\n", 1),
        ("{\n  \"title\": \"A\",\n  \"x\": {\"y\": \"}\"}\n} \nbody\n", 4),
        ("{ \"Title\": \"A\",\n\n\"x\": [] }\nbody\n", 3),
    ] {
        let split = split(text);
        assert_eq!((split.body, split.lines_before), ("body\n", lines_before), "{text:?}");
        let (front, told) = read_all(text);
        assert_eq!(front.unwrap().title.as_deref(), Some("A"));
        assert_eq!(told, []);
    }
    for text in ["{\"a\": 1} is JSON\n", "{%hackmd theme %}\n", "{{< toc >}}\n", "{}\n"] {
        assert_eq!(split(text), Split { front: None, body: text, lines_before: 0 }, "{text:?}");
    }
    assert_eq!(split("{\"title\": \"A\"}").body, "");
}

#[test]
fn faults_of_json_have_their_places() {
    let deep = format!("{{\"a\": {}1{}}}\n", "[".repeat(5000), "]".repeat(5000));
    let large = format!("{{\"a\": \"{}\"}}\n", "x".repeat(MAX_FRONT_MATTER));
    for (text, code, line, column) in [
        ("{\n  \"title\": \"A\",\n}\nbody\n", "TN1003", 3, 1),
        ("{\"標題\": \"A\" \"x\": 1}\n", "TN1003", 1, 12),
        ("{\n\"title\": \"A\"\nbody\n", "TN1003", 1, 1),
        ("{\"a\": 1e999}\n", "TN1003", 1, 11),
        (deep.as_str(), "TN1003", 1, 133),
        (large.as_str(), "TN1004", 1, 1),
    ] {
        let (front, told) = read_all(text);
        assert_eq!(front, None);
        let place = (told[0].code.as_str(), told[0].line.unwrap(), told[0].column.unwrap());
        assert_eq!(place, (code, line, column), "{}", told[0].message);
        assert!(!told[0].message.contains(" at line "), "{}", told[0].message);
    }
}

#[test]
fn a_field_is_told_at_its_place_in_each_syntax() {
    for (text, line, column) in [
        ("---\ntitle: A\nday: soon\n---\n", 3, 1),
        ("---\ntitle: A\nparams:\n  day: soon\n---\n", 4, 1),
        ("+++\ntitle = 'A'\nday = 'soon'\n+++\n", 3, 1),
        ("Title: A\nDay: soon\n\nbody\n", 2, 1),
        ("{\n  \"title\": \"day\",\n  \"Day\": \"soon\"\n}\n", 3, 3),
        ("{\"標題\": \"A\", \"day\": \"soon\"}\n", 1, 13),
    ] {
        let (front, told) = read_all(text);
        assert_eq!(front.unwrap().day, None);
        assert_eq!(told.len(), 1, "{text:?}: {told:?}");
        let place = (told[0].code.as_str(), told[0].line.unwrap(), told[0].column.unwrap());
        assert_eq!(place, ("TN1005", line, column), "{text:?}");
        assert!(told[0].message.contains("`day`"));
    }
}

#[test]
fn keys_of_other_tools() {
    let front = |text: &str| read_all(&format!("---\n{text}\n---\n")).0.unwrap();
    assert_eq!(front("author: Ada Example").speakers, []);
    assert_eq!(front("authors: [{name: Ada Example}]").speakers, []);
    assert_eq!(front("speakerName: Ada Example").speakers[0].name, "Ada Example");
    let company = front("speakers: [{name: Ada Example, company: Harbor}]");
    assert_eq!(company.speakers[0].organization.as_deref(), Some("Harbor"));
    assert_eq!(front("event: Harbor Days").event.as_deref(), Some("Harbor Days"));
    assert_eq!(
        front("conference: {name: H, url: 'https://h.example'}").event.as_deref(),
        Some("H")
    );
    assert_eq!(front("event: https://h.example").event, None);
    assert_eq!(
        front("series: [tech, Harbor Summit 2031]").event.as_deref(),
        Some("Harbor Summit 2031")
    );
    assert_eq!(front("series: tech-event").event, None);
    assert_eq!(front("keywords: a, b").tags, ["a", "b"]);
    assert_eq!(front("tags: [x]\nkeywords: a, b").tags, ["x"]);
    assert_eq!(front("categories: [tech]").tags, Vec::<String>::new());
    assert_eq!(front("start_time: 9:30").start_time.as_deref(), Some("09:30"));
    assert_eq!(front("start_time: '25:00'").start_time.as_deref(), Some("25:00"));
    let night = front(
        "startTime: 2031-05-14T16:30:00Z\nendTime: 2031-05-14T17:00:00Z\ntimeZone: Asia/Taipei",
    );
    let times = (night.start_time.as_deref(), night.end_time.as_deref());
    assert_eq!(times, (Some("00:30"), Some("01:00")));
    assert_eq!(night.day.map(|day| day.to_string()).as_deref(), Some("2031-05-15"));
    let posted = front("publishDate: 2031-05-14");
    assert_eq!(
        (posted.date, posted.published.map(|d| d.to_string())),
        (None, Some("2031-05-14".into()))
    );
    assert_eq!(front("lang: en\nlanguage: English").lang.as_deref(), Some("en"));
    let (front, told) = read_all("---\nlanguage: English\nevent: [1]\npublished: true\n---\n");
    assert_eq!((front.unwrap().published, told), (None, Vec::new()), "nothing is said of theirs");
}

#[test]
fn direction_and_rules_for_search_engines_are_known_words_only() {
    use crate::api::Direction::{Auto, LTR, RTL};
    use crate::api::RobotsRule::{NoFollow, NoIndex, NoSnippet, None as Nothing};
    for (text, dir, robots, told) in [
        ("dir: rtl", Some(RTL), vec![], 0),
        ("Dir: LTR\nrobots: noindex, nofollow", Some(LTR), vec![NoIndex, NoFollow], 0),
        (
            "dir: auto\nrobots: [NoIndex, 'nosnippet noindex']",
            Some(Auto),
            vec![NoIndex, NoSnippet],
            0,
        ),
        ("robots: none", None, vec![Nothing], 0),
        ("robots:", None, vec![], 0),
        ("robotsNoIndex: true", None, vec![NoIndex], 0),
        ("robotsNoIndex: true\nrobots: nofollow", None, vec![NoFollow], 0),
        ("robotsNoIndex: maybe", None, vec![], 0),
        ("robots: noindex, unseen", None, vec![NoIndex], 1),
        ("robots: {noindex: true}", None, vec![], 1),
        ("robots: 'noindex\"><script>x()</script>'", None, vec![], 1),
        ("dir: 'rtl\" onload=x()'", None, vec![], 1),
        ("dir: [rtl]", None, vec![], 1),
    ] {
        let (front, diagnostics) = read_all(&format!("---\n{text}\n---\n"));
        let front = front.unwrap();
        assert_eq!((front.dir, front.robots), (dir, robots), "{text}");
        let codes: Vec<&str> = diagnostics.iter().map(|found| &*found.code).collect();
        assert_eq!(codes, vec!["TN1005"; told], "{text}");
    }
}

#[test]
fn the_levels_of_a_table_of_contents_are_one_to_six() {
    for (text, levels, told) in [
        ("toc: {maxLevel: 2}", Some(2), 0),
        ("toc: true", None, 0),
        ("toc: {sticky: true}", None, 0),
        ("toc: {maxLevel: 7}", None, 1),
        ("toc: {maxLevel: '<b>'}", None, 1),
    ] {
        let (front, diagnostics) = read_all(&format!("---\n{text}\n---\n"));
        let found = (front.unwrap().toc_max_level, diagnostics.len());
        assert_eq!(found, (levels, told), "{text}");
    }
}

#[test]
fn what_others_do_not_publish_is_a_draft() {
    for (text, draft) in [
        ("published: false", true),
        ("publish: false", true),
        ("status: draft", true),
        ("Status: Hidden", true),
        ("published: true", false),
        ("published: 2031-05-14", false),
        ("status: accepted", false),
        ("draft: false", false),
    ] {
        let (front, told) = read_all(&format!("---\n{text}\n---\n"));
        assert_eq!((front.unwrap().wish.draft, told.len()), (draft, 0), "{text}");
    }
}

#[test]
fn links_in_fields_of_other_tools() {
    let text = "---\nslides: https://s.example/deck\nurl_video: ['https://v.example/1', no]\nrepo: https://c.example/a?X-Amz-Signature=1\nvideo: {id: 3}\n---\n";
    let (front, told) = read_all(text);
    let links = front.unwrap().links;
    let found: Vec<_> = links.iter().map(|link| (link.kind.unwrap(), link.url.as_str())).collect();
    use crate::api::LinkKind::{Slides, Video};
    assert_eq!(found, [(Slides, "https://s.example/deck"), (Video, "https://v.example/1")]);
    assert_eq!((told.len(), told[0].code.as_str(), told[0].line), (1, "TN1401", Some(4)));
}
