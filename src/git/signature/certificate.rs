//! Public keys of OpenPGP with all that is said of them: for how long they hold, what they are for, and
//! whether their owner took them back. The crate reads and computes; what it means is decided here:
//!
//! * Only what a key says of itself counts. The web of trust says nothing: who is trusted is said by the
//!   Secret that the key lies in.
//! * The newest of its statements counts, where an older one says otherwise.
//! * A key has to hold now, not only when it signed: whoever has an expired key can sign with a date of
//!   the past. What is revoked counts for nothing, whatever the reason.
//! * A part of a key that signs has been said to be for that, and has itself agreed to belong to the key.
//! * Hashes for which collisions are known (MD5, SHA-1, RIPEMD-160), keys of DSA and RSA keys below 2,048
//!   bits are not believed.

use jiff::Timestamp;
use pgp::composed::{Deserializable as _, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SignatureType, SignatureVersion, SubpacketData};
use pgp::ser::Serialize;
use pgp::types::{Duration, KeyDetails, PublicParams, Tag, VerifyingKey};

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
/// How far clocks may differ, in seconds.
const SKEW: u64 = 600;
/// Bytes of the numbers of an RSA key of 2,048 bits, with their lengths and the smallest exponent.
const SMALLEST_RSA: usize = 2 + 256 + 2 + 1;

/// Seconds since 1970, as OpenPGP counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    pub(super) fn of(time: Timestamp) -> Self {
        Self(u64::try_from(time.as_second()).unwrap_or_default())
    }

    /// What is `lifetime` after `start`; none where that has no end.
    fn end(start: pgp::types::Timestamp, lifetime: Option<Duration>) -> Option<Self> {
        let seconds = lifetime.map(|lifetime| u64::from(lifetime.as_secs()))?;
        (seconds > 0).then(|| Self(u64::from(start.as_secs()) + seconds))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = i64::try_from(self.0).ok().and_then(|s| Timestamp::from_second(s).ok());
        write!(f, "{}", time.unwrap_or_default().strftime("%Y-%m-%d"))
    }
}

/// A public key with its parts and what is said of them.
#[derive(Clone, Debug)]
pub(super) struct Certificate(Box<SignedPublicKey>);

/// The part of a key that signs.
#[derive(Clone, Copy)]
pub(super) enum Component<'a> {
    Primary,
    Subkey(&'a SignedPublicSubKey),
}

/// The keys of a file in armor.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Certificate>, String> {
    let mut keys = Vec::new();
    // One block may hold several keys, and a file several blocks.
    for block in text.split(BEGIN).skip(1) {
        let block = format!("{BEGIN}{block}");
        let (read, _) = SignedPublicKey::from_armor_many(block.as_bytes())
            .map_err(|_| format!("{name} is damaged"))?;
        for key in read {
            let key = key.map_err(|_| format!("{name} has a public key that cannot be read"))?;
            keys.push(Certificate(Box::new(key)));
        }
    }
    if keys.is_empty() {
        return Err(format!(
            "{name} holds no public key of OpenPGP: write there what `gpg --export --armor` prints"
        ));
    }
    Ok(keys)
}

/// Whether a signature may be believed at all, were it made by the right key.
pub(super) fn is_sound(signature: &Signature, now: Moment) -> bool {
    use HashAlgorithm::{Sha3_256, Sha3_512, Sha256, Sha384, Sha512};
    let Some(config) = signature.config() else { return false };
    let is_strong = matches!(config.hash_alg, Sha256 | Sha384 | Sha512 | Sha3_256 | Sha3_512);
    let is_new = matches!(signature.version(), SignatureVersion::V4 | SignatureVersion::V6);
    // Whoever wrote these says that the signature means nothing to those who do not know them.
    let is_understood = !config.hashed_subpackets().any(|said| {
        said.is_critical
            && matches!(said.data, SubpacketData::Other(..) | SubpacketData::Experimental(..))
    });
    let Some(created) = signature.created() else { return false };
    let is_made = u64::from(created.as_secs()) <= now.0 + SKEW;
    let end = Moment::end(created, signature.signature_expiration_time());
    is_strong && is_new && is_understood && is_made && end.is_none_or(|end| now < end)
}

impl Certificate {
    /// To be compared with what `gpg --fingerprint` shows.
    pub(super) fn fingerprint(&self) -> String {
        format!("{:X}", self.0.primary_key.fingerprint())
    }

    /// The part that says to have made `signature`.
    pub(super) fn component_of(&self, signature: &Signature) -> Option<Component<'_>> {
        let made_by = |key: &dyn KeyDetails| {
            let fingerprints = signature.issuer_fingerprint();
            match fingerprints.is_empty() {
                true => signature.issuer_key_id().contains(&&key.legacy_key_id()),
                false => fingerprints.contains(&&key.fingerprint()),
            }
        };
        if made_by(&self.0.primary_key) {
            return Some(Component::Primary);
        }
        self.0.public_subkeys.iter().find(|subkey| made_by(&subkey.key)).map(Component::Subkey)
    }

    /// Whether the part `key` may have made `signature`, or why not, after the name of the key.
    pub(super) fn may_sign(
        &self,
        key: Component<'_>,
        signature: &Signature,
        now: Moment,
    ) -> Result<(), String> {
        let primary = &self.0.primary_key;
        if self.0.details.revocation_signatures.iter().any(|said| said.verify_key(primary).is_ok())
        {
            return Err("which its owner revoked".to_owned());
        }
        let said = self.of_itself(now).ok_or("which says nothing valid of itself")?;
        holds(primary, said, now)?;
        let (of_part, created) = match key {
            Component::Primary => (said, primary.created_at()),
            Component::Subkey(subkey) => {
                let binding = self.binding(subkey, now)?;
                holds(&subkey.key, binding, now)?;
                (binding, subkey.key.created_at())
            }
        };
        if !may_sign(of_part) {
            return Err("which is not for signing".to_owned());
        }
        if signature.created().is_none_or(|made| made < created) {
            return Err("which is younger than the signature".to_owned());
        }
        Ok(())
    }

    /// Whether the part `key` made `signature` of `data`.
    pub(super) fn verify(
        &self,
        key: Component<'_>,
        signature: &Signature,
        data: &[u8],
    ) -> Result<(), ()> {
        let checked = match key {
            Component::Primary => signature.verify(&self.0.primary_key, data),
            Component::Subkey(subkey) => signature.verify(&subkey.key, data),
        };
        checked.map_err(|_| ())
    }

    /// The newest that the key says of itself.
    fn of_itself(&self, now: Moment) -> Option<&Signature> {
        let primary = &self.0.primary_key;
        let details = &self.0.details;
        let direct = details.direct_signatures.iter();
        let direct = direct.filter(|said| said.verify_key(primary).is_ok());
        let of_users = details.users.iter().flat_map(|user| {
            let certified = user.signatures.iter();
            certified.filter(|said| {
                said.typ() != Some(SignatureType::CertRevocation)
                    && said.verify_certification(primary, Tag::UserId, &user.id).is_ok()
            })
        });
        newest(direct.chain(of_users), now)
    }

    /// The newest by which the key says that `subkey` is a part of it.
    fn binding<'a>(
        &self,
        subkey: &'a SignedPublicSubKey,
        now: Moment,
    ) -> Result<&'a Signature, String> {
        let primary = &self.0.primary_key;
        let said = |kind: SignatureType| {
            let of_kind = subkey.signatures.iter().filter(move |said| said.typ() == Some(kind));
            of_kind.filter(|said| said.verify_subkey_binding(primary, &subkey.key).is_ok())
        };
        if said(SignatureType::SubkeyRevocation).next().is_some() {
            return Err("whose owner revoked the part that signs".to_owned());
        }
        let binding = newest(said(SignatureType::SubkeyBinding), now)
            .ok_or("to which the part that signs does not belong")?;
        let agrees = binding.embedded_signature().is_some_and(|back| {
            is_sound(back, now) && back.verify_primary_key_binding(&subkey.key, primary).is_ok()
        });
        if may_sign(binding) && !agrees {
            return Err("to which the part that signs has not agreed to belong".to_owned());
        }
        Ok(binding)
    }
}

fn newest<'a>(said: impl Iterator<Item = &'a Signature>, now: Moment) -> Option<&'a Signature> {
    said.filter(|said| is_sound(said, now)).max_by_key(|said| said.created())
}

/// Whether a key that `said` speaks of is strong enough, and is not expired.
fn holds(
    key: &(impl VerifyingKey + Serialize),
    said: &Signature,
    now: Moment,
) -> Result<(), String> {
    let is_strong = match key.public_params() {
        PublicParams::RSA(numbers) => numbers.write_len() >= SMALLEST_RSA,
        PublicParams::ECDSA(_)
        | PublicParams::EdDSALegacy(_)
        | PublicParams::Ed25519(_)
        | PublicParams::Ed448(_) => true,
        _ => false,
    };
    if !is_strong {
        return Err("which is of a kind that is too weak".to_owned());
    }
    match Moment::end(key.created_at(), said.key_expiration_time()) {
        Some(end) if end <= now => Err(format!(
            "which expired on {end}: let its owner extend it, and put the public key anew into the Secret"
        )),
        _ => Ok(()),
    }
}

/// Whether a key is for signatures of data. One that is said to be for nothing special is.
fn may_sign(said: &Signature) -> bool {
    let is_limited = said.config().is_some_and(|config| {
        config.hashed_subpackets().any(|said| matches!(said.data, SubpacketData::KeyFlags(_)))
    });
    !is_limited || said.key_flags().sign()
}
