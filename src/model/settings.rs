//! What the owner decides for the whole project.

use super::Seq;
use super::attachment::FileRules;
use super::operator::Role;

/// All settings, with the last change of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who sees the contacts of clients.
    pub contacts: ContactSettings,
    /// Which files are taken.
    pub files: FileRules,
    /// The last change; 0 before the first.
    pub seq: Seq,
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
