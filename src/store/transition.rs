//! Moves of chats.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::chat::{ChatState, Transition, TransitionKind};
use crate::model::event::Change;
use crate::model::{ChatId, MessageId, OperatorId, Seq, TransitionId};

macro_rules! columns {
    () => {
        "id, seq, chat_id, kind, operator_id, assignee_id, after_message_id, moved_at, from_state"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM transitions WHERE id = :id");

const OF_CHAT: &str =
    concat!("SELECT ", columns!(), " FROM transitions WHERE chat_id = :chat_id ORDER BY id DESC LIMIT :n");

const INSERT: &str = "
INSERT INTO transitions (seq, chat_id, kind, from_state, to_state, operator_id, assignee_id, after_message_id, moved_at)
VALUES (:seq, :chat_id, :kind, :from_state, :to_state, :operator_id, :assignee_id, :after_message_id, :now)";

/// What a move is made of.
pub struct NewTransition {
    /// The chat.
    pub chat_id: ChatId,
    /// Which move.
    pub kind: TransitionKind,
    /// The state before.
    pub from_state: ChatState,
    /// The state afterwards.
    pub to_state: ChatState,
    /// Who; `None`: the client.
    pub operator_id: Option<OperatorId>,
    /// Whose the chat is afterwards.
    pub assignee_id: Option<OperatorId>,
    /// The last message before it.
    pub after_message_id: MessageId,
}

/// A move.
pub fn get(source: &impl Source, id: TransitionId) -> Result<Option<Transition>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, transition).optional()?)
}

/// The newest `n` moves of a chat, oldest first.
pub fn of_chat(source: &impl Source, chat_id: ChatId, n: usize) -> Result<Vec<Transition>> {
    let mut statement = source.connection().prepare_cached(OF_CHAT)?;
    let rows = statement.query_map(named_params! { ":chat_id": chat_id, ":n": n }, transition)?;
    let mut transitions = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    transitions.reverse();
    Ok(transitions)
}

/// Adds one, with its event.
pub fn insert(tx: &Tx, new: &NewTransition) -> Result<Seq> {
    let seq = tx.reserve();
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":seq": seq, ":chat_id": new.chat_id, ":kind": new.kind, ":from_state": new.from_state, ":to_state": new.to_state,
        ":operator_id": new.operator_id, ":assignee_id": new.assignee_id,
        ":after_message_id": new.after_message_id, ":now": tx.now(),
    })?;
    let id = TransitionId(tx.connection().last_insert_rowid());
    tx.event_under(seq, Change::Transition(new.chat_id, id))?;
    Ok(seq)
}

fn transition(row: &Row) -> rusqlite::Result<Transition> {
    Ok(Transition {
        id: row.get(0)?,
        seq: row.get(1)?,
        chat_id: row.get(2)?,
        kind: row.get(3)?,
        operator_id: row.get(4)?,
        assignee_id: row.get(5)?,
        after_message_id: row.get(6)?,
        moved_at: row.get(7)?,
        from_state: row.get(8)?,
    })
}
