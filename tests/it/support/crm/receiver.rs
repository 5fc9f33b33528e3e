//! A receiver of signed webhooks, with a verifier of its own: HMAC by hand after RFC 2104, base64 by hand after RFC 4648.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Protocol, Reply, Seen};

/// What came and was right.
pub struct Receiver {
    pub secret: String,
    /// Ids of requests with their bodies, repeats included.
    pub taken: Vec<(String, Value)>,
    /// What is answered.
    pub reply: Reply,
    /// The time that the receiver believes, Unix seconds.
    pub now: i64,
    /// For tests that move the sender's time.
    pub believes_any_time: bool,
}

impl Receiver {
    pub fn new(secret: &str, now: i64) -> Receiver {
        Receiver {
            secret: secret.to_owned(),
            taken: Vec::new(),
            reply: Reply::empty(204),
            now,
            believes_any_time: false,
        }
    }

    fn is_right(&self, seen: &Seen) -> bool {
        let (id, at) = (seen.header("webhook-id"), seen.header("webhook-timestamp"));
        let fresh = self.believes_any_time || at.parse::<i64>().is_ok_and(|at| (at - self.now).abs() <= 300);
        let mut signed = format!("{id}.{at}.").into_bytes();
        signed.extend_from_slice(&seen.body);
        let expected = hmac(&unbase64(self.secret.strip_prefix("whsec_").unwrap()), &signed);
        let given = seen.header("webhook-signature").split(' ').filter_map(|one| one.strip_prefix("v1,"));
        fresh && !id.contains('.') && given.into_iter().any(|one| unbase64(one) == expected)
    }
}

impl Protocol for Receiver {
    fn answer(&mut self, seen: &Seen) -> Reply {
        if !self.is_right(seen) {
            return Reply::page(401, "the signature is wrong");
        }
        self.taken.push((seen.header("webhook-id").to_owned(), seen.json()));
        self.reply.clone()
    }
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::digest([&pad(0x36), text].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

fn unbase64(text: &str) -> Vec<u8> {
    const SIGNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for sign in text.trim_end_matches('=').chars() {
        bits = bits << 6 | u32::try_from(SIGNS.find(sign).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
