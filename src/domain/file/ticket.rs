//! Addresses of visitors' files: a widget shows them with `<img>`, which sends no token, so each address carries a ticket.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::domain::token;
use crate::model::{AttachmentId, VisitorId};

/// Letters of a ticket: 128 bits.
const LETTERS: usize = 22;

/// Makes the tickets of one visitor.
pub struct Tickets {
    secret: [u8; 32],
    visitor_id: VisitorId,
}

impl Tickets {
    /// Tickets of a visitor, under the project's secret.
    pub fn new(secret: [u8; 32], visitor_id: VisitorId) -> Tickets {
        Tickets { secret, visitor_id }
    }

    /// The address of a file, beginning with `/`.
    pub fn address(&self, id: AttachmentId) -> String {
        format!("/w/file/{id}?t={}", self.ticket(id))
    }

    /// Whether a ticket is the one for this file.
    pub fn fits(&self, id: AttachmentId, ticket: &str) -> bool {
        self.ticket(id).as_bytes().ct_eq(ticket.as_bytes()).into()
    }

    fn ticket(&self, id: AttachmentId) -> String {
        // A key of any length is taken (RFC 2104); no key is no case here.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return String::new() };
        mac.update(&id.0.to_be_bytes());
        mac.update(&self.visitor_id.0.to_be_bytes());
        token::letters(&mac.finalize().into_bytes(), LETTERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_file_and_one_visitor() {
        let petr = Tickets::new([7; 32], VisitorId(1));
        let address = petr.address(AttachmentId(3));
        let ticket = address.strip_prefix("/w/file/3?t=").unwrap();
        assert_eq!(ticket.len(), LETTERS);
        assert!(petr.fits(AttachmentId(3), ticket) && !petr.fits(AttachmentId(4), ticket));
        assert!(!petr.fits(AttachmentId(3), "") && !petr.fits(AttachmentId(3), &ticket[1..]));
        assert!(!Tickets::new([7; 32], VisitorId(2)).fits(AttachmentId(3), ticket));
        assert!(!Tickets::new([8; 32], VisitorId(1)).fits(AttachmentId(3), ticket));
    }
}
