//! A change of what is rendered raises the version of the renderer: pages that an earlier version made are
//! known by it, and are rendered again. `UPDATE_GOLDEN=1` (`make golden`) writes the digest anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

use serde_json::json;
use talknotes::api::names::hex_digest;
use talknotes::api::{SummitSpec, TalkNoteSpec};
use talknotes::render::{self, Card, Publication};

const SAMPLE: &str = include_str!("renderer/features.md");

fn spec() -> TalkNoteSpec {
    serde_json::from_value(json!({
        "title": "Tides of Traffic",
        "summitRef": { "name": "harbor-days" },
        "kind": "Workshop",
        "speakers": [{ "name": "Mira Quell", "alias": "mq", "organization": "Harbour" }],
        "day": "2031-05-14",
        "startTime": "09:30",
        "endTime": "10:15",
        "track": "A",
        "room": "R1",
        "medal": "Gold",
        "tags": ["water"],
        "links": [{ "title": "Slides", "url": "https://example.org/slides", "kind": "Slides" }],
        "images": [{ "source": "images/tide.png", "digest": format!("sha256:{}", "0".repeat(64)) }],
        "targets": [{ "source": "tugs.md#questions", "note": "tugs", "summit": "harbor-days" }],
    }))
    .unwrap()
}

fn summit() -> Publication {
    let spec: SummitSpec = serde_json::from_value(json!({
        "title": "Harbor Days",
        "timeZone": "Asia/Taipei",
        "startDate": "2031-05-14",
        "endDate": "2031-05-15",
        "url": "https://example.org",
        "overview": SAMPLE,
    }))
    .unwrap();
    let cards = ["b", "a"].map(|name| Card::new(name, &self::spec()));
    render::summit("harbor-days", &spec, cards.into()).publication().unwrap()
}

/// What this renderer makes of the samples, as one line.
fn made() -> String {
    let note = render::note("tides", &spec(), SAMPLE).publication().unwrap();
    let digests = format!("{} {}", note.digest, summit().digest);
    format!("{} {}\n", render::VERSION, hex_digest(digests.as_bytes()))
}

#[test]
fn another_page_is_another_version() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/renderer/version.txt");
    let made = made();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        made,
        known,
        "rendering gives other pages than those of the version in {}: raise VERSION in \
         src/render/version.rs where that version was released, and run make golden",
        file.display()
    );
}
