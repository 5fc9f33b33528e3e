//! What operators see.

mod audit;
mod channel;
mod chat;
mod lead;
mod message;
mod notifications;
mod people;
mod schedule;
mod settings;
mod visit;
mod visitor;

pub use audit::AuditPage;
pub use channel::{ChannelSettings, Theme, ThemeColours};
pub use chat::{Chat, ChatDetail, ChatPage, EarlierChat};
pub use lead::{Crm, CrmConnection, Lead, LeadField};
pub use message::{Attachment, Message, MessagePage, Note, Revisions, Template, Transition};
pub use notifications::{Notifications, PushDevice};
pub use people::{Channel, Checklist, FileRules, Invitation, Invited, Me, Operator, OperatorRow, Project};
pub use schedule::{Schedule, Timetable};
pub use settings::Settings;
pub use visit::{Device, Page, Source};
pub use visitor::{Visitor, attributes};
