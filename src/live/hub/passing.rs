//! What is told of and not stored as an event: keys that are pressed, what a CRM knows, that a widget is to look anew.

use tungstenite::Utf8Bytes;

use super::Listeners;
use crate::domain::view::visitor::Face;
use crate::error::{Code, Result};
use crate::live::frame::{self, OperatorFrame, TRY_LATER, VisitorFrame};
use crate::live::look::Looks;
use crate::live::resume;
use crate::live::socket::send_to_all;
use crate::model::chat::Sight;
use crate::model::{OperatorId, VisitorId};

impl Listeners {
    /// To all tabs of this visitor.
    pub(super) fn operator_typing(&self, operator_id: OperatorId, visitor_id: VisitorId) -> Result<()> {
        let (Some(operator), Some(entry)) = (self.roster.get(&operator_id), self.visitors.get(&visitor_id)) else {
            return Ok(());
        };
        let text = frame::encode(&VisitorFrame::Typing { operator: Face::new(operator) })?;
        send_to_all(&entry.sockets, &text);
        Ok(())
    }

    /// With what is typed for those only from whom contacts are not hidden: a half-typed one is not recognised as one.
    pub(super) fn visitor_typing(&self, sight: &Sight, typed: Option<String>) -> Result<()> {
        let chat_id = sight.chat_id;
        let bare: Utf8Bytes = frame::encode(&OperatorFrame::VisitorTyping { chat_id, text: None })?;
        let full = frame::encode(&OperatorFrame::VisitorTyping { chat_id, text: typed })?;
        for (hidden, text) in [(true, &bare), (false, &full)] {
            let watching = self.operators.values().filter(|operator| {
                let viewer = &operator.viewer;
                viewer.contacts_hidden == hidden && viewer.may_see_sight(sight) && operator.wants(sight)
            });
            send_to_all(watching.map(|operator| &operator.socket), text);
        }
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

    /// Has open widgets look again at what their owner decided; those of a channel that is off or gone stop.
    pub(super) fn tell_of_looks(&mut self) -> Result<()> {
        let looks = Looks::read(&self.domain.store)?;
        for entry in self.visitors.values() {
            let channel_id = entry.viewer.channel_id;
            let Some(text) = looks.told_since(&self.looks, channel_id)? else { continue };
            send_to_all(&entry.sockets, &text);
            let why = match looks.is_open(channel_id) {
                false => Code::ChannelOff,
                // Those who are still welcome come again at once: at the door it is known from where each comes.
                true if looks.is_narrower(&self.looks, channel_id) => Code::OriginNotAllowed,
                true => continue,
            };
            entry.sockets.iter().for_each(|socket| socket.close(TRY_LATER, why.as_str()));
        }
        self.looks = looks;
        Ok(())
    }
}
