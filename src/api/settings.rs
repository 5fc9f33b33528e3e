//! The project's settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::file;
use crate::domain::view::operator as view;
use crate::error::Result;
use crate::model::Seq;
use crate::model::attachment::{FileKind, FileRules};
use crate::store::{self, Source};

/// All settings.
#[derive(Serialize, JsonSchema)]
pub struct Settings {
    files: view::FileRules,
    seq: Seq,
}

/// What changes; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsBody {
    files: Option<FilesBody>,
}

/// What files may be sent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilesBody {
    max_bytes: Option<i64>,
    kinds: Option<Vec<FileKind>>,
}

/// The settings.
pub fn get(call: &Call) -> Handled {
    let settings = call.api.domain.store.read(|reader| settings(reader))?;
    call.json(200, &settings)
}

/// Changes some of them.
pub fn patch(call: &Call) -> Handled {
    let body: SettingsBody = call.body()?;
    let changed = call.api.domain.store.write(move |tx| {
        if let Some(files) = body.files {
            let now = file::rules(tx)?;
            let max_bytes = files.max_bytes.unwrap_or(now.max_bytes);
            file::set_rules(tx, &FileRules { max_bytes, kinds: files.kinds.unwrap_or(now.kinds) })?;
        }
        settings(tx)
    })?;
    call.json(200, &changed)
}

fn settings(source: &impl Source) -> Result<Settings> {
    Ok(Settings { files: view::FileRules::new(&file::rules(source)?), seq: store::event::last(source)? })
}
