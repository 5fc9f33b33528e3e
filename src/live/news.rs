//! What a batch of events means for each who listens, read once and encoded once.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use tungstenite::Utf8Bytes;

use super::frame::{self, OperatorFrame, VisitorFrame};
use super::hub::OperatorSocket;
use crate::domain::file::Tickets;
use crate::domain::mask::{Mask, Unaware};
use crate::domain::presence::Presence;
use crate::domain::settings;
use crate::domain::view::{operator, visitor};
use crate::domain::viewer::{Viewer, VisitorViewer};
use crate::domain::visitor::current_chat_beside;
use crate::error::Result;
use crate::model::chat::{Chat, ChatState, Sight, Transition, TransitionKind};
use crate::model::event::{Change, Event};
use crate::model::lead::LeadRow;
use crate::model::message::Message;
use crate::model::note::Note;
use crate::model::operator::Operator;
use crate::model::push::PushDevice;
use crate::model::settings::ContactSettings;
use crate::model::{ChatId, OperatorId, Seq, VisitorId};
use crate::store::{self, Reader};

/// A thing that changed, with its frame once somebody wants it.
struct Item<T> {
    thing: T,
    /// For those who see contacts of clients, and for those who do not.
    encoded: [OnceCell<Utf8Bytes>; 2],
}

impl<T> Item<T> {
    fn new(thing: T) -> Self {
        Item { thing, encoded: Default::default() }
    }

    fn encoded(&self, viewer: &Viewer, make: impl FnOnce(&T) -> Option<OperatorFrame>) -> Result<Option<Utf8Bytes>> {
        let [open, hidden] = &self.encoded;
        let cell = if viewer.contacts_hidden { hidden } else { open };
        if let Some(text) = cell.get() {
            return Ok(Some(text.clone()));
        }
        let Some(frame) = make(&self.thing) else { return Ok(None) };
        let text = frame::encode(&frame)?;
        Ok(Some(cell.get_or_init(|| text).clone()))
    }
}

/// How a chat changed.
#[derive(Clone, Copy, Debug, Default)]
struct Kind {
    /// It moved, so it may have left somebody's sight.
    moved: bool,
    /// Something that its visitor sees too.
    for_visitor: bool,
}

/// A batch of changes.
pub struct News {
    chats: BTreeMap<ChatId, (Item<Chat>, Kind)>,
    gone: Vec<(ChatId, Seq)>,
    messages: Vec<Item<Message>>,
    transitions: Vec<Item<Transition>>,
    notes: Vec<Item<Note>>,
    leads: Vec<Item<LeadRow>>,
    /// Whether templates changed.
    templates: bool,
    /// Whether a channel was added, changed or removed.
    pub channels: bool,
    /// Whether one was seen, or refused somebody.
    channels_seen: bool,
    /// Whether the working hours changed.
    pub schedule: bool,
    /// Who sees contacts of clients, when the project's settings changed.
    pub settings: Option<ContactSettings>,
    /// Devices that are gone, with the number of the change.
    devices: Vec<(PushDevice, Seq)>,
    /// From whom contacts of clients are hidden now.
    unaware: Unaware,
    /// Operators that changed.
    pub operators: Vec<Operator>,
    /// Which of the messages are in a visitor's chats, so that many visitors are not each compared with many messages.
    messages_of: HashMap<VisitorId, Vec<usize>>,
    /// The chat that concerns a visitor now, for those whose chats changed.
    current: HashMap<VisitorId, Chat>,
}

impl News {
    /// Reads what the events touched, each thing once however often it changed.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(reader: &Reader, events: &[Event]) -> Result<News> {
        let mut news = News {
            chats: BTreeMap::new(),
            gone: Vec::new(),
            messages: Vec::new(),
            transitions: Vec::new(),
            notes: Vec::new(),
            leads: Vec::new(),
            templates: false,
            channels: false,
            channels_seen: false,
            schedule: false,
            settings: None,
            unaware: Unaware::read(reader)?,
            devices: Vec::new(),
            operators: Vec::new(),
            messages_of: HashMap::new(),
            current: HashMap::new(),
        };
        for event in events {
            news.add(reader, event)?;
        }
        for (n, item) in news.messages.iter().enumerate() {
            if let Some((chat, _)) = news.chats.get(&item.thing.chat_id) {
                news.messages_of.entry(chat.thing.visitor.id).or_default().push(n);
            }
        }
        for (chat, kind) in news.chats.values() {
            let visitor_id = chat.thing.visitor.id;
            if kind.for_visitor && !news.current.contains_key(&visitor_id) {
                news.current.insert(visitor_id, current_chat_beside(reader, &chat.thing)?);
            }
        }
        Ok(news)
    }

    fn add(&mut self, reader: &Reader, event: &Event) -> Result<()> {
        let kind = match event.change {
            Change::Operator(id) => {
                if !self.operators.iter().any(|operator| operator.id == id) {
                    self.operators.extend(store::operator::get(reader, id)?);
                }
                return Ok(());
            }
            Change::ChatRemoved(id) => {
                self.gone.push((id, event.seq));
                return Ok(());
            }
            Change::Template(_) => {
                self.templates = true;
                return Ok(());
            }
            Change::Channel(id) => {
                let only_seen = store::channel::get(reader, id)?.is_some_and(|channel| channel.seq < event.seq);
                self.channels_seen |= only_seen;
                self.channels |= !only_seen;
                return Ok(());
            }
            Change::Schedule => {
                self.schedule = true;
                return Ok(());
            }
            Change::Settings => {
                self.settings = Some(settings::get(reader)?.contacts);
                return Ok(());
            }
            Change::Device(id) => {
                let gone = store::push::get(reader, id)?.filter(|device| device.gone_at.is_some());
                self.devices.extend(gone.map(|device| (device, event.seq)));
                return Ok(());
            }
            Change::Note(_, id) => {
                self.notes.extend(store::note::get(reader, id)?.map(Item::new));
                Kind::default()
            }
            Change::Lead(_, id) => {
                if self.leads.iter().all(|item| item.thing.id != id) {
                    self.leads.extend(store::lead::get(reader, id)?.map(Item::new));
                }
                Kind::default()
            }
            Change::Message(_, id) => {
                self.messages.extend(store::message::get(reader, id)?.map(Item::new));
                Kind { moved: false, for_visitor: true }
            }
            Change::Transition(_, id) => {
                let Some(transition) = store::transition::get(reader, id)? else { return Ok(()) };
                // Whoever did not see an open chat does not hear that it ended.
                let was_new = transition.from_state == ChatState::New;
                let ends = matches!(transition.kind, TransitionKind::Close | TransitionKind::MarkSpam);
                let moved = transition.kind != TransitionKind::Rate && (was_new || !ends);
                self.transitions.push(Item::new(transition));
                Kind { moved, for_visitor: true }
            }
            Change::Chat(_) => Kind { moved: false, for_visitor: true },
            Change::Page(_) => Kind::default(),
        };
        let Some(chat_id) = event.change.chat_id() else { return Ok(()) };
        if let Some((_, known)) = self.chats.get_mut(&chat_id) {
            known.moved |= kind.moved;
            known.for_visitor |= kind.for_visitor;
        } else if let Some(chat) = store::chat::get(reader, chat_id)? {
            self.chats.insert(chat_id, (Item::new(chat), kind));
        }
        Ok(())
    }

    /// The frames for one operator: what this operator may see and wants.
    ///
    /// # Errors
    /// When a frame cannot be encoded.
    pub fn for_operator(&self, listener: &OperatorSocket, presence: &Presence) -> Result<Vec<Utf8Bytes>> {
        let viewer = &listener.viewer;
        let mut frames = Vec::new();
        for (item, kind) in self.chats.values() {
            let chat = &item.thing;
            if viewer.may_see(chat) {
                if listener.wants(&chat.sight()) {
                    let make = |chat: &Chat| {
                        let chat = Box::new(operator::Chat::new(viewer, chat, presence, &self.unaware)?);
                        Some(OperatorFrame::Chat { chat })
                    };
                    frames.extend(item.encoded(viewer, make)?);
                }
            } else if kind.moved {
                let gone = OperatorFrame::ChatGone { chat_id: chat.id, seq: chat.seq, assignee_id: chat.assignee_id };
                frames.push(frame::encode(&gone)?);
            }
        }
        for (chat_id, seq) in &self.gone {
            frames.push(frame::encode(&OperatorFrame::ChatGone { chat_id: *chat_id, seq: *seq, assignee_id: None })?);
        }
        let sees = |chat_id: ChatId| {
            let chat = self.chats.get(&chat_id).map(|(item, _)| &item.thing);
            chat.filter(|chat| viewer.may_see(chat) && listener.wants(&chat.sight()))
        };
        for item in &self.messages {
            let Some(chat) = sees(item.thing.chat_id) else { continue };
            frames.extend(item.encoded(viewer, |message| {
                let message = operator::Message::new(message, &Mask::new(viewer, &chat.visitor, &self.unaware));
                Some(OperatorFrame::Message { message })
            })?);
        }
        for item in self.transitions.iter().filter(|item| sees(item.thing.chat_id).is_some()) {
            frames.extend(item.encoded(viewer, |transition| {
                Some(OperatorFrame::Transition { transition: operator::Transition::new(transition) })
            })?);
        }
        for item in &self.notes {
            let Some(chat) = sees(item.thing.chat_id) else { continue };
            frames.extend(item.encoded(viewer, |note| {
                let note = operator::Note::new(note, &Mask::new(viewer, &chat.visitor, &self.unaware));
                Some(OperatorFrame::Note { note })
            })?);
        }
        for item in &self.leads {
            let Some(chat) = sees(item.thing.chat_id) else { continue };
            frames.extend(item.encoded(viewer, |lead| {
                let lead = operator::Lead::new(lead, &Mask::new(viewer, &chat.visitor, &self.unaware));
                Some(OperatorFrame::Lead { lead })
            })?);
        }
        if self.templates {
            frames.push(frame::encode(&OperatorFrame::Templates)?);
        }
        if self.channels || (self.channels_seen && viewer.role.is_administrator()) {
            frames.push(frame::encode(&OperatorFrame::Channels)?);
        }
        if self.settings.is_some() {
            frames.push(frame::encode(&OperatorFrame::Settings)?);
        }
        for (device, seq) in self.devices.iter().filter(|(device, _)| device.operator_id == viewer.operator_id) {
            frames.push(frame::encode(&OperatorFrame::PushGone { label: device.label.clone(), seq: *seq })?);
        }
        for changed in &self.operators {
            let operator = operator::Operator::new(changed, presence);
            frames.push(frame::encode(&OperatorFrame::Operator { operator })?);
        }
        Ok(frames)
    }

    /// The frames for one visitor, whose tickets these are: its own messages, and the chat that concerns it now.
    ///
    /// # Errors
    /// When a frame cannot be encoded.
    pub fn for_visitor(
        &self,
        viewer: &VisitorViewer,
        roster: &HashMap<OperatorId, Operator>,
        tickets: &Tickets,
    ) -> Result<Vec<Utf8Bytes>> {
        let mut frames = Vec::new();
        let by_id = |id: Option<OperatorId>| id.and_then(|id| roster.get(&id));
        for item in self.messages_of.get(&viewer.visitor_id).into_iter().flatten().filter_map(|n| self.messages.get(*n))
        {
            let message = &item.thing;
            frames.push(frame::encode(&match visitor::Message::new(message, by_id(message.operator_id), tickets) {
                Some(message) => VisitorFrame::Message { message },
                None => VisitorFrame::MessageGone { message_id: message.id, seq: message.seq },
            })?);
        }
        let current = self.current.get(&viewer.visitor_id);
        if let Some(chat) = current.and_then(|chat| visitor::Chat::new(viewer, chat, by_id(chat.face_id))) {
            frames.push(frame::encode(&VisitorFrame::Chat { chat })?);
        }
        Ok(frames)
    }

    /// Visitors whom something of this concerns.
    pub fn visitors(&self) -> Vec<VisitorId> {
        let mut ids: Vec<VisitorId> =
            self.chats.values().filter(|(_, kind)| kind.for_visitor).map(|(item, _)| item.thing.visitor.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Chats that are no more.
    pub fn removed(&self) -> impl Iterator<Item = ChatId> {
        self.gone.iter().map(|(chat_id, _)| *chat_id)
    }

    /// What the changed chats of each visitor look like now, for deciding who sees whether it is on the site.
    pub fn sights(&self) -> HashMap<VisitorId, Vec<Sight>> {
        let mut sights: HashMap<VisitorId, Vec<Sight>> = HashMap::new();
        for (item, _) in self.chats.values() {
            sights.entry(item.thing.visitor.id).or_default().push(item.thing.sight());
        }
        sights
    }
}
