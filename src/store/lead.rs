//! Leads, and how far each is in the CRM.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::event::Change;
use crate::model::lead::{Contacts, LeadRow, LeadState, Words};
use crate::model::{ChatId, LeadId, MessageId, OperatorId, Seq, Uid};

macro_rules! columns {
    () => {
        "id, uid, chat_id, operator_id, responsible_id, name, phone, email, comment, page_url, page_title, chat_url, \
         until_message_id, state, card, url, merged, reason, made_at, ended_at, seq, delivery, title, title_by_id, \
         title_shown, comment_by_id, comment_shown"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM leads WHERE id = :id");

const BY_UID: &str = concat!("SELECT ", columns!(), " FROM leads WHERE uid = :uid");

const OF_CHAT: &str = concat!("SELECT ", columns!(), " FROM leads WHERE chat_id = :chat_id ORDER BY id DESC LIMIT :n");

const INSERT: &str = "
INSERT INTO leads (uid, chat_id, operator_id, responsible_id, name, phone, email, title, title_by_id, comment, comment_by_id,
                   page_url, page_title, chat_url, until_message_id, state, made_at, seq)
VALUES (:uid, :chat_id, :operator_id, :responsible_id, :name, :phone, :email, :title, :operator_id, :comment, :operator_id,
        :page_url, :page_title, :chat_url, :until_message_id, 'queued', :now, :seq)";

const SET_NEWEST: &str = "
UPDATE chats
SET lead_id = :id
WHERE id = :chat_id";

const QUEUED: &str = "
UPDATE leads
SET state = 'queued', reason = :reason, ended_at = NULL
WHERE id = :id AND state <> 'sent'";

const SENT: &str = "
UPDATE leads
SET state = 'sent', card = :card, url = :url, merged = :merged, reason = NULL, ended_at = :now
WHERE id = :id";

const REFUSED: &str = "
UPDATE leads
SET state = 'refused', reason = :reason, ended_at = :now
WHERE id = :id AND state <> 'sent'";

const CHANGE: &str = "
UPDATE leads
SET name = :name, phone = :phone, email = :email, title = :title, title_by_id = :title_by_id, title_shown = :title_shown,
    comment = :comment, comment_by_id = :comment_by_id, comment_shown = :comment_shown
WHERE id = :id AND state <> 'sent'";

const NEXT_DELIVERY: &str = "
UPDATE leads
SET delivery = delivery + 1
WHERE id = :id AND state <> 'sent'";

const NEWEST: &str = concat!("SELECT ", columns!(), " FROM leads WHERE chat_id = :chat_id ORDER BY id DESC LIMIT 1");

const BODY: &str = "
SELECT body
FROM lead_bodies
WHERE lead_id = :id";

const KEEP_BODY: &str = "
INSERT INTO lead_bodies (lead_id, body)
VALUES (:id, :body)";

const FORGET_BODY: &str = "
DELETE FROM lead_bodies
WHERE lead_id = :id";

const FORGET_BODIES: &str = "
DELETE FROM lead_bodies";

const TOLD: &str = "
UPDATE leads
SET seq = :seq
WHERE id = :id";

const STEP: &str = "
SELECT begun_at, made
FROM lead_steps
WHERE lead_id = :id AND step = :step";

const BEGIN: &str = "
INSERT INTO lead_steps (lead_id, step, begun_at)
VALUES (:id, :step, :now)
ON CONFLICT (lead_id, step) DO UPDATE SET begun_at = excluded.begun_at";

const DONE: &str = "
INSERT INTO lead_steps (lead_id, step, begun_at, made)
VALUES (:id, :step, :now, :made)
ON CONFLICT (lead_id, step) DO UPDATE SET made = excluded.made";

const FORGET: &str = "
DELETE FROM lead_steps
WHERE lead_id = :id AND step = :step AND made IS NULL";

const FORGET_CLIENT: &str = "
DELETE FROM lead_steps
WHERE lead_id = :id AND step IN ('contact', 'tie') AND made IS NOT NULL";

const UNDER_WAY: &str = "
SELECT EXISTS (SELECT 1 FROM lead_steps WHERE lead_id = :id AND made IS NULL)";

const FORGET_UNSENT: &str = "
DELETE FROM lead_steps
WHERE lead_id IN (SELECT id FROM leads WHERE state <> 'sent')";

const WAITING: &str = "
SELECT count(*)
FROM leads
WHERE state = 'queued'";

/// What a new lead is made of.
pub struct NewLead<'a> {
    /// Made by the page.
    pub uid: &'a Uid,
    /// The chat.
    pub chat_id: ChatId,
    /// Who pressed.
    pub operator_id: OperatorId,
    /// Whose chat it is.
    pub responsible_id: OperatorId,
    /// The client.
    pub client: &'a Contacts,
    /// The operator's title; empty: none.
    pub title: &'a str,
    /// The operator's comment.
    pub comment: &'a str,
    /// Address and title of the page that the client is on.
    pub page: Option<(&'a str, &'a str)>,
    /// The chat's address.
    pub chat_url: &'a str,
    /// The last message; 0: none.
    pub until_message_id: MessageId,
}

/// A lead.
pub fn get(source: &impl Source, id: LeadId) -> Result<Option<LeadRow>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| lead(row, 0)).optional()?.flatten())
}

/// The lead that its sender called `uid`.
pub fn by_uid(source: &impl Source, uid: &Uid) -> Result<Option<LeadRow>> {
    let mut statement = source.connection().prepare_cached(BY_UID)?;
    Ok(statement.query_row(named_params! { ":uid": uid }, |row| lead(row, 0)).optional()?.flatten())
}

/// The newest `n` leads of a chat, oldest first.
pub fn of_chat(source: &impl Source, chat_id: ChatId, n: usize) -> Result<Vec<LeadRow>> {
    let mut statement = source.connection().prepare_cached(OF_CHAT)?;
    let rows = statement.query_map(named_params! { ":chat_id": chat_id, ":n": n }, |row| lead(row, 0))?;
    let mut leads: Vec<LeadRow> = rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect();
    leads.reverse();
    Ok(leads)
}

/// Adds one that is queued, as the newest of its chat; [`tell`] has to follow.
pub fn insert(tx: &Tx, new: &NewLead) -> Result<LeadId> {
    let (page_url, page_title) = new.page.unzip();
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":uid": new.uid, ":chat_id": new.chat_id, ":operator_id": new.operator_id,
        ":responsible_id": new.responsible_id, ":name": new.client.name, ":phone": new.client.phone,
        ":email": new.client.email, ":title": new.title, ":comment": new.comment, ":page_url": page_url,
        ":page_title": page_title, ":chat_url": new.chat_url, ":until_message_id": new.until_message_id, ":now": tx.now(), ":seq": Seq(0),
    })?;
    let id = LeadId(tx.connection().last_insert_rowid());
    let newest = named_params! { ":id": id, ":chat_id": new.chat_id };
    tx.connection().prepare_cached(SET_NEWEST)?.execute(newest)?;
    Ok(id)
}

/// It is on its way; `reason`: why it is not there yet. One that was sent stays sent. Whether that changed anything.
pub fn set_queued(tx: &Tx, id: LeadId, reason: Option<&str>) -> Result<bool> {
    let values = named_params! { ":id": id, ":reason": reason };
    Ok(tx.connection().prepare_cached(QUEUED)?.execute(values)? > 0)
}

/// It is in the CRM.
pub fn set_sent(tx: &Tx, id: LeadId, card: Option<&str>, url: Option<&str>, merged: bool) -> Result<()> {
    let values = named_params! { ":id": id, ":card": card, ":url": url, ":merged": merged, ":now": tx.now() };
    tx.connection().prepare_cached(SENT)?.execute(values)?;
    Ok(())
}

/// The CRM does not take it.
pub fn set_refused(tx: &Tx, id: LeadId, reason: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":reason": reason, ":now": tx.now() };
    tx.connection().prepare_cached(REFUSED)?.execute(values)?;
    Ok(())
}

/// Another client, title or comment; one that was sent stays as it was.
pub fn change(tx: &Tx, id: LeadId, client: &Contacts, title: &Words, comment: &Words) -> Result<()> {
    tx.connection().prepare_cached(CHANGE)?.execute(named_params! {
        ":id": id, ":name": client.name, ":phone": client.phone, ":email": client.email, ":title": title.text,
        ":title_by_id": title.by, ":title_shown": title.shown, ":comment": comment.text, ":comment_by_id": comment.by,
        ":comment_shown": comment.shown,
    })?;
    Ok(())
}

/// What is sent from now on is another delivery.
pub fn next_delivery(tx: &Tx, id: LeadId) -> Result<()> {
    tx.connection().prepare_cached(NEXT_DELIVERY)?.execute(named_params! { ":id": id })?;
    forget_body(tx, id)
}

/// The newest lead of a chat.
pub fn newest(source: &impl Source, chat_id: ChatId) -> Result<Option<LeadRow>> {
    let mut statement = source.connection().prepare_cached(NEWEST)?;
    Ok(statement.query_row(named_params! { ":chat_id": chat_id }, |row| lead(row, 0)).optional()?.flatten())
}

/// The request that is repeated to the byte, if one was made.
pub fn body(source: &impl Source, id: LeadId) -> Result<Option<Vec<u8>>> {
    let mut statement = source.connection().prepare_cached(BODY)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()?)
}

/// Keeps it.
pub fn keep_body(tx: &Tx, id: LeadId, body: &[u8]) -> Result<()> {
    tx.connection().prepare_cached(KEEP_BODY)?.execute(named_params! { ":id": id, ":body": body })?;
    Ok(())
}

/// It is not repeated any more.
pub fn forget_body(tx: &Tx, id: LeadId) -> Result<()> {
    tx.connection().prepare_cached(FORGET_BODY)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Whether something was asked of the CRM of which it is not known what became.
pub fn is_under_way(source: &impl Source, id: LeadId) -> Result<bool> {
    Ok(source.connection().prepare_cached(UNDER_WAY)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// The event of what became of it.
pub fn tell(tx: &Tx, id: LeadId, chat_id: ChatId) -> Result<Seq> {
    let seq = tx.event(Change::Lead(chat_id, id))?;
    tx.connection().prepare_cached(TOLD)?.execute(named_params! { ":id": id, ":seq": seq })?;
    Ok(seq)
}

/// How many are on their way.
pub fn waiting(source: &impl Source) -> Result<i64> {
    Ok(source.connection().prepare_cached(WAITING)?.query_row([], |row| row.get(0))?)
}

/// When a step was asked for, and what the CRM made of it.
pub fn step(source: &impl Source, id: LeadId, step: &str) -> Result<Option<(i64, Option<String>)>> {
    let mut statement = source.connection().prepare_cached(STEP)?;
    let values = named_params! { ":id": id, ":step": step };
    Ok(statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Notes that a step is asked for now.
pub fn begin_step(tx: &Tx, id: LeadId, step: &str) -> Result<()> {
    tx.connection().prepare_cached(BEGIN)?.execute(named_params! { ":id": id, ":step": step, ":now": tx.now() })?;
    Ok(())
}

/// Notes what the CRM made.
pub fn step_done(tx: &Tx, id: LeadId, step: &str, made: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":step": step, ":made": made, ":now": tx.now() };
    tx.connection().prepare_cached(DONE)?.execute(values)?;
    Ok(())
}

/// Notes that a step was surely not done.
pub fn forget_step(tx: &Tx, id: LeadId, step: &str) -> Result<()> {
    tx.connection().prepare_cached(FORGET)?.execute(named_params! { ":id": id, ":step": step })?;
    Ok(())
}

/// Forgets who the client became in the CRM: it is somebody else now.
pub fn forget_client(tx: &Tx, id: LeadId) -> Result<()> {
    tx.connection().prepare_cached(FORGET_CLIENT)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Forgets the steps and requests of all leads that are not sent: what they made is in another CRM.
pub fn forget_steps_of_unsent(tx: &Tx) -> Result<()> {
    tx.connection().prepare_cached(FORGET_UNSENT)?.execute([])?;
    tx.connection().prepare_cached(FORGET_BODIES)?.execute([])?;
    Ok(())
}

/// The lead in a row whose columns of a lead begin at `at`; `None` where a join found none.
pub(super) fn lead(row: &Row, at: usize) -> rusqlite::Result<Option<LeadRow>> {
    let Some(id) = row.get(at)? else { return Ok(None) };
    let page_url: Option<String> = row.get(at + 9)?;
    let page = match page_url {
        Some(url) => Some((url, row.get::<_, Option<String>>(at + 10)?.unwrap_or_default())),
        None => None,
    };
    let state: LeadState = row.get(at + 13)?;
    Ok(Some(LeadRow {
        id,
        uid: row.get(at + 1)?,
        chat_id: row.get(at + 2)?,
        operator_id: row.get(at + 3)?,
        responsible_id: row.get(at + 4)?,
        client: Contacts { name: row.get(at + 5)?, phone: row.get(at + 6)?, email: row.get(at + 7)? },
        title: Words { text: row.get(at + 22)?, by: row.get(at + 23)?, shown: row.get(at + 24)? },
        comment: Words { text: row.get(at + 8)?, by: row.get(at + 25)?, shown: row.get(at + 26)? },
        page,
        chat_url: row.get(at + 11)?,
        until_message_id: row.get(at + 12)?,
        state,
        card: row.get(at + 14)?,
        url: row.get(at + 15)?,
        merged: row.get(at + 16)?,
        reason: row.get(at + 17)?,
        delivery: row.get(at + 21)?,
        made_at: row.get(at + 18)?,
        ended_at: row.get(at + 19)?,
        seq: row.get(at + 20)?,
    }))
}
