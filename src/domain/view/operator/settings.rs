//! The project's settings.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Seq;
use crate::model::attachment::FileKind;
use crate::model::project::Language;
use crate::model::settings;

/// All that the owner decides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Settings {
    contacts: ContactSettings,
    files: FileSettings,
    chats: ChatSettings,
    project: ProjectSettings,
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

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ChatSettings {
    reopen_hours: i64,
    empty_days: i64,
    yellow_minutes: i64,
    red_minutes: i64,
    show_typing: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ProjectSettings {
    name: String,
    language: Language,
    time_zone: String,
    accent: String,
}

impl Settings {
    /// As administrators may see them.
    pub fn new(settings: &settings::Settings) -> Self {
        let settings::Settings { contacts, files, chats, project, seq } = settings;
        Settings {
            contacts: ContactSettings { administrators: contacts.administrators, operators: contacts.operators },
            files: FileSettings { max_bytes: files.max_bytes, kinds: files.kinds.clone() },
            chats: ChatSettings {
                reopen_hours: chats.reopen_hours,
                empty_days: chats.empty_days,
                yellow_minutes: chats.yellow_minutes,
                red_minutes: chats.red_minutes,
                show_typing: chats.show_typing,
            },
            project: ProjectSettings {
                name: project.name.clone(),
                language: project.language,
                time_zone: project.time_zone.clone(),
                accent: project.accent.clone(),
            },
            seq: *seq,
        }
    }
}
