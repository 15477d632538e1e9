//! Notes that nobody took: generated documents in the HackMD style, the same in every run.

use std::fmt::Write as _;

use talknotes::document::SourceFile;

/// How many talks a document has.
const TALKS: usize = 50;

/// How long the text of a note is, in bytes; a few more, since it ends with a whole line.
const BODY: usize = 4096;

const SENTENCES: [&str; 8] = [
    "每次調和都從**現在的狀態**開始，不必記得昨天發生了什麼事。",
    "A controller compares what is wished with what is, and does the *smallest* thing that helps.",
    "漏掉一個事件沒有關係：下一輪還是會看見 `observedGeneration` 不一樣。",
    "Read [the harbour handbook](https://harbour.example.org/handbook) before you drop the anchor.",
    "佇列裡的物件只有名字，內容永遠從快取讀取，所以十個事件只會處理一次。",
    "Back off per object, not per queue: one broken lamp must not darken the whole coast.",
    "伺服器端套用讓每個寫入者只管**自己的欄位**，衝突會被說出來而不是被蓋掉。",
    "The lighthouse keeper wrote it down as `spec`; the sea answers in `status`.",
];

/// The documents that hold `count` notes: fifty talks each, over two days of one summit.
pub fn documents(count: usize) -> Vec<SourceFile> {
    documents_of(count, TALKS)
}

/// The documents that hold `count` notes, `talks` in each.
pub fn documents_of(count: usize, talks: usize) -> Vec<SourceFile> {
    let numbers: Vec<usize> = (0..count).collect();
    let document = |(index, talks): (usize, &[usize])| SourceFile {
        path: format!("notes/summit-{index:04}.md"),
        content: document(index, talks, "as it was first told").into_bytes(),
    };
    numbers.chunks(talks).enumerate().map(document).collect()
}

/// Path and text of the first document of `count` notes with one talk edited: its first says `remark`.
pub fn edited(count: usize, remark: &str) -> (String, String) {
    let talks: Vec<usize> = (0..count.min(TALKS)).collect();
    ("notes/summit-0000.md".to_owned(), document(0, &talks, remark))
}

/// Title of the talk that [`edited`] edits.
pub fn edited_title() -> String {
    title(0)
}

fn document(index: usize, talks: &[usize], remark: &str) -> String {
    let mut text = format!("# Harbour Days {index}\n\nTwo days by the sea.\n");
    for (position, talk) in talks.iter().enumerate() {
        match position {
            0 => text.push_str("\n# 2026-05-14 (四)\n"),
            25 => text.push_str("\n# 2026-05-15 (五)\n"),
            _ => {}
        }
        let remark = if position == 0 { remark } else { "as it was first told" };
        push_talk(&mut text, *talk, remark);
    }
    text
}

fn title(number: usize) -> String {
    format!("What the 燈塔 learned from wave {number:05}")
}

fn push_talk(text: &mut String, number: usize, remark: &str) {
    let _ = write!(text, "\n## {} - Ada Example\n\n", title(number));
    let start = text.len();
    let _ = write!(text, "### Personal\n\nThis is talk {number}, {remark}.\n\n");
    let mut part = number;
    while text.len() - start < BODY {
        push_part(text, part);
        part += 1;
    }
}

/// A few lines of what people write: a paragraph, a list, code, a table, or a container.
fn push_part(text: &mut String, part: usize) {
    let sentence = |offset: usize| SENTENCES[(part + offset) % SENTENCES.len()];
    let _ = match part % 5 {
        0 => write!(text, "{} {}\n\n", sentence(0), sentence(3)),
        1 => write!(text, "* {}\n* {}\n  * {}\n\n", sentence(0), sentence(1), sentence(2)),
        2 => write!(text, "```yaml\nkind: Lamp\nspec:\n  number: {part}\n  lit: true\n```\n\n"),
        3 => write!(text, "| wave | height |\n| --- | --- |\n| {part} | {} m |\n\n", part % 7),
        _ => write!(text, "### 共筆 {part}\n\n:::info\n{}\n:::\n\n", sentence(0)),
    };
}
