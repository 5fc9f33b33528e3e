//! An employee who answers.

use super::project::Language;
use super::{OperatorId, Seq, words};

words! {
    /// What an operator may do; the later ones may all that the former may.
    Role {
        /// Answers: sees unassigned chats and own ones.
        Operator = "operator",
        /// Also sees everybody's chats.
        Administrator = "administrator",
        /// Owns the project.
        Owner = "owner",
    }
}

impl Role {
    /// Administrators and the owner.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::Administrator | Role::Owner)
    }
}

words! {
    /// The colours that an operator chose for the pages.
    Theme {
        /// As the device has it.
        System = "system",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

words! {
    /// What sounds with a notification.
    Sound {
        /// Nothing.
        Off = "off",
        /// A drop of water.
        Drop = "drop",
        /// A bell.
        Bell = "bell",
        /// A knock.
        Knock = "knock",
    }
}

words! {
    /// How long a notification stays.
    Stay {
        /// As the system has it.
        System = "system",
        /// 5 s.
        Five = "5",
        /// 10 s.
        Ten = "10",
        /// 20 s.
        Twenty = "20",
        /// Until it is closed.
        Sticky = "sticky",
    }
}

/// Of what an operator is told, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notifications {
    /// A colleague gave the operator a chat.
    pub assigned: bool,
    /// A client wrote in a chat of the operator's own.
    pub message: bool,
    /// A chat waits that is nobody's.
    pub unassigned: bool,
    /// A visitor came who has not written.
    pub empty: bool,
    /// What sounds.
    pub sound: Sound,
    /// How loud, 0 to 100.
    pub volume: u8,
    /// Whether a notification shows what the client wrote.
    pub show_text: bool,
    /// How long it stays.
    pub stay: Stay,
    /// Whether the chat that one looks at makes none.
    pub quiet_in_view: bool,
}

/// An operator.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its id.
    pub id: OperatorId,
    /// The last change.
    pub seq: Seq,
    /// Shown to visitors.
    pub name: String,
    /// The login, lower case.
    pub email: String,
    /// What this operator may do.
    pub role: Role,
    /// Own settings of the pages.
    pub preferences: Preferences,
    /// Away: not online for visitors, although a page may be connected.
    pub away: bool,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
    /// The picture, by what it shows; `None`: initials.
    pub avatar: Option<AvatarVersion>,
}

/// Names a picture by its content, in 16 hexadecimal digits: the same name never shows another one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct AvatarVersion(pub String);

words! {
    /// The sizes that a picture is kept in, by their pixels.
    AvatarSize {
        /// For lists and bubbles.
        Small = "96",
        /// For large places and dense screens.
        Large = "256",
    }
}

impl AvatarSize {
    /// Width and height.
    pub fn px(self) -> u32 {
        match self {
            AvatarSize::Small => 96,
            AvatarSize::Large => 256,
        }
    }
}

/// A picture as it is kept.
#[derive(Clone, Debug)]
pub struct Avatar {
    /// Its name.
    pub version: AvatarVersion,
    /// PNG or JPEG.
    pub media_type: AvatarType,
    /// [`AvatarSize::Small`].
    pub small: Vec<u8>,
    /// [`AvatarSize::Large`].
    pub large: Vec<u8>,
}

words! {
    /// How a picture is encoded.
    AvatarType {
        /// With transparent parts.
        Png = "image/png",
        /// Without.
        Jpeg = "image/jpeg",
    }
}

/// An operator's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Language of the pages.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Show only chats with messages of clients.
    pub client_only: bool,
    /// Enter sends; otherwise Ctrl+Enter does.
    pub enter_sends: bool,
    /// Of what the operator is told.
    pub notifications: Notifications,
}
