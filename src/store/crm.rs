//! The project's CRM and the additional fields of its leads.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::crm::{Connection, ConnectionFault, ExtraField};

const GET: &str = "
SELECT kind, address, secret, target, pipeline, stage, account, checked_at, fault_cause, fault_words, fault_at
FROM crm";

const SAVE: &str = "
INSERT INTO crm (id, kind, address, secret, target, pipeline, stage, account, checked_at)
VALUES (1, :kind, :address, :secret, :target, :pipeline, :stage, :account, :checked_at)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, address = excluded.address, secret = excluded.secret, target = excluded.target,
    pipeline = excluded.pipeline, stage = excluded.stage, account = excluded.account, checked_at = excluded.checked_at,
    fault_cause = NULL, fault_words = NULL, fault_at = NULL";

const REMOVE: &str = "
DELETE FROM crm";

const SET_FAULT: &str = "
UPDATE crm
SET fault_cause = :cause, fault_words = :words, fault_at = :at";

const FIELDS: &str = "
SELECT field, name, source, value, gone
FROM crm_fields
ORDER BY position";

const REMOVE_FIELDS: &str = "
DELETE FROM crm_fields";

const INSERT_FIELD: &str = "
INSERT INTO crm_fields (field, position, name, source, value, gone)
VALUES (:field, :position, :name, :source, :value, :gone)";

const SET_GONE: &str = "
UPDATE crm_fields
SET gone = 1
WHERE field = :field";

/// The connection; `None`: there is no CRM.
pub fn get(source: &impl Source) -> Result<Option<Connection>> {
    Ok(source.connection().prepare_cached(GET)?.query_row([], connection).optional()?)
}

/// Replaces the connection; it counts as working.
pub fn save(tx: &Tx, connection: &Connection) -> Result<()> {
    tx.connection().prepare_cached(SAVE)?.execute(named_params! {
        ":kind": connection.kind, ":address": connection.address, ":secret": connection.secret,
        ":target": connection.target, ":pipeline": connection.pipeline, ":stage": connection.stage,
        ":account": connection.account, ":checked_at": connection.checked_at,
    })?;
    Ok(())
}

/// Removes the connection and the fields.
pub fn remove(tx: &Tx) -> Result<()> {
    tx.connection().prepare_cached(REMOVE)?.execute([])?;
    tx.connection().prepare_cached(REMOVE_FIELDS)?.execute([])?;
    Ok(())
}

/// Notes what keeps leads from getting there, or that nothing does.
pub fn set_fault(tx: &Tx, fault: Option<&ConnectionFault>) -> Result<()> {
    let (cause, words) = fault.map(|fault| (&fault.cause, &fault.words)).unzip();
    let values = named_params! { ":cause": cause, ":words": words, ":at": fault.map(|fault| fault.at) };
    tx.connection().prepare_cached(SET_FAULT)?.execute(values)?;
    Ok(())
}

/// The additional fields, in the owner's order.
pub fn fields(source: &impl Source) -> Result<Vec<ExtraField>> {
    let mut statement = source.connection().prepare_cached(FIELDS)?;
    let rows = statement.query_map([], |row| {
        Ok(ExtraField {
            field: row.get(0)?,
            name: row.get(1)?,
            source: row.get(2)?,
            value: row.get(3)?,
            gone: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Replaces the additional fields.
pub fn set_fields(tx: &Tx, fields: &[ExtraField]) -> Result<()> {
    tx.connection().prepare_cached(REMOVE_FIELDS)?.execute([])?;
    let mut insert = tx.connection().prepare_cached(INSERT_FIELD)?;
    for (position, field) in fields.iter().enumerate() {
        insert.execute(named_params! {
            ":field": field.field, ":position": position, ":name": field.name, ":source": field.source,
            ":value": field.value, ":gone": field.gone,
        })?;
    }
    Ok(())
}

/// Notes that the CRM has this field no more.
pub fn set_gone(tx: &Tx, field: &str) -> Result<()> {
    tx.connection().prepare_cached(SET_GONE)?.execute(named_params! { ":field": field })?;
    Ok(())
}

fn connection(row: &Row) -> rusqlite::Result<Connection> {
    let cause: Option<String> = row.get(8)?;
    let fault = match cause {
        Some(cause) => Some(ConnectionFault { cause, words: row.get(9)?, at: row.get(10)? }),
        None => None,
    };
    Ok(Connection {
        kind: row.get(0)?,
        address: row.get(1)?,
        secret: row.get(2)?,
        target: row.get(3)?,
        pipeline: row.get(4)?,
        stage: row.get(5)?,
        account: row.get(6)?,
        checked_at: row.get(7)?,
        fault,
    })
}
