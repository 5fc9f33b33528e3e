//! The project's CRM, as the owner set it up.

use super::lead::{CrmKind, Target};
use super::{OperatorId, Seq, words};

/// The connection.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// Which CRM.
    pub kind: CrmKind,
    /// Its address, as typed; may be empty where the secret has it.
    pub address: String,
    /// The token, key or webhook. Leaves by no view and no log.
    pub secret: String,
    /// What a lead becomes.
    pub target: Target,
    /// Id of the pipeline; `None`: the CRM's main one.
    pub pipeline: Option<String>,
    /// Id of the stage; `None`: the first one.
    pub stage: Option<String>,
    /// The account, as the last good check named it.
    pub account: String,
    /// Since when leads go to this account.
    pub connected_at: i64,
    /// When the last good check was.
    pub checked_at: i64,
    /// When the secret ends, if the CRM says it.
    pub expires_at: Option<i64>,
    /// The account's new address, while it answers by redirects.
    pub moved_to: Option<String>,
    /// When the CRM's users were read.
    pub users_at: Option<i64>,
    /// Nothing got there since; `None`: the last attempt did.
    pub failing_since: Option<i64>,
    /// No lead is tried before.
    pub paused_until: Option<i64>,
    /// The last thing that kept leads from getting there.
    pub last_fault: Option<ConnectionFault>,
    /// Who saved it last, when, and the change that did.
    pub saved: Saved,
    /// The same of the additional fields; `None`: nobody did yet.
    pub fields_saved: Option<Saved>,
}

/// A saving of the connection, or of the additional fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Who.
    pub by: OperatorId,
    /// When.
    pub at: i64,
    /// The change.
    pub seq: Seq,
}

impl Connection {
    /// Until when it is to be left alone.
    pub fn paused(&self, now: i64) -> Option<i64> {
        self.paused_until.filter(|until| now < *until)
    }

    /// What keeps leads from getting there now.
    pub fn fault(&self) -> Option<&ConnectionFault> {
        self.last_fault.as_ref().filter(|fault| fault.ended_at.is_none())
    }
}

/// What an attempt ran into.
#[derive(Clone, Debug)]
pub struct Stumble {
    /// A word of the connectors: `secret`, `unreachable` ...
    pub cause: &'static str,
    /// The CRM's own words.
    pub words: String,
    /// Whether it lasts until somebody mends the connection: administrators are told at once, not after
    /// [`limits::CRM_DOWN_MS`](super::limits::CRM_DOWN_MS).
    pub lasts: bool,
    /// How long the CRM is left alone.
    pub pause: Pause,
}

impl Stumble {
    /// Whether it concerns more than what ran into it.
    pub fn matters(&self) -> bool {
        self.lasts || matches!(self.pause, Pause::For(_))
    }
}

/// How long the CRM is left alone, by leads and by all else that is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Not at all: the next one may get there.
    No,
    /// Milliseconds.
    For(i64),
    /// The longer, the longer nothing gets there: [`limits::CRM_PAUSE_MS`](super::limits::CRM_PAUSE_MS) to
    /// [`limits::CRM_PAUSE_MS_MAX`](super::limits::CRM_PAUSE_MS_MAX).
    Growing,
}

/// Why no lead gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionFault {
    /// A word of the connectors: `secret`, `rights` ...
    pub cause: String,
    /// The CRM's own words.
    pub words: String,
    /// Since when nothing gets there.
    pub at: i64,
    /// When something got there again; `None`: nothing did.
    pub ended_at: Option<i64>,
}

/// What a good check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The account as its people know it.
    pub account: String,
    /// When the secret ends, if the CRM says it.
    pub expires_at: Option<i64>,
    /// The account's new address, when it answered by a redirect.
    pub moved_to: Option<String>,
}

/// A user of the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmUser {
    /// Its id there.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// Its email, lower case; empty when the CRM does not tell.
    pub email: String,
}

/// An additional field of leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraField {
    /// Its name for programs, in the CRM.
    pub field: String,
    /// Its name for people, as it was when it was chosen.
    pub name: String,
    /// What it is filled with.
    pub source: ValueSource,
    /// The value of [`ValueSource::Fixed`].
    pub value: String,
    /// The CRM has it no more.
    pub gone: bool,
}

words! {
    /// What an additional field is filled with. A rating or a response time is not among them.
    ValueSource {
        /// The same value for each lead.
        Fixed = "fixed",
        /// The client's name.
        ClientName = "client_name",
        /// The client's phone.
        ClientPhone = "client_phone",
        /// The client's email.
        ClientEmail = "client_email",
        /// The operator's comment.
        Comment = "comment",
        /// Name of whose chat it is.
        OperatorName = "operator_name",
        /// Email of whose chat it is.
        OperatorEmail = "operator_email",
        /// Name of the channel.
        Channel = "channel",
        /// Address of the page.
        PageUrl = "page_url",
        /// Title of the page.
        PageTitle = "page_title",
        /// Address of the visit's first page.
        FirstPage = "first_page",
        /// The site that led to the shop.
        Referrer = "referrer",
        /// `utm_source`.
        UtmSource = "utm_source",
        /// `utm_medium`.
        UtmMedium = "utm_medium",
        /// `utm_campaign`.
        UtmCampaign = "utm_campaign",
        /// `utm_content`.
        UtmContent = "utm_content",
        /// `utm_term`.
        UtmTerm = "utm_term",
        /// `gclid`.
        Gclid = "gclid",
        /// `yclid`.
        Yclid = "yclid",
        /// `fbclid`.
        Fbclid = "fbclid",
        /// `ymclid`.
        Ymclid = "ymclid",
        /// Address of the chat in the operators' app.
        ChatUrl = "chat_url",
        /// Number of the chat.
        ChatNumber = "chat_number",
        /// The moment of the press.
        MadeAt = "made_at",
    }
}
