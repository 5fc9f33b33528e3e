//! A client handed to the CRM: one press is one lead, whatever happens on the way.

use super::contact::{self, Changes, Told};
use super::crm;
use super::mask::{self, Mask};
use super::viewer::Viewer;
use super::{chat, text};
use crate::error::{Code, Error, Result};
use crate::model::chat::ChatState;
use crate::model::crm::Stumble;
use crate::model::lead::{Author, Colleague, Contacts, Lead, LeadRow, LeadState, Line, Words};
use crate::model::outbox::JobKind;
use crate::model::visitor::Visitor;
use crate::model::{ChatId, LeadId, MessageId, Uid, VisitorId, limits};
use crate::store::lead::NewLead;
use crate::store::outbox::NewJob;
use crate::store::{self, Source, Tx};

/// What the form says.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made by the page: sending it again is the same lead.
    pub uid: String,
    /// The newest lead of the chat that its maker knows of: a further one is made on purpose only.
    pub besides: Option<LeadId>,
    /// The client; what is absent, or equals what is shown of it or was found in a message, is the known one.
    pub client: Changes,
    /// Up to [`limits::LEAD_TITLE_CHARS`] characters; empty: one is made after the client.
    pub title: String,
    /// Up to [`limits::LEAD_COMMENT_CHARS`] characters; may be empty.
    pub comment: String,
    /// The address under which operators reach this server.
    pub origin: String,
}

/// Queues a lead, in one transaction with its job; what it says of the client and is not known yet becomes the client's own
/// contact. The same draft again is the lead that is there; another one, of a chat
/// that has a lead which its maker does not know of, is refused: two who press at once make one.
///
/// # Errors
/// `crm_missing`, `chat_not_found`, `chat_taken`, `chat_is_spam`, `uid_invalid`, `uid_reused`, `lead_exists`,
/// `lead_contact_needed`, and those of the form, gathered.
pub fn create(tx: &Tx, viewer: &Viewer, chat_id: ChatId, draft: &Draft) -> Result<LeadRow> {
    let uid = Uid::parse(&draft.uid).ok_or_else(|| Error::new(Code::UidInvalid).field("uid"))?;
    if let Some(lead) = store::lead::by_uid(tx, &uid)? {
        let same = lead.chat_id == chat_id && lead.operator_id == viewer.operator_id;
        return if same { Ok(lead) } else { Err(Error::new(Code::UidReused).field("uid")) };
    }
    crm::get(tx)?;
    let chat = chat::find(tx, viewer, chat_id)?;
    if chat.state == ChatState::Spam {
        return Err(Code::ChatIsSpam.into());
    }
    if let Some(newest) = store::lead::newest(tx, chat_id)?.filter(|newest| Some(newest.id) != draft.besides) {
        return Err(exists(tx, &newest)?);
    }
    let client = client(tx, viewer, &chat.visitor, &draft.client);
    let (client, title, comment) = gathered(client, title(&draft.title), comment(&draft.comment))?;
    contact::fill(tx, chat.visitor.id, told(&client), None)?;
    let page = chat.visitor.page.as_ref().map(|page| (page.url.as_str(), page.title.as_str()));
    let id = store::lead::insert(
        tx,
        &NewLead {
            uid: &uid,
            chat_id,
            operator_id: viewer.operator_id,
            responsible_id: chat.assignee_id.unwrap_or(viewer.operator_id),
            client: &client,
            title: &title,
            comment: &comment,
            page,
            chat_url: &format!("{}/app/all/{chat_id}", draft.origin),
            until_message_id: chat.last_message.as_ref().map_or(MessageId(0), |preview| preview.message_id),
        },
    )?;
    queue(tx, id, chat.visitor.id)?;
    tell(tx, id)?;
    get(tx, id)
}

/// What is to be another one in a refused lead.
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// The client; what is absent, or equals what is shown of the lead, stays.
    pub client: Changes,
    /// What is absent, or equals what is shown of it, stays.
    pub title: Option<String>,
    /// The same.
    pub comment: Option<String>,
}

/// Tries a refused lead again, from where it was refused, with what is corrected in it. A card that the CRM has by then
/// keeps the client that it was made with.
///
/// It is another delivery, unless it says the same and the CRM may have taken what was sent before.
///
/// # Errors
/// `lead_not_found`, `lead_not_refused`, `chat_is_spam`, `crm_missing`, `lead_contact_needed`, `contact_hidden` for a part of
/// what is hidden, and those of the form, gathered.
pub fn retry(tx: &Tx, viewer: &Viewer, id: LeadId, correction: &Correction) -> Result<LeadRow> {
    let lead = store::lead::get(tx, id)?.ok_or(Code::LeadNotFound)?;
    let chat = store::chat::get(tx, lead.chat_id)?.filter(|chat| viewer.may_see(chat));
    let chat = chat.ok_or(Code::LeadNotFound)?;
    if chat.state == ChatState::Spam {
        return Err(Code::ChatIsSpam.into());
    }
    if lead.state != LeadState::Refused {
        return Err(Error::new(Code::LeadNotRefused).with("state", lead.state.as_str()));
    }
    crm::get(tx)?;
    // The lead's own values stand where a new one has those of the client.
    let known = Visitor {
        name: lead.client.name.clone(),
        phone: lead.client.phone.clone(),
        email: lead.client.email.clone(),
        ..chat.visitor.clone()
    };
    let mask = mask(&lead, &Mask::of_visitor(tx, viewer, &chat.visitor)?);
    let client = client(tx, viewer, &known, &correction.client);
    let title = rewritten(viewer, &mask, &lead.title, correction.title.as_deref(), "title", title);
    let comment = rewritten(viewer, &mask, &lead.comment, correction.comment.as_deref(), "comment", comment);
    let (client, title, comment) = gathered(client, title, comment)?;
    contact::fill(tx, chat.visitor.id, told(&client), None)?;
    if client != lead.client {
        store::lead::forget_client(tx, id)?;
    }
    let same = (&client, &title.text, &comment.text) == (&lead.client, &lead.title.text, &lead.comment.text);
    if !same || !store::lead::is_under_way(tx, id)? {
        store::lead::next_delivery(tx, id)?;
    }
    store::lead::change(tx, id, &client, &title, &comment)?;
    store::lead::set_queued(tx, id, None)?;
    queue(tx, id, chat.visitor.id)?;
    tell(tx, id)?;
    get(tx, id)
}

/// That there is a lead already: whose, of when, and how far.
fn exists(tx: &Tx, lead: &LeadRow) -> Result<Error> {
    let by = store::operator::get(tx, lead.operator_id)?.map_or_else(String::new, |by| by.name);
    let error = Error::new(Code::LeadExists).with("name", by).with("made_at", lead.made_at);
    Ok(error.with("state", lead.state.as_str()).with("lead_id", lead.id.0))
}

/// The client of a form, beside what is `known` of it: somebody whom the CRM can find and the shop can reach.
fn client(tx: &Tx, viewer: &Viewer, known: &Visitor, client: &Changes) -> Result<Contacts> {
    let contacts = contact::checked(tx, known, &Mask::of_visitor(tx, viewer, known)?, client)?;
    let client = Contacts { name: contacts.name, phone: contacts.phone, email: contacts.email_key };
    if client.phone.is_none() && client.email.is_none() {
        return Err(Error::new(Code::LeadContactNeeded).field("phone"));
    }
    Ok(client)
}

/// For what is not known of the client yet.
fn told(client: &Contacts) -> Told {
    Told { name: client.name.clone(), phone: client.phone.clone(), email: client.email.clone() }
}

fn title(typed: &str) -> Result<String> {
    text::optional_line("title", typed, limits::LEAD_TITLE_CHARS)
}

fn comment(typed: &str) -> Result<String> {
    text::optional_lines("comment", typed, limits::LEAD_COMMENT_CHARS)
}

/// What `old` becomes when `viewer` types this in its place, in sight of what `mask` shows of it. What is hidden of it stays
/// where it was left, for the CRM and for whoever may see it; the others see what `viewer` typed, so no guess in it is told
/// from the rest.
fn rewritten(
    viewer: &Viewer,
    mask: &Mask,
    old: &Words,
    typed: Option<&str>,
    field: &'static str,
    check: fn(&str) -> Result<String>,
) -> Result<Words> {
    let Some(typed) = typed.filter(|typed| typed.trim() != words(old, mask)) else { return Ok(old.clone()) };
    let shown = check(typed)?;
    let text = check(&mask.unhide(None, &old.text, &shown))?;
    let dots = |text: &str| text.matches(mask::BULLET).count();
    if mask.hides() && dots(&text) > dots(&old.text) {
        return Err(Error::new(Code::ContactHidden).field(field));
    }
    Ok(Words { by: viewer.operator_id, shown: Some(shown).filter(|shown| *shown != text), text })
}

/// All parts of a form, or all that is wrong with them.
fn gathered<T>(client: Result<Contacts>, title: Result<T>, comment: Result<T>) -> Result<(Contacts, T, T)> {
    match (client, title, comment) {
        (Ok(client), Ok(title), Ok(comment)) => Ok((client, title, comment)),
        (client, title, comment) => {
            Error::gather(client.err().into_iter().chain(title.err()).chain(comment.err()).collect())?;
            Err(Error::internal("faults were lost"))
        }
    }
}

/// What `of_visitor` hides, and the client of the lead, who may be called otherwise.
pub fn mask(lead: &LeadRow, of_visitor: &Mask) -> Mask {
    of_visitor.knowing(lead.client.name.as_deref(), &lead.client.phone, &lead.client.email)
}

/// A title or comment as `mask` shows it: what of it is hidden tells nobody which guess was right.
pub fn words(words: &Words, mask: &Mask) -> String {
    let shown = words.shown.as_ref().filter(|_| mask.hides());
    mask.text_by(Some(words.by), shown.unwrap_or(&words.text))
}

/// All that is sent of a lead. Deleted messages are not; notes, ratings and response times have no place in it.
///
/// # Errors
/// `lead_not_found`; those of the store.
pub fn compose(source: &impl Source, row: &LeadRow) -> Result<Lead> {
    let chat = store::chat::get(source, row.chat_id)?.ok_or(Code::LeadNotFound)?;
    let project = store::project::get(source)?.ok_or_else(|| Error::internal("a file without a project"))?;
    let visit = store::visit::get(source, chat.visit_id)?;
    let channels = store::channel::all(source)?;
    let operators = store::operator::all(source)?;
    let operator = |id| operators.iter().find(|operator| operator.id == id);
    let client_name = row.client.name.clone().or_else(|| chat.visitor.name.clone()).unwrap_or_default();
    let before = MessageId(row.until_message_id.0 + 1);
    let messages = store::message::of_chat(source, row.chat_id, Some(before), limits::LEAD_MESSAGES)?;
    let lines = messages.into_iter().filter(|message| message.deleted_at.is_none()).map(|message| Line {
        at: message.sent_at,
        author: if message.operator_id.is_some() { Author::Operator } else { Author::Client },
        name: match message.operator_id {
            Some(id) => operator(id).map(|operator| operator.name.clone()).unwrap_or_default(),
            None => client_name.clone(),
        },
        file: message.attachment.map(|attachment| (attachment.name, attachment.size)),
        text: message.text,
    });
    let mut lead = Lead {
        uid: row.uid.clone(),
        made_at: row.made_at,
        language: project.language,
        time_zone: project.time_zone,
        client: row.client.clone(),
        title: row.title.text.clone(),
        comment: row.comment.text.clone(),
        operator: operator(row.responsible_id)
            .map(|operator| Colleague { name: operator.name.clone(), email: operator.email.clone() }),
        channel: channels
            .into_iter()
            .find(|known| known.id == chat.channel_id)
            .map(|known| known.name)
            .unwrap_or_default(),
        source: visit.map(|visit| visit.source).unwrap_or_default(),
        page: row.page.clone(),
        chat_id: row.chat_id,
        chat_url: row.chat_url.clone(),
        lines: lines.collect(),
        fields: Vec::new(),
        delivery: row.delivery,
    };
    lead.fields = crm::extras(&store::crm::fields(source)?, &lead);
    Ok(lead)
}

/// What a lead became in the CRM.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// The card's id.
    pub card: Option<String>,
    /// The card's address.
    pub url: Option<String>,
    /// The CRM put it into a card that was there.
    pub merged: bool,
    /// Additional fields that the CRM has no more.
    pub gone: Vec<String>,
}

/// It arrived.
///
/// # Errors
/// Those of the store.
pub fn arrived(tx: &Tx, id: LeadId, arrival: &Arrival) -> Result<()> {
    let card =
        arrival.card.as_deref().filter(|card| !card.is_empty()).map(|card| text::cut(card, limits::CRM_NAME_CHARS));
    let url = arrival.url.as_deref().filter(|url| url.len() <= limits::URL_CHARS);
    store::lead::set_sent(tx, id, card.as_deref(), url, arrival.merged)?;
    store::lead::forget_body(tx, id)?;
    for name in &arrival.gone {
        for field in store::crm::fields(tx)?.iter().filter(|field| field.name == *name) {
            store::crm::set_gone(tx, &field.field, true)?;
        }
    }
    crm::works(tx)?;
    tell(tx, id)
}

/// The CRM does not take it.
///
/// # Errors
/// Those of the store.
pub fn refused(tx: &Tx, id: LeadId, reason: &str) -> Result<()> {
    store::lead::set_refused(tx, id, &text::cut(reason, limits::CRM_WORDS_CHARS))?;
    if !store::lead::is_under_way(tx, id)? {
        // It surely was not taken: what is sent next is made anew.
        store::lead::forget_body(tx, id)?;
    }
    tell(tx, id)
}

/// It is not there yet, for this `reason`; `stumble` is what that means for all. Returns until when all leads are left alone.
///
/// # Errors
/// Those of the store.
pub fn waits(tx: &Tx, id: LeadId, reason: &str, stumble: &Stumble) -> Result<Option<i64>> {
    let reason = text::cut(reason, limits::CRM_WORDS_CHARS);
    let known = store::lead::get(tx, id)?.and_then(|lead| lead.reason);
    if known.as_deref() != Some(reason.as_str()) && store::lead::set_queued(tx, id, Some(&reason))? {
        tell(tx, id)?;
    }
    crm::stumbled(tx, stumble)
}

/// What a job says; `None`: it is none of a lead.
pub fn of_job(payload: &str) -> Option<LeadId> {
    payload.parse().ok().map(LeadId)
}

fn queue(tx: &Tx, id: LeadId, visitor_id: VisitorId) -> Result<()> {
    let (payload, target) = (id.to_string(), crm::target(visitor_id));
    store::outbox::queue(
        tx,
        &NewJob {
            kind: JobKind::Lead,
            target: &target,
            topic: None,
            payload: &payload,
            next_at: tx.now(),
            expires_at: None,
        },
    )?;
    Ok(())
}

fn get(tx: &Tx, id: LeadId) -> Result<LeadRow> {
    store::lead::get(tx, id)?.ok_or_else(|| Error::internal("a lead vanished"))
}

/// Tells all who see the chat: the lead stands in its dialogue, and its row shows the newest one.
fn tell(tx: &Tx, id: LeadId) -> Result<()> {
    let Some(lead) = store::lead::get(tx, id)? else { return Ok(()) };
    if let Some(chat) = store::chat::get(tx, lead.chat_id)? {
        let seq = store::lead::tell(tx, id, lead.chat_id)?;
        store::chat::save(tx, &chat, seq)?;
    }
    Ok(())
}
