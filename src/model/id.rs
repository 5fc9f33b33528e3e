//! Ids, one type for each noun, so that none is taken for another.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {
        $($(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(out) }
        })+
    };
}

ids! {
    /// A file that was sent.
    AttachmentId;
    /// A way for visitors to write.
    ChannelId;
    /// One conversation.
    ChatId;
    /// A device that gets pushes.
    DeviceId;
    /// Something that has to go out.
    JobId;
    /// A contact that was found in a message.
    FoundId;
    /// A message; growing, so it is the order of a dialogue.
    MessageId;
    /// What operators write for each other.
    NoteId;
    /// An employee who answers.
    OperatorId;
    /// The one growing number that every change carries.
    Seq;
    /// A prepared answer.
    TemplateId;
    /// A move of a chat from one state to another.
    TransitionId;
    /// One coming of a visitor to the site.
    VisitId;
    /// A person on the shop's site.
    VisitorId;
}

/// The id that the sender gave a message: a UUID in its 36-character form, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Uid(String);

impl Uid {
    /// Reads a UUID; `None` when it is not one in hyphenated form.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()).then(|| Uid(text.to_ascii_lowercase()))
    }

    /// A new one (version 7: the time first).
    pub fn make() -> Self {
        Uid(uuid::Uuid::now_v7().hyphenated().to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
