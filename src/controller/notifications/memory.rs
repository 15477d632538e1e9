//! What a sink was told, in a ConfigMap that goes with its owner: one write after each round, however many
//! notes it told of.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::Patch;
use kube::{Api, ResourceExt};
use serde_json::json;

use super::owner::Owner;
use super::standing::Ledger;
use crate::api::names::{self, MANAGED_BY, MANAGED_BY_VALUE, MANAGER_NOTIFICATIONS};
use crate::controller::shared::context::Context;
use crate::controller::shared::error::Error;
use crate::controller::shared::report::apply_params;

/// Key of the ledger.
const KEY: &str = "told.json.gz";
/// Largest ledger, in bytes: others may have written it.
const LARGEST: u64 = 16 << 20;

/// Where what one sink was told is remembered.
pub struct Memory {
    maps: Api<ConfigMap>,
    name: String,
    owner: Owner,
}

/// What was remembered: the ledger, and by what its events are told from those of another one.
pub struct Remembered {
    pub ledger: Ledger,
    pub nonce: String,
    /// Whether the sink has heard more than is written down.
    pub is_ahead: bool,
}

impl Memory {
    pub fn of(owner: &Owner, sink: &str, ctx: &Context) -> Self {
        let (namespace, name) = owner.address();
        Self {
            maps: Api::namespaced(ctx.client.clone(), &namespace),
            name: names::told_config_map(owner.kind(), &name, sink),
            owner: owner.clone(),
        }
    }

    /// None where nothing is, or nothing that can be read.
    pub async fn load(&self) -> Result<Option<Remembered>, Error> {
        let doing = format!("read the ConfigMap {}", self.name);
        let found = self.maps.get_opt(&self.name).await.map_err(Error::api(doing))?;
        let Some(map) = found.filter(|map| self.is_its(map)) else { return Ok(None) };
        let bytes = map.binary_data.as_ref().and_then(|data| data.get(KEY));
        let ledger = bytes.and_then(|bytes| decode(&bytes.0));
        if ledger.is_none() {
            tracing::warn!(
                name = self.name,
                "what a sink was told cannot be read; it is told from now on"
            );
        }
        let nonce = map.uid().unwrap_or_default();
        Ok(ledger.map(|ledger| Remembered { ledger, nonce, is_ahead: false }))
    }

    /// Whether it is that of this very owner, and not of an earlier one of its name.
    fn is_its(&self, map: &ConfigMap) -> bool {
        map.owner_references().iter().any(|owner| owner.uid == self.owner.uid())
    }

    /// Remembers `ledger`, and says by what its events are told from those of another one.
    pub async fn save(&self, ledger: &Ledger, ctx: &Context) -> Result<String, Error> {
        let bytes = encode(ledger)
            .map_err(|error| Error::Internal(format!("cannot write a ledger: {error}")))?;
        let map = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": self.name, "labels": { MANAGED_BY: MANAGED_BY_VALUE },
                "ownerReferences": [self.owner.reference()?] },
            "binaryData": { KEY: ByteString(bytes) },
        });
        ctx.metrics.write("ConfigMap", "apply");
        let params = apply_params(MANAGER_NOTIFICATIONS, true);
        let written = self.maps.patch_metadata(&self.name, &params, &Patch::Apply(map)).await;
        let doing = format!("apply the ConfigMap {}", self.name);
        Ok(written.map_err(Error::api(doing))?.uid().unwrap_or_default())
    }
}

fn encode(ledger: &Ledger) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&serde_json::to_vec(ledger)?)?;
    encoder.finish()
}

fn decode(bytes: &[u8]) -> Option<Ledger> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::super::MOST_NOTES;
    use super::super::standing::{Standing, Told};
    use super::*;

    #[test]
    fn a_ledger_of_all_notes_fits_into_a_config_map() {
        let told = |number: usize| Told {
            standing: Standing {
                page: Some(names::hex_digest(&number.to_le_bytes()).chars().take(12).collect()),
                failure: None,
                summit: Some("tidal-platform-days-2031".to_owned()),
            },
            uid: names::hex_digest(&(number + 1).to_be_bytes()).chars().take(12).collect(),
            count: 3,
        };
        let name = |number: usize| {
            let hash: String = names::hex_digest(&number.to_be_bytes()).chars().take(8).collect();
            format!("a-talk-about-harbours-and-tides-{hash}")
        };
        let ledger: Ledger = (0..MOST_NOTES).map(|number| (name(number), told(number))).collect();
        let bytes = encode(&ledger).unwrap();
        assert!(bytes.len() < 700_000, "{} bytes", bytes.len());
        assert!(decode(&bytes).is_some_and(|decoded| decoded == ledger));
        assert_eq!(decode(b"odd"), None);
    }
}
