//! Logging in and out.

use super::viewer::Viewer;
use super::{Domain, settings, text, token};
use crate::error::{Code, Error, Result};
use crate::model::operator::Operator;
use crate::model::settings::ContactSettings;
use crate::model::{OperatorId, limits};
use crate::store::{self, Tx};

/// How long a noted use of a session stays good enough; saves a write for each request.
const USED_NOTE_MS: i64 = 3_600_000;

/// An operator with the session it came by.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The session's id.
    pub session_id: i64,
    /// Who.
    pub operator: Operator,
    /// Who sees contacts of clients.
    pub contacts: ContactSettings,
}

impl LoggedIn {
    /// What it may see.
    pub fn viewer(&self) -> Viewer {
        Viewer::of(&self.operator, self.contacts)
    }
}

/// Begins a session on this device and returns its token. `address` is the client's, for counting wrong passwords.
///
/// # Errors
/// `login_wrong`, `login_throttled`, `busy`.
pub fn log_in(domain: &Domain, email: &str, password: &str, address: &str) -> Result<String> {
    let email = text::cut(email, limits::EMAIL_CHARS).to_lowercase();
    let attempt = Attempt::take(domain, &email, address)?;
    let found = domain.store.read(|reader| Ok(store::operator::by_email(reader, &email)?))?;
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = domain.passwords.verify(password, hash).inspect_err(|_| attempt.give_back(domain))?;
    let Some(proven) = found.filter(|_| fits) else { return Err(Code::LoginWrong.into()) };
    let begun = domain.store.write(move |tx| {
        // Checking takes a while: by now the password may be another one, or the operator gone.
        if store::operator::by_email(tx, &email)?.as_ref() != Some(&proven) {
            return Err(Code::LoginWrong.into());
        }
        begin_session(tx, proven.0)
    });
    match &begun {
        Ok(_) => attempt.succeeded(domain),
        Err(error) if error.code == Code::LoginWrong => {}
        Err(_) => attempt.give_back(domain),
    }
    begun
}

/// One guess at a password, counted by address, by email, and by both together.
struct Attempt {
    both: String,
    address: String,
    email: String,
}

impl Attempt {
    /// Counts it, or refuses without counting anything. An address from which this operator logged in well before is not
    /// held up by what others try with the same email.
    fn take(domain: &Domain, email: &str, address: &str) -> Result<Attempt> {
        let attempt = Attempt {
            both: format!("{email} {address}"),
            address: format!("address {address}"),
            email: format!("email {email}"),
        };
        domain.logins_wide.check(&attempt.address).map_err(throttled)?;
        domain.logins.check(&attempt.both).map_err(throttled)?;
        let is_familiar = domain.familiar.check(&attempt.both).is_err();
        if !is_familiar {
            domain.logins_wide.check(&attempt.email).map_err(throttled)?;
        }
        domain.logins_wide.take(&attempt.address).map_err(throttled)?;
        domain.logins.take(&attempt.both).map_err(throttled)?;
        if !is_familiar {
            domain.logins_wide.take(&attempt.email).map_err(throttled)?;
        }
        Ok(attempt)
    }

    /// It was not looked at.
    fn give_back(&self, domain: &Domain) {
        domain.logins.give_back(&self.both);
        domain.logins_wide.give_back(&self.address);
        domain.logins_wide.give_back(&self.email);
    }

    /// It was right: what was wrong before is forgotten.
    fn succeeded(&self, domain: &Domain) {
        domain.logins.clear(&self.both);
        domain.logins_wide.clear(&self.address);
        domain.logins_wide.clear(&self.email);
        // Known already is as good.
        let _ = domain.familiar.take(&self.both);
    }
}

/// Begins a session and returns its token. Belongs into the transaction in which it is sure who the operator is.
///
/// # Errors
/// Those of the store.
pub(super) fn begin_session(tx: &Tx, id: OperatorId) -> Result<String> {
    let token = token::make()?;
    store::session::insert(tx, &token::hash(&token), id)?;
    Ok(token)
}

/// Who came with this session token.
///
/// # Errors
/// `login_needed`; `account_deleted` when it is a session of one who was deleted.
pub fn recognise(domain: &Domain, token: &str) -> Result<LoggedIn> {
    if !token::is_well_formed(token) {
        return Err(Code::LoginNeeded.into());
    }
    let hash = token::hash(token);
    let (session, operator, contacts) = domain.store.read(|reader| {
        let Some(session) = store::session::get(reader, &hash)? else {
            let deleted = store::session::of_deleted(reader, &hash)?.ok_or(Code::LoginNeeded)?;
            return Err(Error::new(Code::AccountDeleted).with("operator_id", deleted.0));
        };
        let operator = store::operator::get(reader, session.operator_id)?.ok_or(Code::LoginNeeded)?;
        Ok((session, operator, settings::get(reader)?.contacts))
    })?;
    let unused_ms = domain.clock.now() - session.used_at;
    if unused_ms > limits::SESSION_IDLE_MS {
        return Err(Code::LoginNeeded.into());
    }
    if unused_ms > USED_NOTE_MS {
        // Nobody waits for this: should it fail, the next request notes it again.
        domain.store.write_then(move |tx| Ok(store::session::used(tx, session.id)?), drop);
    }
    Ok(LoggedIn { session_id: session.id, operator, contacts })
}

/// Ends a session.
///
/// # Errors
/// Those of the store.
pub fn log_out(domain: &Domain, session_id: i64) -> Result<()> {
    domain.store.write(move |tx| Ok(store::session::end(tx, session_id)?))
}

/// Replaces the password of the operator who logs in with `email`, ends all its sessions and takes its invitation back.
///
/// # Errors
/// `login_wrong` when there is no such operator, those of the password.
pub fn set_password(domain: &Domain, email: &str, password: &str) -> Result<()> {
    text::password("password", password)?;
    let email = text::email("email", email)?;
    let hash = domain.passwords.hash(password)?;
    domain.store.write(move |tx| {
        let (id, _) = store::operator::by_email(tx, &email)?.ok_or(Code::LoginWrong)?;
        store::operator::set_password(tx, id, &hash)?;
        store::invitation::remove(tx, id)?;
        Ok(store::session::end_all(tx, id)?)
    })
}

fn throttled(wait_ms: i64) -> Error {
    Error::new(Code::LoginThrottled).with("retry_after_ms", wait_ms)
}
