//! What clients say over a WebSocket: commands, read strictly.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::{Code, Error};
use crate::json;
use crate::model::{ChatId, DeviceId, MessageId, Seq};

/// The part of a command that is read first: what it is, and which request it is answered as.
#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Option<serde_json::Value>,
}

/// A command that could not be read, with the request that the refusal answers.
pub struct Refused {
    /// `id` of the command, when it has one.
    pub id: Option<i64>,
    /// Why.
    pub error: Error,
}

macro_rules! commands {
    ($(#[$doc:meta])+ $name:ident { $($(#[$cdoc:meta])+ $word:literal = $variant:ident { $($(#[$fdoc:meta])+ $field:ident: $type:ty),* $(,)? })+ }) => {
        $(#[$doc])+
        #[derive(Debug)]
        pub enum $name { $($(#[$cdoc])+ $variant($variant)),+ }

        $(
            $(#[$cdoc])+
            #[derive(Debug, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $variant {
                #[serde(rename = "type")]
                #[schemars(with = "String")]
                _type: IgnoredAny,
                $($(#[$fdoc])+ pub $field: $type),*
            }
        )+

        impl $name {
            /// The words of all commands.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Reads one text frame.
            ///
            /// # Errors
            /// `json_malformed`, `json_mismatch` with the field, `frame_refused` for an unknown type.
            pub fn parse(text: &str) -> std::result::Result<$name, Refused> {
                let tag: Tag = json::parse(text.as_bytes()).map_err(|error| Refused { id: None, error })?;
                let id = tag.id.as_ref().and_then(serde_json::Value::as_i64);
                let command = match tag.kind.as_str() {
                    $($word => json::parse(text.as_bytes()).map($name::$variant),)+
                    _ => Err(unknown($name::WORDS)),
                };
                command.map_err(|error| Refused { id, error })
            }
        }
    };
}

fn unknown(words: &[&str]) -> Error {
    let reason = format!("the type is none of: {}", words.join(", "));
    Error::new(Code::FrameRefused).field("type").with("reason", reason)
}

/// Commands of operators, `/ws/operator`.
pub mod from_operator {
    use super::*;

    commands! {
        /// What an operator's page says.
        Command {
            /// The first frame: what the page knows already.
            "hello" = Hello {
                /// The largest `seq` seen; `null` for a new page.
                since: Option<Seq>,
                /// The push device of this browser, if it is one.
                device_id: Option<DeviceId>,
            }
            /// A message; answered by `ack` or `error`. Takes an unassigned chat, reopens a closed one.
            "send" = Send {
                /// Returned in the answer.
                id: i64,
                /// Where.
                chat_id: ChatId,
                /// Made by the page: sending it again changes nothing.
                uid: String,
                /// 1 to 4,000 characters after trimming; empty with a file.
                text: String,
                /// The uploaded file that it consists of.
                attachment_uid: Option<String>,
                /// The message of the same chat that it answers.
                quoted_id: Option<MessageId>,
            }
            /// A note, for operators only; answered by `noted` or `error`.
            "note" = Note {
                /// Returned in the answer.
                id: i64,
                /// Where.
                chat_id: ChatId,
                /// Made by the page: sending it again changes nothing.
                uid: String,
                /// 1 to 4,000 characters after trimming; empty with a file.
                text: String,
                /// The uploaded file that it consists of.
                attachment_uid: Option<String>,
            }
            /// Another text for one's own message; answered by `ack` or `error`.
            "edit" = Edit {
                /// Returned in the answer.
                id: i64,
                /// Which.
                message_id: MessageId,
                /// 1 to 4,000 characters after trimming.
                text: String,
            }
            /// Takes back one's own message; answered by `ack` or `error`.
            "delete" = Delete {
                /// Returned in the answer.
                id: i64,
                /// Which.
                message_id: MessageId,
            }
            /// The messages up to this one were seen for a second in a focused window.
            "read" = Read {
                /// Where.
                chat_id: ChatId,
                /// The last one seen.
                message_id: MessageId,
            }
            /// Keys are being pressed in the composer; holds for 6 s.
            "typing" = Typing {
                /// Where.
                chat_id: ChatId,
            }
            /// What the page shows: decides whether news of empty chats come.
            "view" = View {
                /// The open chat.
                chat_id: Option<ChatId>,
                /// Whether empty chats are listed.
                empty: bool,
            }
            /// Asks for `pong`.
            "ping" = Ping {}
        }
    }
}

/// Commands of visitors, `/ws/visitor`.
pub mod from_visitor {
    use std::collections::BTreeMap;

    use super::*;

    /// That a visitor ticked the box.
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct ConsentGiven {
        /// Of the terms, as the widget's config has it.
        pub version: String,
    }

    commands! {
        /// What a widget says.
        Command {
            /// The first frame: who this is, and where.
            "hello" = Hello {
                /// What an earlier `ready` gave; `null` on a new device.
                token: Option<String>,
                /// The largest `seq` seen; `null` for a new page.
                since: Option<Seq>,
                /// Address of the page.
                url: String,
                /// Title of the page.
                title: String,
                /// Where the visitor came from; may be empty.
                referrer: String,
                /// The browser's language.
                language: String,
                /// The browser's IANA time zone.
                time_zone: String,
                /// The language of the widget, in which refusals come; without it, the browser's.
                text_language: Option<String>,
            }
            /// The visitor looks at another page now.
            "page" = PageView {
                /// Its address.
                url: String,
                /// Its title.
                title: String,
            }
            /// A message; answered by `ack` or `error`.
            "send" = Send {
                /// Returned in the answer.
                id: i64,
                /// Made by the widget: sending it again changes nothing.
                uid: String,
                /// 1 to 4,000 characters after trimming; empty with a file.
                text: String,
                /// The uploaded file that it consists of.
                attachment_uid: Option<String>,
                /// That the visitor agreed, where it was asked to.
                consent: Option<ConsentGiven>,
            }
            /// What a visitor leaves while nobody is there; answered by `ack` or `error`.
            "contact" = Contact {
                /// Returned in the answer.
                id: i64,
                /// Made by the widget: sending it again changes nothing.
                uid: String,
                /// Up to 60 characters; may be empty.
                name: String,
                /// A phone or an email address.
                contact: String,
                /// 1 to 4,000 characters after trimming.
                text: String,
                /// That the visitor agreed, where it was asked to.
                consent: Option<ConsentGiven>,
            }
            /// What the shop's page says of its visitor; answered only by `error`, with `consent_needed` where a box is to be
            /// ticked first: it is said again then. So are the two that follow.
            "user" = User {
                /// Up to 60 characters.
                name: Option<String>,
                /// As people write it.
                email: Option<String>,
                /// As people write it.
                phone: Option<String>,
            }
            /// The same, with a proof of the shop's server; answered only by `error`.
            "identify" = Identify {
                /// The shop's own number of it, 1 to 100 characters.
                user_id: String,
                /// HMAC-SHA-256 of `user_id` with the site's secret, in hexadecimal digits.
                hash: String,
                /// Up to 60 characters.
                name: Option<String>,
                /// As people write it.
                email: Option<String>,
                /// As people write it.
                phone: Option<String>,
            }
            /// Further things that the shop's page says; answered only by `error`.
            "attributes" = Attributes {
                /// Up to 20 names of 64 characters, with values of 200; an empty one removes.
                values: BTreeMap<String, String>,
            }
            /// Keys are being pressed; holds for 6 s.
            "typing" = Typing {
                /// What stands in the field; what is over 4,000 characters is cut. Dropped, unless the owner shows it.
                text: Option<String>,
            }
            /// The messages up to this one were seen for a second in a focused window.
            "read" = Read {
                /// The last one seen.
                message_id: MessageId,
            }
            /// Asks for messages before this one; answered by `history` or `error`.
            "history" = History {
                /// Returned in the answer.
                id: i64,
                /// The oldest message that the widget has.
                before: MessageId,
            }
            /// Rates a closed chat; answered by `rated` or `error`.
            "rate" = Rate {
                /// Returned in the answer.
                id: i64,
                /// Which chat.
                chat_id: ChatId,
                /// 1 to 5.
                score: i64,
                /// Up to 1,000 characters.
                comment: String,
            }
            /// Asks for `pong`.
            "ping" = Ping {}
        }
    }
}
