//! How ids and words of the model go into SQL and come out.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::model::attachment::FileKind;
use crate::model::audit::AuditKind;
use crate::model::chat::{ChatState, TransitionKind};
use crate::model::crm::ValueSource;
use crate::model::event::EventKind;
use crate::model::lead::{CrmKind, LeadState, Target};
use crate::model::operator::{AvatarType, Role, Sound, Stay, Theme};
use crate::model::outbox::{JobKind, JobState};
use crate::model::project::Language;
use crate::model::schedule::{Nobody, Outside};
use crate::model::visitor::{ContactKind, FoundState};
use crate::model::{
    AttachmentId, ChannelId, ChatId, DeviceId, FoundId, JobId, LeadId, MessageId, NoteId, OperatorId, Seq, TemplateId,
    TransitionId, Uid, VisitId, VisitorId,
};

macro_rules! ids {
    ($($name:ident),+) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> { self.0.to_sql() }
        }
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> { i64::column_result(value).map($name) }
        }
    )+};
}
ids!(
    AttachmentId,
    ChannelId,
    ChatId,
    DeviceId,
    FoundId,
    JobId,
    LeadId,
    MessageId,
    NoteId,
    OperatorId,
    Seq,
    TemplateId,
    TransitionId,
    VisitId,
    VisitorId
);

macro_rules! words {
    ($($name:ident),+) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> { Ok(ToSqlOutput::from(self.as_str())) }
        }
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                $name::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
            }
        }
    )+};
}
words!(
    FileKind,
    ChatState,
    TransitionKind,
    EventKind,
    Role,
    Theme,
    Sound,
    Stay,
    Language,
    JobKind,
    JobState,
    ContactKind,
    FoundState,
    CrmKind,
    Target,
    LeadState,
    ValueSource,
    Outside,
    Nobody,
    AvatarType,
    AuditKind
);

impl ToSql for Uid {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.as_str()))
    }
}

impl FromSql for Uid {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Uid::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
