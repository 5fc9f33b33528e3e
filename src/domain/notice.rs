//! Who is told of what: the one place that decides it, in the transaction of the cause.
//!
//! Told are an operator of a chat that a colleague gave to them and of what clients write in their own chats; of chats that
//! nobody has and of visitors who come, those who turned that on. Pages tell by themselves; here are the devices whose page
//! may be closed.

use serde_json::json;

use super::mask::Mask;
use crate::error::{Error, Result};
use crate::model::chat::{Chat, ChatState, TransitionKind};
use crate::model::operator::Operator;
use crate::model::outbox::JobKind;
use crate::model::push::{Notice, NoticeKind};
use crate::model::{ChatId, DeviceId, OperatorId, limits};
use crate::store::outbox::NewJob;
use crate::store::{self, Tx};

/// The devices of those who may be told; whether each wants to know is looked at when it is sent.
type Devices = Vec<(DeviceId, OperatorId)>;

/// A client wrote: `chat` is as it will be with the message.
pub(super) fn written(tx: &Tx, chat: &Chat) -> Result<()> {
    match (chat.state, chat.assignee_id) {
        (ChatState::Open, Some(assignee_id)) => {
            tell(tx, NoticeKind::Message, chat, store::push::live_of_operator(tx, assignee_id)?)
        }
        // Each further message of a chat that waits tells nothing new.
        (ChatState::New, _) if chat.client_message_count == 1 => {
            tell(tx, NoticeKind::Unassigned, chat, store::push::live_for_unassigned(tx)?)
        }
        _ => Ok(()),
    }
}

/// A chat moved; `actor` did it, or the client.
pub(super) fn moved(
    tx: &Tx,
    chat: &Chat,
    kind: TransitionKind,
    from_state: ChatState,
    actor: Option<OperatorId>,
) -> Result<()> {
    let mut devices = match (kind, chat.state, chat.assignee_id) {
        (TransitionKind::Assign | TransitionKind::Transfer, ChatState::Open, Some(assignee_id)) => {
            store::push::live_of_operator(tx, assignee_id)?
        }
        (_, ChatState::New, _) if from_state != ChatState::New && chat.client_message_count > 0 => {
            store::push::live_for_unassigned(tx)?
        }
        _ => return Ok(()),
    };
    // Whoever did it knows of it.
    devices.retain(|(_, operator_id)| Some(*operator_id) != actor);
    let kind = if chat.state == ChatState::New { NoticeKind::Unassigned } else { NoticeKind::Assigned };
    tell(tx, kind, chat, devices)
}

/// A visitor came and got an empty chat.
pub(super) fn came(tx: &Tx, chat: &Chat) -> Result<()> {
    tell(tx, NoticeKind::Empty, chat, store::push::live_for_empty(tx)?)
}

fn tell(tx: &Tx, kind: NoticeKind, chat: &Chat, devices: Devices) -> Result<()> {
    for (device_id, operator_id) in devices {
        let unread = chat.unread_count > 0;
        queue(tx, &Notice { kind, device_id, operator_id, chat_id: Some(chat.id), at: tx.now(), unread })?;
    }
    Ok(())
}

/// Puts a notice into the outbox. One of the same chat that still waits for the same device gives way to it.
pub(super) fn queue(tx: &Tx, notice: &Notice) -> Result<()> {
    let payload = json!({
        "kind": notice.kind,
        "device_id": notice.device_id,
        "operator_id": notice.operator_id,
        "chat_id": notice.chat_id,
        "at": notice.at,
        "unread": notice.unread,
    });
    store::outbox::queue(
        tx,
        &NewJob {
            kind: JobKind::Push,
            target: &target(notice.device_id),
            topic: Some(&tag(notice.chat_id)),
            payload: &payload.to_string(),
            next_at: tx.now(),
            expires_at: Some(tx.now() + limits::NOTICE_MS),
        },
    )?;
    Ok(())
}

/// Reads what [`queue`] wrote.
///
/// # Errors
/// `internal` when it is something else.
pub fn parse(payload: &str) -> Result<Notice> {
    let value: serde_json::Value = serde_json::from_str(payload).map_err(Error::internal)?;
    let number = |name: &str| value.get(name).and_then(serde_json::Value::as_i64);
    let kind = value.get("kind").and_then(serde_json::Value::as_str).and_then(NoticeKind::parse);
    let (Some(kind), Some(device_id), Some(operator_id), Some(at)) =
        (kind, number("device_id"), number("operator_id"), number("at"))
    else {
        return Err(Error::internal("a notice of the outbox is not understood"));
    };
    Ok(Notice {
        kind,
        device_id: DeviceId(device_id),
        operator_id: OperatorId(operator_id),
        chat_id: number("chat_id").map(ChatId),
        at,
        unread: value.get("unread").and_then(serde_json::Value::as_bool).unwrap_or(false),
    })
}

/// Whose jobs of the outbox go one after the other.
pub fn target(device_id: DeviceId) -> String {
    format!("push:{device_id}")
}

/// Under this name a device shows one notification at a time.
pub fn tag(chat_id: Option<ChatId>) -> String {
    chat_id.map_or_else(|| "test".to_owned(), |chat_id| format!("chat-{chat_id}"))
}

/// Whether the operator still wants to be told: by its settings, and as the chat is now.
pub fn is_wanted(notice: &Notice, operator: &Operator, chat: Option<&Chat>) -> bool {
    if notice.operator_id != operator.id || operator.deleted_at.is_some() {
        return false;
    }
    if notice.kind == NoticeKind::Test {
        return true;
    }
    let Some(chat) = chat else { return false };
    let wants = &operator.preferences.notifications;
    let own = chat.state == ChatState::Open && chat.assignee_id == Some(operator.id);
    match notice.kind {
        NoticeKind::Message => wants.message && own && chat.unread_count > 0,
        NoticeKind::Assigned => {
            let answered = chat.last_message.as_ref().is_some_and(|last| last.operator_id == Some(operator.id));
            let read = notice.unread && chat.unread_count == 0;
            wants.assigned && own && !answered && !read
        }
        NoticeKind::Unassigned => wants.unassigned && chat.state == ChatState::New && chat.client_message_count > 0,
        NoticeKind::Empty => wants.empty && chat.is_empty(),
        NoticeKind::Test => true,
    }
}

/// Who and what a notice speaks of, as this operator may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The client's name; without one the number by which operators know the client.
    pub client: std::result::Result<String, i64>,
    /// What the client wrote last and nobody answered, or the title of the page that the visitor is on.
    pub text: String,
}

/// All of a chat that a notice shows to an operator, who may have turned texts off: nothing else of it leaves, and contacts
/// only as `mask` has them.
pub fn said(notice: &Notice, operator: &Operator, chat: &Chat, mask: &Mask) -> Said {
    let client = chat.visitor.name.as_ref().map(|name| mask.name(name)).ok_or(chat.visitor.id.0);
    let last = chat.last_message.as_ref().filter(|last| last.operator_id.is_none() && !last.deleted);
    let text = match notice.kind {
        NoticeKind::Empty => chat.visitor.page.as_ref().map_or("", |page| page.title.as_str()),
        _ => last.map_or("", |last| last.file.as_ref().map_or(last.text.as_str(), |file| file.name.as_str())),
    };
    let shown = operator.preferences.notifications.show_text;
    let text = if shown { mask.beginning(text, limits::PREVIEW_CHARS) } else { String::new() };
    Said { client, text }
}
