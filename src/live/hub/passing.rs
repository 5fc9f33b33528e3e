//! What is told once and kept nowhere: that somebody presses keys, that the CRM was asked for a client.

use super::Listeners;
use crate::domain::view::visitor::Face;
use crate::error::Result;
use crate::live::frame::{self, OperatorFrame, VisitorFrame};
use crate::live::resume;
use crate::live::socket::send_to_all;
use crate::model::chat::Sight;
use crate::model::{OperatorId, VisitorId};

impl Listeners {
    /// To the client that an operator presses keys.
    pub(super) fn operator_typing(&self, operator_id: OperatorId, visitor_id: VisitorId) -> Result<()> {
        let (Some(operator), Some(entry)) = (self.roster.get(&operator_id), self.visitors.get(&visitor_id)) else {
            return Ok(());
        };
        let text = frame::encode(&VisitorFrame::Typing { operator: Face::new(operator) })?;
        send_to_all(&entry.sockets, &text);
        Ok(())
    }

    /// To those who see the chat that its client presses keys.
    pub(super) fn visitor_typing(&self, sight: &Sight) -> Result<()> {
        let text = frame::encode(&OperatorFrame::VisitorTyping { chat_id: sight.chat_id })?;
        let operators = self.operators.values();
        let watching = operators.filter(|operator| operator.viewer.may_see_sight(sight) && operator.wants(sight));
        send_to_all(watching.map(|operator| &operator.socket), &text);
        Ok(())
    }

    /// Tells those who look at a chat of this visitor; what is known they ask for, as they may see it.
    pub(super) fn crm_client(&self, visitor_id: VisitorId) -> Result<()> {
        let sights = resume::sights(&self.domain, visitor_id)?;
        self.to_operators(&OperatorFrame::CrmClient { visitor_id }, |operator| {
            let mut sights = sights.iter();
            sights.any(|sight| operator.chat_id == Some(sight.chat_id) && operator.viewer.may_see_sight(sight))
        });
        Ok(())
    }
}
