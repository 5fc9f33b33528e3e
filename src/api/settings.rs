//! The project's settings: administrators read them, the owner changes them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled};
use crate::domain::settings::{self, Changes};
use crate::domain::view::operator as view;
use crate::model::attachment::FileKind;

/// What to change; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsBody {
    contacts: Option<ContactsBody>,
    files: Option<FilesBody>,
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
    let changes = Changes {
        contacts_to_administrators: contacts.administrators,
        contacts_to_operators: contacts.operators,
        file_max_bytes: files.max_bytes,
        file_kinds: files.kinds,
    };
    let by = call.who()?.viewer().operator_id;
    let changed = call.api.domain.store.write(move |tx| settings::change(tx, by, &changes))?;
    call.api.live.hub.tick();
    call.json(200, &view::Settings::new(&changed))
}
