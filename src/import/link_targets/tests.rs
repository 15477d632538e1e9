use super::*;
use crate::document::{self, Loaded, ReadOptions, SourceFile};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), content: text.as_bytes().to_vec() }
}

/// The links and ids of Markdown as simple as that of these tests.
fn sources(own: Markdown<'_>) -> Vec<String> {
    let parts = own.text.split("](").skip(1);
    parts.filter_map(|part| part.split_once(')')).map(|(link, _)| link.to_owned()).collect()
}

fn ids(own: Markdown<'_>) -> Arc<[String]> {
    let headings =
        own.text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    headings.map(|heading| format!("note-{}", heading.to_lowercase().replace(' ', "-"))).collect()
}

fn attached(files: &[SourceFile]) -> Collection {
    let mut collection = document::read(files, ReadOptions::default());
    let references = LinkReferences::new(&collection, sources);
    let there = BTreeSet::from(["plan.pdf".to_owned(), "seen.pdf".to_owned()]);
    let url = |path: &str| (path == "seen.pdf").then(|| "https://git.example/seen.pdf".to_owned());
    references.attach(&mut collection, &Contents::new(&Loaded::new(files)), &there, ids, url);
    collection
}

fn note(title: &str, text: &str) -> String {
    format!(
        "---\ntitle: {title}\nsummit: Pier Days 2033\nspeakers: [Bo Pier]\nday: 2033-03-09\n---\n{text}\n"
    )
}

/// Where the link of the first document leads: note, summit, anchor and URL.
fn led(link: &str) -> String {
    let several = "# Mole Days 2033\n\n# 2033-05-01\n\n## Anchors - Mira Quell\n\n### Why\n\na\n\n## Buoys - Lin Ropes\n\nb\n";
    let files = [
        file(
            "a.md",
            &note(
                "Ropes that lead somewhere",
                &format!("Small text, [x]({link}).\n\n## Questions\n\nwhy?"),
            ),
        ),
        file("talks/tugs.md", &note("Tugs and tickets", "Small boats.\n\n## Questions\n\nwhy?")),
        file("draft.md", &note("Secret", "x").replace("day:", "draft: true\nday:")),
        file("several.md", several),
        file("hints.md", "Medals are mine alone."),
    ];
    let collection = attached(&files);
    let name = |text: &str| text.rsplit_once('-').map_or("", |(name, _)| name).to_owned();
    let own = collection.notes.iter().find(|note| note.path == "a.md").unwrap();
    let codes = collection.diagnostics.iter().filter(|own| own.path == "a.md");
    let codes: Vec<&str> = codes.map(|own| own.code.as_str()).collect();
    let target = own.spec.targets.iter().map(|target| {
        let note = target.note.as_deref().map(name).unwrap_or_default();
        let summit = target.summit.clone().unwrap_or_default();
        let rest = [target.anchor.clone(), target.url.clone()];
        assert_eq!(target.source, link);
        [note, summit].into_iter().chain(rest.into_iter().flatten()).collect::<Vec<_>>().join(" ")
    });
    target.chain(codes.into_iter().map(str::to_owned)).collect::<Vec<_>>().join(" ")
}

#[test]
fn links_lead_to_the_pages_that_documents_became() {
    for (link, expected) in [
        ("talks/tugs.md", "tugs-and-tickets pier-days-2033"),
        ("talks/tugs.md#questions", "tugs-and-tickets pier-days-2033 note-questions"),
        ("talks/tugs.md#Questions", "tugs-and-tickets pier-days-2033 note-questions"),
        ("talks/tugs.md#tugs-and-tickets", "tugs-and-tickets pier-days-2033"),
        ("talks/tugs.md#nowhere", "tugs-and-tickets pier-days-2033 TN1905"),
        ("talks", "tugs-and-tickets pier-days-2033"),
        ("several.md", " several"),
        ("several.md#buoys---lin-ropes", "buoys several"),
        ("several.md#Buoys-Lin-Ropes", "buoys several"),
        ("several.md#why", "anchors several note-why"),
        ("#questions", ""),
        ("#Questions", "  note-questions"),
        ("#other", "TN1905"),
        ("hints.md", "TN1904"),
        ("draft.md", "TN1904"),
        ("plan.pdf", "TN1904"),
        ("seen.pdf", "  https://git.example/seen.pdf"),
        ("missing.md", "TN1903"),
        ("../outside.md", "TN1903"),
    ] {
        assert_eq!(led(link), expected, "{link}");
    }
}

#[test]
fn a_talk_of_the_same_document_is_found() {
    let text = "# Mole Days 2033\n\nFirst [b](#buoys---lin-ropes).\n\n# 2033-05-01\n\n## Anchors - Mira Quell\n\nSee [b](#Buoys-Lin-Ropes).\n\n## Buoys - Lin Ropes\n\nb\n";
    let collection = attached(&[file("a.md", text)]);
    let of_note = &collection.notes[0].spec.targets;
    assert!(of_note[0].note.as_ref().unwrap().starts_with("buoys-"), "{of_note:?}");
    let of_summit = &collection.summits[0].spec.targets;
    assert!(of_summit[0].note.as_ref().unwrap().starts_with("buoys-"), "{of_summit:?}");
}

#[test]
fn a_new_name_changes_only_those_that_link_to_it() {
    let files = |title: &str| {
        [
            file("a.md", &note("Ropes that lead somewhere", "[x](b.md)")),
            file("b.md", &note(title, "x")),
            file("c.md", &note("Cranes", "y")),
        ]
    };
    let (before, after) = (attached(&files("Tugs")), attached(&files("Tugs again")));
    assert_ne!(before.notes[0].spec, after.notes[0].spec);
    assert_eq!(before.notes[0].spec.markdown, after.notes[0].spec.markdown);
    assert_eq!(before.notes[2], after.notes[2]);
}
