//! What visitors write, and what the shop's pages say of them.

use std::sync::{Arc, PoisonError};

use super::super::frame::VisitorFrame;
use super::super::frame::from_visitor::{Attributes, ConsentGiven, Contact, Identify, Send, Typing, User};
use super::super::hub::Message as HubMessage;
use super::super::worker::{Flow, Peer};
use super::Visitor;
use crate::domain::consent::{self, Given};
use crate::domain::identity::{self, ContactForm, Introduction};
use crate::domain::message::{self, Draft};
use crate::domain::view::visitor as view;
use crate::domain::viewer::VisitorViewer;
use crate::domain::visitor::current_chat;
use crate::domain::{contact, settings, visitor};
use crate::error::{Code, Error, Result};
use crate::model::chat::ChatState;
use crate::model::limits;
use crate::model::message::Message;
use crate::store::Tx;
use crate::text::consent_words;

impl Visitor {
    /// A message of the dialogue.
    pub(super) fn send_message(self: &Arc<Self>, send: Send) -> Flow {
        let draft = Draft::with_file(&send.uid, &send.text, send.attachment_uid.as_deref());
        self.write(send.id, send.consent, draft, |tx, viewer, draft, given| {
            consent::check(tx, viewer, given)?;
            message::send_by_visitor(tx, viewer, draft)
        })
    }

    /// What is left while nobody is there.
    pub(super) fn leave_message(self: &Arc<Self>, left: Contact) -> Flow {
        let form = Draft::new(&left.uid, &left.text);
        let form = form.map(|draft| ContactForm { name: left.name, contact: left.contact, draft });
        self.write(left.id, left.consent, form, identity::leave)
    }

    /// Hands what was checked to the writer; the answer comes when it is on the disk.
    fn write<T: std::marker::Send + 'static>(
        self: &Arc<Self>,
        id: i64,
        consent: Option<ConsentGiven>,
        checked: Result<T>,
        job: impl FnOnce(&Tx, &VisitorViewer, &T, &Given) -> Result<Message> + std::marker::Send + 'static,
    ) -> Flow {
        let checked = self.viewer().and_then(|viewer| {
            let written = checked?;
            self.check_messages(&viewer)?;
            Ok((viewer, written, self.given(consent)?, self.live.domain.tickets(viewer.visitor_id)?))
        });
        let (viewer, written, given, tickets) = match checked {
            Ok(checked) => checked,
            Err(error) => {
                self.refuse(Some(id), &error);
                return Flow::Done;
            }
        };
        let peer = Arc::clone(self);
        let on_demo = *self.on_demo.lock().unwrap_or_else(PoisonError::into_inner);
        self.live.domain.store.write_then(
            move |tx| {
                let message = job(tx, &viewer, &written, &given)?;
                if on_demo {
                    visitor::wrote_from_demo(tx)?;
                }
                Ok(message)
            },
            move |result| {
                let stored = result.and_then(|message| {
                    view::Message::new(&message, None, &tickets).ok_or_else(|| Code::MessageNotFound.into())
                });
                match stored {
                    Ok(message) => peer.send(&VisitorFrame::Ack { id, message }),
                    Err(error) => peer.refuse(Some(id), &error),
                }
                peer.done();
            },
        );
        Flow::Pending
    }

    fn given(&self, consent: Option<ConsentGiven>) -> Result<Given> {
        let socket = self.socket.get().ok_or_else(|| Error::internal("a frame without its socket"))?;
        Ok(Given {
            version: consent.map(|consent| consent.version),
            language: self.known.get().map_or(self.origin.language, |known| known.language),
            address: socket.client(),
            words: consent_words,
        })
    }

    /// What the shop's page says of its visitor.
    pub(super) fn introduce(&self, user: User) -> Result<()> {
        let said = Introduction { name: user.name, phone: user.phone, email: user.email };
        self.note(move |tx, viewer| identity::introduce(tx, viewer.visitor_id, &said))
    }

    /// The same, with a proof.
    pub(super) fn identify(&self, said: Identify) -> Result<()> {
        let introduction = Introduction { name: said.name, phone: said.phone, email: said.email };
        self.note(move |tx, viewer| identity::identify(tx, viewer, &said.user_id, &said.hash, &introduction))
    }

    /// Further things.
    pub(super) fn tell_attributes(&self, said: Attributes) -> Result<()> {
        self.note(move |tx, viewer| contact::tell_attributes(tx, viewer.visitor_id, &said.values))
    }

    /// Keys are pressed: told to those who see the chat, and stored nowhere. What is typed is not told before the visitor
    /// agreed.
    pub(super) fn typing(&self, typing: Typing) -> Result<()> {
        let viewer = self.viewer()?;
        let (chat, shown) = self.live.domain.store.read(|reader| {
            let shown =
                settings::get(reader)?.chats.show_typing && !consent::is_needed(reader, &viewer, consent_words)?;
            Ok((current_chat(reader, &viewer)?, shown))
        })?;
        let text = typing.text.filter(|_| shown).map(|text| text.chars().take(limits::TEXT_CHARS).collect());
        if let Some(chat) = chat.filter(|chat| matches!(chat.state, ChatState::New | ChatState::Open)) {
            // Whoever types does not leave the chat empty for long: it is of interest to all who would see it.
            self.live.hub.tell(HubMessage::VisitorTyping(chat.sight(), text));
        }
        Ok(())
    }

    /// Stores something of which only a refusal is told; nothing of one who did not agree yet. The widget says it again when
    /// that is done.
    fn note(&self, job: impl FnOnce(&Tx, &VisitorViewer) -> Result<()> + std::marker::Send + 'static) -> Result<()> {
        let viewer = self.viewer()?;
        let taken = self.live.domain.introductions.take(&viewer.visitor_id.to_string());
        taken.map_err(|wait_ms| Error::new(Code::FramesTooFast).with("retry_after_ms", wait_ms))?;
        let me = self.me.clone();
        self.live.domain.store.write_then(
            move |tx| {
                if consent::is_needed(tx, &viewer, consent_words)? {
                    return Err(Code::ConsentNeeded.into());
                }
                job(tx, &viewer)
            },
            move |result| {
                if let (Err(error), Some(peer)) = (result, me.upgrade()) {
                    peer.refuse(None, &error);
                }
            },
        );
        Ok(())
    }
}
