//! Parts of a site that are on or off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a site, and who has it.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    /// SearchAsYouType (results while a reader types), MindMap (notes and agendas as trees),
    /// LiveUpdates (open pages follow changes) or SocialCards (what other sites show of a link).
    pub name: FeatureName,
    /// Enabled or Disabled. Disabled is for everybody and at once, whatever the other fields say.
    /// Enabled where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<FeatureState>,
    /// Part of the readers who have it, in percent. A reader who has it keeps it while the number grows.
    /// All of them where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub percentage: Option<u8>,
    /// Readers who may have it: those of any of the segments. All of them where it is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    pub segments: Vec<Segment>,
}

/// Readers who have everything in common that is named here.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// Languages of the page, such as en or zh-Hant: one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), inner(length(min = 2, max = 35)))]
    pub languages: Vec<String>,
    /// Whether the reader was here before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returning: Option<bool>,
    /// Value of the header X-TalkNotes-Segment, which a proxy sets: one of them. Let the proxy take away
    /// what readers send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), inner(length(min = 1, max = 64)))]
    pub groups: Vec<String>,
}

#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[allow(missing_docs, reason = "the values are explained at Feature::name")]
pub enum FeatureName {
    SearchAsYouType,
    MindMap,
    LiveUpdates,
    SocialCards,
}

impl FeatureName {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::SearchAsYouType, Self::MindMap, Self::LiveUpdates, Self::SocialCards];

    /// Its key among the flags.
    pub fn key(self) -> &'static str {
        match self {
            Self::SearchAsYouType => "search-as-you-type",
            Self::MindMap => "mind-map",
            Self::LiveUpdates => "live-updates",
            Self::SocialCards => "social-cards",
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the values are explained at Feature::state")]
pub enum FeatureState {
    Enabled,
    Disabled,
}
