//! Templates: everybody's, whose `operator_id` is NULL, and those of single operators, each list in an order of its own.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::event::Change;
use crate::model::template::Template;
use crate::model::{OperatorId, Seq, TemplateId};

const GET: &str = "
SELECT id, seq, operator_id, title, text
FROM templates
WHERE id = :id";

const OF: &str = "
SELECT id, seq, operator_id, title, text
FROM templates
WHERE operator_id IS :operator_id
ORDER BY position, id";

const BY_TITLE: &str = "
SELECT id
FROM templates
WHERE operator_id IS :operator_id AND title = :title";

const COUNT: &str = "
SELECT count(*)
FROM templates
WHERE operator_id IS :operator_id";

const INSERT: &str = "
INSERT INTO templates (seq, operator_id, position, title, text, created_at)
VALUES (0, :operator_id, (SELECT coalesce(max(position), 0) + 1 FROM templates WHERE operator_id IS :operator_id), :title, :text,
        :now)";

const UPDATE: &str = "
UPDATE templates
SET title = :title, text = :text
WHERE id = :id";

const SET_SEQ: &str = "
UPDATE templates
SET seq = :seq
WHERE id = :id";

const MOVE: &str = "
UPDATE templates
SET operator_id = :operator_id,
    position = (SELECT coalesce(max(position), 0) + 1 FROM templates WHERE operator_id IS :operator_id)
WHERE id = :id";

const PLACE: &str = "
UPDATE templates
SET position = :position
WHERE id = :id";

const DELETE: &str = "
DELETE FROM templates
WHERE id = :id";

const DELETE_OF: &str = "
DELETE FROM templates
WHERE operator_id = :operator_id";

/// A template.
pub fn get(source: &impl Source, id: TemplateId) -> Result<Option<Template>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, template).optional()?)
}

/// Those of one list, in its order.
pub fn of(source: &impl Source, operator_id: Option<OperatorId>) -> Result<Vec<Template>> {
    let mut statement = source.connection().prepare_cached(OF)?;
    let rows = statement.query_map(named_params! { ":operator_id": operator_id }, template)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The template of a list that has this title.
pub fn by_title(source: &impl Source, operator_id: Option<OperatorId>, title: &str) -> Result<Option<TemplateId>> {
    let mut statement = source.connection().prepare_cached(BY_TITLE)?;
    let values = named_params! { ":operator_id": operator_id, ":title": title };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

/// How many a list has.
pub fn count(source: &impl Source, operator_id: Option<OperatorId>) -> Result<usize> {
    let mut statement = source.connection().prepare_cached(COUNT)?;
    Ok(statement.query_row(named_params! { ":operator_id": operator_id }, |row| row.get(0))?)
}

/// Adds one at the end of its list, with an event.
pub fn insert(tx: &Tx, operator_id: Option<OperatorId>, title: &str, text: &str) -> Result<TemplateId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":operator_id": operator_id, ":title": title, ":text": text, ":now": tx.now(),
    })?;
    let id = TemplateId(tx.connection().last_insert_rowid());
    touch(tx, id)?;
    Ok(id)
}

/// Replaces title and text, with an event.
pub fn update(tx: &Tx, id: TemplateId, title: &str, text: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":title": title, ":text": text };
    tx.connection().prepare_cached(UPDATE)?.execute(values)?;
    touch(tx, id)
}

/// Moves one to the end of another list.
pub fn set_operator(tx: &Tx, id: TemplateId, operator_id: Option<OperatorId>) -> Result<()> {
    tx.connection().prepare_cached(MOVE)?.execute(named_params! { ":id": id, ":operator_id": operator_id })?;
    Ok(())
}

/// Puts a list into this order, with an event.
pub fn place(tx: &Tx, ids: &[TemplateId]) -> Result<()> {
    let mut statement = tx.connection().prepare_cached(PLACE)?;
    for (position, id) in (1_i64..).zip(ids) {
        statement.execute(named_params! { ":id": id, ":position": position })?;
    }
    if let Some(first) = ids.first() {
        tx.event(Change::Template(*first))?;
    }
    Ok(())
}

/// Removes one, with an event.
pub fn delete(tx: &Tx, id: TemplateId) -> Result<()> {
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id })?;
    tx.event(Change::Template(id))?;
    Ok(())
}

/// Removes an operator's own, which nobody else ever saw.
pub fn delete_of(tx: &Tx, operator_id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(DELETE_OF)?.execute(named_params! { ":operator_id": operator_id })?;
    Ok(())
}

fn touch(tx: &Tx, id: TemplateId) -> Result<()> {
    let seq: Seq = tx.event(Change::Template(id))?;
    tx.connection().prepare_cached(SET_SEQ)?.execute(named_params! { ":id": id, ":seq": seq })?;
    Ok(())
}

fn template(row: &Row) -> rusqlite::Result<Template> {
    Ok(Template { id: row.get(0)?, seq: row.get(1)?, operator_id: row.get(2)?, title: row.get(3)?, text: row.get(4)? })
}
