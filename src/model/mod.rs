//! The words of the domain, without rules or I/O: what a chat, a message, an operator is made of.

pub mod attachment;
pub mod audit;
pub mod channel;
pub mod chat;
pub mod crm;
pub mod event;
pub mod id;
pub mod lead;
pub mod limits;
pub mod look;
pub mod message;
pub mod note;
pub mod operator;
pub mod outbox;
pub mod project;
pub mod push;
pub mod schedule;
pub mod settings;
pub mod site_check;
pub mod template;
pub mod visit;
pub mod visitor;
mod word;

pub use id::{
    AttachmentId, ChannelId, ChatId, DeviceId, FoundId, JobId, LeadId, MessageId, NoteId, OperatorId, Seq, TemplateId,
    TransitionId, Uid, VisitId, VisitorId,
};
pub(crate) use word::words;
