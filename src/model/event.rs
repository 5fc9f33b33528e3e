//! Something that changed, as one row with a growing number.

use super::{ChannelId, ChatId, DeviceId, LeadId, MessageId, NoteId, OperatorId, Seq, TemplateId, TransitionId, words};

words! {
    /// What changed.
    EventKind {
        /// The row of a chat.
        Chat = "chat",
        /// A chat was removed.
        ChatRemoved = "chat_removed",
        /// A message came; the chat's row changed too.
        Message = "message",
        /// A chat moved; its row changed too.
        Transition = "transition",
        /// The visitor went to another page: matters to operators only.
        Page = "page",
        /// An operator was added or changed.
        Operator = "operator",
        /// An operator wrote a note.
        Note = "note",
        /// A lead was made or got further; its chat's row changed too.
        Lead = "lead",
        /// A template was added, changed or removed.
        Template = "template",
        /// A channel was added, changed or removed.
        Channel = "channel",
        /// The owner saved the working hours.
        Schedule = "schedule",
        /// The owner changed settings of the project.
        Settings = "settings",
        /// A device of an operator cannot be reached any more.
        Device = "device",
    }
}

/// A committed change: what it was and what it touched, never its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub seq: Seq,
    /// What changed and in what.
    pub change: Change,
}

/// What an event touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The row of a chat.
    Chat(ChatId),
    /// A chat is no more.
    ChatRemoved(ChatId),
    /// A message of a chat.
    Message(ChatId, MessageId),
    /// A move of a chat.
    Transition(ChatId, TransitionId),
    /// The page of a chat's visitor.
    Page(ChatId),
    /// An operator.
    Operator(OperatorId),
    /// A note in a chat.
    Note(ChatId, NoteId),
    /// A lead of a chat.
    Lead(ChatId, LeadId),
    /// A template.
    Template(TemplateId),
    /// A channel.
    Channel(ChannelId),
    /// The working hours.
    Schedule,
    /// The project's settings.
    Settings,
    /// A device of an operator.
    Device(DeviceId),
}

impl Change {
    /// Its kind, as it is stored.
    pub fn kind(self) -> EventKind {
        match self {
            Change::Chat(_) => EventKind::Chat,
            Change::ChatRemoved(_) => EventKind::ChatRemoved,
            Change::Message(..) => EventKind::Message,
            Change::Transition(..) => EventKind::Transition,
            Change::Page(_) => EventKind::Page,
            Change::Operator(_) => EventKind::Operator,
            Change::Note(..) => EventKind::Note,
            Change::Lead(..) => EventKind::Lead,
            Change::Template(_) => EventKind::Template,
            Change::Channel(_) => EventKind::Channel,
            Change::Schedule => EventKind::Schedule,
            Change::Settings => EventKind::Settings,
            Change::Device(_) => EventKind::Device,
        }
    }

    /// The chat it belongs to.
    pub fn chat_id(self) -> Option<ChatId> {
        match self {
            Change::Chat(id)
            | Change::ChatRemoved(id)
            | Change::Message(id, _)
            | Change::Transition(id, _)
            | Change::Note(id, _)
            | Change::Lead(id, _)
            | Change::Page(id) => Some(id),
            Change::Operator(_)
            | Change::Template(_)
            | Change::Channel(_)
            | Change::Schedule
            | Change::Settings
            | Change::Device(_) => None,
        }
    }
}
