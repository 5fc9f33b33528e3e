//! Devices that get pushes.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::event::Change;
use crate::model::push::PushDevice;
use crate::model::{DeviceId, OperatorId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, operator_id, session_id, endpoint, p256dh, auth, label, created_at, sent_at, received_at, opened_at, \
             failure, gone_at FROM push_devices ",
            $rest
        )
    };
}

const GET: &str = select!("WHERE id = :id");

const BY_ENDPOINT: &str = select!("WHERE endpoint = :endpoint");

const OF_OPERATOR: &str = select!("WHERE operator_id = :operator_id ORDER BY id");

const LIVE_OF_OPERATOR: &str = "
SELECT id, operator_id
FROM push_devices
WHERE operator_id = :operator_id AND gone_at IS NULL";

const LIVE_FOR_UNASSIGNED: &str = "
SELECT push_devices.id, push_devices.operator_id
FROM push_devices
JOIN operators ON operators.id = push_devices.operator_id
WHERE push_devices.gone_at IS NULL AND operators.notify_unassigned = 1 AND operators.deleted_at IS NULL";

const LIVE_FOR_EMPTY: &str = "
SELECT push_devices.id, push_devices.operator_id
FROM push_devices
JOIN operators ON operators.id = push_devices.operator_id
WHERE push_devices.gone_at IS NULL AND operators.notify_empty = 1 AND operators.deleted_at IS NULL";

const INSERT: &str = "
INSERT INTO push_devices (operator_id, session_id, endpoint, p256dh, auth, label, created_at)
VALUES (:operator_id, :session_id, :endpoint, :p256dh, :auth, :label, :now)";

const RENEW: &str = "
UPDATE push_devices
SET operator_id = :operator_id, session_id = :session_id, p256dh = :p256dh, auth = :auth, label = :label,
    failure = iif(gone_at IS NULL, failure, NULL), gone_at = NULL
WHERE id = :id";

const SENT: &str = "
UPDATE push_devices
SET sent_at = :now, failure = NULL
WHERE id = :id";

const FAILED: &str = "
UPDATE push_devices
SET failure = :failure
WHERE id = :id";

const GONE: &str = "
UPDATE push_devices
SET failure = :failure, gone_at = :now
WHERE id = :id";

const RECEIVED: &str = "
UPDATE push_devices
SET received_at = :now, opened_at = iif(:opened, :now, opened_at)
WHERE id = :id";

const DELETE: &str = "
DELETE FROM push_devices
WHERE id = :id";

const DELETE_OF: &str = "
DELETE FROM push_devices
WHERE operator_id = :operator_id";

/// What a new device is made of.
pub struct NewDevice<'a> {
    /// Whose.
    pub operator_id: OperatorId,
    /// The session it comes by.
    pub session_id: i64,
    /// Where the push service takes what is for it.
    pub endpoint: &'a str,
    /// Its public key.
    pub p256dh: &'a [u8],
    /// The secret that it shares with us.
    pub auth: &'a [u8],
    /// Browser and system.
    pub label: &'a str,
}

/// A device.
pub fn get(source: &impl Source, id: DeviceId) -> Result<Option<PushDevice>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, device).optional()?)
}

/// The device of an endpoint.
pub fn by_endpoint(source: &impl Source, endpoint: &str) -> Result<Option<PushDevice>> {
    let mut statement = source.connection().prepare_cached(BY_ENDPOINT)?;
    Ok(statement.query_row(named_params! { ":endpoint": endpoint }, device).optional()?)
}

/// All devices of an operator, those that are gone too, in the order in which they came.
pub fn of_operator(source: &impl Source, operator_id: OperatorId) -> Result<Vec<PushDevice>> {
    let mut statement = source.connection().prepare_cached(OF_OPERATOR)?;
    let rows = statement.query_map(named_params! { ":operator_id": operator_id }, device)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Devices of an operator that can be reached.
pub fn live_of_operator(source: &impl Source, operator_id: OperatorId) -> Result<Vec<(DeviceId, OperatorId)>> {
    let mut statement = source.connection().prepare_cached(LIVE_OF_OPERATOR)?;
    let rows = statement.query_map(named_params! { ":operator_id": operator_id }, pair)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Devices that can be reached, of operators who want to know of unassigned chats.
pub fn live_for_unassigned(source: &impl Source) -> Result<Vec<(DeviceId, OperatorId)>> {
    let mut statement = source.connection().prepare_cached(LIVE_FOR_UNASSIGNED)?;
    let rows = statement.query_map([], pair)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Devices that can be reached, of operators who want to know of visitors who come.
pub fn live_for_empty(source: &impl Source) -> Result<Vec<(DeviceId, OperatorId)>> {
    let mut statement = source.connection().prepare_cached(LIVE_FOR_EMPTY)?;
    let rows = statement.query_map([], pair)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds one.
pub fn insert(tx: &Tx, new: &NewDevice) -> Result<DeviceId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":operator_id": new.operator_id, ":session_id": new.session_id, ":endpoint": new.endpoint,
        ":p256dh": new.p256dh, ":auth": new.auth, ":label": new.label, ":now": tx.now(),
    })?;
    Ok(DeviceId(tx.connection().last_insert_rowid()))
}

/// Gives a known one new keys and perhaps another operator; one that was gone is there again.
pub fn renew(tx: &Tx, id: DeviceId, new: &NewDevice) -> Result<()> {
    tx.connection().prepare_cached(RENEW)?.execute(named_params! {
        ":id": id, ":operator_id": new.operator_id, ":session_id": new.session_id, ":p256dh": new.p256dh,
        ":auth": new.auth, ":label": new.label,
    })?;
    Ok(())
}

/// Notes that the push service took something.
pub fn sent(tx: &Tx, id: DeviceId) -> Result<()> {
    tx.connection().prepare_cached(SENT)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

/// Notes what the push service says against it.
pub fn failed(tx: &Tx, id: DeviceId, failure: &str) -> Result<()> {
    tx.connection().prepare_cached(FAILED)?.execute(named_params! { ":id": id, ":failure": failure })?;
    Ok(())
}

/// Notes that the push service does not know it any more, with an event.
pub fn gone(tx: &Tx, id: DeviceId, failure: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":failure": failure, ":now": tx.now() };
    tx.connection().prepare_cached(GONE)?.execute(values)?;
    tx.event(Change::Device(id))?;
    Ok(())
}

/// Notes that something came, and perhaps was opened.
pub fn received(tx: &Tx, id: DeviceId, opened: bool) -> Result<()> {
    let values = named_params! { ":id": id, ":opened": opened, ":now": tx.now() };
    tx.connection().prepare_cached(RECEIVED)?.execute(values)?;
    Ok(())
}

/// Removes one.
pub fn delete(tx: &Tx, id: DeviceId) -> Result<()> {
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Removes all of an operator.
pub fn delete_of(tx: &Tx, operator_id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(DELETE_OF)?.execute(named_params! { ":operator_id": operator_id })?;
    Ok(())
}

fn pair(row: &Row) -> rusqlite::Result<(DeviceId, OperatorId)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn device(row: &Row) -> rusqlite::Result<PushDevice> {
    Ok(PushDevice {
        id: row.get(0)?,
        operator_id: row.get(1)?,
        session_id: row.get(2)?,
        endpoint: row.get(3)?,
        p256dh: row.get(4)?,
        auth: row.get(5)?,
        label: row.get(6)?,
        created_at: row.get(7)?,
        sent_at: row.get(8)?,
        received_at: row.get(9)?,
        opened_at: row.get(10)?,
        failure: row.get(11)?,
        gone_at: row.get(12)?,
    })
}
