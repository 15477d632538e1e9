//! Signatures of OpenPGP, as gpg makes them.

use jiff::Timestamp;
use pgp::composed::{Deserializable as _, DetachedSignature};
use pgp::packet::{Signature, SignatureType};

use super::certificate::{Certificate, Moment, is_sound};

const BEGIN: &[u8] = b"-----BEGIN PGP";
/// Most signatures that one revision may carry; each costs time.
const MOST: usize = 8;

/// Whether a signature is one of OpenPGP.
pub(super) fn is_one(signature: &[u8]) -> bool {
    signature.starts_with(BEGIN)
}

/// Who of `signers` signed `data`, or why nobody did. Where there are several signatures, one is enough.
pub(super) fn check(
    signers: &[(String, Certificate)],
    data: &[u8],
    text: &[u8],
    now: Timestamp,
) -> Result<String, String> {
    let unreadable = || super::UNREADABLE.to_owned();
    let (read, _) = DetachedSignature::from_armor_many(text).map_err(|_| unreadable())?;
    let signatures = read.take(MOST).collect::<Result<Vec<_>, _>>().map_err(|_| unreadable())?;
    let now = Moment::of(now);
    let mut why = unreadable();
    for (signature, number) in signatures.iter().zip(0_usize..) {
        match check_one(signers, data, &signature.signature, now) {
            Ok(signer) => return Ok(signer),
            Err(first) if number == 0 => why = first,
            Err(_) => {}
        }
    }
    Err(why)
}

fn check_one(
    signers: &[(String, Certificate)],
    data: &[u8],
    signature: &Signature,
    now: Moment,
) -> Result<String, String> {
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Err("has a signature that is for something else than data".to_owned());
    }
    if !is_sound(signature, now) {
        return Err(
            "has a signature that is expired, from the future, or made with a hash that is broken"
                .to_owned(),
        );
    }
    let found = signers.iter().find_map(|(name, certificate)| {
        certificate.component_of(signature).map(|key| (name, certificate, key))
    });
    let Some((name, certificate, key)) = found else {
        return Err(format!("is signed by {}, which is not trusted", issuer(signature)));
    };
    let fingerprint = certificate.fingerprint();
    let whose = format!("the OpenPGP key {fingerprint} of {name}");
    certificate
        .may_sign(key, signature, now)
        .map_err(|why| format!("is signed by {whose}, {why}"))?;
    certificate.verify(key, signature, data).map_err(|()| super::mismatch(name))?;
    Ok(format!("{name} ({fingerprint})"))
}

/// What a signature says of who made it.
fn issuer(signature: &Signature) -> String {
    let fingerprints = signature.issuer_fingerprint();
    let ids = signature.issuer_key_id();
    match (fingerprints.first(), ids.first()) {
        (Some(fingerprint), _) => format!("the OpenPGP key {fingerprint:X}"),
        (None, Some(id)) => format!("the OpenPGP key {}", id.to_string().to_uppercase()),
        (None, None) => "an OpenPGP key that it does not name".to_owned(),
    }
}
