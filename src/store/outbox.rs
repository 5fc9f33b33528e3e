//! What has to go out, and what became of it.
//!
//! The jobs of one target go one after the other: the one that was tried already, then by their time. The first of them is
//! the target's head; all others wait behind it.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::outbox::{Job, JobKind, JobState};
use crate::model::{JobId, limits};

const REPLACE: &str = "
UPDATE outbox
SET kind = :kind, payload = :payload, expires_at = :expires_at
WHERE target = :target AND ended_at IS NULL AND state IN ('queued', 'unknown') AND topic = :topic";

const INSERT: &str = "
INSERT INTO outbox (kind, target, topic, payload, state, next_at, expires_at, created_at)
VALUES (:kind, :target, :topic, :payload, 'queued', :next_at, :expires_at, :now)";

const HEADS: &str = "
WITH RECURSIVE targets (target) AS (
    SELECT min(target) FROM outbox WHERE ended_at IS NULL
    UNION ALL
    SELECT (SELECT min(target) FROM outbox WHERE ended_at IS NULL AND target > targets.target)
    FROM targets
    WHERE targets.target IS NOT NULL
)
SELECT head.id, max(head.next_at, coalesce(outbox_pauses.until_at, 0))
FROM targets
JOIN outbox AS head ON head.id = (
    SELECT id
    FROM outbox
    WHERE target = targets.target AND ended_at IS NULL
    ORDER BY attempts = 0, next_at, id
    LIMIT 1
)
LEFT JOIN outbox_pauses ON outbox_pauses.target = targets.target
WHERE head.state <> 'sending'";

const CLAIM: &str = "
UPDATE outbox
SET state = 'sending', attempts = attempts + 1
WHERE id = :id AND state IN ('queued', 'unknown') AND ended_at IS NULL AND coalesce(expires_at > :now, 1)
RETURNING kind, target, payload, attempts, created_at";

const IS_UNKNOWN: &str = "
SELECT state = 'unknown'
FROM outbox
WHERE id = :id";

const EXPIRE: &str = "
UPDATE outbox
SET state = 'refused', ended_at = :now, last_error = coalesce(last_error, 'too late')
WHERE id = :id AND ended_at IS NULL AND state <> 'sending' AND expires_at <= :now";

const END: &str = "
UPDATE outbox
SET state = :state, ended_at = :now, last_error = :last_error
WHERE id = :id";

const AGAIN: &str = "
UPDATE outbox
SET state = :state, next_at = :next_at, last_error = :last_error
WHERE id = :id";

const HOLD: &str = "
UPDATE outbox
SET state = 'queued', attempts = attempts - 1, next_at = :next_at
WHERE id = :id";

const IS_SUPERSEDED: &str = "
SELECT EXISTS (SELECT 1
               FROM outbox AS job
               JOIN outbox AS newer ON newer.target = job.target AND newer.ended_at IS NULL AND newer.topic = job.topic
               WHERE job.id = :id AND newer.id > job.id)";

const REMOVE: &str = "
DELETE FROM outbox
WHERE id = :id";

const REMOVE_TARGET: &str = "
DELETE FROM outbox
WHERE target = :target AND ended_at IS NULL AND state <> 'sending'";

const HURRY: &str = "
UPDATE outbox
SET next_at = min(next_at, :now)
WHERE target = :target AND ended_at IS NULL AND state <> 'sending' AND attempts > 0";

const RELEASE: &str = "
UPDATE outbox
SET next_at = min(next_at, :now)
WHERE target BETWEEN :targets AND :targets || '~' AND ended_at IS NULL AND state <> 'sending'";

const POSTPONE: &str = "
UPDATE outbox
SET next_at = max(next_at, :until)
WHERE target BETWEEN :targets AND :targets || '~' AND ended_at IS NULL AND state <> 'sending'";

const END_PAUSES_OF: &str = "
DELETE FROM outbox_pauses
WHERE target BETWEEN :targets AND :targets || '~'";

const PAUSE: &str = "
INSERT INTO outbox_pauses (target, until_at)
VALUES (:target, :until_at)
ON CONFLICT (target) DO UPDATE SET until_at = max(until_at, excluded.until_at)";

const END_PAUSE: &str = "
DELETE FROM outbox_pauses
WHERE target = :target";

const END_PAUSES: &str = "
DELETE FROM outbox_pauses
WHERE until_at < :now";

const RECOVER: &str = "
UPDATE outbox
SET state = 'unknown', last_error = 'the program ended before there was an answer'
WHERE state = 'sending' AND ended_at IS NULL";

const PRUNE: &str = "
DELETE FROM outbox
WHERE id IN (SELECT id FROM outbox WHERE ended_at < :before LIMIT :n)";

/// What a new job is made of.
pub struct NewJob<'a> {
    /// What it does.
    pub kind: JobKind,
    /// Whose jobs go one after the other.
    pub target: &'a str,
    /// A job of the same target and topic that still waits is replaced and keeps its place.
    pub topic: Option<&'a str>,
    /// JSON, as its kind has it.
    pub payload: &'a str,
    /// Not before.
    pub next_at: i64,
    /// Nobody wants it from then on.
    pub expires_at: Option<i64>,
}

/// The job of a target that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which.
    pub id: JobId,
    /// When.
    pub due_at: i64,
}

/// Queues a job; the outbox wakes when the transaction is on the disk.
pub fn queue(tx: &Tx, new: &NewJob) -> Result<()> {
    tx.job_queued();
    if new.topic.is_some() {
        let replaced = tx.connection().prepare_cached(REPLACE)?.execute(named_params! {
            ":kind": new.kind, ":target": new.target, ":topic": new.topic, ":payload": new.payload,
            ":expires_at": new.expires_at,
        })?;
        if replaced > 0 {
            return Ok(());
        }
    }
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":kind": new.kind, ":target": new.target, ":topic": new.topic, ":payload": new.payload,
        ":next_at": new.next_at, ":expires_at": new.expires_at, ":now": tx.now(),
    })?;
    Ok(())
}

/// The heads of all targets but those with a job under way.
pub fn heads(source: &impl Source) -> Result<Vec<Head>> {
    let mut statement = source.connection().prepare_cached(HEADS)?;
    let rows = statement.query_map([], |row| Ok(Head { id: row.get(0)?, due_at: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes a job under way; ends it instead when it is too late, and does nothing when it is gone.
pub fn claim(tx: &Tx, id: JobId) -> Result<Option<Job>> {
    let connection = tx.connection();
    let unknown: Option<bool> =
        connection.prepare_cached(IS_UNKNOWN)?.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()?;
    let mut statement = connection.prepare_cached(CLAIM)?;
    let job = statement
        .query_row(named_params! { ":id": id, ":now": tx.now() }, |row| {
            Ok(Job {
                id,
                kind: row.get(0)?,
                target: row.get(1)?,
                payload: row.get(2)?,
                attempts: row.get(3)?,
                unknown: unknown == Some(true),
                created_at: row.get(4)?,
            })
        })
        .optional()?;
    if job.is_none() {
        connection.prepare_cached(EXPIRE)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    }
    Ok(job)
}

/// Ends a job as sent, refused or unknown.
pub fn end(tx: &Tx, id: JobId, state: JobState, error: Option<&str>) -> Result<()> {
    let values = named_params! { ":id": id, ":state": state, ":now": tx.now(), ":last_error": error.map(cut) };
    tx.connection().prepare_cached(END)?.execute(values)?;
    Ok(())
}

/// Puts a job that was tried back: `queued` when it did not arrive, `unknown` when it may have.
pub fn again(tx: &Tx, id: JobId, state: JobState, next_at: i64, error: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":state": state, ":next_at": next_at, ":last_error": cut(error) };
    tx.connection().prepare_cached(AGAIN)?.execute(values)?;
    Ok(())
}

/// Puts a job back that was not tried after all.
pub fn hold(tx: &Tx, id: JobId, next_at: i64) -> Result<()> {
    tx.connection().prepare_cached(HOLD)?.execute(named_params! { ":id": id, ":next_at": next_at })?;
    Ok(())
}

/// Whether a newer job of the same target and topic waits.
pub fn is_superseded(source: &impl Source, id: JobId) -> Result<bool> {
    let mut statement = source.connection().prepare_cached(IS_SUPERSEDED)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Removes a job.
pub fn remove(tx: &Tx, id: JobId) -> Result<()> {
    tx.connection().prepare_cached(REMOVE)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Removes all that waits for a target, and its pause.
pub fn remove_target(tx: &Tx, target: &str) -> Result<()> {
    tx.connection().prepare_cached(REMOVE_TARGET)?.execute(named_params! { ":target": target })?;
    tx.connection().prepare_cached(END_PAUSE)?.execute(named_params! { ":target": target })?;
    Ok(())
}

/// Makes all that waits for targets that begin so due: what held them up is mended.
pub fn release(tx: &Tx, targets: &str) -> Result<()> {
    tx.connection().prepare_cached(RELEASE)?.execute(named_params! { ":targets": targets, ":now": tx.now() })?;
    tx.connection().prepare_cached(END_PAUSES_OF)?.execute(named_params! { ":targets": targets })?;
    tx.job_queued();
    Ok(())
}

/// Lets nothing that waits for targets that begin so be due before `until`.
pub fn postpone(tx: &Tx, targets: &str, until: i64) -> Result<()> {
    tx.connection().prepare_cached(POSTPONE)?.execute(named_params! { ":targets": targets, ":until": until })?;
    Ok(())
}

/// Lets what was tried for a target be tried again now, unless it asked to be left alone.
pub fn hurry(tx: &Tx, target: &str) -> Result<()> {
    tx.connection().prepare_cached(HURRY)?.execute(named_params! { ":target": target, ":now": tx.now() })?;
    Ok(())
}

/// Leaves a target alone until then.
pub fn pause(tx: &Tx, target: &str, until_at: i64) -> Result<()> {
    tx.connection().prepare_cached(PAUSE)?.execute(named_params! { ":target": target, ":until_at": until_at })?;
    Ok(())
}

/// What was under way when the program ended may have arrived.
pub fn recover(tx: &Tx) -> Result<usize> {
    Ok(tx.connection().prepare_cached(RECOVER)?.execute([])?)
}

/// Removes up to `n` jobs that ended before `before`, and pauses that are over.
pub fn prune(tx: &Tx, before: i64, n: usize) -> Result<usize> {
    tx.connection().prepare_cached(END_PAUSES)?.execute(named_params! { ":now": tx.now() })?;
    Ok(tx.connection().prepare_cached(PRUNE)?.execute(named_params! { ":before": before, ":n": n })?)
}

/// The other side's words, as long as they are kept.
fn cut(error: &str) -> String {
    error.chars().take(limits::OUTBOX_ERROR_CHARS).collect()
}
