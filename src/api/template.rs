//! Templates: everybody inserts them, the owner keeps them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::template::{self, Words};
use crate::domain::view::operator as view;
use crate::error::Result;
use crate::model::TemplateId;
use crate::store;

/// All templates, by their titles.
#[derive(Serialize, JsonSchema)]
pub struct Templates {
    templates: Vec<view::Template>,
}

/// Title and text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    title: String,
    text: String,
}

/// The list.
pub fn list(call: &Call) -> Handled {
    let all = call.api.domain.store.read(|reader| Ok(store::template::all(reader)?))?;
    call.json(200, &Templates { templates: all.iter().map(view::Template::new).collect() })
}

/// Adds one.
pub fn add(call: &Call) -> Handled {
    let words = words(call)?;
    let added = call.api.domain.store.write(move |tx| template::add(tx, &words))?;
    call.json(201, &view::Template::new(&added))
}

/// Changes one.
pub fn change(call: &Call) -> Handled {
    let id = TemplateId(call.id("id")?);
    let words = words(call)?;
    let changed = call.api.domain.store.write(move |tx| template::change(tx, id, &words))?;
    call.json(200, &view::Template::new(&changed))
}

/// Removes one.
pub fn remove(call: &Call) -> Handled {
    let id = TemplateId(call.id("id")?);
    call.api.domain.store.write(move |tx| template::remove(tx, id))?;
    Ok(call.nothing())
}

fn words(call: &Call) -> Result<Words> {
    let body: TemplateBody = call.body()?;
    Words::new(&body.title, &body.text)
}
