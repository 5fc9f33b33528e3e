//! What the owner decides for the whole project.

use super::Seq;
use super::attachment::FileRules;
use super::operator::Role;
use super::project::Language;

const HOUR_MS: i64 = 3_600_000;

/// All settings, with the last change of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who sees the contacts of clients.
    pub contacts: ContactSettings,
    /// Which files are taken.
    pub files: FileRules,
    /// How chats go on, wait and end.
    pub chats: ChatSettings,
    /// The project itself.
    pub project: ProjectSettings,
    /// The last change; 0 before the first.
    pub seq: Seq,
}

/// How chats go on, wait and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatSettings {
    /// A client's message reopens a closed chat within so many hours; 0: each time there is a new one.
    pub reopen_hours: i64,
    /// Empty chats are removed after so many days.
    pub empty_days: i64,
    /// A client who waits for so many minutes is shown in yellow,
    pub yellow_minutes: i64,
    /// and for so many in red.
    pub red_minutes: i64,
    /// Whether operators see what clients are typing.
    pub show_typing: bool,
}

impl ChatSettings {
    /// Time within which a client's message reopens a closed chat, milliseconds.
    pub fn reopen_ms(self) -> i64 {
        self.reopen_hours * HOUR_MS
    }

    /// Time after which empty chats are removed, milliseconds.
    pub fn empty_ms(self) -> i64 {
        self.empty_days * 24 * HOUR_MS
    }
}

/// The project itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSettings {
    /// The shop's name.
    pub name: String,
    /// The language of pages for people without a choice of their own.
    pub language: Language,
    /// IANA time zone.
    pub time_zone: String,
    /// The owner's colour, `#RRGGBB`.
    pub accent: String,
}

/// To whom phone, email and name of clients are shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactSettings {
    /// To administrators.
    pub administrators: bool,
    /// To plain operators.
    pub operators: bool,
}

impl ContactSettings {
    /// Whether contacts are partly hidden from this role; never from the owner.
    pub fn hidden_from(self, role: Role) -> bool {
        match role {
            Role::Owner => false,
            Role::Administrator => !self.administrators,
            Role::Operator => !self.operators,
        }
    }
}
