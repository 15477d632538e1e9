//! A controller that is killed at random points of fetching and applying, again and again. Each round
//! pushes, waits for a random point, kills, and starts anew: in the end the cluster is what HEAD says, and
//! nothing else was touched. `make kills` does a hundred rounds.

use std::path::Path;

use fastrand::Rng;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt as _;
use kube::api::{ListParams, ObjectMeta, PostParams};
use serde_json::json;
use talknotes::api::{TalkNote, TalkNoteSpec, names};

use crate::support::Result;
use crate::support::git_server::{GitServer, Repository};
use crate::support::namespace::{TestNamespace, with_namespace};
use crate::support::publishing::{self, NAME, Titles, create_repository, talk};
use crate::support::wait::{self, DEADLINE, Look};

/// Notes that there are at most; each round changes some of them.
const NOTES: usize = 24;
/// Bytes that nothing packs, so that a transfer takes a while.
const BALLAST: usize = 4 << 20;
/// Rounds where nobody says how many.
const ROUNDS: usize = 4;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// Where a round kills.
#[derive(Debug)]
enum Point {
    /// Once the caches have so many bytes more.
    Fetch(u64),
    /// Once so many notes have the text of the round.
    Apply(usize),
}

/// The notes of the repository: what each says, by its number.
struct Notes {
    git: Repository,
    texts: Vec<Option<String>>,
}

impl Notes {
    /// Changes, adds and removes some; gives how many will have a new text.
    fn push(&mut self, rng: &mut Rng, round: usize) -> (String, usize) {
        let mut changed = 0;
        for number in 0..NOTES {
            let path = format!("notes/{number:02}.md");
            match rng.u8(..4) {
                0 if self.texts[number].is_some() && number > 0 => {
                    self.texts[number] = None;
                    self.git.run(&["rm", "-q", "--", &path]);
                }
                1 | 2 => {
                    let text = format!("Text of round {round}.");
                    self.git.write(&path, talk(&title(number), &text).as_bytes());
                    self.texts[number] = Some(text);
                    changed += 1;
                }
                _ => {}
            }
        }
        let ballast: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(BALLAST).collect();
        self.git.write("ballast.bin", &ballast);
        (self.git.commit(&[], &format!("Round {round}")), changed)
    }

    fn titles(&self) -> Titles {
        let there = self.texts.iter().zip(0..).filter(|(text, _)| text.is_some());
        let titles: Vec<String> = there.map(|(_, number)| title(number)).collect();
        Titles::everywhere(&titles.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn title(number: usize) -> String {
    format!("Plant {number:02}")
}

fn bytes_below(folder: &Path) -> u64 {
    // What the controller removes while we look is no longer there.
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

async fn reached(test: &TestNamespace, point: &Point, round: usize, commit: &str) -> Result {
    let cache = test.folder().join("git-cache");
    let start = bytes_below(&cache);
    let text = format!("Text of round {round}.");
    wait::until(&format!("{point:?}"), DEADLINE, async || {
        // It may be faster than we look.
        let object = publishing::repository(test, NAME, "to be there", |_| true).await?;
        let is_over = object["status"]["lastAppliedRevision"].to_string().contains(commit);
        let is_there = match point {
            Point::Fetch(bytes) => bytes_below(&cache) >= start + bytes,
            Point::Apply(notes) => {
                let all = test.api::<TalkNote>().list(&ListParams::default()).await?;
                let has = |note: &&TalkNote| {
                    note.spec.markdown.as_ref().is_some_and(|body| body.contains(&text))
                };
                all.iter().filter(has).count() >= *notes
            }
        };
        Ok(Look::at(is_over || is_there, String::new))
    })
    .await
}

#[tokio::test]
async fn killed_at_random_points_of_fetch_and_apply_the_cluster_is_what_head_says() {
    let seed = setting("KILLS_SEED", 2031);
    let rounds = usize::try_from(setting("KILLS", ROUNDS as u64)).unwrap();
    println!("KILLS_SEED={seed} KILLS={rounds}");
    with_namespace(async |test| -> Result {
        let mut rng = Rng::with_seed(seed);
        let server = GitServer::start();
        let mut notes = Notes { git: server.create(NAME), texts: vec![None; NOTES] };
        notes.texts[0] = Some("Text of round 0.".to_owned());
        let first = talk(&title(0), "Text of round 0.");
        notes.git.commit(&[("notes/00.md", &first)], "Begin");
        let by_hand = by_hand(test).await?;
        let mut controller = test.start_controller().await?;
        create_repository(test, NAME, &server.url(NAME), json!({ "maxDeletePercent": 100 }))
            .await?;
        let mut ours = notes.titles();
        ours.notes.insert("By hand".to_owned());
        ours.pages.insert("By hand".to_owned());
        publishing::shows(test, &ours).await?;

        for round in 1..=rounds {
            let (commit, changed) = notes.push(&mut rng, round);
            let point = match rng.bool() {
                true => Point::Fetch(rng.u64(..BALLAST as u64)),
                false => Point::Apply(rng.usize(..=changed)),
            };
            println!("round {round}: {point:?}");
            ask(test, round).await?;
            reached(test, &point, round, &commit).await?;
            controller.kill()?;
            controller.start_again().await?;
        }

        let mut wanted = notes.titles();
        wanted.notes.insert("By hand".to_owned());
        wanted.pages.insert("By hand".to_owned());
        publishing::shows(test, &wanted).await?;
        publishing::settled(test).await?;
        compare(test, &notes, &by_hand).await
    })
    .await;
}

/// Says that something was pushed, and waits for nothing.
async fn ask(test: &TestNamespace, round: usize) -> Result {
    let token = format!("{}=round-{round}", names::REQUESTED_AT);
    let arguments = ["annotate", "--overwrite", "noterepository", NAME, &token];
    test.kubectl().run(&arguments).await?;
    Ok(())
}

async fn by_hand(test: &TestNamespace) -> Result<TalkNote> {
    let spec = TalkNoteSpec {
        title: "By hand".to_owned(),
        markdown: Some("Ink.".to_owned()),
        ..TalkNoteSpec::default()
    };
    let mut note = TalkNote::new("by-hand", spec);
    note.metadata = ObjectMeta { name: Some("by-hand".to_owned()), ..ObjectMeta::default() };
    Ok(test.api().create(&PostParams::default(), &note).await?)
}

async fn compare(test: &TestNamespace, notes: &Notes, by_hand: &TalkNote) -> Result {
    for note in test.api::<TalkNote>().list(&ListParams::default()).await? {
        if note.name_any() == "by-hand" {
            assert_eq!((&note.spec, note.uid()), (&by_hand.spec, by_hand.uid()));
            assert_eq!(note.metadata.generation, Some(1));
            continue;
        }
        let number = (0..NOTES).find(|number| title(*number) == note.spec.title).unwrap();
        let text = notes.texts[number].as_deref().unwrap();
        let body = note.spec.markdown.clone().unwrap_or_default();
        assert!(body.contains(text), "{}: {body}", note.spec.title);
        publishing::page_holds(test, &names::note_config_map(&note.name_any()), text).await?;
    }
    let pages = test.api::<ConfigMap>().list(&ListParams::default()).await?;
    let label = |map: &ConfigMap| map.labels().get(names::CONTENT_LABEL).cloned();
    let count =
        pages.iter().filter(|map| label(map).as_deref() == Some(names::CONTENT_NOTE)).count();
    assert_eq!(count, notes.texts.iter().flatten().count() + 1);
    Ok(())
}
