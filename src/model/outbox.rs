//! What has to go out: written together with its cause, sent later.

use super::{JobId, words};

words! {
    /// What a job does.
    JobKind {
        /// Tells a device of an operator something.
        Push = "push",
        /// Hands a client to the CRM.
        Lead = "lead",
        /// Reads anew what is known of the CRM.
        Crm = "crm",
    }
}

words! {
    /// What became of a job.
    JobState {
        /// Waits for its time.
        Queued = "queued",
        /// Under way.
        Sending = "sending",
        /// The other side took it.
        Sent = "sent",
        /// Given up.
        Refused = "refused",
        /// Sent, and no answer was read: it may have arrived.
        Unknown = "unknown",
    }
}

/// A job that is under way.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Whose jobs go one after the other.
    pub target: String,
    /// JSON, as its kind has it.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// An earlier attempt may have arrived: look for it before sending again, where that would double something.
    pub unknown: bool,
    /// When it was queued.
    pub created_at: i64,
}
