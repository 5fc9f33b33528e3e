//! What operators see.

mod audit;
mod chat;
mod message;
mod people;
mod schedule;
mod visit;

pub use audit::AuditPage;
pub use chat::{Chat, ChatDetail, ChatPage, EarlierChat};
pub use message::{Message, MessagePage, Note, Revisions, Template, Transition};
pub use people::{Channel, Checklist, Invitation, Invited, Me, Operator, OperatorRow, Project};
pub use schedule::{Schedule, Timetable};
pub use visit::{Device, Page, Source};
