//! What a socket missed while it was away: the changes since the last number it saw, or word to load afresh.

use std::collections::{BTreeSet, HashMap};

use tungstenite::Utf8Bytes;

use super::frame::{self, VisitorFrame};
use super::hub::{self, OperatorSocket};
use super::news::News;
use crate::domain::file::{self, Tickets};
use crate::domain::view::operator::FileRules;
use crate::domain::view::visitor;
use crate::domain::viewer::VisitorViewer;
use crate::domain::visitor::current_chat;
use crate::domain::{Domain, channel, consent};
use crate::error::Result;
use crate::model::chat::Sight;
use crate::model::event::{Change, Event};
use crate::model::message::Message;
use crate::model::operator::Operator;
use crate::model::{OperatorId, Seq, VisitorId, limits};
use crate::store::{self, Reader};
use crate::text::consent_words;

/// What an operator's socket missed.
pub struct OperatorCatchUp {
    /// One text frame with all of it.
    pub frames: Option<Utf8Bytes>,
    /// The last change that it knows of.
    pub seq: Seq,
    /// It was too much.
    pub reload: bool,
}

/// Reads what `listener` missed since `since`.
///
/// # Errors
/// Those of the store.
pub fn operator(domain: &Domain, listener: &OperatorSocket, since: Option<Seq>) -> Result<OperatorCatchUp> {
    domain.store.read(|reader| {
        let seq = store::event::last(reader)?;
        // With another role other chats are in sight, of which no change tells.
        let role_seq = store::operator::role_seq(reader, listener.viewer.operator_id)?;
        let missed = match since.filter(|since| *since >= role_seq) {
            Some(since) if is_kept(reader, since, seq)? => {
                store::event::since(reader, since, limits::CATCH_UP_EVENTS + 1)?
            }
            _ => return Ok(OperatorCatchUp { frames: None, seq, reload: true }),
        };
        let settings_changed = missed.iter().any(|event| event.change == Change::Settings);
        let frames = match enough(&missed) && !settings_changed {
            true => News::read(reader, &missed)?.for_operator(listener, &domain.presence)?,
            false => return Ok(OperatorCatchUp { frames: None, seq, reload: true }),
        };
        let bytes: usize = frames.iter().map(|frame| frame.as_str().len()).sum();
        let reload = bytes > limits::CATCH_UP_BYTES;
        Ok(OperatorCatchUp { frames: if reload { None } else { frame::join(&frames) }, seq, reload })
    })
}

/// What a visitor's socket gets after `hello`.
///
/// # Errors
/// Those of the store.
pub fn visitor(
    domain: &Domain,
    viewer: &VisitorViewer,
    since: Option<Seq>,
    token: String,
    assets: String,
) -> Result<VisitorFrame> {
    let present = domain.presence.operators();
    let roster = hub::roster(domain)?;
    let tickets = domain.tickets(viewer.visitor_id)?;
    domain.store.read(|reader| {
        let seq = store::event::last(reader)?;
        let missed = match since {
            Some(since) if is_kept(reader, since, seq)? => {
                let n = limits::CATCH_UP_EVENTS + 1;
                Some(store::event::since_for_visitor(reader, viewer.visitor_id, since, n)?)
                    .filter(|missed| enough(missed))
            }
            _ => None,
        };
        let messages = match &missed {
            Some(missed) => messages_of(reader, missed)?,
            None => store::message::of_visitor(reader, viewer.visitor_id, None, limits::MESSAGES_PAGE)?,
        };
        let has_older = missed.is_none() && has_older(reader, viewer.visitor_id, &messages)?;
        let chat = current_chat(reader, viewer)?;
        Ok(VisitorFrame::Ready {
            token,
            seq,
            reload: missed.is_none(),
            chat: chat.and_then(|chat| visitor::Chat::new(viewer, &chat, chat.face_id.and_then(|id| roster.get(&id)))),
            gone: messages.iter().filter(|message| message.deleted_at.is_some()).map(|message| message.id).collect(),
            messages: views(&messages, &roster, &tickets),
            has_older,
            status: hub::status(present, &roster, domain.opening.now()),
            files: FileRules::new(&file::rules(reader)?),
            assets,
            look_version: channel::version(reader, &channel::find(reader, viewer.channel_id)?)?,
            consent_needed: consent::is_needed(reader, viewer, consent_words)?,
        })
    })
}

/// What a visitor's chats look like, for deciding who sees whether it is on the site.
///
/// # Errors
/// Those of the store.
pub fn sights(domain: &Domain, visitor_id: VisitorId) -> Result<Vec<Sight>> {
    domain.store.read(|reader| {
        let chats = store::chat::of_visitor(reader, visitor_id, limits::SIGHTED_CHATS)?;
        Ok(chats.iter().map(|chat| chat.sight()).collect())
    })
}

/// Messages as their visitor sees them.
pub fn views(messages: &[Message], roster: &HashMap<OperatorId, Operator>, tickets: &Tickets) -> Vec<visitor::Message> {
    let author = |message: &Message| message.operator_id.and_then(|id| roster.get(&id));
    messages.iter().filter_map(|message| visitor::Message::new(message, author(message), tickets)).collect()
}

/// Whether a visitor has messages before these.
///
/// # Errors
/// Those of the store.
pub fn has_older(reader: &Reader, visitor_id: VisitorId, messages: &[Message]) -> Result<bool> {
    match messages.first() {
        Some(oldest) => Ok(!store::message::of_visitor(reader, visitor_id, Some(oldest.id), 1)?.is_empty()),
        None => Ok(false),
    }
}

/// Whether all changes after `since` are still known. A number from the future means that another file, perhaps a restored
/// one, is behind the address now.
fn is_kept(reader: &Reader, since: Seq, last: Seq) -> Result<bool> {
    let first = store::event::first(reader)?.unwrap_or(Seq(1));
    Ok(since.0 >= first.0 - 1 && since <= last)
}

fn enough(missed: &[Event]) -> bool {
    missed.len() <= limits::CATCH_UP_EVENTS
}

fn messages_of(reader: &Reader, missed: &[Event]) -> Result<Vec<Message>> {
    let ids: BTreeSet<_> = missed
        .iter()
        .filter_map(|event| match event.change {
            Change::Message(_, id) => Some(id),
            _ => None,
        })
        .collect();
    let mut messages = Vec::with_capacity(ids.len());
    for id in ids {
        messages.extend(store::message::get(reader, id)?);
    }
    Ok(messages)
}
