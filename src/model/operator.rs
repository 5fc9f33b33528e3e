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
}
