//! What the owner decides for the whole project.

use super::operator::Role;
use super::{Seq, words};

words! {
    /// What a file is, by its content.
    FileKind {
        /// A picture.
        Image = "image",
        /// PDF.
        Pdf = "pdf",
        /// A document, table or presentation of an office program.
        Document = "document",
        /// Plain text.
        Text = "text",
        /// An archive.
        Archive = "archive",
        /// Sound.
        Audio = "audio",
        /// Film.
        Video = "video",
    }
}

/// All settings, with the last change of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who sees the contacts of clients.
    pub contacts: ContactSettings,
    /// Which files are taken.
    pub files: FileSettings,
    /// The last change; 0 before the first.
    pub seq: Seq,
}

/// To whom phone, email and name of clients are shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactSettings {
    /// To administrators.
    pub administrators: bool,
    /// To plain operators.
    pub operators: bool,
}

impl ContactSettings {
    /// Whether contacts are partly hidden from this role; never from the owner.
    pub fn hidden_from(self, role: Role) -> bool {
        match role {
            Role::Owner => false,
            Role::Administrator => !self.administrators,
            Role::Operator => !self.operators,
        }
    }
}

/// Files that visitors and operators may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSettings {
    /// Bytes of the largest.
    pub max_bytes: i64,
    /// Kinds, each once, in the order of [`FileKind::ALL`]; never none.
    pub kinds: Vec<FileKind>,
}
