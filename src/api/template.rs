//! Templates: everybody inserts them; the owner keeps everybody's, each operator own ones.

use rouille::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::template::{self, Words};
use crate::domain::template_csv;
use crate::domain::view::operator as view;
use crate::edge::Answer;
use crate::error::{Code, Error, Result};
use crate::model::{Seq, TemplateId};
use crate::problem::Problem;

/// Everybody's, then one's own, each list in its order.
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
    /// One's own, which nobody else sees; absent: everybody's.
    private: Option<bool>,
}

/// Title and text of one that is there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateChangeBody {
    /// The `seq` of the template that the page was filled with.
    seq: Seq,
    title: String,
    text: String,
    /// One's own, which nobody else sees; absent: as it was.
    private: Option<bool>,
}

/// A list in another order.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// All of the list, each once.
    ids: Vec<TemplateId>,
    /// One's own list; else everybody's.
    private: bool,
}

/// What a table does.
#[derive(Serialize, JsonSchema)]
pub struct Import {
    added: usize,
    changed: usize,
    unchanged: usize,
    faults: Vec<ImportFault>,
}

/// A row that cannot be taken.
#[derive(Serialize, JsonSchema)]
pub struct ImportFault {
    /// Its number in a spreadsheet, from 1.
    row: u64,
    problem: Problem,
}

/// The list.
pub fn list(call: &Call) -> Handled {
    let viewer = call.who()?.viewer();
    let all = call.api.domain.store.read(|reader| template::all(reader, &viewer))?;
    call.json(200, &Templates { templates: all.iter().map(view::Template::new).collect() })
}

/// Adds one.
pub fn add(call: &Call) -> Handled {
    let viewer = call.who()?.viewer();
    let body: TemplateBody = call.body()?;
    let words = Words::new(&body.title, &body.text)?;
    let private = body.private.unwrap_or(false);
    let added = call.api.domain.write_as(&viewer, move |tx| template::add(tx, &viewer, &words, private))?;
    call.json(201, &view::Template::new(&added))
}

/// Changes one.
pub fn change(call: &Call) -> Handled {
    let id = TemplateId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let body: TemplateChangeBody = call.body()?;
    let words = Words::new(&body.title, &body.text)?;
    let changed = call
        .api
        .domain
        .write_as(&viewer, move |tx| template::change(tx, &viewer, id, body.seq, &words, body.private))?;
    call.json(200, &view::Template::new(&changed))
}

/// Removes one.
pub fn remove(call: &Call) -> Handled {
    let id = TemplateId(call.id("id")?);
    let viewer = call.who()?.viewer();
    call.api.domain.write_as(&viewer, move |tx| template::remove(tx, &viewer, id))?;
    Ok(call.nothing())
}

/// Puts a list into another order.
pub fn order(call: &Call) -> Handled {
    let body: OrderBody = call.body()?;
    let viewer = call.who()?.viewer();
    call.api.domain.write_as(&viewer, move |tx| template::order(tx, &viewer, &body.ids, body.private))?;
    Ok(call.nothing())
}

/// A list as a table for spreadsheets, in the language of who asks.
pub fn export(call: &Call) -> Handled {
    let query = call.query(&["private"])?;
    let private = flag(query.get("private").map(String::as_str), "private")?;
    let viewer = call.who()?.viewer();
    let language = call.language;
    let table = call.api.domain.store.read(|reader| template_csv::export(reader, &viewer, private, language))?;
    let response = Response::from_data("text/csv; charset=utf-8", table)
        .with_unique_header("Cache-Control", "no-store")
        .with_additional_header("Content-Disposition", "attachment; filename=\"beseda-templates.csv\"");
    Ok(Answer::Response(response))
}

/// Takes a table in, or with `dry=true` only says what it would do. The body is the file.
pub fn import(call: &Call) -> Handled {
    let query = call.query(&["private", "dry"])?;
    let private = flag(query.get("private").map(String::as_str), "private")?;
    let dry = flag(query.get("dry").map(String::as_str), "dry")?;
    let viewer = call.who()?.viewer();
    template::list(&viewer, private)?;
    let _place = call.api.imports.take()?;
    let rows = template_csv::read(&viewer, &call.bytes()?, private)?;
    let done = call.api.domain.write_as(&viewer, move |tx| template_csv::import(tx, &viewer, &rows, private, dry))?;
    let faults = done
        .faults
        .iter()
        .map(|fault| ImportFault { row: fault.row, problem: Problem::new(&fault.error, call.language, "") });
    call.json(
        200,
        &Import { added: done.added, changed: done.changed, unchanged: done.unchanged, faults: faults.collect() },
    )
}

fn flag(word: Option<&str>, name: &'static str) -> Result<bool> {
    match word {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Error::new(Code::QueryInvalid).field(name).with("reason", "true or false is needed")),
    }
}
