//! Files that people send: what they are, and what is kept of them beside their bytes.

use super::{AttachmentId, ChatId, OperatorId, Uid, VisitorId, words};

words! {
    /// What a file is, judged by its content. Nothing else is taken.
    FileKind {
        /// PNG, JPEG, WebP or GIF: the browser shows it.
        Image = "image",
        /// PDF.
        Pdf = "pdf",
        /// A document, table or presentation of an office program, without macros; RTF.
        Document = "document",
        /// Plain text, without markup and scripts.
        Text = "text",
        /// ZIP, RAR, 7z, gzip, bzip2, xz or tar, without a program's own marks.
        Archive = "archive",
        /// Sound.
        Audio = "audio",
        /// Moving pictures.
        Video = "video",
    }
}

/// What may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// Bytes of the largest file.
    pub max_bytes: i64,
    /// Kinds that are taken, each once, in the order of [`FileKind::ALL`]; never none.
    pub kinds: Vec<FileKind>,
}

/// A file that is stored whole, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Made by the sender; an upload that is repeated is the same row.
    pub uid: Uid,
    /// The chat it was sent for.
    pub chat_id: ChatId,
    /// Who sent it; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// Its name, which ends as its content says.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Width of a picture as it is shown, pixels.
    pub width: Option<i64>,
    /// Height of a picture as it is shown, pixels.
    pub height: Option<i64>,
    /// Whether there is a small copy of the picture.
    pub thumbnail: bool,
}

/// What decides who gets a file.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The file.
    pub attachment: Attachment,
    /// The visitor whose chat it is in.
    pub visitor_id: VisitorId,
    /// Where it stands.
    pub place: Place,
}

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Uploaded, and in no message yet.
    Unsent,
    /// In a message.
    Message {
        /// Whether the message was deleted.
        deleted: bool,
    },
    /// In a note: not for visitors.
    Note,
}
