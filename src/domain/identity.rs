//! Who a visitor says it is: in the form that it leaves while nobody is there, and by the shop's page, which may prove it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::consent::{self, Given};
use super::contact::{self, Told};
use super::message::{self, Draft};
use super::phone::{Country, Phone};
use super::text;
use super::viewer::VisitorViewer;
use crate::error::{Code, Error, Result};
use crate::model::message::Message;
use crate::model::{VisitorId, limits};
use crate::store::{self, Tx};

/// Bytes of an HMAC-SHA-256 in hexadecimal digits.
const HASH_DIGITS: usize = 64;

/// What a visitor leaves while nobody is there.
#[derive(Clone, Debug)]
pub struct ContactForm {
    /// Up to [`limits::NAME_CHARS`] characters; may be empty.
    pub name: String,
    /// A phone or an email address, up to [`limits::EMAIL_CHARS`] characters.
    pub contact: String,
    /// The message.
    pub draft: Draft,
}

/// What a shop's page says of its visitor; absent or empty: nothing.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// Up to [`limits::NAME_CHARS`] characters.
    pub name: Option<String>,
    /// As people write it.
    pub phone: Option<String>,
    /// One `@`, up to [`limits::EMAIL_CHARS`] characters.
    pub email: Option<String>,
}

/// Stores a left message, and who left it: what is not known yet is filled, another contact than the known one is offered to
/// operators. The same draft again is the message that is there.
///
/// # Errors
/// `contact_invalid`, `text_too_long`, `consent_needed`, those of the name, gathered with them; those of [`message::send_by_visitor`].
pub fn leave(tx: &Tx, viewer: &VisitorViewer, form: &ContactForm, given: &Given) -> Result<Message> {
    let mut faults = Vec::new();
    let mut told = Told::default();
    match text::optional_line("name", &form.name, limits::NAME_CHARS) {
        Ok(name) => told.name = (!name.is_empty()).then_some(name),
        Err(fault) => faults.push(fault),
    }
    match text::optional_line("contact", &form.contact, limits::EMAIL_CHARS) {
        Ok(typed) => match recognised(&typed, contact::country(tx)?) {
            Some(Recognised::Phone(phone)) => told.phone = Some(phone),
            Some(Recognised::Email(email)) => told.email = Some(email),
            None => faults.push(Error::new(Code::ContactInvalid).field("contact")),
        },
        Err(fault) => faults.push(fault),
    }
    Error::gather(faults)?;
    consent::check(tx, viewer, given)?;
    let message = message::send_by_visitor(tx, viewer, &form.draft)?;
    contact::fill(tx, viewer.visitor_id, told, Some(message.id))?;
    Ok(message)
}

enum Recognised {
    Phone(String),
    Email(String),
}

fn recognised(typed: &str, country: Country) -> Option<Recognised> {
    if typed.contains('@') {
        return text::email("contact", typed).ok().map(|_| Recognised::Email(typed.trim().to_owned()));
    }
    Phone::parse(typed, country).map(|phone| Recognised::Phone(phone.as_str().to_owned()))
}

/// Fills what the shop's page says and nobody knew yet. One whose chat is spam leaves no trace.
///
/// # Errors
/// `phone_invalid`, `email_invalid`, those of the name; gathered.
pub fn introduce(tx: &Tx, id: VisitorId, introduction: &Introduction) -> Result<()> {
    let told = told(tx, introduction)?;
    if store::visitor::is_blocked(tx, id)? { Ok(()) } else { contact::fill(tx, id, told, None) }
}

/// The same, and notes the shop's own number of it, which `hash` proves: the HMAC-SHA-256 of `user_id` with the channel's
/// secret, in hexadecimal digits.
///
/// # Errors
/// `identity_invalid` for a wrong hash or a channel without a secret, and nothing is stored; those of [`introduce`].
pub fn identify(tx: &Tx, viewer: &VisitorViewer, user_id: &str, hash: &str, introduction: &Introduction) -> Result<()> {
    let invalid = || Error::new(Code::IdentityInvalid).field("hash");
    let secret = store::channel::identity_secret(tx, viewer.channel_id)?.ok_or_else(invalid)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(Error::internal)?;
    mac.update(user_id.as_bytes());
    mac.verify_slice(&bytes(hash).ok_or_else(invalid)?).map_err(|_| invalid())?;
    let user_id = text::line("user_id", user_id, limits::USER_ID_CHARS)?;
    let told = told(tx, introduction)?;
    if store::visitor::is_blocked(tx, viewer.visitor_id)? {
        return Ok(());
    }
    let known = store::visitor::get(tx, viewer.visitor_id)?.and_then(|visitor| visitor.verified);
    if known.is_none_or(|known| known.user_id != user_id) {
        store::visitor::verify(tx, viewer.visitor_id, &user_id)?;
        contact::tell(tx, viewer.visitor_id, None)?;
    }
    contact::fill(tx, viewer.visitor_id, told, None)
}

fn told(tx: &Tx, introduction: &Introduction) -> Result<Told> {
    let country = contact::country(tx)?;
    let mut faults = Vec::new();
    let mut of = |typed: &Option<String>, check: &dyn Fn(&str) -> Result<String>| {
        let typed = typed.as_deref().map(str::trim).filter(|typed| !typed.is_empty())?;
        check(typed).map_err(|fault| faults.push(fault)).ok()
    };
    let told = Told {
        name: of(&introduction.name, &|name| text::line("name", name, limits::NAME_CHARS)),
        phone: of(&introduction.phone, &|phone| contact::checked_phone(phone, country)),
        email: of(&introduction.email, &contact::checked_email),
    };
    Error::gather(faults)?;
    Ok(told)
}

/// What two digits a byte stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let hexadecimal = digits.len() == HASH_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal {
        return None;
    }
    (0..HASH_DIGITS / 2).map(|at| u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}
