//! Who a client is: name, phone and email, edited by operators or taken over from what the client typed; and attributes.

use std::collections::BTreeMap;

use super::mask::{self, Mask};
use super::phone::{Country, Phone};
use super::scan::{self, Contact, Phones};
use super::viewer::Viewer;
use super::{chat, text};
use crate::error::{Code, Error, Result};
use crate::model::event::Change;
use crate::model::visitor::{Attribute, ContactKind, FoundState, Known, Visitor};
use crate::model::{ChatId, FoundId, MessageId, OperatorId, VisitorId, limits};
use crate::store::visitor::Contacts;
use crate::store::{self, Source, Tx};

/// What to change of who a client is; `Some` of an empty text clears.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// 1 to [`limits::NAME_CHARS`] characters.
    pub name: Option<String>,
    /// As people write it.
    pub phone: Option<String>,
    /// One `@`, up to [`limits::EMAIL_CHARS`] characters.
    pub email: Option<String>,
}

/// The visitor, if `viewer` may see one of its chats.
///
/// # Errors
/// `visitor_not_found`.
pub fn find(source: &impl Source, viewer: &Viewer, id: VisitorId) -> Result<Visitor> {
    let chats = store::chat::of_visitor(source, id, limits::CHATS_TOLD)?;
    if !chats.iter().any(|chat| viewer.may_see(chat)) {
        return Err(Code::VisitorNotFound.into());
    }
    store::visitor::get(source, id)?.ok_or_else(|| Code::VisitorNotFound.into())
}

/// Changes who a client is and says all that is wrong at once. A value that equals what `viewer` is shown changes nothing,
/// so a form that holds hidden ones can be sent as it is. What somebody types who does not see contacts is a guess: whether
/// it is what is known, or was found in a message, changes nothing that happens then.
///
/// # Errors
/// `visitor_not_found`; `contacts_too_many` over [`limits::KNOWN_GUESSED`] guesses;
/// `contact_hidden` for a value with hidden characters that is not what is shown now; `text_too_long`, `text_control`,
/// `phone_invalid`, `email_invalid`; gathered.
pub fn change(tx: &Tx, viewer: &Viewer, id: VisitorId, changes: &Changes) -> Result<Visitor> {
    let visitor = find(tx, viewer, id)?;
    let (wanted, typed) = judged(tx, &visitor, &Mask::of_visitor(tx, viewer, &visitor)?, changes)?;
    let typed = Typed { kinds: typed, guessed_by_id: viewer.contacts_hidden.then_some(viewer.operator_id) };
    if wanted == contacts(&visitor) && !typed.is_guess() {
        return Ok(visitor);
    }
    save_and_tell(tx, &visitor, wanted, &typed)
}

/// What is known of a client with `changes` to what `mask` shows of it. What was found in a message may be named as it is
/// shown, with its hidden characters.
///
/// # Errors
/// `text_too_long`, `text_control`, `phone_invalid`, `email_invalid`, gathered.
pub(super) fn checked(tx: &Tx, visitor: &Visitor, mask: &Mask, changes: &Changes) -> Result<Contacts> {
    judged(tx, visitor, mask, changes).map(|(contacts, _)| contacts)
}

/// The same, and which of them were typed, not named as they are shown.
fn judged(tx: &Tx, visitor: &Visitor, mask: &Mask, changes: &Changes) -> Result<(Contacts, Vec<ContactKind>)> {
    let country = country(tx)?;
    let known = contacts(visitor);
    let name = Wanted::of(&changes.name, known.name.as_deref(), visitor, ContactKind::Name, |name| mask.name(name));
    let phone = Wanted::of(&changes.phone, known.phone.as_deref(), visitor, ContactKind::Phone, |it| mask.phone(it));
    let email = Wanted::of(&changes.email, known.email.as_deref(), visitor, ContactKind::Email, |it| mask.email(it));
    let typed = [(ContactKind::Name, &name), (ContactKind::Phone, &phone), (ContactKind::Email, &email)];
    let typed =
        typed.into_iter().filter(|(_, wanted)| matches!(wanted, Wanted::Typed(_))).map(|(kind, _)| kind).collect();
    let name = name.checked("name", known.name.clone(), |name| text::line("name", name, limits::NAME_CHARS));
    let phone = phone.checked("phone", known.phone.clone(), |phone| checked_phone(phone, country));
    let email = email.checked("email", known.email.clone(), checked_email);
    match (name, phone, email) {
        (Ok(name), Ok(phone), Ok(email)) => Ok((keyed(name, phone, email), typed)),
        (name, phone, email) => {
            Error::gather(name.err().into_iter().chain(phone.err()).chain(email.err()).collect())?;
            Err(Error::internal("faults were lost"))
        }
    }
}

/// Makes what was found in a message the client's phone or email; doing it again changes nothing.
///
/// # Errors
/// `visitor_not_found`, `found_not_found`.
pub fn save_found(tx: &Tx, viewer: &Viewer, id: VisitorId, found_id: FoundId) -> Result<Visitor> {
    let visitor = find(tx, viewer, id)?;
    let found = store::found::get(tx, id, found_id)?.ok_or(Code::FoundNotFound)?;
    let known = contacts(&visitor);
    let value = Some(found.value);
    store::found::set_state(tx, found_id, FoundState::Saved)?;
    let wanted = match found.kind {
        ContactKind::Phone => keyed(known.name, value, known.email),
        ContactKind::Email => keyed(known.name, known.phone, value),
        ContactKind::Name => keyed(value, known.phone, known.email),
    };
    save_and_tell(tx, &visitor, wanted, &Typed::default())
}

/// Offers no longer what was found in a message; doing it again changes nothing.
///
/// # Errors
/// `visitor_not_found`, `found_not_found`.
pub fn dismiss_found(tx: &Tx, viewer: &Viewer, id: VisitorId, found_id: FoundId) -> Result<Visitor> {
    let visitor = find(tx, viewer, id)?;
    store::found::get(tx, id, found_id)?.ok_or(Code::FoundNotFound)?;
    if visitor.found.iter().all(|found| found.id != found_id) {
        return Ok(visitor);
    }
    store::found::set_state(tx, found_id, FoundState::Dismissed)?;
    tell(tx, id, None)?;
    reload(tx, id)
}

/// Replaces a client's attributes: up to [`limits::ATTRIBUTES`] names of [`limits::ATTRIBUTE_NAME_CHARS`] characters with
/// values of [`limits::ATTRIBUTE_VALUE_CHARS`]. What equals what `viewer` is shown stays as it is.
///
/// # Errors
/// `visitor_not_found`, `attributes_too_many`, `contact_hidden` for a part of what is hidden, those of the texts.
pub fn set_attributes(
    tx: &Tx,
    viewer: &Viewer,
    id: VisitorId,
    wanted: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Attribute>> {
    let visitor = find(tx, viewer, id)?;
    let mask = Mask::of_visitor(tx, viewer, &visitor)?;
    if wanted.len() > limits::ATTRIBUTES {
        return Err(Error::new(Code::AttributesTooMany).field("attributes").with("limit", limits::ATTRIBUTES));
    }
    let known = store::visitor::attributes(tx, id)?;
    let shown = |of: &Attribute, text: &str| mask.text_by(of.operator_id, text);
    // Two names that look alike with their contacts hidden came as one: the other stays.
    let alike = |name: &String, of: &Attribute| {
        let name_shown = shown(of, name);
        known.iter().find(|(known, of)| shown(of, known) == name_shown).map(|(known, _)| known) != Some(name)
    };
    let hidden = known.iter().filter(|(name, of)| mask.hides() && alike(name, of));
    let mut attributes: BTreeMap<String, Attribute> = hidden.map(|(name, of)| (name.clone(), of.clone())).collect();
    for (name, value) in wanted {
        let kept = known.iter().find(|(known, of)| *known == name || shown(of, known) == *name);
        let name = match kept {
            // Never what is stored and not shown: that would tell a right guess.
            Some((name, of)) if shown(of, &of.value) == value.trim() => {
                attributes.insert(name.clone(), of.clone());
                continue;
            }
            // The name would be the viewer's, who does not know what of it is hidden.
            Some((name, of)) if shown(of, name) != mask.text_by(Some(viewer.operator_id), name) => {
                return Err(Error::new(Code::ContactHidden).field("attributes"));
            }
            Some((name, _)) => name.clone(),
            None => whole("attributes", name)
                .and_then(|name| text::line("attributes", name, limits::ATTRIBUTE_NAME_CHARS))?,
        };
        let value = text::line("attributes", whole("attributes", value)?, limits::ATTRIBUTE_VALUE_CHARS)?;
        attributes.insert(name, Attribute { value, operator_id: Some(viewer.operator_id) });
    }
    if attributes != known {
        store::visitor::set_attributes(tx, id, &attributes)?;
        tell(tx, id, None)?;
    }
    Ok(attributes)
}

/// Keeps the contacts of a client's message that are not known yet, to be offered to operators.
pub(super) fn find_in_message(
    tx: &Tx,
    visitor: &Visitor,
    chat_id: ChatId,
    message_id: MessageId,
    typed: &str,
) -> Result<()> {
    let units = scan::units(typed);
    let (hits, names) = (scan::contacts(&units, &Phones::default()), scan::names(typed, &units));
    if hits.is_empty() && names.is_empty() {
        return Ok(());
    }
    let country = country(tx)?;
    let known = values(&contacts(visitor));
    let contacts = hits.into_iter().filter_map(|hit| match hit.contact {
        Contact::Phone { digits, plus } => {
            let phone = Phone::from_digits(&digits, plus, country)?;
            Some((ContactKind::Phone, phone.as_str().to_owned()))
        }
        Contact::Email(email) => Some((ContactKind::Email, text::email("email", &email).ok()?)),
    });
    let names = names.into_iter().map(|name| (ContactKind::Name, text::cut(&name, limits::NAME_CHARS)));
    let mut offered = false;
    let mut found = store::found::count(tx, visitor.id)?;
    for (n, (kind, value)) in contacts.chain(names).enumerate().take(limits::KNOWN_KEPT) {
        let same = known.iter().find(|(known, same)| *known == kind && key_of(kind, same) == key_of(kind, &value));
        let is_known = same.is_some_and(|(_, same)| is_vouched(visitor, kind, same));
        // What is too much to be offered is hidden all the same.
        if n < limits::FOUND_SHOWN && found < limits::FOUND_KEPT && value.chars().count() >= limits::SEARCH_PART_CHARS {
            let state = if is_known { FoundState::Saved } else { FoundState::Offered };
            let added = store::found::insert(tx, visitor.id, (kind, &value), message_id, state)?;
            offered |= added && !is_known;
            found += usize::from(added);
        }
        remember(tx, visitor.id, &Known { kind, value, guessed_by_id: None })?;
    }
    if offered { tell(tx, visitor.id, Some(chat_id)) } else { Ok(()) }
}

/// Says who a client is that just came and that nobody sees yet.
///
/// # Errors
/// Those of [`change`] for the fields.
pub fn introduce(tx: &Tx, id: VisitorId, changes: &Changes) -> Result<()> {
    let visitor = reload(tx, id)?;
    let (wanted, kinds) = judged(tx, &visitor, &Mask::nothing(), changes)?;
    store_contacts(tx, &visitor, &wanted, &Typed { kinds, guessed_by_id: None })
}

/// What was told of who a client is.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Fills what is not known yet. What is known otherwise stays, for somebody may have corrected it; with `message_id`, what was
/// told is offered to operators beside it, as found in that message.
pub(super) fn fill(tx: &Tx, id: VisitorId, told: Told, message_id: Option<MessageId>) -> Result<()> {
    let visitor = reload(tx, id)?;
    let known = contacts(&visitor);
    let lower = |email: &Option<String>| email.as_deref().map(str::to_lowercase);
    let others = [
        (ContactKind::Phone, known.phone.clone(), told.phone.clone()),
        (ContactKind::Email, known.email_key.clone(), lower(&told.email)),
        (ContactKind::Name, known.name.clone(), told.name.clone()),
    ];
    let mut offers = Vec::new();
    let mut kinds = Vec::new();
    for (kind, known, told) in others {
        let Some(told) = told else { continue };
        if known.is_none() {
            kinds.push(kind);
        } else {
            if known.as_ref() != Some(&told) || !is_vouched(&visitor, kind, &told) {
                offers.push((kind, told.clone()));
            }
            remember(tx, id, &Known { kind, value: told, guessed_by_id: None })?;
        }
    }
    let wanted = keyed(known.name.or(told.name), known.phone.or(told.phone), known.email.or(told.email));
    if !kinds.is_empty() {
        save_and_tell(tx, &visitor, wanted, &Typed { kinds, guessed_by_id: None })?;
    }
    let Some(message_id) = message_id else { return Ok(()) };
    let mut offered = false;
    for (kind, value) in offers {
        // The shortest that can be found is three characters long.
        let fits = value.chars().count() >= limits::SEARCH_PART_CHARS;
        if fits && store::found::count(tx, id)? < limits::FOUND_KEPT {
            offered |= store::found::insert(tx, id, (kind, &value), message_id, FoundState::Offered)?;
        }
    }
    if offered { tell(tx, id, None) } else { Ok(()) }
}

/// Attributes that the shop's page tells: an empty value removes one. What an operator wrote stays. One whose chat is spam
/// leaves no trace.
///
/// # Errors
/// `attributes_too_many`, those of the texts with `values` as their field.
pub fn tell_attributes(tx: &Tx, id: VisitorId, values: &BTreeMap<String, String>) -> Result<()> {
    if values.len() > limits::ATTRIBUTES {
        return Err(Error::new(Code::AttributesTooMany).field("values").with("limit", limits::ATTRIBUTES));
    }
    let known = store::visitor::attributes(tx, id)?;
    let mut attributes = known.clone();
    for (name, value) in values {
        let name = text::line("values", name, limits::ATTRIBUTE_NAME_CHARS)?;
        let value = text::optional_line("values", value, limits::ATTRIBUTE_VALUE_CHARS)?;
        if known.get(&name).is_some_and(|of| of.operator_id.is_some()) {
            continue;
        }
        if value.is_empty() {
            attributes.remove(&name);
        } else {
            attributes.insert(name, Attribute { value, operator_id: None });
        }
    }
    if attributes.len() > limits::ATTRIBUTES {
        return Err(Error::new(Code::AttributesTooMany).field("values").with("limit", limits::ATTRIBUTES));
    }
    if attributes != known && !store::visitor::is_blocked(tx, id)? {
        store::visitor::set_attributes(tx, id, &attributes)?;
        tell(tx, id, None)?;
    }
    Ok(())
}

/// What a form says of one field.
enum Wanted<'a> {
    Same,
    Nothing,
    /// Named as it is shown among what was found.
    Found(&'a str),
    Typed(&'a str),
}

impl Wanted<'_> {
    /// What `typed` means beside what is `known` and what was found in messages, each as it is shown.
    fn of<'a>(
        typed: &'a Option<String>,
        known: Option<&str>,
        visitor: &'a Visitor,
        kind: ContactKind,
        show: impl Fn(&str) -> String,
    ) -> Wanted<'a> {
        let Some(typed) = typed.as_deref().map(str::trim) else { return Wanted::Same };
        if known.map(&show).as_deref() == Some(typed) {
            return Wanted::Same;
        }
        if typed.is_empty() {
            return Wanted::Nothing;
        }
        let found = visitor.found.iter().find(|found| found.kind == kind && show(&found.value) == typed);
        found.map_or(Wanted::Typed(typed), |found| Wanted::Found(&found.value))
    }

    fn checked(
        self,
        field: &'static str,
        known: Option<String>,
        check: impl FnOnce(&str) -> Result<String>,
    ) -> Result<Option<String>> {
        match self {
            Wanted::Same => Ok(known),
            Wanted::Nothing => Ok(None),
            Wanted::Found(typed) | Wanted::Typed(typed) => whole(field, typed).and_then(check).map(Some),
        }
    }
}

/// Refuses what carries hidden characters: stored, they would stand for the contact.
fn whole<'a>(field: &'static str, typed: &'a str) -> Result<&'a str> {
    if typed.contains(mask::BULLET) { Err(Error::new(Code::ContactHidden).field(field)) } else { Ok(typed) }
}

pub(super) fn checked_phone(typed: &str, country: Country) -> Result<String> {
    let phone = Phone::parse(typed, country).ok_or_else(|| Error::new(Code::PhoneInvalid).field("phone"))?;
    Ok(phone.as_str().to_owned())
}

pub(super) fn checked_email(typed: &str) -> Result<String> {
    text::email("email", typed).map(|_| typed.to_owned())
}

pub(super) fn country(source: &impl Source) -> Result<Country> {
    let project = store::project::get(source)?.ok_or_else(|| Error::internal("a file without a project"))?;
    Ok(Country::of(&project))
}

fn contacts(visitor: &Visitor) -> Contacts {
    keyed(visitor.name.clone(), visitor.phone.clone(), visitor.email.clone())
}

fn keyed(name: Option<String>, phone: Option<String>, email: Option<String>) -> Contacts {
    Contacts {
        name_key: name.as_deref().map(scan::folded),
        shown_name_key: name
            .as_deref()
            .map(|name| text::cut(&scan::folded(&mask::hide_name(name)), limits::SEARCH_CHARS)),
        email_key: email.as_deref().map(str::to_lowercase),
        name,
        phone,
        email,
    }
}

/// What of a client's contacts was typed, and by whom.
#[derive(Debug, Default)]
struct Typed {
    kinds: Vec<ContactKind>,
    /// Who typed them without seeing contacts.
    guessed_by_id: Option<OperatorId>,
}

impl Typed {
    fn is_guess(&self) -> bool {
        self.guessed_by_id.is_some() && !self.kinds.is_empty()
    }
}

/// Stores who the client is and tells of it; what was found of it before is offered no longer.
fn save_and_tell(tx: &Tx, visitor: &Visitor, wanted: Contacts, typed: &Typed) -> Result<Visitor> {
    store_contacts(tx, visitor, &wanted, typed)?;
    tell(tx, visitor.id, None)?;
    reload(tx, visitor.id)
}

fn store_contacts(tx: &Tx, visitor: &Visitor, wanted: &Contacts, typed: &Typed) -> Result<()> {
    let before = values(&contacts(visitor));
    for (kind, value) in values(wanted) {
        let is_typed = typed.kinds.contains(&kind);
        if is_typed {
            let known = Known { kind, value: value.clone(), guessed_by_id: typed.guessed_by_id };
            remember(tx, visitor.id, &known).map_err(|error| error.field(kind.as_str()))?;
        }
        // A guess settles nothing: what is offered no longer would tell a right one.
        let is_guess = is_typed && typed.is_guess();
        if !is_guess && !before.contains(&(kind, value.clone())) {
            store::found::saved(tx, visitor.id, kind, &value)?;
        }
    }
    Ok(store::visitor::set_contacts(tx, visitor.id, wanted)?)
}

/// Remembers what is known. Over [`limits::KNOWN_KEPT`] the oldest is forgotten for it, so that nobody who fills the place
/// keeps the client from saying who they are, or the shop from correcting it.
///
/// # Errors
/// `contacts_too_many`: one operator guessed more than [`limits::KNOWN_GUESSED`].
fn remember(tx: &Tx, id: VisitorId, known: &Known) -> Result<()> {
    if store::known::exists(tx, id, known)? {
        return Ok(());
    }
    let count = store::known::count(tx, id, known.guessed_by_id)?;
    if known.guessed_by_id.is_some() && count >= limits::KNOWN_GUESSED {
        return Err(Error::new(Code::ContactsTooMany).with("limit", limits::KNOWN_GUESSED));
    }
    if known.guessed_by_id.is_none() && count >= limits::KNOWN_KEPT {
        store::known::forget_oldest(tx, id)?;
    }
    Ok(store::known::insert(tx, id, known)?)
}

/// Whether nobody guessed it: the client, its shop or somebody who sees contacts said so.
fn is_vouched(visitor: &Visitor, kind: ContactKind, value: &str) -> bool {
    let mut same = visitor.known.iter().filter(|known| known.kind == kind && known.value == value).peekable();
    same.peek().is_some() && same.all(|known| known.guessed_by_id.is_none())
}

/// The values by which contacts are remembered.
fn values(contacts: &Contacts) -> Vec<(ContactKind, String)> {
    let all = [
        (ContactKind::Phone, &contacts.phone),
        (ContactKind::Email, &contacts.email_key),
        (ContactKind::Name, &contacts.name),
    ];
    all.into_iter().filter_map(|(kind, value)| Some((kind, value.clone()?))).collect()
}

fn key_of(kind: ContactKind, value: &str) -> String {
    if kind == ContactKind::Name { scan::folded(value) } else { value.to_owned() }
}

/// Tells all who see a chat of this visitor, `but` that one, of which something else tells.
pub(super) fn tell(tx: &Tx, id: VisitorId, but: Option<ChatId>) -> Result<()> {
    for found in store::chat::of_visitor(tx, id, limits::CHATS_TOLD)?.iter().filter(|chat| Some(chat.id) != but) {
        let chat = chat::reload(tx, found.id)?;
        let seq = tx.event(Change::Chat(chat.id))?;
        store::chat::save(tx, &chat, seq)?;
    }
    Ok(())
}

fn reload(source: &impl Source, id: VisitorId) -> Result<Visitor> {
    store::visitor::get(source, id)?.ok_or_else(|| Code::VisitorNotFound.into())
}
