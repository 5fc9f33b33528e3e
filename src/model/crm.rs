//! The project's CRM, as the owner set it up.

use super::lead::{CrmKind, Target};
use super::words;

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
    /// When that was.
    pub checked_at: i64,
    /// What keeps leads from getting there now.
    pub fault: Option<ConnectionFault>,
}

/// Why no lead gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionFault {
    /// A word of the connectors: `secret`, `rights` ...
    pub cause: String,
    /// The CRM's own words.
    pub words: String,
    /// Since when it is known.
    pub at: i64,
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
