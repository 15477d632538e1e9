//! How a receiver knows that an event is from us: Standard Webhooks (<https://www.standardwebhooks.com>).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Before a key that is written as base64.
const ENCODED: &str = "whsec_";

/// What events are signed with.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// That of a Secret.
    ///
    /// # Errors
    /// Where it is none, without the text.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let key = match text.strip_prefix(ENCODED) {
            Some(encoded) => {
                BASE64_STANDARD.decode(encoded).map_err(|_| "no base64 after whsec_")?
            }
            None => text.as_bytes().to_vec(),
        };
        if key.is_empty() { Err("it is empty") } else { Ok(Self(key)) }
    }

    /// The value of the header `webhook-signature` for an event that is sent at `seconds` after 1970.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> Option<String> {
        // Keys of any length are taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = SigningKey::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_key_is_text_or_base64_and_never_empty() {
        assert!(SigningKey::new("").is_err());
        assert!(SigningKey::new("whsec_").is_err());
        assert!(SigningKey::new("whsec_%").is_err());
        let (text, encoded) =
            (SigningKey::new("ahoy").unwrap(), SigningKey::new("whsec_YWhveQ==").unwrap());
        assert_eq!(text.sign("1", 2, "3"), encoded.sign("1", 2, "3"));
        assert_ne!(text.sign("1", 2, "3"), text.sign("1", 2, "4"));
    }
}
