//! Sites: adding, changing and removing them, and who of the net may use their widgets.

use super::audit::Note;
use super::viewer::Viewer;
use super::{Domain, audit, host, look, text, token};
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::channel::Channel;
use crate::model::event::Change;
use crate::model::look::Look;
use crate::model::{ChannelId, Seq, limits};
use crate::store::{self, Source, Tx};

/// What to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// 1 to [`limits::NAME_CHARS`] characters.
    pub name: Option<String>,
    /// Whether visitors can use it.
    pub enabled: Option<bool>,
    /// As they were typed, at most [`limits::DOMAINS`].
    pub domains: Option<Vec<String>>,
    /// All of it.
    pub look: Option<Look>,
}

impl Changes {
    /// Checks every field and says all that is wrong at once.
    ///
    /// # Errors
    /// `list_too_long`, `domain_invalid`, those of [`look::checked`] and of the name; gathered.
    pub fn checked(self) -> Result<Changes> {
        let mut faults = Vec::new();
        let name = self.name.map(|name| {
            text::line("name", &name, limits::NAME_CHARS).unwrap_or_else(|fault| {
                faults.push(fault);
                name
            })
        });
        let domains = self.domains.map(|lines| domains(&lines, &mut faults));
        let look = self.look.map(|look| look::checked(look, "look", &mut faults));
        Error::gather(faults)?;
        Ok(Changes { name, domains, look, enabled: self.enabled })
    }
}

fn domains(lines: &[String], faults: &mut Vec<Error>) -> Vec<String> {
    if lines.len() > limits::DOMAINS {
        let fault = Error::new(Code::ListTooLong).field("domains");
        faults.push(fault.with("limit", limits::DOMAINS).with("got", lines.len()));
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::with_capacity(lines.len());
    for (n, line) in lines.iter().enumerate() {
        match host::typed(format!("domains[{n}]"), line) {
            Ok(domain) if found.contains(&domain) => {}
            Ok(domain) => found.push(domain),
            Err(fault) => faults.push(fault),
        }
    }
    found
}

/// A channel.
///
/// # Errors
/// `channel_not_found`.
pub fn find(source: &impl Source, id: ChannelId) -> Result<Channel> {
    store::channel::get(source, id)?.ok_or_else(|| Code::ChannelNotFound.into())
}

/// The channel with this public key.
///
/// # Errors
/// `channel_not_found`.
pub fn by_key(source: &impl Source, key: &str) -> Result<Channel> {
    store::channel::by_key(source, key)?.ok_or_else(|| Code::ChannelNotFound.into())
}

/// Adds a site with the standard look in the project's colour.
///
/// # Errors
/// `owner_only`, `channels_too_many`, those of the name.
pub fn add(tx: &Tx, viewer: &Viewer, name: &str) -> Result<Channel> {
    viewer.need_owner()?;
    let name = text::line("name", name, limits::NAME_CHARS)?;
    if store::channel::all(tx)?.len() >= limits::CHANNELS {
        return Err(Error::new(Code::ChannelsTooMany).with("limit", limits::CHANNELS));
    }
    let project = store::project::get(tx)?.ok_or_else(|| Error::internal("a file without a project"))?;
    let (key, by) = (token::make_key()?, viewer.operator_id);
    let id = store::channel::insert_site(tx, &key, &name, &Look::standard(&project.accent), Some(by))?;
    Note::new(tx, by, AuditKind::ChannelAdded, &name).whole()?;
    find(tx, id)
}

/// Changes a site, if nobody else did since `seen`. The same again makes no event.
///
/// # Errors
/// `owner_only`, `channel_not_found`, `channel_changed`, `operator_not_found` for the face of a greeting.
pub fn change(tx: &Tx, viewer: &Viewer, id: ChannelId, seen: Seq, changes: Changes) -> Result<Channel> {
    viewer.need_owner()?;
    let known = find(tx, id)?;
    let changed = Channel {
        name: changes.name.unwrap_or_else(|| known.name.clone()),
        enabled: changes.enabled.unwrap_or(known.enabled),
        domains: changes.domains.unwrap_or_else(|| known.domains.clone()),
        look: changes.look.unwrap_or_else(|| known.look.clone()),
        ..known.clone()
    };
    if (&changed.name, changed.enabled, &changed.domains, &changed.look)
        == (&known.name, known.enabled, &known.domains, &known.look)
    {
        return Ok(known);
    }
    if known.seq != seen {
        return Err(conflict(tx, &known)?);
    }
    check_faces(tx, &known.look, &changed.look)?;
    store::channel::set(tx, &changed, viewer.operator_id)?;
    audit::channel(tx, viewer.operator_id, &known, &changed)?;
    find(tx, id)
}

fn conflict(tx: &Tx, known: &Channel) -> Result<Error> {
    let by = match known.changed_by_id {
        Some(id) => store::operator::get(tx, id)?,
        None => None,
    };
    let error = Error::new(Code::ChannelChanged).with("name", by.map_or_else(String::new, |by| by.name));
    Ok(error.with("changed_at", known.changed_at.unwrap_or(known.created_at)))
}

/// Faces of new greetings are colleagues'; one who left since stays where it was, and is not shown.
fn check_faces(tx: &Tx, known: &Look, wanted: &Look) -> Result<()> {
    let mut faults = Vec::new();
    for (n, greeting) in wanted.greetings.iter().enumerate() {
        let Some(id) = greeting.operator_id else { continue };
        let was_there = known.greetings.iter().any(|known| known.operator_id == Some(id));
        if !was_there && store::operator::get(tx, id)?.is_none_or(|operator| operator.deleted_at.is_some()) {
            faults.push(Error::new(Code::OperatorNotFound).field(format!("look.greetings[{n}].operator_id")));
        }
    }
    Error::gather(faults)
}

/// Removes a site in whose chats nothing was said and of which there is no lead and no note; removing it again succeeds.
///
/// Its silent visitors go before it, some at a time: there may be tens of thousands, and others write meanwhile. Should one of
/// these write too, the site stays, without those who went already.
///
/// # Errors
/// `owner_only`, `channel_has_chats`, `channel_last`.
pub fn remove(domain: &Domain, viewer: Viewer, id: ChannelId) -> Result<()> {
    while !domain.write_as(&viewer, move |tx| remove_some(tx, &viewer, id, limits::REMOVED_AT_ONCE))? {}
    Ok(())
}

/// Whether nothing is left of it.
fn remove_some(tx: &Tx, viewer: &Viewer, id: ChannelId, n: usize) -> Result<bool> {
    viewer.need_owner()?;
    let Some(known) = store::channel::get(tx, id)? else { return Ok(true) };
    let count = store::channel::chat_count(tx, id)? + store::channel::worked_chat_count(tx, id)?;
    if count > 0 {
        return Err(Error::new(Code::ChannelHasChats).with("count", count));
    }
    if store::channel::all(tx)?.len() == 1 {
        return Err(Code::ChannelLast.into());
    }
    let silent = store::channel::empty_chats(tx, id, n)?;
    for chat_id in &silent {
        store::chat::delete_bare(tx, *chat_id)?;
        tx.event(Change::ChatRemoved(*chat_id))?;
    }
    if silent.len() == n || store::visitor::delete_of_channel(tx, id, n)? == n {
        return Ok(false);
    }
    store::channel::delete(tx, id)?;
    Note::new(tx, viewer.operator_id, AuditKind::ChannelDeleted, &known.name).whole()?;
    Ok(true)
}

/// Makes a new secret for a site's server; a former one is worthless then.
///
/// # Errors
/// `owner_only`, `channel_not_found`.
pub fn make_identity_secret(tx: &Tx, viewer: &Viewer, id: ChannelId) -> Result<String> {
    viewer.need_owner()?;
    let (known, secret) = (find(tx, id)?, token::make()?);
    store::channel::set_identity_secret(tx, id, &secret, viewer.operator_id)?;
    Note::new(tx, viewer.operator_id, AuditKind::ChannelChanged, &known.name).secret("identity_secret")?;
    Ok(secret)
}

/// Refuses pages of other sites than the channel is for, and a channel that is off. `own`: the page is Beseda's.
///
/// # Errors
/// `channel_off`, `origin_not_allowed`.
pub fn check_origin(channel: &Channel, origin: Option<&str>, own: bool) -> Result<()> {
    if !channel.enabled {
        return Err(Code::ChannelOff.into());
    }
    if own || host::is_allowed(&channel.domains, origin.and_then(host::of_origin).as_deref()) {
        return Ok(());
    }
    let named = host::shown_origin(origin.unwrap_or_default());
    Err(Error::new(Code::OriginNotAllowed).with("origin", text::cut(&named, limits::ORIGIN_CHARS)))
}

/// Whether a refusal is to be noted: the same origin once a minute, others after a few seconds.
pub fn is_refusal_news(channel: &Channel, origin: &str, now: i64) -> bool {
    channel.refused.as_ref().is_none_or(|known| {
        let gap_ms = if known.place == origin { limits::CHANNEL_SEEN_MS } else { limits::CHANNEL_REFUSED_MS };
        now - known.at >= gap_ms
    })
}

/// Notes the origin that the channel's domains refused.
///
/// # Errors
/// Those of the store.
pub fn refused(tx: &Tx, id: ChannelId, origin: &str) -> Result<()> {
    let Some(known) = store::channel::get(tx, id)? else { return Ok(()) };
    if is_refusal_news(&known, origin, tx.now()) { Ok(store::channel::refused(tx, id, origin)?) } else { Ok(()) }
}

/// The number that grows whenever what a widget gets of its owner may have changed: the channel, or the project.
///
/// # Errors
/// Those of the store.
pub fn version(source: &impl Source, channel: &Channel) -> Result<Seq> {
    let settings = store::settings::get(source)?;
    Ok(settings.map_or(channel.seq, |settings| settings.seq.max(channel.seq)))
}
