//! The project's settings: administrators read them, the owner changes them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled};
use crate::domain::settings::{self, Changes};
use crate::domain::view::operator as view;
use crate::model::attachment::FileKind;
use crate::model::project::Language;

/// What to change; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsBody {
    contacts: Option<ContactsBody>,
    files: Option<FilesBody>,
    chats: Option<ChatsBody>,
    project: Option<ProjectBody>,
}

/// How chats go on, wait and end.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatsBody {
    /// 0 to 720; 0: a new chat each time.
    reopen_hours: Option<i64>,
    /// 1 to 365.
    empty_days: Option<i64>,
    /// 1 to 1,439.
    yellow_minutes: Option<i64>,
    /// More than the yellow ones, to 1,440.
    red_minutes: Option<i64>,
    /// Whether operators see what clients are typing.
    show_typing: Option<bool>,
}

/// The project itself.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectBody {
    name: Option<String>,
    language: Option<Language>,
    /// IANA.
    time_zone: Option<String>,
    /// `#RRGGBB`.
    accent: Option<String>,
}

/// To whom contacts of clients are shown in full.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactsBody {
    administrators: Option<bool>,
    operators: Option<bool>,
}

/// Which files are taken.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilesBody {
    max_bytes: Option<i64>,
    kinds: Option<Vec<FileKind>>,
}

/// The settings.
pub fn get(call: &Call) -> Handled {
    let known = call.api.domain.store.read(|reader| settings::get(reader))?;
    call.json(200, &view::Settings::new(&known))
}

/// Changes them. When this answers, no page has a way left to what is hidden from it now.
pub fn change(call: &Call) -> Handled {
    let body: SettingsBody = call.body()?;
    let (contacts, files) = (body.contacts.unwrap_or_default(), body.files.unwrap_or_default());
    let (chats, project) = (body.chats.unwrap_or_default(), body.project.unwrap_or_default());
    let changes = Changes {
        contacts_to_administrators: contacts.administrators,
        contacts_to_operators: contacts.operators,
        file_max_bytes: files.max_bytes,
        file_kinds: files.kinds,
        reopen_hours: chats.reopen_hours,
        empty_days: chats.empty_days,
        yellow_minutes: chats.yellow_minutes,
        red_minutes: chats.red_minutes,
        show_typing: chats.show_typing,
        name: project.name,
        language: project.language,
        time_zone: project.time_zone,
        accent: project.accent,
    };
    let viewer = call.who()?.viewer();
    let changed = call.api.domain.write_as(&viewer, move |tx| settings::change(tx, viewer.operator_id, &changes))?;
    call.api.live.hub.tick();
    call.json(200, &view::Settings::new(&changed))
}
