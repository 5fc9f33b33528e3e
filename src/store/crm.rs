//! The project's CRM, what is known of it, and the additional fields of its leads.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::crm::{Checked, Connection, ConnectionFault, CrmUser, ExtraField, Saved};
use crate::model::{OperatorId, Seq};

const GET: &str = "
SELECT kind, address, secret, target, pipeline, stage, account, connected_at, checked_at, expires_at, moved_to, users_at,
       failing_since, paused_until, fault_cause, fault_words, fault_at, fault_ended_at, saved_by_id, saved_at, seq,
       fields_by_id, fields_at, fields_seq
FROM crm";

const REMOVE: &str = "
DELETE FROM crm";

const INSERT: &str = "
INSERT INTO crm (id, kind, address, secret, target, pipeline, stage, account, connected_at, checked_at, expires_at, moved_to,
                 users_at, failing_since, paused_until, fault_cause, fault_words, fault_at, fault_ended_at, saved_by_id,
                 saved_at, seq, fields_by_id, fields_at, fields_seq)
VALUES (1, :kind, :address, :secret, :target, :pipeline, :stage, :account, :connected_at, :checked_at, :expires_at, :moved_to,
        :users_at, :failing_since, :paused_until, :fault_cause, :fault_words, :fault_at, :fault_ended_at, :saved_by_id,
        :saved_at, :seq, :fields_by_id, :fields_at, :fields_seq)";

const CHECKED: &str = "
UPDATE crm
SET account = :account, checked_at = :now, expires_at = :expires_at, moved_to = :moved_to";

const FAILING: &str = "
UPDATE crm
SET failing_since = :since, paused_until = :until";

const SET_FAULT: &str = "
UPDATE crm
SET fault_cause = :cause, fault_words = :words, fault_at = :at, fault_ended_at = :ended_at";

const FIELDS: &str = "
SELECT field, name, source, value, gone
FROM crm_fields
ORDER BY position";

const REMOVE_FIELDS: &str = "
DELETE FROM crm_fields";

const INSERT_FIELD: &str = "
INSERT INTO crm_fields (field, position, name, source, value, gone)
VALUES (:field, :position, :name, :source, :value, :gone)";

const FIELDS_SAVED: &str = "
UPDATE crm
SET fields_by_id = :by, fields_at = :now, fields_seq = :seq";

const SET_GONE: &str = "
UPDATE crm_fields
SET gone = :gone
WHERE field = :field";

const USERS: &str = "
SELECT id, name, email
FROM crm_users
ORDER BY position";

const REMOVE_USERS: &str = "
DELETE FROM crm_users";

const INSERT_USER: &str = "
INSERT INTO crm_users (id, position, name, email)
VALUES (:id, :position, :name, :email)
ON CONFLICT (id) DO NOTHING";

const USERS_READ: &str = "
UPDATE crm
SET users_at = :now";

/// The connection; `None`: there is no CRM.
pub fn get(source: &impl Source) -> Result<Option<Connection>> {
    Ok(source.connection().prepare_cached(GET)?.query_row([], connection).optional()?)
}

/// Replaces the connection.
pub fn save(tx: &Tx, connection: &Connection) -> Result<()> {
    tx.connection().prepare_cached(REMOVE)?.execute([])?;
    let (fault, fields) = (connection.last_fault.as_ref(), connection.fields_saved);
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":kind": connection.kind, ":address": connection.address, ":secret": connection.secret,
        ":target": connection.target, ":pipeline": connection.pipeline, ":stage": connection.stage,
        ":account": connection.account, ":connected_at": connection.connected_at, ":checked_at": connection.checked_at,
        ":expires_at": connection.expires_at, ":moved_to": connection.moved_to, ":users_at": connection.users_at,
        ":failing_since": connection.failing_since, ":paused_until": connection.paused_until,
        ":fault_cause": fault.map(|fault| &fault.cause), ":fault_words": fault.map(|fault| &fault.words),
        ":fault_at": fault.map(|fault| fault.at), ":fault_ended_at": fault.and_then(|fault| fault.ended_at),
        ":saved_by_id": connection.saved.by, ":saved_at": connection.saved.at, ":seq": connection.saved.seq,
        ":fields_by_id": fields.map(|saved| saved.by), ":fields_at": fields.map(|saved| saved.at),
        ":fields_seq": fields.map(|saved| saved.seq),
    })?;
    Ok(())
}

/// Removes the connection, the fields and the users.
pub fn remove(tx: &Tx) -> Result<()> {
    for statement in [REMOVE, REMOVE_FIELDS, REMOVE_USERS] {
        tx.connection().prepare_cached(statement)?.execute([])?;
    }
    Ok(())
}

/// Notes what a good check found.
pub fn set_checked(tx: &Tx, checked: &Checked) -> Result<()> {
    tx.connection().prepare_cached(CHECKED)?.execute(named_params! {
        ":account": checked.account, ":now": tx.now(), ":expires_at": checked.expires_at, ":moved_to": checked.moved_to,
    })?;
    Ok(())
}

/// Notes since when nothing gets there, and until when no lead is tried.
pub fn set_failing(tx: &Tx, since: Option<i64>, until: Option<i64>) -> Result<()> {
    tx.connection().prepare_cached(FAILING)?.execute(named_params! { ":since": since, ":until": until })?;
    Ok(())
}

/// Notes what keeps leads from getting there, or that it is over.
pub fn set_fault(tx: &Tx, fault: &ConnectionFault) -> Result<()> {
    tx.connection().prepare_cached(SET_FAULT)?.execute(named_params! {
        ":cause": fault.cause, ":words": fault.words, ":at": fault.at, ":ended_at": fault.ended_at,
    })?;
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

/// Notes who saved the additional fields, by which change.
pub fn set_fields_saved(tx: &Tx, by: OperatorId, seq: Seq) -> Result<()> {
    let mut statement = tx.connection().prepare_cached(FIELDS_SAVED)?;
    statement.execute(named_params! { ":by": by, ":now": tx.now(), ":seq": seq })?;
    Ok(())
}

/// Notes whether the CRM has this field no more.
pub fn set_gone(tx: &Tx, field: &str, gone: bool) -> Result<()> {
    tx.connection().prepare_cached(SET_GONE)?.execute(named_params! { ":field": field, ":gone": gone })?;
    Ok(())
}

/// The CRM's users, as they were read last.
pub fn users(source: &impl Source) -> Result<Vec<CrmUser>> {
    let mut statement = source.connection().prepare_cached(USERS)?;
    let rows = statement.query_map([], |row| Ok(CrmUser { id: row.get(0)?, name: row.get(1)?, email: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Replaces the CRM's users: they were read now.
pub fn set_users(tx: &Tx, users: &[CrmUser]) -> Result<()> {
    tx.connection().prepare_cached(REMOVE_USERS)?.execute([])?;
    let mut insert = tx.connection().prepare_cached(INSERT_USER)?;
    for (position, user) in users.iter().enumerate() {
        insert.execute(named_params! {
            ":id": user.id, ":position": position, ":name": user.name, ":email": user.email,
        })?;
    }
    tx.connection().prepare_cached(USERS_READ)?.execute(named_params! { ":now": tx.now() })?;
    Ok(())
}

/// Forgets the users of another account; they are not read yet.
pub fn forget_users(tx: &Tx) -> Result<()> {
    tx.connection().prepare_cached(REMOVE_USERS)?.execute([])?;
    Ok(())
}

fn connection(row: &Row) -> rusqlite::Result<Connection> {
    let cause: Option<String> = row.get(14)?;
    let last_fault = match cause {
        Some(cause) => Some(ConnectionFault { cause, words: row.get(15)?, at: row.get(16)?, ended_at: row.get(17)? }),
        None => None,
    };
    let fields_by: Option<OperatorId> = row.get(21)?;
    let fields_saved = match fields_by {
        Some(by) => Some(Saved { by, at: row.get(22)?, seq: row.get(23)? }),
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
        connected_at: row.get(7)?,
        checked_at: row.get(8)?,
        expires_at: row.get(9)?,
        moved_to: row.get(10)?,
        users_at: row.get(11)?,
        failing_since: row.get(12)?,
        paused_until: row.get(13)?,
        last_fault,
        saved: Saved { by: row.get(18)?, at: row.get(19)?, seq: row.get(20)? },
        fields_saved,
    })
}
