//! Operators.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::event::Change;
use crate::model::operator::{AvatarVersion, Notifications, Operator, Preferences, Role};
use crate::model::{ChatId, OperatorId, Seq};

macro_rules! columns {
    () => {
        "id, seq, name, email, role, language, theme, client_only, enter_sends, notify_assigned, notify_message, notify_unassigned, notify_empty, notify_sound, notify_volume, notify_show_text, notify_stay, notify_quiet_in_view, away, deleted_at, avatar"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM operators WHERE id = :id");

const ALL: &str = concat!("SELECT ", columns!(), " FROM operators ORDER BY id");

const BY_EMAIL: &str = "
SELECT id, password_hash
FROM operators
WHERE email = :email AND deleted_at IS NULL";

const COUNT: &str = "
SELECT count(*)
FROM operators
WHERE deleted_at IS NULL";

const HAS_OWNER: &str = "
SELECT EXISTS (SELECT 1 FROM operators WHERE role = 'owner')";

const INSERT: &str = "
INSERT INTO operators (seq, name, email, password_hash, role, language, created_at)
VALUES (0, :name, :email, :password_hash, :role, :language, :now)";

const SET_SEQ: &str = "
UPDATE operators
SET seq = :seq
WHERE id = :id";

const SET_PREFERENCES: &str = "
UPDATE operators
SET language = :language, theme = :theme, client_only = :client_only, enter_sends = :enter_sends,
    notify_assigned = :assigned, notify_message = :message, notify_unassigned = :unassigned, notify_empty = :empty,
    notify_sound = :sound, notify_volume = :volume, notify_show_text = :show_text, notify_stay = :stay,
    notify_quiet_in_view = :quiet_in_view
WHERE id = :id";

const SET_AWAY: &str = "
UPDATE operators
SET away = :away
WHERE id = :id";

const SET_PASSWORD: &str = "
UPDATE operators
SET password_hash = :password_hash
WHERE id = :id";

const SET_IDENTITY: &str = "
UPDATE operators
SET name = :name, email = :email
WHERE id = :id";

const SET_ROLE: &str = "
UPDATE operators
SET role = :role
WHERE id = :id";

const SET_ROLE_SEQ: &str = "
UPDATE operators
SET role_seq = seq
WHERE id = :id";

const SET_CHANGED: &str = "
UPDATE operators
SET changed_seq = seq, changed_by_id = :by, changed_at = :now
WHERE id = :id";

const LAST_CHANGE: &str = "
SELECT changed_seq, changed_by_id, changed_at
FROM operators
WHERE id = :id";

const ROLE_SEQ: &str = "
SELECT role_seq
FROM operators
WHERE id = :id";

const SEEN: &str = "
UPDATE operators
SET seen_at = max(coalesce(seen_at, 0), :now)
WHERE id = :id";

const SEEN_AT: &str = "
SELECT nullif(max(coalesce(seen_at, 0), coalesce((SELECT max(used_at) FROM sessions WHERE operator_id = operators.id), 0)), 0)
FROM operators
WHERE id = :id";

const OPEN_CHATS: &str = "
SELECT id
FROM chats
WHERE assignee_id = :id AND state = 'open'
ORDER BY id";

const OPEN_CHAT_COUNT: &str = "
SELECT count(*)
FROM chats
WHERE assignee_id = :id AND state = 'open'";

const SET_AVATAR: &str = "
UPDATE operators
SET avatar = :avatar
WHERE id = :id";

const DELETE: &str = "
UPDATE operators
SET deleted_at = :now
WHERE id = :id AND deleted_at IS NULL";

/// What a new operator is made of.
pub struct NewOperator<'a> {
    /// The name that visitors see.
    pub name: &'a str,
    /// The login, lower case.
    pub email: &'a str,
    /// bcrypt's string.
    pub password_hash: &'a str,
    /// What it may do.
    pub role: Role,
    /// The pages' language.
    pub language: crate::model::project::Language,
}

/// Who changed name, email or role of an operator last, and when.
#[derive(Clone, Copy, Debug)]
pub struct LastChange {
    /// Of that change; 0: nobody did.
    pub seq: Seq,
    /// Who.
    pub by_id: Option<OperatorId>,
    /// When.
    pub at: Option<i64>,
}

/// An operator, deleted ones too.
pub fn get(source: &impl Source, id: OperatorId) -> Result<Option<Operator>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    Ok(statement.query_row(named_params! { ":id": id }, operator).optional()?)
}

/// All operators, deleted ones too, in the order in which they came.
pub fn all(source: &impl Source) -> Result<Vec<Operator>> {
    let mut statement = source.connection().prepare_cached(ALL)?;
    let rows = statement.query_map([], operator)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Id and password's hash of the operator who logs in with `email`.
pub fn by_email(source: &impl Source, email: &str) -> Result<Option<(OperatorId, String)>> {
    let mut statement = source.connection().prepare_cached(BY_EMAIL)?;
    let found = statement.query_row(named_params! { ":email": email }, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// Notes who changed name, email or role just now.
pub fn set_changed(tx: &Tx, id: OperatorId, by: OperatorId) -> Result<()> {
    let values = named_params! { ":id": id, ":by": by, ":now": tx.now() };
    tx.connection().prepare_cached(SET_CHANGED)?.execute(values)?;
    Ok(())
}

/// Who did that last.
pub fn last_change(source: &impl Source, id: OperatorId) -> Result<LastChange> {
    let mut statement = source.connection().prepare_cached(LAST_CHANGE)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| {
        Ok(LastChange { seq: row.get(0)?, by_id: row.get(1)?, at: row.get(2)? })
    })?)
}

/// How many there are, deleted ones aside.
pub fn count(source: &impl Source) -> Result<usize> {
    Ok(source.connection().prepare_cached(COUNT)?.query_row([], |row| row.get(0))?)
}

/// Whether the project has its owner.
pub fn has_owner(source: &impl Source) -> Result<bool> {
    Ok(source.connection().prepare_cached(HAS_OWNER)?.query_row([], |row| row.get(0))?)
}

/// Adds one.
pub fn insert(tx: &Tx, new: &NewOperator) -> Result<OperatorId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":name": new.name, ":email": new.email, ":password_hash": new.password_hash, ":role": new.role,
        ":language": new.language, ":now": tx.now(),
    })?;
    let id = OperatorId(tx.connection().last_insert_rowid());
    touch(tx, id)?;
    Ok(id)
}

/// Writes an operator's own settings; nobody else is told.
pub fn set_preferences(tx: &Tx, id: OperatorId, preferences: &Preferences) -> Result<()> {
    let notifications = &preferences.notifications;
    tx.connection().prepare_cached(SET_PREFERENCES)?.execute(named_params! {
        ":id": id, ":language": preferences.language, ":theme": preferences.theme,
        ":client_only": preferences.client_only, ":enter_sends": preferences.enter_sends,
        ":assigned": notifications.assigned, ":message": notifications.message,
        ":unassigned": notifications.unassigned, ":empty": notifications.empty, ":sound": notifications.sound,
        ":volume": notifications.volume, ":show_text": notifications.show_text, ":stay": notifications.stay,
        ":quiet_in_view": notifications.quiet_in_view,
    })?;
    Ok(())
}

/// Notes that an operator is away or back; colleagues and visitors are told.
pub fn set_away(tx: &Tx, id: OperatorId, away: bool) -> Result<()> {
    tx.connection().prepare_cached(SET_AWAY)?.execute(named_params! { ":id": id, ":away": away })?;
    touch(tx, id)
}

/// Replaces the password's hash.
pub fn set_password(tx: &Tx, id: OperatorId, password_hash: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":password_hash": password_hash };
    tx.connection().prepare_cached(SET_PASSWORD)?.execute(values)?;
    Ok(())
}

/// Replaces name and email, with an event.
pub fn set_identity(tx: &Tx, id: OperatorId, name: &str, email: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":name": name, ":email": email };
    tx.connection().prepare_cached(SET_IDENTITY)?.execute(values)?;
    touch(tx, id)
}

/// Replaces what an operator may do, with an event.
pub fn set_role(tx: &Tx, id: OperatorId, role: Role) -> Result<()> {
    tx.connection().prepare_cached(SET_ROLE)?.execute(named_params! { ":id": id, ":role": role })?;
    touch(tx, id)?;
    tx.connection().prepare_cached(SET_ROLE_SEQ)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// The change that gave an operator its role; 0: it always had it.
pub fn role_seq(source: &impl Source, id: OperatorId) -> Result<Seq> {
    let mut statement = source.connection().prepare_cached(ROLE_SEQ)?;
    let found = statement.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(Seq(0)))
}

/// Names an operator's picture, with an event.
pub fn set_avatar(tx: &Tx, id: OperatorId, version: Option<&AvatarVersion>) -> Result<()> {
    let values = named_params! { ":id": id, ":avatar": version.map(|version| &version.0) };
    tx.connection().prepare_cached(SET_AVATAR)?.execute(values)?;
    touch(tx, id)
}

/// Notes that an operator was here until now.
pub fn seen(tx: &Tx, id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(SEEN)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

/// When an operator was last here: by the last page that closed, and by the sessions, whose use is noted once an hour.
pub fn seen_at(source: &impl Source, id: OperatorId) -> Result<Option<i64>> {
    Ok(source.connection().prepare_cached(SEEN_AT)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Chats that an operator has in work, oldest first.
pub fn open_chats(source: &impl Source, id: OperatorId) -> Result<Vec<ChatId>> {
    let mut statement = source.connection().prepare_cached(OPEN_CHATS)?;
    let rows = statement.query_map(named_params! { ":id": id }, |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many chats an operator has in work.
pub fn open_chat_count(source: &impl Source, id: OperatorId) -> Result<i64> {
    Ok(source.connection().prepare_cached(OPEN_CHAT_COUNT)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Marks one as deleted.
pub fn delete(tx: &Tx, id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    touch(tx, id)
}

fn touch(tx: &Tx, id: OperatorId) -> Result<()> {
    let seq: Seq = tx.event(Change::Operator(id))?;
    tx.connection().prepare_cached(SET_SEQ)?.execute(named_params! { ":id": id, ":seq": seq })?;
    Ok(())
}

fn operator(row: &Row) -> rusqlite::Result<Operator> {
    Ok(Operator {
        id: row.get(0)?,
        seq: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        role: row.get(4)?,
        preferences: Preferences {
            language: row.get(5)?,
            theme: row.get(6)?,
            client_only: row.get(7)?,
            enter_sends: row.get(8)?,
            notifications: Notifications {
                assigned: row.get(9)?,
                message: row.get(10)?,
                unassigned: row.get(11)?,
                empty: row.get(12)?,
                sound: row.get(13)?,
                volume: row.get(14)?,
                show_text: row.get(15)?,
                stay: row.get(16)?,
                quiet_in_view: row.get(17)?,
            },
        },
        away: row.get(18)?,
        deleted_at: row.get(19)?,
        avatar: row.get::<_, Option<String>>(20)?.map(AvatarVersion),
    })
}
