//! Secrets that people carry: random, known to the file only by their hash.

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// A new secret of 256 bits, in 43 characters that need no escaping in addresses and cookies.
///
/// # Errors
/// When the system's generator fails.
pub fn make() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(letters(&bytes, 43))
}

/// A short public key that nobody has to keep secret: 12 characters.
///
/// # Errors
/// When the system's generator fails.
pub fn make_key() -> Result<String> {
    let mut bytes = [0_u8; 9];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(letters(&bytes, 12))
}

/// SHA-256: what the file keeps. A secret of 256 bits needs no slow hash.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether a text has the form of a token; others need not be looked up.
pub fn is_well_formed(token: &str) -> bool {
    token.len() == 43 && token.bytes().all(|byte| LETTERS.contains(&byte))
}

/// The base64url alphabet (RFC 4648, section 5).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Six bits a letter, the last one filled up with zeros.
pub(super) fn letters(bytes: &[u8], count: usize) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| (byte >> (7 - at % 8)) & 1);
    (0..count)
        .map(|letter| {
            let six = (0..6).fold(0_usize, |value, i| value << 1 | usize::from(bit(letter * 6 + i)));
            char::from(LETTERS.get(six).copied().unwrap_or(b'A'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_base64url() {
        assert_eq!(letters(b"Beseda", 8), "QmVzZWRh");
        assert_eq!(letters(&[0xff, 0xef], 3), "_-8");
    }

    #[test]
    fn tokens_differ_and_are_well_formed() {
        let (one, other) = (make().unwrap(), make().unwrap());
        assert_ne!(one, other);
        assert!(is_well_formed(&one) && is_well_formed(&other));
        assert!(!is_well_formed("short") && !is_well_formed(&"ж".repeat(43)));
    }
}
