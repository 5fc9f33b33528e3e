//! Visitors on the site: coming, going from page to page, leaving.

use super::viewer::VisitorViewer;
use super::{message, notice, scan, source, text};
use crate::error::Result;
use crate::model::chat::{Chat, ChatState};
use crate::model::event::Change;
use crate::model::visit::{Device, Source};
use crate::model::visitor::Page;
use crate::model::{ChannelId, VisitId, VisitorId, limits};
use crate::store::{self, Tx};

/// What a widget says when its page opens.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The channel of the snippet.
    pub channel_id: ChannelId,
    /// Hash of the token that this device has, if any.
    pub token_hash: Option<[u8; 32]>,
    /// Hash of the token that it gets when it has none or an unknown one.
    pub new_token_hash: [u8; 32],
    /// Address of the page.
    pub url: String,
    /// Title of the page.
    pub title: String,
    /// Where the visitor came from.
    pub referrer: String,
    /// What the visitor uses.
    pub device: Device,
    /// Whether the page is one of the demo shop's.
    pub on_demo: bool,
}

/// Who came.
#[derive(Clone, Copy, Debug)]
pub struct Arrived {
    /// The visitor.
    pub visitor_id: VisitorId,
    /// Whether it is a new one, who gets the new token.
    pub is_new: bool,
}

/// Notes that a visitor opened a page: knows it by its token or makes it, continues its visit or begins one, and makes
/// its chat, empty, unless there is one to go on with. A visitor whose chat is spam leaves no trace.
///
/// # Errors
/// Those of the store.
pub fn arrive(tx: &Tx, arrival: &Arrival) -> Result<Arrived> {
    let known = match &arrival.token_hash {
        Some(token_hash) => store::visitor::by_token(tx, arrival.channel_id, token_hash)?,
        None => None,
    };
    let visitor_id = match known {
        Some(visitor_id) if store::visitor::is_blocked(tx, visitor_id)? => {
            return Ok(Arrived { visitor_id, is_new: false });
        }
        Some(visitor_id) => visitor_id,
        None => store::visitor::insert(tx, arrival.channel_id, &arrival.new_token_hash)?,
    };
    let from = source::of(&arrival.url, &arrival.title, &arrival.referrer);
    let (visit_id, visit_is_new) = visit(tx, visitor_id, &from, &arrival.device)?;
    let page = page(tx, &arrival.url, &arrival.title);
    look_at(tx, visitor_id, visit_id, &page)?;
    note_page(tx, arrival.channel_id, &page, arrival.on_demo)?;
    let viewer = VisitorViewer { visitor_id, channel_id: arrival.channel_id };
    let chat = match current_chat(tx, &viewer)? {
        Some(chat) if chat.state != ChatState::Closed || message::is_reopened_by_writing(tx, &chat)? => {
            if visit_is_new && chat.is_empty() {
                // Nothing was said yet: what brought the visitor this time is what a first message would come from.
                store::chat::set_visit(tx, chat.id, visit_id)?;
            }
            chat
        }
        _ => {
            let chat = new_chat(tx, &viewer)?;
            notice::came(tx, &chat)?;
            chat
        }
    };
    announce_page(tx, &chat)?;
    Ok(Arrived { visitor_id, is_new: known.is_none() })
}

/// Notes where the widget stands, unless that is the demo shop: the page without its query, and without its path when that
/// tells a contact, for administrators see it from whom contacts may be hidden.
fn note_page(tx: &Tx, channel_id: ChannelId, page: &Page, on_demo: bool) -> Result<()> {
    let (Some(host), false) = (source::host(&page.url), on_demo) else { return Ok(()) };
    let plain = page.url.split(['?', '#']).next().unwrap_or_default();
    let path = source::decoded(source::path(&page.url));
    let tells = !scan::contacts(&scan::units(&path), &scan::Phones::default()).is_empty() || plain.contains('@');
    let scheme = plain.split("://").next().unwrap_or_default();
    let place = if tells { format!("{scheme}://{host}/") } else { plain.to_owned() };
    Ok(store::channel::seen(tx, channel_id, &place, limits::CHANNEL_SEEN_MS)?)
}

/// Notes that the visitor looks at another page now.
///
/// # Errors
/// Those of the store.
pub fn view_page(tx: &Tx, viewer: &VisitorViewer, url: &str, title: &str, on_demo: bool) -> Result<()> {
    if store::visitor::is_blocked(tx, viewer.visitor_id)? {
        return Ok(());
    }
    let Some(visit) = store::visit::latest(tx, viewer.visitor_id)? else { return Ok(()) };
    let page = page(tx, url, title);
    store::visit::seen(tx, visit.id)?;
    note_page(tx, viewer.channel_id, &page, on_demo)?;
    look_at(tx, viewer.visitor_id, visit.id, &page)?;
    match current_chat(tx, viewer)? {
        Some(chat) => announce_page(tx, &chat),
        None => Ok(()),
    }
}

/// Notes when a visitor left.
///
/// # Errors
/// Those of the store.
pub fn leave(tx: &Tx, visitor_id: VisitorId, left_at: i64) -> Result<()> {
    Ok(store::visitor::seen(tx, visitor_id, left_at)?)
}

/// Notes that a visitor wrote from the demo shop.
///
/// # Errors
/// Those of the store.
pub fn wrote_from_demo(tx: &Tx) -> Result<()> {
    Ok(store::project::demo_written(tx)?)
}

/// The chat that concerns the visitor now: one that is spam before all, else the active one, else the latest.
///
/// # Errors
/// Those of the store.
pub fn current_chat(source: &impl store::Source, viewer: &VisitorViewer) -> Result<Option<Chat>> {
    if let Some(chat) = store::chat::spam_of_visitor(source, viewer.visitor_id)? {
        return Ok(Some(chat));
    }
    if let Some(chat) = store::chat::active_of_visitor(source, viewer.visitor_id, viewer.channel_id)? {
        return Ok(Some(chat));
    }
    Ok(store::chat::latest_of_visitor(source, viewer.visitor_id)?)
}

/// The same, of a chat's visitor, when that chat was just read: one that is active need not be looked for.
///
/// # Errors
/// Those of the store.
pub fn current_chat_beside(source: &impl store::Source, chat: &Chat) -> Result<Chat> {
    let viewer = VisitorViewer { visitor_id: chat.visitor.id, channel_id: chat.channel_id };
    let current = match chat.state {
        ChatState::New | ChatState::Open => store::chat::spam_of_visitor(source, chat.visitor.id)?,
        ChatState::Closed | ChatState::Spam => current_chat(source, &viewer)?,
    };
    Ok(current.unwrap_or_else(|| chat.clone()))
}

/// Makes an empty chat for the visitor's last visit.
pub(super) fn new_chat(tx: &Tx, viewer: &VisitorViewer) -> Result<Chat> {
    let visit_id = match store::visit::latest(tx, viewer.visitor_id)? {
        Some(visit) => visit.id,
        None => store::visit::insert(tx, viewer.visitor_id, &Source::default(), &Device::default())?,
    };
    let id = store::chat::insert(tx, viewer.visitor_id, viewer.channel_id, visit_id)?;
    let mut chat = super::chat::reload(tx, id)?;
    chat.seq = tx.event(Change::Chat(id))?;
    store::chat::save(tx, &chat, chat.seq)?;
    Ok(chat)
}

/// The visit that goes on, or a new one: after a while away, or when another advertisement brought the visitor.
fn visit(tx: &Tx, visitor_id: VisitorId, from: &Source, device: &Device) -> Result<(VisitId, bool)> {
    if let Some(visit) = store::visit::latest(tx, visitor_id)? {
        let goes_on = tx.now() - visit.seen_at < limits::VISIT_GAP_MS;
        let same_source = !from.is_known() || from.marks == visit.source.marks;
        if goes_on && same_source {
            store::visit::seen(tx, visit.id)?;
            return Ok((visit.id, false));
        }
    }
    Ok((store::visit::insert(tx, visitor_id, from, device)?, true))
}

/// Stores the page as the visitor's present one. The same page once more, after a reload, a cut line or a restart of the
/// server, is no further view: the one that is there goes on from when it began.
fn look_at(tx: &Tx, visitor_id: VisitorId, visit_id: VisitId, page: &Page) -> Result<()> {
    let last = store::visit::page_views(tx, visit_id, 1)?.pop();
    match last.filter(|last| last.url == page.url && last.title == page.title) {
        Some(last) => store::visitor::set_page(tx, visitor_id, &last)?,
        None => {
            store::visit::insert_page_view(tx, visit_id, page)?;
            store::visitor::set_page(tx, visitor_id, page)?;
        }
    }
    Ok(())
}

fn announce_page(tx: &Tx, chat: &Chat) -> Result<()> {
    let seq = tx.event(Change::Page(chat.id))?;
    Ok(store::chat::save(tx, chat, seq)?)
}

fn page(tx: &Tx, url: &str, title: &str) -> Page {
    Page { url: text::cut(url, limits::URL_CHARS), title: text::cut(title, limits::TITLE_CHARS), at: tx.now() }
}
