//! What an operator reads: lists of chats, one chat with all beside it, older messages.

use super::mask::{Mask, Unaware};
use super::presence::Presence;
use super::view::operator as view;
use super::viewer::Viewer;
use crate::error::{Code, Error, Result};
use crate::model::chat::Chat;
use crate::model::{ChatId, MessageId, limits};
use crate::store::chat::Before;
use crate::store::{self, Reader};

/// Which chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// New with messages of the client, and open.
    Active,
    /// New, and the client did not write.
    Empty,
    /// Closed and spam.
    Ended,
}

impl List {
    /// The list that has this word in the address.
    pub fn parse(word: &str) -> Option<List> {
        match word {
            "active" => Some(List::Active),
            "empty" => Some(List::Empty),
            "ended" => Some(List::Ended),
            _ => None,
        }
    }
}

/// One page of a list; `before` is what the former page said in `next`.
///
/// # Errors
/// `query_invalid` when `before` is not of that form.
pub fn page(
    reader: &Reader,
    viewer: &Viewer,
    presence: &Presence,
    list: List,
    before: Option<&str>,
) -> Result<view::ChatPage> {
    let before = before.map_or(Ok(Before::START), parse_before)?;
    let own = (!viewer.role.is_administrator()).then_some(viewer.operator_id);
    let n = match list {
        List::Active => limits::CHATS_PAGE,
        List::Empty | List::Ended => limits::ENDED_CHATS_PAGE,
    };
    let chats = match list {
        List::Active => store::chat::active(reader, own, before.id, n)?,
        List::Empty => store::chat::empty(reader, before.id, n)?,
        List::Ended => store::chat::ended(reader, own, before, n)?,
    };
    let next = if chats.len() == n { chats.last().map(|chat| next(list, chat)) } else { None };
    let unaware = Unaware::read(reader)?;
    Ok(view::ChatPage {
        chats: chats.iter().filter_map(|chat| view::Chat::new(viewer, chat, presence, &unaware)).collect(),
        next,
        seq: store::event::last(reader)?,
    })
}

/// A chat with its newest messages and all that stands beside it.
///
/// # Errors
/// `chat_not_found`.
pub fn detail(reader: &Reader, viewer: &Viewer, presence: &Presence, id: ChatId) -> Result<view::ChatDetail> {
    let chat = find(reader, viewer, id)?;
    let unaware = Unaware::read(reader)?;
    let mask = Mask::new(viewer, &chat.visitor, &unaware);
    let row = view::Chat::new(viewer, &chat, presence, &unaware).ok_or(Code::ChatNotFound)?;
    let messages = store::message::of_chat(reader, id, None, limits::MESSAGES_PAGE)?;
    let first_visit = store::visit::get(reader, chat.visit_id)?;
    let latest_visit = store::visit::latest(reader, chat.visitor.id)?;
    let page_views = match &latest_visit {
        Some(visit) => store::visit::page_views(reader, visit.id, limits::PAGE_VIEWS_SHOWN)?,
        None => Vec::new(),
    };
    let transitions = store::transition::of_chat(reader, id, limits::TRANSITIONS_SHOWN)?;
    let notes = store::note::of_chat(reader, id, limits::NOTES_SHOWN)?;
    let leads = store::lead::of_chat(reader, id, limits::LEADS_SHOWN)?;
    let others = store::chat::of_visitor(reader, chat.visitor.id, limits::EARLIER_CHATS_SHOWN + 1)?;
    Ok(view::ChatDetail {
        has_older: has_older(reader, id, messages.first().map(|message| message.id))?,
        messages: messages.iter().map(|message| view::Message::new(message, &mask)).collect(),
        transitions: transitions.iter().map(view::Transition::new).collect(),
        notes: notes.iter().map(|note| view::Note::new(note, &mask)).collect(),
        leads: leads.iter().map(|lead| view::Lead::new(lead, &mask)).collect(),
        attributes: view::attributes(&store::visitor::attributes(reader, chat.visitor.id)?, &mask),
        source: first_visit.as_ref().map(|visit| view::Source::new(&visit.source, &mask)),
        device: latest_visit.as_ref().map(|visit| view::Device::new(&visit.device)),
        page_views: page_views.iter().map(|page| view::Page::new(page, &mask)).collect(),
        visit_count: store::visit::count(reader, chat.visitor.id)?,
        earlier_chats: others
            .iter()
            .filter(|other| other.id != id)
            .filter_map(|other| view::EarlierChat::new(viewer, other))
            .take(limits::EARLIER_CHATS_SHOWN)
            .collect(),
        chat: row,
    })
}

/// Messages of a chat before `before`.
///
/// # Errors
/// `chat_not_found`.
pub fn messages(reader: &Reader, viewer: &Viewer, id: ChatId, before: MessageId) -> Result<view::MessagePage> {
    let mask = Mask::of_visitor(reader, viewer, &find(reader, viewer, id)?.visitor)?;
    let messages = store::message::of_chat(reader, id, Some(before), limits::MESSAGES_PAGE)?;
    Ok(view::MessagePage {
        has_older: has_older(reader, id, messages.first().map(|message| message.id))?,
        messages: messages.iter().map(|message| view::Message::new(message, &mask)).collect(),
    })
}

/// A chat, if `viewer` may see it.
///
/// # Errors
/// `chat_not_found`.
pub fn find(reader: &Reader, viewer: &Viewer, id: ChatId) -> Result<Chat> {
    let chat = store::chat::get(reader, id)?.filter(|chat| viewer.may_see(chat));
    chat.ok_or_else(|| Code::ChatNotFound.into())
}

fn has_older(reader: &Reader, id: ChatId, oldest: Option<MessageId>) -> Result<bool> {
    match oldest {
        Some(oldest) => Ok(!store::message::of_chat(reader, id, Some(oldest), 1)?.is_empty()),
        None => Ok(false),
    }
}

fn next(list: List, chat: &Chat) -> String {
    match (list, chat.ended_at) {
        (List::Ended, Some(ended_at)) => format!("{ended_at}:{}", chat.id),
        _ => chat.id.to_string(),
    }
}

fn parse_before(text: &str) -> Result<Before> {
    let (ended_at, id) = text.split_once(':').unwrap_or(("0", text));
    match (ended_at.parse(), id.parse()) {
        (Ok(ended_at), Ok(id)) => Ok(Before { ended_at, id: ChatId(id) }),
        _ => {
            let error = Error::new(Code::QueryInvalid).field("before");
            Err(error.with("reason", "pass the value of `next` of the former page"))
        }
    }
}
