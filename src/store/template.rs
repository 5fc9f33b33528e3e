//! Templates.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::TemplateId;
use crate::model::event::Change;
use crate::model::template::Template;

const GET: &str = "
SELECT id, title, text
FROM templates
WHERE id = :id";

const ALL: &str = "
SELECT id, title, text
FROM templates
ORDER BY title";

const BY_TITLE: &str = "
SELECT id
FROM templates
WHERE title = :title";

const COUNT: &str = "
SELECT count(*)
FROM templates";

const INSERT: &str = "
INSERT INTO templates (title, text, created_at)
VALUES (:title, :text, :now)";

const UPDATE: &str = "
UPDATE templates
SET title = :title, text = :text
WHERE id = :id";

const DELETE: &str = "
DELETE FROM templates
WHERE id = :id";

/// A template.
pub fn get(source: &impl Source, id: TemplateId) -> Result<Option<Template>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, template).optional()?)
}

/// All templates, by their titles.
pub fn all(source: &impl Source) -> Result<Vec<Template>> {
    let mut statement = source.connection().prepare_cached(ALL)?;
    let rows = statement.query_map([], template)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The template that has this title.
pub fn by_title(source: &impl Source, title: &str) -> Result<Option<TemplateId>> {
    let mut statement = source.connection().prepare_cached(BY_TITLE)?;
    Ok(statement.query_row(named_params! { ":title": title }, |row| row.get(0)).optional()?)
}

/// How many there are.
pub fn count(source: &impl Source) -> Result<usize> {
    Ok(source.connection().prepare_cached(COUNT)?.query_row([], |row| row.get(0))?)
}

/// Adds one, with an event.
pub fn insert(tx: &Tx, title: &str, text: &str) -> Result<TemplateId> {
    let values = named_params! { ":title": title, ":text": text, ":now": tx.now() };
    tx.connection().prepare_cached(INSERT)?.execute(values)?;
    let id = TemplateId(tx.connection().last_insert_rowid());
    tx.event(Change::Template(id))?;
    Ok(id)
}

/// Replaces title and text, with an event.
pub fn update(tx: &Tx, template: &Template) -> Result<()> {
    tx.connection().prepare_cached(UPDATE)?.execute(named_params! {
        ":id": template.id, ":title": template.title, ":text": template.text,
    })?;
    tx.event(Change::Template(template.id))?;
    Ok(())
}

/// Removes one, with an event.
pub fn delete(tx: &Tx, id: TemplateId) -> Result<()> {
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id })?;
    tx.event(Change::Template(id))?;
    Ok(())
}

fn template(row: &Row) -> rusqlite::Result<Template> {
    Ok(Template { id: row.get(0)?, title: row.get(1)?, text: row.get(2)? })
}
