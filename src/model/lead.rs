//! A client handed to the shop's CRM: what one press of «Создать лид» sends.
//!
//! All that a connector may send stands here and nowhere else: there is no place for notes, ratings or response times.

use super::project::Language;
use super::visit::Source;
use super::{ChatId, LeadId, MessageId, OperatorId, Seq, Uid, words};

words! {
    /// Which CRM.
    CrmKind {
        /// Bitrix24, by an incoming webhook.
        Bitrix24 = "bitrix24",
        /// amoCRM or Kommo, by a long-lived token.
        Amocrm = "amocrm",
        /// HubSpot, by a service key.
        Hubspot = "hubspot",
        /// Any other, by a signed webhook.
        Webhook = "webhook",
    }
}

words! {
    /// What a lead becomes in the CRM.
    Target {
        /// A lead, of CRMs that have them apart from deals.
        Lead = "lead",
        /// A deal with its contact.
        Deal = "deal",
    }
}

words! {
    /// Who wrote a line of the dialogue.
    Author {
        /// The client.
        Client = "client",
        /// An operator.
        Operator = "operator",
        /// An automatic answer.
        Bot = "bot",
    }
}

/// One press of the button, with all that is sent; a repeat sends the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The mark by which the CRM, or we in the CRM, know a repeat.
    pub uid: Uid,
    /// When the button was pressed.
    pub made_at: i64,
    /// The language of what Beseda adds to people's words.
    pub language: Language,
    /// IANA time zone in which times are written.
    pub time_zone: String,
    /// The client.
    pub client: Contacts,
    /// The operator's title; empty: one is made after the client.
    pub title: String,
    /// The operator's comment; may be empty.
    pub comment: String,
    /// Whose chat it is; responsible in the CRM, if there is a manager with the same email.
    pub operator: Option<Colleague>,
    /// Name of the channel.
    pub channel: String,
    /// Where the client came from.
    pub source: Source,
    /// Address and title of the page that the client was on last.
    pub page: Option<(String, String)>,
    /// The chat.
    pub chat_id: ChatId,
    /// Its address in the operators' app.
    pub chat_url: String,
    /// The dialogue, oldest first; without deleted messages.
    pub lines: Vec<Line>,
    /// Values of the additional fields, as text.
    pub fields: Vec<Extra>,
    /// Which delivery it is, from 1: what is sent after a refusal is another one, a repeat is not.
    pub delivery: i64,
}

/// What is known of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// The name.
    pub name: Option<String>,
    /// The phone, E.164.
    pub phone: Option<String>,
    /// The email, lower case.
    pub email: Option<String>,
}

/// An operator as the CRM gets to know one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The name.
    pub name: String,
    /// The email.
    pub email: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was stored.
    pub at: i64,
    /// Who wrote it.
    pub author: Author,
    /// The author's name.
    pub name: String,
    /// The text; may be empty, if there is a file.
    pub text: String,
    /// Name and size in bytes of the file.
    pub file: Option<(String, i64)>,
}

/// A value for an additional field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// The field's id in the CRM.
    pub id: String,
    /// The field's name when it was chosen.
    pub name: String,
    /// The value as text, not yet checked against the type that the field has by now.
    pub value: String,
}

words! {
    /// What became of a lead.
    LeadState {
        /// On its way.
        Queued = "queued",
        /// In the CRM.
        Sent = "sent",
        /// Not taken by the CRM; can be tried again.
        Refused = "refused",
    }
}

/// What operators wrote in a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// All of it.
    pub text: String,
    /// Who wrote it last.
    pub by: OperatorId,
    /// What those see from whom the client's contacts are hidden, if its author is one of them and kept parts that were
    /// hidden from them too; `None`: the same text, masked.
    pub shown: Option<String>,
}

/// A press of the button as its row has it; the dialogue and the rest are read when it is sent.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// Its id.
    pub id: LeadId,
    /// Made by the page.
    pub uid: Uid,
    /// The chat.
    pub chat_id: ChatId,
    /// Who pressed.
    pub operator_id: OperatorId,
    /// Whose chat it was.
    pub responsible_id: OperatorId,
    /// The client, as the form had it.
    pub client: Contacts,
    /// The title; empty: one is made after the client.
    pub title: Words,
    /// The comment; may be empty.
    pub comment: Words,
    /// Address and title of the page that the client was on.
    pub page: Option<(String, String)>,
    /// The chat's address in the operators' app.
    pub chat_url: String,
    /// The dialogue goes up to here; 0: no message.
    pub until_message_id: MessageId,
    /// What became of it.
    pub state: LeadState,
    /// The card's id in the CRM.
    pub card: Option<String>,
    /// The card's address.
    pub url: Option<String>,
    /// The CRM put it into a card that was there.
    pub merged: bool,
    /// The CRM's words: why it was refused, or why it is not there yet.
    pub reason: Option<String>,
    /// Which delivery it is, from 1.
    pub delivery: i64,
    /// When the button was pressed.
    pub made_at: i64,
    /// When it arrived or was refused.
    pub ended_at: Option<i64>,
    /// The change that made it so.
    pub seq: Seq,
}
