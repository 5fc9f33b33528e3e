//! What can go wrong with a CRM, told apart by what to do about it.

use super::words::plain;
use crate::model::crm::{Pause, Stumble};
use crate::model::{limits, words};

words! {
    /// What it is, and so what helps.
    Cause {
        /// The address is none of this CRM.
        Address = "address",
        /// The address is not encrypted, or no whole one; nothing was sent.
        Https = "https",
        /// The address must not be called: it leads to this machine or into a private network; nothing was sent.
        Private = "private",
        /// The other side could not prove who it is (TLS).
        Certificate = "certificate",
        /// Token, key or webhook is wrong, expired, revoked.
        Secret = "secret",
        /// It cannot be amoCRM's token; nothing was sent.
        Token = "token",
        /// It cannot be a secret of Standard Webhooks; nothing was sent.
        WebhookSecret = "webhook_secret",
        /// The secret is right and does not allow this.
        Rights = "rights",
        /// The account is closed, unpaid, or blocked for calling too much.
        Blocked = "blocked",
        /// No connection; nothing was done.
        Unreachable = "unreachable",
        /// Too many requests, or work on the CRM; nothing was done.
        Busy = "busy",
        /// The request may have been done: no answer came, or none that is whole.
        Unknown = "unknown",
        /// The CRM answers that something broke on its side; the request may have been done.
        Broken = "broken",
        /// A whole answer came that is not in this CRM's language, such as a page for people; the request may have been done.
        Strange = "strange",
        /// The CRM does not take this lead as it is; nothing was done.
        Refused = "refused",
        /// What was done so far could not be kept; nothing further was tried.
        Journal = "journal",
    }
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub cause: Cause,
    /// The other side's own words, or the system's; short, without markup and without secrets.
    pub words: String,
    /// How long to wait, when the other side says it, milliseconds.
    pub retry_after_ms: Option<i64>,
    /// The name of the additional field that is to blame.
    pub field: Option<String>,
    /// Rights that are missing, as the CRM spells them.
    pub missing: Vec<String>,
    /// The words are the system's own, about the way to the other side, which said nothing.
    pub silent: bool,
    /// Nothing was tried: it is too early to say that what was asked for is not there.
    pub early: bool,
}

impl Fault {
    /// A fault with words.
    pub fn new(cause: Cause, words: impl AsRef<str>) -> Fault {
        let words = plain(words.as_ref());
        Fault { cause, words, retry_after_ms: None, field: None, missing: Vec::new(), silent: false, early: false }
    }

    /// What was asked for is not found, and may be in `ms`.
    pub(super) fn early(ms: i64) -> Fault {
        Fault { early: true, ..Fault::new(Cause::Unknown, "").after(Some(ms)) }
    }

    /// With a time to wait.
    pub(super) fn after(mut self, ms: Option<i64>) -> Fault {
        self.retry_after_ms = ms.or(self.retry_after_ms);
        self
    }

    /// With the rights that are missing.
    pub(super) fn without(mut self, missing: Vec<String>) -> Fault {
        self.missing = missing;
        self
    }

    /// With a field to blame.
    pub(super) fn of_field(mut self, field: Option<String>) -> Fault {
        self.field = field;
        self
    }

    /// Whether trying again later makes sense without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.cause,
            Cause::Unreachable | Cause::Busy | Cause::Unknown | Cause::Broken | Cause::Strange | Cause::Journal
        )
    }

    /// Whether it concerns the whole connection: no lead can be sent until somebody mends it.
    pub fn is_of_the_connection(&self) -> bool {
        self.is_unasked()
            || matches!(
                self.cause,
                Cause::Address | Cause::Certificate | Cause::Secret | Cause::Rights | Cause::Blocked
            )
    }

    /// Whether address or secret cannot be right: the CRM was never asked.
    pub fn is_unasked(&self) -> bool {
        matches!(self.cause, Cause::Https | Cause::Private | Cause::Token | Cause::WebhookSecret)
    }

    /// What it means for all that is asked of the CRM. Missing rights may be missing for one client's card only.
    pub fn stumble(&self) -> Stumble {
        let asked = self.retry_after_ms.map(|ms| ms.min(limits::OUTBOX_DELAY_MS_MAX));
        let pause = match self.cause {
            Cause::Unreachable => Pause::Growing,
            Cause::Rights | Cause::Refused | Cause::Journal => Pause::No,
            _ if self.is_of_the_connection() => Pause::For(asked.unwrap_or(limits::CRM_FAULT_WAIT_MS)),
            _ => asked.map_or(Pause::No, Pause::For),
        };
        Stumble { cause: self.cause.as_str(), words: self.in_words(), lasts: self.is_of_the_connection(), pause }
    }

    /// In one line, for people: the other side's own words, with what is to blame; never empty.
    pub fn in_words(&self) -> String {
        let mut words = if self.words.is_empty() { self.cause.as_str().to_owned() } else { self.words.clone() };
        if let Some(field) = &self.field {
            words = format!("{field}: {words}");
        }
        if !self.missing.is_empty() {
            words = format!("{words} ({})", self.missing.join(", "));
        }
        words
    }

    /// Whether the CRM may have done what was asked.
    pub fn may_be_done(&self) -> bool {
        matches!(self.cause, Cause::Unknown | Cause::Broken | Cause::Strange)
    }

    /// The same with `secret` struck out of its words.
    pub(super) fn hiding(mut self, secret: &str) -> Fault {
        if secret.len() < limits::CRM_SECRET_CHARS_MIN {
            return self;
        }
        self.words = self.words.replace(secret, "•••");
        // Words that were cut may end within it.
        let parts = secret.char_indices().rev().map(|(at, _)| &secret[..at]);
        let mut parts = parts.filter(|part| part.len() >= limits::CRM_SECRET_CHARS_MIN / 2);
        if let Some(part) = parts.find(|part| self.words.ends_with(part)) {
            self.words.truncate(self.words.len() - part.len());
            self.words.push_str("•••");
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_struck_out() {
        let fault = Fault::new(Cause::Secret, "no such key abcdef0123456789 here").hiding("abcdef0123456789");
        assert_eq!(fault.words, "no such key ••• here");
        let long = format!("{} abcdef0123456789", "я".repeat(limits::CRM_WORDS_CHARS - 16));
        let fault = Fault::new(Cause::Secret, long).hiding("abcdef0123456789");
        assert!(fault.words.ends_with("я •••"), "{}", fault.words);
    }
}
