//! `talknotes new`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::{Date, Time};

use super::Failure;
use super::files;
use crate::api::{Speaker, SummitReference, SummitSpec, TalkNoteSpec};
use crate::document::{SourceFile, Style, new_summit, new_talk};

#[derive(Args)]
#[command(after_help = "\
Examples:
  talknotes new summit \"Cloud Harbor 2031\" --start 2031-05-14 --end 2031-05-15
  talknotes new talk \"Tides of Traffic\" --summit cloud-harbor-2031 --speaker \"Mira Quell\"")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write a document to take notes about a talk in
    #[command(after_help = "\
Examples:
  talknotes new talk \"Tides of Traffic\" --speaker \"Mira Quell\" --day 2031-05-14
  talknotes new talk 潮汐式調和 --summit cloud-harbor-2031 --output -")]
    Talk(Talk),
    /// Write a document to gather the notes of a summit in
    #[command(after_help = "\
Examples:
  talknotes new summit \"Cloud Harbor 2031\" --start 2031-05-14 --end 2031-05-15
  talknotes new summit \"Cloud Harbor 2031\" --start 2031-05-14 --style hugo")]
    Summit(Summit),
}

#[derive(Args)]
struct Talk {
    /// Title of the talk
    #[arg(value_parser = filled)]
    title: String,
    /// Somebody who gave the talk; may be given several times
    #[arg(long = "speaker", value_name = "NAME", value_parser = filled)]
    speakers: Vec<String>,
    /// Day of the talk, such as 2031-05-14
    #[arg(long, value_name = "DATE")]
    day: Option<Date>,
    /// When the talk begins, such as 09:30
    #[arg(long, value_name = "TIME", value_parser = time)]
    start: Option<String>,
    /// When the talk ends, such as 10:15
    #[arg(long, value_name = "TIME", value_parser = time)]
    end: Option<String>,
    /// Name of the Summit that the talk belongs to
    #[arg(long, value_name = "NAME", value_parser = filled)]
    summit: Option<String>,
    /// How the document is written
    #[arg(long, value_enum, default_value = "file-a-talk")]
    style: StyleArgument,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
struct Summit {
    /// Name of the event, as people say it
    #[arg(value_parser = filled)]
    title: String,
    /// First day, such as 2031-05-14
    #[arg(long, value_name = "DATE")]
    start: Date,
    /// Last day; the first, if not given
    #[arg(long, value_name = "DATE")]
    end: Option<Date>,
    /// Time zone of all days and times, such as Asia/Taipei
    #[arg(long, value_name = "NAME")]
    time_zone: Option<String>,
    /// Where the event takes place
    #[arg(long)]
    location: Option<String>,
    /// Home page of the event
    #[arg(long)]
    url: Option<String>,
    /// How the document is written
    #[arg(long, value_enum, default_value = "one-file")]
    style: StyleArgument,
    #[command(flatten)]
    target: Target,
}

#[derive(Args)]
struct Target {
    /// File to write, or - for standard output; named after the title, if not given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write to standard output
    #[arg(long, conflicts_with = "output")]
    stdout: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum StyleArgument {
    /// One long file a summit: days and talks are headings, as people write in HackMD
    #[value(alias = "hackmd")]
    OneFile,
    /// A file a talk, with its fields in front matter
    FileATalk,
    /// A page bundle of Hugo
    Hugo,
    /// A manifest for kubectl
    Yaml,
}

impl From<StyleArgument> for Style {
    fn from(style: StyleArgument) -> Self {
        match style {
            StyleArgument::OneFile => Self::OneFile,
            StyleArgument::FileATalk => Self::FileATalk,
            StyleArgument::Hugo => Self::Hugo,
            StyleArgument::Yaml => Self::Yaml,
        }
    }
}

fn filled(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn time(text: &str) -> Result<String, String> {
    let time = text.parse::<Time>().map_err(|_| "it should be a time such as 09:30".to_owned())?;
    Ok(time.strftime("%H:%M").to_string())
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (file, target) = match &arguments.what {
        What::Talk(talk) => (new_talk(talk.style.into(), &talk.spec())?, &talk.target),
        What::Summit(summit) => (new_summit(summit.style.into(), &summit.spec()?)?, &summit.target),
    };
    write(&file, target)?;
    Ok(ExitCode::SUCCESS)
}

impl Talk {
    fn spec(&self) -> TalkNoteSpec {
        let speakers = self.speakers.iter().cloned();
        TalkNoteSpec {
            title: self.title.clone(),
            speakers: speakers.map(|name| Speaker { name, ..Speaker::default() }).collect(),
            day: self.day.map(|day| day.to_string()),
            start_time: self.start.clone(),
            end_time: self.end.clone(),
            summit_ref: self.summit.clone().map(|name| SummitReference { name }),
            ..TalkNoteSpec::default()
        }
    }
}

impl Summit {
    fn spec(&self) -> Result<SummitSpec, Failure> {
        let end = self.end.unwrap_or(self.start);
        if end < self.start {
            return Err(format!("--end {end} is before --start {}", self.start).into());
        }
        Ok(SummitSpec {
            title: self.title.clone(),
            start_date: Some(self.start.to_string()),
            end_date: Some(end.to_string()),
            time_zone: self.time_zone.clone(),
            location: self.location.clone(),
            url: self.url.clone(),
            ..SummitSpec::default()
        })
    }
}

fn write(file: &SourceFile, target: &Target) -> Result<(), Failure> {
    let path = target.output.as_deref().unwrap_or(Path::new(&file.path));
    if target.stdout || path == Path::new("-") {
        return Ok(std::io::stdout().lock().write_all(&file.content)?);
    }
    files::create(path, &file.content)?;
    writeln!(std::io::stdout().lock(), "{}", path.display())?;
    Ok(())
}
