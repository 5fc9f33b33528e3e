//! What operators see.

mod chat;
mod lead;
mod message;
mod notifications;
mod people;
mod settings;
mod visit;
mod visitor;

pub use chat::{Chat, ChatDetail, ChatPage, EarlierChat};
pub use lead::{Crm, CrmConnection, Lead, LeadField};
pub use message::{Attachment, Message, MessagePage, Note, Revisions, Template, Transition};
pub use notifications::{Notifications, PushDevice};
pub use people::{Channel, Checklist, FileRules, Me, Operator, Project};
pub use settings::Settings;
pub use visit::{Device, Page, Source};
pub use visitor::{Visitor, attributes};
