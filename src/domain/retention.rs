//! What is removed by itself after a time.

use super::settings;
use crate::error::Result;
use crate::model::event::Change;
use crate::model::{VisitorId, limits};
use crate::store::{self, Tx};

/// Removes at most `n` empty chats that are older than the owner wants; returns how many went.
///
/// # Errors
/// Those of the store.
pub fn remove_empty_chats(tx: &Tx, n: usize) -> Result<usize> {
    let old = store::chat::old_bare(tx, tx.now() - empty_ms(tx)?, n)?;
    for chat_id in &old {
        if store::chat::delete_bare(tx, *chat_id)? {
            tx.event(Change::ChatRemoved(*chat_id))?;
        }
    }
    Ok(old.len())
}

/// Removes at most `n` visitors of whom no chat is left and who did not come for as long, those who are
/// `here` on the site aside; returns how many went.
///
/// # Errors
/// Those of the store.
pub fn forget_visitors(tx: &Tx, here: &[VisitorId], n: usize) -> Result<usize> {
    Ok(store::visitor::forget(tx, tx.now() - empty_ms(tx)?, here, n)?)
}

fn empty_ms(tx: &Tx) -> Result<i64> {
    Ok(settings::get(tx)?.chats.empty_ms())
}

/// Ends sessions that nobody used for [`limits::SESSION_IDLE_MS`].
///
/// # Errors
/// Those of the store.
pub fn end_unused_sessions(tx: &Tx) -> Result<usize> {
    Ok(store::session::end_unused(tx, tx.now() - limits::SESSION_IDLE_MS)?)
}

/// Removes at most `n` jobs of the outbox that ended longer ago than [`limits::OUTBOX_KEPT_MS`]; returns how many went.
///
/// # Errors
/// Those of the store.
pub fn prune_outbox(tx: &Tx, n: usize) -> Result<usize> {
    Ok(store::outbox::prune(tx, tx.now() - limits::OUTBOX_KEPT_MS, n)?)
}

/// Removes events that nobody catches up on any more.
///
/// # Errors
/// Those of the store.
pub fn prune_events(tx: &Tx) -> Result<usize> {
    Ok(store::event::prune(tx, limits::EVENTS_KEPT)?)
}
