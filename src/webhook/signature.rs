//! Whether a report was made by somebody who knows the token. Pure.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Headers with an HMAC-SHA256 of the body: GitHub (and Gitea and Forgejo, which send it too),
/// Bitbucket, Gitea, Forgejo, Gogs, and whoever else signs.
const SIGNATURES: [&str; 6] = [
    "x-hub-signature-256",
    "x-hub-signature",
    "x-gitea-signature",
    "x-forgejo-signature",
    "x-gogs-signature",
    "x-signature",
];
/// Header in which GitLab sends the token itself.
const TOKEN: &str = "x-gitlab-token";

/// Why a report is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is not signed in a way that is known.
    Unsigned,
    /// It is signed with another token.
    Wrong,
}

/// Checks a report. How long that takes tells nothing about the token.
pub(super) fn check(headers: &HeaderMap, body: &[u8], token: &[u8]) -> Result<(), Doubt> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(signature) = SIGNATURES.into_iter().find_map(text) {
        let digits = signature.strip_prefix("sha256=").unwrap_or(signature);
        let signature = bytes(digits).ok_or(Doubt::Wrong)?;
        let mac = Hmac::<Sha256>::new_from_slice(token).map_err(|_| Doubt::Wrong)?;
        return mac.chain_update(body).verify_slice(&signature).map_err(|_| Doubt::Wrong);
    }
    let shown = headers.get(TOKEN).ok_or(Doubt::Unsigned)?.as_bytes();
    // Digests have one length, whatever the tokens have.
    let (shown, wanted) = (Sha256::digest(shown), Sha256::digest(token));
    if bool::from(shown.as_slice().ct_eq(wanted.as_slice())) { Ok(()) } else { Err(Doubt::Wrong) }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let value =
        |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match *pair {
        [high, low] => Some(value(high)? << 4 | value(low)?),
        _ => None,
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const BODY: &[u8] = br#"{"ref":"refs/heads/main"}"#;
    const TOKEN_TEXT: &[u8] = b"push-31415";
    /// `openssl dgst -sha256 -hmac push-31415` of the body.
    const SIGNED: &str = "baeb5d08219eed329cf7aba952c4897e6ab9f5228c7239533edbb599f32a3671";

    fn checked(name: &str, value: &str) -> Result<(), Doubt> {
        let mut headers = HeaderMap::new();
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        check(&headers, BODY, TOKEN_TEXT)
    }

    #[test]
    fn every_forge_signs_in_a_header_of_its_own() {
        for (name, value) in [
            ("X-Hub-Signature-256", format!("sha256={SIGNED}")),
            ("X-Hub-Signature", format!("sha256={SIGNED}")),
            ("X-Gitea-Signature", SIGNED.to_owned()),
            ("X-Forgejo-Signature", SIGNED.to_uppercase()),
            ("X-Signature", format!("sha256={SIGNED}")),
            ("X-Gitlab-Token", "push-31415".to_owned()),
        ] {
            assert_eq!(checked(name, &value), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_is_signed_otherwise_is_not_believed() {
        for value in [
            "",
            "sha256=",
            "sha256=zz",
            "sha256=bae",
            "sha1=3b2a",
            &format!("sha256={}", SIGNED.replace('b', "0")),
            &format!("sha256={}", SIGNED.get(..32).unwrap()),
        ] {
            assert_eq!(checked("X-Hub-Signature-256", value), Err(Doubt::Wrong), "{value}");
        }
        for value in ["", "push-3141", "push-314150", "PUSH-31415"] {
            assert_eq!(checked("X-Gitlab-Token", value), Err(Doubt::Wrong), "{value}");
        }
        assert_eq!(checked("X-Other", "push-31415"), Err(Doubt::Unsigned));
    }

    /// Somebody who knows no token could otherwise choose the weaker of two proofs.
    #[test]
    fn a_wrong_signature_is_not_made_good_by_a_token() {
        let mut headers = HeaderMap::new();
        headers.insert("x-hub-signature-256", HeaderValue::from_static("sha256=00"));
        headers.insert("x-gitlab-token", HeaderValue::from_static("push-31415"));
        assert_eq!(check(&headers, BODY, TOKEN_TEXT), Err(Doubt::Wrong));
    }
}
