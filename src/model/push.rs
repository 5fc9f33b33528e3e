//! A browser that gets pushes while the app is closed.

use super::{ChatId, DeviceId, OperatorId, words};

words! {
    /// Of what somebody is told.
    NoticeKind {
        /// A colleague gave the operator a chat.
        Assigned = "assigned",
        /// A client wrote in a chat of the operator's own.
        Message = "message",
        /// A chat waits that is nobody's.
        Unassigned = "unassigned",
        /// A visitor came who has not written.
        Empty = "empty",
        /// The operator asked for it, to see that it comes.
        Test = "test",
    }
}

/// A device.
#[derive(Clone, Debug)]
pub struct PushDevice {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is now.
    pub operator_id: OperatorId,
    /// The session it was registered in; it goes with it.
    pub session_id: i64,
    /// Where the push service takes what is for it.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: Vec<u8>,
    /// The secret that it shares with us.
    pub auth: Vec<u8>,
    /// Browser and system.
    pub label: String,
    /// When it was registered.
    pub created_at: i64,
    /// When the push service last took something for it.
    pub sent_at: Option<i64>,
    /// When it last said that something came.
    pub received_at: Option<i64>,
    /// When somebody last opened what came.
    pub opened_at: Option<i64>,
    /// What the push service last said against it.
    pub failure: Option<String>,
    /// Since when the push service does not know it any more.
    pub gone_at: Option<i64>,
}

/// What a job of the outbox tells a device; its words are made when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of what.
    pub kind: NoticeKind,
    /// Which device.
    pub device_id: DeviceId,
    /// Whom: a device may go to somebody else meanwhile.
    pub operator_id: OperatorId,
    /// In which chat.
    pub chat_id: Option<ChatId>,
    /// When it happened.
    pub at: i64,
    /// Whether the chat had something unread when it happened.
    pub unread: bool,
}
