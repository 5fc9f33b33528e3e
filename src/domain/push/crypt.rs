//! What push services get: a body that only the device reads (RFC 8291 and RFC 8188), and who sends it (VAPID, RFC 8292).
//!
//! With the primitives of ring, which TLS brings anyway: `web-push-native` 0.5 would bring 84 more packages (RSA, ed25519,
//! secp256k1 and their kin) to 247, for two pages of code.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use ring::{aead, agreement, hmac};
use serde_json::json;

use crate::clock::Moment;
use crate::error::{Error, Result};

/// Bytes of an uncompressed point of P-256.
pub const POINT_BYTES: usize = 65;
/// Bytes of the secret that a device shares with us.
pub const AUTH_BYTES: usize = 16;
/// Bytes of a salt.
const SALT_BYTES: usize = 16;
/// Bytes of a record; all of a push is one.
const RECORD_BYTES: u32 = 4_096;
/// What is encrypted is filled up to a multiple of so many bytes, so that its length tells less of what it says.
const PADDING_BYTES: usize = 256;
/// How long a signature is good, seconds; RFC 8292 allows 24 h.
const SIGNATURE_S: i64 = 12 * 3_600;

/// Bytes as base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a base64url text, with padding or without; `None` when it is none.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// The keys of a device.
#[derive(Clone, Debug)]
pub struct DeviceKeys {
    /// Its public key, a point of P-256.
    pub p256dh: Vec<u8>,
    /// The secret that it shares with us.
    pub auth: Vec<u8>,
}

/// Encrypts a push for a device.
///
/// # Errors
/// When the device's key is no point of the curve, or the system's generator fails.
pub fn encrypt(keys: &DeviceKeys, plain: &[u8]) -> Result<Vec<u8>> {
    let random = SystemRandom::new();
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt).map_err(unspecified)?;
    let own = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P256, &random).map_err(unspecified)?;
    let own_public = own.compute_public_key().map_err(unspecified)?;
    let device = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, &keys.p256dh);
    let secret = agreement::agree_ephemeral(own, &device, <[u8]>::to_vec).map_err(unspecified)?;
    seal(keys, &secret, own_public.as_ref(), &salt, &padded(plain))
}

/// The content with the mark of the last record, filled up.
fn padded(plain: &[u8]) -> Vec<u8> {
    let mut record = plain.to_vec();
    record.push(2);
    record.resize(record.len().next_multiple_of(PADDING_BYTES), 0);
    record
}

/// The body: salt, size of a record, our public key, and the one record.
fn seal(keys: &DeviceKeys, secret: &[u8], own_public: &[u8], salt: &[u8], record: &[u8]) -> Result<Vec<u8>> {
    let shared = mac(&mac(&keys.auth, &[secret]), &[b"WebPush: info\0", &keys.p256dh, own_public, &[1]]);
    let key = mac(salt, &[&shared]);
    let content_key = mac(&key, &[b"Content-Encoding: aes128gcm\0", &[1]]);
    let nonce = mac(&key, &[b"Content-Encoding: nonce\0", &[1]]);
    let content_key = content_key.get(..16).unwrap_or_default();
    let content_key = aead::UnboundKey::new(&aead::AES_128_GCM, content_key).map_err(unspecified)?;
    let nonce = aead::Nonce::try_assume_unique_for_key(nonce.get(..12).unwrap_or_default()).map_err(unspecified)?;
    let mut sealed = record.to_vec();
    aead::LessSafeKey::new(content_key)
        .seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed)
        .map_err(unspecified)?;
    let length = u8::try_from(own_public.len()).map_err(Error::internal)?;
    Ok([salt, &RECORD_BYTES.to_be_bytes(), &[length], own_public, &sealed].concat())
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    parts.iter().for_each(|part| context.update(part));
    context.sign().as_ref().to_vec()
}

/// The key pair by which push services know this server.
pub struct Vapid(EcdsaKeyPair);

impl Vapid {
    /// A new pair, as the file keeps it (PKCS #8).
    ///
    /// # Errors
    /// When the system's generator fails.
    pub fn make() -> Result<Vec<u8>> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Ok(made.map_err(unspecified)?.as_ref().to_vec())
    }

    /// Reads a pair of the file.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(kept: &[u8]) -> Result<Vapid> {
        let read = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, kept, &SystemRandom::new());
        read.map(Vapid).map_err(Error::internal)
    }

    /// The public key, base64url: what a browser subscribes with.
    pub fn public_key(&self) -> String {
        encode(self.0.public_key().as_ref())
    }

    /// The header `Authorization` for a push service at `origin`; `contact` is a `mailto:` or `https:` address.
    ///
    /// # Errors
    /// When the system's generator fails.
    pub fn authorization(&self, origin: &str, contact: &str, now: Moment) -> Result<String> {
        let head = encode(json!({ "typ": "JWT", "alg": "ES256" }).to_string().as_bytes());
        let claims = json!({ "aud": origin, "exp": now / 1_000 + SIGNATURE_S, "sub": contact });
        let signed = format!("{head}.{}", encode(claims.to_string().as_bytes()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).map_err(unspecified)?;
        Ok(format!("vapid t={signed}.{}, k={}", encode(signature.as_ref()), self.public_key()))
    }
}

/// The token by which a device says that a push came: which device, and that it is from us.
pub fn receipt(kept: &[u8], device_id: i64) -> String {
    let id = device_id.to_be_bytes();
    let mark = mac(kept, &[b"receipt", &id]);
    encode(&[&id, mark.get(..16).unwrap_or_default()].concat())
}

/// The device of a token that [`receipt`] made.
pub fn device_of_receipt(kept: &[u8], token: &str) -> Option<i64> {
    let bytes = decode(token)?;
    let id = i64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
    let fits: bool = subtle::ConstantTimeEq::ct_eq(receipt(kept, id).as_bytes(), encode(&bytes).as_bytes()).into();
    fits.then_some(id)
}

/// A word that stands for a chat, for push services: it tells them nothing.
pub fn topic(kept: &[u8], chat: &str) -> String {
    encode(mac(kept, &[b"topic", chat.as_bytes()]).get(..24).unwrap_or_default())
}

fn unspecified(error: ring::error::Unspecified) -> Error {
    Error::internal(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8291, appendix A.
    #[test]
    fn bodies_are_those_of_the_standard() {
        let of = |text: &str| decode(text).unwrap();
        let keys = DeviceKeys {
            p256dh: of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            auth: of("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let secret = of("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let own = of("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let salt = of("DGv6ra1nlYgDCS1FRnbzlw");
        let mut record = b"When I grow up, I want to be a watermelon".to_vec();
        record.push(2);
        let body = seal(&keys, &secret, &own, &salt, &record).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w\
                        EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(encode(&body), expected);
    }

    #[test]
    fn keys_that_are_no_points_are_refused() {
        for p256dh in [vec![], vec![4; 65], vec![0; 65], vec![4; 64]] {
            assert!(encrypt(&DeviceKeys { p256dh, auth: vec![0; 16] }, b"a").is_err());
        }
    }

    #[test]
    fn receipts_are_ours_or_nothing() {
        let (key, other) = (Vapid::make().unwrap(), Vapid::make().unwrap());
        let token = receipt(&key, 7);
        assert_eq!(device_of_receipt(&key, &token), Some(7));
        assert_eq!(device_of_receipt(&other, &token), None);
        for token in ["", "a", &token[1..], &format!("{token}A"), &receipt(&key, 8).replace('A', "B")] {
            assert_eq!(device_of_receipt(&key, token), None, "{token}");
        }
        let topic = topic(&key, "chat-7");
        assert!(topic.len() <= 32 && topic != super::topic(&key, "chat-8"));
    }

    #[test]
    fn what_is_sent_has_few_lengths() {
        assert_eq!(padded(b"").len(), 256);
        assert_eq!(padded(&[b'a'; 255]).len(), 256);
        assert_eq!(padded(&[b'a'; 256]).len(), 512);
    }
}
