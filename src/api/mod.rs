//! The kinds: what people write and what the operator answers.
//!
//! Types, names and nothing that decides. Every other room may use this one.
//! `spec` belongs to the user and is never written by the operator; `status`
//! belongs to the operator.

mod common;
pub mod crds;
mod features;
pub mod names;
mod note_repository;
mod notification;
mod rules;
mod summit;
mod talk_note;
mod viewer;

pub use common::{Diagnostic, LIST_PAGE, Link, LinkKind, MAX_DIAGNOSTICS, Severity, condition};
pub use features::{Feature, FeatureName, FeatureState, Segment};
pub use note_repository::{
    CommitStatus, DraftPolicy, ForgeProvider, Format, GitReference, HistoryEntry, NoteRepository,
    NoteRepositorySpec, NoteRepositoryStatus, Preview, PrunePolicy, SecretReference, SourceKind,
    SourceLinks, SourceReference, Verification, VerificationMode, Webhook,
};
pub use notification::{NotificationEvent, NotificationSink};
pub use rules::{
    DayPlacement, DaysRule, DocumentReading, MAX_RULE_PATHS, MAX_RULES, ReadingDecider,
    ReadingRule, SpeakerPlacement, SpeakersRule, TalkPlacement, TalksRule,
};
pub use summit::{Summit, SummitAgenda, SummitSpec, SummitStatus, SummitTheme};
pub use talk_note::{
    ConfigMapKeyReference, ContentSource, Direction, EventStatus, LineBreaks, LinkTarget, Medal,
    Nesting, NoteImage, NoteSource, Publication, Rendering, RobotsRule, Speaker, SummitReference,
    TalkKind, TalkNote, TalkNoteSpec, TalkNoteStatus,
};
pub use viewer::{
    ALL_NAMESPACES, Access, Autoscaling, HttpRouteWay, IngressWay, IpBlock, Labels, NamedSecret,
    ParentGateway, Peer, Resources, Viewer, ViewerSpec, ViewerStatus,
};
