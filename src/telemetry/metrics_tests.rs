//! See [`super`].

use super::super::inventory::{NoteCount, Resource};
use super::super::viewer_metrics::ViewerMetrics;
use super::*;

/// The controller's metrics, each with a value.
fn sample() -> String {
    let metrics = Metrics::default();
    metrics.reconciled("TalkNote", "success", Duration::from_millis(3));
    metrics.failed("TalkNote", "InvalidSpec");
    metrics.write("ConfigMap", "apply");
    metrics.git("fetch", "success", Duration::from_millis(30));
    metrics.read(7);
    metrics.webhook("accepted");
    metrics.commit_status("success");
    metrics.notification("success");
    metrics.unreadable("TalkNote", 1);
    let _under_way = metrics.begin("Summit");
    metrics.waited("TalkNote", Duration::from_millis(2));
    for (depth, seconds) in [(2, 7), (1, 3)] {
        metrics.ask(move |gauges| gauges.queue("TalkNote", depth, Duration::from_secs(seconds)));
    }
    metrics.ask(|gauges| {
        gauges.resource(&Resource {
            kind: "Summit",
            namespace: "north".to_owned(),
            name: "harbour".to_owned(),
            ready: "True",
            suspended: "false",
            revision: String::new(),
        });
        gauges.notes(&NoteCount::new("north", "harbour", "published"), 3);
        gauges.stale_watches(1);
        gauges.watch_age("summits".to_owned(), Duration::from_secs(1));
        gauges.watched("Summit", 1);
        gauges.remembered(1);
        gauges.kept("texts", 1);
        gauges.outdated(1);
        gauges.notifications(1, Duration::from_secs(1));
    });
    // What is asked for is counted once, however often.
    metrics.encode().unwrap();
    metrics.encode().unwrap()
}

#[test]
fn what_is_counted_is_shown() {
    let text = sample();
    for line in [
        r#"talknotes_api_writes_total{kind="ConfigMap",verb="apply"} 1"#,
        r#"talknotes_reconcile_errors_total{kind="TalkNote",reason="InvalidSpec"} 1"#,
        r#"talknotes_reconciles_in_progress{kind="Summit"} 1"#,
        r#"talknotes_notes{namespace="north",summit="harbour",state="published"} 3"#,
        "talknotes_stale_watches 1",
        r#"talknotes_queue_depth{kind="TalkNote"} 3"#,
        r#"talknotes_queue_oldest_seconds{kind="TalkNote"} 7"#,
        "talknotes_git_documents_bytes_total 7",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn what_is_there_no_more_is_shown_no_more() {
    let metrics = Metrics::default();
    let there = std::sync::Arc::new(Mutex::new(true));
    let asked = there.clone();
    metrics.ask(move |gauges| {
        if *asked.lock().unwrap() {
            gauges.notes(&NoteCount::new("north", "harbour", "published"), 1);
        }
    });
    assert!(metrics.encode().unwrap().contains("harbour"));
    *there.lock().unwrap() = false;
    assert!(!metrics.encode().unwrap().contains("harbour"));
}

/// Names and types as Prometheus has them: a counter's name ends in `_total`.
fn families(text: &str) -> Vec<(String, String)> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .map(|line| {
            let (name, type_) = line.split_once(' ').unwrap();
            let total = if type_ == "counter" { "_total" } else { "" };
            (format!("{name}{total}"), type_.to_owned())
        })
        .collect()
}

#[test]
fn the_page_has_exactly_the_metrics_that_there_are() {
    let page = include_str!("../../docs/metrics.md");
    let rows = page.lines().filter(|line| line.starts_with("| `talknotes_"));
    let mut documented: Vec<(String, String)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let [_, name, type_, _, help, ..] = cells[..] else { panic!("{row}") };
            assert!(!help.is_empty(), "{row}");
            (name.trim_matches('`').to_owned(), type_.to_owned())
        })
        .collect();
    let mut known = families(&sample());
    known.extend(families(&ViewerMetrics::sample()));
    documented.sort();
    known.sort();
    known.dedup();
    assert_eq!(documented, known);
}
