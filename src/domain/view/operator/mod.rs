//! What operators see.

mod chat;
mod message;
mod people;
mod visit;

pub use chat::{Chat, ChatDetail, ChatPage, EarlierChat};
pub use message::{Attachment, Message, MessagePage, Note, Revisions, Template, Transition};
pub use people::{Channel, Checklist, FileRules, Me, Operator, Project};
pub use visit::{Device, Page, Source};
