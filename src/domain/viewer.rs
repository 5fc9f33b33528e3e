//! Who asks, and what they may.

use crate::error::{Code, Result};
use crate::model::chat::{Chat, ChatState, Sight};
use crate::model::operator::{Operator, Role};
use crate::model::settings::ContactSettings;
use crate::model::{ChannelId, OperatorId, VisitorId};

/// An operator who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub operator_id: OperatorId,
    /// What they may do.
    pub role: Role,
    /// Contacts of clients are partly hidden from this role.
    pub contacts_hidden: bool,
}

/// A visitor who proved who it is by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitorViewer {
    /// Who.
    pub visitor_id: VisitorId,
    /// Where it writes.
    pub channel_id: ChannelId,
}

impl Viewer {
    /// The view of an operator, as the project's settings have it now.
    pub fn of(operator: &Operator, contacts: ContactSettings) -> Viewer {
        let contacts_hidden = contacts.hidden_from(operator.role);
        Viewer { operator_id: operator.id, role: operator.role, contacts_hidden }
    }

    /// Whether this operator sees the chat: unassigned and own ones, administrators all. Of those that ended without an
    /// assignee, the one who ended it keeps seeing it.
    pub fn may_see(&self, chat: &Chat) -> bool {
        self.may_see_sight(&chat.sight())
    }

    /// The same, by what decides it.
    pub fn may_see_sight(&self, sight: &Sight) -> bool {
        self.role.is_administrator()
            || match (sight.state, sight.assignee_id) {
                (ChatState::New, _) => true,
                (_, Some(assignee_id)) => assignee_id == self.operator_id,
                (_, None) => sight.ended_by_id == Some(self.operator_id),
            }
    }

    /// Whether marks of reading by this operator are the chat's: of a chat with an assignee only the assignee's are.
    pub fn reads_for(&self, chat: &Chat) -> bool {
        chat.state == ChatState::New || chat.assignee_id == Some(self.operator_id)
    }

    /// Refuses all but the owner.
    ///
    /// # Errors
    /// `owner_only`.
    pub fn need_owner(&self) -> Result<()> {
        if self.role == Role::Owner { Ok(()) } else { Err(Code::OwnerOnly.into()) }
    }

    /// Refuses plain operators.
    ///
    /// # Errors
    /// `administrator_only`.
    pub fn need_administrator(&self) -> Result<()> {
        if self.role.is_administrator() { Ok(()) } else { Err(Code::AdministratorOnly.into()) }
    }
}
