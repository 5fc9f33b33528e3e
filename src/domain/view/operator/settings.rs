//! The project's settings.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Seq;
use crate::model::attachment::FileKind;
use crate::model::settings;

/// All that the owner decides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Settings {
    contacts: ContactSettings,
    files: FileSettings,
    seq: Seq,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ContactSettings {
    administrators: bool,
    operators: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FileSettings {
    max_bytes: i64,
    kinds: Vec<FileKind>,
}

impl Settings {
    /// As administrators may see them.
    pub fn new(settings: &settings::Settings) -> Self {
        let settings::Settings { contacts, files, seq } = settings;
        Settings {
            contacts: ContactSettings { administrators: contacts.administrators, operators: contacts.operators },
            files: FileSettings { max_bytes: files.max_bytes, kinds: files.kinds.clone() },
            seq: *seq,
        }
    }
}
