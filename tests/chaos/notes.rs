//! Notes that nobody took, in the styles that people write in. The same seed gives the same notes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fastrand::Rng;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One long document: a heading a day, a heading a talk.
    Long,
    /// A post with front matter and several talks.
    Post,
    /// A post about one talk.
    Single,
    /// Manifests of a summit and its notes.
    Manifest,
}

/// What is written about one talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    title: String,
    speaker: &'static str,
    /// A word that stands in the text, and in no other version of any text.
    mark: String,
    sentences: [usize; 3],
    /// The image that is shown, as a path in the repository.
    pub image: Option<String>,
}

/// A document of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub style: Style,
    summit: String,
    pub talks: Vec<Talk>,
    pub draft: bool,
    /// Whether it is cut off in the middle, so that nobody can read it.
    pub broken: bool,
}

/// The files of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    pub documents: BTreeMap<String, Document>,
    /// Images by path; the number is what they show.
    pub images: BTreeMap<String, u32>,
}

const SUBJECTS: [&str; 10] = [
    "Lanterns",
    "Ferries",
    "Tides",
    "潮汐",
    "Anchors",
    "燈塔",
    "Moorings",
    "Buoys",
    "渡輪排程",
    "Fog Horns",
];
const ANGLES: [&str; 10] = [
    "without Downtime",
    "at Night",
    "的三個教訓",
    "for Small Crews",
    "and the Pager",
    "in Production",
    "from Scratch",
    "與共筆",
    "by Example",
    "under Load",
];
const SPEAKERS: [&str; 5] = ["Mira Quell", "林小舟", "Ada Example", "陳小帆", "Bob Example"];
const EVENTS: [&str; 2] = ["Quay Week 2031", "Pier Days 2031"];
const SENTENCES: [&str; 8] = [
    "每次都從**現在的狀態**開始算，不必記得昨天。",
    "A lamp that blinks twice is **not** an alert; see [the handbook](https://quay.example.org/h).",
    "漏掉一個事件沒有關係：下一輪還是會看見 `generation` 不一樣。",
    "Back off per lamp, not per coast.",
    "佇列裡只有名字，內容永遠**從快取**讀取。",
    "The keeper wrote *one line* into the log, and that was enough.",
    "講者說：先讀再寫，讀很便宜。",
    "Ask [the harbour office](https://office.quay.example.org/) before you drop the anchor.",
];

/// Makes notes, no two alike.
pub struct Author {
    rng: Rng,
    made: u32,
}

impl Author {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), made: 0 }
    }

    /// A number that was not given before.
    pub fn number(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.usize(..all.len())]
    }

    /// A talk that was not there before.
    pub fn talk(&mut self) -> Talk {
        let (subject, angle) = (self.one_of(&SUBJECTS), self.one_of(&ANGLES));
        let number = self.number();
        let mut talk = Talk {
            // Letters only: what looks like a number may be taken for one.
            title: format!("{subject} {angle} {}", word(number)),
            speaker: self.one_of(&SPEAKERS),
            mark: String::new(),
            sentences: [0; 3],
            image: None,
        };
        self.edit(&mut talk);
        talk
    }

    /// Other text about the same talk.
    pub fn edit(&mut self, talk: &mut Talk) {
        talk.mark = format!("mark{}", word(self.number()));
        talk.sentences = [(); 3].map(|()| self.rng.usize(..SENTENCES.len()));
    }

    /// A new document and the path for it.
    pub fn document(&mut self) -> (String, Document) {
        let style = self.one_of(&[Style::Long, Style::Post, Style::Single, Style::Manifest]);
        let number = self.number();
        let talks = if style == Style::Single { 1 } else { self.rng.usize(2..5) };
        let talks = (0..talks).map(|_| self.talk()).collect();
        let name = word(number);
        let (path, summit) = match style {
            Style::Long => (format!("harbour-days-{name}.md"), format!("Harbour Days {name}")),
            Style::Post => (format!("posts/meetup-{name}.md"), format!("Meetup {name}")),
            // Summits that several documents belong to, of several repositories.
            Style::Single => (format!("talks/{name}.md"), self.one_of(&EVENTS).to_owned()),
            Style::Manifest => (format!("manifests/{name}.yaml"), format!("evening-{name}")),
        };
        (path, Document { style, summit, talks, draft: false, broken: false })
    }
}

/// `number` in letters.
fn word(mut number: u32) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "ru"];
    let mut word = String::new();
    loop {
        word.insert_str(0, SYLLABLES[number as usize % 10]);
        number /= 10;
        if number == 0 {
            return word;
        }
    }
}

impl Document {
    /// The text of its file.
    pub fn text(&self) -> String {
        let text = match self.style {
            Style::Long => self.long(),
            Style::Post => self.post(),
            Style::Single => self.single(),
            Style::Manifest => self.manifest(),
        };
        match (self.broken, self.style) {
            (false, _) => text,
            (true, Style::Manifest) => format!("{text}  tags: [open\n"),
            (true, _) => format!("---\ntitle: [open\n---\n{text}"),
        }
    }

    /// Whether a word of its author can hold it back.
    pub fn may_be_draft(&self) -> bool {
        self.style != Style::Long
    }

    fn long(&self) -> String {
        let mut text = format!("# {}\n\n{}\n\n# 2031-05-14 (三)\n", self.summit, SENTENCES[3]);
        for talk in &self.talks {
            let _ = write!(text, "\n## {} - {}\n\n{}", talk.title, talk.speaker, talk.body(""));
        }
        text
    }

    fn post(&self) -> String {
        let mut text = format!(
            "---\ntitle: \"{}\"\ndate: 2031-05-15T18:00:00+08:00\ndraft: {}\n---\n",
            self.summit, self.draft
        );
        for talk in &self.talks {
            let _ = write!(text, "\n## {} - {}\n\n{}", talk.title, talk.speaker, talk.body("../"));
        }
        text
    }

    fn single(&self) -> String {
        let talk = &self.talks[0];
        format!(
            "---\ntitle: \"{}\"\nsummit: {}\nspeakers: [\"{}\"]\nday: 2031-05-16\ndraft: {}\n---\n\n{}",
            talk.title,
            self.summit,
            talk.speaker,
            self.draft,
            talk.body("../")
        )
    }

    fn manifest(&self) -> String {
        let head = "apiVersion: talknotes.dev/v1alpha1\nkind";
        let mut text = format!(
            "{head}: Summit\nmetadata:\n  name: {0}\nspec:\n  title: The {0}\n",
            self.summit
        );
        let publication = if self.draft { "Draft" } else { "Published" };
        for (number, talk) in self.talks.iter().enumerate() {
            let body = talk.body("../").replace('\n', "\n    ");
            let _ = write!(
                text,
                "---\n{head}: TalkNote\nmetadata:\n  name: {}-{number}\nspec:\n  title: \"{}\"\n  \
                 summitRef:\n    name: {}\n  speakers:\n  - name: {}\n  publication: {publication}\n  \
                 markdown: |\n    {}\n",
                self.summit,
                talk.title,
                self.summit,
                talk.speaker,
                body.trim_end()
            );
        }
        text
    }
}

impl Talk {
    /// `up` leads to the root of the repository.
    fn body(&self, up: &str) -> String {
        let [first, second, third] = self.sentences.map(|sentence| SENTENCES[sentence]);
        let mut body = format!(
            "### Personal\n\n* {first}\n  * {second}\n    * **{}**\n* {third}\n\n### 共筆\n\n:::info\n\
             {second}\n:::\n",
            self.mark
        );
        if let Some(image) = &self.image {
            let _ = write!(body, "\n![the quay]({up}{image})\n");
        }
        body
    }
}

impl Files {
    /// A few documents to begin with.
    pub fn begin(author: &mut Author) -> Self {
        Self { documents: (0..4).map(|_| author.document()).collect(), ..Self::default() }
    }

    /// Paths of what cannot be read.
    pub fn broken(&self) -> impl Iterator<Item = &String> {
        self.documents.iter().filter(|(_, document)| document.broken).map(|(path, _)| path)
    }

    /// Path and content of every file.
    pub fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let documents = self.documents.iter();
        let documents = documents.map(|(path, document)| (path.clone(), document.text().into()));
        documents
            .chain(self.images.iter().map(|(path, shown)| (path.clone(), png(*shown))))
            .collect()
    }
}

/// What looks like an image to whoever reads its first bytes.
fn png(shown: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(Rng::with_seed(shown.into()).u64(..).to_be_bytes().repeat(40));
    bytes
}
